"""What two data folders must have in common: every row of every table and view; clocks and run ids apart."""

import hashlib
from pathlib import Path

import duckdb

Rows = list[tuple[object, ...]]

# How the ledger came to be, not what is in it.
HISTORY = {
    "runs",
    "run_stages",
    "run_batches",
    "run_warnings",
    "fetches",
    "publications",
    "toll_history",
    "rules",
    "rule_texts",
    "meta",
    "tidied",
    "source_health",
    "alerts",
    "alert_deliveries",
    "source_days",
    "source_yield",
    "source_rejects",
    "slow_pages",
    "disk_use",
    "disk",
}
CLOCKS = {
    "first_seen_at",
    "since_at",
    "printed_at",
    "last_new_at",
    "last_read_at",
    "seen_at",
    "fetched_at",
    "updated_at",
    "at",
    "run_id",
}


def tables_of(published: Path, apart: set[str] = HISTORY, clocks: set[str] = CLOCKS) -> dict[str, Rows]:
    """Rows by table and view, sorted; without the tables that are `apart` and the columns that are `clocks`."""
    found: dict[str, Rows] = {}
    with duckdb.connect(str(published), read_only=True) as con:
        con.execute("SET TimeZone = 'UTC'")
        columns: dict[str, list[str]] = {}
        for table, column in con.execute(
            "SELECT table_name, column_name FROM information_schema.columns ORDER BY table_name, ordinal_position"
        ).fetchall():
            if table not in apart:
                columns.setdefault(table, [])
                if column not in clocks:
                    columns[table].append(f'"{column}"')
        for table, names in columns.items():
            found[table] = sorted(con.execute(f"SELECT {', '.join(names)} FROM {table}").fetchall(), key=repr)
    return found


def checksum(published: Path) -> str:
    """A hash over what `tables_of` gives."""
    return hashlib.sha256(repr(sorted(tables_of(published).items())).encode()).hexdigest()


def differing(one: Path, other: Path) -> dict[str, tuple[Rows, Rows]]:
    """The tables that differ, with the rows that only one of the two has."""
    left, right = tables_of(one), tables_of(other)
    return {
        name: ([row for row in left[name] if row not in right[name]], [r for r in right[name] if r not in left[name]])
        for name in sorted(left.keys() | right.keys())
        if left[name] != right[name]
    }
