"""What a page states about itself, by evidence: JSON-LD and meta tags first, its markup after them."""

import json
from datetime import UTC, datetime

import pytest
import trafilatura

from flows.clean.metadata import Stated, read_metadata


def read(head: str = "", body: str = "<p>A text.</p>") -> Stated:
    tree = trafilatura.load_html(f"<html><head>{head}</head><body>{body}</body></html>")
    assert tree is not None
    return read_metadata(tree)


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
