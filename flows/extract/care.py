"""Who was hit, carried to care or lived, as words of care.csv tell beside the cue, and what only looks like it."""

import polars as pl

from flows.extract.match import at, stands_near
from flows.extract.tagset import care

INJURY = r"injur|wound|burn|fractur|broken|bruis|cut|lacerat|concuss|trauma|shrapnel|stroke|attack|shock|contusion"
OF_LIVING = ["killed", "wounded"]  # what befalls nothing that does not live


def is_no_care(statements: pl.DataFrame, tokens: pl.DataFrame) -> pl.Expr:
    """ "Were taken to the station", "to the detention center": who was taken, and to where, stands in care.csv."""
    words = pl.concat([care("carried"), care("brings")])
    carried = pl.Series(at(tokens, "word", statements["cue_first"]).is_in(words.implode()))
    to = statements["to_last"]
    place, center, none = (
        stands_near(tokens, care(role), to, range(-1, 3)) for role in ("place", "center", "no_place")
    )
    taken = pl.Series(carried.fill_null(False)) & ((pl.col("pattern") != "left_in_care") | _is_left(statements, tokens))
    return pl.col("pattern").str.contains("care") & ~(taken & (place | (center & ~none)))


def _is_left(statements: pl.DataFrame, tokens: pl.DataFrame) -> pl.Expr:
    """ "Left five people", "ended with five people", "left one dead and five others": words of care.csv."""
    first = statements["n_first"]
    last, second, any_of = (
        stands_near(tokens, care("leaves"), first, steps, statements["sentence"])
        for steps in (range(-1, 0), range(-2, -1), range(-9, 0))
    )
    one, two = (at(tokens, "count", first - step) for step in (1, 2))
    joined = one.is_in(["&", ","]) & two.is_in(["v", "j"])
    return pl.lit(last | (second & (one == "P").fill_null(False)) | (joined.fill_null(False) & any_of))


def is_no_hit(statements: pl.DataFrame, tokens: pl.DataFrame) -> pl.Expr:
    """ "Hit three people in the legs", "was struck by a bullet": the part of the body or what hit them stands in
    care.csv; other things are hit too."""
    end = statements.select(pl.max_horizontal("n_last", "np_last", "cue_first", "more_last")).to_series()
    near = pl.lit(stands_near(tokens, care("hit_by"), end, range(1, 7), statements["sentence"]))
    one, two = (at(tokens, "word", statements[cue]).is_in(care("hit").implode()) for cue in ("cue_first", "shot_first"))
    told = near | pl.col("more_kind").is_in(OF_LIVING).fill_null(False)  # "was struck and killed by a train"
    return pl.Series(one.fill_null(False) | two.fill_null(False)) & ~told


def is_no_outcome(statements: pl.DataFrame, tokens: pl.DataFrame) -> pl.Expr:
    """ "Was shot ... and was pronounced dead": shot or in care first, and then dead or hurt, not shot once more."""
    shot = at(tokens, "harm_kind", statements["shot_first"]) == "casualties"
    carried = at(tokens, "word", statements["shot_first"]).is_in(care("carried").implode())
    first = pl.Series(shot.fill_null(False) | carried.fill_null(False))
    hurt = pl.Series((at(tokens, "harm_kind", statements["shot_first"]) == "wounded").fill_null(False))
    lived = pl.Series((at(tokens, "word", statements["cue_first"]) == "survived").fill_null(False))
    settled = ((first | hurt) & (pl.col("cue_kind") == "killed")) | (first & lived)
    relative = (pl.col("pattern") == "single_relative") & ~settled
    return relative | (pl.col("pattern").str.contains("outcome") & ~(first & pl.col("cue_kind").is_in(OF_LIVING)))


def is_no_survivor(statements: pl.DataFrame, tokens: pl.DataFrame) -> pl.Expr:
    """ "One victim survived": who is no victim and was not shot has survived unhurt, for all that is told."""
    lived = pl.Series((at(tokens, "word", statements["cue_first"]) == "survived").fill_null(False))
    victims = [at(tokens, "word", statements[column]).is_in(["victim", "victims"]) for column in ("n_last", "np_last")]
    hurt = pl.Series(victims[0].fill_null(False) | victims[1].fill_null(False))
    return lived & ~(hurt | pl.col("pattern").str.contains("outcome|relative"))


def is_no_injury(statements: pl.DataFrame, tokens: pl.DataFrame) -> pl.Expr:
    """ "The country suffered losses": who suffered is hurt where an injury stands close behind."""
    cue = statements["cue_first"]
    hurt = pl.any_horizontal(
        at(tokens, "word", cue + step).str.contains(INJURY).fill_null(False).alias(str(step)) for step in range(1, 9)
    )
    return pl.Series((at(tokens, "word", cue) == "suffered").fill_null(False)) & ~hurt
