-- Grain: an article, an event it tells of and a kind: what that article says in sum. is_derived: it states no figure for
-- the whole and ours follows from others (derived_tolls). correction_ids: what analysts said of its counts (NULL: as read).
CREATE OR REPLACE VIEW article_tolls AS
WITH stated AS (
  FROM stated_tolls
),
summed AS (
  SELECT article_id, event_id, is_main, kind, low, best, high, false AS is_derived, count_ids
  FROM stated
  UNION ALL
  SELECT d.article_id, d.event_id, d.is_main, d.kind, d.low, d.best, d.high, true, d.count_ids
  FROM derived_tolls AS d
  WHERE NOT EXISTS (
    FROM stated AS s WHERE s.article_id = d.article_id AND s.event_id = d.event_id AND s.kind = d.kind
  )
),
corrected AS (
  SELECT s.article_id, s.event_id, s.kind, list(DISTINCT a.correction_id ORDER BY a.correction_id) AS correction_ids
  FROM (SELECT article_id, event_id, kind, unnest(count_ids) AS fact_id FROM summed) AS s
  JOIN (SELECT count_id AS fact_id, unnest(correction_ids) AS correction_id FROM corrected_counts) AS a USING (fact_id)
  GROUP BY ALL
)
SELECT s.article_id, s.event_id, s.is_main, s.kind, s.low, s.best, s.high, s.is_derived, s.count_ids, c.correction_ids
FROM summed AS s
LEFT JOIN corrected AS c USING (article_id, event_id, kind);
