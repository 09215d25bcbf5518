"""Munitions that were used: what was seized, found, defused or kept was not (words of not_used.csv)."""

import polars as pl

from flows.extract.match import stands_near
from flows.lexicon import lexicon

BEFORE, BEHIND = 12, 6  # tokens on either side in which the verb stands


def drop_unused(statements: pl.DataFrame, tokens: pl.DataFrame) -> pl.DataFrame:
    """The statements without munitions that the wording says were not used; `row` and `n_last` are token rows."""
    told = statements.filter(pl.col("kind") == "munitions").select("row", "n_last", "sentence")
    if told.is_empty():
        return statements
    words = lexicon("not_used")["word"]
    before = stands_near(tokens, words, told["row"], range(-BEFORE, 0), told["sentence"])
    unused = before | stands_near(tokens, words, told["n_last"], range(1, BEHIND + 1), told["sentence"])
    return statements.join(told.filter(unused), on="row", how="anti", maintain_order="left")
