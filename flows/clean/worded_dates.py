"""Days as pages word them for readers, in many languages: "14 mai 2024", "2024年5月14日", "May 14, 2024"."""

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cache

from flows.clean.dates import Stamp, instant_of
from flows.lexicon import lexicon

LONGEST = 160  # characters of a stamp; a longer text tells of days
WORD = re.compile(r"[^\W\d_]+|\d+")
CLOCK = re.compile(r"\d{1,2}:\d{2}(?::\d{2})?")
NUMERIC = re.compile(
    r"(?<!\d)(?:(\d{4})[-/.年년]\s?(\d{1,2})[-/.月월]\s?(\d{1,2})(?!\d)|(\d{1,2})[/.-]\s?(\d{1,2})[/.-]\s?(\d{4}))"
)
SECONDS = re.compile(r"\d{10}(?:\d{3})?")
COMPACT = re.compile(r"((?:19|20)\d{2})([01]\d)([0-3]\d)(?:T?(\d{2})(\d{2})(\d{2})?(Z?))?")
BUDDHIST = range(2400, 2700)  # Thai years run 543 ahead
UNKNOWN = datetime(1970, 1, 1, tzinfo=UTC)  # how a system writes that it knows no instant


def read_stamp(text: str, language: str | None = None) -> Stamp | None:
    """The instant or the day that a stated date is; NULL for what none is, and for epoch 0. A clock without a zone is
    left out: its day is known, its instant is not. `language` ("en-us") tells 3/4/2020 apart: month first in the
    United States, open in English elsewhere, day first in any other."""
    text = text.strip()
    stamp = (
        instant_of(text) or _compact(text) or _unix(text) or _mailed(text) or _worded(text, (language or "").lower())
    )
    return None if stamp is None or stamp.at == UNKNOWN else stamp


def _compact(text: str) -> Stamp | None:
    """20240514, 20240514T205743Z, 202405142057."""
    found = COMPACT.fullmatch(text)
    if not found:
        return None
    year, month, day, hour, minute, second, zone = found.groups()
    clock = f"T{hour}:{minute}" + (f":{second}" if second else "") if hour else ""
    return instant_of(f"{year}-{month}-{day}{clock}{zone or ''}")


def _unix(text: str) -> Stamp | None:
    found = SECONDS.fullmatch(text)
    return Stamp(datetime.fromtimestamp(int(text[:10]), UTC), "second") if found else None


def _mailed(text: str) -> Stamp | None:
    """RFC 2822: "Tue, 14 May 2024 20:57:43 GMT"."""
    if not re.fullmatch(r"(?:\w{3},? )?\d{1,2} \w{3} \d{4} [\d:]+ (?:[A-Z]{1,4}|[+-]\d{4})", text):
        return None
    try:
        at = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    return Stamp(at.astimezone(UTC), "second") if at.tzinfo else None


def _worded(text: str, language: str) -> Stamp | None:
    if len(text) > LONGEST:
        return None
    text = CLOCK.sub(" ", text.lower())
    found = NUMERIC.search(text)
    day = _numeric(found, language) if found else _named(text, language)
    return Stamp(day, "day") if day else None


def _numeric(found: re.Match[str], language: str) -> datetime | None:
    year, month, day, first, second, last = (int(part) if part else 0 for part in found.groups())
    if year:
        return _day(year, month, day)
    month_first, day_first = _day(last, first, second), _day(last, second, first)
    if not (month_first and day_first) or month_first == day_first:
        return month_first or day_first
    if language[:2] == "en":
        return month_first if language == "en-us" else None
    return day_first if language else None


def _named(text: str, language: str) -> datetime | None:
    """A day beside a month's name and a year: 14 May 2024, May 14th 2024, 14 de mayo de 2024, 2024. május 14."""
    words = WORD.findall(text)
    for at, word in enumerate(words):
        pair = " ".join(words[at : at + 2])
        month = _month(pair, language[:2]) or _month(word, language[:2])
        if not month:
            continue
        behind = at + 1 + (_month(pair, language[:2]) is not None)
        before = [int(one) for one in words[max(0, at - 3) : at][::-1] if one.isdigit()]
        after = [int(one) for one in words[behind : behind + 3] if one.isdigit()]
        for numbers in ((after[1:2], after[:1]), (after[:1], before[:1]), (before[:1], after[:1])):
            if all(numbers) and numbers[0][0] > 999:
                return _day(numbers[0][0], month, numbers[1][0])
    return None


def _day(year: int, month: int, day: int) -> datetime | None:
    year -= 543 if year in BUDDHIST else 0
    try:
        return datetime(year, month, day, tzinfo=UTC) if 1800 < year < 2200 else None
    except ValueError:
        return None


def _month(name: str, language: str) -> int | None:
    """The number of a month's name; where languages differ, the page's own counts."""
    readings = _months().get(name, {})
    numbers = set(readings.values())
    return readings.get(language) if len(numbers) > 1 else next(iter(numbers), None)


@cache
def _months() -> dict[str, dict[str, int]]:
    known: dict[str, dict[str, int]] = {}
    for name, month, languages, *_ in lexicon("months").iter_rows():
        known.setdefault(name, {}).update(dict.fromkeys(languages.split(), month))
    return known
