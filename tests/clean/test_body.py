"""Blocks of a page: each kind goes by its markup with its rule, and a look-alike that is journalism stays."""

import pytest
import trafilatura

from flows.clean.body import Body, read_body
from flows.clean.containers import join_split_body
from flows.clean.prune import rule_of
from flows.clean.tree import read_tree

TEXT = "".join(
    f"<p>{line}</p>"
    for line in (
        "A fire in the old port destroyed three warehouses on Monday evening, the mayor of the town said at a meeting.",
        "Firefighters from four towns worked through the night to keep the flames from the houses that stand nearby.",
        "Nobody was hurt, according to the police, who closed the coast road and told people to shut their windows.",
        "The cause is not known yet: investigators will begin their work as soon as the ruins have cooled down enough.",
    )
)


def read(body: str, head: str = "") -> Body:
    page = f"<html><head>{head}</head><body>{body}</body></html>"
    tree = read_tree(page)
    assert tree is not None
    return read_body(tree, page)


@pytest.mark.parametrize(
    ("rule", "block", "text"),
    [
        ("related_block", '<div class="c-MostRead__list"><p>Port to get a new crane</p></div>', "new crane"),
        ("related_block", '<section id="recommended"><h3>Why the crane fell</h3></section>', "crane fell"),
        ("teaser_block", '<div class="teaser-small"><p>Ferry stays in port after storm</p></div>', "Ferry stays"),
        (
            "newsletter_box",
            '<div class="newsletterSignup"><p>News each morning, free of charge</p></div>',
            "each morning",
        ),
        ("paywall_note", '<div class="paywall"><p>Two free stories left this month</p></div>', "free stories"),
        ("share_bar", '<div class="share-bar"><span>Send this to a friend</span></div>', "to a friend"),
        ("author_box", '<div class="author-bio"><p>Ada Lo writes about ports and ships.</p></div>', "about ports"),
        ("byline_block", '<div class="entry-meta">By Ada Lo, 21 November 2020</div>', "Ada Lo"),
        ("tag_row", '<div class="tags"><span>Fires</span> <span>Harbours</span></div>', "Harbours"),
        ("consent", '<div id="cookie-banner"><p>We store cookies to count visits.</p></div>', "cookies"),
        (
            "standfirst",
            '<p class="standfirst">Three warehouses are gone after a night of flames</p>',
            "night of flames",
        ),
        ("link_line", '<p>Related: <a href="/b">Port to get a new crane next year</a></p>', "new crane"),
        ("link_line", '<ul><li><a href="/b">Port to get a new crane next year</a></li></ul>', "new crane"),
        ("link_line", '<p><b><a href="/b">Port to get a new crane next year</a></b> »</p>', "new crane"),
    ],
)
def test_a_block_goes_with_its_rule(rule: str, block: str, text: str) -> None:
    body = read(f"<article><h1>Port fire</h1>{TEXT}{block}{TEXT.replace('four', 'five')}</article>")

    assert text not in body.text
    assert [rule for told, rule in body.pruned if text in told] == [rule]


@pytest.mark.parametrize(
    ("block", "text"),
    [
        ('<p>The port opened <a href="/b">a new crane in 2019</a>, which the fire spared.</p>', "a new crane in 2019"),
        ('<p><a href="/b">The port said on Monday that it would rebuild.</a></p>', "would rebuild"),
        ("<ul><li>Two engines from Malaga</li><li>Three boats with pumps</li></ul>", "Three boats with pumps"),
        ("<h2>What burnt in the port</h2>", "What burnt"),
        ("<blockquote><p>We lost all that we had, said the owner of a warehouse.</p></blockquote>", "We lost all"),
        ("<table><tr><td>Warehouse</td><td>Loss</td></tr><tr><td>East</td><td>40</td></tr></table>", "East"),
        ('<div class="vintage-text"><p>The tower was built in 1902 by a Malaga family.</p></div>', "built in 1902"),
        ('<ul><li><a href="/c">Port of Malaga</a></li><li>The town, its owner</li></ul>', "Port of Malaga"),
    ],
)
def test_journalism_that_looks_like_a_block_stays(block: str, text: str) -> None:
    body = read(f"<article><h1>Port fire</h1>{TEXT}{block}{TEXT.replace('four', 'five')}</article>")

    assert text in body.text


@pytest.mark.parametrize(
    ("name", "rule"),
    [
        ("c-MostRead__list", "related_block"),
        ("widget_recent_posts", "related_block"),
        ("stage vintage montage", None),
        ("read more-room", "related_block"),
        ("unrelated", None),
        ("heritage shareholder", None),
    ],
)
def test_a_name_is_read_by_its_words(name: str, rule: str | None) -> None:
    assert rule_of(name) == rule


@pytest.mark.parametrize("name", ["related", "teaser", "social", "share-content", "post-meta"])
def test_a_block_that_holds_the_article_stays_whatever_its_name(name: str) -> None:
    with_headline = read(f'<div class="{name}"><h1>Port fire</h1>{TEXT}</div>')
    without_headline = read(f'<h1>Port fire</h1><div class="{name}">{TEXT}</div>')

    assert "Nobody was hurt" in with_headline.text
    assert "Nobody was hurt" in without_headline.text


def test_the_headline_and_the_line_below_it_do_not_open_the_body() -> None:
    body = read(f"<article><h1>Port fire guts warehouses</h1><h2>Nobody hurt in Malaga</h2><div>{TEXT}</div></article>")

    assert body.text.startswith("A fire in the old port")
    assert ("Nobody hurt in Malaga", "standfirst") in body.pruned


def test_links_to_other_stories_go_from_the_end() -> None:
    links = "".join(f'<h3><a href="/{n}">Crane number {n} fell down</a></h3>' for n in range(3))
    body = read(f"<article><h1>Port fire</h1><div>{TEXT}{links}</div></article>")

    assert body.text.endswith("cooled down enough.")


def test_a_body_in_several_containers_is_read_whole() -> None:
    parts = [TEXT.replace("port", f"{place} port") for place in ("north", "south", "east", "west")]
    body = read(
        "<article><h1>Port fire</h1>"
        + "".join(f'<div><div class="article-body">{part}</div></div><div><p>Ad</p></div>' for part in parts)
        + "</article>"
    )

    assert all(f"old {place} port" in body.text for place in ("north", "south", "east", "west"))


def test_containers_within_each_other_are_no_parts_of_a_body() -> None:
    nested = f'<div class="a">{TEXT}<div class="a">{TEXT}</div></div>'
    tree = trafilatura.load_html(f"<html><body><article>{nested}</article></body></html>")

    assert tree is not None
    assert not join_split_body(tree)


def test_a_layout_table_parts_its_paragraphs_and_a_table_of_figures_stays() -> None:
    cell = TEXT.replace("<p>", "").replace("</p>", "<br><br>")
    figures = "<table><tr><td>East</td><td>40</td></tr><tr><td>West</td><td>12</td></tr></table>"
    layout = read(f"<table><tr><td>Menu</td><td>{cell}</td></tr></table>")
    mixed = read(f"<article>{TEXT}{figures}{TEXT.replace('four', 'five')}</article>")

    assert "Nobody was hurt" in layout.text
    assert "|" not in layout.text
    assert "40" in mixed.text


def test_a_page_of_scraps_is_read_again_and_the_prose_wins() -> None:
    menu = "".join(f"<div><span>Office {n}</span></div>" for n in range(60))
    body = read(f"<div>{menu}</div><div><div><h1>Port fire</h1>{TEXT}</div></div>")

    assert "Nobody was hurt" in body.text
    assert "Office 7" not in body.text
