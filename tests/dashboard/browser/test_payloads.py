"""200 payloads in every field of every page: none runs, none becomes a part of a page, none breaks its layout."""

import csv
import io
import json
import os
from html import escape
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest

from tests.conftest import Command
from tests.dashboard.browser.conftest import OpenTab
from tests.dashboard.browser.crawl import crawl, folded
from tests.dashboard.browser.payloads import PAYLOADS
from tests.dashboard.browser.server import served

CROWDS = [f"/{sort}_c{number}" for number in range(4) for sort in ("stories/sto", "events/evt")]
IS_LONG = bool(os.environ.get("NEWSLEDGER_PROOFS"))
EACH = 200 if IS_LONG else 3  # pages of a sort
REVISED = "/articles/s3_3"
PHONE = {"viewport": {"width": 375, "height": 760}}
# Tags and attributes of pages that are only parsed: nothing in them runs.
PARSE = """pages => [...new Set(pages.flatMap(page =>
  [...new DOMParser().parseFromString(page, 'text/html').querySelectorAll('*')].map(element =>
    `${element.localName}[${[...element.attributes].map(one => one.name).sort().join(' ')}]`)))].sort()"""
pytestmark = pytest.mark.proof


def test_no_payload_runs_or_becomes_a_part_of_a_page_or_breaks_it(
    tab: OpenTab, hostile_site: str, harmless_site: str
) -> None:
    harmless = list(crawl(tab(harmless_site), 2, [*CROWDS[:2], REVISED]))
    kinds = {kind for seen in harmless for kind in seen.looks["kinds"]}
    (frame,) = {str(seen.looks["frame"]) for seen in harmless if "/json" not in seen.path}

    hostile = list(crawl(tab(hostile_site), EACH, [*CROWDS, REVISED]))

    assert {seen.path: added for seen in hostile if (added := set(seen.looks["kinds"]) - kinds)} == {}
    assert {seen.path: wrong[:5] for seen in [*harmless, *hostile] if (wrong := seen.looks["wrong"])} == {}
    assert {seen.path for seen in hostile if str(seen.looks["frame"]) != frame} == set()
    shown = folded("".join(seen.text for seen in hostile))
    assert [payload for payload in PAYLOADS if folded(payload) not in shown] == []


def test_on_a_phone_no_payload_breaks_a_page(tab: OpenTab, hostile_site: str) -> None:
    hostile = list(crawl(tab(hostile_site, **PHONE), 1, CROWDS[:3]))

    assert {seen.path: wrong[:5] for seen in hostile if (wrong := seen.looks["wrong"])} == {}


def test_a_payload_as_an_address_or_a_filter_stays_text(tab: OpenTab, hostile_site: str, harmless_site: str) -> None:
    addresses = ["/stories?q={0}&place={0}&actor={0}", "/stories/{0}", "/sources/x{0}", "/facts/{0}", "/runs/{0}"]
    parser = tab("about:blank").page

    with httpx.Client(base_url=hostile_site) as client, httpx.Client(base_url=harmless_site) as other:
        for number, address in enumerate(addresses):
            payloads = PAYLOADS if IS_LONG else PAYLOADS[number :: len(addresses)]
            words = (quote("https://wire.example/3", safe=""), "%20", "x" * 3000)
            plain = [other.get(address.format(word)) for word in words]
            hostile = [client.get(address.format(quote(payload, safe=""))) for payload in payloads]
            assert {answer.status_code for answer in hostile} <= {200, 307, 400, 404}, address
            assert all(answer.headers.get("location", hostile_site).startswith(hostile_site) for answer in hostile)
            assert {answer.headers["content-security-policy"] for answer in hostile} == {
                plain[0].headers["content-security-policy"]
            }
            known = set(parser.evaluate(PARSE, [answer.text for answer in plain]))
            assert (
                set(parser.evaluate(PARSE, [answer.text for answer in hostile if answer.status_code != 307])) - known
                == set()
            ), address


def test_a_payload_that_is_asked_for_runs_no_more_than_one_that_was_read(tab: OpenTab, hostile_site: str) -> None:
    opened = tab(hostile_site)

    for payload in [payload for payload in PAYLOADS if len(payload) < 200 and payload[-1] != "/"][::17]:
        word = quote(payload, safe="")
        for address, status in ((f"/stories?q={word}&place={word}", 200), (f"/stories/{word}", 404)):
            opened.visit(address, status)
            assert opened.looks()["wrong"] == []
    for payload in ("</textarea><script>__ran(1)</script>", "'\"><img src=x onerror=__ran(2)>"):
        opened.visit(f"/sql?q={quote(payload)}")
        assert opened.looks()["wrong"] == []
        assert opened.page.locator("textarea").input_value() == payload


def test_the_console_shows_payloads_as_text_and_gives_a_spreadsheet_no_formula(tab: OpenTab, hostile_site: str) -> None:
    question = quote("SELECT title, publisher, text FROM articles WHERE starts_with(article_id, 'c')")

    opened = tab(hostile_site)
    opened.visit(f"/sql?q={question}")
    answer = httpx.get(f"{hostile_site}/sql.csv?q={question}", timeout=60)

    assert opened.looks()["wrong"] == []
    cells = [cell for row in csv.reader(io.StringIO(answer.text, newline="")) for cell in row]
    assert len(cells) == 3 * 201
    assert [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))] == []
    assert answer.headers["content-disposition"].startswith("attachment")


PLAIN = [
    f"The police of the {name} district were at the scene until late on Tuesday and asked whoever had seen anything of "
    f"what happened to come to the station, where officers take down what witnesses of the {name} street remember."
    for name in ("northern", "southern", "eastern", "western")
]


def as_line(number: int, payload: str) -> dict[str, object]:
    """An article of a bulk file, each other one as a page, whose fields are all the payload."""
    story = f"{payload} – A bomb killed {number % 9 + 3} people in {payload} on Monday, {payload} said."
    paragraphs = [story, f"“{payload}”, said {payload}, a spokesman for the town.", payload, *PLAIN]
    line: dict[str, object] = {
        "id": f"{number} {payload}",
        "url": payload,
        "publisher": payload,
        "authors": [payload] * 2,
    }
    line |= {"published_at": f"2026-03-{number % 28 + 1:02}T08:00:00Z", "language": "en"}
    if number % 2:
        return line | {"title": payload, "text": "\n\n".join(paragraphs)}
    body = "".join(f"<p>{escape(paragraph)}</p>" for paragraph in paragraphs)
    head = f"<head><title>{escape(payload)}</title></head>"
    return line | {"html": f"<html>{head}<body><article><h1>{escape(payload)}</h1>{body}</article></body></html>"}


def test_what_a_run_reads_of_payloads_is_text_on_every_page(
    tab: OpenTab, harmless_site: str, command: Command, tmp_path: Path
) -> None:
    lines = (as_line(number, payload) for number, payload in enumerate(PAYLOADS))
    (tmp_path / "hostile.jsonl").write_text("\n".join(map(json.dumps, lines)), "utf-8")
    status, said = command("run", tmp_path / "hostile.jsonl", "--data", tmp_path / "data")
    assert status == 0, said
    kinds = {kind for seen in crawl(tab(harmless_site), 2, CROWDS[:2]) for kind in seen.looks["kinds"]}

    with served(tmp_path / "data") as base:
        found = list(crawl(tab(base), EACH, [f"/stories?page={number}" for number in range(1, 5)]))

    assert {seen.path: added for seen in found if (added := set(seen.looks["kinds"]) - kinds)} == {}
    assert {seen.path: wrong[:5] for seen in found if (wrong := seen.looks["wrong"])} == {}
    titles = folded("".join(seen.text for seen in found))
    assert len([payload for payload in PAYLOADS if folded(payload) in titles]) > 150
