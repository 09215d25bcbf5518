-- Grain: a source: when it was last asked, heard and had something new, what is usual of it, and what is wrong (NULL:
-- nothing). `last_heard_at` is its last good answer. `usual_hours` is what nine in ten of its last 50 waits for something
-- new were at most, `usual_items` the median of what it held at its last 50 answers of 8 weeks; NULL below 5. A source is
-- judged by its last asking, never by the clock: where nothing runs, no source is at fault. What is wrong: it is failing, it
-- is empty, it holds far less than is usual, it is silent, its pages become no articles any more or far shorter ones
-- (source_yield).
-- It is silent where the wait is three times `usual_hours` and is no mere night or weekend: measured in looks (the hours in which it was
-- heard, each by the share of looks on that weekday and those three hours that found something new; time rescaled by the expected rate:
-- Brown, Barbieri, Ventura, Kass, Frank 2002, Neural Computation 14) it comes to 3, to three times what nine in ten waits of 8 weeks
-- came to, and to half as much again as the longest; in its first fortnight to 72 hours. Where 8 weeks had fewer than 6 arrivals: to
-- half as long again as the longest of the last 50 waits.
-- A table in the publication, by source_name; made anew.
CREATE OR REPLACE VIEW source_health AS
WITH since AS (
  SELECT max(started_at) - INTERVAL 56 DAYS AS since_at FROM runs
),
asked AS (
  SELECT
    source_name,
    max(fetched_at) FILTER (WHERE verdict = 'good') AS last_heard_at,
    arg_max({'verdict': verdict, 'outcome': outcome, 'detail': detail}, fetched_at) AS last
  FROM fetches
  WHERE is_source
  GROUP BY source_name
),
failures AS (
  SELECT source_name, count(*) AS n_failures
  FROM fetches JOIN (FROM asked WHERE last.verdict <> 'good') AS a USING (source_name)
  WHERE is_source AND fetched_at > coalesce(a.last_heard_at, '-infinity')
  GROUP BY source_name
),
heard AS (
  SELECT source_name, n_documents, fetched_at
  FROM fetches
  WHERE is_source AND verdict = 'good' AND fetched_at >= (SELECT since_at FROM since)
),
usual AS (
  SELECT source_name, items[1] AS last_items, CASE WHEN len(items) >= 5 THEN list_median(items[2:]) END AS usual_items
  FROM (SELECT source_name, arg_max(n_documents, fetched_at, 51) AS items FROM heard GROUP BY source_name)
),
arrivals AS (
  SELECT DISTINCT source_name, first_seen_at FROM revisions
),
waits AS (
  SELECT
    source_name,
    first_seen_at,
    epoch(first_seen_at - lag(first_seen_at) OVER own) / 3600 AS hours,
    row_number() OVER (PARTITION BY source_name ORDER BY first_seen_at DESC) AS nth
  FROM arrivals
  WINDOW own AS (PARTITION BY source_name ORDER BY first_seen_at)
),
pace AS (
  SELECT
    source_name,
    max(first_seen_at) AS last_new_at,
    CASE WHEN count(hours) FILTER (WHERE nth <= 50) >= 5
      THEN quantile_cont(hours, 0.9) FILTER (WHERE nth <= 50) END AS usual_hours,
    max(hours) FILTER (WHERE nth <= 50) AS longest_hours
  FROM waits
  GROUP BY source_name
),
late AS (
  SELECT s.source_name, epoch(s.last_read_at - p.last_new_at) / 3600 AS silent_hours, p.usual_hours, p.longest_hours
  FROM sources AS s JOIN pace AS p USING (source_name)
  WHERE silent_hours > greatest(3 * p.usual_hours, 1)
),
-- Hours are counted since 1970: a week begins anew every 168.
looks AS (
  SELECT source_name, hour_no, bool_or(is_new) AS is_new
  FROM (
    SELECT source_name, epoch(fetched_at)::BIGINT // 3600 AS hour_no, false AS is_new
    FROM heard SEMI JOIN late USING (source_name)
    UNION ALL
    SELECT source_name, epoch(first_seen_at)::BIGINT // 3600, true
    FROM revisions SEMI JOIN late USING (source_name)
    WHERE first_seen_at >= (SELECT since_at FROM since)
  )
  GROUP BY source_name, hour_no
),
spans AS (
  SELECT
    source_name,
    min(hour_no) AS first_hour,
    max(hour_no) FILTER (WHERE is_new) AS last_new_hour,
    count(*) FILTER (WHERE is_new) AS n_new
  FROM looks
  GROUP BY source_name
),
found AS (
  SELECT l.source_name, l.hour_no % 168 // 3 AS slot, count(*) FILTER (WHERE l.is_new) AS n_new, count(*) AS n_looks
  FROM looks AS l JOIN spans AS s USING (source_name)
  WHERE l.hour_no <= s.last_new_hour
  GROUP BY l.source_name, slot
),
means AS (
  SELECT source_name, sum(n_new) / sum(n_looks) AS mean FROM found GROUP BY source_name
),
-- Two looks of the mean stand beside those at these three hours: a few make no rule.
weighed AS (
  SELECT l.source_name, l.hour_no, (coalesce(f.n_new, 0) + 2 * m.mean) / (coalesce(f.n_looks, 0) + 2) AS weight
  FROM looks AS l
  JOIN means AS m USING (source_name)
  LEFT JOIN found AS f ON f.source_name = l.source_name AND f.slot = l.hour_no % 168 // 3
),
-- The looks of each wait, up to the one that found something; of the last wait none has yet.
looks_waited AS (
  SELECT w.source_name, n.hour_no IS NULL AS is_last, sum(w.weight) AS n_looks
  FROM weighed AS w
  ASOF LEFT JOIN (FROM looks WHERE is_new) AS n ON n.source_name = w.source_name AND n.hour_no >= w.hour_no
  GROUP BY w.source_name, n.hour_no
),
silences AS (
  SELECT
    w.source_name,
    coalesce(sum(w.n_looks) FILTER (WHERE w.is_last), 0) AS looks_missed,
    3 * quantile_cont(w.n_looks, 0.9) FILTER (WHERE NOT w.is_last) AS usual_looks,
    1.5 * max(w.n_looks) FILTER (WHERE NOT w.is_last) AS longest_looks,
    any_value(s.n_new) > 5 AS is_known,
    any_value(s.last_new_hour - s.first_hour) < 14 * 24 AS is_young
  FROM looks_waited AS w JOIN spans AS s USING (source_name)
  GROUP BY w.source_name
),
silent AS (
  SELECT
    l.source_name,
    'silent for ' || round(l.silent_hours)::INTEGER || ' h, ' || CASE WHEN s.is_known
      THEN 'in which usually ' || round(s.looks_missed)::INTEGER || ' looks find something new'
      ELSE 'usually something new within ' || ceil(l.usual_hours)::INTEGER || ' h' END AS told
  FROM late AS l LEFT JOIN silences AS s USING (source_name)
  WHERE CASE WHEN s.is_known
    THEN s.looks_missed >= greatest(3, s.usual_looks, s.longest_looks) AND (NOT s.is_young OR l.silent_hours > 72)
    ELSE l.silent_hours > 1.5 * l.longest_hours END
),
held AS (
  SELECT source_name, count(*) AS n_articles FROM articles GROUP BY source_name
),
known_elsewhere AS (
  SELECT source_name, bool_or(outcome IN ('same', 'not modified', 'moved') OR n_known > 0) AS is_known
  FROM fetches ANTI JOIN held USING (source_name)
  GROUP BY source_name
),
refused AS (
  SELECT source_name, count(DISTINCT (input, stage, reason)) AS n_rejects FROM rejects GROUP BY source_name
),
fallen AS (
  SELECT source_name, min_by(measure, measure) AS measure, min_by(recent, measure) AS recent, min_by(usual, measure) AS usual
  FROM source_yield
  WHERE direction = 'low' AND measure IN ('article_share', 'words')
  GROUP BY source_name
)
SELECT
  s.source_name,
  s.type,
  s.location,
  s.last_read_at,
  k.last_heard_at,
  p.last_new_at,
  coalesce(a.n_articles, 0) AS n_articles,
  coalesce(r.n_rejects, 0) AS n_rejects,
  coalesce(a.n_articles, 0) = 0 AS is_empty,
  CASE WHEN k.last IS NOT NULL THEN coalesce(h.n_failures, 0) END AS n_failures,
  u.last_items,
  u.usual_items,
  round(p.usual_hours, 2) AS usual_hours,
  CASE
    WHEN k.last.verdict = 'gone' THEN 'gone for good: ' || concat_ws(': ', k.last.outcome, k.last.detail)
    WHEN h.n_failures > 0 THEN concat(
      'failing', CASE WHEN h.n_failures > 1 THEN ', ' || h.n_failures || ' times in a row' END, ': ',
      concat_ws(': ', k.last.outcome, k.last.detail)
    )
    WHEN u.last_items = 0 AND u.usual_items > 0 THEN 'empty, usually ' || round(u.usual_items)::INTEGER || ' items'
    WHEN u.last_items < u.usual_items / 4 THEN
      'only ' || u.last_items || ' items, usually ' || round(u.usual_items)::INTEGER
    WHEN l.told IS NOT NULL THEN l.told
    WHEN y.measure = 'article_share' THEN
      'of its last 10 pages ' || round(10 * y.recent)::INTEGER || ' became articles, usually '
      || round(10 * y.usual)::INTEGER
    WHEN y.measure = 'words' THEN
      'its last 10 articles have ' || round(y.recent)::INTEGER || ' words, usually ' || round(y.usual)::INTEGER
    WHEN coalesce(a.n_articles, 0) = 0 AND NOT coalesce(e.is_known, false) THEN 'nothing of it has become an article yet'
  END AS wrong
FROM sources AS s
LEFT JOIN pace AS p USING (source_name)
LEFT JOIN silent AS l USING (source_name)
LEFT JOIN asked AS k USING (source_name)
LEFT JOIN failures AS h USING (source_name)
LEFT JOIN usual AS u USING (source_name)
LEFT JOIN held AS a USING (source_name)
LEFT JOIN known_elsewhere AS e USING (source_name)
LEFT JOIN refused AS r USING (source_name)
LEFT JOIN fallen AS y USING (source_name);
