-- Grain: a count of an event, with whose words it is and why it does not enter the toll (left_out_reason NULL: it does).
-- figure is the value; a range without one ("10 to 12") enters with its ends alone. speaker is who is named, else the
-- article's own origin: five outlets that quote one spokesman are one speaker. set_aside: an analyst left it out.
CREATE OR REPLACE VIEW toll_reports AS
SELECT
  c.event_id,
  c.kind,
  c.count_id,
  c.article_id,
  c.field,
  c.value AS figure,
  c.low,
  c.high,
  c.modifier,
  c.scope,
  c.scope_reason,
  c.is_attacker,
  c.attributed_to,
  c.actor_type,
  c.char_start,
  o.publisher,
  o.independent_origin,
  coalesce(c.attributed_to, o.independent_origin) AS speaker,
  a.published_at,
  m.is_main,
  CASE
    WHEN c.set_aside IS NOT NULL THEN c.set_aside
    WHEN c.scope = 'part' THEN 'a part: ' || c.scope_reason
    WHEN c.scope = 'total' AND c.scope_reason IS NOT NULL THEN c.scope_reason
    WHEN c.scope IN ('change', 'level') THEN 'a ' || c.scope || ' of forces, no toll'
    WHEN c.scope = 'cumulative' AND NOT e.is_aggregate THEN 'a sum over a period, not this event'
    WHEN c.value IS NULL AND c.modifier <> 'between' THEN 'states no number'
  END AS left_out_reason,
  c.set_aside,
  c.correction_id
FROM counts AS c
JOIN known_events AS e USING (event_id)
JOIN articles AS a USING (article_id)
JOIN article_origins AS o USING (article_id)
JOIN event_mentions AS m USING (article_id, event_id);
