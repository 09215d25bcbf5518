"""Counts: which quantity is of whom, and what happened to them.

Patterns over the layer `count` (letters in tokens.py), best first; a quantity belongs to the first that takes it. A
kind is whatever seeds/lexicon/harm.csv says of the cue: a new kind is new rows there, no code here.
"""

import polars as pl

from flows.extract.asides import drop_asides
from flows.extract.claim_letters import words_tagged
from flows.extract.guards import may_count, tells_harm
from flows.extract.lists import add_lists, add_subgroups
from flows.extract.match import at, find, find_all, once, phrase
from flows.extract.outcomes import settle_deaths, settle_selves
from flows.extract.patterns import INSIDE, KIND_OF_PATTERN, NOUN, PART, PART_AND, PATTERNS
from flows.extract.tagset import multiples
from flows.extract.victims import add_victims

OF_THEMSELVES = ["single_self", "multiple"]  # their own cue
HARM = ["killed", "wounded", "casualties", "missing"]


def find_statements(tokens: pl.DataFrame, sentences: pl.DataFrame, units: pl.DataFrame) -> pl.DataFrame:
    """A row a quantity that counts something: `sentence`, `pattern`, `kind`, `row` (its token), `n_last`, `cue` (token
    row, NULL for things counted by name alone), `value`, `low`, `high`, `modifier`, `unit`, `victim_class`,
    `is_attacker`, `victim`, `age`, `is_more` (victims.py), `is_part` (the wording says that it is a part)."""
    columns = ["n", "n_first", "n_last", "np_first", "np_last", "cue_first", "aside", "aside_first", "aside_last"]
    columns += ["more", "more_last", "finite", "finite_first", "after", "to_last", "shot_first", "doing_first"]
    columns += ["where", "where_first"]
    statements = find_all(may_count(sentences, tokens), "count", PATTERNS, columns).with_columns(
        pl.col("finite").is_not_null().alias("is_subject"),
        pl.col("finite").fill_null("b"),
        pl.col("more", "after").fill_null(""),
    )
    titles = units.filter(pl.col("field") == "title")["unit"]
    statements = _add_kind(statements, tokens).with_columns(
        in_title=at(tokens, "unit", statements["n_first"]).is_in(titles.implode())
    )
    statements = (
        # At once, for each guard asks for the same letters: 8 to 4 ms of 250 articles.
        once(statements.lazy().filter(pl.col("kind").is_not_null() & tells_harm(statements, tokens)))
        .sort("n_first", maintain_order=True)
        .unique("n_first", keep="first", maintain_order=True)
        .pipe(drop_asides, tokens)
    )
    sentences = sentences.join(statements, on="sentence", how="semi", maintain_order="left")
    statements = (
        statements.pipe(add_lists, tokens, sentences)
        .pipe(settle_deaths, tokens)
        .pipe(settle_selves, tokens)
        .pipe(add_subgroups, tokens, sentences)
    )
    statements = _add_quantity(statements, tokens, sentences, units)
    return add_victims(statements, tokens, units).pipe(_add_part, tokens, sentences)


def _add_kind(statements: pl.DataFrame, tokens: pl.DataFrame) -> pl.DataFrame:
    """The cue's kind; "shot and killed" and "kidnapped and killed" are killed; "killed or wounded" of one number is
    casualties, "rescued and flown to a hospital" what comes first."""
    other = pl.when(pl.col("more") != "").then(pl.col("more_kind")).otherwise(pl.col("cue_kind"))
    return statements.with_columns(
        cue_kind=at(
            tokens,
            "harm_kind",
            statements.select(
                pl.when(pl.col("pattern").is_in(OF_THEMSELVES)).then("n_first").otherwise("cue_first")
            ).to_series(),
        ),
        more_kind=at(tokens, "harm_kind", statements["more_last"]),
    ).with_columns(
        kind=pl.when(pl.col("pattern").is_in(list(KIND_OF_PATTERN)))
        .then(pl.col("pattern").replace_strict(KIND_OF_PATTERN, default=None))
        .when(pl.col("cue_kind") == other)
        .then("cue_kind")
        .when(pl.col("cue_kind").is_in(["casualties", "killed"]) & pl.col("more_kind").is_in(["casualties", "killed"]))
        .then(pl.lit("killed"))
        .when(
            pl.col("cue_kind").is_in(["casualties", "wounded"]) & pl.col("more_kind").is_in(["casualties", "wounded"])
        )
        .then(pl.lit("wounded"))
        .when(pl.col("cue_kind").is_in(["abducted", "detained"]) & (pl.col("more_kind") == "killed"))
        .then(pl.lit("killed"))
        .when(pl.col("cue_kind").is_in(HARM) & pl.col("more_kind").is_in(HARM))
        .then(pl.lit("casualties"))
        .otherwise("cue_kind")
    )


def _add_quantity(
    statements: pl.DataFrame, tokens: pl.DataFrame, sentences: pl.DataFrame, units: pl.DataFrame
) -> pl.DataFrame:
    nouns = find(sentences, "count", rf"(?P<n>N)(?P<lead>F?t?)(?P<np>{INSIDE}{NOUN})")
    nouns = nouns.select("n_first", "np", noun_first="np_first", noun_last="np_last")
    statements = statements.join(nouns, on="n_first", how="left", maintain_order="left")
    unknown = pl.col("pattern").is_in(["people", "unknown_noun", "list"]) & pl.col("noun_first").is_null()
    statements = statements.with_columns(
        np_first=pl.when(unknown).then("np_first").otherwise("noun_first"),
        np_last=pl.when(unknown).then("np_last").otherwise("noun_last"),
    )
    single = pl.col("pattern").str.starts_with("single")
    statements = statements.with_columns(
        np_first=pl.when(single & pl.col("n").str.contains("^[at]"))
        .then(pl.col("n_first") + 1)
        .when(single)
        .then(pl.col("n_first"))
        .otherwise("np_first"),
        np_last=pl.when(single).then(pl.col("n_last")).otherwise("np_last"),
    )
    skip = pl.col("np").str.extract(r"^([vj]+)").fill_null("").str.len_bytes().cast(pl.Int64)
    statements = statements.with_columns(np_first=pl.col("np_first") + skip)

    # "A mother and her two children" are one more than the number says, "a couple and their two children" two.
    family = pl.col("pattern").str.starts_with("single_family")
    number = statements["n_first"] + statements["n"].str.find("N").cast(pl.Int64).fill_null(0)
    parents = pl.when(pl.Series((at(tokens, "word", number - 3) == "couple").fill_null(False))).then(2).otherwise(1)

    # "A double murder" says two.
    words = at(tokens, "word", statements["n_first"]).str.extract(r"^(\w+)")
    multiple = pl.col("pattern") == "multiple"
    times = pl.Series(words.replace_strict(multiples(), default=None, return_dtype=pl.Int64))

    def one(column: str) -> pl.Expr:
        told = pl.Series(at(tokens, column, number))
        return pl.when(family).then(told + parents).when(single).then(1).when(multiple).then(times).otherwise(told)

    # Who kills himself behind another harm, or is called the gunman before it, is the attacker; so is a suspect killed.
    suspect = pl.Series(at(tokens, "word", statements["np_last"]).is_in(words_tagged("suspect").implode()))
    suspect = suspect.fill_null(False) & (statements["kind"] == "killed")
    suicide = find(sentences, "count", r"(?P<harm>[vgfelk])(?P<gap>.*?)(?P<n>E)")["n_first"]
    himself = pl.col("pattern") == "single_self"

    return statements.with_columns(
        value=one("value"),
        low=one("low"),
        high=one("high"),
        modifier=pl.when((single & ~family) | multiple).then(pl.lit("exact")).otherwise(at(tokens, "modifier", number)),
        unit=pl.when(~himself).then(phrase(tokens, units, statements["np_first"], statements["np_last"])),
        victim_class=at(tokens, "victim_class", statements["np_last"]),
        head=at(tokens, "count", statements["np_last"]),
    ).with_columns(
        is_attacker=pl.col("head").is_in(["k", "l"]).fill_null(False)
        | suspect
        | pl.col("n_first").is_in(suicide.implode()),
        victim_class=pl.when(pl.col("kind") != "munitions").then("victim_class"),
    )


def _add_part(statements: pl.DataFrame, tokens: pl.DataFrame, sentences: pl.DataFrame) -> pl.DataFrame:
    """ "Including three children", "five of the victims", "one of the rockets" are parts."""
    parts = pl.concat([find(sentences, "count", pattern).select("n_first") for pattern in (PART, PART_AND)])
    after = at(tokens, "count", statements["n_last"] + 1)
    determiner = at(tokens, "count", statements["n_last"] + 2)
    of_them = (after == "F").fill_null(False) & determiner.is_in(["t", "u", "w"]).fill_null(False)
    return statements.with_columns(
        is_part=(pl.Series(of_them) & pl.col("n").str.starts_with("N"))
        | pl.col("n_first").is_in(parts["n_first"].implode())
    ).rename({"n_first": "row", "cue_first": "cue"})
