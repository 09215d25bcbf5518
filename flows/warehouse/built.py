"""Views that a publication holds as tables: those that say so in their first comment, and in which order.

Each is worked out once, from the tables of those that it rests on. A ledger has views alone.
"""

import re
from functools import cache
from graphlib import TopologicalSorter

import duckdb

from flows.lexicon import SQL
from flows.warehouse.schema import set_meta

MARK = re.compile(r"^-- A table in the publication, by ([a-z_, ]+)\.$", re.M)
NAMED = re.compile(r"\b(?:FROM|JOIN)\s+([a-z_]+)")


def built_views() -> dict[str, str]:
    """The views that become tables, in the order in which they are built, each with the columns that sort it."""
    sorted_by = {name: found[1] for name, sql in _texts("views").items() if (found := MARK.search(sql))}
    return {name: sorted_by[name] for name in _by_need() if name in sorted_by}


def build_tables(con: duckdb.DuckDBPyConnection) -> None:
    """Let tables take the place of those views, in a copy of the ledger.

    Where a view is its macro at 'infinity', the macro reads the table while the others are built: no part of the chain
    is worked through twice. The copy's `views_version` goes, so that `prepare` gives a publication that takes the
    ledger's place its views again.
    """
    views, macros = _texts("views"), _texts("macros")
    built = built_views()
    con.execute("BEGIN")
    for name, order in built.items():
        select = views[name].partition(f"VIEW {name} AS\n")[2].rstrip().removesuffix(";")
        con.execute(f"DROP VIEW {name}; CREATE TABLE {name} AS FROM ({select}) ORDER BY {order}")
        if f"{name}_as_of" in macros:
            con.execute(f"CREATE OR REPLACE MACRO {name}_as_of(t, clock) AS TABLE FROM {name}")
    for name in built:
        if f"{name}_as_of" in macros:
            con.execute(macros[f"{name}_as_of"])
    set_meta(con, "built", " ".join(built))
    con.execute("DELETE FROM meta WHERE key = 'views_version'")
    con.execute("COMMIT")


@cache
def _texts(room: str) -> dict[str, str]:
    return {file.stem: file.read_text("utf-8") for file in sorted((SQL / room).glob("*.sql"))}


def _by_need() -> list[str]:
    """Views and macros, each behind all that it reads; who reads a view's macro waits for the view."""
    views, macros = _texts("views"), _texts("macros")
    needs: dict[str, set[str]] = {}
    for name, sql in (views | macros).items():
        read = {word for word in NAMED.findall(re.sub("--.*", "", sql)) if word in views | macros}
        own = f"{name}_as_of"
        needs[name] = {
            view if (view := word.removesuffix("_as_of")) in views and word != own else word for word in read
        }
        needs[name].discard(name)
    return list(TopologicalSorter(needs).static_order())
