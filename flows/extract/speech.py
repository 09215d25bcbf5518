"""Who says it: speakers beside verbs of saying, with name, role, body and the type of actor.

The rules read the layer `speech` (letters in tokens.py). A speaker is a noun phrase that holds a name, a role, a body or
a group; "he" takes the last person who spoke, "the embassy" the one named before, "the group" the armed group named
before; what cannot be resolved is no speaker.
"""

import polars as pl

from flows.extract.match import at, find, phrase
from flows.lexicon import lexicon

PHRASE = r"(?:[at]w{0,2}|w)?(?:[OXBRQH'_&]w?){0,9}[OXBRQ](?:[PF][at]?w{0,2}[OXBRQH']{0,4}[OXBRQ]){0,2}"
APPOSITION = r"(?:,[^,;qSG]{1,18},)?"
FORMS = {
    "before": rf"(?P<np>{PHRASE})(?P<apposition>{APPOSITION})(?P<gap>(?:[bdT]|w?d){{0,3}})(?P<say>S)",
    "after": rf"(?P<pre>[,q])(?P<say>S)(?P<np>{PHRASE})(?P<apposition>(?:,[^,;qSG]{{1,18}}(?:,|;))?)",
    "according": rf"(?P<say>A)(?P<gap>(?:[at]?w{{1,3}}P|[at]?w{{1,2}}SP)?)(?P<np>{PHRASE})",
    "pronoun": r"(?P<np>u)(?P<gap>[bd]{0,2})(?P<say>S)",
    "pronoun_after": r"(?P<pre>[,q])(?P<say>S)(?P<np>u)",
}
PERSON = r"(?P<name>O{2,4})"
BODY = r"(?P<np>[OX][OX'BF]*B)"
SPEECH = pl.Schema(
    {
        "unit": pl.UInt32,
        "sentence": pl.UInt32,
        "form": pl.String,
        "closes": pl.Boolean,  # a comma or a mark stands before it: it may speak for what comes before
        "say": pl.Int64,
        "np_first": pl.Int64,
        "np_last": pl.Int64,
        "is_person": pl.Boolean,
        "speaker": pl.String,
        "role": pl.String,
        "org": pl.String,
        "actor": pl.String,
        "actor_type": pl.String,
    }
)


def read_speech(tokens: pl.DataFrame, sentences: pl.DataFrame, units: pl.DataFrame) -> pl.DataFrame:
    """A row a verb of saying that has a speaker: columns of SPEECH, rows are token rows of `tokens`."""
    found = [
        find(sentences, "speech", pattern)
        .with_columns(form=pl.lit(form))
        .rename({"say_first": "say_row"})
        .pipe(_with_apposition)
        for form, pattern in FORMS.items()
    ]
    speeches = pl.concat(found).unique("say_row", keep="first").sort("say_row")
    speeches = speeches.with_columns(
        at(tokens, "unit", speeches["say_row"]).alias("unit"),
        at(tokens, "word", speeches["np_first"]).is_in(["he", "she"]).alias("pronoun"),
        at(tokens, "speech", pl.Series(speeches.select(pl.min_horizontal("np_first", "say_row") - 1).to_series()))
        .is_in([",", "q"])
        .alias("closes"),
    )
    speeches = _add_names(speeches, tokens, units)
    speeches = _add_types(speeches, tokens, sentences, units)
    speeches = _resolve_persons(speeches, tokens, sentences, units)
    speeches = _resolve_groups(speeches, tokens)
    speeches = _resolve_bodies(speeches, tokens, sentences, units)
    speeches = _resolve_pronouns(speeches)
    return (
        speeches.filter(pl.col("speaker").is_not_null())
        .select(
            "unit",
            "sentence",
            pl.col("form").str.replace("pronoun_after", "after").str.replace("pronoun", "before"),
            pl.col("closes").fill_null(False),
            pl.col("say_row").alias("say"),
            "np_first",
            "np_last",
            is_person=pl.col("name").is_not_null() & ~pl.col("speaker").is_in(lexicon("outlets")["alias"].implode()),
            speaker="speaker",
            role="role",
            org="org",
            actor="actor",
            actor_type="actor_type",
        )
        .cast(SPEECH)
        .sort("say")
        .with_columns(
            pl.coalesce(column, pl.col(column).drop_nulls().first().over("unit", "speaker")).alias(column)
            for column in ("role", "org", "actor", "actor_type")
        )
    )


def _with_apposition(found: pl.DataFrame) -> pl.DataFrame:
    if "apposition" not in found.columns:
        found = found.with_columns(
            apposition=pl.lit(""), apposition_first=pl.lit(None, pl.Int64), apposition_last=pl.lit(None, pl.Int64)
        )
    return found.select(
        "sentence", "form", "say_row", "np", "np_first", "np_last", "apposition", "apposition_first", "apposition_last"
    )


def _add_names(speeches: pl.DataFrame, tokens: pl.DataFrame, units: pl.DataFrame) -> pl.DataFrame:
    """`name` (a person's, as worded), `worded` (the phrase without its article), `role`.

    A run of proper words at the end is a person's name where a role or a title of address stands before it, or where it
    is all there is; an apposition of proper words alone is the name of the role before it.
    """
    run = pl.col("np").str.extract(r"(O+)$").fill_null("").str.len_bytes().cast(pl.Int64)
    lead = pl.col("np").str.extract(r"^([at])").fill_null("").str.len_bytes().cast(pl.Int64)
    before = pl.col("np").str.strip_suffix("x").str.extract(r"^(.*?)O+$").fill_null("")
    is_name = (run > 0) & (before.str.contains(r"[RH]$") | ((before == "") & (run <= 4)))
    in_apposition = pl.col("apposition").str.contains(r"^,H?O{2,4},?$") & ~is_name
    speeches = speeches.with_columns(
        name_first=pl.when(is_name)
        .then(pl.col("np_last") - run + 1)
        .when(in_apposition)
        .then(pl.col("apposition_first") + 1),
        name_last=pl.when(is_name).then(pl.col("np_last")).when(in_apposition).then(pl.col("apposition_last") - 1),
        role_first=pl.when(is_name & (before != ""))
        .then(pl.col("np_first") + lead)
        .when(is_name & (pl.col("apposition") != ""))
        .then(pl.col("apposition_first") + 1)
        .when(in_apposition | pl.col("np").str.contains("R"))
        .then(pl.col("np_first") + lead),
        role_last=pl.when(is_name & (before != ""))
        .then(pl.col("np_last") - run)
        .when(is_name & (pl.col("apposition") != ""))
        .then(pl.col("apposition_last") - 1)
        .when(in_apposition | pl.col("np").str.contains("R"))
        .then(pl.col("np_last")),
        worded_first=pl.col("np_first") + lead,
    )
    texts = {
        name: phrase(tokens, units, speeches[f"{name}_first"], speeches[last])
        for name, last in (("name", "name_last"), ("role", "role_last"), ("worded", "np_last"))
    }
    return speeches.with_columns(**texts).with_columns(
        role=pl.col("role")
        .str.replace(r"^(?:a|an|the)\s+", "")
        .str.replace(r"^(?i:mrs?|ms|dr)\.?$", "")
        .replace("", None),
    )


def _bodies(speeches: pl.DataFrame, tokens: pl.DataFrame, sentences: pl.DataFrame, units: pl.DataFrame) -> pl.DataFrame:
    """`say_row`, `body`: the ministry, department or army that a speaker's phrase names, as worded."""
    bodies = find(sentences, "speech", r"(?P<body>[OX']{0,4}B)(?P<tail>(?:F[at]?O{1,2})?)")
    if bodies.is_empty():
        return pl.DataFrame(schema={"say_row": pl.Int64, "body": pl.String})
    last = bodies["tail_last"].fill_null(bodies["body_last"])
    bodies = bodies.with_columns(body=phrase(tokens, units, bodies["body_first"], last))
    reach = pl.max_horizontal("np_last", pl.col("apposition_last").fill_null(-1))
    return (
        speeches.select("sentence", "say_row", "np_first", reach=reach)
        .join(bodies.select("sentence", "body", "body_first"), on="sentence")
        .filter((pl.col("body_first") >= pl.col("np_first")) & (pl.col("body_first") <= pl.col("reach")))
        .sort("say_row", "body_first")
        .unique("say_row", keep="first", maintain_order=True)
        .select("say_row", "body")
    )


def _add_types(
    speeches: pl.DataFrame, tokens: pl.DataFrame, sentences: pl.DataFrame, units: pl.DataFrame
) -> pl.DataFrame:
    """`actor` (canonical), `org`, `actor_type` from what stands in the phrase and its apposition: a group before a body
    before a role."""
    reach = speeches.select(
        "say_row",
        row=pl.int_ranges("np_first", pl.max_horizontal("np_last", pl.col("apposition_last").fill_null(-1)) + 1),
    ).explode("row")
    rows = reach.with_columns(
        at(tokens, "actor", reach["row"]).alias("actor"),
        at(tokens, "speech", reach["row"]).alias("tag"),
        at(tokens, "actor_type", reach["row"]).alias("type"),
        at(tokens, "form", reach["row"]).alias("form"),
    )
    outlets = lexicon("outlets")["alias"].to_list()
    types = rows.group_by("say_row").agg(
        actor=pl.col("actor").drop_nulls().first(),
        body_type=pl.col("type").filter(pl.col("tag") == "B").drop_nulls().first(),
        role_type=pl.col("type").filter(pl.col("tag").is_in(["R", "Q", "H"])).drop_nulls().first(),
        is_outlet=(pl.col("form").is_in(outlets)).any(),
    )
    outlet = pl.col("worded").is_in(outlets) | ("The " + pl.col("worded")).is_in(outlets) | pl.col("is_outlet")
    speeches = speeches.join(types, on="say_row", how="left", maintain_order="left")
    speeches = speeches.join(
        _bodies(speeches, tokens, sentences, units), on="say_row", how="left", maintain_order="left"
    )
    return speeches.with_columns(
        actor_type=pl.coalesce(
            pl.when(pl.col("actor").is_not_null()).then(pl.lit("armed_group")),
            pl.when(outlet).then(pl.lit("media")),
            "body_type",
            "role_type",
        ),
        org=pl.coalesce("actor", "body"),
    )


def _resolve_persons(
    speeches: pl.DataFrame, tokens: pl.DataFrame, sentences: pl.DataFrame, units: pl.DataFrame
) -> pl.DataFrame:
    """A surname takes the full name that the text gives first."""
    names = full_names(tokens, sentences, units)
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


def _resolve_groups(speeches: pl.DataFrame, tokens: pl.DataFrame) -> pl.DataFrame:
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


def _resolve_bodies(
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


def _resolve_pronouns(speeches: pl.DataFrame) -> pl.DataFrame:
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
