"""Documents of other bytes that say what an article said before: pages change their ads and their clocks all day."""

from datetime import datetime

import duckdb

# What makes a revision where it changes. `modified_at` does not: many sites set it to the time of asking.
SAID = ("title", "text", "authors", "published_at", "publisher", "url", "origin")


def set_repeats_aside(con: duckdb.DuckDBPyConnection) -> None:
    """Take out of what came the documents that say what the one before them says (SAID), and keep them in the
    temporary table repeated, with the document whose words they repeat: they are no revisions."""
    words = " || chr(31) || ".join(f"coalesce({name}::VARCHAR, chr(0))" for name in SAID)
    said = f"sha256({words})"  # the words of all articles would not be in memory together
    con.execute(
        f"""CREATE OR REPLACE TEMP TABLE repeated AS
        WITH came AS (
          SELECT article_id, raw_sha256, any_value({said}) AS said, min(arrival) AS arrival
          FROM new_articles AS n ANTI JOIN revisions AS r USING (article_id, raw_sha256)
          GROUP BY article_id, raw_sha256
        ),
        told AS (
          FROM came UNION ALL
          SELECT article_id, raw_sha256, {said} AS said, -1 AS arrival
          FROM revisions JOIN current_revisions USING (article_id, revision) SEMI JOIN came USING (article_id)
        ),
        marked AS (
          SELECT *, said IS DISTINCT FROM lag(said) OVER (PARTITION BY article_id ORDER BY arrival) AS is_first
          FROM told
        ),
        numbered AS (
          SELECT *, count(*) FILTER (is_first) OVER (PARTITION BY article_id ORDER BY arrival) AS n FROM marked
        )
        SELECT article_id, raw_sha256, is_first,
          first_value(raw_sha256) OVER (PARTITION BY article_id, n ORDER BY arrival) AS said_by
        FROM numbered QUALIFY NOT is_first"""
    )
    con.execute(
        "DELETE FROM new_articles AS n USING repeated AS d "
        "WHERE d.article_id = n.article_id AND d.raw_sha256 = n.raw_sha256"
    )


def keep_repeats(con: duckdb.DuckDBPyConnection, now: datetime) -> None:
    """Rows of repeats for what was set aside, so that it is not due again; the revisions that it repeats stand."""
    con.execute(
        "INSERT INTO repeats SELECT d.article_id, d.raw_sha256, r.revision, ?::TIMESTAMPTZ FROM repeated AS d "
        "JOIN revisions AS r ON r.article_id = d.article_id AND r.raw_sha256 = d.said_by ORDER BY ALL",
        [now],
    )
