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


@cache
def first_words() -> pl.Series:
    """The words that phrases begin with."""
    return phrase_table()["first"].unique()


@cache
def _first_two() -> pl.Series:
    """The first two tokens of each phrase, parted by a blank."""
    return phrase_table()["gram"].str.extract(r"^(\S+ \S+)").unique()


def join_phrases(tokens: pl.DataFrame) -> pl.DataFrame:
    """Make each phrase one token, the longest where several begin; of two that overlap the first. `begins` says which
    tokens may begin one."""
    table = phrase_table()
    starts = tokens.select(pl.int_range(pl.len(), dtype=pl.Int64).alias("row"), "paragraph", "word", "begins").filter(
        "begins"
    )
    gram = starts["word"] + " " + at(tokens, "word", starts["row"] + 1)
    starts = starts.with_columns(gram=gram).filter(pl.col("gram").is_in(_first_two().implode()))
    found = []
    for n in range(2, max(table["n"]) + 1):
        if n > 2:
            starts = starts.with_columns(gram=starts["gram"] + " " + at(tokens, "word", starts["row"] + n - 1))
        same = at(tokens, "paragraph", starts["row"] + n - 1) == starts["paragraph"]
        starts = starts.filter(same.fill_null(False))
        here = starts.select("row", "gram").join(table.filter(n=n).select("gram", "phrase"), on="gram")
        found.append(here.with_columns(last=pl.col("row") + n - 1))
    longest = pl.concat(reversed(found)).unique("row", keep="first", maintain_order=True).sort("row")
    phrases = longest.filter((pl.col("row") > pl.col("last").shift(1).cum_max()).fill_null(True))
    forms = _forms_of(phrases, tokens)
    inside = phrases.select(row=pl.int_ranges(pl.col("row") + 1, pl.col("last") + 1)).explode(
        "row", empty_as_null=False
    )
    row, kept = phrases["row"], pl.Series(pl.repeat(True, tokens.height, eager=True)).scatter(inside["row"], False)
    return tokens.with_columns(
        word=tokens["word"].scatter(row, phrases["phrase"]),
        form=tokens["form"].scatter(row, forms),
        end=tokens["end"].scatter(row, at(tokens, "end", phrases["last"])),
        code=tokens["code"].scatter(row, None),
    ).filter(kept)


def _forms_of(phrases: pl.DataFrame, tokens: pl.DataFrame) -> pl.Series:
    """The forms of phrases (token rows `row` to `last`) as the text has them, but for more than one blank."""
    parts = phrases.select("row", part=pl.int_ranges("row", pl.col("last") + 1)).explode("part")
    part = at(tokens, "form", parts["part"])
    spaced = at(tokens, "space", parts["part"])
    return (
        parts.with_columns(form=pl.select(pl.when(spaced).then(" " + part).otherwise(part)).to_series())
        .group_by("row", maintain_order=True)
        .agg(pl.col("form").str.join("").str.strip_chars())["form"]
    )
