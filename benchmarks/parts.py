"""The parts of `make bench`, each a module whose `rows` measures and returns the rows of the table."""

import importlib
import inspect
import multiprocessing
import os
import traceback
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor

from benchmarks.table import Row

PARTS = {
    "engine_room": "benchmarks.engine_room",
    "stages": "benchmarks.stages",
    "cleaning": "benchmarks.cleaning",
    "extraction": "benchmarks.extraction",
    "linking": "benchmarks.linking",
    "growth": "benchmarks.growth",
    "startup": "benchmarks.startup",
    "collecting": "benchmarks.collecting",
    "views": "benchmarks.views",
    "dashboard": "benchmarks.dashboard",
}
SURROUNDINGS = {"extraction": {"POLARS_MAX_THREADS": "1"}, "stages": {"POLARS_MAX_THREADS": "1"}}


def rows_of(module: str, given: Mapping[str, int]) -> list[Row]:
    """The rows of a part: what its `rows` gives, called with those of the options that it has."""
    rows = importlib.import_module(module).rows
    known = inspect.signature(rows).parameters
    found: list[Row] = rows(**{name: value for name, value in given.items() if name in known})
    return found


def run_part(name: str, given: Mapping[str, int]) -> tuple[list[Row], str]:
    """The rows of a part in a fresh process, or why there are none."""
    before = dict(os.environ)
    os.environ.update(SURROUNDINGS.get(name, {}))
    try:
        with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
            return pool.submit(rows_of, PARTS[name], given).result(), ""
    except Exception as problem:  # the other parts' rows are an hour's work
        traceback.print_exc()
        return [], f"{name}: {type(problem).__name__}: {problem}"
    finally:
        os.environ.clear()
        os.environ.update(before)
