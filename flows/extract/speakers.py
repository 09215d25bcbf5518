"""Who a phrase stands for: a surname the full name, "the group" the armed group, "the embassy" the embassy, "he" the
person who spoke last. What cannot be resolved is no speaker."""

from functools import cache

import polars as pl

from flows.extract.match import at, find, phrase, pick
from flows.lexicon import lexicon

PERSON = r"(?P<name>O{2,4})"
BODY = r"(?P<np>[OX][OX'BF]*B)"


def resolve_persons(speeches: pl.DataFrame, names: pl.DataFrame) -> pl.DataFrame:
    """A surname takes the full name that the text gives (`names` is what `full_names` found)."""
    tail = pl.when(pl.col("np").str.contains(r"^[atN]?[wO]{0,3}O$")).then(pl.col("worded"))
    known = pl.col("full").is_not_null() & pl.coalesce("is_first", False)
    surname_only = ~pl.col("name").str.contains(" ")
    return (
        speeches.with_columns(surname=_surname(pl.coalesce("name", tail)))
        .join(names, on=["unit", "surname"], how="left", maintain_order="left")
        .with_columns(
            name=pl.when(surname_only | (pl.col("name").is_null() & known))
            .then(pl.coalesce("full", "name"))
            .otherwise(_personal("name")),
        )
        .with_columns(
            speaker=pl.coalesce(
                "name",
                pl.when(pl.col("np").str.contains("[XBROQ]") | pl.col("form").str.starts_with("plain")).then("worded"),
            )
        )
        .drop("full", "is_first")
    )


def full_names(tokens: pl.DataFrame, sentences: pl.DataFrame, units: pl.DataFrame) -> pl.DataFrame:
    """`unit`, `surname`, `full`, `is_first`: the first run of two to four proper words that ends in each surname, those
    that open with a first name (`is_first`) before others."""
    runs = pl.concat([find(sentences, layer, PERSON, ["name_first", "name_last"]) for layer in ("speech", "talk")])
    runs = runs.unique(["name_first", "name_last"], keep="first", maintain_order=True)  # most stand in both layers
    runs = runs.with_columns(
        full=phrase(tokens, units, runs["name_first"], runs["name_last"]), unit=at(tokens, "unit", runs["name_first"])
    )
    return (
        runs.with_columns(full=_personal("full"))
        .with_columns(surname=_surname("full"), is_first=_opens_with_first_name("full"))
        .sort("unit", "is_first", "name_first", descending=[False, True, False], maintain_order=True)
        .unique(["unit", "surname"], keep="first", maintain_order=True)
        .select("unit", "surname", "full", "is_first")
    )


def _surname(name: str | pl.Expr) -> pl.Expr:
    return (pl.col(name) if isinstance(name, str) else name).str.extract(r"(\S+?)(?:,? (?:Jr|Sr)\.?| I{2,3})?$")


def _opens_with_first_name(name: str) -> pl.Expr:
    return _is_first_name(pl.col(name).str.extract(r"^(\S+) "))


def _is_first_name(word: pl.Expr) -> pl.Expr:
    return word.str.to_lowercase().is_in(_first_names()).fill_null(False)


@cache
def _first_names() -> pl.Series:
    return lexicon("first_names")["name"].str.to_lowercase().implode()


def _personal(name: str) -> pl.Expr:
    """The name from its first name on: "Republican Ted Cruz" is Ted Cruz."""
    rest = pl.col(name).str.extract(r"^\S+ (\S+ .+)$")
    second = _is_first_name(rest.str.extract(r"^(\S+) "))
    return pl.when(~_opens_with_first_name(name) & second).then(rest).otherwise(pl.col(name))


def resolve_groups(speeches: pl.DataFrame, tokens: pl.DataFrame) -> pl.DataFrame:
    """ "The group", "the insurgents": the armed group named last before it; without one it is no speaker."""
    named = pick(tokens, pl.col("actor").is_not_null(), "unit", "actor").rename({"actor": "last_actor"})
    is_group = pl.col("np").str.contains(r"^t?w*Q$") & pl.col("actor").is_null()
    return (
        speeches.sort("np_first")
        .join_asof(named, left_on="np_first", right_on="row", by="unit", strategy="backward", check_sortedness=False)
        .with_columns(
            speaker=pl.when(is_group).then(pl.col("last_actor")).otherwise("speaker"),
            actor=pl.when(is_group).then(pl.col("last_actor")).otherwise("actor"),
            org=pl.when(is_group).then(pl.col("last_actor")).otherwise("org"),
            actor_type=pl.when(is_group).then(pl.lit("armed_group")).otherwise("actor_type"),
        )
        .with_columns(
            speaker=pl.when(pl.col("np").str.contains(r"^t?w*X[wQ]*$") & pl.col("actor").is_not_null())
            .then(pl.col("actor"))
            .otherwise("speaker")
        )
        .drop("row", "last_actor")
    )


def resolve_bodies(
    speeches: pl.DataFrame, tokens: pl.DataFrame, sentences: pl.DataFrame, units: pl.DataFrame
) -> pl.DataFrame:
    """ "The embassy", "the diplomatic mission": the body of that class that was named before, as it was worded."""
    classes = lexicon("same_body").select(word="noun", same="class")
    bodies = find(sentences.filter(pl.col("speech").str.contains("B", literal=True)), "speech", BODY)
    bodies = bodies.with_columns(
        full=phrase(tokens, units, bodies["np_first"], bodies["np_last"]),
        unit=at(tokens, "unit", bodies["np_first"]),
        word=at(tokens, "word", bodies["np_last"]),
        row=pl.col("np_last"),
    )
    bodies = bodies.join(classes, on="word").select("unit", "same", "row", "full").sort("row")
    speeches = speeches.with_columns(word=at(tokens, "word", speeches["np_last"]))
    is_bare = pl.col("np").str.contains(r"^t?B$")
    return (
        speeches.join(classes, on="word", how="left", maintain_order="left")
        .sort("np_first")
        .join_asof(
            bodies, left_on="np_first", right_on="row", by=["unit", "same"], strategy="backward", check_sortedness=False
        )
        .with_columns(speaker=pl.when(is_bare & pl.col("full").is_not_null()).then("full").otherwise("speaker"))
    )
