"""What a page states about itself: JSON-LD first, then its meta tags; what neither states, trafilatura looks for.

Most pages of the last years state it all, and reading two places costs a twentieth of searching the whole page.
"""

import html
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import trafilatura
from lxml.html import HtmlElement
from trafilatura.metadata import extract_author

from flows.clean.dates import Stamp, instant_of

DATES = {"extensive_search": False, "original_date": True}
ARTICLE = re.compile(r"article$|^(?:blogposting|liveblogposting|report|webpage)$", re.I)
INSIDE = ("@graph", "mainEntity", "mainEntityOfPage")
TITLES = ("og:title", "twitter:title", "dc.title", "parsely-title")
PUBLISHED = (
    "article:published_time",
    "datepublished",
    "date",
    "pubdate",
    "publishdate",
    "publish-date",
    "dc.date.issued",
    "dcterms.created",
    "parsely-pub-date",
    "sailthru.date",
    "og:published_time",
)
AUTHORS = ("author", "article:author", "dc.creator", "parsely-author", "sailthru.author", "byl")
SITES = ("og:site_name", "application-name", "dc.publisher")
NO_NAME = re.compile(r"https?:|www\.|@|^\W*$|\.(?:com|org|net)\b", re.I)
BYLINE = re.compile(r"^(?:by|von|par|por|di|door)\s+", re.I)
PARTING = " |•·–—-"
PARTED = re.compile(r"\s*[|•·–—:-]")
LISTED = re.compile(r"\w\S*(?: \w\S*){1,3}(?:, ?\w\S*(?: \w\S*){1,3})+")  # "Ada Lo, Bo Ek Ray"
TOGETHER = re.compile(r"\s*(?:;|\||\s&\s|\band\b|\bund\b)\s*")


@dataclass
class Stated:
    """A page's own words about itself; NULL, and no authors, where it has none."""

    title: str | None = None
    authors: list[str] = field(default_factory=list)
    published: Stamp | None = None
    publisher: str | None = None
    url: str | None = None


def read_metadata(tree: HtmlElement) -> Stated:
    """Read a parsed page. The title goes without the site's name; authors are names, no addresses."""
    meta = _meta(tree)
    linked = list(_articles(tree))
    stated = Stated(
        title=_first(meta, TITLES) or _text_of(linked, "headline"),
        authors=_names([name for one in linked for name in _values(one.get("author"))]),
        published=instant_of(_text_of(linked, "datePublished")) or instant_of(_first(meta, PUBLISHED)),
        publisher=_first(meta, SITES) or next((n for one in linked for n in _values(one.get("publisher"))), None),
        url=next((link.get("href") for link in tree.iterfind('.//link[@rel="canonical"]')), None) or meta.get("og:url"),
    )
    stated.authors = stated.authors or _names([text for key in AUTHORS if (text := meta.get(key))])
    if not (stated.title and stated.published and stated.publisher):
        _search(tree, stated)
    elif not stated.authors:
        stated.authors = _listed(extract_author(tree))
    headings = [_text_of(linked, "headline"), *(heading.text_content() for heading in tree.iterfind(".//h1"))]
    stated.title = _without_site(stated.title, stated.publisher, headings)
    return stated


def _search(tree: HtmlElement, stated: Stated) -> None:
    """What is still missing, as trafilatura finds it in the whole page."""
    found = trafilatura.extract_metadata(tree, date_config=DATES, extensive=False).as_dict()
    stated.title = stated.title or found["title"]
    stated.authors = stated.authors or _listed(found["author"])
    stated.published = stated.published or instant_of(found["date"])
    stated.publisher = stated.publisher or found["sitename"]
    stated.url = stated.url or found["url"]


def _listed(authors: str | None) -> list[str]:
    """Names out of trafilatura's one string."""
    return [name.strip() for name in (authors or "").split(";") if name.strip()]


def _meta(tree: HtmlElement) -> dict[str, str]:
    """Meta tags by name in lower case; the first of a name counts."""
    found: dict[str, str] = {}
    for tag in tree.iterfind(".//meta[@content]"):
        name = (tag.get("property") or tag.get("name") or tag.get("itemprop") or "").strip().lower()
        content = " ".join(tag.get("content", "").split())
        if name and content:
            found.setdefault(name, content)
    return found


def _articles(tree: HtmlElement) -> Iterator[dict[str, Any]]:
    """The article objects of a page's JSON-LD; broken JSON states nothing."""
    for script in tree.iterfind('.//script[@type="application/ld+json"]'):
        try:
            yield from _walk(json.loads(script.text or "", strict=False))
        except (ValueError, RecursionError):
            continue


def _walk(given: Any) -> Iterator[dict[str, Any]]:
    if isinstance(given, list):
        for one in given:
            yield from _walk(one)
    elif isinstance(given, dict):
        kinds = given.get("@type")
        if any(
            isinstance(kind, str) and ARTICLE.search(kind) for kind in (kinds if isinstance(kinds, list) else [kinds])
        ):
            yield given
        for key in INSIDE:
            yield from _walk(given.get(key))


def _values(given: Any) -> list[str]:
    """Names in any of the ways that JSON-LD has for them."""
    if isinstance(given, list):
        return [name for one in given for name in _values(one)]
    if isinstance(given, dict):
        return _values(given.get("name"))
    return [given] if isinstance(given, str) and given.strip() else []


def _text_of(linked: list[dict[str, Any]], key: str) -> str | None:
    return next((one[key].strip() for one in linked if isinstance(one.get(key), str) and one[key].strip()), None)


def _first(meta: dict[str, str], names: tuple[str, ...]) -> str | None:
    return next((meta[name] for name in names if name in meta), None)


def _names(given: list[str]) -> list[str]:
    names: list[str] = []
    for text in given:
        for part in _apart(html.unescape(text)):
            name = BYLINE.sub("", " ".join(part.split())).strip(" ,")
            if name and not NO_NAME.search(name) and name not in names:
                names.append(name)
    return names


def _apart(text: str) -> list[str]:
    """Names that stand in one text; a comma parts them where a first and a last name stand on each side of it."""
    parts = TOGETHER.split(text)
    return [name for part in parts for name in (part.split(",") if LISTED.fullmatch(part.strip()) else [part])]


def _without_site(title: str | None, site: str | None, headings: list[str | None]) -> str | None:
    """A title without the site's name behind it, which a heading of the page may show; none where it is nothing but
    that name."""
    if not title:
        return None
    title = " ".join(html.unescape(title).split())
    for heading in headings:
        plain = " ".join(html.unescape(heading or "").split())
        if len(plain) > len(title) / 2 and title.startswith(plain) and PARTED.match(title, len(plain)):
            return plain
    if site and title.lower().endswith(site.lower()):
        rest = title[: -len(site)]
        title = rest.rstrip(PARTING) if rest.rstrip() != rest.rstrip(PARTING) else title
    return None if title in (site, "") else title
