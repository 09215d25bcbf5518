"""`make bench`: a whole pass beside a bare pool of trafilatura, Dask with two workers beside one, a second pass
beside the first, on the same 2,000 pages. Opt-in; nothing asserts on it.

Start-up is apart: Prefect, the Dask cluster and the pool run before the clock starts; a pass's own worker processes
start within it.
"""

import asyncio
import multiprocessing
import os
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path

import trafilatura

from benchmarks.pages import write_pages
from flows.ingest import run_ingest

PAGES = 2000
CONFIG = "[run]\nengine = '{engine}'\nworkers = {workers}\n{more}\n" + (
    "[[source]]\nname = 'p'\ntype = 'folder'\npath = '{pages}'\n"
)


def extract_bare(page: Path) -> int:
    """What a plain user of trafilatura does with a page."""
    found = trafilatura.bare_extraction(page.read_text("utf-8", "replace"), with_metadata=True)
    return 0 if found is None else 1


def bare_seconds(pages: Path) -> float:
    """A warm pool of two processes over the pages."""
    files = sorted(pages.glob("*.html"))
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        pool.map(extract_bare, files[:8], chunksize=1)
        start = time.perf_counter()
        list(pool.imap_unordered(extract_bare, files, chunksize=20))
        return time.perf_counter() - start


def pass_seconds(pages: Path, data: Path, engine: str, workers: int, more: str = "") -> float:
    """A pass from the first source to the publication."""
    config = data.parent / "bench.toml"
    config.write_text(CONFIG.format(engine=engine, workers=workers, more=more, pages=pages), "utf-8")
    return asyncio.run(run_ingest(None, str(config), str(data))).seconds


def dask_seconds(pages: Path, few: Path, data: Path, workers: int) -> float:
    """A pass on a Dask cluster that has imported what it needs."""
    from distributed import LocalCluster

    cluster = LocalCluster(  # type: ignore[no-untyped-call]  # Dask's cluster has no types
        n_workers=workers, threads_per_worker=1, processes=True, dashboard_address=None
    )
    with cluster:
        where = f"scheduler = '{cluster.scheduler_address}'"
        for folder, size in ((few, 2), (pages, 500)):
            shutil.rmtree(data, ignore_errors=True)
            seconds = pass_seconds(folder, data, "dask", workers, f"{where}\nbatch_documents = {size}")
    return seconds


def main() -> None:
    """Print the ratios, then what publishing costs."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    os.environ.setdefault("PREFECT_LOGGING_LEVEL", "WARNING")
    with tempfile.TemporaryDirectory() as folder:
        here = Path(folder)
        n_bytes = write_pages(here / "pages", PAGES)
        few = here / "few"
        few.mkdir()
        for page in sorted((here / "pages").glob("*.html"))[:10]:
            shutil.copyfile(page, few / page.name)
        print(f"{PAGES} pages, {n_bytes / 1e6:.0f} MB, {rounds} rounds, two cores; medians")
        bare, first, second = [], [], []
        for number in range(rounds):
            data = here / f"data-{number}"
            bare.append(bare_seconds(here / "pages"))
            first.append(pass_seconds(here / "pages", data, "local", 2))
            second.append(pass_seconds(here / "pages", data, "local", 2))
            shutil.rmtree(data)
            print(f"  bare {bare[-1]:.1f} s, pass {first[-1]:.1f} s, second pass {second[-1]:.1f} s", flush=True)
        ratio = statistics.median(one / other for one, other in zip(bare, first, strict=True))
        print(f"whole pass over bare pool: {ratio:.2f} times its pages a second")
        print(f"second pass: {statistics.median(second) / statistics.median(first):.1%} of the first")
        one, two = (dask_seconds(here / "pages", few, here / "dask", workers) for workers in (1, 2))
        print(f"dask, 2 workers over 1: {one / two:.2f} ({one:.1f} s, {two:.1f} s)")


if __name__ == "__main__":
    main()
