"""One walk over a parsed page: everything in its markup that states title, author, date or publisher."""

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
NAMED = (XPath("//@rel[. = 'author']"), XPath("//@itemprop"), XPath("//@class[contains(., 'yline') or contains(., 'uthor')]"))
DATED = XPath("//@class[contains(., 'date') or contains(., 'time') or contains(., 'publish') or contains(., 'posted')]")
BYLINE = re.compile(r"by-?line|author(?!i[sz]|ity)", re.I)
ABOUT = re.compile(
    r"bio\b|ima?ge?|avatar|photo|picture|desc|social|socmed|follow|icon|date|time|role|position|job|comment|e-?mail"
    r"|contact|count|about|more|twitter|facebook|label|related|company",
    re.I,
)
APART = re.compile(
    r"comment|related|recommend|sidebar|side-bar|teaser|promo|widget|\bcards?\b|most-?read|popular|newsletter|footer|"
    r"trending|read-?more|read-?next|\bnav|menu|carousel|slider",
    re.I,
)
APART_TAGS = ("nav", "footer", "aside", "select", "form")
NO_TEXT = ("html", "body", "article", "main", "img", "svg", "button", "input", "script", "style", "meta", "link")
PROPS = ("headline", "datePublished", "dateModified")
SOURCES = {"itemprop": "itemprop author", "rel": "rel=author", "class": "class byline"}
UPDATED = re.compile(r"updat|modif|last|edit", re.I)
LONGEST_NAME = 150
FIRST_OF = 300  # characters of an element's text
MOST_NAMES = 8  # elements of one class side by side: more is a list of writers


@dataclass
class Markup:
    """What a page's markup states, in the order of the page; nothing is judged here but where it stands."""

    language: str | None = None
    title: str | None = None
    canonical: str | None = None
    meta: dict[str, list[str]] = field(default_factory=dict)
    headings: list[str] = field(default_factory=list)
    times: list[tuple[str, str, bool]] = field(default_factory=list)  # source, words, whether of the last change
    names: list[tuple[str, list[str]]] = field(default_factory=list)  # source, the texts that stand side by side
    props: dict[str, list[str]] = field(default_factory=dict)  # microdata
    linked: Linked = field(default_factory=Linked)


def read_markup(tree: HtmlElement) -> Markup:
    """Walk a parsed page once for the elements that state, once in C for the classes that name an author."""
    page = Markup(language=tree.get("lang") or tree.get("xml:lang"))
    scripts: list[str] = []
    for element in tree.iter(*STATING):
        if element.tag == "meta":
            _add_meta(page, element)
        elif element.tag == "script":
            if "ld+json" in (element.get("type") or "").lower():
                scripts.append(element.text or "")
        elif element.tag == "link":
            if page.canonical is None and (element.get("rel") or "").lower() == "canonical":
                page.canonical = element.get("href")
        elif element.tag == "h1":
            page.headings += [text] if (text := _text(element)) else []
        elif element.tag == "title":
            if page.title is None and element.getparent() is not None and element.getparent().tag != "svg":
                page.title = _text(element) or None
        else:
            page.times += _stamps(element)
    page.linked = read_linked(scripts)
    _add_names(page, tree)
    return page


def dated_texts(tree: HtmlElement) -> Iterator[tuple[str, str]]:
    """(source, text) of the elements whose class speaks of a date; for pages that state none in any other way."""
    for at, name in enumerate(DATED(tree)):
        element = name.getparent()
        if at < 200 and element.tag not in NO_TEXT and not UPDATED.search(name) and not _stands_apart(element):
            text = _text(element)
            if 5 < len(text) < 120:
                yield "class date", text


def _add_meta(page: Markup, tag: HtmlElement) -> None:
    content = " ".join((tag.get("content") or "").split())
    name = (tag.get("property") or tag.get("name") or tag.get("itemprop") or tag.get("http-equiv") or "").strip()
    if name and content:
        page.meta.setdefault(name.lower(), []).append(content)


def _stamps(element: HtmlElement) -> list[tuple[str, str, bool]]:
    words = [("time datetime", element.get("datetime") or ""), ("time", _text(element))]
    about = f"{element.get('class') or ''} {element.get('itemprop') or ''}"
    if _stands_apart(element):
        return []
    return [(source, text, bool(UPDATED.search(about))) for source, text in words if text]


def _add_names(page: Markup, tree: HtmlElement) -> None:
    """Elements that name authors, the innermost of them, those that stand side by side as one."""
    named: dict[HtmlElement, tuple[str, str]] = {}
    for name in (name for find in NAMED for name in find(tree)):
        element, attribute = name.getparent(), name.attrname
        if attribute == "itemprop" and name not in ("author", "creator"):
            if name in PROPS and element.tag != "meta":
                page.props.setdefault(str(name), []).append(element.get("datetime") or _text(element))
        elif element.tag not in NO_TEXT and (attribute != "class" or _is_byline(name)):
            named.setdefault(element, (SOURCES[attribute], str(name)))
    outer = {above for element in named for above in element.iterancestors() if above in named}
    groups: dict[tuple[str, str, HtmlElement | None], list[HtmlElement]] = {}
    for element, told in named.items():
        if element not in outer:
            above = list(islice(element.iterancestors(), 5))
            around = next((one for one in above if one in outer), above[1] if len(above) > 1 else None)
            groups.setdefault((*told, around), []).append(element)
    for (source, _, _), elements in groups.items():
        if len(elements) <= MOST_NAMES and not _stands_apart(elements[0]):
            page.names.append((source, [text for one in elements for text in _name_texts(one)]))


@lru_cache(maxsize=2000)
def _is_byline(named: str) -> bool:
    return BYLINE.search(named) is not None and ABOUT.search(named) is None


def _name_texts(element: HtmlElement) -> list[str]:
    """The texts of a byline: its links where it has several, else all of it."""
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
    return " ".join(" ".join(element.itertext()).split())[:FIRST_OF]
