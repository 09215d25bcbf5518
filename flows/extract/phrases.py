"""Phrases of the lexicons: tokens that stand for one thing together ("claimed responsibility", "shot and killed")."""

from functools import cache

import polars as pl

from flows.extract.dates import relative_phrases
from flows.extract.match import at
from flows.extract.tagset import actor_names, tag_table

PIECES = r"[\p{L}\p{N}]+(?:-[\p{L}\p{N}]+)*(?:n't|'t)?|'s|[^\s]"


@cache
def phrase_table() -> pl.DataFrame:
    """`gram` (the phrase as tokens, parted by blanks), `phrase` (as the lexicon has it), `first`, `n` (tokens)."""
    words = pl.concat([tag_table()["word"], actor_names()["word"], pl.Series(list(relative_phrases()))]).unique().sort()
    tokens = words.str.replace_all("’", "'").str.extract_all(PIECES)
    table = pl.DataFrame(
        {"phrase": words, "n": tokens.list.len(), "gram": tokens.list.join(" "), "first": tokens.list.first()}
    )
    return table.filter((pl.col("n") > 1) & pl.col("phrase").str.contains(r"[ '’]"))


def join_phrases(tokens: pl.DataFrame) -> pl.DataFrame:
    """Make each phrase one token, the longest where several begin; of two that overlap the first."""
    table = phrase_table()
    tokens = tokens.with_row_index("row").with_columns(pl.col("row").cast(pl.Int64))
    starts = tokens.filter(pl.col("word").is_in(table["first"].implode())).select("row", "paragraph", "word")
    found = []
    for n in sorted(table["n"].unique(), reverse=True):
        gram = [at(tokens, "word", starts["row"] + step).alias(f"word_{step}") for step in range(n)]
        same = at(tokens, "paragraph", starts["row"] + n - 1) == starts["paragraph"]
        here = starts.select("row", gram=pl.concat_str(gram, separator=" ")).filter(same.fill_null(False))
        found.append(
            here.join(table.filter(n=n).select("gram", "phrase"), on="gram").with_columns(last=pl.col("row") + n - 1)
        )
    phrases = pl.concat(found).unique("row", keep="first", maintain_order=True).sort("row")
    phrases = phrases.filter((pl.col("row") > pl.col("last").shift(1).cum_max()).fill_null(True))
    inside = phrases.select(row=pl.int_ranges(pl.col("row") + 1, pl.col("last") + 1)).explode(
        "row", empty_as_null=False
    )
    phrases = phrases.with_columns(
        last_end=at(tokens, "end", phrases["last"]), forms=pl.int_ranges("row", pl.col("last") + 1)
    )
    forms = (
        phrases.select("row", at_row="forms")
        .explode("at_row")
        .join(tokens.select("form", "space", at_row="row"), on="at_row", how="left", maintain_order="left")
        .with_columns(form=pl.when(pl.col("space")).then(" " + pl.col("form")).otherwise("form"))
        .group_by("row", maintain_order=True)
        .agg(joined=pl.col("form").str.join("").str.strip_chars())
    )
    return (
        tokens.join(inside, on="row", how="anti", maintain_order="left")
        .join(phrases.select("row", "phrase", "last_end"), on="row", how="left", maintain_order="left")
        .join(forms, on="row", how="left", maintain_order="left")
        .with_columns(
            word=pl.coalesce("phrase", "word"), form=pl.coalesce("joined", "form"), end=pl.coalesce("last_end", "end")
        )
        .drop("row", "phrase", "last_end", "joined")
    )
