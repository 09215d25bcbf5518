-- Grain: a source and a measure of what its pages yield: its last ten documents (`recent`) against its own habit.
-- article_share: how much of what came became an article. words: the median length. removed_share: how many of all words our
-- rules took out. facts: counts, claims and quotes in 1,000 words of English. `usual` is the median of the up to 20 tens of documents
-- before (of those in English, for facts), `low` and `high` that median -/+ 3 times 1.4826 times their median absolute deviation
-- (Hampel's identifier: Davies, Gather 1993, JASA 88; one bad day does not move it); NULL below 5 tens. `direction` (low | high): `recent`
-- is beyond, and by more than a quarter of all documents or words, or, of words and facts, by more than half of what is
-- usual; NULL: as usual. New articles of the last 26 weeks; a new revision is no new page. `since_at`: the first of the recent ten.
-- A table in the publication, by source_name, measure; made anew.
CREATE OR REPLACE VIEW source_yield AS
WITH since AS (
  SELECT max(started_at) - INTERVAL 182 DAYS AS since_at FROM runs
),
-- The last 210 of each source at most, read of narrow columns first.
came AS (
  SELECT source_name, article_id, first_seen_at AS seen_at, word_count, language, false AS is_refused
  FROM revisions
  WHERE revision = 1 AND first_seen_at >= (SELECT since_at FROM since)
  UNION ALL
  SELECT source_name, article_id, seen_at, NULL, NULL, true
  FROM rejects
  WHERE stage = 'clean' AND source_name IS NOT NULL AND article_id IS NOT NULL
    AND seen_at >= (SELECT since_at FROM since) AND article_id NOT IN (SELECT article_id FROM current_revisions)
),
last_ones AS (
  SELECT *, row_number() OVER own AS nth
  FROM came
  WINDOW own AS (PARTITION BY source_name ORDER BY seen_at DESC, article_id)
  QUALIFY nth <= 210
),
taken_out AS (
  SELECT article_id, sum(length(text) - length(replace(text, ' ', '')) + 1) AS n_words
  FROM removed_history SEMI JOIN last_ones USING (article_id)
  WHERE revision = 1
  GROUP BY article_id
),
stated AS (
  SELECT article_id, count(*) AS n_facts
  FROM (
    SELECT article_id FROM stated_counts WHERE revision = 1
    UNION ALL
    SELECT article_id FROM stated_claims WHERE revision = 1
    UNION ALL
    SELECT article_id FROM stated_quotes WHERE revision = 1
  ) SEMI JOIN last_ones USING (article_id)
  GROUP BY article_id
),
documents AS (
  SELECT
    d.*,
    coalesce(t.n_words, 0) AS n_removed,
    coalesce(s.n_facts, 0) AS n_facts,
    row_number() OVER (PARTITION BY d.source_name, d.is_refused ORDER BY d.nth) AS nth_article,
    row_number() OVER (PARTITION BY d.source_name, d.language = 'en' ORDER BY d.nth) AS nth_english
  FROM last_ones AS d LEFT JOIN taken_out AS t USING (article_id) LEFT JOIN stated AS s USING (article_id)
),
tens AS (
  SELECT source_name, 'article_share' AS measure, (nth - 1) // 10 AS ten, min(seen_at) AS since_at,
    count(*) FILTER (WHERE NOT is_refused) / count(*) AS value
  FROM documents GROUP BY ALL HAVING count(*) = 10
  UNION ALL
  SELECT source_name, 'words', (nth_article - 1) // 10 AS ten, min(seen_at), median(word_count)
  FROM documents WHERE NOT is_refused GROUP BY ALL HAVING count(*) = 10
  UNION ALL
  SELECT source_name, 'removed_share', (nth_article - 1) // 10 AS ten, min(seen_at),
    sum(n_removed) / nullif(sum(n_removed + word_count), 0)
  FROM documents WHERE NOT is_refused GROUP BY ALL HAVING count(*) = 10
  UNION ALL
  SELECT source_name, 'facts', (nth_english - 1) // 10 AS ten, min(seen_at),
    1000 * sum(n_facts) / nullif(sum(word_count), 0)
  FROM documents WHERE language = 'en' GROUP BY ALL HAVING count(*) = 10
),
habits AS (
  SELECT
    source_name,
    measure,
    max(value) FILTER (WHERE ten = 0) AS recent,
    max(since_at) FILTER (WHERE ten = 0) AS since_at,
    count(value) FILTER (WHERE ten > 0) AS n_tens,
    median(value) FILTER (WHERE ten > 0) AS middle,
    3 * 1.4826 * mad(value) FILTER (WHERE ten > 0) AS band
  FROM tens
  GROUP BY source_name, measure
)
SELECT
  source_name,
  measure,
  round(recent, 3) AS recent,
  round(CASE WHEN n_tens >= 5 THEN middle END, 3) AS usual,
  round(CASE WHEN n_tens >= 5 THEN greatest(middle - band, 0) END, 3) AS low,
  round(CASE WHEN n_tens >= 5 THEN middle + band END, 3) AS high,
  since_at,
  CASE
    WHEN n_tens < 5 OR abs(recent - middle) <= band THEN NULL
    WHEN measure IN ('article_share', 'removed_share') AND abs(recent - middle) <= 0.25 THEN NULL
    WHEN measure IN ('words', 'facts') AND abs(recent - middle) <= middle / 2 THEN NULL
    WHEN recent < middle THEN 'low'
    ELSE 'high'
  END AS direction
FROM habits;
