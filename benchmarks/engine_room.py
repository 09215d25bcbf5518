"""`python -m benchmarks engine_room`: a whole pass beside a bare pool of trafilatura, a second pass beside the first,
Dask with two workers beside one, each in turns on the same pages.

Start-up is apart and stated. Prefect, the Dask cluster and the pool run before the clock starts; the pool has done FEW
pages by then, so what a pass over as many takes (its workers, the first batch of every stage, a publication) is taken
off as well. What the ratio is without that is told beside it.
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

PAGES, DASK_PAGES, FEW, ROUNDS = 5000, 2000, 8, 5
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
        pool.map(extract_bare, files[:FEW], chunksize=1)
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


def take_few(pages: Path, folder: Path) -> Path:
    """A folder of the first of some pages."""
    folder.mkdir()
    for page in sorted(pages.glob("*.html"))[:FEW]:
        shutil.copyfile(page, folder / page.name)
    return folder


def pass_rows(here: Path, rounds: int, size: int) -> list[Row]:
    """A pass beside the bare pool, and a second one beside the first."""
    pages, what = fill(here, size)
    few = take_few(pages, here / "few-of-them")
    turns: list[tuple[Timed, Timed, Timed, Timed]] = []
    for number in range(rounds):
        data, little = here / f"data-{number}", here / f"little-{number}"
        bare, start = bare_seconds(pages), pass_seconds(few, little, "local", 2)
        first, second = (pass_seconds(pages, data, "local", 2) for _ in range(2))
        turns.append((bare, start, first, second))
        shutil.rmtree(data)
        shutil.rmtree(little)
        told = f"bare {bare[0]:.1f} s, pass {first[0]:.1f} s ({FEW} pages {start[0]:.1f} s), again {second[0]:.1f} s"
        print(told, file=sys.stderr, flush=True)
    shutil.rmtree(pages)
    bare_s, start_s, first_s, second_s = ([turn[n][0] for turn in turns] for n in range(4))
    own_s = [first - start for first, start in zip(first_s, start_s, strict=True)]

    def row(what_it_is: str, figure: float, unit: str, ratio: float | None, target: str = "", given: str = what) -> Row:
        return Row(what_it_is, figure, unit, ratio, target, rounds, given)

    def beside(ones: list[float], others: list[float]) -> float:
        return median(one / other for one, other in zip(ones, others, strict=True))

    several = "before and after a pass"
    return [
        row("bare pool of two processes, trafilatura with metadata", size / median(bare_s), "pages/s", None),
        row("whole pass / bare pool", size / median(own_s), "pages/s", beside(bare_s, own_s), "≥ 1.2"),
        row("the same, its own start-up within", size / median(first_s), "pages/s", beside(bare_s, first_s)),
        row("second pass / first pass (seconds)", median(second_s), "s", beside(second_s, first_s), "< 0.05"),
        row("start-up, apart: the bare pool", median(turn[0][1] for turn in turns), "s", None, "", f"and {FEW} pages"),
        row("start-up, apart: a pass", median(start_s), "s", None, "", f"a pass over {FEW} pages"),
        row("start-up, apart: Prefect and its server", median(turn[2][1] for turn in turns), "s", None, "", several),
    ]


def dask_rows(here: Path, rounds: int, size: int) -> list[Row]:
    """Two workers of Dask beside one."""
    pages, what = fill(here, size)
    few = take_few(pages, here / "few")
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
            "start-up, apart: a Dask cluster of 2",
            start,
            "s",
            None,
            "",
            rounds,
            f"the cluster and a pass over {FEW} pages",
        ),
    ]


def rows(rounds: int = ROUNDS, size: int = PAGES) -> list[Row]:
    """Both measures; of Dask 2,000 pages at most."""
    os.environ.setdefault("PREFECT_LOGGING_LEVEL", "WARNING")
    with tempfile.TemporaryDirectory() as folder:
        here = Path(folder)
        return pass_rows(here, rounds, size) + dask_rows(here, rounds, min(size, DASK_PAGES))
