"""source_health: what is usual of a source, and what is wrong with it."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from flows.warehouse.file import ledger_path, open_ledger
from tests.small_ledger import empty_ledger

START = datetime(2026, 1, 1, tzinfo=UTC)
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


def wrong(con: duckdb.DuckDBPyConnection) -> str | None:
    row = con.execute("SELECT wrong FROM source_health").fetchone()
    assert row
    return row[0]  # type: ignore[no-any-return]


def test_a_source_that_goes_on_as_usual_has_nothing_wrong(con: duckdb.DuckDBPyConnection) -> None:
    for hours in range(0, 60, 6):
        ask(con, hours)

    row = con.sql("SELECT usual_items, usual_hours, n_articles, last_heard_at, wrong FROM source_health").fetchone()
    assert row == (10.0, 6.0, 10, START + 54 * HOUR, None)


def test_a_source_that_falls_silent_is_told_by_its_own_habit(con: duckdb.DuckDBPyConnection) -> None:
    for hours in range(0, 60, 6):
        ask(con, hours)
    ask(con, 70, new=False)
    before = wrong(con)
    ask(con, 73, new=False)

    assert before is None
    assert wrong(con) == "silent for 19 h, usually something new within 6 h"


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
