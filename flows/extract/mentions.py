"""Mentions: the places, people and actors that a body names, each with what it is known as."""

import polars as pl

from flows.extract.match import phrase, pick
from flows.extract.people import find_people
from flows.extract.places import find_places
from flows.lexicon import lexicon

COLUMNS = ["unit", "type", "canonical", "country", "lat", "lon", "row", "last"]


def find_mentions(tokens: pl.DataFrame, units: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """(`article_id`, `raw_sha256` and the other columns of MENTIONS in the order of the text; what find_places found).

    `canonical`: a person's full name, an actor's name in the lexicon, a place's in the gazetteer; NULL where several
    would do. `country` is ISO 3166; `lat`, `lon` are a place's alone, degrees. `units` has `doc`, `field`, the keys.
    """
    bodies = units.filter(pl.col("field") == "text").select("unit")
    people = find_people(tokens, units)
    places = find_places(tokens, units, people)
    actors = _find_actors(tokens)
    inside = places.select(row=pl.int_ranges("row", pl.col("last") + 1)).explode("row")["row"]
    people = people.filter(~pl.col("row").is_in(inside.implode()) & ~pl.col("last").is_in(inside.implode()))
    persons = people.with_columns(type=pl.lit("person"), canonical="full")
    found = pl.concat(
        [places.with_columns(type=pl.lit("place")), persons, actors.with_columns(type=pl.lit("actor"))],
        how="diagonal_relaxed",
    )
    found = found.select(COLUMNS).join(bodies, on="unit", how="semi").sort("row")
    starts, ends = tokens["start"].gather(found["row"]), tokens["end"].gather(found["last"])
    rows = found.with_columns(name=phrase(tokens, units, found["row"], found["last"]), char_start=starts, char_end=ends)
    return rows.join(units.select("unit", "article_id", "raw_sha256"), on="unit", maintain_order="left"), places


def _find_actors(tokens: pl.DataFrame) -> pl.DataFrame:
    """Actors of the lexicon."""
    countries = lexicon("actors").select("actor", pl.col("country").cast(pl.String)).unique("actor", keep="first")
    rows = pick(tokens, pl.col("count") == "X", "unit", "actor")
    return rows.join(countries, on="actor", how="left", maintain_order="left").select(
        "unit", "row", "country", last="row", canonical="actor"
    )
