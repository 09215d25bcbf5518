"""Where an event happened: coordinates for the place that its article words, by the gazetteer and its other places.

The place as a mention of the text comes first, for its sentence tells it from its namesakes; then a mention inside the
wording ("the old town of Senna"); then the gazetteer, for a dateline's city that the body never names.
"""

from functools import cache

import polars as pl

from flows.extract.gazetteer import are_names, fold, hints, namesakes_of, places
from flows.extract.match import phrase
from flows.extract.namesakes import BESIDE, CONTEXT, choose_namesakes

KEYS = ["doc", "event_no"]
WHERE = ["country", "lat", "lon", "where_precision"]


def locate(
    events: pl.DataFrame, named: pl.DataFrame, tokens: pl.DataFrame, units: pl.DataFrame, sentences: pl.DataFrame
) -> pl.DataFrame:
    """Add to events (`doc`, `event_no`, `place` as worded, `region`: what a dateline says behind its city) `country`
    (ISO 3166), `lat`, `lon` (degrees) and `where_precision`: city | county | region | country, how fine that is.

    NULL is unknown: no place is told, the gazetteer lacks it, or its namesakes are as likely. An event without a place
    has a country where all the places that its sentences name lie in one. `named` is what find_places found.
    """
    named = named.with_columns(gram=fold(phrase(tokens, units, named["row"], named["last"])))
    named = named.join(units.select("unit", "doc"), on="unit")
    asked = events.filter(pl.col("place").is_not_null()).select(*KEYS, "place", "region")
    asked = asked.with_columns(gram=fold(asked["place"])).drop("place")
    worded = _first_known(asked.join(named, on=["doc", "gram"]))
    around = asked.rename({"gram": "wording"}).join(named, on="doc")
    inside = pl.format(" {} ", "wording").str.contains(pl.format(" {} ", "gram"), literal=True)
    around = _first_known(around.filter(inside))
    listed = _look_up(asked, named)
    alone = _only_country(events.filter(pl.col("place").is_null()), named, sentences)
    found = pl.concat([worded, around, listed, alone]).unique(KEYS, keep="first", maintain_order=True)
    return events.join(found, on=KEYS, how="left", maintain_order="left")


def _first_known(rows: pl.DataFrame) -> pl.DataFrame:
    """A row an event: the first mention that has coordinates, else the first that has a country."""
    rows = rows.filter(pl.col("country").is_not_null()).sort(*KEYS, pl.col("lat").is_null(), "row")
    return _grade(rows.unique(KEYS, keep="first", maintain_order=True))


def _grade(rows: pl.DataFrame) -> pl.DataFrame:
    precision = pl.when(pl.col("lat").is_not_null()).then("kind").otherwise(pl.lit("country"))
    return rows.select(*KEYS, "country", "lat", "lon", where_precision=precision)


def _look_up(asked: pl.DataFrame, named: pl.DataFrame) -> pl.DataFrame:
    """The likeliest bearer of a name that the text does not give, by its people, the article's countries and the region
    that the dateline adds."""
    votes = named.filter(pl.col("country").is_not_null()).group_by("doc", "country").agg(pl.len().alias("votes"))
    votes = votes.with_columns(share=pl.col("votes") / pl.col("votes").sum().over("doc"))
    weights = votes.group_by("doc").agg(weight=pl.col("votes").sum())
    told = asked.filter(are_names(asked["gram"])).with_row_index("hit")
    told = told.with_columns(region_gram=fold(told["region"].str.strip_chars(" ,-")))
    beside = told.select("hit", "region_gram").join(_regions(), on="region_gram")
    row, named_so = namesakes_of(told["gram"])
    options = (
        pl.concat([told.drop("region", "gram")[row], named_so], how="horizontal")
        .join(votes.select("doc", "country", "share"), on=["doc", "country"], how="left")
        .join(weights, on="doc", how="left")
        .join(
            beside.select("hit", "region", country="region_country", is_beside=pl.lit(True)),
            on=["hit", "region", "country"],
            how="left",
        )
        .with_columns(
            pl.col("share").fill_null(0.0), pl.col("weight").fill_null(0), pl.col("is_beside").fill_null(False)
        )
        .with_columns(
            score=pl.col("prior") + CONTEXT * pl.col("share").sqrt() + BESIDE * pl.col("is_beside").cast(pl.Float64)
        )
    )
    chosen = choose_namesakes(options).filter(pl.col("country").is_not_null())
    return _grade(told.select(*KEYS, "hit").join(chosen, on="hit"))


@cache
def _regions() -> pl.DataFrame:
    """`region_gram` (a region's name or abbreviation, folded), `region`, `region_country`."""
    full = places().filter(kind="region").select("region", region_gram="gram", region_country="country")
    short = hints().filter(hint="abbreviation")
    short = short.select(
        region="hint_region", region_gram=pl.Series(fold(short["form"])), region_country="hint_country"
    )
    return pl.concat([full, short]).unique(["region_gram", "region_country"], keep="first", maintain_order=True)


def _only_country(events: pl.DataFrame, named: pl.DataFrame, sentences: pl.DataFrame) -> pl.DataFrame:
    """The one country of the places that an event's sentences name."""
    told = named.join(sentences.select("sentence", "event_no"), on="sentence").join(events.select(KEYS), on=KEYS)
    told = told.filter(pl.col("country").is_not_null()).group_by(KEYS).agg(pl.col("country").unique())
    one = told.filter(pl.col("country").list.len() == 1).with_columns(pl.col("country").list.first())
    degrees = pl.lit(None, pl.Float64)
    return one.select(*KEYS, "country", lat=degrees, lon=degrees, where_precision=pl.lit("country"))
