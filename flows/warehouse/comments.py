"""What each table, view, macro and column means: sql/comments/*.csv, written into the ledger as its comments, which go
with it into the publication.

A row names objects (several parted by blanks; `*`: a column of that name wherever it stands) and a column; without a
column it describes the objects themselves, its grain first. Of two that fit a column the one that names the object
holds.
"""

import csv
from typing import NamedTuple

import duckdb

from flows.lexicon import SQL

ANYWHERE = "*"
BUILT = "built_"  # before a view's name: the ledger's table of its rows
OBJECTS = """
SELECT table_name AS name, 'TABLE' AS kind, comment FROM duckdb_tables() WHERE database_name = current_database()
UNION ALL
SELECT view_name, 'VIEW', comment FROM duckdb_views() WHERE NOT internal AND database_name = current_database()
UNION ALL
SELECT DISTINCT function_name, if(function_type = 'table_macro', 'MACRO TABLE', 'MACRO'), comment
FROM duckdb_functions()
WHERE NOT internal AND function_type IN ('macro', 'table_macro') AND database_name = current_database()
"""
COLUMNS = """
SELECT table_name, column_name, comment FROM duckdb_columns()
WHERE NOT internal AND database_name = current_database()
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
    """Let every table, view, macro and column of a file bear its comment, in one transaction; a table that is built of
    a view bears the view's. Only what bears another one or none is written: a thousand take as long as five looks."""
    said, statements = read_comments(), list[str]()
    for name, kind, borne in con.execute(OBJECTS).fetchall():
        one = said.get((name.removeprefix(BUILT), ""))
        if one and one.text != borne:
            statements.append(f'COMMENT ON {kind} "{name}" IS {_literal(one.text)}')
    for table, column, borne in con.execute(COLUMNS).fetchall():
        one = said.get((table.removeprefix(BUILT), column)) or said.get((ANYWHERE, column))
        if one and one.text != borne:
            statements.append(f'COMMENT ON COLUMN "{table}"."{column}" IS {_literal(one.text)}')
    if statements:
        con.execute("; ".join(["BEGIN", *statements, "COMMIT"]))  # at once: half the time of a thousand calls


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
