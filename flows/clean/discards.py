"""What trafilatura takes out of a page by the words of classes and ids, asked once for each sort of element.

Its expressions test every element of every page with regular expressions, by way of Python: a seventh of the time that
cleaning took. Nearly all of them look at nothing but an element's own tag and a few attributes, and the pages of a site
share these. So each expression is asked about a lone element of the same tag and attributes, and its answer is kept.
"""

import re
from functools import lru_cache

from lxml.etree import Element, XPath
from lxml.html import HtmlElement
from trafilatura import xpaths

KEPT = 1 << 15  # answers
OWN = re.compile(r"@([\w-]+)")
TAGS = re.compile(r"self::(\w+)")
BELOW = re.compile(r"\bnot\(\./")  # a condition on what stands below: a lone element meets it
NO_CHARACTER = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")  # none that XML takes
LISTS = (xpaths.RAW_TREE_PRUNE_XPATH, xpaths.REMOVE_COMMENTS_AND_LISTS_XPATH, xpaths.OVERALL_DISCARD_XPATH)


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
        names, finds, nothing = self._names, self._finds, [None] * len(self._names)
        found = [
            one
            for one in tree.iterdescendants(*self._tags or ["*"])
            if (values := [*map(one.get, names)]) != nothing and finds(one.tag if self._tags else "div", *values)
        ]
        return self.expression(tree) if found and self._looks_below else found

    def _ask(self, tag: str, *values: str | None) -> bool:
        above = Element("body")
        stated = {name: value for name, value in zip(self._names, values, strict=True) if value is not None}
        above.append(Element(tag, {name: NO_CHARACTER.sub("\ufffd", value) for name, value in stated.items()}))
        return bool(self.expression(above))


def remember_discards() -> None:
    """Let trafilatura's lists of expressions hold Remembered ones; once a process."""
    for expressions in LISTS:
        expressions[:] = [
            Remembered(one) if isinstance(one, XPath) and "re:test" in one.path else one for one in expressions
        ]
