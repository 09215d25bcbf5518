"""Stamps: instants as sites and bulk lines write them, with the precision that the source gave."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan",
            "february feb",
            "march mar",
            "april apr",
            "may",
            "june jun",
            "july jul",
            "august aug",
            "september sept sep",
            "october oct",
            "november nov",
            "december dec",
        ),
        1,
    )
    for name in names.split()
}
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

_ISO = re.compile(
    r"(\d{4})(?:-(\d{2})(?:-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?\s*(Z|[+-]\d{2}:?\d{2})?)?)?)?"
)
_MONTH = "(" + "|".join(sorted(MONTHS, key=len, reverse=True)) + r")\.?"
_DAY_FORMS = (
    ("iso", re.compile(r"(?P<year>\d{4})[-/.](?P<month>\d{2})[-/.](?P<day>\d{2})")),
    ("slashed", re.compile(r"\b(?P<first>\d{1,2})[/.-](?P<second>\d{1,2})[/.-](?P<year>\d{4}|\d{2})\b")),
    (
        "month first",
        re.compile(rf"(?P<name>{_MONTH})\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<year>\d{{4}})", re.I),
    ),
    (
        "day first",
        re.compile(rf"(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?(?P<name>{_MONTH}),?\s+(?P<year>\d{{4}})", re.I),
    ),
)
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2}))?\s*(a\.?m\.?|p\.?m\.?)?(?:\s*([+-]\d{2}):?(\d{2})\b)?", re.I)
_STAMP_WORDS = re.compile(
    r"\b(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?|published|posted|updated|on|at|date|"
    r"last|am|pm|a\.m\.|p\.m\.|est|edt|pst|pdt|cst|cdt|gmt|utc|bst|et|pt|by)\b",
    re.I,
)


@dataclass(frozen=True)
class Stamp:
    """An instant in UTC and how much of it the source gave: second | minute | day | month | year."""

    at: datetime
    precision: str


def instant_of(text: str | None) -> Stamp | None:
    """An ISO 8601 stamp; without an offset it is UTC. NULL for anything else, and for a year before 1800 or from 2200:
    "0001-01-01" and "9999-12-31" are how systems write that they know none."""
    text = text.strip() if text else ""
    found = _ISO.match(text)
    if not found or not 1800 <= int(found.group(1)) < 2200:
        return None
    year, month, day, hour, minute, second, offset = found.groups()
    if not day and found.end() < len(text):  # "2024/05/14", "20240514": more than a year, and no ISO
        return None
    try:
        if hour:
            clock = f"{year}-{month}-{day}T{hour}:{minute}:{second or '00'}{(offset or 'Z').replace('Z', '+00:00')}"
            return Stamp(datetime.fromisoformat(clock).astimezone(UTC), "second" if second else "minute")
        at = datetime(int(year), int(month or 1), int(day or 1), tzinfo=UTC)
    except (ValueError, OverflowError):
        return None
    return Stamp(at, "day" if day else "month" if month else "year")


def reads_as_stamp(line: str) -> bool:
    """Whether a whole line is a stamp, even one that leaves open which number is the month."""
    found = _day_in(line)
    return found is not None and not re.search(r"\w", _STAMP_WORDS.sub(" ", _CLOCK.sub(" ", found[1], count=1)))


def line_stamp(line: str) -> Stamp | None:
    """The stamp that a whole line is ("Sat, 11/21/2020 – 14:05"); NULL where the line says anything else.

    3/4/2020 is read only where a weekday tells which number is the month: unknown stays NULL.
    """
    found = _day_in(line) if reads_as_stamp(line) else None
    if found is None or len(found[0]) != 1:
        return None
    (day,), rest = found
    clock = _CLOCK.search(rest)
    if not clock:
        return Stamp(day, "day")
    hour, minute, second, half, zone_hours, zone_minutes = clock.groups()
    hours = int(hour) % 12 + (12 if half[0] in "pP" else 0) if half else int(hour)
    try:
        at = day.replace(hour=hours, minute=int(minute), second=int(second or 0))
    except ValueError:
        return Stamp(day, "day")
    if zone_hours:
        offset = timedelta(hours=abs(int(zone_hours)), minutes=int(zone_minutes))
        at = at - offset if zone_hours[0] == "+" else at + offset
    return Stamp(at, "second" if second else "minute")


def _day_in(line: str) -> tuple[list[datetime], str] | None:
    """The days that the line's date may be (two for 3/4/2020), and what the line says beside it."""
    for form, pattern in _DAY_FORMS:
        found = pattern.search(line)
        if not found:
            continue
        parts = found.groupdict()
        year = int(parts["year"]) + (2000 if len(parts["year"]) == 2 else 0)
        if form == "slashed":
            months = _month_and_day(line, int(parts["first"]), int(parts["second"]), year)
        elif form == "iso":
            months = [(int(parts["month"]), int(parts["day"]))]
        else:
            months = [(MONTHS[parts["name"].lower().rstrip(".")], int(parts["day"]))]
        days = [day for reading in months if (day := _date(year, *reading))]
        if days:
            return days, line[: found.start()] + " " + line[found.end() :]
    return None


def _month_and_day(line: str, first: int, second: int, year: int) -> list[tuple[int, int]]:
    """The readings of a slashed date that the line leaves open."""
    readings = list(dict.fromkeys([(first, second), (second, first)]))
    possible = [reading for reading in readings if _date(year, *reading)]
    named = re.search(r"\b(mon|tue|wed|thu|fri|sat|sun)", line, re.I)
    if len(possible) > 1 and named:
        weekday = WEEKDAYS.index(named.group(1).lower())
        possible = [reading for reading in possible if datetime(year, *reading).weekday() == weekday]
    return possible


def _date(year: int, month: int, day: int) -> datetime | None:
    try:
        return datetime(year, month, day, tzinfo=UTC)
    except ValueError:
        return None
