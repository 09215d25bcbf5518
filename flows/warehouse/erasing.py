"""Erasing articles in the ledger: every row that is theirs or rests on them, in whatever table, and the bytes that
deleted rows leave in the file."""

import shutil
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path

import duckdb
import polars as pl

from flows.schema import INSTANT, shape
from flows.warehouse.file import SETTINGS, bound_memory, ledger_path, open_ledger, published_path, quoted
from flows.warehouse.load import FACTS
from flows.warehouse.publish import search_folder, sync
from flows.warehouse.recurring import find_touched, recount_lines
from flows.warehouse.schema import drop_built, drop_views, prepare

FORGOTTEN = shape({"article_id": pl.String, "forgotten_at": INSTANT, "why": pl.String})
IT_TOLD = "it told of an article that was forgotten"
# An event's tolls rest on every article that tells of it: by its links of today, by those that are aliases now, and by
# the counts that were best.
THEIR_EVENTS = """
WITH own AS (
  SELECT event_id FROM mentioned_events WHERE article_id IN (FROM going_ids)
  UNION SELECT event_id FROM told_events WHERE article_id IN (FROM going_ids)
  UNION SELECT event_id FROM toll_history WHERE best_count_id IN (FROM going_ids)
),
today AS (FROM own UNION SELECT new_id FROM event_aliases JOIN own ON old_id = event_id)
FROM today UNION SELECT old_id FROM event_aliases JOIN today ON new_id = event_id
"""


def stored_addresses(con: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """`article_id`, `address`: what the ledger's articles, the refused ones too, came by: URL and input."""
    return con.sql(
        "SELECT DISTINCT article_id, unnest([url, input]) AS address FROM revisions "
        "UNION SELECT article_id, input FROM rejects WHERE article_id IS NOT NULL"
    ).pl()


def stored_urls(con: duckdb.DuckDBPyConnection) -> list[str]:
    """Every address that stands as a value in some table, of an article or of none (a fetch, a reject, a source)."""
    found: set[str] = set()
    for table, columns in _texts_by_table(con).items():
        for column in columns:
            urls = con.execute(f'SELECT DISTINCT "{column}" FROM "{table}" WHERE "{column}" ILIKE \'http%://%\'')
            found |= {url for (url,) in urls.fetchall() if not any(letter.isspace() for letter in url)}
    return sorted(found)


def copies_of(con: duckdb.DuckDBPyConnection, ids: Iterable[str]) -> list[str]:
    """Other articles with the same text or nearly so, as linking found them."""
    found = con.execute(
        "SELECT DISTINCT unnest([article_id, copy_of]) AS id FROM copies "
        "WHERE article_id IN (SELECT unnest($1)) OR copy_of IN (SELECT unnest($1)) ORDER BY id",
        [list(ids)],
    ).fetchall()
    return [other for (other,) in found if other is not None and other not in set(ids)]


def is_forgotten_here(con: duckdb.DuckDBPyConnection, forgotten: pl.DataFrame) -> bool:
    """Whether the ledger lists just these articles (FORGOTTEN) as forgotten and holds no revision of them; not so in a
    new one, and in one that came back from a backup."""
    if not con.execute("FROM duckdb_tables() WHERE table_name = 'forgotten'").fetchone():
        return False
    listed = {row[0] for row in con.execute("SELECT article_id FROM forgotten").fetchall()}
    ids = forgotten["article_id"].to_list()
    held = con.execute("FROM revisions WHERE article_id IN (SELECT unnest(?)) LIMIT 1", [ids]).fetchone()
    return listed == set(ids) and held is None


def save_forgotten(con: duckdb.DuckDBPyConnection, forgotten: pl.DataFrame) -> None:
    """Let the table `forgotten` say what the tombstones say (FORGOTTEN)."""
    con.register("tombstones", forgotten)
    con.execute("DELETE FROM forgotten; INSERT INTO forgotten BY NAME SELECT * FROM tombstones ORDER BY ALL")
    con.unregister("tombstones")


def erase_articles(
    con: duckdb.DuckDBPyConnection, ids: Iterable[str], addresses: Iterable[str], now: datetime
) -> dict[str, int]:
    """Delete what is of some articles, in one transaction; returns the rows that went by table. Stories and events
    must be linked anew after it.

    A row is theirs where any of its texts is their id, that of one of their facts or, unless another article's id
    stands in it, an address of theirs. The tables are taken from the file, so that a new one is not left out.
    """
    con.execute("BEGIN")
    drop_built(con)
    con.execute("CREATE OR REPLACE TEMP TABLE going_ids AS SELECT unnest(?::VARCHAR[]) AS id", [list(ids)])
    con.execute("CREATE OR REPLACE TEMP TABLE going_addresses AS SELECT unnest(?::VARCHAR[]) AS id", [list(addresses)])
    for table, fact_id, *_ in FACTS.values():
        con.execute(f"INSERT INTO going_ids SELECT {fact_id} FROM {table} WHERE article_id IN (FROM going_ids)")
    find_touched(con, "article_id IN (FROM going_ids)")
    mentions = "EXISTS (FROM (FROM going_ids UNION FROM going_addresses) AS g WHERE contains({}, g.id))"
    con.execute(f"UPDATE runs SET message = ? WHERE {mentions.format('message')}", [IT_TOLD])
    theirs = f"SELECT alert_id FROM alerts WHERE event_id IN ({THEIR_EVENTS})"
    for text in ("title", "text"):
        theirs += f" UNION SELECT alert_id FROM alerts WHERE {mentions.format(text)}"
        theirs += f" OR EXISTS (FROM ({THEIR_EVENTS}) AS e(id) WHERE contains({text}, e.id))"
    con.execute(f"CREATE OR REPLACE TEMP TABLE going_alerts AS {theirs}")
    con.execute(
        "UPDATE alerts SET title = $1, text = $1, state = coalesce(state, 'over') "
        "WHERE alert_id IN (FROM going_alerts)",
        [IT_TOLD],
    )
    con.execute(
        "UPDATE alert_deliveries SET outcome = 'over' WHERE outcome IN ('waiting', 'refused') "
        "AND alert_id IN (FROM going_alerts)"
    )
    gone = {
        "toll_history": _delete(con, "toll_history", f"event_id IN ({THEIR_EVENTS})"),
        "run_warnings": _delete(con, "run_warnings", mentions.format("broken_by")),
    }
    for table, columns in _texts_by_table(con).items():
        by_id, by_address = (
            " OR ".join(f'"{column}" IN (FROM {those})' for column in columns)
            for those in ("going_ids", "going_addresses")
        )
        of_nobody = "article_id IS NULL" if "article_id" in columns else "true"
        gone[table] = gone.get(table, 0) + _delete(con, table, f"{by_id} OR ({of_nobody} AND ({by_address}))")
    recount_lines(con, now)
    con.execute("COMMIT")
    return {table: number for table, number in gone.items() if number}


def _texts_by_table(con: duckdb.DuckDBPyConnection) -> Mapping[str, list[str]]:
    """The columns of text of each table; the tombstones' own apart."""
    found: dict[str, list[str]] = {}
    for table, column in con.execute(
        "SELECT table_name, column_name FROM duckdb_columns() AS c WHERE data_type = 'VARCHAR' "
        "AND table_oid IN (SELECT table_oid FROM duckdb_tables() WHERE NOT temporary AND NOT internal "
        "AND database_name = current_database()) AND database_name = current_database() ORDER BY ALL"
    ).fetchall():
        if table != "forgotten":
            found.setdefault(table, []).append(column)
    return found


def _delete(con: duckdb.DuckDBPyConnection, table: str, where: str) -> int:
    row = con.execute(f'DELETE FROM "{table}" WHERE {where}').fetchone()
    return int(row[0]) if row else 0


def drop_dead_aliases(con: duckdb.DuckDBPyConnection) -> None:
    """After linking: ids of stories and events that nothing took the place of resolve to nothing."""
    con.execute("DELETE FROM story_aliases WHERE new_id NOT IN (SELECT story_id FROM linked_stories)")
    con.execute("DELETE FROM linked_event_aliases WHERE new_id NOT IN (SELECT event_id FROM linked_events)")


def write_anew(data: Path, source: Path) -> None:
    """Write what stands in a copy of the ledger into a fresh file, which takes the ledger's place: the pages of deleted
    rows, which DuckDB keeps for later use, stay behind. Views are made anew: COPY orders them by name, not by need."""
    target = ledger_path(data)
    part = target.with_suffix(".part")
    part.unlink(missing_ok=True)
    with open_ledger(data, source) as con:
        drop_views(con)
    with duckdb.connect(config=SETTINGS) as con:
        bound_memory(con, part.with_suffix(".tmp"))
        con.execute(f"ATTACH '{quoted(source)}' AS deleted (READ_ONLY); ATTACH '{quoted(part)}' AS fresh")
        con.execute("COPY FROM DATABASE deleted TO fresh; DETACH fresh; DETACH deleted")
    with open_ledger(data, part) as con:
        prepare(con)
        con.execute("CHECKPOINT")
    sync(part)
    part.replace(target)
    sync(target.parent)


def remove_publications(data: Path, keep: Path | None = None) -> int:
    """Remove what was published, but for the edition `keep` under both of its names, and the index of its words.
    Returns how many editions went."""
    editions = [file for file in (data / "publications").glob("*") if file != keep]
    for file in editions:
        file.unlink()
    if keep is None:
        published_path(data).unlink(missing_ok=True)
    _remove_index(search_folder(data))
    return sum(file.suffix == ".duckdb" for file in editions)


def _remove_index(folder: Path) -> None:
    """Remove the words of what was published: first from where dashboards look, so that none adds to them meanwhile.
    One that begins again opens what is published by now."""
    going = folder.with_name(f"{folder.name}.going")
    if going.exists():  # of a kill
        shutil.rmtree(going)
    if folder.exists():
        shutil.rmtree(folder.rename(going))
