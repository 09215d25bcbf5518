"""What the feed or the sitemap that listed a page says of it: candidates that come after the page's own."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from flows.clean.candidates import Candidate
from flows.clean.dates import Stamp, instant_of
from flows.clean.page import Page
from flows.clean.titles import letters_of
from flows.lexicon import lexicon

AHEAD = timedelta(days=1)  # a feed may be a time zone off; what it dates later is an event, not an article
LONGEST = 300


def add_listed(page: Page, row: Mapping[str, Any]) -> Page:
    """A page with what is `listed_*` in its row of RAW: title and date where it states none itself, all of it among
    the candidates. The outlet that an entry credits is a candidate for the publisher alone: it may be the agency
    (`credited_outlet`)."""
    if row["listed_by"] is None:
        return page
    title, worded, outlet = (row[f"listed_{name}"] for name in ("title", "published", "publisher"))
    stamp = _stamp(worded, row["listed_published_at"], row["fetched_at"])
    offers = [("title", title, page.title is None), ("publisher", outlet, False)]
    offers.append(("published_at", worded, stamp is not None and page.published is None))
    for field, value, is_chosen in offers:
        if value:
            rank = 1 + max((one.rank for one in page.candidates if one.field == field), default=0)
            told = Candidate(field, " ".join(value.split())[:LONGEST], "feed", rank, is_chosen)
            page = replace(page, candidates=[*page.candidates, told])
    if title and page.title is None:
        page = replace(page, title=title)
    if stamp and page.published is None:
        page = replace(page, published=stamp, published_from="feed")
    return page


def credited_outlet(page: Page, row: Mapping[str, Any]) -> str | None:
    """The outlet that the feed's entry names as its source, canonical where the lexicon knows it: whose text it is.
    NULL where the page's own outlet or host bears the name, for feeds that collect from many sites name the site so."""
    outlet = " ".join((row["listed_publisher"] or "").split())[:LONGEST]
    if not outlet:
        return None
    known = dict(lexicon("outlets").select("alias", "outlet").iter_rows())
    outlet, publisher = (known.get(name, name) for name in (outlet, page.publisher or row["publisher"] or ""))
    name, own = (letters_of(given).removeprefix("the") for given in (outlet, publisher))
    host = letters_of(urlsplit(page.url or row["url"] or "").hostname or "")
    is_own = bool(own) and (name in own or own in name)
    return None if not name or is_own or name in host else outlet


def _stamp(worded: str | None, at: datetime | None, fetched: datetime | None) -> Stamp | None:
    """The entry's date, to the day where it words no clock; NULL where it cannot be, or lies ahead of the fetch."""
    if worded is None or at is None:
        return None
    stamp = instant_of(worded) or Stamp(at, "second" if ":" in worded else "day")
    return stamp if fetched is None or stamp.at <= fetched + AHEAD else None
