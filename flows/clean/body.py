"""A parsed page -> its body text, by trafilatura, and the blocks that we take out before it looks.

trafilatura's fast mode reads a pruned page best and soonest. Where what it finds looks poor, its slower modes read too
and the text with the most prose and the least furniture counts.
"""

from dataclasses import dataclass, field
from functools import lru_cache

import trafilatura
from lxml.html import HtmlElement
from trafilatura.settings import Extractor

from flows.clean.containers import join_split_body, open_layout_tables
from flows.clean.discards import remember_discards
from flows.clean.prune import Pruned, prose, prune, strip_chrome
from flows.clean.titles import bare, bare_each
from flows.clean.tree import read_tree

HEAD_LINES = 6  # in which the headline may stand once more
SHORT_LINE = 40  # characters
MOST_SHORT, MOST_LINKED = 0.25, 0.1  # of a text's characters in short lines, and in lines that are links
LEAST_TEXT = 250  # characters
LEAST_COVER = 0.6  # of the page's prose: below it the body may be split over containers
MORE_COVER = 1.3  # times the text that it was, for a joined body to count
FAST, SLOW = (Extractor(output_format="python", fast=fast, comments=False) for fast in (True, False))

remember_discards()


@dataclass
class Body:
    """A page's text, line by line ('' where there is none), what was taken out before, (its beginning, the rule), and
    how many lines are links: within the text, and below it, where they went."""

    text: str
    pruned: Pruned = field(default_factory=list)
    n_links: int = 0
    n_links_below: int = 0


def read_body(tree: HtmlElement, page: str) -> Body:
    """The body of a parsed page; the tree is changed. The few whose pruned text looks poor are parsed once more: a
    copy of every tree costs more."""
    _open(tree)
    headlines = {bare(heading.text_content()) for heading in tree.iter("h1")}
    pruned = prune(tree)
    links = set(bare_each(link.text_content() for link in tree.iter("a"))) - {""}
    text = _choose(tree, page, links)
    lines, letters = text.split("\n"), _letters_of(text)
    last = len(lines)
    while last > 1 and letters[last - 1] in links:
        last -= 1
        pruned.append((lines[last], "link_line"))
    repeated = [number for number in range(min(last, HEAD_LINES)) if letters[number] in headlines]
    pruned += [(lines[number], "repeated_headline") for number in repeated]
    kept = [number for number in range(last) if number not in repeated]
    n_links = sum(letters[number] in links for number in kept)
    return Body("\n".join(lines[number] for number in kept), pruned, n_links, len(lines) - last)


def _open(tree: HtmlElement) -> HtmlElement:
    """Take chrome and layout tables out of a tree."""
    strip_chrome(tree)
    open_layout_tables(tree)
    return tree


def _choose(tree: HtmlElement, page: str, links: set[str]) -> str:
    """The text of the reading that looks best. A joined body counts where it holds what was found without joining."""
    text = _extract(tree)
    if _looks_poor(text, links):
        # 7 of 301 pages. Precision mode was a third reading: it never was the best one.
        again = read_tree(page)
        unpruned = "" if again is None else _extract(_open(again))
        text = max((text, _extract(tree, SLOW), unpruned), key=lambda other: _merit(other, links))
    if len(text) < LEAST_COVER * prose(tree) and join_split_body(tree):
        joined = _extract(tree)
        if len(joined) > MORE_COVER * len(text) and text.split("\n")[0] in joined:
            return joined
    return text


def _extract(tree: HtmlElement, options: Extractor = FAST) -> str:
    found = trafilatura.bare_extraction(tree, options=options)
    return "" if found is None or isinstance(found, dict) else found.as_dict()["text"] or ""


def _measure(text: str, links: set[str]) -> tuple[int, int, int]:
    """Characters in all, in short lines, and in lines that are a link."""
    lines = text.split("\n")
    short = sum(len(line) for line in lines if len(line) < SHORT_LINE)
    linked = sum(len(line) for line, letters in zip(lines, _letters_of(text), strict=True) if letters in links)
    return len(text), short, linked


@lru_cache(1)
def _letters_of(text: str) -> list[str]:
    """`bare` of each line."""
    return bare_each(text.split("\n"))


def _looks_poor(text: str, links: set[str]) -> bool:
    size, short, linked = _measure(text, links)
    return size < LEAST_TEXT or short > MOST_SHORT * size or linked > MOST_LINKED * size


def _merit(text: str, links: set[str]) -> float:
    """Characters of prose, less those of furniture."""
    size, short, linked = _measure(text, links)
    return size - 2 * max(short, linked)
