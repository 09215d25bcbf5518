-- Grain: a distinct figure of an event and kind on which reports differ, with who says it. is_conflict: somewhere among
-- them are two ranges that do not meet ("about" widened by a tenth, an open end taken as open). speakers: those who are
-- named, each once, as toll_reports.speaker has them. correction_ids: what analysts said of its counts (NULL: as read).
-- A table in the publication, by event_id, kind, value; per event.
CREATE OR REPLACE VIEW disagreements AS
WITH ranges AS (
  SELECT
    *,
    coalesce(low, 0) * CASE modifier WHEN 'about' THEN 0.9 ELSE 1 END AS range_low,
    coalesce(high, 1e18) * CASE modifier WHEN 'about' THEN 1.1 ELSE 1 END AS range_high
  FROM toll_reports
  WHERE left_out_reason IS NULL
),
spread AS (
  SELECT event_id, kind, max(range_low) > min(range_high) AS is_conflict
  FROM ranges
  GROUP BY event_id, kind
  HAVING count(DISTINCT figure) > 1
)
SELECT
  r.event_id,
  e.label,
  r.kind,
  r.figure AS value,
  s.is_conflict,
  count(DISTINCT r.article_id) AS n_articles,
  count(DISTINCT r.independent_origin) AS n_origins,
  count(DISTINCT r.speaker) AS n_speakers,
  list(DISTINCT r.modifier ORDER BY r.modifier) AS modifiers,
  list(DISTINCT r.speaker ORDER BY r.speaker) FILTER (r.attributed_to IS NOT NULL) AS speakers,
  list(DISTINCT r.article_id ORDER BY r.article_id) AS article_ids,
  list(r.count_id ORDER BY r.count_id) AS count_ids,
  list_sort(list_distinct(list(r.correction_id) FILTER (r.correction_id IS NOT NULL))) AS correction_ids
FROM ranges AS r
JOIN spread AS s USING (event_id, kind)
JOIN known_events AS e USING (event_id)
WHERE r.figure IS NOT NULL
GROUP BY r.event_id, e.label, r.kind, r.figure, s.is_conflict;
