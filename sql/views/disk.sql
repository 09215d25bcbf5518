-- Grain: a part of the data folder (raw, work, publications, prefect, other), and `free`, what its disk has left: bytes and
-- files at the end of the last run that measured them, before its publication. `bytes_a_day` is how fast it grew over the last 30 days (the slope of
-- a least-squares line; NULL below a day). `days_left` of `free`: until it is full, if all parts go on growing so; NULL where they do not.
-- A table in the publication, by part; made anew.
CREATE OR REPLACE VIEW disk AS
WITH since AS (
  SELECT max(measured_at) - INTERVAL 30 DAYS AS since_at FROM disk_use
),
parts AS (
  SELECT
    part,
    arg_max(n_bytes, measured_at) AS n_bytes,
    arg_max(n_files, measured_at) AS n_files,
    max(measured_at) AS measured_at,
    CASE WHEN max(measured_at) - min(measured_at) >= INTERVAL 1 DAY
      THEN regr_slope(n_bytes, epoch(measured_at) / 86400) END AS bytes_a_day
  FROM disk_use
  WHERE measured_at >= (SELECT since_at FROM since)
  GROUP BY part
),
growth AS (
  SELECT sum(bytes_a_day) AS bytes_a_day FROM parts WHERE part <> 'free'
)
SELECT
  p.part,
  p.n_bytes,
  p.n_files,
  round(p.bytes_a_day)::BIGINT AS bytes_a_day,
  CASE WHEN p.part = 'free' AND g.bytes_a_day > 0 THEN round(p.n_bytes / g.bytes_a_day, 1) END AS days_left,
  p.measured_at
FROM parts AS p CROSS JOIN growth AS g;
