"""`make bench`: the clean stage beside bare trafilatura on the pages of two evaluation sets: pages a second interleaved
in one process, peak memory each in a fresh one, and two processes beside one. Opt-in; nothing asserts on it.
"""

import gzip
import json
import multiprocessing
import statistics
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import trafilatura

from benchmarks.pages import EVAL
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


def main() -> None:
    """Print pages a second and peak memory by set, then two processes over one."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    everything: list[bytes] = []
    for name in SETS:
        pages = read_pages(name)
        everything += pages
        clean_all(pages[:8])
        pairs = [(seconds(extract_bare, pages), seconds(clean_all, pages)) for _ in range(rounds)]
        bare, ours = (len(pages) / statistics.median(times) for times in zip(*pairs, strict=True))
        ratio = statistics.median(one / other for one, other in pairs)
        print(
            f"{name}: {len(pages)} pages, {rounds} rounds: bare {bare:.0f}, clean {ours:.0f} pages/s: {ratio:.2f} times"
        )
        peaks = [peak_megabytes(act, name) for act in (extract_bare, clean_all)]
        print(f"{name}: peak memory: bare {peaks[0]:.0f} MB, clean {peaks[1]:.0f} MB")
    pairs = [(pooled_seconds(everything * 2, 1), pooled_seconds(everything * 2, 2)) for _ in range(rounds)]
    print(f"two processes over one: {statistics.median(one / two for one, two in pairs):.2f} times")


if __name__ == "__main__":
    main()
