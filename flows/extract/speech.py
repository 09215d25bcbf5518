"""Who says it: speakers beside verbs of saying, with name, role, body and the type of actor.

The rules read the layer `speech` (letters in tokens.py). A speaker is a noun phrase that holds a name, a role, a body
or a group; "he" takes the last person who spoke, "the embassy" the one named before, "the group" the armed group named
before; what cannot be resolved is no speaker.
"""

import polars as pl

from flows.extract.match import at, find, find_all, phrase
from flows.extract.speakers import resolve_bodies, resolve_groups, resolve_persons, resolve_pronouns
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
SPEECH = pl.Schema(
    {
        "unit": pl.UInt32,
        "sentence": pl.UInt32,
        "form": pl.String,
        "closes": pl.Boolean,  # a comma or a mark stands before it: it may speak for what comes before
        "say": pl.Int64,
        "np_first": pl.Int64,
        "np_last": pl.Int64,
        "speaker": pl.String,
        "role": pl.String,
        "org": pl.String,
        "actor": pl.String,
        "actor_type": pl.String,
    }
)


def read_speech(
    tokens: pl.DataFrame, sentences: pl.DataFrame, units: pl.DataFrame, names: pl.DataFrame
) -> pl.DataFrame:
    """A row a verb of saying that has a speaker: columns of SPEECH, rows are token rows of `tokens`; `names` is what
    `speakers.full_names` found."""
    columns = ["np", "np_first", "np_last", "apposition", "apposition_first", "apposition_last", "say_first"]
    speeches = (
        find_all(sentences, "speech", FORMS, columns)
        .rename({"pattern": "form", "say_first": "say_row"})
        .with_columns(pl.col("apposition").fill_null(""))
        .unique("say_row", keep="first", maintain_order=True)
        .sort("say_row")
    )
    speeches = speeches.with_columns(
        at(tokens, "unit", speeches["say_row"]).alias("unit"),
        at(tokens, "word", speeches["np_first"]).is_in(["he", "she"]).alias("pronoun"),
        at(tokens, "speech", pl.Series(speeches.select(pl.min_horizontal("np_first", "say_row") - 1).to_series()))
        .is_in([",", "q"])
        .alias("closes"),
    )
    speeches = _add_names(speeches, tokens, units)
    speeches = _add_types(speeches, tokens, sentences, units)
    speeches = resolve_persons(speeches, names)
    speeches = resolve_groups(speeches, tokens)
    speeches = resolve_bodies(speeches, tokens, sentences, units)
    speeches = resolve_pronouns(speeches)
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
            "speaker",
            "role",
            "org",
            "actor",
            "actor_type",
        )
        .cast(SPEECH)
        .sort("say")
        .with_columns(
            pl.coalesce(column, pl.col(column).drop_nulls().first().over("unit", "speaker")).alias(column)
            for column in ("role", "org", "actor", "actor_type")
        )
    )


def _add_names(speeches: pl.DataFrame, tokens: pl.DataFrame, units: pl.DataFrame) -> pl.DataFrame:
    """`name` (a person's, as worded), `worded` (the phrase without its article), `role`.

    A run of proper words at the end is a person's name where a role or a title of address stands before it, or where it
    is all there is; an apposition of proper words alone is the name of the role before it.
    """
    run = pl.col("np").str.extract(r"(O+)$").fill_null("").str.len_bytes().cast(pl.Int64)
    lead = pl.col("np").str.extract(r"^([at])").fill_null("").str.len_bytes().cast(pl.Int64)
    before = pl.col("np").str.extract(r"^(.*?)O+$").fill_null("")
    is_name = (run > 0) & (before.str.contains(r"[RH]$") | ((before == "") & (run <= 4)))
    in_apposition = pl.col("apposition").str.contains(r"^,H?O{2,4},?$") & ~is_name
    speeches = speeches.with_columns(
        name_first=pl.when(is_name)
        .then(pl.col("np_last") - run + 1)
        .when(in_apposition)
        .then(pl.col("apposition_first") + 1),
        name_last=pl.when(is_name).then(pl.col("np_last")).when(in_apposition).then(pl.col("apposition_last") - 1),
        role_first=pl.when(is_name & before.str.contains("R"))
        .then(pl.col("np_first") + lead)
        .when(is_name & (pl.col("apposition") != ""))
        .then(pl.col("apposition_first") + 1)
        .when(in_apposition | pl.col("np").str.contains("R"))
        .then(pl.col("np_first") + lead),
        role_last=pl.when(is_name & before.str.contains("R"))
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
