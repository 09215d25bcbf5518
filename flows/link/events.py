"""Events across articles: what a story is about is one; what its articles recall are others, matched by time, names and
words. Sums over a period are never merged with incidents."""

import calendar
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from itertools import groupby
from operator import itemgetter
from typing import Any

import polars as pl

from flows.link.clusters import components
from flows.link.happenings import HAPPENINGS
from flows.schema import INSTANT, LOCAL_EVENTS, shape, stable_id

ALIKE = 0.3  # share of the shorter telling's words that two tellings of one event have in common

EVENTS = shape(
    {
        "event_id": pl.String,
        "kind": pl.String,
        "label": pl.String,
        "place": pl.String,
        "country": pl.String,
        "lat": pl.Float64,
        "lon": pl.Float64,
        "where_precision": pl.String,
        "date_low": pl.Date,
        "date_high": pl.Date,
        "date_precision": pl.String,
        "is_aggregate": pl.Boolean,
    }
)
MENTIONED = shape(
    {
        "article_id": pl.String,
        "event_no": pl.Int32,
        "event_id": pl.String,
        "is_main": pl.Boolean,
        "story_id": pl.String,
        "happening_id": pl.String,
    }
)
# A row an event as one article tells it, with the happening of its story that it is, by which its words have served.
# `published_at`: the article's; NULL is later than any.
TELLINGS = shape({name: kind for name, kind in LOCAL_EVENTS.items() if name not in ("raw_sha256", "words")})
TELLINGS.update({"story_id": pl.String(), "happening_id": pl.String(), "published_at": INSTANT})
WHERE = ("country", "lat", "lon", "where_precision")
FINENESS = {"day": 0, "week": 1, "month": 2, "year": 3, None: 4}

Telling = dict[str, Any]


def tell_happenings(
    local: pl.DataFrame, counts: pl.DataFrame, membership: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """LOCAL_EVENTS, their counts and (`story_id`, `article_id`, `published_at`, `rank` by it) -> (TELLINGS,
    HAPPENINGS)."""
    whole = (pl.col("scope") == "total") & pl.col("value").is_not_null()
    figures = (
        counts.filter(whole)
        .group_by("article_id", "event_no")
        .agg(pl.col("value").filter(kind=kind).unique().sort().alias(kind) for kind in ("killed", "wounded"))
    )
    joined = local.join(membership, on="article_id", how="inner").join(
        figures, on=["article_id", "event_no"], how="left"
    )
    joined = joined.sort("story_id", "rank", "event_no")
    tellings: list[Telling] = []
    happenings: list[Telling] = []
    for _, rows in _runs(joined, "story_id"):
        for group in _groups(rows):
            happening = _sum_up(group)
            happenings.append(happening)
            tellings += [telling | {"happening_id": happening["happening_id"]} for telling in group]
    return pl.DataFrame(tellings, schema=TELLINGS), pl.DataFrame(happenings, schema=HAPPENINGS)


def describe_events(tellings: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """TELLINGS with the number of the `event` that each is of, in the order of that and, in an event, of publication
    -> (EVENTS, MENTIONED), all tellings of an event given together."""
    event_of = {number: _describe(group) for number, group in _runs(tellings, "event")}
    event_ids = {number: event["event_id"] for number, event in event_of.items()}
    mentioned = tellings.with_columns(
        event_id=pl.col("event").replace_strict(event_ids, default=None, return_dtype=pl.String)
    )
    events, mentioned = pl.DataFrame(list(event_of.values()), schema=EVENTS), mentioned.select(MENTIONED.names())
    return events.sort("event_id"), mentioned.cast(MENTIONED).sort("article_id", "event_no")


def _runs(rows: pl.DataFrame, column: str) -> Iterator[tuple[Any, list[Telling]]]:
    """Each run of rows of one value, with it: a frame for each takes some kilobytes."""
    for value, run in groupby(rows.iter_rows(named=True), key=itemgetter(column)):
        yield value, list(run)


def _sum_up(group: list[Telling]) -> Telling:
    """A happening of its tellings."""
    event = _describe(group)
    names = Counter(name for telling in group for name in telling["names"] or ())
    return {
        "happening_id": event["event_id"],
        "story_id": group[0]["story_id"],
        "is_main": group[0]["is_main"],
        "names": sorted(names),
        **{kind: sorted({value for t in group for value in t[kind] or ()}) for kind in ("killed", "wounded")},
        **{name: event[name] for name in HAPPENINGS.names() if name in event},
    }


def _groups(tellings: list[Telling]) -> list[list[Telling]]:
    """The tellings of one story that tell of one event each."""
    main = [telling for telling in tellings if telling["is_main"]]
    recalled = [telling for telling in tellings if not telling["is_main"]]
    common = Counter(name for telling in main for name in telling["names"])
    own_names = {name for name, times in common.items() if times > 1}
    keys = {f"{number:06d}": telling for number, telling in enumerate(recalled)}
    pairs = [
        (left, right) for left in keys for right in keys if left < right and _same(keys[left], keys[right], own_names)
    ]
    return ([main] if main else []) + [[keys[key] for key in group] for group in components(keys, pairs)]


def _same(left: Telling, right: Telling, own_names: set[str]) -> bool:
    if left["is_aggregate"] != right["is_aggregate"] or left["article_id"] == right["article_id"]:
        return False
    if not _may_be_one_time(left, right):
        return False
    if left["is_aggregate"]:
        return left["time_key"] == right["time_key"] and _alike(left, right) >= ALIKE
    shared = (set(left["names"]) & set(right["names"])) - own_names
    return bool(shared) or _alike(left, right) >= ALIKE


def _alike(left: Telling, right: Telling) -> float:
    first, second = set(left["words"]), set(right["words"])
    shorter = min(len(first), len(second))
    return len(first & second) / shorter if shorter >= 3 else 0.0


def _may_be_one_time(left: Telling, right: Telling) -> bool:
    """Days that are known must meet; an open "earlier this month" may be any; two open months must agree."""
    if left["date_low"] and right["date_low"]:
        return bool(left["date_low"] <= right["date_high"] and right["date_low"] <= left["date_high"])
    months = _month(left), _month(right)
    return None in months or months[0] == months[1]


def _month(telling: Telling) -> int | None:
    if telling["date_low"]:
        same = telling["date_low"].month == telling["date_high"].month
        return telling["date_low"].month if same else None
    found = re.match(r"(?:sum:)?(\d{2})(?:-\d{2})?$", telling["time_key"] or "")
    return int(found.group(1)) if found else None


def _describe(group: list[Telling]) -> Telling:
    """An event of its tellings: most said wins, ties go to the earliest telling; the finest day that is known."""
    first = next((telling for telling in group if telling["is_main"]), group[0])
    event_id = stable_id(
        "evt", first["article_id"], first["event_no"], first["time_key"] if not first["is_main"] else None
    )
    kind = _most([telling["kind"] for telling in group])
    place = _most([telling["place"] for telling in group])
    dated = [telling for telling in group if telling["date_low"]]
    finest = min((FINENESS[telling["date_precision"]] for telling in dated), default=None)
    fine = [telling for telling in dated if FINENESS[telling["date_precision"]] == finest]
    day = Counter((t["date_low"], t["date_high"], t["date_precision"]) for t in fine).most_common(1)
    low, high, precision = day[0][0] if day else (None, None, None)
    low, high, precision = _finer_day(low, high, precision, group)
    names = Counter(name for telling in group for name in telling["names"])
    target = next((name for name, times in names.most_common() if times > 1), None) if not first["is_main"] else None
    what = "sum over a period" if first["is_aggregate"] else kind or "event"
    where = target or place
    parts = [what, where, _when(low, high, precision, group)]
    return {
        "event_id": event_id,
        "kind": kind,
        "label": ", ".join(part for part in parts if part),
        "place": place,
        **_locate(place, group),
        "date_low": low,
        "date_high": high,
        "date_precision": precision,
        "is_aggregate": first["is_aggregate"],
    }


def _locate(place: str | None, group: list[Telling]) -> Telling:
    """Where most tellings put the place that the event has, of those with coordinates if there are any; a country
    alone from any telling, where all that know one know the same."""
    same = [telling for telling in group if telling["place"] == place and telling["country"]]
    known = [tuple(telling[name] for name in WHERE) for telling in same if telling["lat"] is not None]
    countries = {telling["country"] for telling in group if telling["country"]}
    if known:
        return dict(zip(WHERE, Counter(known).most_common(1)[0][0], strict=True))
    country = countries.pop() if len(countries) == 1 else None
    return dict(zip(WHERE, (country, None, None, "country" if country else None), strict=True))


def _finer_day(
    low: date | None, high: date | None, precision: str | None, group: list[Telling]
) -> tuple[date | None, date | None, str | None]:
    """ "Nov. 2" of one telling inside "early this month" of another is that day."""
    if low and high and precision != "day":
        for telling in group:
            found = re.match(r"(\d{2})-(\d{2})$", telling["time_key"] or "")
            for year in {low.year, high.year} if found else ():
                day = date(year, int(found.group(1)), int(found.group(2))) if found else None
                if day and low <= day <= high:
                    return day, day, "day"
    return low, high, precision


def _most(values: list[str | None]) -> str | None:
    found = Counter(value for value in values if value).most_common(1)
    return found[0][0] if found else None


def _when(low: date | None, high: date | None, precision: str | None, group: list[Telling]) -> str | None:
    """The event's time in words: a day, a span, or what the wording leaves open."""
    if low and high:
        return low.isoformat() if low == high else f"{low.isoformat()} to {high.isoformat()}"
    key = next((telling["time_key"] for telling in group if telling["time_key"]), None)
    found = re.match(r"(?:sum:)?(\d{2})(?:-(\d{2}))?$", key or "")
    if found:
        day = f"{int(found.group(2))} " if found.group(2) else ""
        return f"{day}{calendar.month_name[int(found.group(1))]}, year not stated"
    return "date not stated"
