"""What runs inside a worker: the stages over Parquet files. Paths and plain values in, files out."""

from pathlib import Path

import polars as pl

from flows.clean import clean
from flows.collect.archive import read_raw
from flows.extract import extract
from flows.link import link
from flows.schema import ARTICLES, KEY, LOCAL_EVENTS
from flows.worker import come_to

LINKED = ("copies", "linked_stories", "story_articles", "linked_events", "mentioned_events", "own_passages")
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


def link_all(current: list[str], articles: list[str], events: list[str], out: str) -> Done:
    """The ledger's current articles and their events (two files) and the new ones -> copies, stories and events."""
    columns = ["article_id", "raw_sha256", "title", "text", "origin", "publisher", "published_at"]
    shape = pl.Schema({name: ARTICLES[name] for name in columns})
    new = pl.concat([pl.DataFrame(schema=shape), *(pl.read_parquet(path, columns=columns) for path in articles)])
    new = new.select(columns).unique("article_id", keep="last", maintain_order=True)
    new_events = pl.concat([pl.DataFrame(schema=LOCAL_EVENTS), *(pl.read_parquet(path) for path in events)])
    new_events = new_events.unique([*KEY, "event_no"], keep="last", maintain_order=True).join(new, on=KEY, how="semi")
    known, known_events = (pl.read_parquet(path) for path in current)
    links = link(
        pl.concat([known.join(new, on="article_id", how="anti").select(columns).cast(shape), new]),
        pl.concat([known_events.join(new, on="article_id", how="anti").select(LOCAL_EVENTS.names()), new_events]),
    )
    _write(out, **dict(zip(LINKED, links, strict=True)))
    return {"n_rows": links.stories.height, "n_refused": 0}


def _write(out: str, **frames: pl.DataFrame) -> None:
    folder = Path(out)
    folder.mkdir(parents=True, exist_ok=True)
    for name, frame in frames.items():
        frame.write_parquet(folder / f"{name}.parquet")
