"""One raw document -> its text as lines, and what its page or its bulk line states; or why there is none."""

import json
from dataclasses import dataclass, field
from datetime import datetime

import trafilatura
from lxml.etree import XPath

from flows.clean.body import read_body
from flows.clean.candidates import Candidate, prefer
from flows.clean.dates import Stamp, instant_of
from flows.clean.decode import Unreadable, decode_html, decode_text, prepare_html, tidy
from flows.clean.language import language_of
from flows.clean.metadata import read_metadata
from flows.clean.no_article import no_article
from flows.clean.tree import read_tree

N_ELEMENTS = XPath("count(.//*)")
MOST_ELEMENTS = 30_000  # the largest of 301 news pages has 4,100; trafilatura's time grows with their square
EXTRACTOR_HTML = f"trafilatura {trafilatura.__version__}"


@dataclass
class Page:
    """What one document holds: its text, line by line, what it states about itself (NULL where it does not), every
    value that it offers for a field, and what our rules took out of its markup."""

    text: str
    extractor: str
    title: str | None = None
    authors: list[str] | None = None
    published: Stamp | None = None
    published_from: str | None = None
    modified: Stamp | None = None
    publisher: str | None = None
    language: str | None = None
    fetched: datetime | None = None
    url: str | None = None
    candidates: list[Candidate] = field(default_factory=list)
    pruned: list[tuple[str, str]] = field(default_factory=list)  # (the beginning of a block of the page, the rule)


def read_page(kind: str, body: bytes, fetched: datetime | None = None, charset: str | None = None) -> Page:
    """Read a body by its kind: html | text | line. No date of a page is believed that lies after `fetched`, or after
    the instant at which a line says that it was; `charset` is what its transfer said of it. Raises Unreadable."""
    if not body.strip():
        raise Unreadable("empty", "no bytes but blanks")
    if kind == "line":
        return _read_line(json.loads(body), fetched)
    if kind == "html":
        return _read_html(decode_html(body, charset), fetched)
    return Page(tidy(decode_text(body, charset)), "plain text")


def _read_html(text: str, fetched: datetime | None) -> Page:
    tree = read_tree(text)
    if tree is None:
        raise Unreadable("no article", "the page has no HTML elements; is it a text? Then name it .txt")
    n_elements = int(N_ELEMENTS(tree))
    if n_elements > MOST_ELEMENTS:
        raise Unreadable(
            "too large", f"{n_elements} elements, at most {MOST_ELEMENTS} are read; split it into its articles"
        )
    # While the elements live as Python objects no search makes them anew: an eighth of what a page takes.
    _alive = list(tree.iter())
    stated = read_metadata(tree, fetched)
    body = read_body(tree, text)
    if refusal := no_article(stated.title, stated.published is not None, body):
        raise Unreadable("no article", refusal)
    language = language_of(body.text, stated.language)
    agrees = language == stated.language
    return Page(
        tidy(body.text),
        EXTRACTOR_HTML,
        title=stated.title,
        authors=stated.authors or None,
        published=stated.published,
        published_from=_origin_of(stated.candidates) if stated.published else None,
        modified=stated.modified,
        publisher=stated.publisher,
        language=language,
        url=stated.url,
        candidates=stated.candidates if agrees else prefer(stated.candidates, "language", language, "text"),
        pruned=body.pruned,
    )


def _origin_of(candidates: list[Candidate]) -> str:
    """Where the stated date comes from: meta (JSON-LD and meta tags) | page (everything else in it)."""
    source = next(one.source for one in candidates if one.field == "published_at" and one.is_chosen)
    return "meta" if source.startswith(("meta ", "json-ld ")) else "page"


def _read_line(stated: dict[str, object], fetched: datetime | None) -> Page:
    """A bulk line: what it states wins over what its page says."""
    said = instant_of(_text(stated, "fetched_at"))
    fetched = said.at if said else fetched
    html = stated.get("html")
    if isinstance(html, str):
        page = _read_html(prepare_html(html), fetched)
    else:
        page = Page(tidy(str(stated["text"])), "plain text")
    if not page.text.strip():
        raise Unreadable("empty", "'text' holds nothing but blanks")
    page.fetched = said.at if said else None
    for name in ("title", "publisher", "language", "url"):
        if value := _text(stated, name):
            setattr(page, name, value)
            page.candidates = prefer(page.candidates, name, value, "input")
    authors = stated.get("authors")
    if isinstance(authors, list):
        names = [told for given in authors if (told := _text({"author": given}, "author"))]
        page.authors = names or page.authors
        page.candidates = prefer(page.candidates, "authors", "; ".join(names), "input")
    published = _text(stated, "published_at")
    if published and (stamp := instant_of(published)):
        page.published, page.published_from = stamp, "input"
        page.candidates = prefer(page.candidates, "published_at", published, "input")
    return page


def _text(stated: dict[str, object], key: str) -> str | None:
    value = stated.get(key)
    return tidy(value).strip() or None if isinstance(value, str) else None
