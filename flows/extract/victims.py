"""Who is counted: the name and age of a person told singly, and whether the wording puts them on top of others.

A toll adds persons up only once each: what tells them apart stands here (see sql/views/article_tolls.sql).
"""

import polars as pl

from flows.extract.match import at, phrase
from flows.extract.numbers import parse_number

KIN = ["his", "her", "their"]  # "his father" is somebody else than who was told of before
MORE = r"(?:another|the other|other|others|more|additional|further)"


def add_victims(statements: pl.DataFrame, tokens: pl.DataFrame, units: pl.DataFrame) -> pl.DataFrame:
    """Add `victim` (String: the name as worded of a person counted singly), `age` (Int32, in years; NULL where it is
    not told) and `is_more` ("another three", "two others") , `is_definite` ("the man", "his wife"), `is_kin` ("his
    wife"), `is_pronoun` ("she"), `opens_sentence` and `is_coordinated` (a comma or "and" stands before it).
    `statements` has `pattern`, `n`, `n_first`, `n_last`, `unit`, `kind`."""
    n = pl.col("n")
    name = n.str.extract("(O{2,})$")  # "a Somali man" names nobody
    named = statements.select(
        first=pl.col("n_last") + 1 - name.str.len_bytes().cast(pl.Int64),
        last=pl.when(name.is_not_null()).then("n_last"),
        own=pl.col("n_first") + n.str.find("Y").cast(pl.Int64),
        behind=pl.col("n_last") + 1,
    )
    comma = at(tokens, "count", named["behind"]) == ","
    behind = named["behind"] + comma.fill_null(False).cast(pl.Int64)
    singly = statements["n"].str.contains("^(?:a|t|Y|O)").fill_null(False)
    ages = _ages(tokens, behind).set(~singly, None)
    ages = _ages(tokens, named["own"]).zip_with(named["own"].is_not_null(), ages)
    quantity, unit = at(tokens, "word", statements["n_first"]), statements["unit"].str.to_lowercase()
    more = (quantity.str.contains(rf"^{MORE}\b") & ~quantity.str.starts_with("more than")) | unit.str.contains(
        rf"^{MORE}\b|\bothers$"
    ).fill_null(False)
    return statements.with_columns(
        victim=phrase(tokens, units, named["first"], named["last"]),
        age=ages,
        is_more=more,
        is_definite=n.str.contains("^[tu]")
        | ((n == "E") & (pl.col("kind") != "killed"))
        | (pl.col("pattern") == "single_headline_object"),  # "Boy shoots brother" repeats the text
        is_kin=pl.Series(quantity.is_in(KIN)).fill_null(False),
        is_pronoun=n == "u",
        opens_sentence=pl.Series(at(tokens, "sentence", statements["n_first"] - 2) != statements["sentence"]),
        is_coordinated=at(tokens, "count", statements["n_first"] - 1).is_in([",", "&"]).fill_null(False),
    )


def _ages(tokens: pl.DataFrame, rows: pl.Series) -> pl.Series:
    """The years that the age tokens at those rows tell; NULL for another token, for months, weeks and days."""
    words = at(tokens, "word", rows).set(~(at(tokens, "count", rows) == "Y").fill_null(False), None)
    years = words.str.extract(r"^(?:aged? |another )?([\w-]+?)(?:[- ]years?[- ]old)?$")
    return pl.Series([None if word is None else parse_number(word) for word in years], dtype=pl.Int32)
