-- Grain: that of the view stated_tolls, which is this at 'infinity'; of the revisions known at t by a clock.
CREATE OR REPLACE MACRO stated_tolls_as_of(t, clock) AS TABLE
WITH said AS (
  SELECT
    article_id, event_id, kind, figure,
    count(*) AS times,
    min((field, char_start)) AS place
  FROM toll_reports_as_of(t, clock)
  WHERE (left_out_reason IS NULL OR is_one_side) AND figure IS NOT NULL
  GROUP BY ALL
),
best AS (
  SELECT article_id, event_id, kind, arg_min(figure, (-times, place, figure)) AS figure
  FROM said
  GROUP BY article_id, event_id, kind
)
SELECT
  r.article_id,
  r.event_id,
  bool_or(r.is_main) AS is_main,
  r.kind,
  min(coalesce(r.figure, r.low)) AS low,
  any_value(b.figure) AS best,
  max(coalesce(r.figure, r.high)) AS high,
  list(r.count_id ORDER BY r.field, r.char_start, r.count_id) AS count_ids
FROM toll_reports_as_of(t, clock) AS r
LEFT JOIN best AS b ON b.article_id = r.article_id AND b.event_id = r.event_id AND b.kind = r.kind
WHERE r.left_out_reason IS NULL OR r.is_one_side
GROUP BY r.article_id, r.event_id, r.kind;
