"""What is remembered of pages, feeds, sites and hosts, and what became of each address. Instants are seconds since 1970
(UTC); NULL is unknown, or never."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import NamedTuple

import polars as pl

from flows.schema import FETCHES


class Page(NamedTuple):
    """A page by the address that names it. `state`: waiting (never had) | held | moved (its address now leads to
    another page) | gone | given up. `listed_*` as worded by the feed or sitemap; `raw_sha256` of what it last was;
    `due_at` is when to ask again, NULL never; `failed_since` the first of the failures in a row."""

    key: str
    url: str
    source: str
    state: str = "waiting"
    article_id: str | None = None
    listed_by: str | None = None
    listed_title: str | None = None
    listed_published: str | None = None
    listed_published_at: float | None = None
    listed_publisher: str | None = None
    listed_updated: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    raw_sha256: str | None = None
    checked_at: float | None = None
    full_at: float | None = None
    changed_at: float | None = None
    failed_since: float | None = None
    failures: int = 0
    due_at: float | None = None


class Feed(NamedTuple):
    """A feed or a sitemap. `minutes` is how long it is left between two looks, by how often it changes; `n_items` what
    it listed last; `due_at` NULL: gone for good."""

    url: str
    source: str
    etag: str | None = None
    last_modified: str | None = None
    raw_sha256: str | None = None
    checked_at: float | None = None
    full_at: float | None = None
    changed_at: float | None = None
    minutes: float | None = None
    failures: int = 0
    n_items: int | None = None
    due_at: float | None = None


class Known(NamedTuple):
    """A robots.txt as it was answered."""

    origin: str
    status: int
    body: bytes
    fetched_at: float


class Host(NamedTuple):
    """A host that asked to be left alone until then."""

    host: str
    not_before: float


class Outcome(NamedTuple):
    """What became of one address in one run: a row of FETCHES."""

    run_id: str
    source_name: str
    input: str
    outcome: str
    verdict: str
    fetched_at: float
    n_documents: int = 0
    n_refused: int = 0
    n_known: int = 0
    is_source: bool = False
    status: int | None = None
    detail: str | None = None
    final_url: str | None = None
    n_bytes: int | None = None
    seconds: float | None = None


Row = Page | Feed | Known | Host | Outcome


def frame_outcomes(outcomes: Iterable[Outcome]) -> pl.DataFrame:
    """FETCHES, a row an outcome."""
    rows = [one._asdict() | {"fetched_at": datetime.fromtimestamp(one.fetched_at, UTC)} for one in outcomes]
    return pl.DataFrame(rows, schema=FETCHES).cast(FETCHES)
