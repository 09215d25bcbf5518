"""Reading what is published: read-only, no files, no network, no extensions, bounded memory, no spilling."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

from flows.sources import UsageError
from flows.warehouse.file import SETTINGS, LedgerError, ledger_path, published_path, quoted
from flows.warehouse.versions import check_version

Row = dict[str, Any]
READ_ONLY: dict[str, str | bool | int | float | list[str]] = SETTINGS | {
    "allow_community_extensions": "false",
    "allow_persistent_secrets": "false",
    "python_enable_replacements": "false",  # a query sees no variable of ours
    "temp_directory": "",  # what memory does not hold is refused, not written
    "max_temp_directory_size": "0B",
}


@contextmanager
def open_newest(data: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection that can only read the ledger, which knows what became of the last publication's alerts; where a run
    is at work, one on the publication. Raises as open_published does."""
    try:
        with open_published(data):
            con = duckdb.connect(str(ledger_path(data)), read_only=True, config=SETTINGS)
    except duckdb.Error:
        with open_published(data) as published:
            yield published
        return
    try:
        con.execute("SET TimeZone = 'UTC'")
        yield con
    finally:
        con.close()


@contextmanager
def open_published(
    data: Path, megabytes: int | None = None, writes_to: Path | None = None
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection that can only read the published tables, with so much memory (None: half of the machine's); COPY
    may write into the folder `writes_to`. Raises UsageError where nothing is published yet, LedgerError for a file that
    cannot be read or has another schema."""
    path = published_path(data)
    if not path.exists():
        raise UsageError(nothing_published(path))
    with open_file(path, megabytes, writes_to) as con:
        yield con


def nothing_published(path: Path) -> str:
    """What is said where there is no such publication."""
    return f"{path}: nothing published yet; `newsledger run` makes it (or name another folder with --data)"


@contextmanager
def open_file(
    path: Path, megabytes: int | None = None, writes_to: Path | None = None
) -> Iterator[duckdb.DuckDBPyConnection]:
    """As open_published does, of a publication by its path. Raises LedgerError."""
    config = READ_ONLY | {"memory_limit": f"{megabytes or usual_megabytes()}MB"}
    settable = ["TimeZone", "enable_external_access", *(["allowed_directories"] if writes_to else [])]
    config |= {"allowed_configs": settable, "lock_configuration": "true"}
    try:
        con = duckdb.connect(str(path), read_only=True, config=config)
    except duckdb.Error as error:
        raise LedgerError(f"{path}: {str(error).splitlines()[0]} (`newsledger doctor` mends it)") from error
    try:
        if older := check_version(con, path):
            raise LedgerError(
                f"{path}: published with schema {older}, an older one; `newsledger run` publishes it anew"
            )
        if writes_to:
            con.execute(f"SET allowed_directories = ['{quoted(writes_to)}']")
        # Once off it cannot be turned on again while the file is open; nothing else but what is settable can be set.
        con.execute("SET TimeZone = 'UTC'; SET enable_external_access = false")
        yield con
    finally:
        con.close()


def usual_megabytes() -> int:
    """Half of the machine's memory."""
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2_000_000


def rows(con: duckdb.DuckDBPyConnection, sql: str, params: list[object] | None = None) -> list[Row]:
    """The rows of a query, as dicts."""
    cursor = con.execute(sql, params or [])
    names = [column[0] for column in cursor.description or []]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def last_start(data: Path) -> datetime | None:
    """When the last run that was published began; NULL where nothing is published. Raises LedgerError."""
    if not published_path(data).exists():
        return None
    with open_published(data) as con:
        row = con.execute("SELECT max(started_at) FROM runs").fetchone()
    return row[0] if row else None


def resolve(con: duckdb.DuckDBPyConnection, kind: str, wanted: str) -> str:
    """A story's or event's id as it stands today: ids once published stay good, and a unique beginning will do."""
    table, alias = {"story": ("stories", "story_aliases"), "event": ("events", "event_aliases")}[kind]
    found = rows(
        con,
        f"SELECT DISTINCT id FROM (SELECT {kind}_id AS id FROM {table} WHERE starts_with({kind}_id, $1) "
        f"UNION ALL SELECT new_id FROM {alias} WHERE starts_with(old_id, $1))",
        [wanted],
    )
    if len(found) != 1:
        what = "no" if not found else f"{len(found)}"
        raise UsageError(f"{wanted}: {what} {kind} has this id; `newsledger story` lists them")
    return str(found[0]["id"])
