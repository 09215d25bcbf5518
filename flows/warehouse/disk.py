"""What a data folder takes of its disk, kept run by run: rows of `disk_use`."""

import os
import shutil
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import duckdb

PARTS = ("raw", "work", "publications", "prefect")


def note_disk(con: duckdb.DuckDBPyConnection, data: Path, run_id: str, now: datetime) -> None:
    """Write down bytes and files of each part of a data folder at `now` (UTC), and what its disk has left (`free`,
    whose n_files is NULL)."""
    for part, n_bytes, n_files in [*_measured(data), ("free", shutil.disk_usage(data).free, None)]:
        con.execute("INSERT INTO disk_use VALUES (?, ?, ?, ?, ?)", [run_id, part, n_bytes, n_files, now])


def _measured(data: Path) -> Iterator[tuple[str, int, int]]:
    """A file under two names (news.duckdb is the newest publication) counts once."""
    seen: set[int] = set()
    for part in (*PARTS, "other"):
        folders = [data / part] if part in PARTS else [one for one in data.iterdir() if one.name not in PARTS]
        n_bytes = n_files = 0
        for file in (file for folder in folders for file in _files(folder)):
            with suppress(FileNotFoundError):  # gone since it was listed
                told = file.stat()
                n_bytes += told.st_size if told.st_ino not in seen else 0
                n_files += 1
                seen.add(told.st_ino)
        yield part, n_bytes, n_files


def _files(path: Path) -> Iterator[Path]:
    if path.is_file():
        yield path
    for folder, _, names in os.walk(path):
        yield from (Path(folder, name) for name in names)
