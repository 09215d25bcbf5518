"""What a page states about itself, by evidence: JSON-LD and meta tags first, its markup after them."""

import json
from datetime import UTC, datetime

import pytest
import trafilatura

from flows.clean.metadata import Stated, read_metadata


def read(head: str = "", body: str = "<p>A text.</p>", fetched: datetime | None = None) -> Stated:
    tree = trafilatura.load_html(f"<html><head>{head}</head><body>{body}</body></html>")
    assert tree is not None
    return read_metadata(tree, fetched)


def linked(**stated: object) -> str:
    return f'<script type="application/ld+json">{json.dumps(stated)}</script>'


def test_an_article_in_json_ld_states_title_authors_and_instant() -> None:
    stated = read(
        linked(
            **{"@context": "https://schema.org", "@graph": [{"@type": "WebSite", "name": "Courier"}]},
        )
        + linked(
            **{
                "@type": ["NewsArticle"],
                "headline": "Bridge falls in Lyon",
                "datePublished": "2024-05-14T20:57:43+02:00",
                "author": [{"@type": "Person", "name": "Ada Lo"}, {"@type": "Person", "name": "Bo Ek"}],
                "publisher": {"@type": "Organization", "name": "The Courier"},
            }
        )
    )

    assert stated.title == "Bridge falls in Lyon"
    assert stated.authors == ["Ada Lo", "Bo Ek"]
    assert stated.published is not None
    assert stated.published.at == datetime(2024, 5, 14, 18, 57, 43, tzinfo=UTC)
    assert stated.publisher == "The Courier"


def test_meta_tags_state_what_json_ld_does_not() -> None:
    stated = read(
        '<meta property="og:title" content="Bridge falls"><meta property="og:site_name" content="The Courier">'
        '<meta name="author" content="By Ada Lo and Bo Ek">'
        '<meta property="article:published_time" content="2024-05-14T20:57">'
    )

    assert (stated.title, stated.authors, stated.publisher) == ("Bridge falls", ["Ada Lo", "Bo Ek"], "The Courier")
    assert stated.published is not None
    assert stated.published.precision == "minute"


def test_what_is_not_stated_is_looked_for_in_the_page() -> None:
    stated = read("<title>Bridge falls in Lyon</title>", '<h1>Bridge falls in Lyon</h1><p class="byline">By Ada Lo</p>')

    assert stated.title == "Bridge falls in Lyon"
    assert stated.authors == ["Ada Lo"]


@pytest.mark.parametrize(
    ("title", "site", "heading", "clean"),
    [
        ("Bridge falls | The Courier", "The Courier", "", "Bridge falls"),
        ("Bridge falls in Lyon - Courier Online", "The Courier", "Bridge falls in Lyon", "Bridge falls in Lyon"),
        ("Bridge falls: what we know", "The Courier", "", "Bridge falls: what we know"),
        ("All hail The Courier", "The Courier", "", "All hail The Courier"),
        ("The Courier", "The Courier", "", None),
        ("Bridge falls – Courier – 14.05.2024", "courier.example", "", "Bridge falls"),
        ("Bridge falls in Lyon | News and more", "", "Bridge falls in Lyon", "Bridge falls in Lyon"),
        ("Bridge falls in Lyon – ten hurt", "", "Bridge falls in Lyon", "Bridge falls in Lyon – ten hurt"),
        ("Courier: Bridge falls", "The Courier", "", "Bridge falls"),
        ("Bridge falls in ...", "", "Bridge falls in Lyon", "Bridge falls in ..."),
        (
            "Bridge falls in the centre of ...",
            "",
            "Bridge falls in the centre of Lyon",
            "Bridge falls in the centre of Lyon",
        ),
        ("Bridge falls: Courier reporters hurt", "Courier", "", "Bridge falls: Courier reporters hurt"),
    ],
)
def test_a_title_goes_without_the_sites_name(title: str, site: str, heading: str, clean: str | None) -> None:
    meta = f'<meta property="og:title" content="{title}"><meta property="og:site_name" content="{site}">'

    assert read(meta, f"<h1>{heading}</h1><p>A text.</p>").title == clean


@pytest.mark.parametrize(
    ("author", "names"),
    [
        ("Ada Lo, Bo Ek and Cy Du", ["Ada Lo", "Bo Ek", "Cy Du"]),
        ("Lo, Ada", ["Lo, Ada"]),
        ("https://courier.example/ada", []),
        ("ada@courier.example", []),
        ("Reuters", ["Reuters"]),
    ],
)
def test_authors_are_names_without_addresses(author: str, names: list[str]) -> None:
    meta = '<meta property="og:title" content="Bridge falls"><meta property="og:site_name" content="The Courier">'
    when = '<meta property="article:published_time" content="2024-05-14">'

    assert read(f'{meta}{when}<meta name="author" content="{author}">').authors == names


@pytest.mark.parametrize("broken", ["{", '{"@graph": 7}', "[" * 5000, '"text"', '{"@type": null, "author": [null, 3]}'])
def test_broken_json_ld_states_nothing_and_stops_nothing(broken: str) -> None:
    stated = read(f'<script type="application/ld+json">{broken}</script><title>Bridge falls in Lyon</title>')

    assert stated.title == "Bridge falls in Lyon"


@pytest.mark.parametrize(
    "script",
    [
        '<!-- {"@type": "NewsArticle", "headline": "Bridge falls"} -->',
        '/*<![CDATA[*/ {"@type": "NewsArticle", "headline": "Bridge falls"} /*]]>*/',
        '{"@type": "NewsArticle", "headline": "Bridge falls",}',
        '{"@type": "Article", "headline": "Bridge falls"}'.replace('"', "&amp;quot;"),
        '[[{"@type": "NewsArticle", "headline": "Bridge falls"}]];',
        '{"@type": "NewsArticle", "headline": "Bridge falls", "description": "the "old" bridge"}',
    ],
)
def test_json_ld_is_read_as_it_is_meant(script: str) -> None:
    assert read(f'<script type="application/ld+json">{script}</script>').title == "Bridge falls"


def test_an_author_that_json_ld_names_by_id_is_looked_up() -> None:
    graph = [
        {"@type": "NewsArticle", "headline": "Bridge falls", "author": [{"@id": "#ada"}, {"@id": "#nobody"}]},
        {"@type": "Person", "@id": "#ada", "givenName": "Ada", "familyName": "Lo"},
    ]

    assert read(linked(**{"@graph": graph})).authors == ["Ada Lo"]


def test_a_byline_wins_over_the_outlet_as_author() -> None:
    outlet = {"@type": "Organization", "name": "The Courier"}
    stated = linked(**{"@type": "NewsArticle", "headline": "Bridge falls", "author": outlet, "publisher": outlet})

    assert read(stated, '<p class="article-byline">By Ada Lo, Lille</p>').authors == ["Ada Lo"]
    assert read(stated, '<aside><p class="byline">By Bo Ek</p></aside>').authors == ["The Courier"]
    assert read(stated, '<p class="author-bio">Bo Ek</p><p class="author">Follow</p>').authors == ["The Courier"]


@pytest.mark.parametrize(
    "byline",
    [
        '<a rel="author" href="/ada">Ada Lo</a> and <a rel="author" href="/bo">Bo Ek</a>',
        '<div itemprop="author"><span itemprop="name">Ada Lo</span></div><div itemprop="author"><b>Bo Ek</b></div>',
        '<p class="Story-byline"><a href="/ada">Ada Lo</a> <a href="/bo">Bo Ek</a></p>',
        '<div class="byline">Von <i class="author-name">Ada Lo</i> und <i class="author-name">Bo Ek</i></div>',
    ],
)
def test_markup_names_authors_that_stand_side_by_side(byline: str) -> None:
    assert read(body=f"<h1>Bridge falls</h1><div>{byline}</div><p>A text.</p>").authors == ["Ada Lo", "Bo Ek"]


@pytest.mark.parametrize(
    ("page", "source"),
    [
        ('<time datetime="2024-05-14T20:57:00Z">yesterday</time>', "time datetime"),
        ('<span itemprop="datePublished">2024-05-14</span>', "itemprop datePublished"),
        ('<p class="post-date">14 May 2024</p>', "class date"),
    ],
)
def test_a_date_that_only_the_markup_states_is_read(page: str, source: str) -> None:
    stated = read(body=f"<h1>Bridge falls</h1>{page}<p>A text.</p>")

    assert stated.published is not None
    assert stated.published.at.date() == datetime(2024, 5, 14).date()
    assert [one.source for one in stated.candidates if one.field == "published_at" and one.is_chosen] == [source]


def test_the_day_in_an_address_is_the_last_word() -> None:
    stated = read('<link rel="canonical" href="https://courier.example/2024/05/14/bridge">')

    assert stated.published is not None
    assert stated.published.precision == "day"


def test_a_date_of_the_last_change_is_not_the_date_of_publication() -> None:
    stated = read(
        '<meta property="article:modified_time" content="2024-05-15T08:00:00Z">',
        '<p class="updated-date">Updated 15 May 2024</p><time class="modified" datetime="2024-05-15">today</time>',
    )

    assert stated.published is None
    assert stated.modified is not None
    assert stated.modified.at == datetime(2024, 5, 15, 8, tzinfo=UTC)


def test_a_date_in_the_future_does_not_win() -> None:
    head = '<meta name="date" content="2034-05-14"><meta name="pubdate" content="2024-05-14">'

    stated = read(head, fetched=datetime(2024, 5, 20, tzinfo=UTC))

    assert stated.published is not None
    assert stated.published.at.year == 2024
    assert [(one.value, one.rank, one.is_chosen) for one in stated.candidates] == [
        ("2034-05-14", 1, False),
        ("2024-05-14", 2, True),
    ]


def test_a_date_of_tomorrow_is_believed() -> None:
    stated = read('<meta name="date" content="2024-05-21">', fetched=datetime(2024, 5, 20, 12, tzinfo=UTC))

    assert stated.published is not None


def test_candidates_that_lost_are_kept_in_the_order_of_the_rules() -> None:
    stated = read(
        '<meta property="og:title" content="Bridge falls | The Courier"><title>Courier</title>'
        '<meta property="og:site_name" content="The Courier">' + linked(**{"@type": "Article", "headline": "A bridge"}),
        "<h1>The bridge of Lyon</h1>",
    )

    assert stated.title == "Bridge falls"
    assert [(one.source, one.value, one.is_chosen) for one in stated.candidates if one.field == "title"] == [
        ("meta og:title", "Bridge falls | The Courier", True),
        ("json-ld headline", "A bridge", False),
        ("h1", "The bridge of Lyon", False),
        ("title", "Courier", False),
    ]


def test_candidates_are_few_and_short() -> None:
    stated = read(
        body="<h1>A heading</h1>" * 50 + f"<h1>{'long ' * 200}</h1>" + "".join(f"<h1>No {n}</h1>" for n in range(50))
    )

    titles = [one for one in stated.candidates if one.field == "title"]
    assert len(titles) == 10
    assert all(len(one.value) <= 300 for one in titles)


@pytest.mark.parametrize(
    ("head", "language"),
    [('<meta property="og:locale" content="de_AT">', "de"), ('<meta property="og:locale" content="german">', None)],
)
def test_a_page_states_its_language_by_its_code(head: str, language: str | None) -> None:
    assert read(head).language == language


def test_an_application_named_like_the_article_is_no_outlet() -> None:
    head = '<title>Bridge falls</title><meta name="application-name" content="Bridge falls">'

    stated = read(head)

    assert (stated.title, stated.publisher) == ("Bridge falls", None)


@pytest.mark.parametrize(
    ("site", "publisher", "outlet"),
    [
        ("dailycourier", "The Daily Courier", "The Daily Courier"),
        ("courier.example", "Courier", "Courier"),
        ("Daily Courier", "The Associated Press", "Daily Courier"),
        ("dailycourier", "The Associated Press", "dailycourier"),
        ("the guardian", "The Guardian Group", "the guardian"),
        ("Courier | News | Sport", "Courier Media AG", "Courier"),
    ],
)
def test_an_outlet_is_called_by_its_name(site: str, publisher: str, outlet: str) -> None:
    stated = read(
        f'<meta property="og:site_name" content="{site}">'
        + linked(**{"@type": "NewsArticle", "headline": "A", "publisher": {"@type": "Organization", "name": publisher}})
    )

    assert stated.publisher == outlet
