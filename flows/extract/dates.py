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


Relative = tuple[str, int, int, str]
UNITS = ("day", "week", "month", "year")
SMALL = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]


@cache
def relative_phrases() -> dict[str, Relative]:
    """Phrase -> (unit, from, to, recall): the rows of seeds/lexicon/dates.csv, "last" and "next" with a weekday, "last"
    with a month, "three days ago" up to a hundred."""
    rows = {
        phrase: (unit, first, last, recall)
        for phrase, unit, first, last, recall in lexicon("dates")
        .select("phrase", "unit", "from", "to", "is_recall")
        .iter_rows()
    }
    made: dict[str, Relative] = {}
    for name in WEEKDAYS:
        made[f"last {name}"] = (name, -1, -1, "no")
        made[f"next {name}"] = (name, 1, 1, "no")
    for name in calendar.month_name[1:]:
        made[f"last {name.lower()}"] = (name.lower(), -1, -1, "yes")
    for unit in UNITS:
        for number in range(1, 101):
            words = [str(number), *SMALL[number - 1 : number], *(["a", "an"] if number == 1 else [])]
            for word in words:
                recall = "no" if unit == "day" and number < 7 else "yes"  # as a weekday's name would be
                made[f"{word} {unit}{'s' if number > 1 else ''} ago"] = (unit, -number, -number, recall)
    return made | rows


@cache
def read_when(word: str, published: date | None) -> When | None:
    """A token's lower-case words -> what they say; `published` is the article's day, NULL where it states none.

    "Saturday" is the last one up to that day, "last Saturday" the last before it; a month without a year the last that
    had begun, "the 14th" the last 14th; without `published` a relative expression has a key but no days. "3/4/2020" is
    read as whichever of day and month comes first only where one reading is a date that the article may tell of.
    """
    text = word.strip().rstrip(".")
    if text in relative_phrases():
        return _read_relative(text, published)
    if text in WEEKDAYS:
        if published is None:
            return When("now", text)
        day = published - timedelta((published.weekday() - WEEKDAYS[text]) % 7)
        return When("now", day.isoformat(), day, day, "day")
    parts = re.findall(r"[a-z]+|\d+", text)
    numbers = [int(part) for part in parts if part.isdigit()]
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        return _day(numbers[0], numbers[1], numbers[2])
    if re.fullmatch(r"\d{1,2}([/.])\d{1,2}\1\d{2}(?:\d{2})?", text):
        return _figures((numbers[0], numbers[1], numbers[2]), text, published)
    if re.fullmatch(r"\d{1,2}(?:st|nd|rd|th)", text):
        return _day_of_month(numbers[0], published)
    months = [MONTHS[part] for part in parts if part in MONTHS]
    years = [number for number in numbers if number >= 1000]
    days = [number for number in numbers if 1 <= number <= 31]
    if months and days:
        return _month_day(months[0], days[0], years[0] if years else None, published)
    if months:
        return _month(months[0], years[0] if years else None, published)
    if years and len(parts) == 1:
        year = years[0]
        return When("period", str(year), date(year, 1, 1), date(year, 12, 31), "year")
    return None


def _read_relative(text: str, published: date | None) -> When:
    unit, first, last, recall = relative_phrases()[text]
    role = {"yes": "recall", "no": "now", "aggregate": "period"}[recall]
    if published is None:
        return When(role, f"{unit}:{first}")
    low, high = _span(unit, first, last, published)
    if low <= published:
        high = min(high, published)
    precision = unit if unit in UNITS else "month" if unit in MONTHS else "week" if unit == "weekend" else "day"
    return When(
        role, f"{precision}:{low.isoformat()}", low, high, precision, low.month if precision == "month" else None
    )


def _span(unit: str, first: int, last: int, published: date) -> tuple[date, date]:
    """The first and last day of what lies `first` to `last` units from the article's day."""
    monday = published - timedelta(published.weekday())
    if unit == "day":
        return published + timedelta(first), published + timedelta(last)
    if unit == "week":
        return monday + timedelta(7 * first), monday + timedelta(7 * last + 6)
    if unit == "weekend":  # Saturday and Sunday of the last weekend that had begun
        saturday = published - timedelta((published.weekday() - WEEKDAYS["saturday"]) % 7)
        return saturday + timedelta(7 * first), saturday + timedelta(7 * last + 1)
    if unit in WEEKDAYS:
        away = (published.weekday() - WEEKDAYS[unit]) % 7 or 7
        day = published - timedelta(away) if first < 0 else published + timedelta(7 - away or 7)
        return day, day
    if unit in MONTHS:
        year = published.year if MONTHS[unit] < published.month else published.year - 1
        return _month_span(date(year, MONTHS[unit], 1), 0)
    if unit == "month":
        return _month_span(published, first)[0], _month_span(published, last)[1]
    return date(published.year + first, 1, 1), date(published.year + last, 12, 31)


def _figures(numbers: tuple[int, int, int], text: str, published: date | None) -> When:
    """14/11/2020 or 11/14/2020: the reading that is a date up to a week after the article, if only one is; with dots
    the day comes first."""
    one, two, year = numbers
    year += (2000 if year < 70 else 1900) if year < 100 else 0
    orders = [(two, one)] if "." in text else [(two, one), (one, two)]
    readings = {when.low: when for month, day in orders if (when := _day(year, month, day)) and when.low}
    told = [when for day, when in readings.items() if published is None or day <= published + timedelta(7)]
    return told[0] if len(told) == 1 else When("day", text)


def _day_of_month(day: int, published: date | None) -> When | None:
    """ "The 14th": the last one up to the article's day."""
    if published is None:
        return When("day", f"day:{day}") if 1 <= day <= 31 else None
    for back in range(3):
        month = _month_span(published, -back)[0]
        found = _day(month.year, month.month, day)
        if found and found.low and found.low <= published:
            return found
    return None


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
