"""The vocabulary of a batch: what each distinct form is by itself, worked out once and not for each token."""

import numpy as np
import polars as pl

from flows.extract.dates import relative_phrases
from flows.extract.marks import DOUBLE
from flows.extract.match import is_any
from flows.extract.neighbours import Flags, Rows
from flows.extract.numbers import quantity_starts, read_quantity
from flows.extract.shouting import LINKS, add_loud_names
from flows.extract.tagset import actor_names, tag_table
from flows.extract.talk import describe_words
from flows.extract.tokens import MONTH, WEEKDAY
from flows.lexicon import lexicon

DATE = (
    rf"^(?:{MONTH}(?:,? (?:of )?[0-9].*)?|{WEEKDAY}|[0-9]{{1,2}}(?:st|nd|rd|th)? (?:of )?{MONTH}.*"
    r"|[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{1,2}/[0-9]{1,2}/[0-9]{2,4}|[0-9]{1,2}[.][0-9]{1,2}[.][0-9]{4})$"
)
PARTICLES = ["de", "la", "le", "del", "della", "den", "der", "di", "da", "dos", "du", "el", "al", "bin", "van", "von"]
AGE = r"[- ](?:year|month|week|day)s?[- ]old$|^aged? [0-9]"


def read_vocabulary(tokens: pl.DataFrame, shouts: Flags) -> tuple[pl.DataFrame, Rows]:
    """(what `_describe` tells of each form of the tokens, each token's row there).

    A form is known by its number, for a join on its letters takes eight times as long; phrases have no number and are
    joined. The same form in a text that `shouts` and in another is two.
    """
    code = tokens["code"].cast(pl.Int64).fill_null(-1).to_numpy()
    key = code * 2 + shouts
    numbered = np.flatnonzero(code >= 0)
    first = np.full(key.max(initial=0) + 1, -1)
    first[key[numbered]] = numbered
    known = np.flatnonzero(first >= 0)
    rows = np.flatnonzero(code < 0)
    asked = tokens.select("form", "word")
    phrases = asked[rows].with_columns(shouts=pl.Series(shouts[rows]))
    forms = pl.concat([asked[first[known]].with_columns(shouts=pl.Series(shouts[first[known]])), phrases.unique()])
    vocabulary = _describe(forms).rechunk()
    first[known] = np.arange(len(known))
    entry = first[np.maximum(key, 0)]
    joined = vocabulary[len(known) :].select(
        "form", "word", "shouts", entry=pl.int_range(len(known), vocabulary.height)
    )
    entry[rows] = phrases.join(joined, on=["form", "word", "shouts"], how="left", maintain_order="left")["entry"]
    return vocabulary, entry


def _describe(forms: pl.DataFrame) -> pl.DataFrame:
    """What each distinct form is by itself: lexicon rows, quantity, `mark` (a letter that it has in both layers), what
    `tags.tag_tokens` asks of it in FLAGS, and what `describe_words` adds."""
    names = actor_names()
    single = names.filter(~pl.col("is_phrase")).select("form", one="actor")
    phrases = names.filter("is_phrase").select("word", many="actor").unique("word", keep="first")
    loud = single.select(word=pl.col("form").str.to_lowercase(), loud="one")
    forms = (
        forms.join(tag_table(), on="word", how="left")
        .join(loud.unique("word", keep="first"), on="word", how="left")
        .join(single, on="form", how="left")
        .join(phrases, on="word", how="left")
        .join(_quantities(forms), on="word", how="left")
        .pipe(add_loud_names)
        .pipe(describe_words)
        .with_columns(
            actor=pl.coalesce(
                pl.when(pl.col("form").str.contains(r"\p{Lu}")).then("many"),
                "one",
                pl.when(pl.col("shouts") & (pl.col("is_loud_name") | pl.col("word").str.contains("[0-9]"))).then(
                    "loud"
                ),
            )
        )
        .drop("many", "one", "loud")
    )
    form, word = pl.col("form"), pl.col("word")
    is_initial = form.str.contains(r"^\p{Lu}\.$")
    return forms.with_columns(
        mark=pl.when(pl.col("actor").is_not_null())
        .then(pl.lit("X"))
        .when(
            form.str.contains(DATE)
            | (pl.col("shouts") & word.str.contains(f"(?i){DATE}"))
            | word.is_in(list(relative_phrases()))
        )
        .then(pl.lit("T"))
        .when(word.str.contains(AGE))
        .then(pl.lit("Y"))
        .when(form.is_in(DOUBLE))
        .then(pl.lit("q"))
        .when(form == ",")
        .then(pl.lit(","))
        .when(word == "'s")
        .then(pl.lit("'"))
        .when(form.is_in(["(", ")", "[", "]"]))
        .then(pl.lit("_"))
        .when(~form.str.contains(r"[\p{L}\p{N}]") & pl.col("count").is_null())
        .then(pl.lit(";")),
        is_ordinal=word.str.contains(r"^[0-9]{1,2}(?:st|nd|rd|th)$"),
        is_year=word.str.contains(r"^(?:19|20)\d\d$"),
        is_measure=word.is_in(lexicon("measures")["word"].implode()),
        is_capital=form.str.contains(r"^\p{Lu}") & ~is_initial & ~pl.col("shouts"),
        is_initial=is_initial,
        is_particle=word.is_in(PARTICLES),
        is_link=word.is_in(LINKS),
        is_hyphen=form == "-",
        is_feet=is_any(form, "'’′"),
        is_age=word.is_in(["age", "ages", "aged"]),
        is_aged=word.str.contains("^aged? [0-9]"),
        is_linking=word.is_in(["and", "to", ","]),
        opens_age=is_any(form, ",("),
        closes_age=is_any(form, ",.;)"),
        is_comma=form == ",",
        is_stop=is_any(form, ",.;"),
        is_both=word == "both",
        is_auxiliary=word.is_in(["was", "is", "has", "had", "who"]),
        is_singular=word.is_in(["was", "is", "has"]),
        is_several=(pl.col("value") > 1).fill_null(False),
        is_quantity=pl.col("modifier").is_not_null(),
        is_few=((pl.col("modifier") == "exact") & (pl.col("value") <= 110)).fill_null(False),
        is_cue=pl.col("stance").is_not_null(),
    )


def _quantities(forms: pl.DataFrame) -> pl.DataFrame:
    """Each distinct quantity phrase, parsed once."""
    words = forms["word"].unique()
    rows = [(word, read_quantity(word)) for word in words.filter(words.str.contains(quantity_starts())).to_list()]
    return pl.DataFrame(
        [(word, q.value, q.low, q.high, q.modifier) for word, q in rows if q],
        schema={"word": pl.String, "value": pl.Int64, "low": pl.Int64, "high": pl.Int64, "modifier": pl.String},
        orient="row",
    )
