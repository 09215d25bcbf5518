"""The ledger: the work file that a run owns. Readers never open it; they get its copy, news.duckdb."""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import duckdb
import polars as pl

from flows.lexicon import SQL, lexicon

SCHEMA_VERSION = 1
SETTINGS: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
}


class LedgerError(Exception):
    """The ledger cannot be used; the message says what to do. Exit status 1."""


def ledger_path(data: Path) -> Path:
    """The work file of a data folder."""
    return data / "work" / "ledger.duckdb"


@contextmanager
def open_ledger(data: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A read-write connection; what `start_run` prepared is there. Raises LedgerError."""
    path = ledger_path(data)
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        con = duckdb.connect(str(path), config=SETTINGS)
    except duckdb.IOException as error:
        held = "lock" in str(error)
        advice = "another run is writing it; wait for its end" if held else "move it away; the next run makes it anew"
        raise LedgerError(f"{path}: {str(error).splitlines()[0]} ({advice})") from error
    try:
        con.execute("SET TimeZone = 'UTC'")
        yield con
    finally:
        con.close()


def _prepare(con: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Today's tables, views and actors."""
    con.execute("BEGIN")
    for file in sorted((SQL / "tables").glob("*.sql")):
        con.execute(file.read_text("utf-8"))
    con.execute("INSERT INTO meta VALUES ('schema_version', ?) ON CONFLICT DO NOTHING", [str(SCHEMA_VERSION)])
    row = con.execute("SELECT value FROM meta WHERE key = 'schema_version'").fetchone()
    version = int(row[0]) if row else SCHEMA_VERSION
    if version > SCHEMA_VERSION:
        con.execute("ROLLBACK")
        raise LedgerError(f"{path}: written by a newer newsledger (schema {version}, this one knows {SCHEMA_VERSION})")
    _create_views(con)
    actors = (
        lexicon("actors")
        .group_by("actor")
        .agg(pl.col("actor_type").first(), pl.col("country").first(), pl.col("alias").sort())
    ).select("actor", "actor_type", pl.col("country").cast(pl.String), "alias")
    con.register("lexicon_actors", actors)
    con.execute("DELETE FROM actors; INSERT INTO actors SELECT * FROM lexicon_actors ORDER BY actor")
    con.unregister("lexicon_actors")
    con.execute("COMMIT")


def _create_views(con: duckdb.DuckDBPyConnection) -> None:
    """Create every view of sql/views; one that rests on another waits for it."""
    waiting = {file.stem: file.read_text("utf-8") for file in sorted((SQL / "views").glob("*.sql"))}
    errors: dict[str, duckdb.Error] = {}
    while waiting:
        done = []
        for name, sql in waiting.items():
            try:
                con.execute(sql)
                done.append(name)
            except duckdb.CatalogException as error:
                errors[name] = error
        if not done:
            name = next(iter(waiting))
            raise LedgerError(f"sql/views/{name}.sql: {errors[name]}")
        for name in done:
            del waiting[name]


@contextmanager
def hold_run(data: Path, run_id: str, now: datetime) -> Iterator[Path]:
    """Hold a data folder for one run; gives the run a scratch folder, gone afterwards. A kill lets go of it.

    Raises LedgerError where another run holds it, naming that run and since when.
    """
    work = data / "work"
    work.mkdir(parents=True, exist_ok=True)
    with (work / "lock").open("a+", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            lock.seek(0)
            raise LedgerError(f"{data}: {lock.read().strip()} is at work here; wait for its end") from error
        lock.truncate(0)
        lock.write(f"run {run_id}, process {os.getpid()}, since {now:%Y-%m-%d %H:%M:%S} UTC")
        lock.flush()
        for left in work.iterdir():
            if left.is_dir():
                shutil.rmtree(left, ignore_errors=True)
        scratch = work / run_id
        scratch.mkdir()
        try:
            yield scratch
        finally:
            shutil.rmtree(scratch, ignore_errors=True)
            lock.truncate(0)


def start_run(data: Path, run_id: str, now: datetime, rules: str) -> None:
    """Bring the ledger to today's tables and views and open a run in it; one that a kill left open is settled as
    failed. Raises LedgerError for a ledger that a newer version wrote."""
    with open_ledger(data) as con:
        _prepare(con, ledger_path(data))
        con.execute(
            "UPDATE runs SET state = 'failed', message = 'ended without a word; what it archived is taken up again' "
            "WHERE state = 'running'"
        )
        con.execute(
            "INSERT INTO runs (run_id, started_at, state, rules_version) VALUES (?, ?, 'running', ?)",
            [run_id, now, rules],
        )


def fail_run(data: Path, run_id: str, now: datetime, message: str) -> None:
    """Close a run as failed, with what broke."""
    with open_ledger(data) as con:
        con.execute(
            "UPDATE runs SET state = 'failed', ended_at = ?, message = ? WHERE run_id = ?", [now, message, run_id]
        )


def undone(data: Path, contents: pl.DataFrame) -> pl.DataFrame:
    """Of what is archived (`article_id`, `raw_sha256`, ...), the rows that no revision and no reject stands for."""
    with open_ledger(data) as con:
        done = con.sql(
            "SELECT article_id, raw_sha256 FROM revisions UNION "
            "SELECT article_id, raw_sha256 FROM rejects WHERE article_id IS NOT NULL"
        ).pl()
    return contents.join(done, on=["article_id", "raw_sha256"], how="anti")


def export_current(data: Path, folder: Path) -> tuple[Path, Path]:
    """What linking compares new articles with: two Parquet files, the current articles and their local events."""
    articles, events = folder / "current_articles.parquet", folder / "current_events.parquet"
    with open_ledger(data) as con:
        con.execute(
            f"COPY (SELECT article_id, title, text, origin, published_at FROM articles) TO '{_quoted(articles)}'"
        )
        con.execute(
            "COPY (SELECT e.* EXCLUDE (revision), a.raw_sha256 FROM local_events AS e "
            f"JOIN articles AS a USING (article_id, revision)) TO '{_quoted(events)}'"
        )
    return articles, events


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")
