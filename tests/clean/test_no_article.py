"""Pages without an article are refused with what they look like; short real articles stay."""

import contextlib
import json

import pytest

from flows.clean.decode import Unreadable
from flows.clean.page import read_page


def page(title: str, body: str) -> bytes:
    return f"<html><head><title>{title}</title></head><body>{body}</body></html>".encode()


@pytest.mark.parametrize(
    ("title", "body", "look"),
    [
        ("404 Not Found", "<h1>Not Found</h1><p>The page was not found on this server.</p>", "an error page"),
        ("Seite nicht gefunden", "<p>Bitte gehen Sie zur Startseite und suchen Sie dort weiter.</p>", "an error page"),
        ("Access denied", "<p>You have no right to look at this page, says the server.</p>", "an error page"),
        ("One moment", "<p>Please enable JavaScript and cookies to go on to the page.</p>", "a check for robots"),
        ("Courier", "<p>We saw unusual traffic. Please show that you are not a robot.</p>", "a check for robots"),
        ("Courier", "<p>Please log in to read this story. Forgot your password?</p>", "a login wall"),
        ("Courier", "<p>Before you continue: accept all cookies or choose which ones.</p>", "a consent wall"),
        ("Courier", "", "no body text"),
        (
            "World",
            "".join(f'<div><h2><a href="/{n}">Crane number {n} fell down</a></h2></div>' for n in range(20)),
            "a list of other pages",
        ),
    ],
)
def test_a_page_without_an_article_says_what_it_looks_like(title: str, body: str, look: str) -> None:
    with pytest.raises(Unreadable) as refused:
        read_page("html", page(title, body))

    assert refused.value.args[0] == "no article"
    assert look in refused.value.args[1]


@pytest.mark.parametrize(
    "text",
    [
        "A fire in the old port killed two people on Monday, police said. The cause is not known.",
        "Nobody could say on Monday where the 404 missing pages of the report are, the court said.",
        "The town asked people to sign in at the harbour before they go home.",
        "Robots will load ships in the harbour of Malaga from May on, the port said on Monday.",
    ],
)
def test_a_short_article_stays(text: str) -> None:
    read = read_page("html", page("Port news", f"<article><h1>Port news</h1><p>{text}</p></article>"))

    assert read.text == text


def test_hundreds_of_thousands_of_elements_are_refused_before_they_take_minutes() -> None:
    with pytest.raises(Unreadable, match="elements"):
        read_page("html", page("Many", "<p>abc</p>" * 200_000))


@pytest.mark.parametrize("tag", ["div", "span", "b", "blockquote", "table><tr><td", "ul><li", "a href=x"])
def test_a_hundred_thousand_nested_tags_end_as_a_text_or_as_a_refusal(tag: str) -> None:
    text = "<p>A fire in the old port killed two people on Monday, police said.</p>"
    with contextlib.suppress(Unreadable):
        assert "old port" in read_page("html", page("Port", text + f"<{tag}>" * 100_000 + text)).text


def test_an_article_holds_no_controls_though_its_page_does() -> None:
    text = "Police said that 1&#8203;2 peo&#173;ple were &#8238;hurt&#8236; in the old&#1; port of Malaga on Mon\0day."
    read = read_page("html", page("Port", f"<article><p>{text}</p></article>"))

    assert read.text == "Police said that 12 people were hurt in the old port of Malaga on Monday."


def test_a_bulk_lines_halves_of_characters_do_not_stop_its_batch() -> None:
    text = "<p>Police said that two people were hurt in the old \ud83d port of Malaga.</p>"
    html = f"<html><body><article>{text}</article></body></html>"
    line = {
        "id": 1,
        "html": html,
        "title": "Fire \ud83d here",
        "publisher": "Courier\udc00",
        "authors": ["Ada\ud83d Lo"],
    }
    read = read_page("line", json.dumps(line).encode())

    assert "old  port" in read.text or "old port" in read.text
    assert (read.title, read.publisher, read.authors) == ("Fire  here", "Courier", ["Ada Lo"])
