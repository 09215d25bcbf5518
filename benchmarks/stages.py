"""`python -m benchmarks stages`: stages side by side in one process on the same articles.

The articles are the seeds under new ids, every paragraph of a copy given a unique word.
"""

import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import trafilatura

from benchmarks.table import Row
from flows.clean import clean
from flows.collect.archive import frame_documents
from flows.collect.documents import Document
from flows.extract import extract
from flows.link.marks import describe

SEEDS = Path(__file__).resolve().parent.parent / "seeds" / "articles"


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


def seconds(act: Callable[[], object]) -> float:
    """Processor time of a call: other programs on the machine do not count."""
    start = time.process_time()
    act()
    return time.process_time() - start


def rows(rounds: int = 5, size: int = 200) -> list[Row]:
    """Each stage beside cleaning the same pages, in turns; `size`: articles."""
    pages, texts = documents(size // 5, as_html=True), documents(size // 5, as_html=False)
    articles = clean(texts)[0]
    facts = extract(articles)
    bare = [body.decode() for body in pages["body"]]
    acts: dict[str, Callable[[], object]] = {
        "clean, pages": lambda: clean(pages),
        "bare trafilatura, with metadata": lambda: [
            trafilatura.bare_extraction(page, with_metadata=True) for page in bare
        ],
        "clean, plain texts": lambda: clean(texts),
        "extract": lambda: extract(articles),
        "marks for linking": lambda: describe(articles, facts.mentions, facts.events, facts.counts),
    }
    taken = [{name: seconds(act) for name, act in acts.items()} for _ in range(rounds)]
    base, *others = acts
    what = f"{pages.height:,} articles, copies of the seeds, one thread"
    speeds = {name: pages.height / statistics.median(turn[name] for turn in taken) for name in acts}
    return [Row(f"seeds: {base}", speeds[base], "articles/s", None, "", rounds, what)] + [
        Row(
            f"seeds: {name} / {base}",
            speeds[name],
            "articles/s",
            statistics.median(turn[base] / turn[name] for turn in taken),
            "",
            rounds,
            what,
        )
        for name in others
    ]
