"""How likely two articles are of one story: what their marks share and what they deny each other, weighed.

The weights are a logistic regression's (benchmarks/learn_likeness.py reads half a of the evaluation sets), frozen in
seeds/lexicon/likeness.csv: how likely is a function of the two articles alone.
"""

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import polars as pl
from numpy.typing import NDArray

from flows.lexicon import lexicon
from flows.link.marks import KINDS, MARKS

PAIR = ["left", "right"]
FEW = 3.0  # of what is shared, more than this many say no more
LONG = 4800  # hours: two printings further apart than 200 days
WEIGHED = ("word", "lede", "proper", "killed", "wounded")
AT_ONCE = 25_000  # pairs: some kilobytes each while they are compared
ALIKE = 0.07  # cosine of words below which two articles are strangers, whatever else they share
# Articles by their numbers.
PAIRS = pl.Schema({"left": pl.Int32, "right": pl.Int32})
LIKENESS = pl.Schema({"left": pl.Int32, "right": pl.Int32, "likeness": pl.Float64})


def weigh_pairs(pairs: pl.DataFrame, profiles: pl.DataFrame, marks: pl.DataFrame) -> pl.DataFrame:
    """LIKENESS of PAIRS that are ALIKE, 0..1."""
    weights = lexicon("likeness")
    bias = weights.filter(feature="bias")["weight"].item()
    terms = [pl.col(name) * weight for name, weight in weights.filter(pl.col("feature") != "bias").iter_rows()]
    likeness = 1.0 / (1.0 + (-(bias + pl.sum_horizontal(terms))).exp())
    found = [LIKENESS.to_frame()]
    for some in pairs.sort(PAIR).iter_slices(AT_ONCE):
        nos = pl.concat([some["left"], some["right"]]).unique().to_frame("no").cast(marks.schema["no"])
        theirs = marks.join(nos, on="no", how="semi", maintain_order="left")
        found.append(compare(some, profiles, theirs).select(*PAIR, likeness=likeness).cast(LIKENESS))
    return pl.concat(found)


def compare(pairs: pl.DataFrame, profiles: pl.DataFrame, marks: pl.DataFrame) -> pl.DataFrame:
    """PAIRS that are ALIKE, in order, with a column of Float64 a feature. `profiles`, `marks`: PROFILES and MARKS of
    their articles, with `no` in the place of `article_id` and of a kind its place among KINDS."""
    held = marks.with_columns(pl.col("kind").cat.to(MARKS["kind"]), pl.col("weight", "rarity").cast(pl.Float64))
    pairs = pairs.sort(PAIR)
    own = profiles.join(_tell(held), on="no", how="left")
    both = pairs.hstack(_share(pairs, held))
    for side in PAIR:
        theirs = own.rename({name: f"{name}_{side}" for name in own.columns})
        both = both.join(theirs, left_on=side, right_on=f"no_{side}")
    counted = pl.selectors.matches("^(n|dot|rarity)_") - pl.selectors.starts_with("n_words")
    return (
        both.with_columns(counted.fill_null(0.0))
        .select(*PAIR, **_features())
        .filter(pl.col("words") >= ALIKE)
        .sort(PAIR)
    )


def _share(pairs: pl.DataFrame, held: pl.DataFrame) -> pl.DataFrame:
    """A row a pair, in the order of `left`: how many marks of each kind both have (`n_`), for WEIGHED kinds the sum of
    the products of their weights (`dot_`), and of their words the `rarity_`.

    The marks of a left article stand in a table by mark, where those of all its partners look them up: joins of two
    columns take five times as long. Marks that one article alone has are left out first.
    """
    held = held.filter(pl.len().over("mark") > 1).sort("no", "mark")
    marks = held["mark"].rank("dense").to_numpy().astype(np.int64)
    kinds = held["kind"].to_physical().to_numpy().astype(np.int64)
    weights, rarity = held["weight"].to_numpy(), held["rarity"].fill_null(0.0).to_numpy()
    lefts, rights = (pairs[side].to_numpy() for side in PAIR)
    nos = held["no"].to_numpy()
    first_of, last_of = np.searchsorted(nos, rights), np.searchsorted(nos, rights, "right")
    own_first, own_last = np.searchsorted(nos, lefts), np.searchsorted(nos, lefts, "right")
    place_of = np.full(marks.max(initial=0) + 1, -1)
    n, dots = np.zeros(len(lefts) * len(KINDS)), np.zeros(len(lefts) * len(KINDS))
    rare = np.zeros(len(lefts))
    for one, last in _runs(lefts):
        own = slice(own_first[one], own_last[one])
        place_of[marks[own]] = np.arange(own.start, own.stop)
        lengths = last_of[one:last] - first_of[one:last]
        pair = np.repeat(np.arange(one, last), lengths)
        theirs = np.arange(len(pair)) + np.repeat(first_of[one:last] - np.cumsum(lengths) + lengths, lengths)
        ours = place_of[marks[theirs]]
        is_met = ours >= 0
        pair, theirs, ours = pair[is_met], theirs[is_met], ours[is_met]
        cell = (pair - one) * len(KINDS) + kinds[theirs]
        here = slice(one * len(KINDS), last * len(KINDS))
        n[here] = np.bincount(cell, minlength=here.stop - here.start)
        dots[here] = np.bincount(cell, weights[ours] * weights[theirs], minlength=here.stop - here.start)
        is_word = kinds[theirs] == KINDS.index("word")
        rare[one:last] = np.bincount(pair[is_word] - one, rarity[theirs[is_word]], minlength=last - one)
        place_of[marks[own]] = -1
    columns = {f"n_{kind}": n[at :: len(KINDS)] for at, kind in enumerate(KINDS)}
    columns |= {f"dot_{kind}": dots[KINDS.index(kind) :: len(KINDS)] for kind in WEIGHED}
    return pl.DataFrame(columns | {"rarity_word": rare})


def _runs(numbers: NDArray[np.int32]) -> Iterator[tuple[int, int]]:
    """Where each run of equal numbers begins and ends."""
    bounds = [*np.flatnonzero(np.diff(numbers, prepend=-1)).tolist(), len(numbers)]
    return pairwise(bounds)


def _tell(held: pl.DataFrame) -> pl.DataFrame:
    """`no`, how many marks of each kind an article has (`n_`); its words' `rarity_`."""
    told = held.group_by("no", "kind").agg(n=pl.len().cast(pl.Float64), rarity=pl.col("rarity").sum())

    def of(column: str, kind: str) -> pl.Expr:
        return pl.col(column).filter(kind=kind).sum().alias(f"{column}_{kind}")

    return told.group_by("no").agg(*(of("n", kind) for kind in KINDS), of("rarity", "word"))


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
