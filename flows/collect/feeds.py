"""Feeds -> listings: RSS 0.9x-2.0, Atom 0.3 and 1.0, RDF (RSS 1.0), CDF and JSON Feed, ill-formed ones too.

feedparser knows what each format means by a title, a link and a date. It is given nothing but bytes that
`feed_xml.thin_feed` wrote: it opens no connection and no file, meets no entity and no markup that it could choke on."""

import io
import re
from datetime import datetime
from typing import Any
from urllib.parse import urljoin

import feedparser  # type: ignore[import-untyped]

from flows.collect.feed_dates import instant_of
from flows.collect.feed_json import read_json_feed
from flows.collect.feed_text import decode, plain_text
from flows.collect.feed_xml import thin_feed
from flows.collect.listing import Item, Listing, NoListing

MINUTES = {"hourly": 60, "daily": 1440, "weekly": 10_080, "monthly": 43_200, "yearly": 525_600}
Fields = dict[str, Any]


def read_feed(body: bytes, url: str, content_type: str | None = None, most: int = 50_000) -> Listing:
    """The first `most` items of the feed that was served at `url` (its relative links are resolved against it), with
    the Content-Type that it was served with. A time without a zone is UTC. `publisher` is the `<source>` that an item
    credits. Raises NoListing where the bytes are no feed."""
    text, wrong_encoding = decode(body, content_type)
    flaws = [wrong_encoding] if wrong_encoding else []
    text = text.lstrip("\ufeff\0 \t\r\n")
    if not text:
        raise NoListing("no feed", f"empty: {len(body)} bytes, all blank")
    if text[0] in "{[":
        return read_json_feed(text, url, most, flaws)
    parsed = feedparser.parse(
        io.BytesIO(thin_feed(text, most, flaws)),  # a str would be fetched where it looks like an address
        response_headers={"content-type": "application/xml; charset=utf-8", "content-location": url},
        resolve_relative_uris=False,
        sanitize_html=False,
    )
    feed = parsed.feed
    is_atom = parsed.version.startswith("atom")
    items = [_item(entry, url, is_atom) for entry in parsed.entries]
    title, link = _plain(feed, "title", is_atom), _link(feed, url)
    return Listing("feed", items, title, link, minutes=_minutes(feed), flaw="; ".join(flaws) or None)


def _item(entry: Fields, url: str, is_atom: bool) -> Item:
    """An entry as an Item. The only date of an RSS or RDF item (mostly dc:date) is when it was published; an Atom
    entry's `updated` says nothing of that."""
    published, published_at = _date(entry, "published")
    if published is None:
        published, published_at = _date(entry, "created")
    updated, updated_at = _date(entry, "updated")
    if published is None and not is_atom:
        published, published_at = updated, updated_at
    source = entry.get("source")
    publisher = _plain(source, "title", is_atom) if isinstance(source, dict) else None
    title = _plain(entry, "title", is_atom)
    return Item(_link(entry, url), title, published, published_at, updated, updated_at, publisher)


def _plain(fields: Fields, key: str, is_atom: bool) -> str | None:
    """A text without markup. Atom says whether it has any; RSS does not, and what looks like a tag of HTML is one."""
    value = dict.get(fields, key)
    detail = dict.get(fields, f"{key}_detail") or {}
    is_plain = is_atom and detail.get("type") == "text/plain"
    return plain_text(value, not is_plain) if isinstance(value, str) else None


def _link(fields: Fields, url: str) -> str | None:
    """The address of the article or the site: what the redirector replaced, then a web page among the alternates, then
    any alternate, then an id that is an address. A web address comes before any other."""
    alternates = [one for one in fields.get("links", []) if one.get("rel") == "alternate" and one.get("href")]
    pages = [one for one in alternates if "html" in one.get("type", "")]
    named = [fields.get("feedburner_origlink"), *(one["href"] for one in [*pages, *alternates])]
    named += [fields.get("link"), fields.get("id")]
    found = [address for one in named if isinstance(one, str) and (address := _absolute(url, one))]
    return next((one for one in found if one.lower().startswith(("http://", "https://"))), found[0] if found else None)


def _absolute(url: str, link: str) -> str | None:
    try:
        address = urljoin(url, re.sub(r"[\t\r\n]", "", link.strip())) if link.strip() else ""
    except ValueError:  # "http://[": no address at all
        return None
    return address if re.match(r"[A-Za-z][A-Za-z0-9+.-]*:.", address) else None


def _date(fields: Fields, key: str) -> tuple[str | None, datetime | None]:
    """A date as worded and as an instant; `dict.get`, since feedparser's own lends one date for another."""
    worded = dict.get(fields, key)
    return (worded, instant_of(worded)) if isinstance(worded, str) and worded else (None, None)


def _minutes(feed: Fields) -> int | None:
    """How often the feed says to ask: `ttl`, else the syndication module's period divided by its frequency."""
    ttl = str(feed.get("ttl", "")).strip()
    if ttl.isascii() and ttl.isdigit() and int(ttl[:9]) > 0:
        return int(ttl[:9])
    period = MINUTES.get(str(feed.get("sy_updateperiod", "")).strip().lower())
    times = str(feed.get("sy_updatefrequency", "1")).strip()
    if period is None or not (times.isascii() and times.isdigit()) or not int(times[:9]) > 0:
        return None
    return max(1, period // int(times[:9]))
