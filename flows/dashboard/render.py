"""From a page's data to what is sent: HTML by its template, or the data itself as JSON."""

import json
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined

from flows.report.words import bytes_in_words, figure, plural, short_figure

Data = dict[str, Any]
# What turns the direction of the text around it, and what no screen shows: C0 and C1 but for tab and line ends.
UNSEEN = re.compile("[\u202a-\u202e\u2066-\u2069\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u2028\u2029]")
# Marks that stand on one letter, of which no language needs more than four; hundreds would cover the lines around it.
MARKS = "[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]"
STACKED = re.compile(f"({MARKS}{{4}}){MARKS}+")
WEB = ("http", "https")


def as_html(template: str, data: Data) -> bytes:
    """A page: the template with the data. Text is text: every value is escaped, and turns nothing around it."""
    return _ENVIRONMENT.get_template(template).render(data).encode("utf-8", "replace")


def as_json(data: Data) -> bytes:
    """The data of a page: instants as ISO 8601 in UTC, dates as they are, unknown as null; text verbatim."""
    return json.dumps(data, ensure_ascii=True, default=_plain, separators=(",", ":")).encode()


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return (
            f"{value.astimezone(UTC):%Y-%m-%dT%H:%M:%S}" + (f".{value.microsecond:06}" * bool(value.microsecond)) + "Z"
        )
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value)} is no data of a page")


def visible_text(text: str) -> str:
    """Text without what would turn, hide or cover the text around it."""
    return STACKED.sub(r"\1", UNSEEN.sub("", text))


def _visible(value: object) -> object:
    return visible_text(value) if type(value) is str else value


def span(low: int | None, high: int | None, is_open: bool | None) -> str:
    """From the lowest figure to the highest: 23 to 28, 8, 8 or more."""
    if low is None or high is None:
        return ""
    return (f"{low:,}" if low == high else f"{low:,} to {high:,}") + (" or more" if is_open else "")


def web_address(url: str | None) -> str | None:
    """An address that a reader may follow; NULL: it is none of the web (javascript:, data:, a path)."""
    if not url or UNSEEN.search(url):
        return None
    try:
        parts = urlsplit(url.strip())
        return url.strip() if parts.scheme.lower() in WEB and parts.hostname else None
    except ValueError:
        return None


def host_of(url: str | None) -> str | None:
    """The host of an address, for who has no other name."""
    address = web_address(url)
    return urlsplit(address).hostname if address else None


def path_of(*parts: object) -> str:
    """The address of a page of ours, each part as one segment: /sources/a%20b."""
    return "/" + "/".join(quote(str(part), safe="") for part in parts)


def query_of(params: Mapping[str, object], **changed: object) -> str:
    """The query of an address: the parameters, some of them changed, those that are NULL or empty left out."""
    kept = {name: value for name, value in ({**params} | changed).items() if value not in (None, "", False)}
    return f"?{urlencode(kept)}" if kept else "?"


def spoken_kind(kind: str) -> str:
    """A kind as one reads it: armed_group is "armed group"."""
    return kind.replace("_", " ")


def days(low: date | None, high: date | None) -> str:
    """One day or two that a span runs between."""
    if low is None or high is None:
        return str(low or high or "day not stated")
    return f"{low}" if low == high else f"{low} to {high}"


def with_globals(**named: object) -> None:
    """Let templates call these by their names."""
    _ENVIRONMENT.globals |= named


_ENVIRONMENT = Environment(
    loader=PackageLoader("flows.dashboard"),
    autoescape=True,
    undefined=StrictUndefined,
    finalize=_visible,
    trim_blocks=True,
    lstrip_blocks=True,
)
_ENVIRONMENT.filters |= {
    "bytes": bytes_in_words,
    "web": web_address,
    "spoken": spoken_kind,
    "size": lambda number: "–" if number is None else f"{number:,}",
}
_ENVIRONMENT.globals |= {
    "figure": figure,
    "short": short_figure,
    "plural": plural,
    "path_of": path_of,
    "query_of": query_of,
    "days": days,
    "span": span,
    "host_of": host_of,
}
