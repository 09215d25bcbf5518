"""The dates of feeds: wording -> instant.

Not feedparser's own reader (6.0.14): for an ISO date it fills what is missing with today ("T00:00:00" is this
midnight, "2026-március-05" the first of this month), cuts "20260305T120000Z" to its day, and knows no RFC 822 date
without a zone. An instant that nobody stated is worse than none."""

import re
import unicodedata
from datetime import UTC, datetime, timedelta

LONGEST = 100  # characters
TIME = r"(?:(?P<half>오전|오후)\s)?(?P<hour>\d\d?)[:.]?(?P<minute>\d\d)(?:[:.]?(?P<second>\d\d)(?:[.,]\d+)?)?"
TIME += r"\s?(?P<half_2>[ap]\.?m\b\.?)?\s?"
ZONE = r"(?P<zone>[+-]\d\d?:?(?:\d\d)?(?::00)?|[A-Z]+(?:[+-]\d\d?:?(?:\d\d)?)?)?(?:\s?\(.*\))?"
WEEKDAY, DAY = r"(?:[^\W\d]++\.?(?:,\s?|\s))?", r"(?P<day>\d\d?)"
MONTH, YEAR = r"(?P<month>[^\W\d]{3,12})\.?", r"(?P<year>\d{4})"
FORMS = [
    re.compile(form, re.I)
    for form in (
        # W3CDTF, also with a month's name (Hungarian), or with marks: 2026년 3월 5일 (Korean), 2026年3月5日 (Chinese)
        rf"{YEAR}(?:\s?(?P<mark>[-./年년])\s?(?P<month>\d\d?|[^\W\d]{{3,12}})(?:\s?[-./月월]\s?{DAY}\s?[日일]?)?"
        rf"|(?P<month_2>\d\d)(?P<day_2>\d\d))?(?:[T\s]{TIME}{ZONE})?",
        rf"{WEEKDAY}{DAY}[\s-]{MONTH},?[\s-](?P<year>\d{{4}}|\d\d)(?:,?\s{TIME}{ZONE})?",  # RFC 822 and 850
        rf"{WEEKDAY}{MONTH}\s{DAY},?\s{YEAR}(?:,?\s{TIME}{ZONE})?",  # March 5, 2026
        rf"{WEEKDAY}{MONTH}\s{DAY}\s{TIME}{ZONE}\s{YEAR}",  # asctime
    )
]
NAMES = (  # the first letters of the months without accents: English, Hungarian and German, Greek
    *("jan ιαν", "feb φεβ", "mar μαρ", "apr απρ", "may maj mai μαι", "jun ιουν"),
    *("jul ιουλ", "aug αυγ", "sep sze σεπ", "oct okt οκτ", "nov νοε", "dec dez δεκ"),
)
MONTHS = {name: number for number, names in enumerate(NAMES, 1) for name in names.split()}
ZONES: dict[str, float] = {
    "": 0,
    "z": 0,
    "ut": 0,
    "utc": 0,
    "gmt": 0,
    "wet": 0,
    "bst": 1,
    "west": 1,
    "cet": 1,
    "met": 1,
    "cest": 2,
}
ZONES |= {"mest": 2, "eet": 2, "eest": 3, "msk": 3, "sgt": 8, "hkt": 8, "jst": 9, "kst": 9, "aest": 10, "aedt": 11}
ZONES |= {"nzst": 12, "nzdt": 13, "nst": -3.5, "ndt": -2.5, "adt": -3, "ast": -4, "edt": -4, "est": -5, "et": -5}
ZONES |= {"cdt": -5, "cst": -6, "ct": -6, "mdt": -6, "mst": -7, "mt": -7, "pdt": -7, "pst": -8, "pt": -8}
ZONES |= {"akdt": -8, "akst": -9, "hst": -10}  # IST is the time of three lands, and none here
OFFSET = re.compile(r"(?:gmt|utc)?([+-])(\d{1,2}):?(\d\d)?(?::00)?", re.I)


def instant_of(worded: str | None) -> datetime | None:
    """The instant that a date names, in UTC, to the second: W3CDTF and its like, RFC 822 (two-digit years, names of
    zones, any weekday), asctime, "March 5, 2026". A time without a zone is UTC, in Korean Korea's; a day, a month
    or a year is its first instant. None where the wording names no instant, or a zone that is not known."""
    worded = " ".join((worded or "").split())
    if len(worded) > LONGEST:
        return None
    found = next((found for form in FORMS if (found := form.fullmatch(worded))), None)
    try:
        return _instant(found.groupdict()) if found else None
    except (ValueError, OverflowError):  # the 31st of June, the year 9999 in the west
        return None


def _instant(parts: dict[str, str | None]) -> datetime | None:
    """A date's parts as worded -> the instant; None for a month or zone that is not known, and for the years before
    1900 with which programs say "never". Raises ValueError for what no calendar or clock has; 24:00 ends a day, and a
    leap second is the one before it."""
    year, month = parts["year"] or "", parts["month"] or parts.get("month_2") or "1"
    full_year = int(year) if len(year) == 4 else int(year) + (2000 if int(year) < 50 else 1900)  # RFC 5322
    month_number = int(month) if month.isdigit() else _month(month)
    half = parts["half"] or parts["half_2"]
    ahead = _offset(parts["zone"] or ("kst" if parts["half"] or parts.get("mark") == "년" else ""))
    if month_number is None or ahead is None or full_year < 1900:
        return None
    hour, minute, second = (int(parts[name] or 0) for name in ("hour", "minute", "second"))
    if half:
        hour = hour % 12 + (12 if half == "오후" or half[0] in "pP" else 0)
    if hour * 60 + minute > 24 * 60 or minute > 59 or second > 60:
        raise ValueError(f"no time of day: {hour}:{minute}:{second}")
    midnight = datetime(full_year, month_number, int(parts["day"] or parts.get("day_2") or 1), tzinfo=UTC)
    return midnight + timedelta(hours=hour, minutes=minute, seconds=min(second, 59)) - ahead


def _month(name: str) -> int | None:
    plain = "".join(one for one in unicodedata.normalize("NFD", name.lower()) if not unicodedata.combining(one))
    return MONTHS.get(plain[:3]) or MONTHS.get(plain[:4])


def _offset(zone: str) -> timedelta | None:
    """What a zone is ahead of UTC; None for one that is not known."""
    if (hours := ZONES.get(zone.lower())) is not None:
        return timedelta(hours=hours)
    if (found := OFFSET.fullmatch(zone)) is None:
        return None
    ahead = timedelta(hours=int(found.group(2)), minutes=int(found.group(3) or 0))
    return -ahead if found.group(1) == "-" else ahead
