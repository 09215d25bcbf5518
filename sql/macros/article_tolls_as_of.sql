-- Grain: that of the view article_tolls, which is this at 'infinity'; of the revisions known at t by a clock.
CREATE OR REPLACE MACRO article_tolls_as_of(t, clock) AS TABLE
WITH stated AS MATERIALIZED (
  FROM stated_tolls_as_of(t, clock)
),
summed AS MATERIALIZED (
  SELECT article_id, event_id, is_main, kind, low, best, high, false AS is_derived, count_ids
  FROM stated
  UNION ALL
  SELECT d.article_id, d.event_id, d.is_main, d.kind, d.low, d.best, d.high, true, d.count_ids
  FROM derived_tolls_as_of(t, clock) AS d LEFT JOIN stated AS s USING (article_id, event_id, kind)
  WHERE s.count_ids IS NULL
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
