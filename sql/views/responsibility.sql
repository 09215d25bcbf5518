-- Grain: an event, an actor, a stance and who asserts it (NULL: the outlet's own voice), with when that was first and last
-- in print. answer: what the actor itself says of the event (claimed | denied | both), NULL while it has not answered: an
-- accusation without one stands open. What a copy adds counts for its publisher.
-- A table in the publication, by event_id, actor, stance, asserted_by; per event.
CREATE OR REPLACE VIEW responsibility AS
WITH answers AS (
  SELECT event_id, actor, CASE WHEN count(DISTINCT stance) > 1 THEN 'both' ELSE min(stance) END AS answer
  FROM claims
  WHERE stance IN ('claimed', 'denied') AND set_aside IS NULL
  GROUP BY event_id, actor
)
SELECT
  c.event_id,
  e.label,
  c.actor,
  c.stance,
  c.asserted_by,
  any_value(w.answer) AS answer,
  list(DISTINCT c.attributed_via ORDER BY c.attributed_via) FILTER (c.attributed_via IS NOT NULL) AS attributed_via,
  count(DISTINCT c.article_id) AS n_articles,
  count(DISTINCT CASE WHEN f.fact_id IS NOT NULL THEN o.own_origin ELSE o.copied_origin END) AS n_origins,
  min(a.published_at) AS first_said_at,
  max(a.published_at) AS last_said_at,
  list(c.claim_id ORDER BY c.claim_id) AS claim_ids,
  list_sort(list_distinct(list(c.correction_id) FILTER (c.correction_id IS NOT NULL))) AS correction_ids
FROM claims AS c
JOIN known_events AS e USING (event_id)
JOIN articles AS a USING (article_id)
JOIN article_origins AS o USING (article_id)
LEFT JOIN own_facts AS f ON f.fact_id = c.claim_id
LEFT JOIN answers AS w ON w.event_id = c.event_id AND w.actor = c.actor
WHERE c.set_aside IS NULL
GROUP BY c.event_id, e.label, c.actor, c.stance, c.asserted_by;
