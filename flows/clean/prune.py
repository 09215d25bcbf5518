"""Blocks that are no part of an article go before trafilatura looks: by their markup, behind guards.

Pruning has a cliff: taking two headers out once turned an article into 17 words. So nothing goes that holds the article
or its headline, and all that goes holds at most a part of the page's prose. Every block is returned with its rule.
"""

import re
from collections import defaultdict
from functools import cache, lru_cache

from lxml.etree import XPath, strip_elements
from lxml.html import HtmlElement

from flows.lexicon import lexicon

Pruned = list[tuple[str, str]]

TEXTLESS = ("head", "script", "style", "svg", "template", "iframe", "noscript", "select", "button", "video", "audio")
CHROME = ("nav", "footer", "aside")
LEAST_MENU, MENU_SHARE = 6, 0.8  # links in a list, and their part of its text
MOST_PRUNED = 0.3  # of the page's prose
LEAST_LINK = 4  # words: shorter link lines are names of places, people and products that an article lists
MOST_TOLD = 300  # characters of a block that are kept as evidence
INLINE = ("b", "strong", "em", "i", "u", "span", "font")
SLACK = 4  # characters beside the link in a line that is one: a bracket, a bullet, an arrow
WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")
LONG = XPath(".//text()[string-length() > 60][not(ancestor::a)]", smart_strings=False)
UNPRUNED = ("body", "main", "article", "a", "img", "h1")
LABEL = re.compile(
    r"^\W*(?:(?:related|read|see|watch|listen|more|also|don.?t miss|you may|recommended)\b[^:]{0,40}:)?\W*", re.I
)
SENTENCE = re.compile(r"[.!?…。！？][”\"’')\]」]*$")


def strip_chrome(tree: HtmlElement) -> None:
    """Take out what no article's line stands in: scripts, navigation, lists that are menus. Each of trafilatura's
    searches has less to go through then: a quarter of the time."""
    strip_elements(tree, *TEXTLESS, with_tail=False)
    for element in [*tree.iter(*CHROME), *filter(_is_menu, tree.iter("ul", "ol"))]:
        if not _holds_article(element):
            drop(element)


def drop(element: HtmlElement) -> None:
    """Take an element out of its tree; the text behind it stays."""
    parent = element.getparent()
    if parent is None:
        return
    if element.tail:
        before = element.getprevious()
        if before is None:
            parent.text = (parent.text or "") + element.tail
        else:
            before.tail = (before.tail or "") + element.tail
    parent.remove(element)


def prose(element: HtmlElement) -> int:
    """Characters of an element's long texts outside links, whatever its tags are."""
    return sum(map(len, LONG(element)))


def prune(tree: HtmlElement) -> Pruned:
    """Take out a page's blocks of other stories, boxes and bars: (its beginning, the rule) of each that has a text."""
    pruned = _prune_named(tree) + _prune_standfirst(tree) + _prune_links(tree)
    return [(" ".join(text.split())[:MOST_TOLD], rule) for text, rule in pruned if text.strip()]


@cache
def _rules() -> dict[str, list[tuple[tuple[str, ...], str]]]:
    """The phrases of the lexicon with their rules, by their first words."""
    rules: dict[str, list[tuple[tuple[str, ...], str]]] = defaultdict(list)
    for rule, words in lexicon("markup").select("rule", "words").iter_rows():
        phrase = tuple(words.split())
        rules[phrase[0]].append((phrase, rule))
    return dict(rules)


@lru_cache(maxsize=1 << 15)
def rule_of(name: str) -> str | None:
    """The rule of a block by the words of its class and id: "c-MostRead__list" has "most read". NULL: none."""
    words = [word.lower() for word in WORD.findall(name)]
    rules = _rules()
    for start, word in enumerate(words):
        for phrase, rule in rules.get(word, ()):
            if tuple(words[start : start + len(phrase)]) == phrase:
                return rule
    return None


def _is_menu(element: HtmlElement) -> bool:
    links = list(element.iter("a"))
    if len(links) < LEAST_MENU:
        return False
    linked = sum(len(link.text_content()) for link in links)
    return linked > MENU_SHARE * len("".join(element.text_content().split()))


def _holds_article(element: HtmlElement) -> bool:
    return next(element.iter("h1", "article"), None) is not None


def _prune_named(tree: HtmlElement) -> Pruned:
    """Blocks whose class or id says what they are."""
    left = prose(tree) * MOST_PRUNED
    pruned: Pruned = []
    for element in list(tree.iterdescendants("*")):
        name, number = element.get("class"), element.get("id")
        if (name is None and number is None) or element.tag in UNPRUNED:
            continue
        rule = rule_of(f"{name or ''} {number or ''}")
        if rule is None or _holds_article(element):
            continue
        share = prose(element)
        if share <= left:
            left -= share
            pruned.append((element.text_content(), rule))
            drop(element)
    return pruned


def _prune_standfirst(tree: HtmlElement) -> Pruned:
    """The heading that stands right below the headline, whatever its class."""
    found = [
        below
        for headline in tree.iter("h1")
        if (below := headline.getnext()) is not None and below.tag in ("h2", "h3", "h4", "h5")
    ]
    for element in found:
        drop(element)
    return [(element.text_content(), "standfirst") for element in found]


def _prune_links(tree: HtmlElement) -> Pruned:
    """Paragraphs and list items that are one link to another story, and no sentence."""
    pruned: Pruned = []
    sizes: dict[HtmlElement, int] = {}
    for link in list(tree.iter("a")):
        text = link.text_content().strip()
        if len(text.split()) < LEAST_LINK or SENTENCE.search(text):
            continue
        block = _block_of(link, len("".join(text.split())), sizes)
        if block is not None and block.getparent() is not None:
            pruned.append((block.text_content(), "link_line"))
            drop(block)
    return pruned


def _block_of(link: HtmlElement, size: int, sizes: dict[HtmlElement, int]) -> HtmlElement | None:
    """The outermost paragraph or list item that holds little beside the link; NULL where none does. `sizes` keeps what
    was measured: a paragraph may hold a thousand links."""
    block = None
    for above in link.iterancestors():
        if above.tag not in INLINE and above.tag not in ("p", "li"):
            break
        if above not in sizes:
            sizes[above] = len("".join(LABEL.sub("", above.text_content()).split()))
        if sizes[above] > size + SLACK:
            break
        if above.tag in ("p", "li"):
            block = above
    return block
