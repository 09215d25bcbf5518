"""The lexicons as tags: one letter a word in each layer, and what a lexicon row carries along."""

from functools import cache

import polars as pl

from flows.lexicon import lexicon


@cache
def actor_names() -> pl.DataFrame:
    """`form`, `word` (lower case), `actor`, `is_phrase`: armed groups' names. One-word names are told apart by case;
    armies and agencies are read by claims alone, for they speak and are counted as bodies."""
    groups = lexicon("actors").filter(pl.col("actor_type") == "armed_group")
    names = groups.select(form="alias", actor="actor").unique("form", keep="first", maintain_order=True)
    return names.with_columns(
        word=pl.col("form").str.to_lowercase().str.replace_all("’", "'"), is_phrase=pl.col("form").str.contains("[ '’]")
    )


@cache
def modals() -> pl.Series:
    """The words behind which nothing has happened: "could", "would"."""
    return lexicon("grammar").filter(pl.col("tag") == "modal")["word"]


@cache
def care(role: str) -> pl.Series:
    """The words of a role in care.csv: who is "carried" to a "place" of care is hurt; what "brings" is active."""
    return lexicon("care").filter(pl.col("role") == role)["word"]


@cache
def multiples() -> dict[str, int]:
    """How many died or were hit in what the lexicon calls multiple: "a double murder" 2."""
    return dict(lexicon("multiples").select("word", "value").iter_rows())


@cache
def tag_table() -> pl.DataFrame:
    """One row a lower-case word or phrase: its letter in each layer and what it carries.

    Columns: `word`, `count`, `speech`, `harm_kind`, `victim_class`, `actor_type`, `stance`, `claim_side`, `incident`,
    `scope_cue`, `deed` (an act of violence: D told of the past, l one only with an attack as object, s a seizure, g a
    gerund, f a base form).
    """
    letters = {
        "count": {
            "plural": "p",
            "single": "s",
            "participle": "v",
            "gerund": "g",
            "base": "f",
            "state": "j",
            "noun": "n",
            "toll": "z",
            "event": "e",
            "unharmed": "w",
            "self": "E",
            "multiple": "D",
        },
        "grammar": {
            "article": "a",
            "determiner": "t",
            "pronoun": "u",
            "relative": "r",
            "auxiliary": "b",
            "modal": "b",
            "adverb": "d",
            "preposition": "P",
            "conjunction": "C",
            "of": "F",
            "and": "&",
            "including": "L",
            "negation": "x",
            "that": "h",
        },
        "speech": {"finite": "S", "telling": "E", "quoting": "V", "that": "M", "gerund": "G", "according": "A"},
        "deed": {"past": "D", "light": "l", "gerund": "g", "base": "f", "seizure": "s"},
        "role": {"role": "R", "body": "B", "group": "Q", "honorific": "H"},
    }
    harm = lexicon("harm").select("word", count=pl.col("form").replace_strict(letters["count"]), harm_kind="kind")
    people = lexicon("people").select(
        word="noun",
        count=pl.when(pl.col("group") == "attacker")
        .then(pl.when(pl.col("number") == "single").then(pl.lit("l")).otherwise(pl.lit("k")))
        .when(pl.col("group") == "troops")
        .then(pl.lit("y"))
        .when(pl.col("group") == "body")
        .then(pl.lit("c"))
        .otherwise(pl.col("number").replace_strict(letters["count"])),
        victim_class="victim_class",
    )
    munitions = lexicon("munitions").select(
        word="noun", count=pl.when(pl.col("number") == "single").then(pl.lit("i")).otherwise(pl.lit("m"))
    )
    grammar = lexicon("grammar").select("word", grammar=pl.col("tag").replace_strict(letters["grammar"]))
    speech = lexicon("speech").select("word", speech=pl.col("form").replace_strict(letters["speech"]))
    roles = lexicon("roles").select(
        word="noun", role=pl.col("tag").replace_strict(letters["role"]), actor_type="actor_type"
    )
    claims = lexicon("claims").select(word="phrase", stance="stance", claim_side="side")
    deeds = lexicon("deeds").select("word", deed=pl.col("form").replace_strict(letters["deed"]))
    incidents = lexicon("incidents").select(word="noun", incident="kind")
    scopes = lexicon("scopes").select(word="phrase", scope_cue="scope")
    table = pl.DataFrame(schema={"word": pl.String})
    for part in (harm, people, munitions, grammar, speech, roles, claims, deeds, incidents, scopes):
        part = part.unique("word", keep="first", maintain_order=True)
        table = table.join(part, on="word", how="full", coalesce=True, suffix="_more")
        twins = [name for name in table.columns if name.endswith("_more")]
        table = table.with_columns(
            pl.coalesce(t.removesuffix("_more"), t).alias(t.removesuffix("_more")) for t in twins
        )
        table = table.drop(twins)
    return table.select(
        "word",
        pl.coalesce("count", "grammar"),
        pl.coalesce("role", "speech", "grammar").alias("speech"),
        "harm_kind",
        "victim_class",
        "actor_type",
        "stance",
        "claim_side",
        "incident",
        "scope_cue",
        "deed",
    )
