-- Grain: an article, an event it tells of and a kind: what that article states for the whole. best is what it says most
-- often, then what it says first, its text before its title. low, best and high are the UCDP GED codebook's terms, read for
-- one article: best the figure it stands by, low and high the ends of all that it states for the whole, never of its parts.
CREATE OR REPLACE VIEW stated_tolls AS
WITH reports AS (
  FROM toll_reports WHERE left_out_reason IS NULL
),
said AS (
  SELECT
    article_id, event_id, kind, figure,
    count(*) AS times,
    min((field, char_start)) AS place
  FROM reports
  WHERE figure IS NOT NULL
  GROUP BY ALL
),
best AS (
  SELECT article_id, event_id, kind, arg_min(figure, (-times, place, figure)) AS figure
  FROM said
  GROUP BY article_id, event_id, kind
)
SELECT
  t.article_id,
  t.event_id,
  bool_or(t.is_main) AS is_main,
  t.kind,
  min(coalesce(t.figure, t.low)) AS low,
  any_value(b.figure) AS best,
  max(coalesce(t.figure, t.high)) AS high,
  list(t.count_id ORDER BY t.field, t.char_start, t.count_id) AS count_ids
FROM reports AS t
LEFT JOIN best AS b ON b.article_id = t.article_id AND b.event_id = t.event_id AND b.kind = t.kind
GROUP BY t.article_id, t.event_id, t.kind;
