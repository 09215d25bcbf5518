"""What the tables, views, macros and columns of a publication mean, as its comments say."""

import duckdb
from rich.console import Console
from rich.markup import escape
from rich.table import Column, Table

from flows.sources import UsageError
from flows.warehouse.read import Row, rows

# Rows: name, comment.
OBJECTS = """
SELECT table_name AS name, comment FROM duckdb_tables()
UNION ALL SELECT view_name, comment FROM duckdb_views() WHERE NOT internal
UNION ALL SELECT DISTINCT function_name, comment FROM duckdb_functions()
WHERE NOT internal AND function_type IN ('macro', 'table_macro')
ORDER BY name
"""
# Rows: name, type, comment; $1 the table or view.
COLUMNS = """
SELECT column_name AS name, replace(data_type, 'TIMESTAMP WITH TIME ZONE', 'TIMESTAMPTZ') AS type, comment
FROM duckdb_columns() WHERE NOT internal AND table_name = $1 ORDER BY column_index
"""


def print_dictionary(console: Console, con: duckdb.DuckDBPyConnection, name: str | None) -> None:
    """A table, view or macro with its columns; without a name, all of them. Raises UsageError."""
    known = {row["name"]: row for row in rows(con, OBJECTS)}
    if name is None:
        _print(console, list(known.values()), ["name"])
    elif name in known:
        console.print(escape(known[name]["comment"] or "–"))
        if columns := rows(con, COLUMNS, [name]):
            _print(console, columns, ["name", "type"])
    else:
        raise UsageError(f"{name}: no table, view or macro has this name; `newsledger describe` lists them")


def _print(console: Console, found: list[Row], columns: list[str]) -> None:
    table = Table(*(Column(column, no_wrap=True) for column in columns), "meaning")
    for row in found:
        table.add_row(*(row[column] for column in columns), escape(row["comment"] or "–"))
    console.print(table)
