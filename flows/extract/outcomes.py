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


def settle_survivors(statements: pl.DataFrame, tokens: pl.DataFrame) -> pl.DataFrame:
    """ "One man was killed and two others were shot": others than the dead, who are wounded. `statements` has `row`,
    `cue`, `kind`, `low`, `is_more`, in the order of the text."""
    statements = statements.with_columns(unit_no=at(tokens, "unit", statements["row"]))
    dead = ((pl.col("kind") == "killed") & (pl.col("low") > 0)).cum_sum().over("unit_no") > 0
    # Who is found "with gunshot wounds" may be dying.
    shot = at(tokens, "count", statements["cue"]) == "v"
    shot = pl.Series((shot | at(tokens, "word", statements["cue"]).str.ends_with("victims")).fill_null(False))
    others = (pl.col("kind") == "casualties") & pl.col("is_more") & (pl.col("low") > 1) & dead & shot
    return statements.with_columns(kind=pl.when(others).then(pl.lit("wounded")).otherwise("kind")).drop("unit_no")
