"""What the ledger has to say of retention: which raw bytes a published figure rests on, which rows of old runs no view
needs, and what was let go."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

import duckdb
import polars as pl

from flows.schema import INSTANT, shape

OF_RUNS = ("run_batches", "run_stages", "run_warnings")
LAST_ANSWERS = 60  # of a source, however old: `source_health` judges by its last 51
# What a document is, and why its bytes may go; `stays` says why not. NULL in both: no run has loaded it yet.
STANDING = """
WITH facts AS (
  SELECT article_id, revision FROM stated_counts UNION SELECT article_id, revision FROM stated_claims
  UNION SELECT article_id, revision FROM stated_quotes
),
tolls_of AS (
  SELECT DISTINCT coalesce(a.new_id, h.event_id) AS event_id
  FROM toll_history AS h LEFT JOIN event_aliases AS a ON a.old_id = h.event_id
),
rested AS (
  SELECT article_id, revision, 'a count, claim or quote rests on it' AS stays, 1 AS rank FROM facts
  UNION ALL
  SELECT article_id, revision, 'it tells of an event with a published toll', 2
  FROM told_events SEMI JOIN tolls_of USING (event_id)
  UNION ALL
  SELECT r.article_id, r.revision, 'a copy was made from it', 3
  FROM revisions AS r JOIN (SELECT DISTINCT copy_of FROM copies) AS c ON c.copy_of = r.article_id
)
SELECT r.article_id, r.raw_sha256, any_value('no count, claim or quote rests on it') AS why,
  arg_min(s.stays, s.rank) AS stays
FROM revisions AS r LEFT JOIN rested AS s USING (article_id, revision)
GROUP BY r.article_id, r.raw_sha256
UNION ALL
SELECT article_id, raw_sha256, 'other bytes of words that another document has', NULL
FROM repeats ANTI JOIN revisions USING (article_id, raw_sha256)
UNION ALL
SELECT DISTINCT article_id, raw_sha256, 'no article came of it', NULL
FROM rejects ANTI JOIN revisions USING (article_id, raw_sha256) ANTI JOIN repeats USING (article_id, raw_sha256)
WHERE article_id IS NOT NULL
"""
WEIGHED = f"""
WITH standing AS ({STANDING}),
weighed AS (
  SELECT h.*,
    CASE WHEN h.article_id IS NULL THEN 'a feed or a sitemap' ELSE s.why END AS why,
    CASE WHEN h.article_id IS NOT NULL AND s.why IS NULL THEN 'no run has loaded it yet' ELSE s.stays END AS stays,
    coalesce(h.fetched_at < CASE WHEN h.article_id IS NULL THEN d.listings_before ELSE d.documents_before END, false)
      AS is_old
  FROM held AS h LEFT JOIN limits AS d USING (source_name) LEFT JOIN standing AS s USING (article_id, raw_sha256)
)
SELECT article_id, raw_sha256, file, row, is_old, why,
  CASE WHEN NOT is_old THEN NULL WHEN stays IS NOT NULL THEN stays
    WHEN NOT bool_and(is_old AND stays IS NULL) OVER (PARTITION BY raw_sha256)
      THEN 'other documents have the same bytes'
  END AS stays
FROM weighed
"""
# Rows of fetches that views need however old: each source's last answers and last good ones, that it ever had something
# known, and the addresses whose rejects are counted for it.
NEEDED = f"""
SELECT rowid FROM (
  SELECT rowid,
    row_number() OVER (PARTITION BY source_name ORDER BY fetched_at DESC, run_id DESC) AS nth,
    row_number() OVER (PARTITION BY source_name, verdict = 'good' ORDER BY fetched_at DESC, run_id DESC) AS nth_so
  FROM fetches WHERE is_source
) WHERE nth <= {LAST_ANSWERS} OR nth_so <= {LAST_ANSWERS}
UNION
SELECT arg_max(rowid, fetched_at) FROM fetches
WHERE outcome IN ('same', 'not modified', 'moved') OR n_known > 0 GROUP BY source_name
UNION
SELECT arg_max(rowid, fetched_at) FROM fetches SEMI JOIN rejects USING (input)
WHERE NOT is_source GROUP BY source_name, input
"""


LIMITS = shape({"source_name": pl.String, "documents_before": INSTANT, "listings_before": INSTANT})


class Weighed(NamedTuple):
    """What of the archive is past its age: the rows that may go (`file`, `row`, `article_id`, `raw_sha256`, `why`), and
    how many rows stay for which reason (`stays`, `n`)."""

    going: pl.DataFrame
    staying: pl.DataFrame


def weigh_bytes(
    con: duckdb.DuckDBPyConnection, held: pl.DataFrame, days: Mapping[str, tuple[float, float]], now: datetime
) -> Weighed:
    """Which rows of the archive (letting_go.HELD) may go at `now`. `days` by source are those that documents, and
    feeds and sitemaps, are kept; 0: for ever, as what is of no source there."""
    limits = [(name, *(_before(now, one) for one in both)) for name, both in days.items()]
    con.register("held", held)
    con.register("limits", pl.DataFrame(limits, schema=LIMITS, orient="row"))
    weighed = con.sql(WEIGHED).pl().filter("is_old")
    con.unregister("held")
    con.unregister("limits")
    staying = weighed.filter(pl.col("stays").is_not_null()).group_by("stays").agg(n=pl.len()).sort("stays")
    return Weighed(weighed.filter(pl.col("stays").is_null()).drop("stays", "is_old").sort("file", "row"), staying)


def mirror_let_go(con: duckdb.DuckDBPyConnection, let_go: pl.DataFrame) -> None:
    """Let the table `let_go` say what the archive says (KEY, `let_go_at`), with the reason."""
    con.register("archived", let_go)
    con.execute(
        f"INSERT INTO let_go SELECT a.article_id, a.raw_sha256, a.let_go_at, coalesce(s.why, 'no article came of it') "
        f"FROM archived AS a LEFT JOIN ({STANDING}) AS s USING (article_id, raw_sha256) "
        "ANTI JOIN let_go AS g ON g.article_id = a.article_id AND g.raw_sha256 = a.raw_sha256 ORDER BY ALL"
    )
    con.unregister("archived")


def old_rows(con: duckdb.DuckDBPyConnection, days: float, now: datetime) -> dict[str, int]:
    """How many rows of runs that ended `days` ago no view needs, by table."""
    found = {
        table: con.execute(f"SELECT count(*) FROM {table} WHERE {_is_old(table)}", [_before(now, days)]).fetchone()
        for table in ("fetches", *OF_RUNS)
    }
    return {table: int(row[0]) for table, row in found.items() if row and row[0]}


def delete_old_rows(con: duckdb.DuckDBPyConnection, days: float, now: datetime) -> None:
    """Delete those. A run's own row stands for ever."""
    con.execute("BEGIN")
    for table in ("fetches", *OF_RUNS):
        con.execute(f"DELETE FROM {table} WHERE {_is_old(table)}", [_before(now, days)])
    con.execute("COMMIT")


def note_tidied(
    con: duckdb.DuckDBPyConnection, now: datetime, part: str, n_files: int, n_rows: int, n_bytes: int
) -> None:
    """A row of `tidied`."""
    con.execute("INSERT INTO tidied VALUES (?, ?, ?, ?, ?)", [now, part, n_files, n_rows, n_bytes])


def _is_old(table: str) -> str:
    old = "run_id IN (SELECT run_id FROM runs WHERE coalesce(ended_at, started_at) < $1::TIMESTAMPTZ)"
    return f"{old} AND rowid NOT IN ({NEEDED})" if table == "fetches" else old


def _before(now: datetime, days: float) -> datetime | None:
    return now - timedelta(days=days) if days else None
