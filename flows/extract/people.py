"""People: runs of proper words that something in the sentence shows to be a person's name, and surnames alone that go
to the full name that the text gives.

What shows it: a role or a title before ("police chief Ana Ruiz"), an age behind, an apposition with a role, a verb of
saying beside a known given name (seeds/lexicon/given_names.csv), or such a given name alone at the head of the run.
"""

import polars as pl

from flows.extract.match import at, find_all, phrase
from flows.lexicon import lexicon

EVIDENCE = {
    "titled": r"(?P<lead>[HR])(?P<name>O{1,4})",
    "aged": r"(?P<name>O{1,4})(?P<lead>,)(?P<age>[YN])(?P<behind>[,.;])",
    "apposed": r"(?P<name>O{2,4})(?P<lead>,[at]?[wd]{0,3})(?P<role>R)",
    "run": r"(?P<name>O{2,4})",
}
PARTICLE = r"^(?:al|el|bin|ibn|bint|de|del|della|da|dos|du|van|von|der|den|ter|la)$"
PREFIXED = r"^(?:al|el|ul|ur|ud|as|ash)-"
SUFFIX = r"^(?:Jr|Sr|II|III|IV)\.?$"
PEOPLE = pl.Schema(
    {
        "unit": pl.UInt32,
        "row": pl.Int64,
        "last": pl.Int64,
        "name": pl.String,
        "surname": pl.String,
        "full": pl.String,  # NULL where several people of the text have the surname
    }
)


def find_people(tokens: pl.DataFrame, sentences: pl.DataFrame, units: pl.DataFrame) -> pl.DataFrame:
    """A row a mention of a person: columns of PEOPLE, `row` and `last` are token rows."""
    runs = _read_runs(tokens, sentences, units)
    alone = _surnames_alone(tokens, runs)
    known = (
        runs.filter(pl.col("name").str.contains(" "))
        .group_by("unit", "surname", maintain_order=True)
        .agg(full=pl.col("name").sort_by(pl.col("name").str.len_chars(), descending=True).first(), n=_people())
    )
    return (
        pl.concat([runs.select("unit", "row", "last", "name", "surname"), alone])
        .join(known, on=["unit", "surname"], how="left", maintain_order="left")
        .with_columns(
            full=pl.when(pl.col("name").str.contains(" ") & (pl.col("n") > 1))
            .then("name")
            .when(pl.col("n") > 1)
            .then(None)
            .otherwise(pl.coalesce("full", "name"))
        )
        .sort("row")
        .select(PEOPLE.names())
        .cast(PEOPLE)
    )


def _people() -> pl.Expr:
    """How many given names stand before a surname."""
    return pl.col("name").str.extract(r"^(\S+)").n_unique()


def _read_runs(tokens: pl.DataFrame, sentences: pl.DataFrame, units: pl.DataFrame) -> pl.DataFrame:
    """The runs that are names: `unit`, `row`, `last`, `name`, `surname`."""
    given = lexicon("given_names")["name"]
    things = lexicon("place_cues").filter(pl.col("cue").is_in(["thing", "follower", "town", "region"]))["word"]
    runs = find_all(sentences, "speech", EVIDENCE, ["name_first", "name_last"])
    runs = runs.rename({"name_first": "row", "name_last": "last"})
    runs = runs.with_columns(last=_with_particles(tokens, runs["last"]))
    runs = runs.with_columns(
        unit=at(tokens, "unit", runs["row"]),
        first=at(tokens, "form", runs["row"]),
        end=at(tokens, "form", runs["last"]),
        before=at(tokens, "form", runs["last"] - 1),
        goes_on=at(tokens, "speech", runs["last"] + 1) == "O",
        goes_before=(at(tokens, "speech", runs["row"] - 1) == "O"),
    )
    shown = (pl.col("pattern") != "run") | pl.col("first").is_in(given.implode())
    thing = pl.col("end").str.to_lowercase().is_in(things.implode())
    runs = (
        runs.filter(shown & ~thing & ~(pl.col("goes_on") | pl.col("goes_before")).fill_null(False))
        .unique("row", keep="first", maintain_order=True)
        .sort("row")
    )
    return runs.with_columns(
        name=phrase(tokens, units, runs["row"], runs["last"]),
        surname=pl.when(pl.col("end").str.contains(SUFFIX)).then("before").otherwise("end"),
    ).select("unit", pl.col("row", "last").cast(pl.Int64), "name", "surname")


def _with_particles(tokens: pl.DataFrame, last: pl.Series) -> pl.Series:
    """The row where a name ends that goes on in lower case: "Bashar al-Assad", "Ursula von der Leyen"."""
    for _ in range(2):
        word, then = at(tokens, "form", last + 1), at(tokens, "speech", last + 2)
        last = pl.select(
            pl.when(word.str.contains(PREFIXED))
            .then(last + 1)
            .when(word.str.contains(PARTICLE) & (then == "O"))
            .then(last + 2)
            .when(word.str.contains(PARTICLE) & at(tokens, "form", last + 2).str.contains(PARTICLE))
            .then(last + 3)
            .otherwise(last)
        ).to_series()
    return last


def _surnames_alone(tokens: pl.DataFrame, runs: pl.DataFrame) -> pl.DataFrame:
    """Single proper words that are a person's surname in the same text, and stand in no longer name."""
    inside = runs.select(row=pl.int_ranges("row", pl.col("last") + 1)).explode("row")["row"]
    proper = pl.col("speech") == "O"
    alone = proper & ~proper.shift(1).fill_null(False) & ~proper.shift(-1).fill_null(False)
    return (
        tokens.with_row_index("row")
        .with_columns(pl.col("row").cast(pl.Int64))
        .filter(alone & ~pl.col("row").is_in(inside.implode()))
        .select("unit", "row", last="row", name="form", surname="form")
        .join(runs.select("unit", "surname").unique(), on=["unit", "surname"], how="semi", maintain_order="left")
    )
