"""SQL that somebody typed: what it may say, how long it may take; its answer, batch by batch.

The connection keeps it from files, the network and settings (`read.open_published`); what a single statement could
still do to the process that runs it is kept out here.
"""

import json
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Timer
from typing import TYPE_CHECKING, TypeVar

import duckdb

from flows.sources import UsageError
from flows.warehouse.file import LedgerError

if TYPE_CHECKING:
    import pyarrow as pa

Rows = list[tuple[object, ...]]
Some = TypeVar("Some")
KINDS = "SELECT, FROM, WITH, VALUES, PIVOT ... ON column IN (...), DESCRIBE, SHOW, SUMMARIZE, EXPLAIN"
# Table functions that read neither files nor memory of others. `pandas_scan(NULL)` ends the process, `enable_logging`
# writes to the output, `query` runs text that nobody looked at.
READING = {
    "duckdb_columns", "duckdb_constraints", "duckdb_databases", "duckdb_functions", "duckdb_indexes",
    "duckdb_keywords", "duckdb_memory", "duckdb_schemas", "duckdb_settings", "duckdb_tables", "duckdb_types",
    "duckdb_views", "generate_series", "json_each", "json_tree", "pg_timezone_names", "pragma_database_size",
    "pragma_show", "pragma_storage_info", "pragma_table_info", "pragma_version", "range", "repeat", "repeat_row",
    "unnest",
}  # fmt: skip
# EXPLAIN ANALYZE carries out what stands behind it: that is what is looked at.
EXPLAIN = re.compile(r"^\s*explain\s+(?:analyze\s|\((?:\s*(?:analyze|format\s+\w+)\s*,?)+\))?", re.I)
BATCH = 10_000  # rows; a news article of 5 kB in each makes 50 MB
Answer = duckdb.DuckDBPyRelation


def check_asked(con: duckdb.DuckDBPyConnection, sql: str) -> None:
    """Raises UsageError for anything but one statement that reads, with table functions of READING or our macros."""
    row = con.execute("SELECT json_serialize_sql($1::VARCHAR)", [EXPLAIN.sub("", sql, count=1)]).fetchone()
    assert row
    try:
        parsed = json.loads(row[0])
    except RecursionError as error:
        raise UsageError("query: nested too deeply; take it apart with WITH") from error
    if parsed["error"] and parsed["error_type"] != "not implemented":
        raise UsageError(f"query: {_flat(parsed['error_message'])}")
    if parsed["error"]:
        raise UsageError(f"query: only what reads is answered: {KINDS}")
    if len(parsed["statements"]) != 1 or "\0" in sql:
        raise UsageError("query: one statement at a time")
    macro = "FROM duckdb_functions() WHERE function_type = 'table_macro' AND function_name = $1 LIMIT 1"
    for kind, name in _functions(parsed):
        is_known = name in READING if kind == "TABLE_FUNCTION" else name != "json_serialize_plan"
        if not is_known and not con.execute(macro, [name]).fetchone():
            raise UsageError(f"query: {name}() is not for queries: the published tables are all that is read here")


def answer(con: duckdb.DuckDBPyConnection, sql: str, seconds: float, stop: Callable[[], None] | None = None) -> Answer:
    """The answer of one statement that only reads, not yet worked out. Raises UsageError for another statement and for
    one that names what is not there, LedgerError when time or memory is up."""
    with _told(seconds), limited(con, seconds, stop):
        check_asked(con, sql)
        return con.sql(sql)


def row_batches(
    con: duckdb.DuckDBPyConnection, asked: Answer, seconds: float, stop: Callable[[], None] | None = None
) -> Iterator[Rows]:
    """The rows of an answer as tuples, BATCH at a time. `seconds` are those of working it out: whoever takes the rows
    may take his time. `stop` is called where even an interrupt does not help. Raises as `answer` does."""
    return _taken(con, lambda: asked.fetchmany(BATCH) or None, seconds, stop)


def batches(
    con: duckdb.DuckDBPyConnection, asked: Answer, seconds: float, stop: Callable[[], None] | None = None
) -> Iterator["pa.RecordBatch"]:
    """As row_batches does, by column; one batch at least, for the columns' names and types."""
    import pyarrow as pa  # 0.2 s: for files alone

    reader: pa.RecordBatchReader | None = None

    def take() -> "pa.RecordBatch | None":
        nonlocal reader
        if reader:
            return next(reader, None)
        reader = asked.to_arrow_reader(BATCH)
        return next(reader, pa.RecordBatch.from_pylist([], schema=reader.schema))

    return _taken(con, take, seconds, stop, pa.ArrowException)


def _taken(
    con: duckdb.DuckDBPyConnection,
    take: Callable[[], Some | None],
    seconds: float,
    stop: Callable[[], None] | None,
    *errors: type[Exception],
) -> Iterator[Some]:
    """What `take` gives until there is no more, within so many seconds of its own."""
    left = seconds
    while True:
        started = time.monotonic()
        with _told(seconds, *errors), limited(con, left, stop):
            some = take()
        left -= time.monotonic() - started
        if some is None:
            return
        yield some


@contextmanager
def limited(con: duckdb.DuckDBPyConnection, seconds: float, stop: Callable[[], None] | None) -> Iterator[None]:
    """Interrupt the connection after so many seconds. DuckDB looks for that between two vectors of rows: where one
    takes longer, `stop` is called two seconds later."""
    timers = [Timer(max(seconds, 0), con.interrupt), *([Timer(max(seconds, 0) + 2, stop)] if stop else [])]
    for timer in timers:
        timer.daemon = True
        timer.start()
    try:
        yield
    finally:
        for timer in timers:
            timer.cancel()


def too_long(seconds: float) -> str:
    """What is said when the time is up."""
    return f"query: not done in {seconds:g} seconds; ask for less, or allow more with --seconds"


@contextmanager
def _told(seconds: float, *errors: type[Exception]) -> Iterator[None]:
    """DuckDB's errors in a line each; Arrow passes some of them on as its own `errors`."""
    kinds: tuple[type[Exception], ...] = (duckdb.Error, OSError, *errors)
    try:
        yield
    except MemoryError as error:
        raise LedgerError(_too_much()) from error
    except kinds as error:
        said = _flat(str(error))
        if "INTERRUPT Error" in said:
            raise LedgerError(too_long(seconds)) from error
        if "Out of Memory Error" in said or "bad_alloc" in said:
            raise LedgerError(_too_much()) from error
        raise UsageError(f"query: {said}") from error


def _too_much() -> str:
    return "query: more memory than it may have; ask for less at once, or allow more with --megabytes"


def _flat(message: str) -> str:
    """DuckDB's message as one short line, without the query that it repeats."""
    line = " ".join(message.partition("\n\nLINE ")[0].split())
    return line if len(line) <= 400 else f"{line[:400]}…"


def _functions(parsed: object) -> Iterator[tuple[str, str]]:
    """Every function that a parsed statement names: TABLE_FUNCTION or FUNCTION, and the name in lower case."""
    waiting: list[object] = [parsed]
    while waiting:
        node = waiting.pop()
        if isinstance(node, dict):
            if node.get("type") == "TABLE_FUNCTION":
                yield "TABLE_FUNCTION", str(node["function"].get("function_name")).lower()
            elif "function_name" in node:
                yield "FUNCTION", str(node["function_name"]).lower()
            waiting += node.values()
        elif isinstance(node, list):
            waiting += node
