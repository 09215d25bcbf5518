-- Grain: that of the view article_tolls, which is this at 'infinity'; of the revisions known at t by a clock.
CREATE OR REPLACE MACRO article_tolls_as_of(t, clock) AS TABLE
WITH stated AS MATERIALIZED (
  FROM stated_tolls_as_of(t, clock)
)
SELECT article_id, event_id, is_main, kind, low, best, high, false AS is_derived, count_ids
FROM stated
UNION ALL
SELECT d.article_id, d.event_id, d.is_main, d.kind, d.low, d.best, d.high, true, d.count_ids
FROM derived_tolls_as_of(t, clock) AS d LEFT JOIN stated AS s USING (article_id, event_id, kind)
WHERE s.count_ids IS NULL;
