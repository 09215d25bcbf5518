"""trafilatura's discards, remembered: they find what its own expressions find."""

import random

import pytest
from lxml.html import HtmlElement, tostring
from trafilatura import load_html

from flows.clean.discards import BASELINE, FIRSTS, LISTS, First, Remembered, Together
from flows.clean.tree import read_tree

NAMES = (
    "share",
    "story-body",
    "comments",
    "comment-list",
    "sidebar",
    "menu",
    "teaser-box",
    "caption",
    "hidden",
    "text",
)
MORE = (
    "infinite-scroll",
    "mvp-post-add-box",
    "elementor-share-buttons",
    "related",
    "commentary",
    "dsq-comments",
    "\x85",
    "entry-content",
    "main-content",
    "cookie-banner",
    "site-footer",
)
TAGS = ("div", "section", "p", "span", "ul", "ol", "li", "a", "h1", "o:p", "aside", "details")
STYLES = ("display:none", "color: red", "visibility:hidden")


def random_page(seed: int) -> HtmlElement:
    dice = random.Random(seed)

    def block(depth: int) -> str:
        tag = dice.choice(TAGS)
        held = {
            "class": " ".join(dice.sample(NAMES + MORE, k=dice.randrange(3))),
            "id": dice.choice(["", *NAMES, *MORE]),
            "style": dice.choice(["", *STYLES]),
            "role": dice.choice(["", "navigation"]),
            "aria-hidden": dice.choice(["", "true"]),
        }
        stated = "".join(f' {name}="{value}"' for name, value in held.items() if value and dice.random() < 0.5)
        inner = "".join(block(depth - 1) for _ in range(dice.randrange(5))) if depth else "a line of text"
        return f"<{tag}{stated}>{inner}</{tag}>"

    tree = read_tree(f"<html><body>{''.join(block(4) for _ in range(6))}</body></html>")
    assert tree is not None
    return tree


@pytest.mark.parametrize("seed", range(30))
def test_a_remembered_expression_finds_what_trafilaturas_own_finds(seed: int) -> None:
    tree = random_page(seed)

    remembered = [one for expressions in LISTS for one in expressions if isinstance(one, Remembered)]

    assert len(remembered) >= 4
    for one in remembered:
        assert one(tree) == one.expression(tree)


@pytest.mark.parametrize("seed", range(30))
def test_of_an_expression_whose_first_element_counts_the_first_is_found(seed: int) -> None:
    tree = random_page(seed)

    firsts = [one for expressions in FIRSTS for one in expressions if isinstance(one, First)]

    assert len(firsts) == 3
    for one in firsts:
        assert one(tree) == one.expression(tree)[:1]


@pytest.mark.parametrize("seed", range(30))
def test_what_is_taken_out_before_a_page_is_measured_is_the_same(seed: int) -> None:
    tree = random_page(seed)
    together = BASELINE.BASIC_CLEAN_XPATH

    assert isinstance(together, Together)
    assert set(together(tree)) == set(together.expression(tree))
    assert any(found.get("class") == "cookie-banner" for found in together.worded(random_page(1)))


@pytest.mark.parametrize(
    "page",
    [
        '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0//EN" "a/b.dtd">\n<html><body><p>Ore fell.</p></body></html>',
        '<?xml version="1.0" encoding="iso-8859-1"?><html><body><p>Élan</p></body></html>',
        "<html/>\n<body><p>Ore</p><p>fell</p></body>",
        "<html><body><p>a\x01b\ufffec</p></body></html>",
        "<p>one</p><p>two</p>",
        "only words",
        "",
        "<!-- nothing -->",
    ],
)
def test_a_page_is_read_as_trafilatura_reads_it(page: str) -> None:
    ours, theirs = read_tree(page), load_html(page)

    assert (ours is None) == (theirs is None)
    assert ours is None or tostring(ours) == tostring(theirs)


def test_halves_of_characters_are_left_out() -> None:
    tree = read_tree("<html><body><p>Ore \ud83dfell</p></body></html>")

    assert tree is not None
    assert tree.text_content() == "Ore fell"
