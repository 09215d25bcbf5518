-- Grain: a source, a stage and a reason: how much was refused in all (n_rejects), in the last 7 days (n_week) and in a usual week
-- (usual_week: the mean of the 4 weeks before; NULL where the first run is not that old), last when, for example what. is_rising: the week
-- has more than usual by 3 times the square root of it, which is what chance does to counts, and 3 at least. source_name is NULL
-- where it is not known.
-- A table in the publication, by source_name, stage, reason; made anew.
CREATE OR REPLACE VIEW source_rejects AS
WITH since AS (
  SELECT max(started_at) AS now_at, max(started_at) - min(started_at) >= INTERVAL 35 DAYS AS is_known FROM runs
),
counted AS (
  SELECT
    r.source_name,
    r.stage,
    r.reason,
    count(*) AS n_rejects,
    count(*) FILTER (WHERE r.seen_at > s.now_at - INTERVAL 7 DAYS) AS n_week,
    CASE WHEN any_value(s.is_known) THEN count(*) FILTER (
      WHERE r.seen_at > s.now_at - INTERVAL 35 DAYS AND r.seen_at <= s.now_at - INTERVAL 7 DAYS
    ) / 4 END AS usual_week,
    max(r.seen_at) AS last_at,
    arg_max(r.input, (r.seen_at, r.input)) AS for_example
  FROM rejects AS r CROSS JOIN since AS s
  GROUP BY r.source_name, r.stage, r.reason
)
SELECT *, n_week > usual_week + greatest(3 * sqrt(usual_week), 3) AS is_rising FROM counted;
