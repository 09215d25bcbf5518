"""The ledger's schema: its tables and views, and the way up from an older one."""

import hashlib
import shutil
from importlib.metadata import version
from pathlib import Path

import duckdb
import polars as pl

from flows.lexicon import SQL, lexicon
from flows.warehouse.file import LedgerError, open_ledger
from flows.warehouse.versions import SCHEMA_VERSION


def upgrade(data: Path, path: Path, found: int) -> str:
    """Bring an older file to today's tables, in one transaction, after a copy. Returns what was done, for the user."""
    copy = path.with_name(f"ledger-schema-{found}.duckdb")
    with open_ledger(data) as con:
        con.execute("CHECKPOINT")
    part = copy.with_suffix(".part")
    shutil.copyfile(path, part)
    part.replace(copy)
    with open_ledger(data) as con:
        con.execute("BEGIN")
        drop_views(con)
        for step in range(found + 1, SCHEMA_VERSION + 1):
            con.execute((SQL / "migrations" / f"{step}.sql").read_text("utf-8"))
        create_tables(con)
        con.execute("COMMIT")
    return f"{path}: brought from schema {found} to {SCHEMA_VERSION}; as it was: {copy}"


def prepare(con: duckdb.DuckDBPyConnection) -> None:
    """Today's tables, views, actors and outlets; what stands is left alone."""
    create_tables(con)
    if views_version() != meta(con, "views_version"):
        drop_views(con)
        create_views(con)
        set_meta(con, "views_version", views_version())
    actors = (
        lexicon("actors")
        .group_by("actor")
        .agg(pl.col("actor_type").first(), pl.col("country").first(), pl.col("alias").sort())
    ).select("actor", "actor_type", pl.col("country").cast(pl.String), "alias")
    con.register("lexicon_actors", actors)
    con.execute("DELETE FROM actors; INSERT INTO actors SELECT * FROM lexicon_actors ORDER BY actor")
    con.unregister("lexicon_actors")
    named = lexicon("outlets").filter(pl.col("kind") != "monitor")
    outlets = named.select(name=pl.col("alias").str.to_lowercase(), outlet="outlet").unique("name", keep="first")
    con.register("lexicon_outlets", outlets)
    con.execute("DELETE FROM outlets; INSERT INTO outlets SELECT * FROM lexicon_outlets ORDER BY name")
    con.unregister("lexicon_outlets")


def create_tables(con: duckdb.DuckDBPyConnection) -> None:
    """Every table of sql/tables that is not there yet, and the versions of schema and program."""
    for file in sorted((SQL / "tables").glob("*.sql")):
        con.execute(file.read_text("utf-8"))
    set_meta(con, "schema_version", str(SCHEMA_VERSION))
    set_meta(con, "newsledger_version", version("newsledger"))


def views_version() -> str:
    """Names today's views and macros: a hash over their texts."""
    digest = hashlib.sha256()
    for name, sql in definitions().items():
        digest.update(f"{name}\0{sql}".encode())
    return f"v{digest.hexdigest()[:10]}"


def definitions() -> dict[str, str]:
    """SQL of what holds no rows, by file: a view or a macro each, and the macro that a lexicon makes."""
    files = [file for room in ("macros", "views") for file in sorted((SQL / room).glob("*.sql"))]
    return {f"{file.parent.name}/{file.name}": file.read_text("utf-8") for file in files} | {
        "lexicon/correction_notes.csv": _is_correction_note()
    }


def _is_correction_note() -> str:
    """A macro that says whether a line is a correction note. As one pattern that stands in the text of the macro it is
    compiled once; from a table, DuckDB would compile each pattern for each line."""
    patterns = "|".join(f"(?:{pattern})" for pattern in lexicon("correction_notes")["pattern"]).replace("'", "''")
    return f"CREATE OR REPLACE MACRO is_correction_note(line) AS regexp_matches(line, '(?i){patterns}')"


def drop_views(con: duckdb.DuckDBPyConnection) -> None:
    """Drop every view and macro of ours, those too that today no longer has, what is built of them, and what says that
    they stand."""
    drop_built(con)
    for (name,) in con.execute("SELECT view_name FROM duckdb_views() WHERE NOT internal").fetchall():
        con.execute(f'DROP VIEW IF EXISTS "{name}"')
    for name, kind in con.execute(
        "SELECT DISTINCT function_name, if(function_type = 'table_macro', 'MACRO TABLE', 'MACRO') "
        "FROM duckdb_functions() WHERE NOT internal AND function_type IN ('macro', 'table_macro')"
    ).fetchall():
        con.execute(f'DROP {kind} IF EXISTS "{name}"')
    con.execute("DELETE FROM meta WHERE key = 'views_version'")


def drop_built(con: duckdb.DuckDBPyConnection) -> None:
    """Drop the tables that are built of views (in a publication they bear their names): all are built anew then."""
    for name in (meta(con, "built") or "").split():
        con.execute(f'DROP TABLE IF EXISTS "{name}"')
    con.execute("DROP TABLE IF EXISTS built_inputs; DELETE FROM meta WHERE key = 'built'")


def create_views(con: duckdb.DuckDBPyConnection) -> None:
    """Create every view and macro of sql/views and sql/macros; one that rests on another waits for it."""
    waiting = definitions()
    errors: dict[str, duckdb.Error] = {}
    while waiting:
        done = []
        for name, sql in waiting.items():
            try:
                con.execute(sql)
                done.append(name)
            except duckdb.CatalogException as error:
                errors[name] = error
        if not done:
            name = next(iter(waiting))
            raise LedgerError(f"sql/{name}: {errors[name]}")
        for name in done:
            del waiting[name]


def meta(con: duckdb.DuckDBPyConnection, key: str) -> str | None:
    """What the file says of itself under a key."""
    row = con.execute("SELECT value FROM meta WHERE key = ?", [key]).fetchone()
    return str(row[0]) if row else None


def set_meta(con: duckdb.DuckDBPyConnection, key: str, value: str) -> None:
    """Let the file say something of itself."""
    if meta(con, key) != value:
        con.execute(
            "INSERT INTO meta VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value", [key, value]
        )
