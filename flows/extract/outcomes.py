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
