-- Grain: an event: how much of the press was listened to since its first report came in. n_sources: the sources that we
-- know; heard: those with a good answer since; failed: those asked since, none of whose answers was good; the rest were not
-- asked. Where many failed or were not asked, a low figure says little.
-- A table in the publication, by event_id; made anew.
CREATE OR REPLACE VIEW coverage AS
WITH answers AS (
  SELECT source_name, max(fetched_at) AS asked_at, max(fetched_at) FILTER (verdict = 'good') AS heard_at
  FROM fetches
  WHERE is_source
  GROUP BY source_name
),
listened AS (
  SELECT count(*) AS n_sources, list(asked_at ORDER BY asked_at) AS asked, list(heard_at ORDER BY heard_at) AS heard
  FROM sources LEFT JOIN answers USING (source_name)
),
since AS (
  SELECT m.event_id, min(r.first_seen_at) AS since_at
  FROM event_mentions AS m JOIN revisions AS r USING (article_id)
  GROUP BY m.event_id
),
-- A run asks its sources before it loads what they hold; one that goes on from runs that came to nothing loads what those
-- asked for: they are one pass.
numbered AS (
  SELECT *, count(*) FILTER (state = 'done') OVER (ORDER BY run_no ROWS UNBOUNDED PRECEDING EXCLUDE CURRENT ROW) AS pass_no
  FROM runs
),
passes AS (
  SELECT started_at, min(started_at) OVER (PARTITION BY pass_no ORDER BY run_no) AS begun_at FROM numbered
),
runs_of AS (
  SELECT s.event_id, s.since_at, coalesce(max(u.begun_at), s.since_at) AS from_at
  FROM since AS s ASOF LEFT JOIN passes AS u ON s.since_at >= u.started_at
  GROUP BY s.event_id, s.since_at
)
SELECT
  o.event_id,
  o.since_at,
  l.n_sources,
  len(list_filter(l.heard, x -> x >= o.from_at)) AS n_sources_heard,
  len(list_filter(l.asked, x -> x >= o.from_at)) - len(list_filter(l.heard, x -> x >= o.from_at)) AS n_sources_failed
FROM runs_of AS o CROSS JOIN listened AS l;
