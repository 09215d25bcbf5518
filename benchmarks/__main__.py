"""`make bench`: stages side by side in one process on the same articles, as ratios. Opt-in; nothing asserts on it.

The articles are the seeds under new ids, every paragraph of a copy given a unique word.
"""

import platform
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import polars as pl
import trafilatura

from flows.clean import clean
from flows.collect.archive import frame_documents
from flows.collect.documents import Document
from flows.extract import extract
from flows.link.marks import describe

SEEDS = Path(__file__).resolve().parent.parent / "seeds" / "articles"
ROUNDS = 5


def documents(copies: int, as_html: bool) -> pl.DataFrame:
    """RAW rows: the seeds, `copies` times."""
    found = []
    for copy in range(copies):
        for file in sorted(SEEDS.glob("*.txt")):
            lines = [
                f"{line} x{copy}n{n}" for n, line in enumerate(file.read_text("utf-8").split("\n")) if line.strip()
            ]
            text = "\n".join(f"<p>{line}</p>" for line in lines) if as_html else "\n".join(lines)
            body = f"<html><body><article>{text}</article></body></html>" if as_html else text
            name = f"{file.stem}-{copy}"
            kind = "html" if as_html else "text"
            found.append(Document("bench", name, body.encode(), kind, name, fetched_at=datetime.now(UTC)))
    return frame_documents(found)


def median_seconds(act: Callable[[], object]) -> float:
    """The middle of ROUNDS timings of a call without arguments."""
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        act()
        times.append(time.perf_counter() - start)
    return sorted(times)[ROUNDS // 2]


def main() -> None:
    """Print the table."""
    pages, texts = documents(40, as_html=True), documents(40, as_html=False)
    articles = clean(texts)[0]
    facts = extract(articles)
    bare = [body.decode() for body in pages["body"]]
    found = {
        "bare trafilatura, with metadata": median_seconds(
            lambda: [trafilatura.bare_extraction(page, with_metadata=True) for page in bare]
        ),
        "clean, pages": median_seconds(lambda: clean(pages)),
        "clean, plain texts": median_seconds(lambda: clean(texts)),
        "extract": median_seconds(lambda: extract(articles)),
        "marks for linking": median_seconds(lambda: describe(articles, facts.mentions, facts.events, facts.counts)),
    }
    base = found["clean, pages"]
    versions = f"duckdb {duckdb.__version__}, polars {pl.__version__}, trafilatura {trafilatura.__version__}"
    print(
        f"Python {sys.version.split()[0]} on {platform.machine()}, {versions}; {pages.height} articles, {ROUNDS} rounds"
    )
    print(f"{'stage':<34} {'articles/s':>10} {'speed beside clean':>19}")
    for name, seconds in found.items():
        print(f"{name:<34} {pages.height / seconds:>10.0f} {base / seconds:>19.2f}")


if __name__ == "__main__":
    main()
