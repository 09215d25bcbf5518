"""What a speaker's phrase says: the person's name, the role, the body and the type of actor.

"Interior Ministry spokesman Omar Haddad": name, role and body in one. A role may stand behind the name, between commas
("Jo Reed, director of the clinic,"), and so may a name behind its role.
"""

import polars as pl

from flows.extract.match import at, find, phrase
from flows.lexicon import lexicon

BODY = r"(?P<body>[OX']{0,4}B)(?P<tail>(?:F[at]?O{1,2})?)"


def add_names(speeches: pl.DataFrame, tokens: pl.DataFrame, units: pl.DataFrame) -> pl.DataFrame:
    """Add `name` (a person's, as worded), `worded` (the phrase without its article), `role`, `honorific`.

    A run of proper words at the end is a person's name where a role, a title of address, a body's possessive or common
    words stand before it, or where it is all there is; an apposition of proper words alone is the name of the role
    before it.
    """
    np, apposition = pl.col("np"), pl.col("apposition")
    # One after the other, for each stands in many of the next.
    speeches = speeches.with_columns(
        run=np.str.extract(r"(O+)$").fill_null("").str.len_bytes().cast(pl.Int64),
        lead=np.str.extract(r"^([at])").fill_null("").str.len_bytes().cast(pl.Int64),
        before=np.str.extract(r"^(.*?)O+$").fill_null(""),
    )
    run, lead, before, is_name = (pl.col(name) for name in ("run", "lead", "before", "is_name"))
    described = before.str.contains(r"(?:w|'|_)$") & (run >= 2)
    speeches = speeches.with_columns(
        is_name=(run > 0) & (before.str.contains(r"[RH]$") | ((before == "") & (run <= 4)) | described),
        own_role=before.str.contains("R") | (described & before.str.contains("[wO]w+$")),
    )
    own_role = pl.col("own_role")
    in_apposition = apposition.str.contains(r"^,[RwB]{0,3}H?O{2,4}[,;.:]?$") & np.str.contains("R") & ~is_name
    told_role = is_name & apposition.str.contains(r"^,[atw]?[^ru,]{0,8}?[RB]")
    speeches = speeches.with_columns(
        name_first=pl.when(is_name)
        .then(pl.col("np_last") - run + 1)
        .when(in_apposition)
        .then(pl.col("apposition_first") + 1 + apposition.str.extract(r"^,([RwBH]*)").str.len_bytes().cast(pl.Int64)),
        name_last=pl.when(is_name)
        .then(pl.col("np_last"))
        .when(in_apposition)
        .then(pl.col("apposition_last") - apposition.str.contains(r"[,;.:]$").cast(pl.Int64)),
        role_first=pl.when(is_name & own_role)
        .then(pl.col("np_first") + lead)
        .when(told_role)
        .then(pl.col("apposition_first") + 1)
        .when(~is_name & np.str.contains("R"))
        .then(pl.col("np_first") + lead),
        role_last=pl.when(is_name & own_role)
        .then(pl.col("np_last") - run)
        .when(told_role)
        .then(pl.col("apposition_last"))
        .when(~is_name & np.str.contains("R"))
        .then(pl.col("np_last")),
        worded_first=pl.col("np_first") + lead,
    )
    texts = {
        name: phrase(tokens, units, speeches[f"{name}_first"], speeches[last])
        for name, last in (("name", "name_last"), ("role", "role_last"), ("worded", "np_last"))
    }
    speeches = speeches.drop("run", "lead", "before", "is_name", "own_role")
    return speeches.with_columns(**texts).with_columns(
        honorific=pl.col("role").str.extract(r"(?i)\b(mrs?|ms|miss|sir|lady)\.?$").str.to_lowercase(),
        role=pl.col("role")
        .str.replace(r"^(?i:a|an|the)\s+", "")
        .str.replace(r"(?i)(?:^|\s+)(?:mrs?|ms|miss|dr)\.?$", "")
        .str.replace(r"(?s)(?:[,;:]|\s+who\s|\s+which\s).*$", "")
        .str.strip_chars(" .'’“”\"")
        .replace("", None),
    )


def add_types(
    speeches: pl.DataFrame, tokens: pl.DataFrame, sentences: pl.DataFrame, units: pl.DataFrame
) -> pl.DataFrame:
    """Add `actor` (canonical), `org`, `actor_type` from what stands in the phrase and its apposition: a group before a
    body before a role."""
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
    endings = "|".join(lexicon("outlet_endings")["ending"])
    outlet = (
        pl.col("worded").str.contains(rf"^\p{{Lu}}.* (?:{endings})$")
        | pl.col("worded").is_in(outlets)
        | ("The " + pl.col("worded")).is_in(outlets)
        | pl.col("is_outlet")
    )
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


def _bodies(speeches: pl.DataFrame, tokens: pl.DataFrame, sentences: pl.DataFrame, units: pl.DataFrame) -> pl.DataFrame:
    """`say_row`, `body`: the ministry, department or army that a speaker's phrase names, as worded."""
    sentences = sentences.filter(pl.col("speech").str.contains("B", literal=True))
    sentences = sentences.join(speeches, on="sentence", how="semi", maintain_order="left")
    bodies = find(sentences, "speech", BODY)
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
