"""The version of the ledger's schema, and what a reader does with a file of another one."""

from pathlib import Path

import duckdb

from flows.warehouse.file import LedgerError

SCHEMA_VERSION = 7


def schema_version(con: duckdb.DuckDBPyConnection) -> int | None:
    """The version that a file was written with; None for one without tables."""
    if not con.execute("FROM duckdb_tables() WHERE table_name = 'meta'").fetchone():
        return None
    row = con.execute("SELECT value FROM meta WHERE key = 'schema_version'").fetchone()
    return int(row[0]) if row else None


def check_version(con: duckdb.DuckDBPyConnection, path: Path) -> int | None:
    """The version of an older file, None where it is today's or empty. Raises LedgerError for a newer one."""
    found = schema_version(con)
    if found is None or found == SCHEMA_VERSION:
        return None
    if found > SCHEMA_VERSION:
        row = con.execute("SELECT value FROM meta WHERE key = 'newsledger_version'").fetchone()
        from importlib.metadata import version  # every reader looks here, and few need it

        by = row[0] if row else "a newer version"
        raise LedgerError(
            f"{path}: written by newsledger {by}, schema {found}; this is newsledger {version('newsledger')}, schema "
            f"{SCHEMA_VERSION}: install newsledger {row[0] if row else 'with that schema'} or newer"
        )
    return found
