"""Whose words an article counts as, and which of its facts are its own publisher's: written when links are."""

import duckdb

# What the view article_origins shows. As a view of joins it made planning `tolls`, which inlines it some twenty times,
# take twice as long.
ORIGINS = """
WITH named AS (
  SELECT
    a.article_id,
    a.publisher,
    a.word_count,
    coalesce(o.outlet, regexp_replace(a.origin, '^[Tt]he ', '')) AS origin,
    coalesce(p.outlet, regexp_replace(a.publisher, '^[Tt]he ', ''), a.article_id) AS own_origin
  FROM articles AS a
  LEFT JOIN outlets AS o ON o.name = lower(a.origin)
  LEFT JOIN outlets AS p ON p.name = lower(a.publisher)
),
copied AS (
  SELECT c.article_id, c.n_own_words, f.article_id AS first_id, coalesce(f.origin, f.own_origin) AS origin
  FROM copies AS c
  LEFT JOIN copies AS up ON up.article_id = c.copy_of AND up.copy_of IS NOT NULL
  JOIN named AS f ON f.article_id = coalesce(up.copy_of, c.copy_of)
  WHERE c.copy_of IS NOT NULL
)
SELECT
  n.article_id,
  n.publisher,
  CASE WHEN n.origin IS NULL AND 2 * c.n_own_words > n.word_count THEN n.own_origin
    ELSE coalesce(n.origin, c.origin, n.own_origin) END AS independent_origin,
  coalesce(n.origin, c.origin, n.own_origin) AS copied_origin,
  n.own_origin,
  n.origin AS credit,
  c.first_id
FROM named AS n
LEFT JOIN copied AS c USING (article_id)
"""
# A title says in short what the text says: its figure is own where the text has the same in own passages alone.
OWN_FACTS = """
WITH told AS (
  SELECT count_id AS fact_id, article_id, field, char_start, [kind, coalesce(value, low, high)::VARCHAR] AS what
  FROM counts SEMI JOIN own_passages USING (article_id)
  UNION ALL
  SELECT claim_id, article_id, field, char_start, [stance, actor] FROM claims SEMI JOIN own_passages USING (article_id)
),
in_text AS (
  SELECT t.article_id, t.fact_id, t.what, bool_or(t.char_start >= p.char_start AND t.char_start < p.char_end) AS is_own
  FROM told AS t JOIN own_passages AS p USING (article_id)
  WHERE t.field = 'text'
  GROUP BY t.article_id, t.fact_id, t.what
),
alike AS (SELECT article_id, what, bool_and(is_own) AS is_own FROM in_text GROUP BY article_id, what)
SELECT fact_id, article_id FROM in_text WHERE is_own
UNION ALL
SELECT t.fact_id, t.article_id
FROM told AS t JOIN alike AS i USING (article_id, what)
WHERE t.field = 'title' AND i.is_own
"""


def find_origins(con: duckdb.DuckDBPyConnection, touched: str | None = None) -> None:
    """Write anew whose words each article counts as, and which counts and claims stand in own passages of copies: of
    all articles, or of those of a table (`article_id`)."""
    of_these = f"WHERE article_id IN (SELECT article_id FROM {touched})" if touched else ""
    for table, sql in (("linked_origins", ORIGINS), ("own_facts", OWN_FACTS)):
        con.execute(f"DELETE FROM {table} {of_these}; INSERT INTO {table} BY NAME FROM ({sql}) {of_these}")
