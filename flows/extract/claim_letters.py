"""The letters in which claims are read: the layer `claim`, one letter a token, of the sentences that may hold one.

X an armed group's name, B an army's or a force's, M their people ("guerrillas", "members"), O another proper word, G a
body, D l s g f a deed (`tagset`), E an incident, e an act without a name, W arms, K a word of harm, p other people, a
digit for each kind of cue (CUES), and what stands between them: the tags of seeds/lexicon/claim_words.csv (WORDS), and
grammar.
"""

from functools import cache

import polars as pl

from flows.extract.match import is_any, of_sentences, pick
from flows.lexicon import lexicon

CUES = {
    "claimed before": "1", "claimed after": "2", "denied before": "3", "blamed before": "4", "blamed after": "5",
    "suspected before": "6", "suspected after": "7",
}  # fmt: skip
WORDS = {
    "passive": "v", "auxiliary": "b", "modal": "m", "negation": "x", "hedge": "z", "alleged": "L", "by": "y",
    "that": "h", "adverb": "d", "hold": "H", "responsibility": "R", "claim": "c", "deny": "n", "habit": "j",
    "attempt": "a", "admit": "S", "arms": "W", "voice": "V",
    "naming": "k", "act": "e",
}  # fmt: skip
GRAMMAR = {"a": "t", "t": "t", "u": "u", "r": "r", "d": "d", "P": "P", "C": "C", "F": "F", "&": "&", "x": "x"}
ATTACKS = ["attack", "bombing", "shooting", "killing", "stabbing", "abduction"]
HARM = ["killed", "wounded", "casualties"]


@cache
def words_tagged(*tags: str) -> pl.Series:
    """The words of seeds/lexicon/claim_words.csv that have one of these tags."""
    return lexicon("claim_words").filter(pl.col("tag").is_in(tags))["word"]


def read_claim_layer(tokens: pl.DataFrame, voices: pl.DataFrame) -> pl.DataFrame:
    """Sentences that may tell who did it: `sentence`, `unit`, `first`, `n_tokens`, `claim` (a letter a token).

    `tokens` is what `name_actors` returned, `voices` what `find_voices` did. A sentence counts that names an actor, has
    a cue, a deed by a person, or one in a text that an actor speaks itself.
    """
    of_persons = words_tagged("suspect", "culprit", "charged", "arrested").implode()
    deeds = pick(tokens, (pl.col("deed") == "D") | pl.col("word").is_in(of_persons), "sentence")["sentence"]
    proper = pick(tokens, pl.col("count") == "O", "sentence")["sentence"]
    admits = pl.col("word").is_in(words_tagged("admit", "deny").implode())
    own_deed = pl.col("deed").is_not_null() & pl.col("unit").is_in(voices["unit"].implode())
    named = pl.col("who").is_not_null() | pl.col("stance").is_not_null()
    told = pick(tokens, named | admits | own_deed, "sentence")["sentence"]
    asked = ["sentence", "unit", "row", "who", "is_force", "stance", "claim_side", "word", "count", "speech", "deed"]
    asked += ["incident", "harm_kind"]
    told = pl.concat([told, deeds.filter(deeds.is_in(proper.unique().implode()))])
    tokens = tokens.select(asked).filter(of_sentences(tokens, told))
    return (
        tokens.with_columns(claim=_letter())
        .group_by("sentence", maintain_order=True)
        .agg(
            pl.col("unit").first(),
            pl.col("row").first().alias("first"),
            pl.len().alias("n_tokens"),
            pl.col("claim").str.join(""),
        )
    )


@cache
def _letter() -> pl.Expr:
    words = lexicon("claim_words").filter(pl.col("tag").is_in(list(WORDS)) & (pl.col("tag") != "arms"))
    letter = dict(zip(words["word"], words["tag"].replace_strict(WORDS), strict=True))
    members = lexicon("members").filter(~pl.col("tag").is_in(["name", "arm"]))["noun"].unique()
    word, count, speech = pl.col("word"), pl.col("count"), pl.col("speech")
    cue = pl.concat_str("stance", "claim_side", separator=" ").replace_strict(CUES, default=None)
    return pl.coalesce(
        pl.when(pl.col("who").is_not_null()).then(pl.when("is_force").then(pl.lit("B")).otherwise(pl.lit("X"))),
        cue,
        word.replace_strict(letter, default=None),
        pl.when(word.str.ends_with("n't")).then(pl.lit("x")),
        pl.when(is_any(count, "TY")).then(pl.lit("d")),
        pl.when(is_any(count, "N,;q'_")).then(count),
        pl.when(word.str.contains("[a-z]{3}ly$")).then(pl.lit("d")),
        pl.when(is_any(pl.col("deed"), "Dls")).then("deed"),
        pl.when(is_any(pl.col("incident"), ATTACKS)).then(pl.lit("E")),
        "deed",
        pl.when(count == "O").then(pl.lit("O")),
        pl.when(word.is_in(members.implode())).then(pl.lit("M")),
        pl.when(is_any(count, "im") | word.is_in(words_tagged("arms").implode())).then(pl.lit("W")),
        pl.when(is_any(pl.col("harm_kind"), HARM) & (count != "g")).then(pl.lit("K")),
        pl.when(speech == "B").then(pl.lit("G")),
        pl.when(is_any(speech, "SGE")).then(pl.lit("S")),
        pl.when(speech == "A").then(pl.lit("A")),
        count.replace_strict(GRAMMAR, default=None),
        speech.replace_strict(GRAMMAR, default=None),
        pl.when(is_any(count, "psklyc")).then(pl.lit("p")),
        pl.lit("w"),
    )
