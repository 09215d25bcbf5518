"""What runs inside a worker: the stages over Parquet files. Paths and plain values in, files out."""

from pathlib import Path

import polars as pl

from flows.clean import clean
from flows.collect.archive import read_raw
from flows.extract import extract
from flows.worker import come_to

Done = dict[str, int]


def clean_rows(given: list[str], due: str, first: int, last: int, out: str) -> Done:
    """Archive files -> articles, removed lines and rejects of those that are due, from the `first` to before the
    `last` of them."""
    documents = read_raw(given, pl.read_parquet(due))[first:last]
    cleaned = clean(documents, lambda document: come_to(first + document))
    _write(out, **cleaned._asdict())
    return {"n_rows": cleaned.articles.height, "n_refused": cleaned.rejects.height}


def extract_rows(given: list[str], first: int, last: int, out: str) -> Done:
    """Articles -> their facts and the events they tell, from the `first` to before the `last` article."""
    facts = extract(pl.scan_parquet(given).collect()[first:last])
    _write(out, **facts._asdict())
    return {"n_rows": facts.counts.height + facts.claims.height + facts.quotes.height, "n_refused": 0}


def _write(out: str, **frames: pl.DataFrame) -> None:
    folder = Path(out)
    folder.mkdir(parents=True, exist_ok=True)
    for name, frame in frames.items():
        frame.write_parquet(folder / f"{name}.parquet")
