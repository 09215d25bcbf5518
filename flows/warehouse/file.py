"""The work file: where it lies and how it is opened. Readers get its copy, news.duckdb."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

SETTINGS: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
}
# What a writer may take before it goes on on disk, in a folder beside its file; more threads would not do with that.
MEGABYTES, THREADS = 600, 4
HELD = "Could not set lock"
PATIENCE = 3.0  # seconds that a look into the ledger by another process is waited for


class LedgerError(Exception):
    """The ledger cannot be used; the message says what to do. Exit status 1."""


def ledger_path(data: Path) -> Path:
    """The work file of a data folder."""
    return data / "work" / "ledger.duckdb"


def published_path(data: Path) -> Path:
    """The file that readers open."""
    return data / "news.duckdb"


@contextmanager
def open_ledger(data: Path, path: Path | None = None, only_read: bool = False) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection to the ledger, or to the copy of it at `path`; what `start_run` prepared is there. Nobody else has
    it open then, or others that only read. Raises LedgerError."""
    path = path or ledger_path(data)
    path.parent.mkdir(parents=True, exist_ok=True)
    con = _connect(path, only_read)
    try:
        con.execute("SET TimeZone = 'UTC'")
        bound_memory(con)
        yield con
    except (duckdb.FatalException, duckdb.IOException, duckdb.InternalException) as error:
        full = "No space left" in str(error)
        advice = "make room; the same command goes on from here" if full else "`newsledger doctor` looks what is wrong"
        raise LedgerError(f"{path}: {_first_line(error)} ({advice})") from error
    finally:
        con.close()


def bound_memory(con: duckdb.DuckDBPyConnection, spill: Path | None = None, megabytes: int | None = None) -> None:
    """Let a writer's connection take so many megabytes (None: MEGABYTES) at the most, whatever it writes; what does not
    fit goes to a folder: `spill`, or beside the file that it has open."""
    threads = min(THREADS, os.cpu_count() or 1)
    con.execute(f"SET memory_limit = '{megabytes or MEGABYTES}MB'; SET threads = {threads}")
    if spill:
        con.execute(f"SET temp_directory = '{quoted(spill)}'")


def hash_pieces(con: duckdb.DuckDBPyConnection, table: str, at_once: int) -> Iterator[dict[str, int]]:
    """The parameters of a statement that takes a table's rows, some `at_once` at a time, by `hash(id) % $n_pieces =
    $piece`: DuckDB does not put lists that an aggregate grows on disk, however little memory it has."""
    number = con.execute(f"SELECT count(*) FROM {table}").fetchall()[0][0]
    for piece in range(n_pieces := number // at_once + 1):
        yield {"n_pieces": n_pieces, "piece": piece}


def _connect(path: Path, only_read: bool) -> duckdb.DuckDBPyConnection:
    """Connect to a file; one that somebody looks into for a moment is waited for."""
    until = time.monotonic() + PATIENCE
    while True:
        try:
            return duckdb.connect(str(path), only_read, SETTINGS)
        except duckdb.Error as error:
            held = HELD in str(error)
            if held and time.monotonic() < until:
                time.sleep(0.1)
                continue
            advice = "another process has it open; wait for its end" if held else "`newsledger doctor` mends it"
            raise LedgerError(f"{path}: {_first_line(error)} ({advice})") from error


def _first_line(error: Exception) -> str:
    return str(error).strip().splitlines()[0]


def quoted(path: Path) -> str:
    """A path for the inside of a SQL string."""
    return str(path).replace("'", "''")
