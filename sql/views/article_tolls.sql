-- Grain: an article, an event it tells of and a kind: what that article says in sum. best is what it says most often,
-- then what it says first, its text before its title. No article's figures are added up yet: is_derived is false.
CREATE OR REPLACE VIEW article_tolls AS
WITH said AS (
  SELECT
    article_id, event_id, kind, figure,
    count(*) AS times,
    min(CASE field WHEN 'text' THEN char_start ELSE 1000000000 END) AS place
  FROM toll_reports
  WHERE left_out_reason IS NULL AND figure IS NOT NULL
  GROUP BY ALL
)
SELECT
  t.article_id,
  t.event_id,
  bool_or(t.is_main) AS is_main,
  t.kind,
  min(coalesce(t.figure, t.low)) AS low,
  (SELECT s.figure FROM said AS s
   WHERE s.article_id = t.article_id AND s.event_id = t.event_id AND s.kind = t.kind
   ORDER BY s.times DESC, s.place LIMIT 1) AS best,
  max(coalesce(t.figure, t.high)) AS high,
  false AS is_derived,
  list(t.count_id ORDER BY t.char_start) AS count_ids
FROM toll_reports AS t
WHERE t.left_out_reason IS NULL
GROUP BY t.article_id, t.event_id, t.kind;
