"""A document's page: what a bulk line states wins, and what its page offered stays beside it."""

import json

from flows.clean.candidates import Candidate
from flows.clean.page import Page, read_page

TEXT = "The bridge over the river fell on Tuesday evening, and the police have closed the road to the old town. " * 4
HEAD = '<meta property="og:title" content="Bridge falls"><meta property="article:modified_time" content="2024-05-15">'
PAGE = f'<html lang="de"><head>{HEAD}</head><body><article><p>{TEXT}</p></article></body></html>'


def offered(page: Page, field: str) -> list[tuple[str, str, int, bool]]:
    return [(one.value, one.source, one.rank, one.is_chosen) for one in page.candidates if one.field == field]


def test_a_lines_own_title_wins_and_the_pages_is_kept() -> None:
    page = read_page("line", json.dumps({"id": "1", "html": PAGE, "title": "A bridge"}).encode())

    assert page.title == "A bridge"
    assert offered(page, "title") == [("A bridge", "input", 1, True), ("Bridge falls", "meta og:title", 2, False)]


def test_a_line_without_a_title_has_its_pages() -> None:
    page = read_page("line", json.dumps({"id": "1", "html": PAGE, "title": " "}).encode())

    assert offered(page, "title") == [("Bridge falls", "meta og:title", 1, True)]


def test_a_line_says_when_its_page_was_fetched() -> None:
    head = '<meta name="date" content="2024-05-14">'
    html = PAGE.replace(HEAD, head)

    late = read_page("line", json.dumps({"id": "1", "html": html, "fetched_at": "2024-06-01"}).encode())
    early = read_page("line", json.dumps({"id": "1", "html": html, "fetched_at": "2024-05-01"}).encode())

    assert (late.published is not None, late.published_from) == (True, "meta")
    assert (early.published, early.published_from) == (None, None)


def test_the_text_decides_on_a_language_that_the_page_states_otherwise() -> None:
    page = read_page("html", PAGE.encode())

    assert page.language == "en"
    assert offered(page, "language") == [("en", "text", 1, True), ("de", "html lang", 2, False)]


def test_the_text_of_a_page_that_states_its_language_is_no_further_candidate() -> None:
    page = read_page("html", PAGE.replace('"de"', '"en-GB"').encode())

    assert page.language == "en"
    assert offered(page, "language") == [("en-GB", "html lang", 1, True)]


def test_a_page_carries_when_it_was_changed() -> None:
    page = read_page("html", PAGE.encode())

    assert page.modified is not None
    assert page.published is None
    assert Candidate("modified_at", "2024-05-15", "meta article:modified_time", 1, True) in page.candidates
