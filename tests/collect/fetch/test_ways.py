"""Every way in which a server misbehaves ends in the outcome that the docs promise."""

import asyncio
import re
import time
from collections.abc import Iterator
from dataclasses import replace

import pytest

from flows.collect.fetch import OUTCOMES, Answer, Client
from flows.settings import Collecting
from tests.collect.misbehaving import N_ARTICLES, PAGE, ROBOTS, WAYS, Misbehaving, on_loopback

TIGHT = Collecting(
    pause_seconds=0,
    connections=200,
    connect_seconds=2,
    read_seconds=1,
    whole_seconds=3,
    wait_seconds=1.5,
    page_megabytes=0.5,
    unpacked_megabytes=1,
    listing_megabytes=1,
)
FETCHED = (
    "good good-chunked good-without-length good-http-1.0 good-then-closed length-too-short gzip gzip-members "
    "gzip-and-padding gzip-in-gzip deflate deflate-raw redirect redirect-to-words wrong-charset 429-once 502-once "
    "cut-once reset-once thousand-headers interim-once no-type plain-text"
)
ENDS = {
    "fetched": FETCHED,
    "timed out": "slow-drip slow-headers length-too-long-and-open chunks-stop never-answers",
    "too large": "endless-body endless-chunks length-beyond-limits",
    "cut off": "length-too-long chunks-cut cut-headers cut-body cut-before-answer reset",
    "broken answer": "length-negative two-lengths bad-chunk-size headers-without-end header-line-without-end "
    "million-headers switches-protocol interim-flood status-of-words http-0.9 other-protocol nul-in-headers",
    "unpacks too large": "gzip-bomb gzip-in-gzip-bomb",
    "broken encoding": "gzip-thrice gzip-broken gzip-unpacked gzip-ends-early unknown-encoding",
    "redirect loop": "redirect-loop redirect-loop-back cookie-wall",
    "too many redirects": "long-chain",
    "redirect without target": "redirect-without-target",
    "private address": "redirect-to-metadata redirect-to-metadata-v6 redirect-to-metadata-mapped "
    "redirect-to-metadata-as-number redirect-to-multicast",
    "not http": "redirect-to-file redirect-to-ftp redirect-to-script redirect-to-data",
    "not a URL": "redirect-to-bad-port redirect-to-no-host",
    "asked to wait": "429-hour 503 503-now 503-date",
    "server error": "500 504",
    "empty": "200-empty 200-blank 204",
    "HTTP error": "206-unasked 202 304-unasked 304-with-length 304-with-body 400 418 999",
    "forbidden": "401 403 407 451",
    "not found": "404 404-drips",
    "gone": "410",
    "not a page": "image image-as-page pdf video-without-end octets no-type-no-page gzip-in-gzip-unsaid",
}
EXPECTED = {way: outcome for outcome, ways in ENDS.items() for way in ways.split()}
ROBOTS_ENDS = {
    "robots.txt unreachable": "robots-drip robots-hang robots-500 robots-cut robots-to-metadata",
    "fetched": "robots-403 robots-empty robots-huge robots-bomb robots-loop robots-html robots-others-no robots-binary",
    "refused by robots.txt": "robots-no robots-bom robots-elsewhere",
    "asked to wait": "robots-429",
}
EXPECTED_ROBOTS = {name: outcome for outcome, names in ROBOTS_ENDS.items() for name in names.split()}


@pytest.fixture(scope="module")
def server() -> Iterator[Misbehaving]:
    with Misbehaving() as running:
        yield running


@pytest.fixture(scope="module")
def answers(server: Misbehaving) -> dict[str, Answer]:
    """What each way ends in, all asked at once, each on a host of its own."""
    urls = {way: server.url(way, f"way-{number}.test") for number, way in enumerate(WAYS)}
    urls |= {name: server.url("good", f"{name}.test") for name in ROBOTS}

    async def ask() -> list[Answer]:
        async with Client(TIGHT, resolve=on_loopback) as client:
            return await asyncio.gather(*(client.get(url, allow_private=True) for url in urls.values()))

    began = time.monotonic()
    found = dict(zip(urls, asyncio.run(ask()), strict=True))
    assert time.monotonic() - began < 30
    return found


def test_every_way_has_an_outcome_promised() -> None:
    assert set(WAYS) - set(EXPECTED) == {"g%C3%BCte%20page?q=a%20b"}
    assert set(ROBOTS) == set(EXPECTED_ROBOTS)
    assert {*EXPECTED.values(), *EXPECTED_ROBOTS.values()} <= set(OUTCOMES)


@pytest.mark.parametrize(("way", "outcome"), [*EXPECTED.items(), *EXPECTED_ROBOTS.items()])
def test_a_way_ends_in_its_outcome(answers: dict[str, Answer], way: str, outcome: str) -> None:
    answer = answers[way]

    assert (answer.outcome, answer.verdict) == (outcome, OUTCOMES[outcome]), answer.detail


@pytest.mark.parametrize("way", [*FETCHED.split(), *ROBOTS_ENDS["fetched"].split()])
def test_what_is_fetched_is_whole_and_unpacked(answers: dict[str, Answer], way: str) -> None:
    body = {
        "wrong-charset": "<p>Größe</p>".encode("latin-1") * 9,
        "plain-text": b"KABUL - A blast killed two.\n",
        "length-too-short": PAGE[:-7],
    }

    assert answers[way].body == body.get(way, PAGE)


@pytest.mark.proof
def test_the_good_among_the_bad_of_one_host_are_fetched() -> None:
    tight = replace(TIGHT, read_seconds=0.15, whole_seconds=0.3, wait_seconds=1)

    async def ask() -> list[Answer]:
        async with Client(tight) as client:
            feed = await client.get(server.url("feed.xml"), accept="listing", allow_private=True)
            urls = re.findall(r"<link>(.+?)</link>", feed.body.decode())
            return await asyncio.gather(*(client.get(url, allow_private=True) for url in urls))

    with Misbehaving() as server:
        answers = {answer.url.rpartition("/")[2]: answer.outcome for answer in asyncio.run(ask())}

    assert [answers[f"article-{number}"] for number in range(N_ARTICLES)] == ["fetched"] * N_ARTICLES
    assert {way: outcome for way, outcome in answers.items() if way in EXPECTED} == EXPECTED


def test_a_host_that_asks_to_wait_a_moment_is_asked_once_more_after_it(
    server: Misbehaving, answers: dict[str, Answer]
) -> None:
    first, second = (at for path, _, at in server.asked if path == "429-once")

    assert answers["429-once"].outcome == "fetched"
    assert second - first >= 1
