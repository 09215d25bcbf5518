"""Copies: one text under several names. Ten sites with one agency's text are ten articles and one origin."""

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
    likely = pairs.filter(pl.col("likeness") >= 0.5).select("left", "right")
    in_likely = pl.concat([likely["left"], likely["right"]]).unique()
    texts = articles.filter(pl.col("article_id").is_in(in_likely.implode())).select("article_id", "text")
    words = {article_id: _words(text) for article_id, text in texts.iter_rows()}
    shingles = {article_id: _shingles(own) for article_id, own in words.items()}
    near = [(left, right) for left, right in likely.iter_rows() if _share(shingles[left], shingles[right]) >= NEAR]
    rows: list[tuple[str, str | None, str | None, float | None, str]] = []
    in_pairs = {article_id for pair in near for article_id in pair}
    for group in components(in_pairs, near):
        first, *others = sorted(group, key=lambda article_id: order[article_id])
        for other in others:
            share = _share(shingles[first], shingles[other])
            reason = "exact" if words[first] == words[other] else "near"
            rows.append((other, first, None, 1.0 if reason == "exact" else round(share, 4), reason))
    credited = articles.filter(pl.col("origin").is_not_null())
    rows += [
        (article_id, None, origin, None, "credit")
        for article_id, origin in credited.select("article_id", "origin").iter_rows()
    ]
    return pl.DataFrame(rows, schema=COPIES, orient="row").sort("article_id", "reason")


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


def _shingles(words: list[str]) -> frozenset[int]:
    """Hashes that are compared within one process only: Python's own, at a fifth of blake2's cost."""
    grams = zip(*(words[at:] for at in range(SHINGLE)), strict=False)
    return frozenset(map(hash, grams)) or frozenset({hash(tuple(words))})


def _share(left: frozenset[int], right: frozenset[int]) -> float:
    """Of the shorter text, how much the other holds; nothing where one is under half as long."""
    if min(len(left), len(right)) * 2 < max(len(left), len(right)):
        return 0.0
    return len(left & right) / min(len(left), len(right))
