"""Counts: which quantity is of whom, and what happened to them.

Patterns over the layer `count` (letters in tokens.py), best first; a quantity belongs to the first that takes it. A
kind is whatever seeds/lexicon/harm.csv says of the cue: a new kind is new rows there, no code here.
"""

import polars as pl

from flows.extract.match import at, find, find_all, phrase
from flows.extract.victims import add_victims

NOUN = r"[psklmiyc]"
INSIDE = r"[wOXYvj']{0,3}?"
NP = rf"(?:F?t?{INSIDE}{NOUN})?"
ASIDE = r"(?:(?:,[^,;q]{1,14}){1,3},)?"
PLACE = r"(?:P[tawOXYT']{0,4}?[wOXpsTkl]){0,2}"
FINITE = r"(?:r?[bdx]|bP|q){0,6}"
SINGLE = r"a[wOYXv']{0,4}?[slY][wO]{0,2}?"
DEFINITE = r"t[wOYXv']{0,4}?[slY][wO]{0,2}?"
TELLS = (
    rf"(?P<where>{PLACE})(?P<aside>{ASIDE})(?P<place>{PLACE})"
    rf"(?P<finite>{FINITE})(?P<cue>[vj])(?P<more>(?:&[vj])?)(?P<after>.?)"
)
PATTERNS = {
    "attribute": r"(?P<n>N)(?P<gap>d?)(?P<cue>[vj])(?P<head>[psklc])",
    "object": rf"(?P<cue>[vgf])(?P<gap>[dt]?)(?P<n>N)(?P<np>{NP})",
    "subject": rf"(?P<n>N)(?P<np>{NP}){TELLS}",
    "subject_and": rf"(?P<n>N)(?P<np>{NP})(?P<other>(?:,N{NP}){{0,3}},?&[Na]{NP})(?P<finite>{FINITE})(?P<cue>[vj])",
    "object_and": rf"(?P<cue>[vgf])(?P<first>[dt]?[Na]{NP}(?:,N{NP}){{0,3}},?&)(?P<n>N)(?P<np>{INSIDE}[psklc])",
    "nominal": r"(?P<n>N)(?P<gap>[dwO]{0,2}?)(?P<cue>n)",
    "toll": r"(?P<cue>z)(?P<gap>[bwdPFthTO]{0,8}?)(?P<n>N)",
    "event_of": rf"(?P<cue>[eg])(?P<gap>Ft?)(?P<n>N)(?P<np>{NP})",
    "single": rf"(?P<n>{SINGLE}){TELLS}",
    "single_object": rf"(?P<cue>[vgf])(?P<gap>[dt]?)(?P<n>{SINGLE})",
    "single_event_of": rf"(?P<cue>[eg])(?P<gap>F)(?P<n>(?:{SINGLE}|{DEFINITE}|YO{{1,3}}|O{{2,3}}))",
    "single_definite": rf"(?P<n>{DEFINITE}){TELLS}",
    "single_named": rf"(?P<n>Y?O{{2,4}}){TELLS}",
    "bodies": rf"(?P<n>N)(?P<np>{INSIDE}c)",
    "attackers": rf"(?P<n>N)(?P<np>F?t?{INSIDE}k)",
    "munitions": rf"(?P<n>N)(?P<np>F?t?{INSIDE}[mi])",
    "troops": rf"(?P<n>N)(?P<np>F?t?{INSIDE}y)",
}
HARM = ["killed", "wounded", "casualties", "missing"]
KIND_OF_NOUN = {"bodies": "killed", "attackers": "attackers", "munitions": "munitions", "troops": "troops"}
PART = r"(?P<lead>L)(?P<gap>[^,;L]{0,8}?)(?P<n>[Na])"


def find_statements(tokens: pl.DataFrame, sentences: pl.DataFrame, units: pl.DataFrame) -> pl.DataFrame:
    """A row a quantity that counts something: `sentence`, `pattern`, `kind`, `row` (its token), `n_last`, `cue` (token
    row, NULL for things counted by name alone), `value`, `low`, `high`, `modifier`, `unit`, `victim_class`,
    `is_attacker`, `victim`, `age`, `is_more` (victims.py), `is_part` (the wording says that it is a part)."""
    columns = ["n", "n_first", "n_last", "cue_first", "more", "more_last", "finite", "after"]
    statements = find_all(sentences, "count", PATTERNS, columns).with_columns(
        pl.col("finite").fill_null("b"),
        pl.col("more", "after").fill_null(""),
    )
    told = pl.col("pattern").is_in(["subject", "single", "single_definite", "single_named"])
    passive = pl.col("finite").str.contains("b")
    cue = at(tokens, "count", statements["cue_first"])
    inside_name = (pl.col("pattern") == "single_named") & pl.Series(
        at(tokens, "count", statements["n_first"] - 1).is_in(["t", "P", "F", "'", "O"])
    )
    unnamed = pl.col("pattern").is_in(["single_definite", "single_named"]) & ~passive & pl.Series(cue == "v")
    active = told & ~passive & pl.col("after").str.contains(r"^[NatOXpskl]$")
    denied = pl.col("finite").str.contains("x")
    statements = statements.filter(~active & ~denied & ~(unnamed | inside_name).fill_null(False))
    statements = _add_kind(statements, tokens)
    statements = (
        statements.filter(pl.col("kind").is_not_null())
        .sort("n_first", maintain_order=True)
        .unique("n_first", keep="first", maintain_order=True)
    )
    statements = _add_quantity(statements, tokens, sentences, units)
    return add_victims(statements, tokens, units).pipe(_add_part, tokens, sentences)


def _add_kind(statements: pl.DataFrame, tokens: pl.DataFrame) -> pl.DataFrame:
    """The cue's kind; "shot and killed" is killed; "killed or wounded" of one number is casualties,
    "rescued and flown to a hospital" what comes first."""
    other = pl.when(pl.col("more") != "").then(pl.col("more_kind")).otherwise(pl.col("cue_kind"))
    return statements.with_columns(
        cue_kind=at(tokens, "harm_kind", statements["cue_first"]),
        more_kind=at(tokens, "harm_kind", statements["more_last"]),
    ).with_columns(
        kind=pl.when(pl.col("cue_first").is_null())
        .then(pl.col("pattern").replace_strict(KIND_OF_NOUN, default=None))
        .when(pl.col("cue_kind") == other)
        .then("cue_kind")
        .when(pl.col("cue_kind").is_in(["casualties", "killed"]) & pl.col("more_kind").is_in(["casualties", "killed"]))
        .then(pl.lit("killed"))
        .when(
            pl.col("cue_kind").is_in(["casualties", "wounded"]) & pl.col("more_kind").is_in(["casualties", "wounded"])
        )
        .then(pl.lit("wounded"))
        .when(pl.col("cue_kind").is_in(HARM) & pl.col("more_kind").is_in(HARM))
        .then(pl.lit("casualties"))
        .otherwise("cue_kind")
    )


def _add_quantity(
    statements: pl.DataFrame, tokens: pl.DataFrame, sentences: pl.DataFrame, units: pl.DataFrame
) -> pl.DataFrame:
    nouns = find(sentences, "count", rf"(?P<n>N)(?P<lead>F?t?)(?P<np>{INSIDE}{NOUN})")
    nouns = nouns.select("n_first", "np", "np_first", "np_last")
    statements = statements.join(nouns, on="n_first", how="left", maintain_order="left")
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

    def one(column: str) -> pl.Expr:
        return pl.when(single).then(1).otherwise(at(tokens, column, statements["n_first"]))

    return statements.with_columns(
        value=one("value"),
        low=one("low"),
        high=one("high"),
        modifier=pl.when(single).then(pl.lit("exact")).otherwise(at(tokens, "modifier", statements["n_first"])),
        unit=phrase(tokens, units, statements["np_first"], statements["np_last"]),
        victim_class=at(tokens, "victim_class", statements["np_last"]),
        head=at(tokens, "count", statements["np_last"]),
    ).with_columns(
        is_attacker=pl.col("head").is_in(["k", "l"]).fill_null(False),
        victim_class=pl.when(pl.col("kind") != "munitions").then("victim_class"),
    )


def _add_part(statements: pl.DataFrame, tokens: pl.DataFrame, sentences: pl.DataFrame) -> pl.DataFrame:
    """ "Including three children", "five of the victims", "one of the rockets" are parts."""
    parts = find(sentences, "count", PART)
    after = at(tokens, "count", statements["n_last"] + 1)
    determiner = at(tokens, "count", statements["n_last"] + 2)
    of_them = (after == "F").fill_null(False) & determiner.is_in(["t", "u", "w"]).fill_null(False)
    return statements.with_columns(
        is_part=pl.Series(of_them) | pl.col("n_first").is_in(parts["n_first"].implode())
    ).rename({"n_first": "row", "cue_first": "cue"})
