"""What a robots.txt says to us."""

from datetime import UTC, datetime

import pytest

from flows.collect.fetch import Robots
from flows.collect.fetch.address import read_target
from flows.collect.fetch.robots import PARSED

NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)


def test_a_rule_that_is_cut_in_the_middle_is_none() -> None:
    start = b"User-agent: *\n"
    robots = Robots(NOW, 200, start + b"#\n" * ((PARSED - len(start) - 12) // 2) + b"Disallow: /private\n")

    assert robots.body[:PARSED].endswith(b"Disallow: /p")
    assert robots.allows(read_target("http://e.org/page"))


@pytest.mark.parametrize(
    ("text", "allowed", "delay"),
    [
        ("User-agent: *\nDisallow: /private\n", True, 0),
        ("User-agent: *\nDisallow: /\n", False, 0),
        ("User-agent: *\nDisallow: /\n\nUser-Agent: NewsLedger\nAllow: /\nCrawl-delay: 7\n", True, 7),
        ("User-agent: *\nDisallow: /\n\nUser-agent: newsledger/1.0\nAllow: /\n", True, 0),
        ("User-agent: *\nDisallow: /\n\nUser-agent: news\nAllow: /\n", False, 0),
        ("User-agent: *\nDisallow: /\n\nUser-agent: newsledger-images\nAllow: /\n", False, 0),
        ("User-agent: newsledger\nDisallow: /a\n\nUser-agent: newsledger\nDisallow: /page\n", False, 0),
        ("User-agent: *\nDisallow: /*.html$\nAllow: /pa\n", False, 0),
        ("User-agent: *\nDisallow: /p\nAllow: /page\n", True, 0),
        ("User-agent: *\nRequest-rate: 1/30\n", True, 30),
        ("User-agent: *\nCrawl-delay: soon\n", True, 0),
        ("<!doctype html><p>Disallow: /</p>", True, 0),
    ],
)
def test_robots_are_read_as_rfc_9309_says(text: str, allowed: bool, delay: float) -> None:
    robots = Robots(NOW, 200, text.encode())

    assert (robots.allows(read_target("http://e.org/page.html")), robots.delay) == (allowed, delay)
