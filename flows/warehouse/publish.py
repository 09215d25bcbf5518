"""Publishing: the checks, then the ledger's copy under the readers' name, replaced as a whole."""

import hashlib
import os
import shutil
import time
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import duckdb

from flows.alerting import Watch
from flows.lexicon import SQL
from flows.warehouse.alerts import raise_alerts
from flows.warehouse.built import add_indexes, build_pieces, in_part, put_in_views_place, replace_built
from flows.warehouse.comments import add_comments
from flows.warehouse.deliveries import has_alerts
from flows.warehouse.disk import note_disk
from flows.warehouse.file import LedgerError, ledger_path, open_ledger, published_path
from flows.warehouse.history import compare_tolls, note_changes
from flows.warehouse.schema import meta, set_meta, views_version
from flows.warehouse.touched import find_touched

OF_PART, OF_LEDGER = "of the part", "of the ledger"
Broken = tuple[str, str, str]  # of a check that returns rows: its level (fail | warn), the promise, the first row


def search_folder(data: Path) -> Path:
    """Where dashboards keep the index of the words of what is published, which they make again whenever it is gone."""
    return data / "work" / "search"


class BrokenPromise(LedgerError):
    """Checks that return rows and may not: `broken` has their promises and what breaks them."""

    def __init__(self, broken: Sequence[tuple[str, str]]) -> None:
        told = " | ".join(f"{promise}; e.g. {broken_by}" for promise, broken_by in broken)
        super().__init__(f"not published, the last publication stays: a promise broke: {told}")
        self.broken = broken

    def __reduce__(self) -> tuple[type["BrokenPromise"], tuple[Sequence[tuple[str, str]]]]:
        return BrokenPromise, (self.broken,)  # pickled, it is told of in another process


class Checked(NamedTuple):
    """What is to be published: its number, the warnings, and whether somebody may have to be told of something."""

    number: int
    warnings: list[str]
    has_alerts: bool


def finish_run(data: Path, run_id: str, now: datetime, seconds: float, watches: Sequence[Watch] = ()) -> Checked:
    """The checks, the changes of the tolls, the alerts, the end of the run, comments: all that a publication holds.

    Raises BrokenPromise where a `fail` check returns rows: nothing of it is written, the last publication stays. A run
    that asked no address and brought nothing new, no correction either, under rules and views that were published
    already is not checked again.
    """
    started = time.monotonic()
    with open_ledger(data) as con:
        is_touched = find_touched(con)
        is_new, checks = meta(con, "built") is None, _checks_version()
        # Checks that are not those of last time ask of all articles; so they do where all are touched.
        of_touched = is_new or meta(con, "checks_version") == checks
        broken: list[Broken] = []
        for _ in build_pieces(con) if is_touched or is_new else ():
            compare_tolls(con)
            broken += broken_checks(con, OF_PART) if of_touched else []
        con.execute("BEGIN")
        note_disk(con, data, run_id, now)
        replace_built(con)
        row = con.execute("SELECT n_new, rules_version, command FROM runs WHERE run_id = ?", [run_id]).fetchone()
        assert row
        last = con.execute("FROM publications ORDER BY publication_no DESC LIMIT 1").fetchone()
        asked = con.execute("FROM fetches WHERE run_id = ? AND input LIKE 'http%' LIMIT 1", [run_id]).fetchone()
        said = meta(con, "corrections") not in (None, "published")
        is_same = last is not None and row[0] == 0 and row[2] == "run" and last[4] == views_version()
        is_same = is_same and not asked and not said and not is_touched
        warnings: list[tuple[str, str]] = []
        if not is_same:
            warnings = run_checks(con, OF_LEDGER if of_touched else None, broken)
            set_meta(con, "checks_version", checks)
        if said:
            set_meta(con, "corrections", "published")
        number = (int(last[0]) if last else 0) + 1
        con.execute("INSERT INTO publications VALUES (?, ?, ?, ?, ?)", [number, run_id, now, row[1], views_version()])
        if is_touched:
            note_changes(con, number, run_id, now, said)
        raise_alerts(con, number, run_id, now, None if is_same else warnings, watches)
        for promise, broken_by in warnings:
            con.execute("INSERT INTO run_warnings VALUES (?, ?, ?)", [run_id, promise, broken_by])
        took = time.monotonic() - started
        con.execute("INSERT INTO run_stages VALUES (?, 'check', 0, 0, ?)", [run_id, took])
        con.execute(
            "UPDATE runs SET state = 'done', ended_at = ?, seconds = ?, message = NULL WHERE run_id = ?",
            [now, seconds + took, run_id],
        )
        con.execute("COMMIT")
        add_comments(con)
        con.execute("CHECKPOINT")
        return Checked(number, [f"{promise}; e.g. {broken_by}" for promise, broken_by in warnings], has_alerts(con))


def _checks_version() -> str:
    texts = "".join(file.read_text("utf-8") for file in sorted((SQL / "checks").glob("*.sql")))
    return hashlib.sha256(texts.encode()).hexdigest()[:10]


def broken_checks(con: duckdb.DuckDBPyConnection, those: str | None = None) -> Iterator[Broken]:
    """Run sql/checks; those that return rows.

    OF_PART, while a `part` stands (built.build_pieces), are those marked `-- per article`, asked of its articles alone:
    the others have kept their promise since the last publication, for not a row of theirs has changed. OF_LEDGER are
    the rest.
    """
    for file in sorted((SQL / "checks").glob("*.sql")):
        sql = file.read_text("utf-8")
        if those and those != (OF_PART if "\n-- per article\n" in sql else OF_LEDGER):
            continue
        level, _, promise = sql.splitlines()[0].removeprefix("-- ").partition(": ")
        with in_part(con) if those == OF_PART else nullcontext():
            found = con.execute(sql)
            names, rows = [column[0] for column in found.description or []], found.fetchmany(1)
        if rows:
            first = ", ".join(f"{name} = {value}" for name, value in zip(names, rows[0], strict=True))
            yield level, f"{file.stem}: {promise}", first


def run_checks(
    con: duckdb.DuckDBPyConnection, those: str | None = None, found: Sequence[Broken] = ()
) -> list[tuple[str, str]]:
    """Of the `warn` checks that are broken (promise, what breaks it), `found` already or now. A broken `fail` one
    raises BrokenPromise."""
    first = {promise: (level, by) for level, promise, by in reversed([*found, *broken_checks(con, those)])}
    if failed := [(promise, by) for promise, (level, by) in sorted(first.items()) if level == "fail"]:
        raise BrokenPromise(failed)
    return [(promise, by) for promise, (_, by) in sorted(first.items())]


def publish(data: Path, number: int, keep: int) -> Path:
    """Copy the ledger over news.duckdb: readers keep the file they opened, the next one opens the new one. What takes
    long as a view is a table there, with an index where one is looked up.

    The last `keep` publications stay in publications/; the newest is the same file as news.duckdb, under two names.
    """
    folder = data / "publications"
    folder.mkdir(exist_ok=True)
    copy = folder / f"news-{number:08d}.duckdb"
    part = copy.with_suffix(".part")
    part.with_name(f"{part.name}.wal").unlink(missing_ok=True)  # of a kill: it is not this copy's
    _copy(ledger_path(data), part)
    with open_ledger(data, part) as con:
        put_in_views_place(con)
        add_indexes(con)
        con.execute("CHECKPOINT")
    sync(part)
    part.replace(copy)
    target = published_path(data)
    put_in_place(copy, target)
    sync(folder)
    for file in sorted(folder.glob("news-*.duckdb"))[: -max(keep, 1)]:
        file.unlink()
    return target


def put_in_place(copy: Path, target: Path) -> None:
    """Give a publication the readers' name too, at once."""
    link = target.with_suffix(".part")
    link.unlink(missing_ok=True)
    try:
        os.link(copy, link)
    except OSError:  # a file system without hard links
        _copy(copy, link)
    link.replace(target)
    sync(target.parent)


def _copy(source: Path, target: Path) -> None:
    shutil.copyfile(source, target)
    sync(target)


def sync(path: Path) -> None:
    """Make what was written to a file or a folder last through a power cut."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
