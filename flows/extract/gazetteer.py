"""The gazetteer: names of places as news writes them, what each may be, and the words that stand beside places.

seeds/lexicon/places.csv is made of GeoNames (CC BY 4.0) by benchmarks/learn_places.py; place_names.csv has by hand what
it lacks: other names, demonyms ("Afghan"), the abbreviations of the US states, regions with coordinates of their own.
"""

from functools import cache

import numpy as np
import polars as pl

from flows.extract.neighbours import Rows
from flows.lexicon import lexicon

BIG = 100_000
# How much likelier than a city of as many people a kind is meant by its bare name; log10 of people.
LIKELIER = {"country": 1.0, "region": 0.3, "county": 0.0, "city": 0.0}
STATE = 1.0  # a state of the US: "Georgia" without more is the state in English-language news
BESIDE_CITY = -3.0  # "New York" is the city, "Kandahar" too, unless "state" or "province" stands behind


def fold(names: pl.Series) -> pl.Series:
    """Lower case without accents, as names are compared; "'s" stands apart as it does in tokens. Most need no more than
    the lower case."""
    lower = names.str.to_lowercase()
    rows = lower.str.contains(r"[^\x20-\x7e]|[',]").fill_null(False).arg_true()
    return lower.scatter(rows, lower[rows].alias("name").to_frame().select(_fold(pl.col("name"))).to_series())


def _fold(names: pl.Expr) -> pl.Expr:
    plain = names.str.normalize("NFKD").str.replace_all(r"[^\x00-\x{2ff}\x{2019}]", "")
    letters = {"ı": "i", "ø": "o", "ł": "l", "đ": "d", "æ": "ae", "ß": "ss", "’": "'", "ʻ": "", "ʼ": ""}
    return plain.str.replace_many(letters).str.replace_all(r"(\S)'s\b", "$1 's").str.replace_all(r",", "")


@cache
def places() -> pl.DataFrame:
    """A row a name of a place, by name: `gram` (its tokens, folded, parted by blanks), `canonical` (with its
    region where the country has several of the name), `kind` (country | region | county | city), `country` (ISO 3166),
    `region`, `lat`, `lon`, `population`, `prior` (how likely the bare name means it: log10 of people)."""
    table = lexicon("places")
    same = pl.len().over("name", "country", "kind")
    table = table.with_columns(
        name="name",
        canonical=pl.when((pl.col("kind") != "country") & (same > 1) & pl.col("region").is_not_null())
        .then(pl.format("{}, {}", pl.coalesce("canonical", "name"), "region"))
        .otherwise(pl.coalesce("canonical", "name")),
    )
    table = pl.concat([table, _by_hand(table)], how="diagonal_relaxed")
    table = (
        table.with_columns(gram=fold(table["name"]))
        .filter(~pl.col("gram").is_in(no_places().implode()))
        .unique(["gram", "kind", "country", "lat", "lon"], keep="first", maintain_order=True)
    )
    of_city = pl.col("population").filter(pl.col("kind") == "city").max().over("gram", "country") >= BIG
    beside = pl.when((pl.col("kind") == "region") & of_city.fill_null(False)).then(BESIDE_CITY).otherwise(0.0)
    return (
        table.with_columns(
            prior=(pl.col("population").fill_null(BIG) + 10).log10()
            + pl.when((pl.col("kind") == "region") & (pl.col("country") == "US"))
            .then(STATE)
            .otherwise(pl.col("kind").replace_strict(LIKELIER, return_dtype=pl.Float64))
            + beside,
        )
        .select("gram", "canonical", "kind", "country", "region", "lat", "lon", "population", "prior")
        .sort("gram", maintain_order=True)
    )


def _by_hand(table: pl.DataFrame) -> pl.DataFrame:
    """The rows of place_names.csv that name a place: with its row in the table, or with coordinates of their own."""
    hand = lexicon("place_names").filter(pl.col("kind").is_in(["country", "region", "city"]))
    own = hand.filter(pl.col("lat").is_not_null()).select(
        "kind", "country", "region", "lat", "lon", name="alias", canonical="place"
    )
    named = hand.filter(pl.col("lat").is_null())
    found = named.select("alias", "kind", name="place", in_country="country", in_region="region").join(
        table, on=["kind", "name"], how="inner"
    )
    fits = (pl.col("in_country").is_null() | (pl.col("in_country") == pl.col("country"))) & (
        pl.col("in_region").is_null() | (pl.col("in_region") == pl.col("region"))
    )
    found = found.filter(fits).sort("population", descending=True).unique("alias", keep="first", maintain_order=True)
    found = found.drop("name", "in_country", "in_region").rename({"alias": "name"})
    return pl.concat([found, own.with_columns(pl.col("lat", "lon").cast(pl.Float64))], how="diagonal_relaxed")


@cache
def no_places() -> pl.Series:
    """Names, folded, that mean something else in news."""
    return fold(lexicon("place_names").filter(kind="none")["alias"])


@cache
def _names() -> tuple[dict[str, int], Rows]:
    """(each name's number, by it the first of its rows in `places`, and behind the last one the number of all)."""
    grams = places()["gram"]
    first = (grams != grams.shift(1)).fill_null(True).arg_true()
    numbers = {gram: number for number, gram in enumerate(grams[first].to_list())}
    return numbers, np.append(first.to_numpy(), len(grams)).astype(np.int64)


def are_names(grams: pl.Series) -> pl.Series:
    """Whether each is a name: in a tenth of the time of a search that hashes all names anew."""
    known, _ = _names()
    return pl.Series([gram in known for gram in grams.to_list()], dtype=pl.Boolean)


def namesakes_of(grams: pl.Series) -> tuple[Rows, pl.DataFrame]:
    """(rows of `grams`, which are names, in their order, `places` of that name): a row a place that a name may be."""
    known, starts = _names()
    number = np.array([known[gram] for gram in grams.to_list()], dtype=np.int64)
    firsts = starts[number]
    sizes = starts[number + 1] - firsts
    row = np.arange(len(number)).repeat(sizes)
    nth = np.arange(len(row)) - (sizes.cumsum() - sizes)[row]
    return row, places()[firsts[row] + nth]


@cache
def beginnings(n: int) -> frozenset[str]:
    """The first n tokens of each name that has as many."""
    grams = pl.Series("gram", list(_names()[0])).to_frame()
    grams = grams.filter(pl.col("gram").str.count_matches(" ", literal=True) >= n - 1)
    return frozenset(grams["gram"].str.extract(rf"^(\S+(?: \S+){{{n - 1}}})").to_list())


@cache
def hints() -> pl.DataFrame:
    """`word`, `hint_country`, `hint_region`: demonyms, and abbreviations that stand behind a city's name ("Tenn.")."""
    rows = lexicon("place_names").filter(pl.col("kind").is_in(["demonym", "abbreviation"]))
    return rows.select(form="alias", hint="kind", hint_country="country", hint_region="region").unique(
        "form", keep="first", maintain_order=True
    )


@cache
def cue_words(*cues: str) -> pl.Series:
    """The words of seeds/lexicon/place_cues.csv that have one of those cues."""
    return lexicon("place_cues").filter(pl.col("cue").is_in(cues))["word"].unique(maintain_order=True)
