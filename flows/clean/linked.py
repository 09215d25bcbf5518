"""JSON-LD: a page's scripts -> what its article objects state, however the site wrote them."""

import html
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

ARTICLE = re.compile(r"article$|^(?:blogposting|liveblogposting|report|claimreview|socialmediaposting)$", re.I)
PAGE = re.compile(r"page$", re.I)
DESK = re.compile(r"organization$|^corporation$", re.I)
INSIDE = ("@graph", "mainEntity", "mainEntityOfPage")
LONGEST = 4_000_000  # characters: no article's own object comes near it, and parsing takes 10 ms a million
WRAPPING = re.compile(r"^\s*(?:(?:/\*|//)?\s*<!\[CDATA\[\s*(?:\*/)?|<!--)|(?:(?:/\*|//)?\s*\]\]>\s*(?:\*/)?|-->|;)\s*$")
TRAILING_COMMA = re.compile(r",(?=\s*[}\]])")
TEXT = r'"\s*:\s*"((?:[^"\\\n]|\\.){1,500})"'
SALVAGED = {key: re.compile(f'"{key}{TEXT}') for key in ("headline", "datePublished", "dateModified", "inLanguage")}
SALVAGED_AUTHOR = re.compile(rf'"author"\s*:[^"]{{0,20}}(?:"@type"[^}}]{{0,60}}?)?"name{TEXT}')


@dataclass
class Linked:
    """The article objects of a page, the page's own after them, and every object that has an id."""

    articles: list[dict[str, Any]] = field(default_factory=list)
    pages: list[dict[str, Any]] = field(default_factory=list)
    by_id: dict[str, dict[str, Any]] = field(default_factory=dict)
    sites: list[dict[str, Any]] = field(default_factory=list)

    def texts(self, key: str) -> list[str]:
        """The plain texts under a key, articles first."""
        found = (one.get(key) for one in (*self.articles, *self.pages))
        return [text for value in found for text in _texts(value)]

    def authors(self) -> list[tuple[str, bool]]:
        """The authors of the first article that has some: (name, whether an organisation bears it)."""
        given = (one.get("author") or one.get("creator") for one in self.articles or self.pages)
        return next((named for one in given if (named := self._named(one))), [])

    def publishers(self) -> list[str]:
        """Names of those who publish the article."""
        return [name for one in (*self.articles, *self.pages) for name, _ in self._named(one.get("publisher"))]

    def site_names(self) -> list[str]:
        """Names of the site that the page is part of."""
        return [name for one in self.sites for name, _ in self._named(one)]

    def _named(self, given: Any, depth: int = 0) -> list[tuple[str, bool]]:
        """(name, whether an organisation bears it), in any of the ways that JSON-LD has for them."""
        if isinstance(given, str):
            return [(given, False)]
        if depth > 4:
            return []
        if isinstance(given, list):
            return [pair for one in given[:50] for pair in self._named(one, depth + 1)]
        if not isinstance(given, dict):
            return []
        if not given.get("name") and isinstance(given.get("@id"), str):
            given = {**self.by_id.get(given["@id"], {}), **given}
        parts = [given.get("givenName"), given.get("familyName")]
        name = given.get("name") or " ".join(part for part in parts if isinstance(part, str))
        is_desk = any(DESK.search(kind) for kind in _kinds(given))
        return [(text, is_desk or of_desk) for text, of_desk in self._named(name, depth + 1) if text.strip()]


def read_linked(scripts: Iterable[str]) -> Linked:
    """The JSON-LD scripts of a page; one that cannot be mended states nothing."""
    linked = Linked()
    for script in scripts:
        given = _load(script) if len(script) <= LONGEST else None
        waiting = [given]
        while waiting:
            one = waiting.pop()
            if isinstance(one, list):
                waiting += reversed(one)
            elif isinstance(one, dict):
                _place(linked, one)
                waiting += [one[key] for key in reversed(INSIDE) if key in one]
                waiting += [one[key] for key in ("author", "publisher") if isinstance(one.get(key), dict | list)]
    return linked


def _place(linked: Linked, one: dict[str, Any]) -> None:
    if isinstance(one.get("@id"), str) and len(one) > 1:
        linked.by_id.setdefault(one["@id"], one)
    kinds = _kinds(one)
    if any(ARTICLE.search(kind) for kind in kinds):
        linked.articles.append(one)
    elif "WebSite" in kinds:
        linked.sites.append(one)
    elif any(PAGE.search(kind) for kind in kinds):
        linked.pages.append(one)


def _kinds(one: dict[str, Any]) -> list[str]:
    kinds = one.get("@type")
    return [kind for kind in (kinds if isinstance(kinds, list) else [kinds]) if isinstance(kind, str)]


def _texts(value: Any) -> list[str]:
    values = value if isinstance(value, list) else [value]
    return [text for text in values if isinstance(text, str) and text.strip()]


def _load(script: str) -> Any:
    """JSON as it is, then as it is meant: without comment marks, unescaped (twice, where a system escaped it twice),
    without trailing commas; then what single keys still say. 7 of 194 scripts of the news pages at hand are broken."""
    text = script
    for mend in (str, _unwrapped, html.unescape, html.unescape, _without_commas):
        mended = mend(text)
        if mended is text and mend is not str:
            continue
        text = mended
        try:
            return json.loads(text, strict=False)
        except ValueError as error:
            if "Extra data" in str(error):
                return json.JSONDecoder(strict=False).raw_decode(text.lstrip())[0]
        except RecursionError:
            return None
    return _salvaged(text)


def _unwrapped(text: str) -> str:
    return WRAPPING.sub("", WRAPPING.sub("", text)).strip()


def _without_commas(text: str) -> str:
    return TRAILING_COMMA.sub("", text)


def _salvaged(text: str) -> dict[str, Any] | None:
    """The keys of an article in JSON that nothing mends (a quote in a description that nobody escaped)."""
    if not re.search(r'"@type"\s*:\s*\[?\s*"\w*Article"', text):
        return None
    found = {key: one.group(1) for key, pattern in SALVAGED.items() if (one := pattern.search(text))}
    author = SALVAGED_AUTHOR.search(text)
    return {"@type": "Article", **found, **({"author": author.group(1)} if author else {})}
