"""Phrases of the lexicons: tokens that stand for one thing together ("claimed responsibility", "shot and killed")."""

from functools import cache

import numpy as np
import polars as pl

from flows.extract.dates import relative_phrases
from flows.extract.neighbours import Flags, Rows, behind
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
def second_words() -> pl.Series:
    """The words that stand second in phrases."""
    return _first_two().str.extract(r"(\S+)$").unique()


@cache
def _first_two() -> pl.Series:
    """The first two tokens of each phrase, parted by a blank."""
    return phrase_table()["gram"].str.extract(r"^(\S+ \S+)").unique()


@cache
def _beginnings() -> dict[str, str | None]:
    """What phrases begin with, two tokens and more, parted by blanks -> the phrase, if it is one whole."""
    whole = dict(phrase_table().select("gram", "phrase").reverse().iter_rows())
    pieces = [gram.split(" ") for gram in whole]
    parts = {" ".join(words[:n]): None for words in pieces for n in range(2, len(words))}
    return {**parts, **whole}


def find_phrases(forms: pl.DataFrame, entry: Rows, space: Flags, paragraph: Rows) -> pl.DataFrame:
    """A row a phrase in the text, the longest where several begin; of two that overlap the first: `row`, `last` (its
    tokens), `word`, `form` (as the text has it, but for more than one blank).

    A token is an `entry` in `forms`, which has `form`, `word`, `begins` (a phrase may) and `goes_on` (it may stand
    second); `space`: a blank stands before it.
    """
    begins, goes_on = (forms[name].to_numpy()[entry] for name in ("begins", "goes_on"))
    row = np.flatnonzero(begins & behind(goes_on))
    row = row[paragraph[row] == paragraph[row + 1]]
    gram, last = forms["word"][entry[row]], row
    known, found = _beginnings(), []
    while len(row):
        gram, last = gram + " " + forms["word"][entry[last + 1]], last + 1
        is_known = np.array([text in known for text in gram.to_list()], dtype=np.bool_)
        row, last, gram = row[is_known], last[is_known], gram.filter(pl.Series(is_known))
        words = pl.Series("word", [known[text] for text in gram.to_list()], dtype=pl.String)
        found.append(pl.DataFrame([pl.Series("row", row), words, pl.Series("last", last)]).drop_nulls("word"))
        goes_on = (last + 1 < len(entry)) & (paragraph[(last + 1) % len(entry)] == paragraph[row])
        row, last, gram = row[goes_on], last[goes_on], gram.filter(pl.Series(goes_on))
    if not found:
        return pl.DataFrame(schema={"row": pl.Int64, "word": pl.String, "last": pl.Int64, "form": pl.String})
    longest = pl.concat(reversed(found)).unique("row", keep="first", maintain_order=True).sort("row")
    phrases = longest.filter((pl.col("row") > pl.col("last").shift(1).cum_max()).fill_null(True))
    parts = phrases.select("row", part=pl.int_ranges("row", pl.col("last") + 1)).explode("part", empty_as_null=False)
    part = parts["part"].to_numpy()
    blank = pl.Series(np.where(space[part] & (part > parts["row"].to_numpy()), " ", ""), dtype=pl.String)
    parts = parts.with_columns(form=blank + forms["form"][entry[part]])
    return phrases.hstack([parts.group_by("row", maintain_order=True).agg(pl.col("form").str.join(""))["form"]])
