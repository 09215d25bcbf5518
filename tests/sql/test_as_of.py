"""tolls_as_of: what today's rules and events make of what was known at a time, by the clock of seeing and of print."""

from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.against_gold import read_ledger
from tests.small_ledger import SmallLedger, hour, told


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> SmallLedger:
    """A toll as it grew: in print hours before it was seen, corrected twice by "a", copied by "b" before its original
    was seen; "c" states no time; "d" was in print before the first correction."""
    small = SmallLedger(tmp_path_factory.mktemp("as_of"))
    small.write("a", hour(10), told(5), published_at=hour(0))
    small.write("b", hour(9), told(5), published_at=hour(2))
    small.write("c", hour(12), told(7))
    small.write("d", hour(13), told(8), published_at=hour(4))
    small.write("a", hour(14), told(8), published_at=hour(0), modified_at=hour(5))
    small.write("a", hour(16), told(9), published_at=hour(0), modified_at=hour(5))
    small.copy("b", "a")
    small.con.execute("COMMIT")
    return small


def toll(ledger: SmallLedger, at: datetime | str, clock: str) -> tuple[Any, ...] | None:
    """low, best, high, best_n_origins, n_origins and n_articles of the default policy at a time."""
    rows = ledger.execute(
        "SELECT low, best, high, best_n_origins, n_origins, n_articles FROM tolls_as_of(?, ?) "
        "WHERE policy = 'independent'",
        at,
        clock,
    )
    return rows[0] if rows else None


@pytest.mark.parametrize(
    ("hours", "told"),
    [
        (8, None),
        (9, (5, 5, 5, 1, 1, 1)),  # the copy alone, as its own publisher's
        (11, (5, 5, 5, 1, 1, 2)),  # its original is there: one origin
        (12, (5, 5, 7, 1, 2, 3)),  # known from the instant on
        (13, (5, 8, 8, 1, 3, 4)),
        (15, (5, 8, 8, 2, 3, 4)),
        (16, (5, 8, 9, 1, 3, 4)),
    ],
)
def test_a_revision_is_seen_from_the_run_on_that_brought_it(
    hours: int, told: tuple[int, ...] | None, ledger: SmallLedger
) -> None:
    assert toll(ledger, hour(hours), "seen") == told


@pytest.mark.parametrize(
    ("hours", "told"),
    [
        (-1, None),
        (0, (5, 5, 5, 1, 1, 1)),
        (3, (5, 5, 5, 1, 1, 2)),
        (4, (5, 8, 8, 1, 2, 3)),
        (6, (5, 8, 8, 2, 2, 3)),  # its modified_at
        (11, (5, 8, 8, 2, 2, 3)),  # "c" has no date: in print by when it was seen
        (13, (5, 8, 8, 2, 3, 4)),
        (15, (5, 8, 8, 2, 3, 4)),  # a change that states the time of the one before: by when it was seen
        (16, (5, 8, 9, 1, 3, 4)),
    ],
)
def test_a_revision_is_in_print_from_the_time_on_that_its_page_states(
    hours: int, told: tuple[int, ...] | None, ledger: SmallLedger
) -> None:
    assert toll(ledger, hour(hours), "published") == told


def test_many_times_can_be_asked_for_in_one_query(ledger: SmallLedger) -> None:
    hours = [8, 9, 11, 12, 13, 15, 16]

    rows = ledger.execute(
        "SELECT w.at, policy, low, best, high, best_n_origins FROM (SELECT unnest(?) AS at) AS w, "
        "tolls_as_of(w.at, 'seen') ORDER BY ALL",
        [hour(number) for number in hours],
    )

    one_by_one = [
        (hour(number), *row)
        for number in hours
        for row in ledger.execute(
            "SELECT policy, low, best, high, best_n_origins FROM tolls_as_of(?, 'seen') ORDER BY ALL", hour(number)
        )
    ]
    assert rows == one_by_one
    assert len(rows) == 3 * 6


@pytest.mark.parametrize(
    ("at", "clock", "message"),
    [
        (hour(9), "printed", "the clock is 'seen' or 'published', not 'printed'"),
        (hour(9), None, "the clock is 'seen' or 'published', not NULL"),
        (None, "seen", "t is NULL; name a time"),
    ],
)
def test_another_clock_or_no_time_is_an_error_that_says_what_is_there(
    at: datetime | None, clock: str | None, message: str, ledger: SmallLedger
) -> None:
    with pytest.raises(duckdb.InvalidInputException, match=message):
        ledger.execute("FROM tolls_as_of(?, ?)", at, clock)


def test_a_credit_stays_where_the_original_is_not_known_yet(tmp_path: Path) -> None:
    small = SmallLedger(tmp_path)
    small.write("credits", hour(1), told(5), origin="Wire")
    small.write("credits nobody", hour(1), told(5))
    small.write("original", hour(3), told(5))
    for name in ("credits", "credits nobody"):
        small.copy(name, "original")

    then, now = (
        dict(small.execute("SELECT article_id, independent_origin FROM article_origins_as_of(?, 'seen')", at))
        for at in (hour(2), hour(3))
    )

    assert then == {"credits": "Wire", "credits nobody": "Outlet credits nobody"}
    assert now == {"credits": "Wire", "credits nobody": "Outlet original", "original": "Outlet original"}


@pytest.mark.parametrize("clock", ["seen", "published"])
def test_at_the_end_of_time_the_seeds_have_the_tolls_of_today(clock: str, seeds_data: Path) -> None:
    published = seeds_data / "news.duckdb"

    then = read_ledger(published, f"FROM tolls_as_of('infinity', '{clock}') ORDER BY ALL")

    assert then == read_ledger(
        published, "SELECT COLUMNS(c -> NOT starts_with(c, 'n_sources')) FROM tolls ORDER BY ALL"
    )
    assert len(then) > 10


def test_a_revision_of_an_article_without_dates_is_in_print_when_it_is_seen(tmp_path: Path) -> None:
    small = SmallLedger(tmp_path)
    small.write("a", hour(1), told(5))
    small.write("a", hour(2), told(6), modified_at=hour(-5))  # before it was in print at all
    small.write("a", hour(3), told(7), modified_at=hour(2.5))

    rows = small.execute("SELECT printed_at FROM revisions ORDER BY revision")

    assert [row[0] for row in rows] == [hour(1), hour(2), hour(2.5)]
