"""What the feed or the sitemap that listed a page says of it: candidates that come after the page's own."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from flows.clean.candidates import Candidate
from flows.clean.dates import Stamp, instant_of
from flows.clean.page import Page

AHEAD = timedelta(days=1)  # a feed may be a time zone off; what it dates later is an event, not an article
LONGEST = 300


def add_listed(page: Page, row: Mapping[str, Any]) -> Page:
    """A page with what is `listed_*` in its row of RAW: title and date where it states none itself, all of it among
    the candidates. The outlet that an entry credits is a candidate for the publisher alone: it may be the agency."""
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


def _stamp(worded: str | None, at: datetime | None, fetched: datetime | None) -> Stamp | None:
    """The entry's date, to the day where it words no clock; NULL where it cannot be, or lies ahead of the fetch."""
    if worded is None or at is None:
        return None
    stamp = instant_of(worded) or Stamp(at, "second" if ":" in worded else "day")
    return stamp if fetched is None or stamp.at <= fetched + AHEAD else None
