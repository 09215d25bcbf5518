"""`python -m benchmarks.startup`: what a command takes before its work, beside the least that could do it.

`newsledger query` beside Python that imports duckdb, opens the same file and asks the same; `newsledger run` on the
seeds beside a Prefect flow of one empty task, each with a temporary server of its own, on a folder that never ran and
on one that has. In turns, each in a process of its own.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

from benchmarks.table import Row
from flows.lexicon import ROOT
from flows.prefect_rows import server_settings
from flows.settings import Keep

SQL = "SELECT label, kind, low, best, high FROM tolls WHERE policy = 'independent'"
ASK = """
import sys, duckdb
con = duckdb.connect(sys.argv[1], read_only=True)
print(con.sql(sys.argv[2]))
"""
EMPTY = """
import asyncio
from prefect import flow, task
@task
def nothing() -> None: pass
@flow
async def empty() -> None: nothing()
asyncio.run(empty())
"""
TARGETS = {"run, first of a folder": "≤ 2.5", "run, a later one": "≤ 2.5", "query": "< 3"}
PREFECT = {"PREFECT_LOGGING_LEVEL": "CRITICAL", "PREFECT_SERVER_LOGGING_LEVEL": "WARNING"}


class Took(NamedTuple):
    """Seconds of a process: by the clock, and of all processors, its children's included."""

    clock: float
    processor: float


class Ratio(NamedTuple):
    """Ours beside the least that could do it, in medians, and the median of the rounds' ratios."""

    name: str
    ours: Took
    least: Took
    clock: float
    processor: float


def took(command: list[str], environment: Mapping[str, str]) -> Took:
    """Run a command to its end. Raises CalledProcessError."""
    started = time.perf_counter()
    process = subprocess.Popen(command, cwd=ROOT, env=dict(environment), stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    return Took(time.perf_counter() - started, usage.ru_utime + usage.ru_stime)


def measure(rounds: int = 5) -> list[Ratio]:
    """The ratios of query, first run and later run, of so many rounds each."""
    own = {name: value for name, value in os.environ.items() if name not in ("PREFECT_API_URL", "PREFECT_HOME")}
    settings = own | PREFECT | server_settings(Keep().prefect_days)
    with tempfile.TemporaryDirectory() as folder:
        here = Path(folder)

        def run(number: int) -> Took:
            return took([sys.executable, "-m", "flows", "run", "--data", str(here / f"data-{number}")], settings)

        def empty(number: int) -> Took:
            return took([sys.executable, "-c", EMPTY], settings | {"PREFECT_HOME": str(here / f"prefect-{number}")})

        def query(_: int) -> Took:
            return took([sys.executable, "-m", "flows", "query", SQL, "--data", str(here / "data-0")], own)

        def ask(_: int) -> Took:
            return took([sys.executable, "-c", ASK, str(here / "data-0" / "news.duckdb"), SQL], own)

        return [
            in_turns("run, first of a folder", run, empty, rounds),
            in_turns("run, a later one", run, empty, rounds),
            in_turns("query", query, ask, rounds),
        ]


def in_turns(name: str, ours: Callable[[int], Took], least: Callable[[int], Took], rounds: int) -> Ratio:
    """Both in so many rounds, one after the other."""
    pairs = [(ours(number), least(number)) for number in range(rounds)]
    mine, others = ([pair[side] for pair in pairs] for side in (0, 1))
    return Ratio(
        name,
        _middle(mine),
        _middle(others),
        statistics.median(one.clock / other.clock for one, other in pairs),
        statistics.median(one.processor / other.processor for one, other in pairs),
    )


def _middle(given: list[Took]) -> Took:
    return Took(statistics.median(one.clock for one in given), statistics.median(one.processor for one in given))


def rows(rounds: int = 5) -> list[Row]:
    """Each ratio by the clock; beside the least that could do it."""
    return [
        Row(f"{one.name} / the least", one.ours.clock, "s", one.clock, TARGETS[one.name], rounds, "the five seeds")
        for one in measure(rounds)
    ]


def main() -> None:
    """Print a line a ratio; the number of rounds may be given."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    print(f"medians of {rounds} rounds; seconds by the clock (of the processors): ours, the least, ratio")
    for one in measure(rounds):
        ours, least = (f"{side.clock:.2f} ({side.processor:.2f})" for side in (one.ours, one.least))
        print(f"{one.name:<24} {ours:>14} {least:>14} {one.clock:>6.2f} ({one.processor:.2f})", flush=True)


if __name__ == "__main__":
    main()
