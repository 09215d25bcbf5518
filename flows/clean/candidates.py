"""Candidates: what a page offers for a field, in the order of the rules; those that lost are kept as evidence."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

import polars as pl

from flows.schema import CANDIDATES, KEY

MOST = 10  # of a field: a page of comments names a hundred "authors", and none past the first few tells a reader more
LONGEST = 300
TOLD = {"title": "headline", "authors": "byline", "published_at": "told_at"}

T = TypeVar("T")
Offer = tuple[str, list[str]]  # its source, and its words: one text, or one an author


@dataclass(frozen=True)
class Candidate:
    """One value that a page offers: `field` (title | authors | published_at | modified_at | publisher | language |
    url), `value` as worded there, `source` ("json-ld headline", "meta og:title", "h1"), `rank` (1: the rules look at
    it first), `is_chosen` (what the article says was read from it)."""

    field: str
    value: str
    source: str
    rank: int
    is_chosen: bool


def choose(
    field: str, offers: Sequence[Offer], read: Callable[[list[str]], T | None]
) -> tuple[T | None, list[Candidate]]:
    """The first offer that `read` makes something of, and all of them as candidates."""
    distinct = list({(source, *words): (source, words) for source, words in offers if any(words)}.values())
    won, value = next(
        ((at, value) for at, (_, words) in enumerate(distinct) if (value := read(words)) is not None), (None, None)
    )
    kept = [at for at in range(len(distinct)) if at < MOST or at == won]
    return value, [_candidate(field, distinct[at], at + 1, at == won) for at in kept]


def prefer(candidates: Sequence[Candidate], field: str, value: str | None, source: str) -> list[Candidate]:
    """The candidates of a page after a better source won a field; without a value of it nothing changes."""
    if not value:
        return list(candidates)
    rest = [replace(one, rank=one.rank + 1, is_chosen=False) if one.field == field else one for one in candidates]
    return [_candidate(field, (source, [value]), 1, True), *rest]


def _candidate(field: str, offer: Offer, rank: int, is_chosen: bool) -> Candidate:
    source, words = offer
    return Candidate(field, " ".join("; ".join(words).split())[:LONGEST], source, rank, is_chosen)


def add_told(candidates: pl.DataFrame, articles: pl.DataFrame) -> pl.DataFrame:
    """CANDIDATES with what the lines of the text tell (`headline`, `byline`, `told_at`): it comes last, and is chosen
    where the page offers nothing that could be read."""
    told = pl.concat(
        articles.select(*KEY, field=pl.lit(field), value=pl.col(column).cast(pl.String)).drop_nulls("value")
        for field, column in TOLD.items()
    )
    offered = candidates.group_by(*KEY, "field").agg(
        last=pl.col("rank").max(), has_won=pl.col("is_chosen").any(), values=pl.col("value")
    )
    told = told.join(offered, on=[*KEY, "field"], how="left", maintain_order="left").filter(
        ~pl.col("values").list.contains(pl.col("value")).fill_null(False)
    )
    told = told.with_columns(
        source=pl.lit("text"), rank=pl.col("last").fill_null(0) + 1, is_chosen=~pl.col("has_won").fill_null(False)
    )
    return pl.concat([candidates, told.select(CANDIDATES.names()).cast(CANDIDATES)])
