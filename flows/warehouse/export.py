"""A publication as plain files: a file for each table and view, a dictionary, and what they are of."""

import hashlib
import json
import shutil
from importlib.metadata import version
from pathlib import Path

import duckdb

from flows.sources import UsageError
from flows.warehouse.answered import as_text
from flows.warehouse.file import LedgerError
from flows.warehouse.publish import sync
from flows.warehouse.read import open_published
from flows.warehouse.schema import meta

FORMATS = ("parquet", "csv")
GROUP = 20_000  # rows of a Parquet row group: what is held at once
DICTIONARY = """
    SELECT name AS "table", column_name AS "column", type, comment FROM (
        SELECT table_name AS name, 0 AS place, NULL AS column_name, 'table' AS type, comment
        FROM duckdb_tables() WHERE NOT internal
        UNION ALL
        SELECT view_name, 0, NULL, 'view', comment FROM duckdb_views() WHERE NOT internal
        UNION ALL
        SELECT table_name, column_index, column_name, data_type, comment FROM duckdb_columns() WHERE NOT internal
    )
    ORDER BY name, place
"""


def export_published(data: Path, folder: Path, format: str) -> tuple[int, int]:
    """Write every table and view of the publication into a folder that is new, empty or an earlier export, which is
    replaced as a whole; it is there when all of it is. Returns the number of tables and of rows.

    Parquet keeps the types; CSV has lists as JSON, instants as ISO 8601 in UTC, NULL as an empty cell, an empty text as
    `""`. Raises UsageError for another format or folder, LedgerError where it cannot be written, and as
    `open_published` does.
    """
    if format not in FORMATS:
        raise UsageError(f"--format {format}: none of {', '.join(FORMATS)}")
    folder = folder.resolve()
    if other := _not_ours(folder):
        raise UsageError(f"{other}: not of an export; name a folder that is new, empty or an earlier export")
    part = folder.with_name(f"{folder.name}.newsledger-part")
    shutil.rmtree(part, ignore_errors=True)
    try:
        n_rows = _write_all(data, part, format)
        _put_in_place(part, folder)
    except duckdb.Error as error:
        raise LedgerError(f"{folder}: {str(error).splitlines()[0]}; what was there stays") from error
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return len(n_rows), sum(n_rows.values())


def _write_all(data: Path, part: Path, format: str) -> dict[str, int]:
    """Write all files of an export, export.json last; returns the rows of each table's file."""
    with open_published(data, writes_to=part) as con:
        part.mkdir(parents=True)
        rows = {f"{name}.{format}": _write(con, name, part / f"{name}.{format}") for name in _names(con)}
        con.sql(DICTIONARY).write_csv(str(part / "dictionary.csv"))
        about = _about(con) | {"format": format, "files": {name: _file(part / name, n) for name, n in rows.items()}}
    for file in part.iterdir():
        sync(file)
    (part / "export.json").write_text(json.dumps(about, indent=1) + "\n", "utf-8")
    sync(part / "export.json")
    return rows


def _not_ours(folder: Path) -> Path | None:
    """The folder where it is none, or a file in it that no export of ours wrote."""
    if not folder.exists():
        return None
    if not folder.is_dir():
        return folder
    there = {file.name for file in folder.iterdir()}
    ours: set[str] = set()
    if "export.json" in there:
        try:
            ours = {"export.json", "dictionary.csv", *json.loads((folder / "export.json").read_text("utf-8"))["files"]}
        except (ValueError, KeyError, TypeError):
            return folder / "export.json"
    return next((folder / name for name in sorted(there - ours)), None)


def _names(con: duckdb.DuckDBPyConnection) -> list[str]:
    rows = con.execute(
        "SELECT table_name FROM duckdb_tables() WHERE NOT internal UNION "
        "SELECT view_name FROM duckdb_views() WHERE NOT internal ORDER BY ALL"
    ).fetchall()
    return [str(name) for (name,) in rows]


def _write(con: duckdb.DuckDBPyConnection, name: str, file: Path) -> int:
    """Write a table; returns its number of rows."""
    rows = con.sql(f'FROM "{name}"')
    if file.suffix == ".csv":
        as_text(rows).write_csv(str(file), header=True)
    else:
        rows.write_parquet(str(file), compression="zstd", row_group_size=GROUP)
    counted = con.execute(f'SELECT count(*) FROM "{name}"').fetchone()
    assert counted
    return int(counted[0])


def _about(con: duckdb.DuckDBPyConnection) -> dict[str, object]:
    """Which publication it is, and of what versions; `published_at` in UTC."""
    last = con.execute(
        'SELECT publication_no, "at"::VARCHAR, run_id, rules_version FROM publications ORDER BY ALL DESC LIMIT 1'
    ).fetchone()
    names = ("publication_no", "published_at", "run_id", "rules_version")
    about = dict(zip(names, last or [None] * len(names), strict=True))
    versions = {"schema_version": meta(con, "schema_version"), "published_by": meta(con, "newsledger_version")}
    return about | versions | {"newsledger_version": version("newsledger")}


def _file(file: Path, n_rows: int) -> dict[str, object]:
    with file.open("rb") as content:
        digest = hashlib.file_digest(content, "sha256")
    return {"rows": n_rows, "bytes": file.stat().st_size, "sha256": digest.hexdigest()}


def _put_in_place(part: Path, folder: Path) -> None:
    """Give the whole its name; an earlier one is gone for that moment."""
    earlier = folder.with_name(f"{folder.name}.newsledger-old")
    shutil.rmtree(earlier, ignore_errors=True)
    if folder.exists():
        folder.rename(earlier)
    part.rename(folder)
    sync(folder.parent)
    shutil.rmtree(earlier, ignore_errors=True)
