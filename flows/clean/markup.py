"""A parsed page's markup -> what states title, author, date or publisher, in the order of the page."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice

from lxml.etree import XPath
from lxml.html import HtmlElement

from flows.clean.linked import Linked, read_linked

STATING = ("meta", "link", "script", "time", "h1", "title")
# attributes, not elements: a third of the time, for only what matches becomes a Python object
NAMES = (
    XPath("//@rel[. = 'author']"),
    XPath("//@itemprop[. = 'author' or . = 'creator']"),
    XPath("//@class[contains(., 'yline') or contains(., 'uthor')]"),
)
SOURCES = {"itemprop": "itemprop author", "rel": "rel=author", "class": "class byline"}
PROPS = XPath("//@itemprop[. = 'headline' or . = 'datePublished' or . = 'dateModified']")
DATES = XPath("//@class[contains(., 'date') or contains(., 'time') or contains(., 'publish') or contains(., 'posted')]")
BYLINE = re.compile(r"by-?line|author(?!i[sz]|ity)", re.I)
ABOUT = re.compile(
    r"bio\b|ima?ge?|avatar|photo|picture|desc|social|socmed|follow|icon|date|time|role|position|job|comment|e-?mail"
    r"|contact|count|about|more|twitter|facebook|label|related|company",
    re.I,
)  # beside an author's name, not the name
APART = re.compile(
    r"comment|related|recommend|sidebar|side-bar|teaser|promo|widget|\bcards?\b|most-?read|popular|newsletter|footer|"
    r"trending|read-?more|read-?next|\bnav|menu|carousel|slider",
    re.I,
)  # what belongs to other articles
APART_TAGS = ("nav", "footer", "aside", "select", "form")
NO_TEXT = ("html", "body", "article", "main", "img", "svg", "button", "input", "script", "style", "meta", "link")
UPDATED = re.compile(r"updat|modif|last|edit", re.I)
LONGEST_TEXT, LONGEST_NAME, LONGEST_STAMP = 300, 150, 120
MOST_NAMES = 8  # elements of one class side by side: more is a list of the outlet's writers
MOST_STAMPS = 100


@dataclass
class Markup:
    """What a page's head and its few stating elements say; nothing is judged but where it stands."""

    language: str | None = None
    title: str | None = None
    canonical: str | None = None
    meta: dict[str, list[str]] = field(default_factory=dict)
    headings: list[str] = field(default_factory=list)
    times: list[tuple[str, str, bool]] = field(default_factory=list)  # source, words, whether of the last change
    linked: Linked = field(default_factory=Linked)


def read_markup(tree: HtmlElement) -> Markup:
    """Walk a parsed page once, over the six elements that state."""
    page = Markup(language=tree.get("lang") or tree.get("xml:lang"))
    scripts: list[str] = []
    for element in tree.iter(*STATING):
        match element.tag:
            case "meta":
                _add_meta(page, element)
            case "script" if "ld+json" in (element.get("type") or "").lower():
                scripts.append(element.text or "")
            case "link" if page.canonical is None and (element.get("rel") or "").lower() == "canonical":
                page.canonical = element.get("href")
            case "h1" if text := _text(element):
                page.headings.append(text)
            case "title" if page.title is None and (above := element.getparent()) is not None and above.tag != "svg":
                page.title = _text(element) or None
            case "time" if len(page.times) < MOST_STAMPS:
                page.times += _stamps(element)
            case _:
                pass
    page.linked = read_linked(scripts)
    return page


def read_bylines(tree: HtmlElement) -> list[tuple[str, list[str]]]:
    """(source, texts) of the elements that name authors: the innermost, those that stand side by side as one."""
    named: dict[HtmlElement, str] = {}
    for name in (name for find in NAMES for name in find(tree)):
        element = name.getparent()
        if element.tag not in NO_TEXT and (name.attrname != "class" or _is_byline(name)):
            named.setdefault(element, SOURCES[name.attrname])
    outer = {above for element in named for above in element.iterancestors() if above in named}
    groups: dict[tuple[str, HtmlElement | None], list[HtmlElement]] = {}
    for element, source in named.items():
        if element not in outer:
            above = list(islice(element.iterancestors(), 5))
            around = next((one for one in above if one in outer), above[1] if len(above) > 1 else None)
            groups.setdefault((f"{source} {element.get('class')}", around), []).append(element)
    return [
        (named[elements[0]], [text for one in elements for text in _name_texts(one)])
        for elements in groups.values()
        if len(elements) <= MOST_NAMES and not _stands_apart(elements[0])
    ]


def read_props(tree: HtmlElement) -> dict[str, list[str]]:
    """Microdata by its name: headline, datePublished, dateModified."""
    props: dict[str, list[str]] = {}
    for name in PROPS(tree):
        element = name.getparent()
        if element.tag != "meta" and (text := element.get("datetime") or _text(element)):
            props.setdefault(str(name), []).append(text)
    return props


def read_dated(tree: HtmlElement) -> Iterator[str]:
    """The texts of the elements whose class speaks of a date; for pages that state none in any other way."""
    for name in islice(DATES(tree), 2 * MOST_STAMPS):
        element = name.getparent()
        if element.tag not in NO_TEXT and not UPDATED.search(name) and not _stands_apart(element):
            text = _text(element)
            if 5 < len(text) < LONGEST_STAMP:
                yield text


def _add_meta(page: Markup, tag: HtmlElement) -> None:
    content = tag.get("content")
    name = tag.get("property") or tag.get("name") or tag.get("itemprop") or tag.get("http-equiv")
    if name and content and (content := " ".join(content.split())):
        page.meta.setdefault(name.strip().lower(), []).append(content)


def _stamps(element: HtmlElement) -> list[tuple[str, str, bool]]:
    if _stands_apart(element):
        return []
    is_change = UPDATED.search(f"{element.get('class')} {element.get('itemprop')}") is not None
    words = (("time datetime", element.get("datetime")), ("time", _text(element)))
    return [(source, text, is_change) for source, text in words if text]


@lru_cache(maxsize=2000)
def _is_byline(named: str) -> bool:
    return BYLINE.search(named) is not None and ABOUT.search(named) is None


def _name_texts(element: HtmlElement) -> list[str]:
    """The texts of a byline: its microdata, its links where it has several, else all of it."""
    named = [one for one in element.iter("span", "a", "meta", "p", "div") if one.get("itemprop") == "name"]
    if named:
        return [one.get("content") or _text(one) for one in named]
    links = [text for link in element.iter("a") if (text := _text(link))]
    texts = links if len(links) > 1 else [_text(element)]
    return [text for text in texts if len(text) <= LONGEST_NAME]


def _stands_apart(element: HtmlElement) -> bool:
    """Whether an element is part of a menu, a comment, a teaser."""
    for above in element.iterancestors():
        if above.tag in APART_TAGS:
            return True
        if above.tag in ("body", "main"):
            return False
        if (named := above.get("class")) and _sets_apart(named):
            return True
    return False


@lru_cache(maxsize=2000)
def _sets_apart(named: str) -> bool:
    return APART.search(named) is not None


def _text(element: HtmlElement) -> str:
    return " ".join(" ".join(element.itertext()).split())[:LONGEST_TEXT]
