"""When a feed and a page are asked again: by how they change, and by the weight of what failed."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.collect import schedule
from flows.collect.fetch.answer import Answer
from flows.collect.listing import Item, Listing
from flows.collect.remembered import Feed, Page
from flows.settings import Collecting

NOW = 1_800_000_000.0
AT = datetime.fromtimestamp(NOW, UTC)
HOUR, DAY = 3600.0, 86400.0
RULES = Collecting()
PAGE = Page("https://news.example/a", "https://news.example/a", "wire")
FEED = Feed("https://news.example/feed", "wire")


def answer(verdict: str = "good", **more: object) -> Answer:
    told = Answer("u", "u", "fetched", "good", None, 200, (), b"text", AT, AT, None, ())
    return replace(told, verdict=verdict, **more)  # type: ignore[arg-type]


def polled(feed: Feed, finds: list[bool]) -> Feed:
    """A feed after looks that found something new, or nothing."""
    for has_new in finds:
        feed = schedule.feed_was_had(feed, answer(), Listing("feed", [Item("u")]), "sha", int(has_new), NOW, RULES)
    return feed


def test_a_feed_that_always_has_something_new_is_asked_as_often_as_allowed() -> None:
    feed = polled(FEED, [True] * 10)

    assert feed.minutes == RULES.poll_least_minutes


def test_a_feed_that_never_has_anything_new_is_asked_as_seldom_as_allowed() -> None:
    feed = polled(FEED, [True] + [False] * 20)

    assert feed.minutes == RULES.poll_most_minutes


def test_a_feed_that_states_its_pace_is_not_asked_sooner() -> None:
    listing = Listing("feed", [Item("u")], minutes=60)

    feed = schedule.feed_was_had(FEED, answer(), listing, "sha", 1, NOW, RULES)

    assert feed.minutes == 60


def test_a_pass_that_comes_a_little_early_finds_what_is_nearly_due() -> None:
    feed = polled(FEED, [True])

    assert feed.minutes is not None
    assert NOW < (feed.due_at or 0) < NOW + feed.minutes * 60


def test_a_feed_that_is_gone_for_good_is_not_asked_again() -> None:
    assert schedule.feed_failed(FEED, answer("gone"), NOW, RULES).due_at is None


def test_a_feed_on_a_bad_day_keeps_its_pace_and_a_broken_one_is_asked_less_and_less() -> None:
    feed = polled(FEED, [True, False])

    bad_day = schedule.feed_failed(feed, answer("bad day"), NOW, RULES)
    broken = schedule.feed_failed(
        schedule.feed_failed(feed, answer("broken"), NOW, RULES), answer("broken"), NOW, RULES
    )

    assert bad_day.minutes == feed.minutes
    assert broken.minutes == (feed.minutes or 0) * 4
    assert (bad_day.failures, broken.failures) == (1, 2)


def test_a_feed_at_a_private_address_is_due_as_soon_as_the_config_allows_it() -> None:
    refused = schedule.feed_failed(FEED, answer("refused", outcome="private address"), NOW, RULES)

    assert (refused.due_at, refused.minutes) == (NOW, FEED.minutes)


def test_a_page_is_asked_less_often_as_it_ages_and_then_no_more() -> None:
    waits = [schedule.next_check(NOW - age, NOW, RULES) for age in (0, 10 * HOUR, 3 * DAY, 7 * DAY)]

    assert waits == [NOW + HOUR, NOW + 5 * HOUR, NOW + 1.5 * DAY, None]


def test_a_page_that_changed_is_young_again() -> None:
    page = PAGE._replace(state="held", raw_sha256="old", changed_at=NOW - 6 * DAY)

    changed = schedule.page_was_had(page, answer(), "new", "art_1", NOW, RULES)

    assert changed.due_at == NOW + HOUR


@pytest.mark.parametrize(
    ("verdict", "state", "due_in"),
    [("gone", "gone", None), ("broken", "waiting", HOUR), ("bad day", "waiting", 0.0), ("refused", "waiting", HOUR)],
)
def test_a_failure_is_weighed(verdict: str, state: str, due_in: float | None) -> None:
    page = schedule.page_failed(PAGE, answer(verdict), NOW, RULES)

    assert page.state == state
    assert page.due_at == (None if due_in is None else NOW + due_in)


def test_a_wait_that_a_host_asks_for_is_no_failure_of_the_page() -> None:
    until = datetime.fromtimestamp(NOW + 90, UTC)

    page = schedule.page_failed(PAGE, answer("deferred", retry_at=until), NOW, RULES)

    assert (page.failures, page.due_at) == (0, NOW + 90)


def test_a_page_that_fails_for_longer_than_pages_are_watched_is_given_up() -> None:
    page = PAGE._replace(failed_since=NOW - 8 * DAY, failures=12)

    assert schedule.page_failed(page, answer("bad day"), NOW, RULES).state == "given up"


@given(st.lists(st.sampled_from([True, False]), max_size=40))
def test_a_feed_keeps_within_its_bounds(finds: list[bool]) -> None:
    feed = polled(FEED, [True, *finds])

    assert RULES.poll_least_minutes <= (feed.minutes or 0) <= RULES.poll_most_minutes
