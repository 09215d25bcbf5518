-- Grain: that of the view toll_parts, which is this at 'infinity'; of the revisions known at t by a clock.
CREATE OR REPLACE MACRO toll_parts_as_of(t, clock) AS TABLE
SELECT
  c.article_id, c.event_id, m.is_main, c.kind, c.count_id, c.value AS figure, c.low, c.high, c.victim_no, c.list_no,
  c.field, c.char_start, c.scope_reason IS NOT DISTINCT FROM 'a subgroup of those told' AS is_subgroup
FROM counts_as_of(t, clock) AS c
JOIN event_mentions_as_of(t, clock) AS m USING (article_id, event_id)
JOIN known_events AS e USING (event_id)
WHERE c.kind IN ('killed', 'wounded', 'casualties') AND NOT e.is_aggregate AND c.set_aside IS NULL
  AND (c.victim_no IS NOT NULL OR c.list_no IS NOT NULL OR c.scope_reason = 'a subgroup of those told')
  AND c.scope_reason IS DISTINCT FROM 'one hospital''s intake';
