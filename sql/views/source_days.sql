-- Grain: a source and a day (UTC) of the last 35 on which it was asked or something of it came: n_asked and n_heard (its
-- own address, and how often that was good), n_pages (addresses of it that were fetched), n_new (articles), n_revisions (later ones),
-- n_rejects. `usual_new` is the median of n_new on the same weekdays of the 8 weeks before, `low` and `high` that median -/+ the
-- greater of 3 times 1.4826 times their median absolute deviation (Hampel's identifier: Davies, Gather 1993, JASA 88) and 3 times the
-- square root of the median or of 1 (counts scatter that much by chance alone); NULL below 4 such days. `direction` (low | high): n_new is
-- beyond; NULL: as usual, or not known. The last day is not over: it may be high, never low.
-- A table in the publication, by source_name, day; made anew.
CREATE OR REPLACE VIEW source_days AS
WITH since AS (
  SELECT max(started_at)::DATE AS today, max(started_at)::DATE - 91 AS since_date FROM runs
),
asked AS (
  SELECT
    source_name,
    epoch(fetched_at)::BIGINT // 86400 AS day_no,
    count(*) FILTER (WHERE is_source) AS n_asked,
    count(*) FILTER (WHERE is_source AND verdict = 'good') AS n_heard,
    count(*) FILTER (WHERE NOT is_source AND outcome IN ('new', 'changed', 'same', 'moved')) AS n_pages
  FROM fetches
  WHERE fetched_at >= (SELECT since_date FROM since)::TIMESTAMPTZ
  GROUP BY ALL
),
came AS (
  SELECT
    source_name,
    epoch(first_seen_at)::BIGINT // 86400 AS day_no,
    count(*) FILTER (WHERE revision = 1) AS n_new,
    count(*) FILTER (WHERE revision > 1) AS n_revisions
  FROM revisions
  WHERE first_seen_at >= (SELECT since_date FROM since)::TIMESTAMPTZ
  GROUP BY ALL
),
refused AS (
  SELECT source_name, epoch(seen_at)::BIGINT // 86400 AS day_no, count(*) AS n_rejects
  FROM rejects
  WHERE source_name IS NOT NULL AND seen_at >= (SELECT since_date FROM since)::TIMESTAMPTZ
  GROUP BY ALL
),
days AS (
  SELECT
    source_name,
    DATE '1970-01-01' + day_no::INTEGER AS day,
    coalesce(n_asked, 0) AS n_asked,
    coalesce(n_heard, 0) AS n_heard,
    coalesce(n_pages, 0) AS n_pages,
    coalesce(n_new, 0) AS n_new,
    coalesce(n_revisions, 0) AS n_revisions,
    coalesce(n_rejects, 0) AS n_rejects
  FROM asked FULL JOIN came USING (source_name, day_no) FULL JOIN refused USING (source_name, day_no)
),
habits AS (
  SELECT *, count(*) OVER before AS n_before, median(n_new) OVER before AS middle, mad(n_new) OVER before AS spread
  FROM days
  WINDOW before AS (
    PARTITION BY source_name, isodow(day) ORDER BY day
    RANGE BETWEEN INTERVAL 56 DAYS PRECEDING AND INTERVAL 1 DAY PRECEDING
  )
),
bands AS (
  SELECT *, greatest(3 * 1.4826 * spread, 3 * sqrt(greatest(middle, 1))) AS band FROM habits WHERE n_before >= 4
)
SELECT
  d.source_name, d.day, d.n_asked, d.n_heard, d.n_pages, d.n_new, d.n_revisions, d.n_rejects,
  b.middle AS usual_new,
  round(CASE WHEN b.middle IS NOT NULL THEN greatest(b.middle - b.band, 0) END, 1) AS low,
  round(b.middle + b.band, 1) AS high,
  CASE
    WHEN d.n_new > b.middle + b.band THEN 'high'
    WHEN d.n_new < b.middle - b.band AND d.day < s.today THEN 'low'
  END AS direction
FROM days AS d CROSS JOIN since AS s LEFT JOIN bands AS b USING (source_name, day)
WHERE d.day > s.today - 35;
