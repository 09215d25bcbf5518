-- Grain: that of the view tolls, which is this at 'infinity'; of the revisions known at t by a clock: in
-- the ledger ('seen') or in print ('published') by then, read with today's rules, in today's events. t may be a column: one query
-- for many times. For that the chain has left joins where NOT EXISTS or ANTI JOIN would do, on which DuckDB 1.5 breaks then.
CREATE OR REPLACE MACRO tolls_as_of(t, clock) AS TABLE
WITH figures AS MATERIALIZED (
  FROM toll_figures_as_of(t, clock)
),
ranked AS (
  SELECT
    *,
    row_number() OVER (PARTITION BY event_id, kind ORDER BY
      n_origins DESC, n_speakers DESC, last_published_at DESC NULLS LAST, figure DESC) AS by_independent,
    CASE WHEN is_official THEN row_number() OVER (PARTITION BY event_id, kind, is_official ORDER BY
      last_official_at DESC NULLS LAST, n_origins DESC, n_speakers DESC, figure DESC) END AS by_official,
    CASE WHEN n_origins >= 2 THEN row_number() OVER (PARTITION BY event_id, kind, n_origins >= 2 ORDER BY
      figure) END AS by_conservative
  FROM figures
),
chosen AS (
  SELECT 'independent' AS policy, * FROM ranked WHERE by_independent = 1
  UNION ALL
  SELECT 'latest_official', * REPLACE (official_count_id AS count_id, official_modifier AS modifier)
  FROM ranked WHERE by_official = 1
  UNION ALL SELECT 'conservative', * FROM ranked WHERE by_conservative = 1
),
-- "10 to 12" is no figure that could be best; its ends are figures that somebody states.
stated AS (
  SELECT event_id, kind, figure, count_id, modifier, open_count_id, open_modifier, is_open, is_derived FROM figures
  UNION ALL
  SELECT event_id, kind, unnest([low, high]), count_id, modifier, count_id, modifier, false, NULL
  FROM toll_reports_as_of(t, clock)
  WHERE left_out_reason IS NULL AND figure IS NULL AND modifier = 'between'
),
ends AS (
  SELECT
    event_id,
    kind,
    min(figure) AS low,
    max(figure) AS high,
    arg_min(count_id, (figure, is_derived IS NULL, count_id)) AS low_count_id,
    arg_min(modifier, (figure, is_derived IS NULL, count_id)) AS low_modifier,
    arg_min(open_count_id, (-figure, is_derived IS NULL, open_count_id)) AS high_count_id,
    arg_min(open_modifier, (-figure, is_derived IS NULL, open_count_id)) AS high_modifier,
    arg_min(is_open, (-figure, is_derived IS NULL, open_count_id)) AS is_open_high,
    bool_and(is_derived) AS is_derived
  FROM stated
  GROUP BY event_id, kind
),
reports AS (
  SELECT
    event_id,
    kind,
    count(*) FILTER (left_out_reason IS DISTINCT FROM 'derived') AS n_counts,
    count(DISTINCT article_id) AS n_articles,
    count(DISTINCT publisher) AS n_publishers,
    count(DISTINCT independent_origin) AS n_origins,
    count(DISTINCT speaker) AS n_speakers,
    max(figure) FILTER (kind = 'killed' AND is_attacker AND is_counted) AS killed_attackers,
    list(correction_id) FILTER (correction_id IS NOT NULL) AS correction_ids
  FROM (
    SELECT event_id, kind, article_id, publisher, independent_origin, speaker, figure, is_attacker, left_out_reason,
      left_out_reason IS NULL OR is_one_side AS is_counted, correction_id
    FROM toll_reports_as_of(t, clock)
    UNION ALL
    SELECT d.event_id, d.kind, d.article_id, o.publisher, o.independent_origin, o.independent_origin, NULL, false, 'derived',
      false, NULL
    FROM article_tolls_as_of(t, clock) AS d
    JOIN article_origins_as_of(t, clock) AS o USING (article_id)
    WHERE d.is_derived
  )
  GROUP BY event_id, kind
),
policies (policy) AS (VALUES ('independent'), ('latest_official'), ('conservative'))
SELECT
  r.event_id,
  e.label,
  r.kind,
  p.policy,
  x.low,
  b.figure AS best,
  x.high,
  b.modifier AS best_modifier,
  x.is_open_high,
  r.n_counts,
  x.low_modifier,
  x.high_modifier,
  r.n_articles,
  r.n_publishers,
  r.n_origins,
  r.n_speakers,
  b.n_origins AS best_n_origins,
  b.n_speakers AS best_n_speakers,
  x.low_count_id,
  b.count_id AS best_count_id,
  x.high_count_id,
  r.killed_attackers,
  coalesce(x.is_derived, false) AS is_derived,
  nullif(list_sort(list_distinct(list_concat(r.correction_ids, e.correction_ids))), []) AS correction_ids
FROM reports AS r
JOIN known_events AS e USING (event_id)
CROSS JOIN policies AS p
LEFT JOIN ends AS x ON x.event_id = r.event_id AND x.kind = r.kind
LEFT JOIN chosen AS b ON b.event_id = r.event_id AND b.kind = r.kind AND b.policy = p.policy;
