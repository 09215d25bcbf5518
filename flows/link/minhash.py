"""Likely copies without comparing all with all: MinHash signatures cut into bands (Broder 1997; Leskovec, Rajaraman and
Ullman, Mining of Massive Datasets, 3.4). Two texts that share a band's hash are worth comparing."""

from collections.abc import Iterator

import numpy as np
import polars as pl
from numpy.typing import NDArray

from flows.link.shingles import FOLD, Hashes, hash_words, once, shingle, stir

# Two texts of Jaccard likeness j share a band with a probability of 1 - (1 - j^3)^60: 0.98 at 0.4, 0.06 at 0.1.
BANDS, ROWS = 60, 3
WHOLE = -1  # the band of a short text: all its words
SHORTEST, SHORT = 12, 40  # words: from the first on a text is looked at, from the second on also for near copies
BLOCK = 100_000  # shingles worked on at a time: they stay in the processor's cache
SIGNATURES = pl.Schema({"article_id": pl.String, "band": pl.Int16, "hash": pl.UInt64})
_FACTORS = stir(np.arange(1, 2 * BANDS * ROWS + 1, dtype=np.uint64) * FOLD).reshape(-1, 2)


def sign_texts(articles: pl.DataFrame) -> pl.DataFrame:
    """SIGNATURES of `article_id`, `text`, to be stored: a text's rows depend on nothing but its words. Texts under 12
    words have none; those under 40 have one of all their words, by which only the same text is found."""
    ids, texts = articles["article_id"].to_list(), articles["text"].to_list()
    words = [hash_words(text) for text in texts]
    short = [n for n, own in enumerate(words) if SHORTEST <= len(own) < SHORT]
    whole = [shingle(words[n], SHORT)[0] for n in short]
    frames = [_rows([ids[n] for n in short], [WHOLE], np.array(whole, dtype=np.uint64).reshape(-1, 1))]
    for block in _blocks([n for n, own in enumerate(words) if len(own) >= SHORT], words):
        bands = _sign([once(shingle(words[n])) for n in block])
        frames.append(_rows([ids[n] for n in block], list(range(BANDS)), bands))
    return pl.concat(frames)


def share_bands(signatures: pl.DataFrame) -> pl.DataFrame:
    """`ids`, a list a row: articles that share a (band, hash), in order, each list once."""
    return (
        signatures.group_by("band", "hash")
        .agg(ids=pl.col("article_id").unique().sort())
        .filter(pl.col("ids").list.len() > 1)
        .select("ids")
        .unique()
        .sort("ids")
    )


def _blocks(numbers: list[int], words: list[Hashes]) -> Iterator[list[int]]:
    block: list[int] = []
    held = 0
    for n in numbers:
        if block and held + len(words[n]) > BLOCK:
            yield block
            block, held = [], 0
        block.append(n)
        held += len(words[n])
    if block:
        yield block


def _sign(shingles: list[Hashes]) -> NDArray[np.uint64]:
    """A row a text, a column a band: the three least numbers of its shingles under three permutations, as one hash."""
    starts = np.cumsum([0, *map(len, shingles[:-1])])
    numbers = np.concatenate(shingles)
    bands = np.zeros((len(shingles), BANDS), dtype=np.uint64)
    for row, (factor, summand) in enumerate(_FACTORS):
        least = np.minimum.reduceat((numbers * (factor | np.uint64(1)) + summand) >> np.uint64(32), starts)
        bands[:, row // ROWS] = bands[:, row // ROWS] * FOLD + least
    return stir(bands)


def _rows(ids: list[str], bands: list[int], hashes: NDArray[np.uint64]) -> pl.DataFrame:
    columns = {"article_id": np.repeat(np.array(ids, dtype=object), len(bands)), "band": bands * len(ids)}
    return pl.DataFrame(columns | {"hash": hashes.ravel()}, schema=SIGNATURES)
