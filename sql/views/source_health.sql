-- Grain: a source: when it was last asked, heard and had something new, what is usual of it, and what is wrong (NULL:
-- nothing). `last_heard_at` is its last good answer. `usual_hours` is what nine in ten of its last 50 waits for something
-- new were at most, `usual_items` the median of what it held at its last 50 answers; NULL below 5. What is wrong: it is failing,
-- it is empty, it holds far less than is usual, it is silent three times as long as is usual. A source is judged by
-- its last asking, never by the clock: where nothing runs, no source is at fault.
-- A table in the publication, by source_name; made anew.
CREATE OR REPLACE VIEW source_health AS
WITH asked AS (
  SELECT
    source_name, outcome, verdict, detail, n_documents, fetched_at,
    row_number() OVER (PARTITION BY source_name ORDER BY fetched_at DESC, run_id DESC) AS nth,
    row_number() OVER (PARTITION BY source_name, verdict = 'good' ORDER BY fetched_at DESC, run_id DESC) AS nth_so
  FROM fetches
  WHERE is_source
),
heard AS (
  SELECT
    source_name,
    max(fetched_at) FILTER (WHERE verdict = 'good') AS last_heard_at,
    arg_max(verdict, -nth) AS last_verdict,
    arg_max(concat_ws(': ', outcome, detail), -nth) AS last_word,
    coalesce(min(nth) FILTER (WHERE verdict = 'good') - 1, count(*)) AS n_failures,
    arg_max(n_documents, -nth) FILTER (WHERE verdict = 'good') AS last_items,
    CASE WHEN count(*) FILTER (WHERE verdict = 'good') >= 5
      THEN median(n_documents) FILTER (WHERE verdict = 'good' AND nth_so BETWEEN 2 AND 51) END AS usual_items
  FROM asked
  GROUP BY source_name
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
      THEN quantile_cont(hours, 0.9) FILTER (WHERE nth <= 50) END AS usual_hours
  FROM waits
  GROUP BY source_name
),
known_elsewhere AS (
  SELECT source_name, bool_or(outcome IN ('same', 'not modified', 'moved') OR n_known > 0) AS is_known
  FROM fetches
  GROUP BY source_name
),
held AS (
  SELECT source_name, count(*) AS n_articles FROM articles GROUP BY source_name
),
refused AS (
  SELECT f.source_name, count(DISTINCT (r.input, r.stage, r.reason)) AS n_rejects
  FROM rejects AS r JOIN (SELECT DISTINCT source_name, input FROM fetches WHERE NOT is_source) AS f USING (input)
  GROUP BY f.source_name
)
SELECT
  s.source_name,
  s.type,
  s.location,
  s.last_read_at,
  h.last_heard_at,
  p.last_new_at,
  coalesce(a.n_articles, 0) AS n_articles,
  CASE WHEN s.location NOT LIKE 'http%' THEN (
    SELECT count(*) FROM rejects AS r WHERE r.input = s.location OR starts_with(r.input, s.location || '/')
      OR starts_with(r.input, s.location || '#') OR starts_with(r.input, s.location || ':')
  ) ELSE coalesce(r.n_rejects, 0) END AS n_rejects,
  coalesce(a.n_articles, 0) = 0 AS is_empty,
  h.n_failures,
  h.last_items,
  h.usual_items,
  round(p.usual_hours, 2) AS usual_hours,
  CASE
    WHEN h.last_verdict = 'gone' THEN 'gone for good: ' || h.last_word
    WHEN h.n_failures = 1 THEN 'failing: ' || h.last_word
    WHEN h.n_failures > 1 THEN 'failing, ' || h.n_failures || ' times in a row: ' || h.last_word
    WHEN h.last_items = 0 AND h.usual_items > 0 THEN 'empty, usually ' || round(h.usual_items)::INTEGER || ' items'
    WHEN h.last_items < h.usual_items / 4 THEN
      'only ' || h.last_items || ' items, usually ' || round(h.usual_items)::INTEGER
    WHEN epoch(s.last_read_at - p.last_new_at) / 3600 > greatest(3 * p.usual_hours, 1) THEN
      'silent for ' || round(epoch(s.last_read_at - p.last_new_at) / 3600)::INTEGER || ' h, usually something new within '
      || ceil(p.usual_hours)::INTEGER || ' h'
    WHEN coalesce(a.n_articles, 0) = 0 AND NOT coalesce(k.is_known, false) THEN 'nothing of it has become an article yet'
  END AS wrong
FROM sources AS s
LEFT JOIN heard AS h USING (source_name)
LEFT JOIN pace AS p USING (source_name)
LEFT JOIN held AS a USING (source_name)
LEFT JOIN known_elsewhere AS k USING (source_name)
LEFT JOIN refused AS r USING (source_name);
