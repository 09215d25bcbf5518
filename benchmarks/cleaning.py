"""`python -m benchmarks cleaning`: the clean stage beside bare trafilatura on the pages of two evaluation sets: pages a
second interleaved in one process, peak memory each in a fresh one, and two processes beside one.
"""

import gzip
import json
import multiprocessing
import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import trafilatura

from benchmarks.pages import EVAL
from benchmarks.table import Row
from flows.clean import clean
from flows.collect.archive import frame_documents
from flows.collect.documents import Document

SETS = ("clean", "metadata")
BATCH = 100  # pages for a process of the pool


def read_pages(name: str) -> list[bytes]:
    """The pages of a set. Raises FileNotFoundError where the evaluation sets are not there."""
    with gzip.open(EVAL / name / "docs.jsonl.gz", "rt", encoding="utf-8") as lines:
        return [json.loads(line)["html"].encode() for line in lines]


def as_raw(pages: list[bytes]) -> pl.DataFrame:
    """RAW rows of pages."""
    now = datetime.now(UTC)
    return frame_documents(
        Document("bench", f"{n}.html", page, "html", str(n), fetched_at=now) for n, page in enumerate(pages)
    )


def clean_all(pages: list[bytes]) -> None:
    """The clean stage on one batch; a run's batches are larger."""
    clean(as_raw(pages))


def extract_bare(pages: list[bytes]) -> None:
    """What a plain user of trafilatura does."""
    for page in pages:
        trafilatura.bare_extraction(page, with_metadata=True)


def seconds(act: Callable[[list[bytes]], None], pages: list[bytes]) -> float:
    """Processor time of a call: other programs on the machine do not count."""
    start = time.process_time()
    act(pages)
    return time.process_time() - start


def peak_megabytes(act: Callable[[list[bytes]], None], name: str) -> float:
    """Peak memory of a fresh process that reads a set and calls `act` once."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(_peak, (act, name))


def _peak(act: Callable[[list[bytes]], None], name: str) -> float:
    act(read_pages(name))
    # VmHWM begins anew in a new program; ru_maxrss goes on from that of the process that started it.
    status = Path("/proc/self/status").read_text("ascii")
    return int(status.split("VmHWM:")[1].split()[0]) / 1000


def pooled_seconds(pages: list[bytes], processes: int) -> float:
    """Wall time of a warm pool over the pages."""
    parts = [pages[first : first + BATCH] for first in range(0, len(pages), BATCH)]
    with multiprocessing.get_context("spawn").Pool(processes) as pool:
        pool.map(clean_all, [pages[:8]] * processes, chunksize=1)
        start = time.perf_counter()
        list(pool.imap_unordered(clean_all, parts))
        return time.perf_counter() - start


def rows(rounds: int = 5) -> list[Row]:
    """Cleaning over bare trafilatura on each set in turns, peaks of memory, and two processes over one."""
    found: list[Row] = []
    everything: list[bytes] = []
    for name in SETS:
        pages = read_pages(name)
        everything += pages
        clean_all(pages[:8])
        pairs = [(seconds(extract_bare, pages), seconds(clean_all, pages)) for _ in range(rounds)]
        bare, ours = (len(pages) / statistics.median(times) for times in zip(*pairs, strict=True))
        ratio = statistics.median(one / other for one, other in pairs)
        what = f"{len(pages)} pages of eval/{name}"
        found += [
            Row(f"eval/{name}: bare trafilatura", bare, "pages/s", None, "", rounds, what),
            Row(f"eval/{name}: clean / bare trafilatura", ours, "pages/s", ratio, "≥ 1.4", rounds, what),
        ]
        bare_peak, peak = (peak_megabytes(act, name) for act in (extract_bare, clean_all))
        beside = f"eval/{name}: peak memory of clean / bare"
        found.append(Row(beside, peak, "MB", peak / bare_peak, "", 1, f"{what} in one batch"))
    pairs = [(pooled_seconds(everything * 2, 1), pooled_seconds(everything * 2, 2)) for _ in range(rounds)]
    ratio = statistics.median(one / two for one, two in pairs)
    speed = 2 * len(everything) / statistics.median(two for _, two in pairs)
    what = f"{2 * len(everything)} pages of both sets, in batches of {BATCH}"
    return [*found, Row("clean: two processes / one", speed, "pages/s", ratio, "≥ 1.7", rounds, what)]
