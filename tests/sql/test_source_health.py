"""source_health: what is usual of a source, and what is wrong with it."""

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from flows.warehouse.file import ledger_path, open_ledger
from tests.small_ledger import empty_ledger

START = datetime(2026, 1, 5, tzinfo=UTC)  # a Monday
HOUR = timedelta(hours=1)


@pytest.fixture
def con(tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    ledger_path(tmp_path).parent.mkdir()
    ledger_path(tmp_path).write_bytes(empty_ledger())
    with open_ledger(tmp_path) as connection:
        yield connection


def ask(
    con: duckdb.DuckDBPyConnection, hours: int, *, items: int = 10, verdict: str = "good", new: bool = True
) -> None:
    """The source was asked so many hours after the start."""
    at = START + hours * HOUR
    con.execute(
        "INSERT INTO runs (run_id, started_at, state, rules_version) VALUES (?, ?, 'done', 'r')", [f"run-{hours}", at]
    )
    outcome = "read" if verdict == "good" else "server error"
    con.execute(
        "INSERT INTO fetches BY NAME SELECT ? AS run_id, 'wire' AS source_name, 'http://w/' AS input, ? AS outcome, "
        "? AS n_documents, 0 AS n_refused, ?::TIMESTAMPTZ AS fetched_at, ? AS verdict, true AS is_source",
        [f"run-{hours:04d}", outcome, items, at, verdict],
    )
    con.execute(
        "INSERT INTO sources VALUES ('wire', 'feed', 'http://w/', NULL, $1, $1) "
        "ON CONFLICT (source_name) DO UPDATE SET last_read_at = excluded.last_read_at",
        [at],
    )
    if new:
        con.execute(
            "INSERT INTO revisions BY NAME SELECT ? AS article_id, 'x' AS input, 'wire' AS source_name, 't' AS text, "
            "'plain' AS extractor, 'sha' AS raw_sha256, 1 AS revision, ?::TIMESTAMPTZ AS first_seen_at, "
            "'r' AS rules_version, 'r' AS facts_version",
            [f"art_{hours}", at],
        )
        con.execute("INSERT INTO current_revisions VALUES (?, 1)", [f"art_{hours}"])


def hear(con: duckdb.DuckDBPyConnection, asked: Iterable[int], new: Iterable[int]) -> None:
    """The source answered in these hours after the start, and had something new in those; the run is the last look."""
    looks = sorted({*asked, *new})
    con.execute(
        "INSERT INTO runs BY NAME SELECT 'r' AS run_id, $1::TIMESTAMPTZ + $2 * INTERVAL 1 HOUR AS started_at, "
        "'done' AS state, 'r' AS rules_version",
        [START, looks[-1]],
    )
    con.execute("INSERT INTO sources SELECT 'wire', 'feed', 'http://w/', NULL, $1, max(started_at) FROM runs", [START])
    con.execute(
        "INSERT INTO fetches BY NAME SELECT 'r' AS run_id, 'wire' AS source_name, 'http://w/' AS input, "
        "'read' AS outcome, 10 AS n_documents, 0 AS n_refused, $1::TIMESTAMPTZ + h * INTERVAL 1 HOUR AS fetched_at, "
        "'good' AS verdict, true AS is_source FROM unnest($2::INTEGER[]) AS t(h)",
        [START, looks],
    )
    con.execute(
        "INSERT INTO revisions BY NAME SELECT 'art_' || h AS article_id, 'x' AS input, 'wire' AS source_name, "
        "'t' AS text, 'plain' AS extractor, 'sha' AS raw_sha256, 1 AS revision, 'r' AS rules_version, "
        "$1::TIMESTAMPTZ + h * INTERVAL 1 HOUR AS first_seen_at, 'r' AS facts_version "
        "FROM unnest($2::INTEGER[]) AS t(h)",
        [START, sorted(set(new))],
    )
    con.execute("INSERT INTO current_revisions SELECT article_id, 1 FROM revisions")


def wrong(con: duckdb.DuckDBPyConnection) -> str | None:
    row = con.execute("SELECT wrong FROM source_health").fetchone()
    assert row
    return row[0]  # type: ignore[no-any-return]


def test_a_source_that_goes_on_as_usual_has_nothing_wrong(con: duckdb.DuckDBPyConnection) -> None:
    for hours in range(0, 60, 6):
        ask(con, hours)

    row = con.sql("SELECT usual_items, usual_hours, n_articles, last_heard_at, wrong FROM source_health").fetchone()
    assert row == (10.0, 6.0, 10, START + 54 * HOUR, None)


def test_a_source_that_nobody_asked_is_not_silent(con: duckdb.DuckDBPyConnection) -> None:
    for hours in range(0, 60, 6):
        ask(con, hours)

    assert wrong(con) is None  # though that was long ago


def test_a_source_that_is_suddenly_empty_is_told(con: duckdb.DuckDBPyConnection) -> None:
    for hours in range(0, 60, 6):
        ask(con, hours)
    ask(con, 60, items=0, new=False)

    assert wrong(con) == "empty, usually 10 items"


def test_a_source_that_holds_far_less_than_usual_is_told(con: duckdb.DuckDBPyConnection) -> None:
    for hours in range(0, 60, 6):
        ask(con, hours)
    ask(con, 60, items=2)

    assert wrong(con) == "only 2 items, usually 10"


def test_a_source_that_fails_is_told_with_how_often_and_why(con: duckdb.DuckDBPyConnection) -> None:
    ask(con, 0)
    ask(con, 1, verdict="bad day", new=False)
    ask(con, 2, verdict="bad day", new=False)

    assert wrong(con) == "failing, 2 times in a row: server error"


def test_a_source_of_which_nothing_has_become_an_article_is_told(con: duckdb.DuckDBPyConnection) -> None:
    ask(con, 0, new=False)

    assert wrong(con) == "nothing of it has become an article yet"


def test_too_few_answers_make_no_habit(con: duckdb.DuckDBPyConnection) -> None:
    for hours in range(3):
        ask(con, hours)
    ask(con, 99, items=1, new=False)

    assert wrong(con) is None


WEEK = 168


def daily(weeks: int) -> set[int]:
    return {24 * day + 8 for day in range(7 * weeks)}


def office(weeks: int) -> set[int]:
    """Every second hour from 8 to 18, Monday to Friday."""
    return {24 * day + hour for day in range(7 * weeks) if day % 7 < 5 for hour in range(8, 19, 2)}


def bursts(weeks: int) -> set[int]:
    """Six hours in a row, each second Wednesday."""
    return {2 * WEEK * burst + 48 + hour for burst in range(weeks // 2) for hour in range(6)}


def monthly(weeks: int) -> set[int]:
    return set(range(10, weeks * WEEK, 30 * 24))


@pytest.mark.parametrize(
    ("rhythm", "hours", "is_silent"),
    [
        (daily, 60, False),
        (daily, 5 * 24, True),
        (office, 61, False),  # from Friday evening to Monday morning
        (office, 4 * 24, True),
        (bursts, 13 * 24, False),
        (bursts, 45 * 24, True),
        (monthly, 35 * 24, False),
        (monthly, 100 * 24, True),
    ],
    ids=lambda value: getattr(value, "__name__", str(value)),
)
def test_a_silence_is_one_by_the_rhythm_of_its_source(
    con: duckdb.DuckDBPyConnection, rhythm: Callable[[int], set[int]], hours: int, is_silent: bool
) -> None:
    weeks = 30 if rhythm is monthly else 10
    new = rhythm(weeks)
    last = max(new)

    hear(con, range(last + hours), new)

    assert (wrong(con) or "").startswith("silent for") == is_silent, wrong(con)


def test_no_weekend_of_an_office_is_silent_from_its_first_week_on(con: duckdb.DuckDBPyConnection) -> None:
    told = {}
    for weeks in (1, 2, 3, 8):
        con.execute("DELETE FROM runs; DELETE FROM sources; DELETE FROM fetches; DELETE FROM revisions")
        con.execute("DELETE FROM current_revisions")
        hear(con, range(weeks * WEEK + 7), office(weeks))
        told[weeks] = wrong(con)

    assert told == dict.fromkeys((1, 2, 3, 8))


def test_a_silence_says_how_long_and_what_was_expected(con: duckdb.DuckDBPyConnection) -> None:
    hear(con, range(10 * WEEK), set(range(9 * WEEK)))

    assert wrong(con) == "silent for 168 h, in which usually 168 looks find something new"


def test_what_was_dead_for_months_is_still_silent(con: duckdb.DuckDBPyConnection) -> None:
    hear(con, range(0, 40 * WEEK, 6), daily(10))

    assert (wrong(con) or "").endswith("usually something new within 24 h")
