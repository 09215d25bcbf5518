"""Reading what is published: read-only, no files, no network, no extensions."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

from flows.sources import UsageError
from flows.warehouse.file import SETTINGS, LedgerError
from flows.warehouse.publish import published_path
from flows.warehouse.schema import check_version

Row = dict[str, Any]


@contextmanager
def open_published(data: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection that can only read the published tables. Raises UsageError where nothing is published yet,
    LedgerError for a file that cannot be read or has another schema."""
    path = published_path(data)
    if not path.exists():
        raise UsageError(
            f"{path}: nothing published yet; `newsledger run` makes it (or name another folder with --data)"
        )
    try:
        con = duckdb.connect(str(path), read_only=True, config=SETTINGS)
    except duckdb.Error as error:
        raise LedgerError(f"{path}: {str(error).splitlines()[0]} (`newsledger doctor` mends it)") from error
    try:
        if older := check_version(con, path):
            raise LedgerError(
                f"{path}: published with schema {older}, an older one; `newsledger run` publishes it anew"
            )
        con.execute("SET TimeZone = 'UTC'; SET enable_external_access = false; SET lock_configuration = true")
        yield con
    finally:
        con.close()


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
