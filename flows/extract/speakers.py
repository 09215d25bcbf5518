"""Who a phrase stands for: a surname the full name, "the group" the armed group, "the embassy" the embassy, "he" the
person who spoke last. What cannot be resolved is no speaker."""

import polars as pl

from flows.extract.match import at, find, phrase
from flows.lexicon import lexicon

PERSON = r"(?P<name>O{2,4})"
BODY = r"(?P<np>[OX][OX'BF]*B)"


def resolve_persons(speeches: pl.DataFrame, names: pl.DataFrame) -> pl.DataFrame:
    """A surname takes the full name that the text gives first (`names` is what `full_names` found)."""
    return (
        speeches.with_columns(surname=pl.col("name").str.extract(r"(\S+)$"))
        .join(names, on=["unit", "surname"], how="left", maintain_order="left")
        .with_columns(
            name=pl.when(~pl.col("name").str.contains(" ")).then(pl.coalesce("full", "name")).otherwise("name"),
        )
        .with_columns(speaker=pl.coalesce("name", pl.when(pl.col("np").str.contains("[XBROQ]")).then(pl.col("worded"))))
    )


def full_names(tokens: pl.DataFrame, sentences: pl.DataFrame, units: pl.DataFrame) -> pl.DataFrame:
    """`unit`, `surname`, `full`: the first run of two to four proper words that ends in each surname."""
    runs = find(sentences, "speech", PERSON)
    runs = runs.with_columns(
        full=phrase(tokens, units, runs["name_first"], runs["name_last"]), unit=at(tokens, "unit", runs["name_first"])
    )
    return (
        runs.with_columns(surname=pl.col("full").str.extract(r"(\S+)$"))
        .unique(["unit", "surname"], keep="first", maintain_order=True)
        .select("unit", "surname", "full")
    )


def resolve_groups(speeches: pl.DataFrame, tokens: pl.DataFrame) -> pl.DataFrame:
    """ "The group", "the insurgents": the armed group named last before it; without one it is no speaker."""
    named = tokens.with_row_index("row").filter(pl.col("actor").is_not_null())
    named = named.select("unit", pl.col("row").cast(pl.Int64), last_actor="actor")
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
    bodies = find(sentences, "speech", BODY)
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
        .with_columns(
            speaker=pl.when(is_bare & pl.col("full_right").is_not_null()).then("full_right").otherwise("speaker")
        )
    )


def resolve_pronouns(speeches: pl.DataFrame) -> pl.DataFrame:
    """Let "he said" take the last person who spoke in this text; "they", "we" and "it" stay open."""

    def last(column: str) -> pl.Expr:
        return pl.when(pl.col("name").is_not_null()).then(pl.col(column)).forward_fill().over("unit")

    speeches = speeches.sort("say_row")
    is_pronoun = pl.col("np") == "u"
    carried = speeches.select(
        "say_row", *(last(column).alias(f"last_{column}") for column in ("name", "role", "org", "actor", "actor_type"))
    )
    return (
        speeches.join(carried, on="say_row", how="left", maintain_order="left")
        .with_columns(
            speaker=pl.when(is_pronoun & pl.col("pronoun"))
            .then("last_name")
            .when(is_pronoun)
            .then(None)
            .otherwise("speaker"),
            role=pl.when(is_pronoun).then("last_role").otherwise("role"),
            org=pl.when(is_pronoun).then("last_org").otherwise("org"),
            actor=pl.when(is_pronoun).then("last_actor").otherwise("actor"),
            actor_type=pl.when(is_pronoun).then("last_actor_type").otherwise("actor_type"),
        )
        .with_columns(name=pl.when(is_pronoun).then(pl.col("speaker")).otherwise("name"))
    )
