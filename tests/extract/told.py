"""Extract from a few sentences: what the tests of this folder read.

A call of `extract` costs a few tenths of a second however little it reads, so the texts of parametrised tests are read
in one batch (conftest.py names them in `ahead`). That a batch changes no fact is tested by itself.
"""

from datetime import UTC, datetime
from functools import cache

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


ahead: dict[str, None] = {}  # texts in the order of the tests


@cache
def _read_ahead() -> Facts:
    return extract(pl.DataFrame([article(text, name=text) for text in ahead], schema=ARTICLES))


def read(*articles: dict[str, object]) -> Facts:
    """What the articles state, read together; one plain article is read with those of the other tests."""
    text = str(articles[0]["text"])
    if len(articles) > 1 or text not in ahead or articles[0] != article(text):
        return extract(pl.DataFrame(list(articles), schema=ARTICLES))
    own = (
        frame.filter(article_id=text).with_columns(article_id=pl.lit("a"), raw_sha256=pl.lit("a"))
        for frame in _read_ahead()
    )
    return Facts(*own)


def counts(text: str, **more: str | None) -> list[tuple[str, int | None, int | None, str]]:
    """(kind, low, high, scope) of each count, in the order of the text."""
    facts = read(article(text, **more))
    return list(facts.counts.select("kind", "low", "high", "scope").iter_rows())
