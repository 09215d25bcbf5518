"""When a revision was in print: what the clock 'published' of tolls_as_of goes by."""

import duckdb

# Each time rests on the one before it: a page that states no later change than the one we knew changed by the time that
# we saw it.
PRINTED = """
WITH RECURSIVE numbered AS (
  SELECT article_id, revision, first_seen_at, published_at, modified_at,
    row_number() OVER (PARTITION BY article_id ORDER BY revision) AS nth
  FROM revisions SEMI JOIN touched USING (article_id)
),
printed AS (
  SELECT article_id, revision, nth, coalesce(published_at, first_seen_at) AS printed_at FROM numbered WHERE nth = 1
  UNION ALL
  SELECT n.article_id, n.revision, n.nth,
    CASE WHEN n.modified_at > p.printed_at THEN n.modified_at ELSE n.first_seen_at END
  FROM printed AS p JOIN numbered AS n ON n.article_id = p.article_id AND n.nth = p.nth + 1
)
FROM printed
"""


def set_printed_at(con: duckdb.DuckDBPyConnection, *touched: str) -> None:
    """Set `printed_at` of all revisions of the articles that stand in the tables `touched`.

    Of an article's first revision it is `published_at`, of a later one its `modified_at` where that lies after the
    former revision's `printed_at`; without such a time, `first_seen_at`.
    """
    names = " UNION ".join(f"SELECT article_id FROM {table}" for table in touched)
    con.execute(f"CREATE OR REPLACE TEMP TABLE touched AS {names}")
    con.execute(
        f"UPDATE revisions SET printed_at = p.printed_at FROM ({PRINTED}) AS p "
        "WHERE p.article_id = revisions.article_id AND p.revision = revisions.revision"
    )
