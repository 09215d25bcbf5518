"""Extract from a few sentences: what the tests of this folder read."""

from datetime import UTC, datetime

import polars as pl

from flows.extract import Facts, extract
from flows.schema import ARTICLES


def article(
    text: str, title: str | None = None, published: str | None = "2020-11-22", name: str = "a"
) -> dict[str, object]:
    at = datetime.fromisoformat(published).replace(tzinfo=UTC) if published else None
    blank = dict.fromkeys(ARTICLES.names())
    return blank | {
        "article_id": name,
        "raw_sha256": name,
        "text": text,
        "title": title,
        "published_at": at,
        "language": "en",
    }


def read(*articles: dict[str, object]) -> Facts:
    return extract(pl.DataFrame(list(articles), schema=ARTICLES))


def counts(text: str, **more: str | None) -> list[tuple[str, int | None, int | None, str]]:
    """(kind, low, high, scope) of each count, in the order of the text."""
    facts = read(article(text, **more))
    return list(facts.counts.select("kind", "low", "high", "scope").iter_rows())
