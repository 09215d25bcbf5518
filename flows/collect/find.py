"""The feeds and sitemaps of a site: what its page and its robots.txt name, else what lies at the usual places."""

import re
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from urllib.parse import urljoin, urlsplit

import lxml.html
from lxml import etree

from flows.collect.listing import Listing, NoListing
from flows.collect.sitemaps import read_sitemap
from flows.collect.urls import canonical_url

FEED_TYPES = re.compile(r"application/(?:(?:rss|atom|rdf)\+xml|xml|feed\+json)|text/xml")
FEED_PATH = re.compile(r"(?:^|/)(?:rss|feeds?|atom)(?:\.xml|/)?$|\.(?:rss|atom)$|/(?:rss|feed|atom|index)\.xml$", re.I)
OF_COMMENTS = re.compile(r"/comments?/(?:feed|rss|atom)|[?&]feed=comments", re.I)  # readers' words, no articles
SITEMAP_LINE = re.compile(rb"^[ \t]*sitemap[ \t]*:[ \t]*(\S+)", re.I | re.M)
USUAL_PATHS = (
    "/feed",
    "/rss",
    "/rss.xml",
    "/feed.xml",
    "/atom.xml",
    "/index.xml",
    "/feeds",
    "/sitemap.xml",
    "/sitemap_index.xml",
    "/sitemap-news.xml",
    "/news-sitemap.xml",
)
MOST = 40  # candidates that are asked for, the first ones: a page of a big site can link hundreds of feeds


class Answer(Protocol):
    """What finding needs of an answer: `body` is there where `outcome` is 'fetched'."""

    @property
    def final_url(self) -> str | None: ...

    @property
    def outcome(self) -> str: ...

    @property
    def body(self) -> bytes: ...


Get = Callable[[str], Awaitable[Answer]]
Read = Callable[[bytes, str], Listing]


@dataclass(frozen=True)
class Found:
    """A feed, sitemap or index that could be read. `url` is where it answered; `n_items` its items, of an index its
    sitemaps; `newest` the latest instant that an item names (UTC; None: no item does); `how` it was found."""

    url: str
    kind: str
    title: str | None
    n_items: int
    newest: datetime | None
    how: str


async def find_listings(url: str, get: Get, read: Read) -> list[Found]:
    """The feeds and sitemaps of the site that the page at `url` (http or https) belongs to, each read once: by `read`
    as a feed (it raises NoListing for what is none), else as a sitemap. Empty where there are none.

    The usual places are tried only where neither the page nor robots.txt leads to one."""
    page = await get(url)
    if page.outcome == "fetched" and (found := _read(page, url, read, "the address itself")):
        return [found]
    home = (page.final_url or url) if page.outcome == "fetched" else url
    named = [(link, "a link of the page") for link in _links(page.body, home)] if page.outcome == "fetched" else []
    robots = await get(urljoin(home, "/robots.txt"))
    if robots.outcome == "fetched":
        named += [(link, "robots.txt") for link in _sitemap_lines(robots.body, home)]
    listings = await _confirmed(named, get, read)
    if not listings:
        listings = await _confirmed([(urljoin(home, path), "a usual place") for path in USUAL_PATHS], get, read)
    return listings


async def _confirmed(candidates: list[tuple[str, str]], get: Get, read: Read) -> list[Found]:
    """Those candidates (an address and how it was found) that can be read, each once by where it answers."""
    confirmed: dict[str, Found] = {}
    for address, how in list(dict.fromkeys(candidates))[:MOST]:
        if canonical_url(address) in confirmed:
            continue
        answer = await get(address)
        if answer.outcome == "fetched" and (found := _read(answer, address, read, how)):
            confirmed.setdefault(canonical_url(found.url), found)
    return list(confirmed.values())


def _read(answer: Answer, asked: str, read: Read, how: str) -> Found | None:
    """The listing that an answer is; None where it is none."""
    url = answer.final_url or asked
    for reader in (read_sitemap, read):
        try:
            listing = reader(answer.body, url)
        except NoListing:
            continue
        instants = [instant for item in listing.items if (instant := item.published_at or item.updated_at)]
        n_items = len(listing.children) if listing.kind == "index" else len(listing.items)
        return Found(url, listing.kind, listing.title, n_items, max(instants, default=None), how)
    return None


def _links(body: bytes, url: str) -> list[str]:
    """The addresses of feeds and sitemaps that a page names in its head, else those that its links look like."""
    try:
        root = lxml.html.document_fromstring(body)
    except (etree.ParserError, ValueError):  # nothing but blanks or comments
        return []
    base = next((one.get("href") for one in root.iter("base") if one.get("href")), "")
    home = _joined(url, base) or url
    named = [link.get("href") for link in root.iter("link") if _is_listing(link)]
    linked = [link.get("href") for link in root.iter("a") if FEED_PATH.search((link.get("href") or "").strip())]
    for hrefs in (named, linked):
        links = [link for href in hrefs if href and (link := _joined(home, href)) and not OF_COMMENTS.search(link)]
        if links:
            return list(dict.fromkeys(links))
    return []


def _is_listing(link: etree._Element) -> bool:
    rel, media = (link.get("rel") or "").lower().split(), (link.get("type") or "").partition(";")[0].strip().lower()
    return "sitemap" in rel or "feed" in rel or ("alternate" in rel and bool(FEED_TYPES.fullmatch(media)))


def _sitemap_lines(body: bytes, url: str) -> Iterator[str]:
    """What the `Sitemap:` lines of a robots.txt name (RFC 9309 leaves them to sitemaps.org)."""
    for line in SITEMAP_LINE.findall(body):
        if address := _joined(url, line.decode("utf-8", "replace")):
            yield address


def _joined(base: str, href: str) -> str | None:
    """An address that can be asked for; None for any other."""
    try:
        address = urljoin(base, re.sub(r"^feed:(?://)?(?=https?://)", "", href.strip(), flags=re.I))
        parts = urlsplit(address)
    except ValueError:  # brackets in the host
        return None
    return address if parts.scheme in ("http", "https") and parts.hostname else None
