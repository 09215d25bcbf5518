-- Grain: that of the view derived_tolls, which is this at 'infinity'; of the revisions known at t by a clock.
CREATE OR REPLACE MACRO derived_tolls_as_of(t, clock) AS TABLE
WITH parts AS MATERIALIZED (
  FROM toll_parts_as_of(t, clock)
),
stated AS MATERIALIZED (
  FROM stated_tolls_as_of(t, clock)
),
told AS (
  SELECT
    article_id, event_id, victim_no,
    bool_or(is_main) AS is_main,
    bool_or(kind = 'killed') AS is_dead,
    bool_or(kind = 'wounded') AS is_hurt,
    list(count_id ORDER BY field, char_start, count_id) AS count_ids
  FROM parts
  WHERE victim_no IS NOT NULL AND NOT is_subgroup
  GROUP BY ALL
),
listed AS (
  SELECT article_id, event_id, bool_or(is_main) AS is_main, kind, sum(low)::BIGINT AS low, sum(figure)::BIGINT AS best,
    CASE WHEN bool_and(high IS NOT NULL) THEN sum(high)::BIGINT END AS high,
    list(count_id ORDER BY field, char_start, count_id) AS count_ids
  FROM parts
  WHERE list_no IS NOT NULL AND figure IS NOT NULL AND NOT is_subgroup
  GROUP BY article_id, event_id, kind, list_no
),
dead AS (
  SELECT article_id, event_id, max(best) AS best
  FROM (
    SELECT article_id, event_id, best FROM stated WHERE kind = 'killed'
    UNION ALL
    SELECT article_id, event_id, best FROM listed WHERE kind = 'killed'
  )
  GROUP BY article_id, event_id
),
-- Of persons told shot and no more, as many may be among the dead as are not told singly.
persons AS (
  SELECT
    p.article_id, p.event_id, p.victim_no, p.is_main, p.count_ids,
    CASE WHEN p.is_dead THEN 'killed' ELSE 'wounded' END AS kind
  FROM told AS p
  LEFT JOIN dead AS d USING (article_id, event_id)
  WINDOW event AS (PARTITION BY p.article_id, p.event_id)
  QUALIFY
    p.is_dead OR p.is_hurt
    OR count(*) FILTER (NOT p.is_dead AND NOT p.is_hurt) OVER event
      > coalesce(d.best, 0) - count(*) FILTER (p.is_dead) OVER event
),
added AS (
  SELECT article_id, event_id, bool_or(is_main) AS is_main, kind, count(*) AS low, count(*) AS best, count(*) AS high,
    flatten(list(count_ids ORDER BY victim_no, count_ids)) AS count_ids, false AS is_subgroup
  FROM persons
  GROUP BY article_id, event_id, kind
  UNION ALL
  SELECT *, false FROM listed
  UNION ALL
  SELECT article_id, event_id, is_main, kind, low, figure, high, [count_id], true
  FROM parts
  WHERE is_subgroup AND figure > 0
),
most AS (
  SELECT * EXCLUDE (is_subgroup)
  FROM added
  QUALIFY row_number() OVER (PARTITION BY article_id, event_id, kind ORDER BY is_subgroup, best DESC, count_ids) = 1
),
known AS (
  SELECT article_id, event_id, is_main, kind, low, best, high, count_ids FROM stated
  UNION ALL
  SELECT m.article_id, m.event_id, m.is_main, m.kind, m.low, m.best, m.high, m.count_ids
  FROM most AS m LEFT JOIN stated AS s USING (article_id, event_id, kind)
  WHERE s.count_ids IS NULL
),
survivors AS (
  SELECT
    c.article_id,
    c.event_id,
    c.is_main,
    'wounded' AS kind,
    greatest(c.low - coalesce(k.high, 0), 0) AS low,
    c.best - coalesce(k.best, 0) AS best,
    greatest(c.high - coalesce(k.low, 0), c.best - coalesce(k.best, 0)) AS high,
    list_concat(c.count_ids, coalesce(k.count_ids, [])) AS count_ids
  FROM known AS c
  LEFT JOIN known AS k ON k.article_id = c.article_id AND k.event_id = c.event_id AND k.kind = 'killed'
  WHERE c.kind = 'casualties' AND c.best > coalesce(k.best, 0)
),
others AS (
  SELECT article_id, event_id, is_main, 'wounded' AS kind, low, figure AS best, high, [count_id] AS count_ids
  FROM toll_reports_as_of(t, clock)
  WHERE scope_reason = 'others than the dead' AND figure IS NOT NULL AND set_aside IS NULL
),
every AS (
  SELECT m.article_id, m.event_id, m.is_main, m.kind, m.low, m.best, m.high, m.count_ids
  FROM most AS m LEFT JOIN survivors AS s USING (article_id, event_id)
  WHERE m.kind <> 'wounded' OR s.best IS NULL OR s.best >= m.best
  UNION ALL
  FROM survivors
  UNION ALL
  FROM others
)
FROM every
QUALIFY row_number() OVER (PARTITION BY article_id, event_id, kind ORDER BY best DESC, count_ids) = 1;
