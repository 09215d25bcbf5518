"""Housekeeping: what grows with every run is kept small, and nothing that a published figure rests on ever goes.

A run does it at its end, when it is due and for a little while; `newsledger tidy` does all of it. What is killed in
between leaves a sound folder, and is taken up by the next time.
"""

import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import polars as pl

from flows import prefect_rows
from flows.collect.archive import Archive
from flows.collect.letting_go import count_bytes, held_rows, let_go
from flows.collect.memory import open_memory
from flows.collect.merging import Full, merge_small, plan_merges, removable
from flows.settings import Settings
from flows.warehouse import keeping
from flows.warehouse.file import LedgerError, ledger_path, open_ledger
from flows.warehouse.lock import Hold
from flows.warehouse.schema import create_tables, meta, set_meta
from flows.warehouse.versions import check_version

EVERY = timedelta(days=1)
MANY = 200  # files that came since the last time make it due earlier: opening that many takes 0.04 s
PATIENCE = 20.0  # seconds that a run spends on it; what is left then, the next one does
FAULTS = (OSError, duckdb.Error, sqlite3.Error, pl.exceptions.PolarsError, LedgerError)


@dataclass(frozen=True)
class Part:
    """What went, or would go, of one part of the data folder: files, rows, bytes; and what a user should know of it."""

    name: str
    n_files: int = 0
    n_rows: int = 0
    n_bytes: int = 0
    told: tuple[str, ...] = ()


@dataclass
class Tidied:
    """What housekeeping did, or would do; `faults` is what failed, part by part: the others were done."""

    parts: list[Part] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Task:
    """What there is to do, whether to do it or only to say it, and for how long."""

    settings: Settings
    hold: Hold
    now: datetime
    is_dry: bool
    is_time: Callable[[], bool]

    @property
    def data(self) -> Path:
        """The data folder."""
        return self.settings.data

    @property
    def raw(self) -> Path:
        """The raw archive."""
        return self.data / "raw"


def tidy(settings: Settings, hold: Hold, now: datetime, is_dry: bool = False, seconds: float = float("inf")) -> Tidied:
    """Do what is to be done at `now` in a data folder that the caller holds, for about so many `seconds`; of a dry run
    only say it. What fails is told in `faults`. Raises LedgerError for a ledger of another schema."""
    path = ledger_path(settings.data)
    with open_ledger(settings.data) as con:
        if check_version(con, path):
            raise LedgerError(f"{path}: of an older schema; the next `newsledger run` brings it up to date")
        create_tables(con)
    until = time.monotonic() + seconds
    task = Task(settings, hold, now, is_dry, lambda: time.monotonic() < until)
    done = Tidied()
    of_config = () if settings.are_named else (_bytes, _runs, _copies)  # a run by hand may know another [keep], or none
    for step in (_replaced, _small, _prefect, *of_config):
        if not task.is_time():
            break
        try:
            done.parts += step(task)
        except FAULTS as error:
            done.faults.append(f"{step.__name__.removeprefix('_')}: {error}")
    if not is_dry:
        with open_ledger(settings.data) as con:
            for part in done.parts:
                if part.n_files or part.n_rows:
                    keeping.note_tidied(con, now, part.name, part.n_files, part.n_rows, part.n_bytes)
            if task.is_time():
                at, _ = _last_time(con) if settings.are_named else (now, 0)
                set_meta(con, "tidied", f"{at.isoformat()} {len(Archive(task.raw).files())}")
    return done


def tidy_when_due(settings: Settings, hold: Hold) -> list[str]:
    """What a run does at its end; returns what failed. It fails no run."""
    now = datetime.now(UTC)
    try:
        if not _is_due(settings, now):
            return []
        faults = tidy(settings, hold, now, seconds=PATIENCE).faults
    except FAULTS as error:
        faults = [str(error)]
    return [f"housekeeping: {fault}; `newsledger tidy` tries it again" for fault in faults]


def _is_due(settings: Settings, now: datetime) -> bool:
    """Whether a day has passed, or many files have come; the first day begins with the first run. A run by hand looks
    at the files alone."""
    n_files = len(Archive(settings.data / "raw").files())
    with open_ledger(settings.data) as con:
        if meta(con, "tidied") is None:
            set_meta(con, "tidied", f"{now.isoformat()} {n_files}")
        at, n_before = _last_time(con)
    is_early = timedelta(0) <= now - at < EVERY
    return n_files > n_before + MANY or not (is_early or settings.are_named)


def _last_time(con: duckdb.DuckDBPyConnection) -> tuple[datetime, int]:
    """When it was done last (UTC), and how many files the archive had then."""
    at, n_files = (meta(con, "tidied") or f"{datetime.now(UTC).isoformat()} 0").split()
    return datetime.fromisoformat(at), int(n_files)


def _remove(task: Task, name: str, files: Sequence[Path]) -> Part:
    """Remove files, but of a dry run, and say what they come to."""
    size = sum(file.stat().st_size for file in files)
    if not task.is_dry:
        for file in files:
            file.unlink()
    return Part(name, len(files), 0, size)


def _replaced(task: Task) -> Iterator[Part]:
    """Files of the archive for which a merged one stands."""
    files = removable(task.raw, task.now.timestamp())
    yield _remove(task, "merged files of raw/", files)


def _small(task: Task) -> Iterator[Part]:
    """Small files of the archive are merged; `n_files` counts how many fewer there are."""
    if any(task.hold.batches.glob("*")):
        yield Part(
            "small files of raw/", told=("a killed run has batches of them under way: `newsledger run` comes first",)
        )
        return
    run = task.settings.run
    full = Full(run.batch_documents, int(run.batch_megabytes * 1e6))
    if task.is_dry:
        groups = [group for group in plan_merges(task.raw, full) if len(group) > 1]
        n_from, n_into = sum(len(group) for group in groups), len(groups)
    else:
        if memory := open_memory(task.data, Archive(task.raw), is_needed=False):
            memory.close()  # it has looked into every file now: merged ones are no news to it
        n_from, n_into = merge_small(task.raw, full, task.is_time)
    told = (f"{n_from} become {n_into}; the old ones go an hour later",) if n_from else ()
    yield Part("small files of raw/", n_from - n_into, told=told)


def _bytes(task: Task) -> Iterator[Part]:
    """Raw bytes past their age on which nothing rests; those of sources that the config does not name stay."""
    keep, days = task.settings.keep, {}
    for source in task.settings.sources:
        own = source.keep_days
        days[source.name] = (keep.bytes_days, keep.listing_days) if own is None else (own, own)
    with open_ledger(task.data) as con:
        weighed = keeping.weigh_bytes(con, held_rows(task.raw), days, task.now)
    going = weighed.going
    size = count_bytes(task.raw, going)
    if not task.is_dry:
        let_go(task.raw, going, task.now)
        with open_ledger(task.data) as con:
            keeping.mirror_let_go(con, Archive(task.raw).let_go)
    told = [f"{n}: {why}" for why, n in going.group_by("why").agg(n=pl.len()).sort("why").iter_rows()]
    told += [f"{n} past their age stay: {why}" for why, n in weighed.staying.iter_rows()]
    yield Part("bytes in raw/", 0, going.height, size, tuple(told))


def _runs(task: Task) -> Iterator[Part]:
    """Rows of old runs."""
    days = task.settings.keep.run_days
    if not days:
        return
    with open_ledger(task.data) as con:
        found = keeping.old_rows(con, days, task.now)
        if found and not task.is_dry:
            keeping.delete_old_rows(con, days, task.now)
    for table, number in found.items():
        yield Part(table, 0, number)


def _copies(task: Task) -> Iterator[Part]:
    """The ledger as it was before upgrades."""
    days = task.settings.keep.copy_days
    before = task.now.timestamp() - days * 86400
    files = [file for file in task.data.glob("work/ledger-schema-*.duckdb") if days and file.stat().st_mtime < before]
    yield _remove(task, "copies of older ledgers", files)


def _prefect(task: Task) -> Iterator[Part]:
    """What Prefect's own server, below the data folder, knows of old runs."""
    file, days = prefect_rows.prefect_path(task.data), task.settings.keep.prefect_days
    if not file.exists() or not days:
        return
    number, size = prefect_rows.count_old(task.data, days, task.now), file.stat().st_size
    if number and not task.is_dry:
        prefect_rows.forget_old(task.data, days, task.now, task.is_time)
    yield Part("runs in prefect/", 0, number, max(size - file.stat().st_size, 0))
