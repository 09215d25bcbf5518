"""How hosts are spared: one request at a time, pauses, waiting when asked to, leaving the dead alone."""

import asyncio
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest

from flows.collect.fetch import Answer, Client, Robots
from flows.collect.fetch.manners import read_retry_after
from flows.settings import Collecting
from tests.collect.misbehaving import Misbehaving, on_loopback, say, says

NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)
QUICK = Collecting(pause_seconds=0, wait_seconds=1)


@pytest.fixture
def server() -> Iterator[Misbehaving]:
    with Misbehaving() as running:
        yield running


def ask_all(urls: list[str], collecting: Collecting = QUICK, **how: Any) -> list[Answer]:
    """Ask for all of them at once, in one run."""

    async def ask() -> list[Answer]:
        async with Client(collecting, **({"resolve": on_loopback} | how)) as client:
            return await asyncio.gather(*(client.get(url, allow_private=True) for url in urls))

    return asyncio.run(ask())


def gaps(server: Misbehaving, name: str) -> list[float]:
    """Seconds between the requests of a host, from one's beginning to the next one's."""
    times = [at for _, one, at in server.asked if one == name]
    return [later - earlier for earlier, later in pairwise(times)]


def test_a_host_has_one_request_at_a_time_and_a_pause_after_it(server: Misbehaving) -> None:
    server.latency = 0.03
    urls = [server.url("good", name) for name in ("a.test", "b.test") for _ in range(4)]

    answers = ask_all(urls, Collecting(pause_seconds=0.05))

    assert {answer.outcome for answer in answers} == {"fetched"}
    assert (server.most_open["a.test"], server.most_open["b.test"], server.most_open[""]) == (1, 1, 2)
    assert min(gaps(server, "a.test") + gaps(server, "b.test")) >= 0.08


def test_no_more_hosts_are_asked_at_once_than_said(server: Misbehaving) -> None:
    server.latency = 0.02
    urls = [server.url("good", f"host-{number}.test") for number in range(9)]

    answers = ask_all(urls, Collecting(pause_seconds=0, connections=3))

    assert {answer.outcome for answer in answers} == {"fetched"}
    assert server.most_open[""] == 3


def test_connections_of_many_hosts_are_not_all_kept_open(server: Misbehaving) -> None:
    urls = [server.url("good", f"host-{number}.test") for number in range(9)]

    ask_all(urls + urls, Collecting(pause_seconds=0.1, connections=1))

    assert server.n_connections > 9


def test_a_crawl_delay_counts_from_the_first_page_on(server: Misbehaving) -> None:
    server.robots = says(say("200 OK", b"User-agent: *\nCrawl-delay: 0.1\n"))

    ask_all([server.url("good", "a.test")] * 3)

    assert min(gaps(server, "a.test")) >= 0.1


def test_a_host_that_asks_to_wait_for_long_is_left_alone_in_this_run_and_the_next(server: Misbehaving) -> None:
    urls = [server.url("429-hour", "a.test"), *[server.url("good", "a.test")] * 20]
    not_before: dict[str, datetime] = {}

    answers = ask_all(urls, not_before=not_before, now=lambda: NOW)
    soon = ask_all(urls, not_before=not_before, now=lambda: NOW + timedelta(minutes=59))
    n_asked = len(server.asked)
    (later,) = ask_all(urls[-1:], not_before=not_before, now=lambda: NOW + timedelta(minutes=61))

    ends = {(answer.outcome, answer.verdict, answer.retry_at) for answer in answers + soon}
    assert ends == {("asked to wait", "deferred", NOW + timedelta(hours=1))}
    assert n_asked == 2
    assert (later.outcome, not_before) == ("fetched", {})


def test_without_a_time_a_busy_host_is_left_for_five_seconds(server: Misbehaving) -> None:
    (answer,) = ask_all([server.url("503", "a.test")], now=lambda: NOW)

    assert (answer.outcome, answer.retry_at) == ("asked to wait", NOW + timedelta(seconds=5))


def test_one_page_that_is_always_busy_does_not_keep_its_host_from_us(server: Misbehaving) -> None:
    answers = ask_all([server.url(way, "a.test") for way in ("503-now", "good", "503-now", "good")])

    assert [answer.outcome for answer in answers] == ["asked to wait", "fetched"] * 2


def test_a_host_that_is_busy_for_every_page_is_left_alone(server: Misbehaving) -> None:
    answers = ask_all([server.url("503-now", "a.test")] * 50)

    assert {answer.outcome for answer in answers} == {"asked to wait"}
    assert [path for path, *_ in server.asked] == ["robots.txt"] + ["503-now"] * 4


def test_a_dead_hosts_thousand_pages_end_after_three_tries() -> None:
    with Misbehaving() as server:
        urls = [server.url(f"page-{number}", "a.test") for number in range(1000)]
    robots = {f"http://a.test:{server.port}": Robots(datetime.now(UTC), 404, b"")}
    looks = []

    async def resolve(name: str, port: int) -> list[str]:
        looks.append(name)
        return ["127.0.0.1"]

    answers = ask_all(urls, robots=robots, resolve=resolve)

    assert len(looks) == 3
    assert [answer.outcome for answer in answers] == ["connection refused"] * 3 + ["host left alone"] * 997


def test_a_host_that_resets_every_connection_is_left_alone(server: Misbehaving) -> None:
    robots = {server.url("").rstrip("/"): Robots(datetime.now(UTC), 404, b"")}

    answers = ask_all([server.url("reset")] * 100, robots=robots)

    assert [answer.outcome for answer in answers] == ["cut off"] * 3 + ["host left alone"] * 97
    assert server.n_connections == 6


def test_pages_that_break_do_not_make_their_host_a_dead_one(server: Misbehaving) -> None:
    collecting = Collecting(pause_seconds=0, read_seconds=0.3, whole_seconds=0.4)
    ways = ["slow-drip", "chunks-stop", "slow-headers", "reset", "cut-body", "good"]

    answers = ask_all([server.url(way, "a.test") for way in ways], collecting)

    assert [answer.outcome for answer in answers] == ["timed out"] * 3 + ["cut off"] * 2 + ["fetched"]


def test_what_does_not_begin_before_the_runs_end_is_left_for_the_next(server: Misbehaving) -> None:
    began = time.monotonic()

    answers = ask_all([server.url("good", "a.test")] * 30, Collecting(pause_seconds=0.2), deadline=began + 0.9)

    outcomes = [answer.outcome for answer in answers]
    assert time.monotonic() - began < 4
    assert set(outcomes) == {"fetched", "left for the next run"}
    assert outcomes.count("fetched") <= 4
    assert answers[-1].verdict == "deferred"


def test_nobody_waits_for_a_turn_that_comes_after_the_runs_end(server: Misbehaving) -> None:
    began = time.monotonic()

    answers = ask_all([server.url("good", "a.test")] * 3, Collecting(pause_seconds=60), deadline=began + 30)

    assert time.monotonic() - began < 10
    assert {answer.outcome for answer in answers} == {"left for the next run"}


def test_one_robots_file_serves_all_pages_of_its_origin_for_a_day(server: Misbehaving) -> None:
    robots: dict[str, Robots] = {}
    urls = [server.url("good", "a.test")] * 5

    for hours in (0, 23, 25, 24):
        ask_all(urls, robots=robots, now=lambda hours=hours: NOW + timedelta(hours=hours))

    assert [path for path, *_ in server.asked].count("robots.txt") == 3
    assert robots[f"http://a.test:{server.port}"] == Robots(NOW + timedelta(hours=24), 404, b"")


def test_robots_that_cannot_be_had_are_asked_for_once_and_not_kept(server: Misbehaving) -> None:
    robots: dict[str, Robots] = {}

    answers = ask_all([server.url("good", "robots-500.test")] * 5, robots=robots)

    assert {(answer.outcome, answer.verdict) for answer in answers} == {("robots.txt unreachable", "bad day")}
    assert (len(server.asked), robots) == (1, {})


@pytest.mark.parametrize(
    ("told", "seconds"),
    [
        (None, None),
        ("120", 120),
        ("0", 0),
        ("-5", None),
        ("soon", None),
        ("", None),
        ("9" * 400, 999999999999),
        ("Thu, 01 Jan 2026 12:01:00 GMT", 60),
        ("Thu, 01 Jan 2026 11:00:00 GMT", 0),
        ("Thu, 99 Foo 99999 12:01:00 GMT", None),
    ],
)
def test_retry_after_is_seconds_or_a_date(told: str | None, seconds: float | None) -> None:
    assert read_retry_after(told, NOW) == seconds
