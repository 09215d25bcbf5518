"""What became of those who were hit, as other words than the cue tell it.

"Was shot" leaves it open (casualties, as CONTRACT.md has it) until the wording says that they died or lived.
"""

import polars as pl

from flows.extract.match import at


def settle_deaths(statements: pl.DataFrame, tokens: pl.DataFrame) -> pl.DataFrame:
    """ "Shot a man and two women to death": the objects of such a cue are killed. `statements` has `n_last`, `np_last`,
    `cue_first`, `kind`, `is_subject`."""
    end = statements.select(pl.max_horizontal("n_last", "np_last")).to_series()
    one, two = (at(tokens, "word", end + step) for step in (1, 2))
    dead = ((one == "dead") | ((one == "to") & (two == "death"))).fill_null(False)
    cues = statements.filter(dead & ~statements["is_subject"] & (statements["kind"] == "casualties"))["cue_first"]
    deadly = pl.col("cue_first").is_in(cues.implode()) & (pl.col("kind") == "casualties")
    return statements.with_columns(kind=pl.when(deadly).then(pl.lit("killed")).otherwise("kind"))


def settle_selves(statements: pl.DataFrame, tokens: pl.DataFrame) -> pl.DataFrame:
    """ "Killed three people and then himself": what befell the object before it befell him; behind no harm nothing did.
    `statements` has `sentence`, `pattern`, `n_first`, `kind`, `is_subject`, sorted by `n_first`."""
    words = at(tokens, "word", statements["n_first"])
    himself = (pl.col("pattern") == "single_self") & pl.Series(words.str.contains("^(?:and|then) ")).fill_null(False)
    behind = (pl.col("sentence").shift(1) == pl.col("sentence")) & ~pl.col("is_subject").shift(1)
    harmed = pl.when(behind).then(pl.col("kind").shift(1))
    statements = statements.with_columns(kind=pl.when(himself).then(harmed).otherwise("kind"))
    return statements.filter(pl.col("kind").is_in(["killed", "casualties", "wounded"]) | ~himself)
