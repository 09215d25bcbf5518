"""What each table, view, macro and column means: sql/comments/*.csv, written into the publication as its comments.

A row names objects (several parted by blanks; `*`: a column of that name wherever it stands) and a column; without a
column it describes the objects themselves, its grain first. Of two that fit a column the one that names the object
holds.
"""

import csv
from typing import NamedTuple

import duckdb

from flows.lexicon import SQL

ANYWHERE = "*"
OBJECTS = """
SELECT table_name AS name, 'TABLE' AS kind FROM duckdb_tables() WHERE database_name = current_database()
UNION ALL SELECT view_name, 'VIEW' FROM duckdb_views() WHERE NOT internal AND database_name = current_database()
UNION ALL
SELECT DISTINCT function_name, if(function_type = 'table_macro', 'MACRO TABLE', 'MACRO') FROM duckdb_functions()
WHERE NOT internal AND function_type IN ('macro', 'table_macro') AND database_name = current_database()
"""
COLUMNS = """
SELECT table_name, column_name FROM duckdb_columns() WHERE NOT internal AND database_name = current_database()
"""


class Said(NamedTuple):
    """A comment, and the file of sql/comments that has it, without its ending."""

    text: str
    topic: str


def read_comments() -> dict[tuple[str, str], Said]:
    """By object and column ('' of the object itself), in the order of files and rows."""
    found: dict[tuple[str, str], Said] = {}
    for file in sorted((SQL / "comments").glob("*.csv")):
        with file.open(encoding="utf-8", newline="") as text:
            for row in csv.DictReader(text):
                found |= {(name, row["column"]): Said(row["comment"], file.stem) for name in row["object"].split()}
    return found


def add_comments(con: duckdb.DuckDBPyConnection) -> None:
    """Let every table, view, macro and column of a file bear its comment, in one transaction."""
    said = read_comments()
    statements = ["BEGIN"]
    for name, kind in con.execute(OBJECTS).fetchall():
        if one := said.get((name, "")):
            statements.append(f'COMMENT ON {kind} "{name}" IS {_literal(one.text)}')
    for table, column in con.execute(COLUMNS).fetchall():
        if one := said.get((table, column)) or said.get((ANYWHERE, column)):
            statements.append(f'COMMENT ON COLUMN "{table}"."{column}" IS {_literal(one.text)}')
    con.execute("; ".join([*statements, "COMMIT"]))  # at once: half the time of a thousand calls


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
