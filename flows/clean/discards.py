"""What trafilatura finds in a page by the words of classes and ids, asked once for each sort of element.

Its expressions test every element of every page with regular expressions, by way of Python: a seventh of the time that
cleaning took. Nearly all of them look at nothing but an element's own tag and a few attributes, and the pages of a site
share these. So each expression is asked about a lone element of the same tag and attributes, and its answer is kept.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from importlib import import_module
from itertools import islice
from typing import Any

from lxml.etree import Element, XPath
from lxml.html import HtmlElement
from trafilatura import xpaths

BASELINE: Any = import_module("trafilatura.baseline")  # the package has a function of that name
KEPT = 1 << 15  # answers
OWN = re.compile(r"@([\w-]+)")
TAGS = re.compile(r"self::(\w+)")
BELOW = re.compile(r"\bnot\(\./")  # a condition on what stands below: a lone element meets it
NO_CHARACTER = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")  # none that XML takes
LISTS = (xpaths.RAW_TREE_PRUNE_XPATH, xpaths.REMOVE_COMMENTS_AND_LISTS_XPATH, xpaths.OVERALL_DISCARD_XPATH)
FIRSTS = (xpaths.BODY_XPATH,)


class Remembered:
    """An expression that finds elements below a tree by their own tag and attributes. Where it also looks at what
    stands below them, it is asked itself once a lone element would do."""

    def __init__(self, expression: XPath) -> None:
        self.expression = expression
        self._names = sorted(set(OWN.findall(expression.path)))
        self._tags = sorted(set(TAGS.findall(expression.path)))
        self._looks_below = BELOW.search(expression.path) is not None
        self._finds = lru_cache(KEPT)(self._ask)

    def __call__(self, tree: HtmlElement) -> list[HtmlElement]:
        found = list(self.each(tree))
        return self.expression(tree) if found and self._looks_below else found

    def each(self, tree: HtmlElement) -> Iterator[HtmlElement]:
        """The elements in their order, as far as they are asked for."""
        names, finds, nothing = self._names, self._finds, [None] * len(self._names)
        for one in tree.iterdescendants(*self._tags or ["*"]):
            values = [*map(one.get, names)]
            if values != nothing and finds(one.tag if self._tags else "div", *values):
                yield one

    def _ask(self, tag: str, *values: str | None) -> bool:
        above = Element("body")
        stated = {name: value for name, value in zip(self._names, values, strict=True) if value is not None}
        above.append(Element(tag, {name: NO_CHARACTER.sub("\ufffd", value) for name, value in stated.items()}))
        return bool(self.expression(above))


class First(Remembered):
    """The same of an expression of which only the first element is used."""

    def __call__(self, tree: HtmlElement) -> list[HtmlElement]:
        return list(islice(self.each(tree), 1))


class Together:
    """An expression of several, of which the last asks for words: the elements that either part of it finds."""

    def __init__(self, expression: XPath) -> None:
        self.expression = expression
        plain, mark, words = expression.path.partition("|.//*[")
        self.plain = XPath(plain)
        self.worded = Remembered(XPath(f"{mark[1:]}{words}", namespaces={"re": xpaths.REGEXP_NS}))

    def __call__(self, tree: HtmlElement) -> list[HtmlElement]:
        return [*self.plain(tree), *self.worded(tree)]


def remember_discards() -> None:
    """Let trafilatura ask Remembered expressions; once a process."""
    for kind, lists in ((Remembered, LISTS), (First, FIRSTS)):
        for expressions in lists:
            expressions[:] = [
                kind(one) if isinstance(one, XPath) and "re:test" in one.path else one for one in expressions
            ]
    if isinstance(BASELINE.BASIC_CLEAN_XPATH, XPath):
        BASELINE.BASIC_CLEAN_XPATH = Together(BASELINE.BASIC_CLEAN_XPATH)
