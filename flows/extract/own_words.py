"""What an actor says of itself: "X said its fighters attacked", "according to X, it struck", "our units ambushed".

Patterns over the letters of `claim_letters`. Whose words a sentence or a text is, `voices` tells. A deed of the
speaker's own people is the speaker's claim; "its" and "they" behind another actor's name may be that one's.
"""

import polars as pl

from flows.extract.claim_letters import words_tagged
from flows.extract.match import at, find_all, pick

# "it", "its fighters", "the group's drones", "our forces"; which words count is told by their tag (own)
OWN = r"(?P<own>u|tq?w?[wO]{0,2}?[MWBG]|[XB]M?)(?P<people>(?:'?[wO]{0,2}?[MWG]{1,2})?q?)"
OBJECT = r"q?d?[tNOXBpMEWuwP]"
ATTACK = r"[tNdwOzLMq']{0,6}[EWKf]"
TIME = r"(?P<time>[bdzL]{0,3}q?)"
OWN_WORDS = {
    "did": rf"{OWN}{TIME}(?P<deed>D)(?P<object>(?:&d?[DwO])?{OBJECT})",
    "staged": rf"{OWN}{TIME}(?P<deed>l)(?P<object>{ATTACK})",
    "struck": rf"{OWN}{TIME}(?P<deed>l)(?P<object>{OBJECT})",
    "seized": rf"{OWN}{TIME}(?P<deed>s)(?P<object>[tNwO]{{0,3}}[pM])",
    "done_by": r"(?P<deed>[DlE])(?P<gap>[^,;qSxh1-7DlE]{0,8})(?P<by>y)(?P<own>t)(?P<people>[wO]{0,2}[MWBG])",
    "to_have": r"(?P<own>[XB])(?P<people>(?:_[^_]{1,10}_)?(?:,[^,;]{1,22},)?[bd]{0,2})(?P<say>c)(?P<to>Pbd?)"
    r"(?P<deed>[Dl])(?P<object>[^;,])",
}  # fmt: skip
WE = ["we", "our"]


def find_own_words(
    tokens: pl.DataFrame, layer: pl.DataFrame, speech: pl.DataFrame, voices: pl.DataFrame
) -> pl.DataFrame:
    """`sentence`, `row`, `n_last`, `stance` (claimed), `actor`: deeds that a speaker, or the group whose own words the
    text is (`voices`), tells of itself. `speech` is what `voices.name_speakers` returned."""
    columns = ["own", "own_first", "own_last", "people_last", "deed", "deed_first", "say_first"]
    hits = find_all(layer, "claim", OWN_WORDS, columns).join(
        layer.select("sentence", "unit", "first", "claim"), on="sentence"
    )
    hits = hits.with_columns(
        word=at(tokens, "word", hits["own_first"]),
        itself=at(tokens, "who", hits["own_last"]),
        deed_word=at(tokens, "word", hits["deed_first"]),
        is_named=at(tokens, "who", hits["people_last"]).is_not_null(),
    )
    named = pl.col("itself").is_not_null()
    strikes = pl.col("deed_word").is_in(words_tagged("strike").implode())
    hits = hits.filter(
        (pl.col("word").is_in(words_tagged("own").implode()) | named)
        & ((pl.col("pattern") != "struck") | strikes)
        & ~(pl.col("is_named") & ~named & ~pl.col("word").is_in(WE)).fill_null(False)
    )
    told = hits.filter(pl.col("pattern") == "to_have").with_columns(actor="itself")
    rest = hits.filter(pl.col("pattern") != "to_have").with_row_index("hit")
    said = pl.concat([told, _speakers(rest, speech, tokens), _whole_texts(rest, speech, voices)], how="diagonal")
    return said.select(
        "sentence",
        row=pl.min_horizontal("own_first", "deed_first"),
        n_last=pl.max_horizontal("own_last", "people_last", "deed_first"),
        stance=pl.lit("claimed"),
        actor="actor",
    )


def _speakers(hits: pl.DataFrame, speech: pl.DataFrame, tokens: pl.DataFrame) -> pl.DataFrame:
    """Own deeds in a sentence whose nearest speaker is an actor: `hits` with `actor`."""
    speakers = speech.filter(pl.col("speaker").is_not_null() | pl.col("actor").is_not_null())
    near = (
        hits.join(speakers.select("sentence", "say", "np_first", "np_last", speaks="actor"), on="sentence")
        .with_columns(distance=(pl.col("say") - pl.col("own_first")).abs())
        .filter(~pl.col("deed_first").is_between("np_first", "np_last"))
        .sort("hit", "distance")
        .unique("hit", keep="first", maintain_order=True)
        .filter(pl.col("speaks").is_not_null())
    )
    # "X said Y withdrew after its fighters attacked": whose fighters, nobody knows.
    others = pick(tokens, pl.col("who").is_not_null(), "sentence", "who").rename({"row": "other"})
    between = (
        near.join(others, on="sentence")
        .filter(
            (pl.col("who") != pl.col("speaks"))
            & ~pl.col("word").is_in(WE)
            & pl.col("other").is_between(pl.min_horizontal("say", "own_first"), pl.col("own_first"))
        )
        .select("hit")
    )
    near = near.join(between.unique(), on="hit", how="anti")
    same = pl.col("itself").is_null() | (pl.col("itself") == pl.col("speaks"))
    return near.filter(same).with_columns(actor="speaks")


def _whole_texts(hits: pl.DataFrame, speech: pl.DataFrame, voices: pl.DataFrame) -> pl.DataFrame:
    """Deeds of "our forces" in a text that an actor speaks itself, where nobody else is quoted: `hits` with `actor`."""
    quoted = speech.filter(pl.col("speaker").is_not_null()).join(voices, on="unit", how="left")
    quoted = quoted.filter(pl.col("actor").ne_missing(pl.col("voice"))).select("sentence").unique()
    ours = hits.filter(pl.col("word").is_in(WE)).join(voices, on="unit").join(quoted, on="sentence", how="anti")
    return ours.with_columns(actor="voice")
