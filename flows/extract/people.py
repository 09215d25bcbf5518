"""People: runs of proper words that something in the sentence shows to be a person's name, and surnames alone that go
to the full name that the text gives.

What shows it: a role or a title before ("police chief Ana Ruiz"), an age behind, an apposition with a role, a verb of
saying beside a known given name (seeds/lexicon/first_names.csv), or such a given name alone at the head of the run.
"""

import polars as pl

from flows.extract.match import at, phrase
from flows.lexicon import lexicon

LONGEST = 4  # words of a name
AGED = r"^,[YN][,.;]"
APPOSED = r"^,[at]?[wd]{0,3}R"  # ", a police spokesman"
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


def find_people(tokens: pl.DataFrame, units: pl.DataFrame) -> pl.DataFrame:
    """A row a mention of a person: columns of PEOPLE, `row` and `last` are token rows."""
    runs = _read_runs(tokens, units)
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


def _read_runs(tokens: pl.DataFrame, units: pl.DataFrame) -> pl.DataFrame:
    """The runs that are names: `unit`, `row`, `last`, `name`, `surname`."""
    given = lexicon("first_names")["name"].implode()
    things = (
        lexicon("place_cues")
        .filter(pl.col("cue").is_in(["thing", "facility", "follower", "town", "region"]))["word"]
        .implode()
    )
    runs = _proper_runs(tokens)
    ahead = [at(tokens, "speech", runs["last"] + step).fill_null(";") for step in range(1, 7)]
    runs = runs.with_columns(
        ahead=pl.concat_str(*ahead),
        first=at(tokens, "form", runs["row"]),
        before=at(tokens, "speech", runs["row"] - 1),
        said_before=at(tokens, "sentence", runs["row"] - 1) == at(tokens, "sentence", runs["row"]),
    )
    particle = pl.Series(at(tokens, "form", runs["last"] + 1)).str.contains(PARTICLE).fill_null(False)
    several = (pl.col("last") > pl.col("row")) | particle
    shown = (
        (pl.col("before").is_in(["H", "R"]) & pl.col("said_before"))
        | pl.col("ahead").str.contains(AGED)
        | (several & (pl.col("ahead").str.contains(APPOSED) | pl.col("first").is_in(given)))
    )
    runs = runs.filter(shown)
    runs = runs.with_columns(last=_with_particles(tokens, runs["last"]))
    runs = runs.filter(~pl.Series(at(tokens, "word", runs["last"])).is_in(things))
    # "Ursula von der Leyen" is one name, and "Leyen" in it no other.
    runs = runs.filter((pl.col("row") > pl.col("last").shift(1)).fill_null(True))
    end = at(tokens, "form", runs["last"])
    suffixed = (end.str.contains(SUFFIX) & (runs["last"] > runs["row"])).fill_null(False)
    return runs.select(
        pl.Series("unit", at(tokens, "unit", runs["row"])),
        "row",
        "last",
        name=phrase(tokens, units, runs["row"], runs["last"]),
        surname=end.zip_with(~suffixed, at(tokens, "form", runs["last"] - 1)),
    )


def _proper_runs(tokens: pl.DataFrame) -> pl.DataFrame:
    """`row`, `last`: proper words beside each other in one sentence, up to LONGEST."""
    proper = pl.col("speech") == "O"
    opens = (pl.col("sentence") != pl.col("sentence").shift(1)).fill_null(True)
    starts = proper & (opens | ~proper.shift(1).fill_null(False))
    ends = proper & (opens.shift(-1).fill_null(True) | ~proper.shift(-1).fill_null(False))
    runs = pl.DataFrame(
        {
            name: tokens.select(pl.arg_where(where)).to_series().cast(pl.Int64)
            for name, where in (("row", starts), ("last", ends))
        }
    )
    return runs.filter(pl.col("last") - pl.col("row") < LONGEST)


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
    rows = tokens.select(pl.arg_where(alone)).to_series().cast(pl.Int64)
    known = runs.select("unit", "surname").unique()
    frame = pl.DataFrame({"unit": at(tokens, "unit", rows), "row": rows, "surname": at(tokens, "form", rows)})
    return (
        frame.join(known, on=["unit", "surname"], how="semi", maintain_order="left")
        .filter(~pl.col("row").is_in(inside.implode()))
        .select("unit", "row", last="row", name="surname", surname="surname")
    )
