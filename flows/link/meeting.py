"""Which articles meet: those whose keys weigh enough together, whatever else the archive holds.

An inverted index, one list of postings a mark (Zobel and Moffat, "Inverted files for text search engines", 2006). The
products of one article with all others are added up in one array: a join that groups ten million pairs of rows, nearly
all of which meet once, takes ten times as long.
"""

import math
from collections.abc import Iterable, Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

from flows.schema import shape

# An article's MOST heaviest words that few documents hold, and its rare names, are its keys. A cut by the
# rarity of words misses five times as many of the pairs that are alike, and adds up four times as much (RESULTS.md).
MOST = 40
NAME_WEIGHT = 0.32  # its square is above links.TOGETHER: one name that two articles share is enough
KNOWN = 1e-5  # a name that as many documents hold, going by its words, says no more than its words do
# Days between the printings of two articles: from SOON on they must share MORE to be weighed, from FAR on they never
# are, so that an article costs the same however old the archive is.
SOON, FAR = 14, 1100
MORE = 1.1  # times
# An article is weighed with so many of those it meets at most, those with which it shares most: among 100,000, where
# one meets 275, 99.8 % of the same-story pairs are among them; and what it costs does not grow with the archive.
PARTNERS = 200
CHOSEN = shape({"article_id": pl.String, "mark": pl.UInt64, "weight": pl.Float32})
# The same with the numbers of articles.
KEYS = shape({"no": pl.Int32, "mark": pl.UInt64, "weight": pl.Float32})
# `together`: the sum of the products of the weights of the marks that both have.
MET = pl.Schema({"one": pl.Int32, "other": pl.Int32, "together": pl.Float64})


def choose_keys(marks: pl.DataFrame) -> pl.DataFrame:
    """CHOSEN of MARKS: the marks by which articles meet, and what they weigh."""
    kind, rarity = pl.col("kind"), pl.col("rarity")
    words = marks.filter((kind == "word") & rarity.is_not_null())
    words = words.sort(["article_id", "weight", "mark"], descending=[False, True, False])
    words = words.group_by("article_id", maintain_order=True).head(MOST)
    rare = (kind == "person") & (rarity > -math.log(KNOWN))
    names = marks.filter(rare | kind.is_in(["aged", "street"])).with_columns(weight=pl.lit(NAME_WEIGHT))
    return pl.concat([frame.select(CHOSEN.names()).cast(CHOSEN) for frame in (words, names)])


def meet(
    asked: pl.DataFrame,
    known: pl.DataFrame,
    together: float,
    days: NDArray[np.float64] | None = None,
    most: int | None = None,
) -> pl.DataFrame:
    """MET: each article of `asked` (KEYS) with the others in `known` (KEYS, those of its marks at least) with which the
    sum of the products of the weights of the marks that both have reaches `together`. Sums are taken in the order of
    the marks, so that they are the same from either side.

    With `days` (by number, when each was printed; NaN: unknown) those are left out that were printed too far apart for
    what they share; of the rest it is the `most` that share most, those printed nearest first (None: all).
    """
    known = known.sort("mark")
    nos, weights = known["no"].to_numpy(), known["weight"].cast(pl.Float64).to_numpy()
    postings = known.group_by("mark", maintain_order=True).agg(n=pl.len())
    postings = postings.with_columns(end=pl.col("n").cum_sum())
    keys = asked.join(postings, on="mark").sort("no", "mark")
    if keys.is_empty():
        return MET.to_frame()
    ends, heavy = keys["end"].to_numpy(), keys["weight"].to_numpy().astype(float)
    starts = ends - keys["n"].to_numpy()
    firsts = np.flatnonzero(np.diff(keys["no"].to_numpy(), prepend=-1))
    stands_at = np.zeros(nos.max(initial=0) + 1, dtype=np.int64)
    found = []
    for first, last in zip(firsts, [*firsts[1:], keys.height], strict=True):
        one = keys["no"][int(first)]
        lists = [slice(start, end) for start, end in zip(starts[first:last], ends[first:last], strict=True)]
        own = [weights[postings] * weight for postings, weight in zip(lists, heavy[first:last], strict=True)]
        others, sums = _add_up(np.concatenate([nos[postings] for postings in lists]), np.concatenate(own), stands_at)
        enough = np.flatnonzero((sums >= together) & (others != one))
        others, sums = others[enough], sums[enough]
        if days is not None:
            near = np.nan_to_num(np.abs(days[others] - days[one]))
            best = _choose(others, sums, near, together, most)
            others, sums = others[best], sums[best]
        found.append((np.full(len(others), one), others, sums))
    columns = {name: np.concatenate(column) for name, column in zip(MET, zip(*found, strict=True), strict=True)}
    return pl.DataFrame(columns).cast(MET)


def best_of(met: Iterable[pl.DataFrame], days: NDArray[np.float64], most: int | None) -> pl.DataFrame:
    """MET with all that are known, of MET with some of them each: what `meet` would choose from all at once, while no
    more is held than twice of that."""
    best, more = MET.to_frame(), list[pl.DataFrame]()
    for some in met:
        if best.is_empty() or most is None:
            best = best.vstack(some)
            continue
        more.append(_within_reach(some, best, most))
        if sum(one.height for one in more) > best.height:
            best, more = _rank([best, *more], days, most), []
    return _rank([best, *more], days, most or 0) if more else best


def _within_reach(met: pl.DataFrame, best: pl.DataFrame, most: int) -> pl.DataFrame:
    """MET that share as much as the last of `best` of an article that has `most` of them."""
    full = best.group_by("one").agg(least=pl.col("together").min(), n=pl.len()).filter(pl.col("n") == most)
    found = met.join(full.drop("n"), on="one", how="left", maintain_order="left")
    return found.filter((pl.col("together") >= pl.col("least")).fill_null(True)).drop("least")


def _rank(met: Sequence[pl.DataFrame], days: NDArray[np.float64], most: int) -> pl.DataFrame:
    """The best `most` MET of each article, as _choose has them."""
    every = pl.concat(met)
    apart = np.nan_to_num(np.abs(days[every["other"].to_numpy()] - days[every["one"].to_numpy()]))
    ranked = every.with_columns(apart=apart).sort("one", -pl.col("together"), "apart", "other")
    return ranked.group_by("one", maintain_order=True).head(most).drop("apart")


def _add_up(
    nos: NDArray[np.int32], products: NDArray[np.float64], stands_at: NDArray[np.int64]
) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
    """Each number once, with the sum of its products in their order. `stands_at`, with a place for each number there
    is, is overwritten: an array of sums by number would be gone through for each article, however few it meets."""
    stands_at[nos] = np.arange(len(nos))
    last = stands_at[nos]
    is_last = last == np.arange(len(nos))
    return nos[is_last], np.bincount(last, products, minlength=len(nos))[is_last]


def _choose(
    others: NDArray[np.int32],
    sums: NDArray[np.float64],
    apart: NDArray[np.float64],
    together: float,
    most: int | None,
) -> NDArray[np.int64]:
    """The places of the best of the others."""
    places: NDArray[np.int64] = np.flatnonzero((apart <= SOON) | ((apart <= FAR) & (sums >= MORE * together)))
    if most is None or len(places) <= most:
        return places
    # Those that share as much as the last of the best are ranked among them.
    places = places[sums[places] >= np.partition(sums[places], -most)[-most]]
    order = np.lexsort((others[places], apart[places], -sums[places]))
    return np.asarray(places[order[:most]])
