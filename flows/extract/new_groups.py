"""Groups that no lexicon knows, as a text words them: "Justice Brigade", "Tuareg rebels", a group called "Red Dawn".

Only sentences that tell of a deed or a cue are read. A people or a country alone names no group ("Colombian rebels").
"""

from functools import cache

import polars as pl

from flows.extract.match import at, find_all, of_sentences, phrase, pick
from flows.lexicon import lexicon

LETTERS = {"title_head": "H", "group": "G", "armed": "A", "title": "J", "called": "c", "name": "J"}
PATTERNS = {
    "titled": r"(?P<ahead>[^a])(?P<name>[OJ]{1,4}[HG](?:Ft?[OJH]{1,4})?)",
    "of": r"(?P<ahead>[tc])(?P<name>H(?:F|Ft)[OJ]{1,4}H?)",
    "rebels": r"(?P<name>O{1,2}A)",
    "quoted": r"(?P<ahead>[GAHM]q)(?P<name>[OJ][OJHGFt]{0,5})(?P<close>q)",
    "quoted_group": r"(?P<ahead>q)(?P<name>[OJ][OJHFt]{0,5})(?P<close>q[GH])",
    "called": r"(?P<ahead>ct?q?)(?P<name>[OJ]{1,4}[HG]?(?:Ft?O{1,3})?|O{0,3}[JO]{1,3}[HG](?:Ft?[OJ]{1,3})?)",
}
CALLS = ["calling", "calls", "call", "called", "styling", "naming"]  # "a group calling itself Red Dawn"


@cache
def demonyms() -> pl.Series:
    """Peoples and countries, in lower case: what stands before "army" in the lexicon of actors."""
    armies = lexicon("actors").filter(pl.col("alias").str.ends_with(" army"))
    return armies.select(pl.col("alias").str.strip_suffix(" army").str.to_lowercase()).to_series().unique()


def find_new_groups(tokens: pl.DataFrame, units: pl.DataFrame) -> pl.DataFrame:
    """`row` (the last token of the name), `new` (the group as worded), `new_first` (row of its first token)."""
    tags = lexicon("members").filter(pl.col("tag").is_in(list(LETTERS))).unique("noun", keep="last")
    letter = dict(zip(tags["noun"], tags["tag"].replace_strict(LETTERS), strict=True))
    told = pick(tokens, pl.any_horizontal(pl.col("deed", "stance", "incident").is_not_null()), "sentence")["sentence"]
    grouped = pick(tokens, pl.col("word").is_in(list(letter)), "sentence")["sentence"]
    grouped = grouped.filter(grouped.is_in(told.unique().implode()))
    here = tokens.select("sentence", "unit", "row", "form", "word", "count").filter(of_sentences(tokens, grouped))
    small = pl.col("form").str.contains(r"^\p{Ll}")
    layer = (
        here.with_columns(name=_letter(letter, small))
        .group_by("sentence", maintain_order=True)
        .agg(
            pl.col("unit").first(),
            pl.col("row").first().alias("first"),
            pl.len().alias("n_tokens"),
            pl.col("name").str.join(""),
        )
    )
    hits = find_all(layer, "name", PATTERNS, ["name", "name_first", "name_last"])
    hits = hits.with_columns(new=phrase(tokens, units, hits["name_first"], hits["name_last"]))
    # "The Nelson Cell of the X", "the X Nelson Command" are parts of X, which is known.
    near = [hits["name_last"] + step for step in range(1, 5)] + [hits["name_first"] - step for step in (1, 2)]
    part = pl.any_horizontal(at(tokens, "actor", row).is_not_null() for row in near)
    people = pl.col("new").str.to_lowercase().str.extract(r"^(.*)\s\S+$").is_in(demonyms().implode())
    proper = pl.col("name").str.contains("O") | pl.col("pattern").is_in(["quoted", "quoted_group"])
    titled = pl.col("name").str.contains("J.*H|H.*J")
    hits = hits.filter((proper | titled) & ~people.fill_null(False) & ~part & (pl.col("new").str.len_chars() > 2))
    return hits.select(row="name_last", new="new", new_first="name_first").unique("row", keep="first")


def _letter(letter: dict[str, str], small: pl.Expr) -> pl.Expr:
    """A title in lower case is no name, unless the whole text has no other letters."""
    word, count = pl.col("word"), pl.col("count")
    own = word.replace_strict(letter, default=None)
    return (
        pl.when(count.is_in(["X", "q", ",", ";", "_"]))
        .then(count)
        .when(word.is_in(["a", "an"]))
        .then(pl.lit("a"))
        .when(own.is_not_null() & ~(own.is_in(["H", "J"]) & small))
        .then(own)
        .when(word.is_in(["itself", "themselves"]) & word.shift(1).is_in(CALLS))
        .then(pl.lit("c"))
        .when(count == "O")
        .then(pl.lit("O"))
        .when(word.is_in(["of", "for"]))
        .then(pl.lit("F"))
        .when(word == "the")
        .then(pl.lit("t"))
        .when(count.is_in(["k", "l"]))
        .then(pl.lit("M"))
        .otherwise(pl.lit("w"))
    )
