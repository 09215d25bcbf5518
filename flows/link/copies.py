"""Copies: one text under several names. Ten sites with one agency's text are ten articles and one origin."""

import hashlib
import re

import polars as pl

from flows.link.clusters import components

SHINGLE = 5  # words
NEAR = 0.7  # share of the shorter text's shingles that the other holds
COPIES = pl.Schema(
    {
        "article_id": pl.String,
        "copy_of": pl.String,
        "origin": pl.String,
        "similarity": pl.Float64,
        "reason": pl.String,
    }
)


def find_copies(articles: pl.DataFrame, pairs: pl.DataFrame) -> pl.DataFrame:
    """COPIES: `articles` has article_id, text, origin, and stands in order of publication; `pairs` are likely ones.

    A copy points at the first of its group (`reason` exact | near); a credit to an outlet outside is a row of its own
    with `copy_of` NULL. `similarity` is 1 for an exact copy, NULL where only the credit is known.
    """
    order = {article_id: number for number, article_id in enumerate(articles["article_id"])}
    texts = dict(articles.select("article_id", "text").iter_rows())
    shingles: dict[str, frozenset[int]] = {}

    def of(article_id: str) -> frozenset[int]:
        if article_id not in shingles:
            shingles[article_id] = _shingles(texts[article_id])
        return shingles[article_id]

    near = [
        (left, right)
        for left, right in pairs.filter(pl.col("likeness") >= 0.5).select("left", "right").iter_rows()
        if _share(of(left), of(right)) >= NEAR
    ]
    rows: list[tuple[str, str | None, str | None, float | None, str]] = []
    in_pairs = {article_id for pair in near for article_id in pair}
    for group in components(in_pairs, near):
        first, *others = sorted(group, key=lambda article_id: order[article_id])
        for other in others:
            share = _share(of(first), of(other))
            reason = "exact" if _fold(texts[first]) == _fold(texts[other]) else "near"
            rows.append((other, first, None, 1.0 if reason == "exact" else round(share, 4), reason))
    credited = articles.filter(pl.col("origin").is_not_null())
    rows += [
        (article_id, None, origin, None, "credit")
        for article_id, origin in credited.select("article_id", "origin").iter_rows()
    ]
    return pl.DataFrame(rows, schema=COPIES, orient="row").sort("article_id", "reason")


def _fold(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.lower()))


def _shingles(text: str) -> frozenset[int]:
    words = _fold(text).split()
    grams = (" ".join(words[at : at + SHINGLE]) for at in range(max(1, len(words) - SHINGLE + 1)))
    return frozenset(int.from_bytes(hashlib.blake2b(gram.encode(), digest_size=8).digest(), "big") for gram in grams)


def _share(left: frozenset[int], right: frozenset[int]) -> float:
    """Of the shorter text, how much the other holds; nothing where one is under half as long."""
    if min(len(left), len(right)) * 2 < max(len(left), len(right)):
        return 0.0
    return len(left & right) / min(len(left), len(right))
