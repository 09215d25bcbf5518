"""A backup: what cannot be made again, copied while whatever runs goes on; it is a data folder that `doctor` completes.

Order makes it whole: first the publication (readers' file, replaced as a whole, so that an open one stays as it is),
then what analysts said and took down, then the archive, which by then has all the bytes that the publication rests on.
Where housekeeping moved bytes meanwhile the archive is copied again.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb
import polars as pl

from flows.collect.archive import Archive
from flows.collect.forgotten import tombstones_path
from flows.schema import KEY
from flows.sources import UsageError
from flows.warehouse.corrections import corrections_path
from flows.warehouse.file import SETTINGS, LedgerError, published_path
from flows.warehouse.publish import sync

TRIES = 3  # copies of the archive, where files of it are merged or erased meanwhile


@dataclass
class BackedUp:
    """What a backup did: files and bytes copied, files of the archive that were there already or went."""

    n_copied: int = 0
    n_bytes: int = 0
    n_there: int = 0
    n_gone: int = 0


def back_up(data: Path, folder: Path) -> BackedUp:
    """Copy a data folder's publication, archive, corrections and tombstones to `folder`, of which what is the same
    already stays. Killed at any instant it leaves the last backup or this one.

    Raises UsageError for a folder that is no backup, LedgerError where the archive lacks what the publication rests on.
    """
    if not published_path(data).exists():
        raise UsageError(f"{data}: nothing published yet; `newsledger run` comes first")
    if folder.resolve().is_relative_to(data.resolve()) or data.resolve().is_relative_to(folder.resolve()):
        raise UsageError(f"{folder}: a backup lies outside the data folder")
    if folder.exists() and any(folder.iterdir()) and not (folder / "raw").is_dir():
        raise UsageError(f"{folder}: not empty, and no backup; name a new folder")
    (folder / "raw").mkdir(parents=True, exist_ok=True)
    done = BackedUp()
    with _copied(published_path(data), published_path(folder), done):
        for path in (corrections_path, tombstones_path):
            if path(data).exists():
                with _copied(path(data), path(folder), done):
                    pass
        for _ in range(TRIES):
            _copy_archive(data / "raw", folder / "raw", done)
            lost = _lost(folder)
            if lost is None:
                break
        else:
            raise LedgerError(f"{data / 'raw'}: lacks the bytes of {lost}; `newsledger doctor` looks what is wrong")
    for file in (folder / "raw").glob("*.parquet"):  # those too for which a merged one stands
        if not (data / "raw" / file.name).exists():
            file.unlink()
            done.n_gone += 1
    return done


@contextmanager
def _copied(source: Path, target: Path, done: BackedUp) -> Iterator[None]:
    """Copy a file beside its place; it takes it when the block has ended."""
    part = target.with_suffix(".part")
    shutil.copyfile(source, part)
    sync(part)
    yield
    part.replace(target)
    sync(target.parent)
    done.n_copied += 1
    done.n_bytes += target.stat().st_size


def _copy_archive(source: Path, target: Path, done: BackedUp) -> None:
    """Copy the archive's files that are not there as they are; one that goes meanwhile was merged into another."""
    done.n_there = 0
    for file in Archive(source).files():
        copy = target / file.name
        try:
            told = file.stat()
            if copy.exists() and (copy.stat().st_size, copy.stat().st_mtime_ns) == (told.st_size, told.st_mtime_ns):
                done.n_there += 1
                continue
            with _copied(file, copy, done):
                os.utime(copy.with_suffix(".part"), ns=(told.st_atime_ns, told.st_mtime_ns))
        except FileNotFoundError:
            copy.with_suffix(".part").unlink(missing_ok=True)


def _lost(folder: Path) -> str | None:
    """An article of the copied publication whose bytes the copied archive lacks; NULL where there is none."""
    with duckdb.connect(str(published_path(folder).with_suffix(".part")), read_only=True, config=SETTINGS) as con:
        keys = con.sql("SELECT article_id, raw_sha256 FROM revisions ORDER BY ALL").pl()
    archived: pl.DataFrame = Archive(folder / "raw").contents
    lost = keys.join(archived, on=KEY, how="anti")
    return str(lost["article_id"][0]) if lost.height else None
