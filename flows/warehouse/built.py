"""Views that a publication holds as tables: those that say so in their first comment, with the columns that sort them.

The ledger keeps their rows in tables of its own (`built_` and the view's name), which take the views' place in the
copy that is published. Only what is touched since then is built anew, piece by piece: from `part`, a ledger in memory
of the articles that a piece takes, in which each view is worked out once, from the tables of those that it reads.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from graphlib import TopologicalSorter
from pathlib import Path
from typing import NamedTuple

import duckdb

from flows.warehouse.schema import definitions, meta, set_meta
from flows.warehouse.touched import PIECE, TOUCHED, fill_part, find_pieces, keep_inputs

MARK = re.compile(r"^-- A table in the publication, by ([a-z_, ]+); (made anew|per (?:article|event|story))\.$", re.M)
INDEXED = re.compile(r"^-- An index on ([a-z_]+)\.$", re.M)
NAMED = re.compile(r"\b(?:FROM|JOIN)\s+([a-z_]+)")


class Built(NamedTuple):
    """How a view becomes a table: the columns that sort it, the unit by which its rows are replaced (NULL: all are,
    each time) and the column that names that."""

    order: str
    unit: str | None
    key: str


def built_views() -> dict[str, Built]:
    """The views that become tables, each behind those that it reads."""
    views, macros = texts("views"), texts("macros")
    found: dict[str, Built] = {}
    for name in by_need(views, macros):
        if mark := MARK.search(views.get(name, "")):
            unit = mark[2].removeprefix("per ") if mark[2] != "made anew" else None
            found[name] = Built(mark[1], unit, mark[1] if mark[1] == "id" else f"{unit}_id")
    return found


def build_pieces(con: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Work out the rows of what is touched (touched.find_touched) into temporary tables, `made_` and the view's name;
    while the caller looks at a piece, its `part` stands. No transaction may be open: one cannot write to two files."""
    views = {name: view for name, view in built_views().items() if view.unit}
    for _ in find_pieces(con):
        con.execute("ATTACH ':memory:' AS part")
        fill_part(con)
        with in_part(con):
            _build_part(con)
        for name, view in views.items():
            con.execute(f"CREATE TEMP TABLE IF NOT EXISTS made_{name} AS FROM part.{name} LIMIT 0")
            con.execute(f"INSERT INTO made_{name} FROM part.{name} WHERE {view.key} IN (FROM {PIECE[view.unit or '']})")
        yield
        con.execute("DETACH part")


@contextmanager
def in_part(con: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Let names mean those of the part; of tables that stand there too, not those of the ledger."""
    row = con.execute("SELECT current_database()").fetchone()
    assert row
    con.execute("USE part")
    try:
        yield
    finally:
        con.execute(f'USE "{row[0]}"')


def replace_built(con: duckdb.DuckDBPyConnection) -> None:
    """After `build_pieces`, in the caller's transaction: let the tables say what the views say now."""
    is_new = meta(con, "built") is None
    views = built_views()
    for name, view in views.items():
        if view.unit is None:
            con.execute(f"CREATE OR REPLACE TABLE built_{name} AS FROM {name} ORDER BY {view.order}")
        elif is_new:
            con.execute(f"CREATE OR REPLACE TABLE built_{name} AS FROM made_{name} ORDER BY {view.order}")
        elif con.execute(f"FROM {TOUCHED[view.unit]} LIMIT 1").fetchone():
            con.execute(f"DELETE FROM built_{name} WHERE {view.key} IN (FROM {TOUCHED[view.unit]})")
            con.execute(f"INSERT INTO built_{name} FROM made_{name} ORDER BY {view.order}")
    keep_inputs(con)
    set_meta(con, "built", " ".join(f"built_{name}" for name in views))


def put_in_views_place(con: duckdb.DuckDBPyConnection) -> None:
    """In a copy of the ledger: give the tables the names of their views. Its `views_version` goes, so that `prepare`
    gives a publication that takes the ledger's place its views again."""
    con.execute("BEGIN")
    names = [name.removeprefix("built_") for name in (meta(con, "built") or "").split()]
    for name in names:
        con.execute(f"DROP VIEW {name}; ALTER TABLE built_{name} RENAME TO {name}")
    con.execute("DROP TABLE built_inputs; DELETE FROM meta WHERE key = 'views_version'")
    set_meta(con, "built", " ".join(names))
    con.execute("COMMIT")


def add_indexes(con: duckdb.DuckDBPyConnection) -> None:
    """In a publication: what its pages look up by a column is found at once, without a look at all rows. It comes last,
    for DuckDB changes no table that has an index."""
    for name, sql in texts("views").items():
        for column in INDEXED.findall(sql):
            con.execute(f"CREATE INDEX {name}_by_{column} ON {name} ({column})")


def _build_part(con: duckdb.DuckDBPyConnection) -> None:
    """Make the part's macros and views, tables of those views that are built. Where one of these is its macro at
    'infinity', the macro reads the table meanwhile: no part of the chain is worked through twice."""
    views, macros = texts("views"), texts("macros")
    built = built_views()
    for sql in [*texts("lexicon").values(), *macros.values()]:
        if ") AS TABLE" not in sql:
            con.execute(sql)
    for name in by_need(views, macros):
        if name not in built or not built[name].unit:
            con.execute((views | macros)[name])
        else:
            select = views[name].partition(f"VIEW {name} AS")[2].strip().rstrip(";")
            con.execute(f"CREATE TABLE {name} AS FROM ({select})")
            if f"{name}_as_of" in macros:
                con.execute(f"CREATE OR REPLACE MACRO {name}_as_of(t, clock) AS TABLE FROM {name}")
    for name in built:
        if f"{name}_as_of" in macros:
            con.execute(macros[f"{name}_as_of"])


def texts(room: str) -> dict[str, str]:
    """SQL of the definitions of a room of sql/, by name."""
    return {Path(file).stem: sql for file, sql in definitions().items() if Path(file).parts[0] == room}


def by_need(views: dict[str, str], macros: dict[str, str]) -> list[str]:
    """Views and macros, each behind all that it reads; who reads a view's macro waits for the view."""
    read = {name: set(NAMED.findall(re.sub("--.*", "", sql))) for name, sql in (views | macros).items()}
    behind = {f"{name}_as_of": name for name in views if f"{name}_as_of" in read[name]}
    needs = {
        name: {word if behind.get(word) == name else behind.get(word, word) for word in words if word in read} - {name}
        for name, words in read.items()
    }
    return list(TopologicalSorter(needs).static_order())
