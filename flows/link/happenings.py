"""Happenings: what the articles of one story tell of one thing. Those of several stories that are one event are joined:
an attack that many stories recall is one event. What stories are about is never joined with one another.

Evidence is counted in points; a day, a place or a name alone is never enough, for two shootings of one day in one city
are two events. Figures may differ and still be of one event: that is what is looked for.
"""

import math
from collections.abc import Iterator
from functools import cache
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from flows.joined import join_numbers
from flows.lexicon import lexicon
from flows.schema import shape

ENOUGH = 5  # points
DISTINCT = 1e-4  # a name that fewer documents hold, by the shares of its words, tells an event
NEAR, FAR = 0.3, 1.0  # degrees: one place, and two that no event has
HAPPENINGS = shape(
    {
        "happening_id": pl.String,
        "story_id": pl.String,
        "is_main": pl.Boolean,
        "is_aggregate": pl.Boolean,
        "kind": pl.String,
        "place": pl.String,
        "lat": pl.Float64,
        "lon": pl.Float64,
        "date_low": pl.Date,
        "date_high": pl.Date,
        "date_precision": pl.String,
        "names": pl.List(pl.String),
        "killed": pl.List(pl.Int64),
        "wounded": pl.List(pl.Int64),
    }
)
# Happenings by numbers in the order of their ids: `left` is less than `right`; points of what speaks for one event.
PAIRS = pl.Schema({"left": pl.Int64, "right": pl.Int64})
SAME = pl.Schema({"left": pl.Int64, "right": pl.Int64, "points": pl.Float64})
Happening = dict[str, Any]


def find_keys(happenings: pl.DataFrame) -> pl.DataFrame:
    """`happening_id`, `key`: two happenings of one event share a key, or are not found."""
    rows = [(one["happening_id"], key) for one in happenings.iter_rows(named=True) for key in sorted(set(_keys(one)))]
    return pl.DataFrame(rows, schema={"happening_id": pl.String, "key": pl.String}, orient="row")


def compare_happenings(pairs: pl.DataFrame, happenings: pl.DataFrame) -> pl.DataFrame:
    """SAME of those PAIRS for which enough speaks, by their HAPPENINGS with `no`."""
    known = {one["no"]: one for one in happenings.iter_rows(named=True)}
    found = [(left, right, _points(known[left], known[right])) for left, right in pairs.iter_rows()]
    return pl.DataFrame(found, schema=SAME, orient="row").filter(pl.col("points") >= ENOUGH)


def join_happenings(is_main: NDArray[np.bool_], same: pl.DataFrame) -> NDArray[np.int64]:
    """Of each happening, by its number, the least of those that are one event with it, by SAME in any order."""
    either = pl.concat([same, same.select(left="right", right="left", points="points")])
    mains = either.filter(~is_main[either["left"].to_numpy()] & is_main[either["right"].to_numpy()])
    # A recalled happening goes to the one story's event that most speaks for; what is left groups by itself.
    best = mains.sort("left", -pl.col("points"), "right").unique("left", keep="first", maintain_order=True)
    is_settled = is_main.copy()
    is_settled[best["left"].to_numpy()] = True
    rest = same.filter(~is_settled[same["left"].to_numpy()] & ~is_settled[same["right"].to_numpy()])
    ties = pl.concat([best, rest])
    return join_numbers(len(is_main), ties["left"].to_numpy(), ties["right"].to_numpy())


def _keys(one: Happening) -> Iterator[str]:
    """A name that tells an event; any other name, and the place, with their day."""
    if one["is_aggregate"]:
        return
    day = f"{one['date_low']:%Y-%m-%d}" if one["date_precision"] == "day" else None
    for name in one["names"]:
        if is_distinct(name):
            yield name.lower()
        elif day:
            yield f"{day} {name.lower()}"
    if day and one["place"]:
        yield f"{day} {one['place'].lower()}"


def _points(left: Happening, right: Happening) -> float:
    """How much speaks for one event; 0 where something rules it out."""
    if left["story_id"] == right["story_id"] or (left["is_main"] and right["is_main"]):
        return 0.0
    apart = _apart(left, right)
    if (apart or 0.0) > FAR or not _meet(left, right):
        return 0.0
    names = {name.lower() for name in left["names"] if is_distinct(name)}
    shared = names & {name.lower() for name in right["names"] if is_distinct(name)}
    is_one_place = (left["place"] or "").lower() == (right["place"] or " ").lower() or (apart or FAR) < NEAR
    found = 2.0 * min(2, len(shared)) + float(is_one_place)
    if left["kind"] and right["kind"]:
        found += 1.0 if left["kind"] == right["kind"] else -1.0
    for kind in ("killed", "wounded"):
        equal = set(left[kind]) & set(right[kind])
        found += 1.0 * bool(equal) + 1.0 * any(value >= 3 for value in equal)
    fine = {left["date_precision"], right["date_precision"]}
    return found + (2.0 if fine == {"day"} else 1.0 if None not in fine and "year" not in fine else 0.0)


def _apart(left: Happening, right: Happening) -> float | None:
    """Degrees of latitude, or of longitude as wide as they are there; NULL where a point is not known."""
    if left["lat"] is None or right["lat"] is None:
        return None
    width = math.cos(math.radians((left["lat"] + right["lat"]) / 2))
    return float(max(abs(left["lat"] - right["lat"]), abs(left["lon"] - right["lon"]) * width))


def _meet(left: Happening, right: Happening) -> bool:
    """Whether the days that are known meet; an unknown day may be any."""
    if not left["date_low"] or not right["date_low"]:
        return True
    return bool(left["date_low"] <= right["date_high"] and right["date_low"] <= left["date_high"])


@cache
def is_distinct(name: str) -> bool:
    """Whether a name is rare enough to tell an event: by its words' shares of documents, and no actor's."""
    shares = _shares()
    words = [word for word in name.lower().replace("’", "'").split() if len(word) > 2]
    if not words or name.isupper() or name.lower() in _known_names():
        return False  # in text of capitals a name is whatever stands together
    if len(words) == 1:
        return words[0].removesuffix("'s") not in shares and len(words[0]) > 3
    return math.prod(shares.get(word.removesuffix("'s"), 5e-4) for word in words) < DISTINCT


@cache
def _shares() -> dict[str, float]:
    return dict(lexicon("term_shares").select("word", "share").iter_rows())


@cache
def _known_names() -> frozenset[str]:
    actors = lexicon("actors")
    return frozenset(name.lower() for column in ("actor", "alias") for name in actors[column].drop_nulls())
