"""What a feed or a sitemap lists: the same shape, whatever its format."""

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True)
class Item:
    """One entry. `url` is absolute and otherwise as listed (None: the entry names none); `published` and `updated` are
    as worded, `published_at` and `updated_at` those instants in UTC (None where the wording names none);
    `publisher` is the outlet that the entry credits (`<source>`, `news:name`), never the feed's own title."""

    url: str | None
    title: str | None = None
    published: str | None = None
    published_at: datetime | None = None
    updated: str | None = None
    updated_at: datetime | None = None
    publisher: str | None = None


@dataclass(frozen=True)
class Listing:
    """A feed or a sitemap as read. `kind`: feed | sitemap | index; `children` are the sitemaps of an index (absolute);
    `link` is the page that a feed belongs to; `minutes` what it says of how often to ask; `flaw` is what is wrong with
    it though it could be read (None: nothing)."""

    kind: str
    items: list[Item] = field(default_factory=list)
    title: str | None = None
    link: str | None = None
    children: list[str] = field(default_factory=list)
    minutes: int | None = None
    flaw: str | None = None


class NoListing(Exception):
    """These bytes are no feed and no sitemap: `reason` in three words, `detail` what they look like instead."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason, self.detail = reason, detail
