"""Tokens -> tags -> sentences whose tags stand in strings, one letter a token.

Layers: `count` (who, how many, what happened to them) and `speech` (who speaks). Beside the lexicons' letters: N a
quantity, O a proper word, X an actor of the lexicon, T a time, Y an age, q a quotation mark, ' a possessive, w other.
"""

import polars as pl

from flows.extract.dates import relative_phrases
from flows.extract.marks import DOUBLE
from flows.extract.match import at, is_any
from flows.extract.numbers import parse_quantity, quantity_pattern
from flows.extract.shouting import add_loud_names, joins_loud_names
from flows.extract.tagset import actor_names, tag_table
from flows.extract.talk import describe_words
from flows.extract.tokens import MONTH, WEEKDAY
from flows.lexicon import lexicon

DATE = (
    rf"^(?:{MONTH}(?:,? (?:of )?[0-9].*)?|{WEEKDAY}|[0-9]{{1,2}}(?:st|nd|rd|th)? (?:of )?{MONTH}.*"
    r"|[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{1,2}/[0-9]{1,2}/[0-9]{2,4}|[0-9]{1,2}[.][0-9]{1,2}[.][0-9]{4})$"
)
LAYERS = ("count", "speech", "talk")
PARTICLES = ["de", "la", "le", "del", "della", "den", "der", "di", "da", "dos", "du", "el", "al", "bin", "van", "von"]
AGE = r"[- ](?:year|month|week|day)s?[- ]old$|^aged? [0-9]"


def tag_tokens(tokens: pl.DataFrame) -> pl.DataFrame:
    """Add the layers `count` and `speech` (one letter a token), the quantity of quantity tokens (`value`, `low`,
    `high`, `modifier`), `shouts` (its text is in capitals), `actor` (canonical, where the form is an actor's name) and
    what the lexicon rows carry."""
    tokens = _look_up(_add_shouting(tokens))
    tokens = _add_proper(_mark_days_of_month(tokens))
    quantity = pl.col("modifier").is_not_null() & ~pl.col("is_year")
    hyphen = ((pl.col("form") == "-") & ~pl.col("space")).shift(-1)
    feet = (is_any(pl.col("form"), "'’′") & ~pl.col("space")).shift(-1) & quantity.shift(-2)
    measured = quantity & (pl.col("is_measure").shift(-1) | hyphen | feet).fill_null(False)
    years = pl.col("word").is_in(["age", "ages", "aged"])  # "ages 20 and 27"
    listed = pl.col("word").shift(1).is_in(["and", "to", ","]) & years.shift(3)
    beside = is_any(pl.col("form"), ",(").shift(1) & is_any(pl.col("form"), ",.;)").shift(-1)
    third = (pl.col("word").shift(1) == "and") & years.shift(6) & is_any(pl.col("form"), ",").shift(2)
    listed = listed | third  # "ages 20, 23, and 27"
    # "Ana Ruiz, 24 was shot", "both 31, were shot"
    verb = pl.col("word").is_in(["was", "is", "has", "had"]).shift(-1) & pl.col("is_proper").shift(2)
    behind_name = is_any(pl.col("form"), ",").shift(1) & verb & (pl.col("value") > 1)
    both = (pl.col("word").shift(1) == "both") & is_any(pl.col("form"), ",.;").shift(-1)
    beside = beside | years.shift(1) | listed | behind_name | both
    aged = quantity & (pl.col("modifier") == "exact") & (pl.col("value") <= 110) & beside.fill_null(False)
    name = pl.when("is_proper").then(pl.lit("O")).otherwise(pl.lit("w"))
    spoken = pl.col("speech")
    return (
        tokens.with_columns(
            count=pl.coalesce(
                "mark",
                pl.when(measured).then(pl.lit("w")),
                pl.when(aged).then(pl.lit("Y")),
                pl.when(quantity).then(pl.lit("N")),
                pl.when("is_year").then(pl.lit("T")),
                "count",
                name,
            ),
            speech=pl.coalesce(
                "mark",
                pl.when(pl.col("modifier").is_not_null()).then(pl.lit("N")),
                pl.when(is_any(spoken, "RBQHA")).then(spoken),
                pl.when("is_name_of_verb").then(pl.lit("O")),
                spoken,
                pl.when(pl.col("stance").is_not_null()).then(pl.lit("K")),
                name,
            ),
        )
        .with_columns(speech=_join_particles())
        .drop(
            "mark",
            "is_year",
            "is_measure",
            "is_proper",
            "is_name_of_verb",
            "is_capital",
            "is_initial",
            "is_loud_name",
            "is_ordinal",
            "is_particle",
        )
    )


def _join_particles() -> pl.Expr:
    """The layer `speech` in which "de la", "van der", "bin" between two proper words are proper too."""
    said, particle = pl.col("speech"), pl.col("is_particle")
    opened = particle & (said.shift(1) == "O")
    opened = opened | (particle & opened.shift(1))
    followed = (said.shift(-1) == "O") | (particle.shift(-1) & (said.shift(-2) == "O"))
    return pl.when((opened & followed).fill_null(False)).then(pl.lit("O")).otherwise(said)


def _mark_days_of_month(tokens: pl.DataFrame) -> pl.DataFrame:
    """Let `mark` be T for "on the 14th" that is the 14th of nothing."""
    rows = tokens.select(pl.arg_where(pl.col("is_ordinal"))).to_series().cast(pl.Int64)
    on_the = (at(tokens, "word", rows - 1) == "the") & (at(tokens, "word", rows - 2) == "on")
    alone = at(tokens, "mark", rows + 1).is_not_null() | (at(tokens, "word", rows + 1) == "and")
    return tokens.with_columns(tokens["mark"].scatter(rows.filter((on_the & alone).fill_null(False)), "T"))


def _add_shouting(tokens: pl.DataFrame) -> pl.DataFrame:
    """Add `shouts`: the text is in capitals throughout, so that they tell nothing of names."""
    share = tokens.group_by("unit").agg(shouts=pl.col("is_loud").mean().fill_null(0) > 0.8)
    loud = share.filter("shouts")["unit"]
    return tokens.with_columns(shouts=pl.col("unit").is_in(loud.implode())).drop("is_loud")


def _look_up(tokens: pl.DataFrame) -> pl.DataFrame:
    """Add to each token what `_read_vocabulary` reads of its form: by the number of the form, for a join on its letters
    takes eight times as long; phrases have no number and are joined."""
    forms = tokens.select("form", "word", "shouts", key=pl.col("code").cast(pl.Int64) * 2 + pl.col("shouts"))
    is_phrase = forms["key"].is_null()
    phrases = forms.filter(is_phrase).drop("key")
    both = pl.concat([forms.filter(~is_phrase).unique("key"), phrases.unique()], how="diagonal")
    vocabulary = _read_vocabulary(both).with_row_index("entry")
    known = vocabulary.filter(pl.col("key").is_not_null())
    size = max(known["key"], default=0) + 1
    place = pl.Series([None], dtype=pl.UInt32).new_from_index(0, size).scatter(known["key"], known["entry"])
    joined = vocabulary.filter(pl.col("key").is_null()).select("form", "word", "shouts", "entry")
    found = phrases.join(joined, on=["form", "word", "shouts"], how="left", maintain_order="left")
    entry = place.gather(forms["key"], null_on_oob=True).scatter(is_phrase.arg_true(), found["entry"])
    read = vocabulary.drop("entry", "form", "word", "shouts", "key")
    return tokens.with_columns(read.select(pl.all().gather(entry)))


def _read_vocabulary(forms: pl.DataFrame) -> pl.DataFrame:
    """What each distinct form is by itself: lexicon rows, quantity, `mark` (a letter that it has in both layers),
    `is_ordinal`, `is_year`, `is_measure`, `is_capital`, `is_initial`, `is_particle`, and what `describe_words` adds."""
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
    )


def _add_proper(tokens: pl.DataFrame) -> pl.DataFrame:
    """Add `is_proper`: a capital that its place does not explain, at the head of a sentence one that stands before
    another or stands inside a sentence of the same text; and `is_name_of_verb`: a capital verb inside a sentence
    ("United States")."""
    opens = (pl.col("sentence") != pl.col("sentence").shift(1)).fill_null(True)
    behind_mark = (pl.col("mark").shift(1) == "q").fill_null(False) & opens.shift(1).fill_null(True)
    capital = pl.col("is_capital")
    share = tokens.group_by("unit").agg(headline=(capital.mean() > 0.5) & (pl.len() < 40))
    headlines = share.filter("headline")["unit"]
    tokens = tokens.with_columns(
        head=opens | behind_mark,
        unknown=pl.all_horizontal(pl.col("count", "speech", "stance", "mark").is_null()),
        followed=(capital | pl.col("is_initial") | pl.col("is_particle")).shift(-1).fill_null(False),
        key=pl.col("unit").cast(pl.UInt64) * (1 << 32) + pl.col("code"),
    )
    named = tokens.filter(capital & ~pl.col("head") & pl.col("unknown"))["key"].unique()
    doubtful = capital & pl.col("head") & ~pl.col("followed") & pl.col("unknown")
    explained = tokens.select(pl.arg_where(doubtful & ~pl.col("key").is_in(named.implode()).fill_null(False)))
    proper = tokens.select(pl.col("unknown") & (capital | pl.col("is_initial"))).to_series()
    loud = pl.col("is_loud_name").fill_null(False) & pl.col("unknown")
    verb = is_any(pl.col("speech"), "SGEVM").fill_null(False)
    headline = pl.col("unit").is_in(headlines.implode())
    return tokens.with_columns(
        is_proper=loud | joins_loud_names(loud) | proper.scatter(explained.to_series(), False),
        is_name_of_verb=~pl.col("head") & capital & verb & ~headline,
    ).drop("head", "unknown", "followed", "key")


def _quantities(forms: pl.DataFrame) -> pl.DataFrame:
    """Each distinct quantity phrase, parsed once."""
    words = forms["word"].unique()
    found = words.filter(words.str.contains(rf"^(?i:{quantity_pattern()})$"))
    rows = [(word, parse_quantity(word)) for word in found]
    return pl.DataFrame(
        [(word, q.value, q.low, q.high, q.modifier) for word, q in rows if q],
        schema={"word": pl.String, "value": pl.Int64, "low": pl.Int64, "high": pl.Int64, "modifier": pl.String},
        orient="row",
    )


def read_sentences(tokens: pl.DataFrame) -> pl.DataFrame:
    """A row a sentence: `sentence`, `unit`, `paragraph`, `first` (row of its first token), `n_tokens`, `start`, `end`,
    and the letters of each of LAYERS that the tokens have as one string. No sentence crosses two units."""
    sentences = (
        tokens.with_row_index("row")
        .group_by("sentence", maintain_order=True)
        .agg(
            pl.col("unit").first(),
            pl.col("unit").last().alias("last_unit"),
            pl.col("paragraph").first(),
            pl.col("row").first().alias("first"),
            pl.len().alias("n_tokens"),
            pl.col("start").first(),
            pl.col("end").last(),
        )
    )
    if (sentences["unit"] != sentences["last_unit"]).any():
        raise AssertionError("a sentence crosses two texts")
    return sentences.drop("last_unit").with_columns(
        _letters(tokens[layer], sentences["n_tokens"]) for layer in LAYERS if layer in tokens.columns
    )


def _letters(layer: pl.Series, n_tokens: pl.Series) -> pl.Series:
    """A layer's letters as a string a sentence; cut from one string of all in a fifth of the time of joining groups."""
    letters = str(layer.str.join("").item())
    ends = n_tokens.cum_sum()
    pieces = [letters[first:last] for first, last in zip(ends - n_tokens, ends, strict=True)]
    return pl.Series(layer.name, pieces, dtype=pl.String)
