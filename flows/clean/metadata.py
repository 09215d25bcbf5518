"""What a page states about itself, by evidence: JSON-LD, its meta tags, its markup, and htmldate for a date that
stands nowhere else. Of every field the values that lost are kept beside the one that won."""

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from htmldate import find_date
from lxml.html import HtmlElement

from flows.clean.candidates import Candidate, Offer, choose
from flows.clean.dates import Stamp, instant_of
from flows.clean.markup import Markup, dated_texts, read_markup
from flows.clean.people import is_like_a_name, read_names
from flows.clean.titles import is_better_worded, plain_title, read_title
from flows.clean.worded_dates import read_stamp

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
MODIFIED = ("article:modified_time", "datemodified", "og:updated_time", "last-modified", "dcterms.modified")
AUTHORS = ("author", "article:author", "dc.creator", "parsely-author", "sailthru.author", "byl")
SITES = ("og:site_name", "application-name", "dc.publisher")
LANGUAGE = re.compile(r"([a-z]{2})(?:[-_].*)?", re.I)
ADDRESS = re.compile(r"https?://[^\s/]+\.?[^\s]*", re.I)
DAY_IN_URL = re.compile(r"/((?:19|20)\d{2})[/-](\d{2})[/-](\d{2})(?:/|-|$)")
NO_NAME = re.compile(r"https?:|\{\{|^(?:null|undefined|none)?$", re.I)
AHEAD = timedelta(days=1)  # a clock that runs ahead, a zone that was left out


@dataclass
class Stated:
    """A page's own words about itself; NULL, and no authors, where it has none."""

    title: str | None = None
    authors: list[str] = field(default_factory=list)
    published: Stamp | None = None
    modified: Stamp | None = None
    publisher: str | None = None
    language: str | None = None
    url: str | None = None
    candidates: list[Candidate] = field(default_factory=list)


def read_metadata(tree: HtmlElement, fetched: datetime | None = None) -> Stated:
    """Read a parsed page. A stamp that lies more than a day after `fetched` is not believed."""
    page = read_markup(tree)
    stated = Stated()
    keep = stated.candidates.extend
    stated.url, told = choose("url", _urls(page), lambda words: words[0] if ADDRESS.match(words[0]) else None)
    keep(told)
    stated.publisher, told = choose("publisher", _publishers(page), _read_publisher)
    keep(told)
    stated.language, told = choose("language", _languages(page), _read_language)
    keep(told)
    stated.title, told = _choose_title(page)
    keep(told)
    stated.authors, told = _choose_authors(page)
    keep(told)
    latest = fetched + AHEAD if fetched else None
    stated.modified, told = _choose_stamp("modified_at", _modified(page), page, latest)
    keep(told)
    stated.published, told = _choose_published(page, tree, stated, latest)
    keep(told)
    return stated


def _of_meta(page: Markup, names: tuple[str, ...]) -> list[Offer]:
    return [(f"meta {name}", [text]) for name in names for text in page.meta.get(name, [])]


def _urls(page: Markup) -> list[Offer]:
    canonical: list[Offer] = [("link canonical", [page.canonical])] if page.canonical else []
    return canonical + _of_meta(page, ("og:url",)) + [("json-ld url", [text]) for text in page.linked.texts("url")]


def _publishers(page: Markup) -> list[Offer]:
    linked: list[Offer] = [("json-ld publisher", [name]) for name in page.linked.publishers()]
    sites: list[Offer] = [("json-ld WebSite", [name]) for name in page.linked.site_names()]
    return _of_meta(page, SITES[:1]) + linked + _of_meta(page, SITES[1:]) + sites


def _read_publisher(words: list[str]) -> str | None:
    name = plain_title(words[0])
    return None if NO_NAME.search(name) else name


def _languages(page: Markup) -> list[Offer]:
    linked: list[Offer] = [("json-ld inLanguage", [text]) for text in page.linked.texts("inLanguage")]
    html: list[Offer] = [("html lang", [page.language])] if page.language else []
    return linked + _of_meta(page, ("og:locale",)) + html + _of_meta(page, ("content-language", "language"))


def _read_language(words: list[str]) -> str | None:
    found = LANGUAGE.fullmatch(words[0].strip())
    return found.group(1).lower() if found else None


def _choose_title(page: Markup) -> tuple[str | None, list[Candidate]]:
    linked: list[Offer] = [("json-ld headline", [text]) for text in page.linked.texts("headline")]
    props: list[Offer] = [("itemprop headline", [text]) for text in page.props.get("headline", [])]
    headings: list[Offer] = [("h1", [text]) for text in page.headings]
    title: list[Offer] = [("title", [page.title])] if page.title else []
    shown = [plain_title(words[0]) for _, words in linked + headings]
    sites = [words[0] for _, words in _publishers(page)]
    meta = _of_meta(page, TITLES)
    better = [one for one in (linked + headings)[:4] if meta and is_better_worded(one[1][0], meta[0][1][0])]
    offers = better[:1] + meta + linked + props + headings + title
    return choose("title", offers, lambda words: read_title(words[0], sites, shown))


def _choose_authors(page: Markup) -> tuple[list[str], list[Candidate]]:
    """Persons before desks, and the outlet itself last: a system that knows no author puts its site's name there."""
    itself = {name.casefold() for _, words in _publishers(page) for name in read_names(words)}
    shown = [(source, words) for source, words in page.names if any(map(is_like_a_name, read_names(words)))]

    def others(offer: Offer) -> list[str]:
        names = [name for name in read_names(offer[1]) if name.casefold() not in itself]
        return [name for name in names if is_like_a_name(name)] if offer in shown else names

    linked = page.linked.authors()
    stated: list[Offer] = [("json-ld author", [name for name, _ in linked])]
    meta: list[Offer] = [(f"meta {name}", page.meta[name]) for name in AUTHORS if name in page.meta]
    has_person = any(not is_desk for _, is_desk in linked)
    offers = stated + meta + shown if has_person else meta + shown + stated
    named = [offer for offer in offers if others(offer)]
    first = set(others(named[0])) if named else set()
    fuller = [offer for offer in named if offer in shown and first < set(others(offer))]
    offers = fuller + [offer for offer in named if offer not in fuller] + [o for o in offers if o not in named]
    names = {id(offer[1]): others(offer) or read_names(offer[1]) for offer in offers}
    authors, told = choose("authors", offers, lambda words: names[id(words)] or None)
    return authors or [], told


def _modified(page: Markup) -> list[Offer]:
    linked: list[Offer] = [("json-ld dateModified", [text]) for text in page.linked.texts("dateModified")]
    times: list[Offer] = [(source, [text]) for source, text, is_change in page.times if is_change]
    return linked + _of_meta(page, MODIFIED) + times


def _choose_published(
    page: Markup, tree: HtmlElement, stated: Stated, latest: datetime | None
) -> tuple[Stamp | None, list[Candidate]]:
    linked: list[Offer] = [("json-ld datePublished", [text]) for text in page.linked.texts("datePublished")]
    props: list[Offer] = [("itemprop datePublished", [text]) for text in page.props.get("datePublished", [])]
    times: list[Offer] = [(source, [text]) for source, text, is_change in page.times if not is_change]
    offers = linked + _of_meta(page, PUBLISHED) + props + times
    published, told = _choose_stamp("published_at", offers, page, latest)
    if published:
        return published, told
    in_url = DAY_IN_URL.search(stated.url or "")
    offers += [(source, [text]) for source, text in dated_texts(tree)]
    offers += [("url", ["-".join(in_url.groups())])] if in_url else []
    published, told = _choose_stamp("published_at", offers, page, latest)
    if published:
        return published, told
    found = find_date(tree, extensive_search=False, original_date=True, max_date=latest)
    return _choose_stamp("published_at", [*offers, ("htmldate", [found or ""])], page, latest)


def _choose_stamp(
    name: str, offers: list[Offer], page: Markup, latest: datetime | None
) -> tuple[Stamp | None, list[Candidate]]:
    def read(words: list[str]) -> Stamp | None:
        stamp = read_stamp(words[0], page.language)
        return None if stamp and latest and stamp.at > latest else stamp

    return choose(name, offers, read)
