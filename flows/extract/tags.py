"""Tokens -> tags -> sentences whose tags stand in strings, one letter a token.

Layers: `count` (who, how many, what happened to them) and `speech` (who speaks). Beside the lexicons' letters: N a
quantity, O a proper word, X an actor of the lexicon, T a time, Y an age, q a quotation mark, ' a possessive, w other.
"""

import polars as pl

from flows.extract.numbers import parse_quantity, quantity_pattern
from flows.extract.tagset import actor_names, tag_table
from flows.extract.tokens import MONTH, WEEKDAY
from flows.lexicon import lexicon


def tag_tokens(tokens: pl.DataFrame) -> pl.DataFrame:
    """Add the layers `count` and `speech` (one letter a token), the quantity of quantity tokens (`value`, `low`,
    `high`, `modifier`), `actor` (canonical, where the form is an actor's name) and what the lexicon rows carry."""
    tokens = tokens.join(tag_table(), on="word", how="left", maintain_order="left")
    tokens = tokens.join(actor_names(), on="form", how="left", maintain_order="left")
    tokens = tokens.join(_quantities(tokens), on="word", how="left", maintain_order="left")
    is_date = pl.col("form").str.contains(
        rf"^(?:{MONTH}(?:,?\s+(?:of\s+)?\d.*)?|{WEEKDAY}|\d{{1,2}}(?:st|nd|rd|th)?\s+(?:of\s+)?{MONTH}.*|\d{{4}}-\d{{2}}-\d{{2}}|\d{{1,2}}/\d{{1,2}}/\d{{2,4}})$"
    ) | pl.col("word").is_in(lexicon("dates")["phrase"].to_list())
    is_age = pl.col("word").str.contains(r"(?:-|\s)(?:year|month|week|day)s?(?:-|\s)old$|^aged? \d")
    year = pl.col("word").str.contains(r"^(?:19|20)\d\d$")
    capital = pl.col("form").str.contains(r"^\p{Lu}") & ~pl.col("form").str.contains(r"^\p{Lu}\.$")
    opens = pl.col("sentence") != pl.col("sentence").shift(1).fill_null(2**32 - 1)
    quote_opens = pl.col("form").shift(1).is_in(["“", '"', "‘", "«"]) & opens.shift(1).fill_null(False)
    initial = pl.col("form").str.contains(r"^\p{Lu}\.$")
    unknown = pl.col("count").is_null() & pl.col("speech").is_null() & pl.col("stance").is_null()
    followed = pl.col("form").shift(-1).str.contains(r"^\p{Lu}\p{L}|^\p{Lu}\.$").fill_null(False)
    seen = pl.col("form").is_in(tokens.filter(capital & ~opens & ~quote_opens & unknown)["form"].unique().implode())
    headline = (capital.cast(pl.Float64).mean().over("unit") > 0.5) & (pl.len().over("unit") < 40)
    inside = ~(opens | quote_opens)
    proper = unknown & ((capital & (inside | followed | seen)) | initial)
    punctuation = (
        pl.when(pl.col("form").is_in(["“", "”", '"', "«", "»"]))
        .then(pl.lit("q"))
        .when(pl.col("form") == ",")
        .then(pl.lit(","))
        .when(pl.col("form") == "'s")
        .then(pl.lit("'"))
        .when(pl.col("form") == "’s")
        .then(pl.lit("'"))
        .when(pl.col("form").is_in(["(", ")", "[", "]"]))
        .then(pl.lit("_"))
        .when(~pl.col("form").str.contains(r"[\p{L}\p{N}]"))
        .then(pl.lit(";"))
    )
    shared = (
        pl.when(pl.col("actor").is_not_null())
        .then(pl.lit("X"))
        .when(is_date)
        .then(pl.lit("T"))
        .when(is_age)
        .then(pl.lit("Y"))
    )
    return tokens.with_columns(
        count=pl.coalesce(
            shared,
            pl.when(pl.col("modifier").is_not_null() & ~year).then(pl.lit("N")),
            pl.when(year).then(pl.lit("T")),
            "count",
            punctuation,
            pl.when(proper).then(pl.lit("O")),
            pl.lit("w"),
        ),
        speech=pl.coalesce(
            shared,
            pl.when(pl.col("modifier").is_not_null() | year).then(pl.lit("N")),
            pl.when(pl.col("speech").is_in(["R", "B", "Q", "H", "A"])).then(pl.col("speech")),
            pl.when(inside & capital & pl.col("speech").is_in(["S", "G", "w"]) & ~headline).then(pl.lit("O")),
            "speech",
            pl.when(pl.col("stance").is_not_null()).then(pl.lit("K")),
            punctuation,
            pl.when(proper).then(pl.lit("O")),
            pl.lit("w"),
        ),
    )


def _quantities(tokens: pl.DataFrame) -> pl.DataFrame:
    """Each distinct quantity phrase, parsed once."""
    words = tokens["word"].unique()
    found = words.filter(words.str.contains(rf"^(?i:{quantity_pattern()})$"))
    rows = [(word, parse_quantity(word)) for word in found]
    return pl.DataFrame(
        [(word, q.value, q.low, q.high, q.modifier) for word, q in rows if q],
        schema={"word": pl.String, "value": pl.Int64, "low": pl.Int64, "high": pl.Int64, "modifier": pl.String},
        orient="row",
    )


def read_sentences(tokens: pl.DataFrame) -> pl.DataFrame:
    """A row a sentence: `sentence`, `unit`, `paragraph`, `first` (row of its first token), `n_tokens`, `start`, `end`,
    and each layer's letters as one string. No sentence crosses two units."""
    sentences = (
        tokens.with_row_index("row")
        .group_by("sentence", maintain_order=True)
        .agg(
            pl.col("unit").first(),
            pl.col("unit").n_unique().alias("n_units"),
            pl.col("paragraph").first(),
            pl.col("row").first().alias("first"),
            pl.len().alias("n_tokens"),
            pl.col("start").first(),
            pl.col("end").last(),
            pl.col("count").str.join(""),
            pl.col("speech").str.join(""),
        )
    )
    if (sentences["n_units"] > 1).any():
        raise AssertionError("a sentence crosses two texts")
    return sentences.drop("n_units")
