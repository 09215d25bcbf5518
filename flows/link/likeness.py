"""How likely two articles are of one story: what their marks share and what they deny each other, weighed.

The weights are a logistic regression's (benchmarks/learn_likeness.py reads half a of the evaluation sets), frozen in
seeds/lexicon/likeness.csv: how likely is a function of the two articles alone.
"""

from collections.abc import Iterator
from functools import reduce
from operator import add

import polars as pl

from flows.lexicon import lexicon
from flows.link.shared import PAIR, Held

FEW = 3.0  # of what is shared, more than this many say no more
LONG = 4800  # hours: two printings further apart than 200 days
AT_ONCE = 25_000  # pairs: two kilobytes each while they are weighed
ALIKE = 0.07  # cosine of words below which two articles are strangers, whatever else they share
# Articles by their numbers.
PAIRS = pl.Schema({"left": pl.Int32, "right": pl.Int32})
LIKENESS = pl.Schema({"left": pl.Int32, "right": pl.Int32, "likeness": pl.Float64})


def weigh_pairs(pairs: pl.DataFrame, profiles: pl.DataFrame, marks: pl.DataFrame) -> pl.DataFrame:
    """LIKENESS of PAIRS that are ALIKE, 0..1."""
    weights = lexicon("likeness")
    bias = weights.filter(feature="bias")["weight"].item()
    terms = [pl.col(name) * weight for name, weight in weights.filter(pl.col("feature") != "bias").iter_rows()]
    # One after the other: pl.sum_horizontal adds in an order of its own, other last bits in each call.
    likeness = 1.0 / (1.0 + (-reduce(add, terms, pl.lit(bias))).exp())
    found = (features.select(*PAIR, likeness=likeness).cast(LIKENESS) for features in _compare(pairs, profiles, marks))
    return pl.concat([LIKENESS.to_frame(), *found]).sort(PAIR)


def compare(pairs: pl.DataFrame, profiles: pl.DataFrame, marks: pl.DataFrame) -> pl.DataFrame:
    """PAIRS that are ALIKE, in order, with a column of Float64 a feature. `profiles`, `marks`: PROFILES and MARKS of
    their articles, with `no` in the place of `article_id` and of a kind its place among KINDS."""
    none = PAIRS.to_frame().with_columns(pl.lit(None, pl.Float64).alias(name) for name in _features())
    return pl.concat([none, *_compare(pairs, profiles, marks)]).sort(PAIR)


def _compare(pairs: pl.DataFrame, profiles: pl.DataFrame, marks: pl.DataFrame) -> Iterator[pl.DataFrame]:
    held = Held(marks)
    own = profiles.join(held.totals.cast({"no": profiles.schema["no"]}), on="no", how="left")
    counted = pl.selectors.matches("^(n|dot|rarity)_") - pl.selectors.starts_with("n_words")
    for both in held.share(pairs).iter_slices(AT_ONCE):
        for side in PAIR:
            theirs = own.rename({name: f"{name}_{side}" for name in own.columns})
            both = both.join(theirs, left_on=side, right_on=f"no_{side}")
        features = both.with_columns(counted.fill_null(0.0)).select(*PAIR, **_features())
        yield features.filter(pl.col("words") >= ALIKE)


def _features() -> dict[str, pl.Expr]:
    c = pl.col

    def shared(kind: str) -> pl.Expr:
        return c(f"n_{kind}").clip(0.0, FEW)

    def share(kind: str) -> pl.Expr:
        return c(f"n_{kind}") / pl.min_horizontal(c(f"n_{kind}_left"), c(f"n_{kind}_right")).clip(1.0)

    def none(kind: str, least: int = 1) -> pl.Expr:
        both = (c(f"n_{kind}_left") >= least) & (c(f"n_{kind}_right") >= least)
        return (both & (c(f"n_{kind}") == 0)).cast(pl.Float64)

    hours = (c("published_at_left") - c("published_at_right")).dt.total_seconds().abs() / 3600.0
    meets = (c("date_low_left") <= c("date_high_right")) & (c("date_low_right") <= c("date_high_left"))
    gap = pl.min_horizontal(
        (c("date_low_left") - c("date_high_right")).dt.total_days().abs(),
        (c("date_low_right") - c("date_high_left")).dt.total_days().abs(),
    ).cast(pl.Float64)
    exact = (c("date_precision_left") == "day") & (c("date_precision_right") == "day")
    n_words = [c("n_words_left").cast(pl.Float64) + 1.0, c("n_words_right").cast(pl.Float64) + 1.0]
    shorter, longer = pl.min_horizontal(n_words), pl.max_horizontal(n_words)

    def flag(condition: pl.Expr) -> pl.Expr:
        return condition.fill_null(False).cast(pl.Float64)

    return {
        "words": c("dot_word"),
        "rare": c("rarity_word").log1p(),
        "rare_share": c("rarity_word") / pl.min_horizontal("rarity_word_left", "rarity_word_right").clip(1.0),
        "lede": c("dot_lede"),
        "proper": c("dot_proper"),
        "places": c("n_place").clip(0.0, 4.0),
        "no_place": none("place"),
        "people": shared("person"),
        "people_share": share("person"),
        "no_people": none("person", 2),
        "ages": shared("age"),
        "no_age": none("age"),
        "aged": shared("aged"),
        "streets": shared("street"),
        "no_street": none("street"),
        "blocks": shared("block"),
        "no_block": none("block"),
        "days": shared("day"),
        "no_day": none("day"),
        "years": shared("year"),
        "no_year": none("year"),
        "numbers": shared("number"),
        "numbers_share": share("number"),
        "killed": c("dot_killed"),
        "no_killed": none("killed"),
        "wounded": c("dot_wounded"),
        "no_wounded": none("wounded"),
        "day_same": flag(meets),
        "day_exact": flag(meets & exact),
        "day_far": flag(~meets & (gap > 1)),
        "undated": flag(hours.is_null()),
        "apart": (hours / 24.0).log1p().fill_null(0.0),
        "within": flag(hours <= LONG),
        "length": shorter.log(),
        "lengths": (longer / shorter).log(),
    }
