"""What a page states about itself, by evidence: JSON-LD, its meta tags, its markup, and htmldate for a date that
stands nowhere else. Of every field the values that lost are kept beside the one that won."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from htmldate import find_date
from lxml.html import HtmlElement

from flows.clean.candidates import Candidate, Offer, choose
from flows.clean.dates import Stamp
from flows.clean.markup import Markup, read_bylines, read_dated, read_markup, read_props
from flows.clean.people import is_like_a_name, read_names
from flows.clean.titles import is_cut_from, is_handle_of, letters_of, plain_title, read_title
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
SITES = ("application-name", "dc.publisher", "apple-mobile-web-app-title")
LANGUAGE = re.compile(r"([a-z]{2})(?:[-_].*)?", re.I)
ADDRESS = re.compile(r"https?://([^\s/:]+)", re.I)
DAY_IN_URL = re.compile(r"/((?:19|20)\d{2})[/-](\d{2})[/-](\d{2})(?:/|-|$)")
NO_NAME = re.compile(r"https?:|\{\{|^(?:null|undefined|none)?$", re.I)
AHEAD = timedelta(days=1)  # a clock that runs ahead, a zone that was left out


@dataclass
class Stated:
    """A page's own words about itself; NULL, and no authors, where it has none; `candidates` is all that it offers."""

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
    sites = _sites(page)
    url, urls = choose("url", _urls(page), lambda words: words[0] if ADDRESS.match(words[0]) else None)
    publisher, publishers = choose("publisher", sites, _read_publisher)
    language, languages = choose("language", _languages(page), _read_language)
    title, titles = _choose_title(page, [words[0] for _, words in sites], url)
    authors, people = _choose_authors(page, tree, [words[0] for _, words in sites])
    modified, changes = choose("modified_at", _modified(page), _dates_until(fetched, page.language))
    published, stamps = _choose_published(page, tree, url, modified, fetched)
    told = [*titles, *people, *stamps, *changes, *publishers, *languages, *urls]
    return Stated(title, authors or [], published, modified, publisher, language, url, told)


def _of_meta(page: Markup, names: Sequence[str]) -> list[Offer]:
    return [(f"meta {name}", [text]) for name in names for text in page.meta.get(name, [])]


def _linked(page: Markup, key: str) -> list[Offer]:
    return [(f"json-ld {key}", [text]) for text in page.linked.texts(key)]


def _urls(page: Markup) -> list[Offer]:
    canonical: list[Offer] = [("link canonical", [page.canonical])] if page.canonical else []
    return canonical + _of_meta(page, ["og:url"]) + _linked(page, "url")


def _sites(page: Markup) -> list[Offer]:
    """Names of the outlet, og:site_name first, for JSON-LD often names the agency or the company behind it; but the
    name before its handle ("nationalpost"). An application named like the article names nobody."""
    publishers: list[Offer] = [("json-ld publisher", [name]) for name in page.linked.publishers()]
    others: list[Offer] = [("json-ld WebSite", [name]) for name in page.linked.site_names()]
    titles = [page.title, *page.meta.get("og:title", [])]
    applications = [offer for offer in _of_meta(page, SITES) if offer[1][0] not in titles]
    site = _of_meta(page, ["og:site_name"])
    spelled = [one for one in publishers + others if site and is_handle_of(site[0][1][0], one[1][0])]
    return spelled[:1] + site + publishers + applications + others


def _read_publisher(words: list[str]) -> str | None:
    """The outlet's name without the topics that some sites list behind it."""
    name = plain_title(words[0]).split(" | ")[0]
    return None if NO_NAME.search(name) else name


def _languages(page: Markup) -> list[Offer]:
    html: list[Offer] = [("html lang", [page.language])] if page.language else []
    return _linked(page, "inLanguage") + _of_meta(page, ["og:locale"]) + html + _of_meta(page, ["content-language"])


def _read_language(words: list[str]) -> str | None:
    found = LANGUAGE.fullmatch(words[0].strip())
    return found.group(1).lower() if found else None


def _choose_title(page: Markup, sites: list[str], url: str | None) -> tuple[str | None, list[Candidate]]:
    """og:title before JSON-LD and h1: where they differ, they are the longer or the shorter of two good headlines."""
    meta, linked = _of_meta(page, TITLES), _linked(page, "headline")
    headings: list[Offer] = [("h1", [text]) for text in page.headings]
    whole = [one for one in linked + headings if meta and is_cut_from(meta[0][1][0], one[1][0])]
    title: list[Offer] = [("title", [page.title])] if page.title else []
    shown = [plain_title(words[0]) for _, words in linked + headings]
    host = ADDRESS.match(url or "")
    names = sites + page.meta.get("twitter:site", []) + ([host[1]] if host else [])
    return choose("title", whole + meta + linked + headings + title, lambda words: read_title(words[0], names, shown))


def _choose_authors(page: Markup, tree: HtmlElement, sites: list[str]) -> tuple[list[str] | None, list[Candidate]]:
    """Persons before desks, and the outlet itself last: a system that knows no author puts its site's name there. The
    page is searched for a byline only where JSON-LD and meta tags name no person."""
    itself = {letters_of(site) for site in sites}
    linked = page.linked.authors()
    has_person = any(not is_desk for _, is_desk in linked)
    stated: list[Offer] = [("json-ld author", [name for name, _ in linked])]
    meta: list[Offer] = [(f"meta {name}", page.meta[name]) for name in AUTHORS if name in page.meta]
    read = [(offer, read_names(offer[1])) for offer in (stated + meta if has_person else meta + stated)]
    persons = [one for one in read if not itself.issuperset(map(letters_of, one[1])) and (has_person or one[0] in meta)]
    if not persons:
        bylines = [(offer, list(filter(is_like_a_name, read_names(offer[1])))) for offer in read_bylines(tree)]
        persons = [one for one in bylines if not itself.issuperset(map(letters_of, one[1]))]
    ranked = persons + [one for one in read if one not in persons]
    names = {id(offer[1]): found for offer, found in ranked}
    return choose("authors", [offer for offer, _ in ranked], lambda words: names[id(words)] or None)


def _modified(page: Markup) -> list[Offer]:
    times: list[Offer] = [(source, [text]) for source, text, is_change in page.times if is_change]
    return _linked(page, "dateModified") + _of_meta(page, MODIFIED) + times


def _published(page: Markup) -> list[Offer]:
    times: list[Offer] = [(source, [text]) for source, text, is_change in page.times if not is_change]
    return _linked(page, "datePublished") + _of_meta(page, PUBLISHED) + times


def _choose_published(
    page: Markup, tree: HtmlElement, url: str | None, modified: Stamp | None, fetched: datetime | None
) -> tuple[Stamp | None, list[Candidate]]:
    """The stated date; where none is, what microdata, classes and the address say; htmldate, unless it found the day of
    the last change."""
    read = _dates_until(fetched, page.language)
    offers = _published(page)
    published, told = choose("published_at", offers, read)
    if published is None:
        offers += _searched(tree, url)
        published, told = choose("published_at", offers, read)
    if published is None and not any(read_stamp(words[0], page.language) for _, words in offers):
        found = find_date(tree, extensive_search=False, original_date=True, max_date=fetched)
        is_change = modified is not None and found == f"{modified.at:%Y-%m-%d}"
        day = found.removesuffix("-01") if found else ""  # htmldate writes a month without a day as its first
        offers += [("htmldate", [day])] if day and not is_change else []
        published, told = choose("published_at", offers, read)
    return published, told


def _searched(tree: HtmlElement, url: str | None) -> list[Offer]:
    """Where a date may stand that nothing states: microdata, a class that speaks of dates, the address."""
    props: list[Offer] = [("itemprop datePublished", [text]) for text in read_props(tree).get("datePublished", [])]
    classes: list[Offer] = [("class date", [text]) for text in read_dated(tree)]
    in_url = DAY_IN_URL.search(url or "")
    return props + classes + ([("url", ["-".join(in_url.groups())])] if in_url else [])


def _dates_until(fetched: datetime | None, language: str | None) -> Callable[[list[str]], Stamp | None]:
    """A reader of dates that takes none of more than a day after `fetched`."""
    latest = fetched + AHEAD if fetched else None

    def read(words: list[str]) -> Stamp | None:
        stamp = read_stamp(words[0], language)
        return None if stamp and latest and stamp.at > latest else stamp

    return read
