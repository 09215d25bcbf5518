"""Who asserts a claim: the actor of itself, the accuser of another, and who passes it on."""

import polars as pl

from flows.extract.match import find, phrase
from flows.extract.speech import PHRASE

ACCUSER = rf"(?P<np>{PHRASE})(?P<gap>[bdw]{{0,3}})(?P<cue>[KS])"


def add_accusers(
    claims: pl.DataFrame, tokens: pl.DataFrame, sentences: pl.DataFrame, units: pl.DataFrame, speech: pl.DataFrame
) -> pl.DataFrame:
    """`asserted_by`: the actor itself where it claims or denies, the accuser where it is blamed or suspected; a report
    that somebody is quoted with is that speaker's blame, or the speaker's own claim."""
    claims = claims.with_row_index("claim")
    speech = speech.filter(pl.col("verb") != "D")  # who welcomes or mourns says nothing of who did it
    spoken = (
        claims.select("claim", "sentence", "row", "actor")
        .join(speech.drop("unit"), on="sentence", suffix="_said")
        .with_columns(near=(pl.col("say") - pl.col("row")).abs())
        .sort("claim", "near")
    )
    is_media = (pl.col("actor_type") == "media").fill_null(False)
    same = pl.col("actor").str.contains(pl.col("speaker"), literal=True)
    other = spoken.filter(pl.col("actor_said").ne_missing(pl.col("actor")) & ~same)
    via = other.unique("claim", keep="first").select("claim", via="speaker")
    media = other.filter(is_media).unique("claim", keep="first").select("claim", media="speaker")
    by = other.filter(~is_media).unique("claim", keep="first").select("claim", accuser="speaker")
    itself = spoken.filter(pl.col("actor_said") == pl.col("actor")).select("claim", itself=pl.lit(True)).unique("claim")
    sentences = sentences.join(claims, on="sentence", how="semi", maintain_order="left")
    subjects = find(sentences, "speech", ACCUSER)
    # "Ministry spokesman Adil Noor" is Adil Noor.
    named = subjects["np"].str.extract("[RH](O{2,4})$").str.len_bytes().cast(pl.Int64)
    first = (subjects["np_last"] + 1 - named).zip_with(named.is_not_null(), subjects["np_first"])
    subjects = subjects.with_columns(
        subject=phrase(tokens, units, first, subjects["np_last"]).str.replace(r"^(?i:the|an?)\s+", "")
    ).select(cue_row="cue_first", subject="subject")
    claims = (
        claims.join(via, on="claim", how="left")
        .join(media, on="claim", how="left")
        .join(by, on="claim", how="left")
        .join(itself, on="claim", how="left")
        .join(subjects.unique("cue_row", keep="first"), on="cue_row", how="left")
        .sort("row", "claim")
    )
    own = pl.col("stance").is_in(["claimed", "denied"])
    # "The army denied it and blamed X": who denies is who blames.
    denier = pl.when(own).then("actor").shift(1)
    goes_on = (pl.col("sentence") == pl.col("sentence").shift(1)) & (pl.col("actor") != denier)
    claims = claims.with_columns(denier=pl.when(goes_on).then(denier))
    # "The army blamed X": the accuser is the cue's subject; "X is charged with": its subject is the accused.
    accuser = pl.coalesce(
        pl.when(pl.col("side") == "after").then("subject"), pl.when(pl.col("side") == "after").then("denier"), "accuser"
    )
    told = (pl.col("stance") == "reported") | (pl.col("is_alleged") & pl.col("accuser").is_not_null())
    stance = (
        pl.when((pl.col("stance") == "reported") & pl.col("itself"))
        .then(pl.lit("claimed"))
        .when(told & pl.col("accuser").is_not_null())
        .then(pl.lit("blamed"))
        .otherwise("stance")
    )
    claims = claims.with_columns(stance=stance)
    return claims.with_columns(
        asserted_by=pl.when(own).then("actor").when(pl.col("stance").is_in(["blamed", "suspected"])).then(accuser),
        attributed_via=pl.when(own).then("via").otherwise("media"),
    ).select("sentence", "row", "n_last", "stance", "actor", "asserted_by", "attributed_via")
