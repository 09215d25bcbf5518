"""What is wrong with a data folder, and mending what can be mended: the archive, the ledger, the publication."""

import hashlib
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import duckdb
import polars as pl

from flows.collect.archive import Archive
from flows.collect.forgotten import tombstones_path
from flows.collect.memory import Memory, memory_path
from flows.forget import finish_forgetting
from flows.schema import KEY
from flows.warehouse.corrections import corrections_path, read_corrections
from flows.warehouse.deliveries import leave_untold
from flows.warehouse.file import SETTINGS, LedgerError, ledger_path, open_ledger, published_path
from flows.warehouse.lock import Hold
from flows.warehouse.publish import broken_checks, put_in_place
from flows.warehouse.schema import prepare
from flows.warehouse.versions import SCHEMA_VERSION, check_version

FACT_TABLES = (
    "stated_counts",
    "stated_claims",
    "stated_quotes",
    "stated_mentions",
    "local_events",
    "removed_history",
    "article_lines",
    "candidate_history",
    "repeats",
)
OF_NO_REVISION = "NOT EXISTS (FROM revisions AS r WHERE r.article_id = t.article_id AND r.revision = t.revision)"
OF_NO_ARTICLE = "article_id NOT IN (SELECT article_id FROM current_revisions)"
LINK_TABLES = ("copies", "story_articles", "mentioned_events")
ORPHANS = dict.fromkeys(FACT_TABLES, OF_NO_REVISION) | dict.fromkeys(LINK_TABLES, OF_NO_ARTICLE)


@dataclass(frozen=True)
class Finding:
    """One thing that is not as it should be: where, what, and how it was mended (NULL: it was not)."""

    where: Path
    what: str
    mended: str | None = None


def examine(data: Path, hold: Hold) -> list[Finding]:
    """Look at everything in a data folder, which the caller holds, and mend what can be mended.

    Raises LedgerError for a ledger of a newer version: that is for a newer doctor.
    """
    first: tuple[Callable[[Path], Iterator[Finding]], ...] = (_left_behind, _archive, _memory, _corrections, _ledger)
    found = [finding for step in first for finding in step(data)]
    found += _forgotten(data, hold)
    return found + [finding for step in (_contents, _publication) for finding in step(data)]


def _left_behind(data: Path) -> Iterator[Finding]:
    """Files that a kill left half-written."""
    for file in [*data.glob("*.part"), *data.glob("raw/*.part"), *data.glob("publications/*.part*")]:
        file.unlink()
        yield Finding(file, "half-written when something was killed", "removed")


def _archive(data: Path) -> Iterator[Finding]:
    """Every archive file can be read, and every body has the hash that it is known by."""
    damaged = data / "raw" / "damaged"
    for file in Archive(data / "raw").files():
        try:
            documents = pl.read_parquet(file)
        except pl.exceptions.PolarsError as error:
            damaged.mkdir(exist_ok=True)
            file.rename(damaged / file.name)
            told = f"cut short or damaged: {str(error).splitlines()[0][:120]}"
            yield Finding(
                file, told, f"set aside in {damaged}; what its sources still hold, the next run archives again"
            )
            continue
        hashes = pl.Series([body and hashlib.sha256(body).hexdigest() for body in documents["body"]], dtype=pl.String)
        wrong = documents.filter(documents["raw_sha256"] != hashes)
        if wrong.height:
            damaged.mkdir(exist_ok=True)
            shutil.copyfile(file, damaged / file.name)
            part = file.with_suffix(".part")
            documents.filter((documents["raw_sha256"] == hashes).fill_null(True)).write_parquet(part)
            part.replace(file)
            told = f"{wrong.height} bodies do not have their hash, the first of {wrong['input'][0]}"
            yield Finding(file, told, f"they were taken out; as it was: {damaged / file.name}")


def _memory(data: Path) -> Iterator[Finding]:
    """What collecting remembers can be read; else it goes, and the next run makes it again from the archive."""
    path = memory_path(data)
    if not path.exists():
        return
    try:
        with closing(Memory(path)) as memory:
            told = memory.damage()
    except OSError as error:
        told = str(error)
    if told:
        aside = path.with_name(f"{path.name}.damaged")
        path.replace(aside)
        for log in (f"{path.name}-wal", f"{path.name}-shm"):
            path.with_name(log).unlink(missing_ok=True)
        yield Finding(path, told, f"set aside as {aside.name}; the next run makes it again from raw/, and asks more")


def _corrections(data: Path) -> Iterator[Finding]:
    """What analysts said can be read; without it nothing goes on."""
    try:
        read_corrections(data)
    except OSError as error:
        yield Finding(corrections_path(data), str(error).removeprefix(f"{corrections_path(data)}: "))


def _ledger(data: Path) -> Iterator[Finding]:
    """The ledger can be opened and read; else the last publication, which is a copy of it, takes its place."""
    path = ledger_path(data)
    if not path.exists() and not published_path(data).exists():
        return
    told = _why_unreadable(path)
    if told is None:
        with open_ledger(data) as con:
            older = check_version(con, path)
        if older:
            yield Finding(path, f"of schema {older}; today's is {SCHEMA_VERSION}", "the next run brings it up to date")
        return
    if path.exists():
        aside = path.with_name("ledger.duckdb.damaged")
        path.replace(aside)
        log = path.with_name("ledger.duckdb.wal")
        if log.exists():
            log.replace(aside.with_name(f"{aside.name}.wal"))
        told += f"; set aside as {aside.name}"
    path.parent.mkdir(exist_ok=True)
    for copy in [published_path(data), *sorted(data.glob("publications/news-*.duckdb"), reverse=True)]:
        if copy.exists() and _why_unreadable(copy) is None:
            part = path.with_suffix(".part")
            shutil.copyfile(copy, part)
            with open_ledger(data, part) as con:
                leave_untold(con)
                con.execute("CHECKPOINT")
            part.replace(path)
            yield Finding(path, told, f"{copy} took its place; the next run adds what came after it")
            return
    yield Finding(path, told, "no publication can take its place: the next run makes it anew from raw/")


def _forgotten(data: Path, hold: Hold) -> Iterator[Finding]:
    """Nothing is left of what was forgotten: of a takedown that was killed, or out of a backup."""
    try:
        for told in finish_forgetting(data, hold, in_archive=True):
            yield Finding(tombstones_path(data), told, "erased, and published without them")
    except (LedgerError, OSError) as error:
        yield Finding(tombstones_path(data), f"what was forgotten cannot be erased: {error}")


def _why_unreadable(path: Path) -> str | None:
    """What keeps a DuckDB file of ours from being read through; None where nothing does."""
    if not path.exists():
        return "not there"
    try:
        with duckdb.connect(str(path), read_only=True, config=SETTINGS) as con:
            tables = con.execute("SELECT table_name FROM duckdb_tables()").fetchall()
            for (table,) in tables:
                con.execute(f"SELECT count(COLUMNS(*)) FROM {table}").fetchall()
    except duckdb.Error as error:
        return str(error).strip().splitlines()[0][:200]
    return None if ("meta",) in tables else "no ledger: it has no table `meta`"


def _contents(data: Path) -> Iterator[Finding]:
    """No fact without its revision, no link without its article, one current revision each; the checks of sql/checks;
    raw bytes for every revision."""
    path = ledger_path(data)
    if not path.exists():
        return
    with open_ledger(data) as con:
        if check_version(con, path):
            return  # an older one is brought up to date first
        con.execute("BEGIN")
        prepare(con)
        for table, is_orphan in ORPHANS.items():
            row = con.execute(f"DELETE FROM {table} AS t WHERE {is_orphan}").fetchone()
            if row and row[0]:
                yield Finding(path, f"{table}: {row[0]} rows of no article", "removed")
        right = "SELECT article_id, max(revision) FROM revisions GROUP BY article_id"
        if con.execute(
            f"(FROM current_revisions EXCEPT {right}) UNION ({right} EXCEPT FROM current_revisions)"
        ).fetchall():
            con.execute(f"DELETE FROM current_revisions; INSERT INTO current_revisions {right}")
            yield Finding(path, "current_revisions: not the highest revision of each article", "made anew")
        con.execute("COMMIT")
        for level, promise, broken_by in broken_checks(con):
            if level == "fail":
                yield Finding(path, f"{promise}; e.g. {broken_by}; `newsledger rebuild` may mend it")
        keys = con.sql("SELECT article_id, raw_sha256, input FROM revisions").pl()
    archive = Archive(data / "raw")
    lost = keys.join(archive.contents, on=KEY, how="anti").join(archive.let_go, on=KEY, how="anti")
    if lost.height:
        told = (
            f"{lost.height} revisions have no raw bytes, the first of {lost['input'][0]}: `rebuild` leaves them alone"
        )
        yield Finding(data / "raw", told)


def _publication(data: Path) -> Iterator[Finding]:
    """Readers find a file that can be read."""
    path = published_path(data)
    if not ledger_path(data).exists():
        return
    told = _why_unreadable(path)
    if told is None:
        return
    for copy in sorted(data.glob("publications/news-*.duckdb"), reverse=True):
        if _why_unreadable(copy) is None:
            put_in_place(copy, path)
            yield Finding(path, told, f"{copy} took its place")
            return
    yield Finding(path, told, "the next run publishes it")
