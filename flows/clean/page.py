"""One raw document -> its text as lines, and what its page or its bulk line states; or why there is none."""

import json
from dataclasses import dataclass, field
from datetime import datetime

import trafilatura
from lxml.etree import XPath

from flows.clean.body import read_body
from flows.clean.dates import Stamp, instant_of
from flows.clean.decode import Unreadable, decode_html, decode_text, prepare_html, tidy
from flows.clean.metadata import read_metadata
from flows.clean.no_article import no_article

N_ELEMENTS = XPath("count(.//*)")
MOST_ELEMENTS = 30_000  # the largest of 301 news pages has 4,100; trafilatura's time grows with their square
EXTRACTOR_HTML = f"trafilatura {trafilatura.__version__}"


@dataclass
class Page:
    """What one document holds: its text, line by line, what it states about itself (NULL where it does not), and what
    our rules took out of its markup."""

    text: str
    extractor: str
    title: str | None = None
    authors: list[str] | None = None
    published: Stamp | None = None
    published_from: str | None = None
    publisher: str | None = None
    language: str | None = None
    fetched: datetime | None = None
    url: str | None = None
    pruned: list[tuple[str, str]] = field(default_factory=list)  # (the beginning of a block of the page, the rule)


def read_page(kind: str, body: bytes) -> Page:
    """Read a body by its kind: html | text | line. Raises Unreadable."""
    if not body.strip():
        raise Unreadable("empty", "no bytes but blanks")
    if kind == "line":
        return _read_line(json.loads(body))
    if kind == "html":
        return _read_html(decode_html(body))
    return Page(tidy(decode_text(body)), "plain text")


def _read_html(text: str) -> Page:
    tree = trafilatura.load_html(text)
    if tree is None:
        raise Unreadable("no article", "the page has no HTML elements; is it a text? Then name it .txt")
    n_elements = int(N_ELEMENTS(tree))
    if n_elements > MOST_ELEMENTS:
        raise Unreadable(
            "too large", f"{n_elements} elements, at most {MOST_ELEMENTS} are read; split it into its articles"
        )
    stated = read_metadata(tree)
    body = read_body(tree)
    refusal = no_article(stated.title, stated.published is not None, body)
    if refusal:
        raise Unreadable("no article", refusal)
    return Page(
        tidy(body.text),
        EXTRACTOR_HTML,
        title=stated.title,
        authors=stated.authors or None,
        published=stated.published,
        published_from="meta" if stated.published else None,
        publisher=stated.publisher,
        url=stated.url,
        pruned=body.pruned,
    )


def _read_line(stated: dict[str, object]) -> Page:
    """A bulk line: what it states wins over what its page says."""
    html = stated.get("html")
    page = _read_html(prepare_html(html)) if isinstance(html, str) else Page(tidy(str(stated["text"])), "plain text")
    if not page.text.strip():
        raise Unreadable("empty", "'text' holds nothing but blanks")
    page.title = _text(stated, "title") or page.title
    page.publisher = _text(stated, "publisher") or page.publisher
    page.language = _text(stated, "language")
    page.url = _text(stated, "url") or page.url
    authors = stated.get("authors")
    if isinstance(authors, list):
        page.authors = [name for given in authors if (name := _text({"author": given}, "author"))] or page.authors
    published = instant_of(_text(stated, "published_at"))
    if published:
        page.published, page.published_from = published, "input"
    fetched = instant_of(_text(stated, "fetched_at"))
    page.fetched = fetched.at if fetched else None
    return page


def _text(stated: dict[str, object], key: str) -> str | None:
    value = stated.get(key)
    return tidy(value).strip() or None if isinstance(value, str) else None
