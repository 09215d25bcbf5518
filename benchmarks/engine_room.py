"""`python -m benchmarks engine_room`: a whole pass beside a bare pool of trafilatura, a second pass beside the first,
Dask with two workers beside one, each in turns on the same pages.

Start-up is apart and stated: Prefect, the Dask cluster and the pool run before the clock starts; a pass's own worker
processes start within it.
"""

import asyncio
import multiprocessing
import os
import shutil
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

import trafilatura

from benchmarks.pages import write_pages
from benchmarks.table import Row
from flows.ingest import run_ingest

PAGES, DASK_PAGES, ROUNDS = 5000, 2000, 5
CONFIG = "[run]\nengine = '{engine}'\nworkers = {workers}\n{more}\n" + (
    "[[source]]\nname = 'p'\ntype = 'folder'\npath = '{pages}'\n"
)
Timed = tuple[float, float]  # seconds of the pages, and of what had to start before


def extract_bare(page: Path) -> int:
    """What a plain user of trafilatura does with a page."""
    found = trafilatura.bare_extraction(page.read_text("utf-8", "replace"), with_metadata=True)
    return 0 if found is None else 1


def bare_seconds(pages: Path) -> Timed:
    """A warm pool of two processes over the pages."""
    files = sorted(pages.glob("*.html"))
    called = time.perf_counter()
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        pool.map(extract_bare, files[:8], chunksize=1)
        start = time.perf_counter()
        list(pool.imap_unordered(extract_bare, files, chunksize=20))
        return time.perf_counter() - start, start - called


def pass_seconds(pages: Path, data: Path, engine: str, workers: int, more: str = "") -> Timed:
    """A pass from the first source to the publication."""
    config = data.parent / "bench.toml"
    config.write_text(CONFIG.format(engine=engine, workers=workers, more=more, pages=pages), "utf-8")
    called = time.perf_counter()
    seconds = asyncio.run(run_ingest(None, str(config), str(data))).seconds
    return seconds, time.perf_counter() - called - seconds


def dask_seconds(pages: Path, few: Path, data: Path, workers: int) -> Timed:
    """A pass on a Dask cluster that has imported what it needs."""
    from distributed import LocalCluster

    called = time.perf_counter()
    cluster = LocalCluster(  # type: ignore[no-untyped-call]  # Dask's cluster has no types
        n_workers=workers, threads_per_worker=1, processes=True, dashboard_address=None
    )
    with cluster:
        where = f"scheduler = '{cluster.scheduler_address}'"
        for folder, size in ((few, 2), (pages, 500)):
            shutil.rmtree(data, ignore_errors=True)
            started = time.perf_counter()
            seconds, _ = pass_seconds(folder, data, "dask", workers, f"{where}\nbatch_documents = {size}")
    return seconds, started - called


def fill(here: Path, size: int) -> tuple[Path, str]:
    """A folder of so many pages, and words that say so."""
    pages = here / f"pages-{size}"
    n_bytes = write_pages(pages, size)
    return pages, f"{size:,} pages of eval/clean and eval/metadata, {n_bytes / 1e6:,.0f} MB"


def pass_rows(here: Path, rounds: int, size: int) -> list[Row]:
    """A pass beside the bare pool, and a second one beside the first."""
    pages, what = fill(here, size)
    turns: list[tuple[Timed, Timed, Timed]] = []
    for number in range(rounds):
        data = here / f"data-{number}"
        bare = bare_seconds(pages)
        first, second = (pass_seconds(pages, data, "local", 2) for _ in range(2))
        turns.append((bare, first, second))
        shutil.rmtree(data)
        told = f"bare {bare[0]:.1f} s, pass {first[0]:.1f} s, second pass {second[0]:.1f} s"
        print(told, file=sys.stderr, flush=True)
    shutil.rmtree(pages)
    bare_s, first_s, second_s = ([turn[n][0] for turn in turns] for n in range(3))
    gain = median(one / other for one, other in zip(bare_s, first_s, strict=True))
    again = median(two / one for one, two in zip(first_s, second_s, strict=True))
    starts = [median(turn[n][1] for turn in turns) for n in range(2)]
    return [
        Row(
            "bare pool of two processes, trafilatura with metadata",
            size / median(bare_s),
            "pages/s",
            None,
            "",
            rounds,
            what,
        ),
        Row("whole pass / bare pool", size / median(first_s), "pages/s", gain, "≥ 1.2", rounds, what),
        Row("second pass / first pass (seconds)", median(second_s), "s", again, "< 0.05", rounds, what),
        Row("start-up, apart: the bare pool", starts[0], "s", None, "", rounds, "two processes and 8 pages"),
        Row("start-up, apart: Prefect and its server", starts[1], "s", None, "", rounds, "before and after a pass"),
    ]


def dask_rows(here: Path, rounds: int, size: int) -> list[Row]:
    """Two workers of Dask beside one."""
    pages, what = fill(here, size)
    few = here / "few"
    few.mkdir()
    for page in sorted(pages.glob("*.html"))[:10]:
        shutil.copyfile(page, few / page.name)
    turns: list[tuple[Timed, Timed]] = []
    for _ in range(rounds):
        one, two = (dask_seconds(pages, few, here / "dask", workers) for workers in (1, 2))
        turns.append((one, two))
        print(f"dask, 1 worker {one[0]:.1f} s, 2 workers {two[0]:.1f} s", file=sys.stderr, flush=True)
    gain = median(one[0] / two[0] for one, two in turns)
    speed = size / median(two[0] for _, two in turns)
    start = median(two[1] for _, two in turns)
    return [
        Row("Dask: 2 workers / 1 worker", speed, "pages/s", gain, "≥ 1.7", rounds, what),
        Row(
            "start-up, apart: a Dask cluster of 2", start, "s", None, "", rounds, "the cluster and a pass over 10 pages"
        ),
    ]


def rows(rounds: int = ROUNDS, size: int = PAGES) -> list[Row]:
    """Both measures; of Dask 2,000 pages at most."""
    os.environ.setdefault("PREFECT_LOGGING_LEVEL", "WARNING")
    with tempfile.TemporaryDirectory() as folder:
        here = Path(folder)
        return pass_rows(here, rounds, size) + dask_rows(here, rounds, min(size, DASK_PAGES))
