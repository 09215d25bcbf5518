"""`python -m benchmarks extraction`: the extract stage beside the clean stage on the same pages, interleaved, and how
its peak memory grows with the number of articles, each in a fresh process.

The pages are those of eval/clean where the evaluation sets are there, else the seeds set into pages; extraction gets
their articles several times over, as many as a run's batch has. For memory the articles come again and again under new
ids, in the batches of a run. `python -m benchmarks` runs it with one thread, as a worker of a run has.
"""

import multiprocessing
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import polars as pl

from benchmarks.cleaning import as_raw, read_pages
from benchmarks.pages import EVAL
from benchmarks.stages import documents
from benchmarks.table import Row
from flows.clean import clean
from flows.extract import extract
from flows.settings import Engine

NUMBERS = (1_000, 5_000, 50_000)
TARGET = 20


def read_raw() -> tuple[str, pl.DataFrame]:
    """What the pages are, and RAW rows of them."""
    if (EVAL / "clean").is_dir():
        return "eval/clean", as_raw(read_pages("clean"))
    return "the seeds", documents(40, as_html=True)


def seconds(act: Callable[[], object]) -> float:
    """Processor time of a call: other programs on the machine do not count."""
    start = time.process_time()
    act()
    return time.process_time() - start


def extract_many(file: str, number: int) -> float:
    """Extract `number` articles made of those of a Parquet file in a run's batches; the peak in megabytes."""
    articles = pl.read_parquet(file)
    for first in range(0, number, Engine().batch_documents):
        size = min(Engine().batch_documents, number - first)
        rows = pl.Series([(first + n) % articles.height for n in range(size)])
        ids = pl.Series("article_id", [f"art_{first + n}" for n in range(size)])
        extract(articles[rows].with_columns(ids))
    # VmHWM begins anew in a new program; ru_maxrss goes on from that of the process that started it.
    status = Path("/proc/self/status").read_text("ascii")
    return int(status.split("VmHWM:")[1].split()[0]) / 1000


def rows(rounds: int = 5, size: int = NUMBERS[-1]) -> list[Row]:
    """Extraction over cleaning in turns, then the peak of memory by number of articles, `size` at most."""
    name, raw = read_raw()
    articles = clean(raw)[0]
    batch = pl.concat([articles] * -(-Engine().batch_documents // articles.height))
    batch = batch.with_columns(pl.format("{}-{}", "article_id", pl.int_range(pl.len())).alias("article_id"))
    extract(batch)
    pairs = [(seconds(lambda: clean(raw)), seconds(lambda: extract(batch))) for _ in range(rounds)]
    speed = batch.height / statistics.median(extracted for _, extracted in pairs)
    ratio = statistics.median(one / raw.height / (other / batch.height) for one, other in pairs)
    words = articles["word_count"].sum() / articles.height
    what = f"{raw.height} pages of {name}, {words:.0f} words an article, one thread"
    found = [Row("extract / clean", speed, "articles/s", ratio, f"≥ {TARGET}", rounds, what)]
    with tempfile.TemporaryDirectory() as folder:
        file = f"{folder}/articles.parquet"
        articles.write_parquet(file)
        peaks = {number: _fresh_peak(file, number) for number in NUMBERS if number <= size}
    for number, peak in peaks.items():
        is_first = number == NUMBERS[0]
        told = f"extract: peak memory at {number:,}" + ("" if is_first else f" / at {NUMBERS[0]:,}")
        beside = None if is_first else peak / peaks[NUMBERS[0]]
        found.append(Row(told, peak, "MB", beside, "" if is_first else "flat", 1, f"{number:,} articles"))
    return found


def _fresh_peak(file: str, number: int) -> float:
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(extract_many, (file, number))
