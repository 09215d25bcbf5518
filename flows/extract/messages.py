"""Claims told over several sentences: a caller claims an attack, and another sentence says for whom he spoke.

A claim of responsibility by somebody unnamed ("a caller", "a man", a note) is open. It is the group's that the text
says the message is of ("he said he belonged to X"); and where the message says that X did it, X claims.
"""

import polars as pl

from flows.extract.claim_letters import ATTACKS, words_tagged
from flows.extract.match import at, find_all, is_any, of_sentences, phrase, pick

REACH = 2  # sentences between an open claim and what tells whose it is
OPEN = {
    "claims": r"(?P<who>[Vupw])(?P<gap>[^;XBSx1-7]{0,14}[bd]{0,2})(?P<cue>1)",
    "split": r"(?P<who>[Vupw])(?P<gap>[^;XBSx1-7cn]{0,14})(?P<cue>c)(?P<to>[^;X]{0,12}R)",
}
OWNER = {
    "of": r"(?P<voice>V)(?P<gap>[^;XBDE1-7xS]{0,6}[PFy][^;XBDE1-7xS]{0,4})(?P<actor>X)",
    "member": r"(?P<voice>M)(?P<gap>F[tNwO]{0,3})(?P<actor>X)",
    "new": r"(?P<voice>V)(?P<gap>[PFy]t?q?)(?P<actor>O{1,4})",
}


def find_messages(
    tokens: pl.DataFrame,
    layer: pl.DataFrame,
    units: pl.DataFrame,
    speech: pl.DataFrame,
    cued: pl.DataFrame,
    deeds: pl.DataFrame,
) -> pl.DataFrame:
    """`sentence`, `row`, `n_last`, `stance` (claimed), `actor`: open claims by whose they are. `cued` and `deeds` are
    what the cues and the deeds of single sentences told."""
    opens = _open_claims(layer, cued)
    owners = _owners(tokens, layer, units)
    told = deeds.with_columns(unit=at(tokens, "unit", deeds["row"])).select(owners.columns)
    blamed = cued.filter(stance="blamed")
    blamed = blamed.with_columns(unit=at(tokens, "unit", blamed["row"])).select(owners.columns)
    # Who calls a radio station to say that X did it speaks for X, as news has it; a letter may accuse.
    groups = pick(tokens, pl.col("who").is_not_null() & ~pl.col("is_force"), "sentence", "who")
    groups = groups.select("sentence", actor="who")
    called = pl.concat([told, blamed]).join(groups, on=["sentence", "actor"], how="semi")
    by_caller = pl.concat([_said_by(tokens, speech, "caller"), _phoned(tokens, speech)])
    called = called.join(by_caller, on="sentence", how="semi")
    told = told.join(_said_by(tokens, speech, "message"), on="sentence", how="semi")
    # What a message tells is its own where it is the actor's message, or claims for somebody unnamed.
    own = told.join(owners.select("unit", "actor", near="sentence"), on=["unit", "actor"])
    own = own.filter((pl.col("sentence").cast(pl.Int64) - pl.col("near")).is_between(0, REACH)).select(owners.columns)
    near = pl.concat([owners, told]).join(opens, on="unit")
    near = near.with_columns(distance=(pl.col("sentence").cast(pl.Int64) - pl.col("open")).abs()).filter(
        pl.col("distance") <= REACH
    )
    near = near.sort("open", "distance", "row").unique("open", keep="first", maintain_order=True)
    left = owners.join(_left_behind(tokens, owners["sentence"]), on="sentence", how="semi")
    rows = pl.concat([near.select(owners.columns), own, called, left])
    return rows.drop("unit").with_columns(stance=pl.lit("claimed"))


def _open_claims(layer: pl.DataFrame, cued: pl.DataFrame) -> pl.DataFrame:
    """`unit`, `open` (the sentence): claims of responsibility that name no actor."""
    hits = find_all(layer, "claim", OPEN, ["cue_first"]).join(cued, on="sentence", how="anti")
    hits = hits.join(layer.select("sentence", "unit"), on="sentence")
    return hits.select("unit", open="sentence").unique(maintain_order=True)


def _owners(tokens: pl.DataFrame, layer: pl.DataFrame, units: pl.DataFrame) -> pl.DataFrame:
    """`sentence`, `unit`, `row`, `n_last`, `actor`: for whom somebody speaks, or whose a message is."""
    hits = find_all(layer, "claim", OWNER, ["voice_first", "actor_first", "actor_last"])
    speaks = at(tokens, "word", hits["voice_first"]).is_in(words_tagged("speaks_for").implode())
    hits = hits.with_columns(
        known=at(tokens, "who", hits["actor_last"]),
        worded=phrase(tokens, units, hits["actor_first"], hits["actor_last"]),
    )
    hits = hits.filter(speaks | (pl.col("pattern") != "new"))
    return hits.join(layer.select("sentence", "unit"), on="sentence").select(
        "sentence",
        "unit",
        row="voice_first",
        n_last="actor_last",
        actor=pl.coalesce("known", "worded"),
    )


def _said_by(tokens: pl.DataFrame, speech: pl.DataFrame, tag: str) -> pl.DataFrame:
    """`sentence`: in which a caller or a note speaks (words of claim_words.csv with that tag)."""
    words = words_tagged(tag).implode()
    first, last = (at(tokens, "word", speech[column]).is_in(words) for column in ("np_first", "np_last"))
    return speech.filter((first | last).fill_null(False)).select("sentence").unique()


def _phoned(tokens: pl.DataFrame, speech: pl.DataFrame) -> pl.DataFrame:
    """`sentence`: in which somebody unnamed calls the press ("a man telephoned a radio station and said")."""
    return _holding(tokens, _said_by(tokens, speech, "unnamed")["sentence"], "phone", "press")


def _left_behind(tokens: pl.DataFrame, sentences: pl.Series) -> pl.DataFrame:
    """`sentence`: those of `sentences` in which a note is left at the place of a deed."""
    held = _holding(tokens, sentences, "left", "leaflet")
    here = tokens.select("sentence", "deed", "incident").filter(of_sentences(tokens, held["sentence"]))
    deeds = here.filter(is_any(pl.col("deed"), "Dg") | is_any(pl.col("incident"), ATTACKS))
    return held.join(deeds, on="sentence", how="semi")


def _holding(tokens: pl.DataFrame, sentences: pl.Series, one: str, other: str) -> pl.DataFrame:
    """`sentence`: those of `sentences` that hold words of claim_words.csv with both tags."""
    here = tokens.select("sentence", "word").filter(of_sentences(tokens, sentences))
    first, second = (here.filter(pl.col("word").is_in(words_tagged(tag).implode())) for tag in (one, other))
    return first.join(second, on="sentence", how="semi").select("sentence").unique()
