"""When: what a time expression of the text says, resolved where the article has a date and open where it has none."""

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from flows.lexicon import lexicon

MONTHS = {name.lower(): number for number, name in enumerate(calendar.month_name) if name} | {
    name.lower(): number for number, name in enumerate(calendar.month_abbr) if name
}
MONTHS["sept"] = 9
WEEKDAYS = {name.lower(): number for number, name in enumerate(calendar.day_name)}


@dataclass(frozen=True)
class When:
    """One expression read: `role` is now (the article's own day), recall (another time), period (a stretch that a sum
    runs over) or day (a date that may be either); `key` is a form that two wordings of one time share."""

    role: str
    key: str
    low: date | None = None
    high: date | None = None
    precision: str | None = None
    month: int | None = None


@cache
def _relative() -> dict[str, tuple[str, int, int, str]]:
    rows = lexicon("dates").select("phrase", "unit", "from", "to", "is_recall").iter_rows()
    return {phrase: (unit, first, last, recall) for phrase, unit, first, last, recall in rows}


@cache
def read_when(word: str, published: date | None) -> When | None:
    """A token's lower-case words -> what they say; `published` is the article's day, NULL where it states none.

    "Saturday" is the last one up to that day; a month without a year the last that had begun; without `published` a
    relative expression has a key but no days.
    """
    text = word.strip().rstrip(".")
    if text in _relative():
        return _read_relative(text, published)
    if text in WEEKDAYS:
        if published is None:
            return When("now", text)
        day = published - timedelta((published.weekday() - WEEKDAYS[text]) % 7)
        return When("now", day.isoformat(), day, day, "day")
    parts = re.findall(r"[a-z]+|\d+", text)
    months = [MONTHS[part] for part in parts if part in MONTHS]
    numbers = [int(part) for part in parts if part.isdigit()]
    years = [number for number in numbers if number >= 1000]
    days = [number for number in numbers if 1 <= number <= 31]
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        return _day(years[0], numbers[1], numbers[2])
    if months and days:
        return _month_day(months[0], days[0], years[0] if years else None, published)
    if months:
        return _month(months[0], years[0] if years else None, published)
    if years and len(parts) == 1:
        year = years[0]
        return When("period", str(year), date(year, 1, 1), date(year, 12, 31), "year")
    return None


def _read_relative(text: str, published: date | None) -> When:
    unit, first, last, recall = _relative()[text]
    role = {"yes": "recall", "no": "now", "aggregate": "period"}[recall]
    if published is None:
        return When(role, f"{unit}:{first}")
    if unit == "day":
        low, high = published + timedelta(first), published + timedelta(last)
    elif unit == "week":
        monday = published - timedelta(published.weekday())
        low, high = monday + timedelta(7 * first), monday + timedelta(7 * last + 6)
    elif unit == "month":
        low, _ = _month_span(published, first)
        _, high = _month_span(published, last)
    else:
        low, high = date(published.year + first, 1, 1), date(published.year + last, 12, 31)
    high = min(high, published)
    return When(role, f"{unit}:{low.isoformat()}", low, high, unit, low.month if unit == "month" else None)


def _month_span(day: date, offset: int) -> tuple[date, date]:
    months = day.year * 12 + day.month - 1 + offset
    year, month = divmod(months, 12)
    return date(year, month + 1, 1), date(year, month + 1, calendar.monthrange(year, month + 1)[1])


def _day(year: int, month: int, day: int) -> When | None:
    try:
        at = date(year, month, day)
    except ValueError:
        return None
    return When("day", at.isoformat(), at, at, "day", month)


def _month_day(month: int, day: int, year: int | None, published: date | None) -> When | None:
    if year is not None:
        return _day(year, month, day)
    if published is None:
        return When("day", f"{month:02d}-{day:02d}", month=month)
    for candidate in (published.year, published.year - 1):
        found = _day(candidate, month, day)
        if found and found.low and found.low <= published + timedelta(7):
            return found
    return None


def _month(month: int, year: int | None, published: date | None) -> When:
    if year is None and published is not None:
        year = published.year if month <= published.month else published.year - 1
    if year is None:
        return When("month", f"{month:02d}", month=month)
    last = calendar.monthrange(year, month)[1]
    return When("month", f"{year}-{month:02d}", date(year, month, 1), date(year, month, last), "month", month)
