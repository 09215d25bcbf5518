"""Named persons who are under suspicion: suspects, gunmen, the arrested and the charged of crime reports.

Patterns over the letters of `claim_letters`; the words that make them stand in seeds/lexicon/claim_words.csv.
"""

import polars as pl

from flows.extract.claim_letters import words_tagged
from flows.extract.match import at, find_all, phrase

NAME = r"(?P<actor>O{2,4})"
SUSPECTS = {
    "named": rf"(?P<cue>M)(?P<gap>,?v?(?:[wS]?P)?,?d?[wp]?){NAME}",
    "called": r"(?P<actor>O{1,4})(?P<gap>(?:,d)?,t?[zLw]{0,2})(?P<cue>M)",
    "arrested": rf"(?P<cue>w)(?P<gap>d?){NAME}",
    "was_arrested": r"(?P<actor>O{1,4})(?P<aside>(?:,[^,;]{1,16},)?)(?P<gap>[bd]{0,2}vd{0,2}(?:w&)?)(?P<cue>w)",
}
STANCES = {"suspect": "suspected", "arrested": "suspected", "charged": "blamed", "culprit": "reported"}
HARMFUL = r"[DEfgK]"
NO_PERSON = r"[GMw']"  # what may not follow a name: "Springfield police", "Union members"


def find_suspects(tokens: pl.DataFrame, layer: pl.DataFrame, units: pl.DataFrame, names: pl.DataFrame) -> pl.DataFrame:
    """`sentence`, `row`, `n_last`, `stance`, `actor`, `cue_row`, `side`: persons named in full here or in the text
    (`names`), in a sentence that tells of harm."""
    tags = {word: tag for tag in STANCES for word in words_tagged(tag)}
    columns = ["actor", "actor_first", "actor_last", "cue", "cue_first"]
    hits = find_all(layer, "claim", SUSPECTS, columns).join(layer.drop("n_tokens"), on="sentence")
    hits = hits.with_columns(
        tag=at(tokens, "word", hits["cue_first"]).replace_strict(tags, default=None),
        worded=phrase(tokens, units, hits["actor_first"], hits["actor_last"]),
    )
    by_word = pl.col("pattern").is_in(["named", "called"])
    fits = by_word == pl.col("tag").is_in(["suspect", "culprit"])
    behind = pl.col("claim").str.slice(pl.col("actor_last") - pl.col("first") + 1, 1)
    hits = hits.filter(
        pl.col("tag").is_not_null()
        & fits
        & pl.col("claim").str.contains(HARMFUL)
        & ~(behind.str.contains(NO_PERSON) & (pl.col("pattern") != "was_arrested"))
    )
    hits = hits.join(names, left_on=["unit", "worded"], right_on=["unit", "surname"], how="left", maintain_order="left")
    full = pl.coalesce("full", pl.when(pl.col("worded").str.contains(" ")).then("worded"))
    return (
        hits.with_columns(actor=full)
        .filter(pl.col("actor").is_not_null())
        .select(
            "sentence",
            row=pl.min_horizontal("actor_first", "cue_first"),
            n_last=pl.max_horizontal("actor_last", "cue_first"),
            stance=pl.col("tag").replace_strict(STANCES),
            actor="actor",
        )
    )
