"""Claims: who says that they did it, who denies it, whom somebody blames or suspects, and whom the outlet names.

Cues stand in seeds/lexicon/claims.csv, each with the side on which its actor stands. An actor is the lexicon's or a
proper name as worded; "the group" is the armed group named last before it.
"""

import polars as pl

from flows.extract.match import at, find, phrase
from flows.extract.speech import PHRASE

GROUP = r"(?P<lead>t)(?P<np>w{0,2}Q)"
NEW_SUBJECT = r"(?P<lead>t?)(?P<np>O{1,4}(?:Ft?O{1,4})?)(?P<gap>(?:,[^,;q]{1,14},)?[bd]{0,3})(?P<cue>[KSE])"
NEW_OBJECT = r"(?P<cue>[KSE])(?P<lead>t?)(?P<np>O{2,4}(?:Ft?O{1,4})?)"
ACCUSER = rf"(?P<np>{PHRASE})(?P<gap>[bdw]{{0,3}})(?P<cue>K)"
BY_ACTOR = r"(?P<what>w)(?P<by>P)(?P<lead>t?)(?P<actor>X)"
ACTORS_OWN = r"(?P<actor>X)(?P<what>[wps])"
NEAR = 12  # tokens between a cue and the actor that follows it


def find_claims(
    tokens: pl.DataFrame, sentences: pl.DataFrame, units: pl.DataFrame, speech: pl.DataFrame, names: pl.DataFrame
) -> pl.DataFrame:
    """A row a claim: `sentence`, `row`, `n_last` (token rows of the cue's phrase), `stance`, `actor`, `asserted_by`,
    `attributed_via`. `names` is what `speakers.full_names` found."""
    actors = _actor_mentions(tokens, sentences, units)
    cues = (
        tokens.with_row_index("row")
        .filter(pl.col("stance").is_not_null())
        .select("sentence", pl.col("row").cast(pl.Int64), "stance", "claim_side")
    )
    negated = at(tokens, "count", cues["row"] - 1).is_in(["x"]) | at(tokens, "word", cues["row"] - 1).is_in(["of"])
    cues = cues.filter(~(negated.fill_null(False) & (cues["stance"] == "blamed")))
    before = cues.filter(pl.col("claim_side") == "before").join_asof(
        actors, left_on="row", right_on="at", by="sentence", strategy="backward", check_sortedness=False
    )
    after = cues.filter(pl.col("claim_side") == "after").join_asof(
        actors, left_on="row", right_on="at", by="sentence", strategy="forward", tolerance=NEAR, check_sortedness=False
    )
    claims = pl.concat([before, after]).sort("row")
    claims = _add_new_actors(claims, tokens, sentences, units, names).filter(pl.col("actor").is_not_null())
    claims = claims.with_columns(n_last=pl.col("row")).select(
        "sentence", "row", "n_last", "stance", "actor", "claim_side"
    )
    claims = pl.concat([claims, _told_in_passing(tokens, sentences, claims)])
    return _add_speakers(claims, tokens, sentences, units, speech)


def _actor_mentions(tokens: pl.DataFrame, sentences: pl.DataFrame, units: pl.DataFrame) -> pl.DataFrame:
    """`sentence`, `at` (token row), `actor`: names, and "the group" where one was named before."""
    named = tokens.with_row_index("at").filter(pl.col("actor").is_not_null() & (pl.col("count") == "X"))
    named = named.select("unit", "sentence", pl.col("at").cast(pl.Int64), "actor")
    groups = find(sentences, "speech", GROUP).select("sentence", at="np_last")
    groups = groups.with_columns(unit=at(tokens, "unit", groups["at"])).sort("at")
    groups = groups.join_asof(
        named.select("unit", "at", "actor"), on="at", by="unit", strategy="backward", check_sortedness=False
    ).filter(pl.col("actor").is_not_null())
    return pl.concat([named, groups.select(named.columns)]).sort("at").select("sentence", "at", "actor")


def _add_new_actors(
    claims: pl.DataFrame, tokens: pl.DataFrame, sentences: pl.DataFrame, units: pl.DataFrame, full: pl.DataFrame
) -> pl.DataFrame:
    """A proper name right beside the cue, as worded, where no actor of the lexicon stands in the sentence.

    "He accused Jane Roe of lying" blames nobody for an incident: an object counts only beside a cue of harm.
    """
    harmful = tokens.group_by("sentence").agg(
        harm=pl.col("harm_kind").is_not_null().any() | pl.col("incident").is_not_null().any()
    )
    found = []
    for side, pattern in (("before", NEW_SUBJECT), ("after", NEW_OBJECT)):
        hits = find(sentences, "speech", pattern)
        behind = at(tokens, "speech", hits["np_first"] - 1).is_in(["P", "F", "'", "O"])
        hits = hits.filter(~behind.fill_null(False))
        hits = hits.with_columns(name=phrase(tokens, units, hits["np_first"], hits["np_last"]))
        found.append(hits.select(row="cue_first", claim_side=pl.lit(side), name="name"))
    names = pl.concat(found).unique(["row", "claim_side"], keep="first")
    names = names.with_columns(unit=at(tokens, "unit", names["row"]), surname=pl.col("name").str.extract(r"^(\S+)$"))
    names = names.join(full, on=["unit", "surname"], how="left").select(
        "row", "claim_side", name=pl.coalesce("full", "name")
    )
    own_word = pl.Series(at(tokens, "word", claims["row"]).str.contains("responsib"))
    return (
        claims.join(names, on=["row", "claim_side"], how="left", maintain_order="left")
        .join(harmful, on="sentence", how="left", maintain_order="left")
        .with_columns(actor=pl.coalesce("actor", pl.when(own_word | pl.col("harm")).then(pl.col("name"))))
    )


def _told_in_passing(tokens: pl.DataFrame, sentences: pl.DataFrame, claims: pl.DataFrame) -> pl.DataFrame:
    """ "An attack by the X", "an X attack", "three X gunmen": one incident, not a habit (plurals tell none)."""
    by = find(sentences, "count", BY_ACTOR).select(
        "sentence", "what_first", "by_first", "actor_first", last="actor_first"
    )
    own = find(sentences, "count", ACTORS_OWN).select("sentence", "what_first", "actor_first", last="what_first")
    own_k = find(sentences, "count", r"(?P<actor>X)(?P<what>[kl])").select(
        "sentence", "what_first", "actor_first", last="what_first"
    )
    told = pl.concat([by.filter(at(tokens, "word", by["by_first"]) == "by").drop("by_first"), own])
    one = at(tokens, "incident", told["what_first"]).is_not_null() & ~at(
        tokens, "word", told["what_first"]
    ).str.ends_with("s")
    told = pl.concat([told.filter(one.fill_null(False)), own_k])
    told = told.filter(~pl.col("sentence").is_in(claims["sentence"].implode()))
    return told.with_columns(
        row=pl.min_horizontal("what_first", "actor_first"),
        n_last=pl.max_horizontal("what_first", "last"),
        stance=pl.lit("reported"),
        actor=at(tokens, "actor", told["actor_first"]),
        claim_side=pl.lit(None, pl.String),
    ).select("sentence", "row", "n_last", "stance", "actor", "claim_side")


def _add_speakers(
    claims: pl.DataFrame, tokens: pl.DataFrame, sentences: pl.DataFrame, units: pl.DataFrame, speech: pl.DataFrame
) -> pl.DataFrame:
    """`asserted_by`: the actor itself where it claims or denies, the accuser where it is blamed or suspected; a report
    that somebody is quoted with is that speaker's blame."""
    claims = claims.with_row_index("claim")
    spoken = (
        claims.select("claim", "sentence", "row", "actor")
        .join(speech.drop("unit"), on="sentence", suffix="_said")
        .with_columns(near=(pl.col("say") - pl.col("row")).abs())
        .sort("claim", "near")
    )
    via = (
        spoken.filter(pl.col("form") == "according")
        .unique("claim", keep="first")
        .select("claim", attributed_via="speaker")
    )
    by = (
        spoken.filter((pl.col("form") != "according") & pl.col("actor_said").ne_missing(pl.col("actor")))
        .unique("claim", keep="first")
        .select("claim", accuser="speaker", accuser_type="actor_type")
    )
    subjects = find(sentences, "speech", ACCUSER)
    subjects = subjects.with_columns(
        subject=phrase(tokens, units, subjects["np_first"], subjects["np_last"]).str.replace(r"^(?i:the|an?)\s+", "")
    ).select(row="cue_first", subject="subject")
    claims = (
        claims.join(via, on="claim", how="left")
        .join(by, on="claim", how="left")
        .join(subjects.unique("row", keep="first"), on="row", how="left")
        .sort("row")
    )
    # "The army blamed X": the accuser is the cue's subject; "X is charged with": its subject is the accused.
    claims = claims.with_columns(subject=pl.when(pl.col("claim_side") != "before").then("subject"))
    own = pl.col("stance").is_in(["claimed", "denied"])
    is_outlet = (pl.col("accuser_type") == "media").fill_null(False)
    claims = claims.with_columns(
        stance=pl.when((pl.col("stance") == "reported") & pl.col("accuser").is_not_null() & ~is_outlet)
        .then(pl.lit("blamed"))
        .otherwise("stance"),
        attributed_via=pl.coalesce("attributed_via", pl.when(is_outlet & ~own).then("accuser")),
    )
    accuser = pl.coalesce("subject", pl.when(~is_outlet).then("accuser"))
    return claims.with_columns(
        asserted_by=pl.when(own).then("actor").when(pl.col("stance").is_in(["blamed", "suspected"])).then(accuser)
    ).select("sentence", "row", "n_last", "stance", "actor", "asserted_by", "attributed_via")
