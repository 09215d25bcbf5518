"""Patterns over tag strings: a regular expression whose named groups tile the match -> rows of tokens.

Polars' expressions have neither look-around nor offsets of groups. Both come from one trick: `pattern|(?s:.)` splits a
string without a rest, so running lengths are offsets, and groups that tile a match give theirs by their lengths.
"""

import re

import polars as pl


def find(sentences: pl.DataFrame, layer: str, pattern: str) -> pl.DataFrame:
    """Where `pattern` stands in a layer of the sentences.

    `sentences` has `sentence`, `first`, `n_tokens` and the layer; `pattern` is named groups and nothing between them.
    Returns `sentence` and, for each group g, `g` (its letters), `g_first` and `g_last` (rows of its first and last
    token; NULL where it is empty). Matches do not overlap.
    """
    names = re.findall(r"\(\?P<(\w+)>", pattern)
    columns: list[pl.Expr] = []
    some = sentences.filter(pl.col(layer).str.contains(pattern))
    hits = (
        some.select(
            "sentence",
            # The letters of the sentences before it stand before its own: what a running length counts too much.
            shift=pl.col("first").cast(pl.Int64) - (pl.col("n_tokens").cum_sum() - pl.col("n_tokens")).cast(pl.Int64),
            part=pl.col(layer).str.extract_all(f"(?:{pattern})|(?s:.)"),
        )
        .explode("part")
        .with_columns(size=pl.col("part").str.len_bytes().cast(pl.Int64))
        .with_columns(at=pl.col("size").cum_sum() - pl.col("size") + pl.col("shift"))
        .filter(pl.col("size") > 1)
        .with_columns(pl.col("part").str.extract_groups(f"^(?:{pattern})$").alias("groups"))
        .unnest("groups")
        .filter(pl.col(names[0]).is_not_null())
    )
    start = pl.col("at")
    for name in names:
        size = pl.col(name).str.len_bytes().cast(pl.Int64)
        filled = size > 0
        columns += [
            pl.col(name),
            pl.when(filled).then(start).alias(f"{name}_first"),
            pl.when(filled).then(start + size - 1).alias(f"{name}_last"),
        ]
        start = start + size
    return hits.select("sentence", *columns)


def at(tokens: pl.DataFrame, column: str, rows: pl.Series) -> pl.Series:
    """The column's values at those token rows; NULL for a row that is NULL or outside."""
    inside = rows.is_between(0, tokens.height - 1)
    return (
        tokens[column].gather(rows.fill_null(0).clip(0, max(tokens.height - 1, 0))).set(~inside.fill_null(False), None)
        if tokens.height
        else pl.Series(column, [None] * len(rows), dtype=tokens.schema[column])
    )


def phrase(tokens: pl.DataFrame, units: pl.DataFrame, first: pl.Series, last: pl.Series) -> pl.Series:
    """The words of the text from token `first` to token `last`; NULL where either is."""
    frame = pl.DataFrame(
        {
            "unit": at(tokens, "unit", first),
            "start": at(tokens, "start", first),
            "end": at(tokens, "end", last),
        }
    )
    length = pl.col("end") - pl.col("start")
    joined = frame.join(units.select("unit", "text"), on="unit", how="left", maintain_order="left")
    return joined.select(pl.when(length > 0).then(pl.col("text").str.slice(pl.col("start"), length))).to_series()
