"""source_days, source_yield, source_rejects, slow_pages, disk: what is usual, and what is not."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from flows.warehouse.disk import note_disk
from flows.warehouse.file import ledger_path, open_ledger
from tests.small_ledger import empty_ledger

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)  # a Monday
DAY = timedelta(days=1)


@pytest.fixture
def con(tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    ledger_path(tmp_path).parent.mkdir()
    ledger_path(tmp_path).write_bytes(empty_ledger())
    with open_ledger(tmp_path) as connection:
        for days in (100, 0):
            connection.execute(
                "INSERT INTO runs (run_id, started_at, state, rules_version) VALUES (?, ?, 'done', 'r')",
                [f"run-{days}", NOW - days * DAY],
            )
        yield connection


def add_articles(
    con: duckdb.DuckDBPyConnection, n: int, at: datetime, *, words: int = 400, facts: int = 0, removed: str = ""
) -> None:
    """New English articles of the source at an instant, each with so many counts, and a line taken out of it."""
    (first,) = con.execute("SELECT count(*) FROM revisions").fetchall()[0]
    con.execute(
        "CREATE OR REPLACE TEMP TABLE added AS SELECT 'art_' || i AS article_id, 'x' AS input, 'wire' AS source_name, "
        "'t' AS text, 'plain' AS extractor, 'sha' AS raw_sha256, 1 AS revision, 'r' AS rules_version, "
        "'en' AS language, $1::TIMESTAMPTZ AS first_seen_at, 'r' AS facts_version, $2::INTEGER AS word_count "
        "FROM range($3, $4) AS t(i)",
        [at, words, first, first + n],
    )
    con.execute("INSERT INTO revisions BY NAME FROM added")
    con.execute("INSERT INTO current_revisions SELECT article_id, 1 FROM added")
    con.execute(
        "INSERT INTO stated_counts BY NAME SELECT article_id || '_' || i AS count_id, article_id, 1 AS revision, "
        "0 AS event_no, 'text' AS field, 'e' AS evidence, 0 AS evidence_start, 0 AS char_start, 1 AS char_end, "
        "'killed' AS kind, 'exact' AS modifier, false AS is_attacker, 'total' AS scope, first_seen_at AS seen_at, "
        "'r' AS rules_version FROM added, range(?)  AS t(i)",
        [facts],
    )
    if removed:
        con.execute("INSERT INTO removed_history SELECT article_id, 1, 1, ?, 'x' FROM added", [removed])


def refuse(con: duckdb.DuckDBPyConnection, n: int, at: datetime, reason: str = "no article") -> None:
    con.execute(
        "INSERT INTO rejects BY NAME SELECT $1 || i || $2 AS input, 'clean' AS stage, $1 AS reason, 'r' AS run_id, "
        "$2::TIMESTAMPTZ AS seen_at, 'art_no_' || $1 || i || $2 AS article_id, 'h' AS raw_sha256, "
        "'wire' AS source_name FROM range($3) AS t(i)",
        [reason, at, n],
    )


def measured(con: duckdb.DuckDBPyConnection, measure: str) -> tuple[float, float | None, str | None]:
    row = con.execute("SELECT recent, usual, direction FROM source_yield WHERE measure = ?", [measure]).fetchone()
    assert row
    return row  # type: ignore[return-value]


def test_a_site_whose_new_design_hides_its_text_is_told_by_its_words_and_its_rejects(
    con: duckdb.DuckDBPyConnection,
) -> None:
    for days in range(40, 0, -1):
        add_articles(con, 3, NOW - days * DAY, words=380 + days)
    refuse(con, 6, NOW)
    add_articles(con, 4, NOW, words=20)
    only_refused = measured(con, "article_share")
    add_articles(con, 6, NOW + DAY / 24, words=20)

    assert only_refused == (0.4, 1.0, "low")
    assert measured(con, "words") == (20.0, 400.5, "low")


def test_a_source_goes_on_as_usual_where_lengths_differ_by_chance(con: duckdb.DuckDBPyConnection) -> None:
    for days in range(60, 0, -1):
        add_articles(con, 3, NOW - days * DAY, words=200 + days * 131 % 600, facts=days % 5)

    directions = con.execute("SELECT DISTINCT direction FROM source_yield").fetchall()
    assert directions == [(None,)]


def test_a_rule_that_begins_to_eat_text_is_told_by_the_share_taken_out(con: duckdb.DuckDBPyConnection) -> None:
    for days in range(40, 0, -1):
        add_articles(con, 3, NOW - days * DAY, words=95, removed="one two three four five")
    add_articles(con, 10, NOW, words=50, removed=" ".join(["word"] * 50))

    assert measured(con, "removed_share") == (0.5, 0.05, "high")


def test_facts_that_are_found_no_more_are_told(con: duckdb.DuckDBPyConnection) -> None:
    for days in range(40, 0, -1):
        add_articles(con, 3, NOW - days * DAY, facts=4)
    add_articles(con, 10, NOW)

    assert measured(con, "facts") == (0.0, 10.0, "low")


def test_too_few_documents_make_no_habit(con: duckdb.DuckDBPyConnection) -> None:
    add_articles(con, 50, NOW - DAY)
    add_articles(con, 9, NOW, words=1)

    assert measured(con, "words")[1:] == (None, None)


def days_of(con: duckdb.DuckDBPyConnection) -> dict[int, tuple[int, float | None, str | None]]:
    """n_new, usual_new and direction by how many days ago."""
    rows = con.execute("SELECT day, n_new, usual_new, direction FROM source_days ORDER BY day").fetchall()
    return {(NOW.date() - day).days: tuple(told) for day, *told in rows}  # type: ignore[misc]


def ask(con: duckdb.DuckDBPyConnection, days: int) -> None:
    con.execute(
        "INSERT INTO fetches BY NAME SELECT 'r' AS run_id, 'wire' AS source_name, 'x' AS input, 'read' AS outcome, "
        "0 AS n_documents, 0 AS n_refused, ?::TIMESTAMPTZ AS fetched_at, 'good' AS verdict, true AS is_source",
        [NOW - days * DAY],
    )


def test_a_day_is_judged_by_the_same_days_of_the_weeks_before(con: duckdb.DuckDBPyConnection) -> None:
    for days in range(70, 2, -1):
        ask(con, days)
        if (NOW - days * DAY).isoweekday() < 6:
            add_articles(con, 20 + days % 3, NOW - days * DAY)
    add_articles(con, 80, NOW - 2 * DAY)  # a Saturday
    ask(con, 1)
    ask(con, 0)  # nothing yet, but the day is not over

    told = days_of(con)
    assert len(told) == 35
    assert told[2] == (80, 0.0, "high")
    assert told[1] == (0, 0.0, None)
    assert told[0][2] is None
    assert {direction for days, (_, _, direction) in told.items() if days > 2} == {None}


def test_a_day_without_news_is_told_where_the_source_was_asked(con: duckdb.DuckDBPyConnection) -> None:
    for days in range(70, 1, -1):
        ask(con, days)
        add_articles(con, 20, NOW - days * DAY)
    ask(con, 1)
    ask(con, 0)

    assert days_of(con)[1] == (0, 20.0, "low")


def test_rejects_that_rise_are_told_with_the_newest_example(con: duckdb.DuckDBPyConnection) -> None:
    for days in range(34, 0, -1):
        refuse(con, 1, NOW - days * DAY, "an error page")
        refuse(con, 1 if days > 3 else 20, NOW - days * DAY, "no article")

    told = con.execute(
        "SELECT reason, n_rejects, n_week, usual_week, is_rising FROM source_rejects ORDER BY reason"
    ).fetchall()
    assert told == [("an error page", 34, 6, 7.0, False), ("no article", 91, 63, 7.0, True)]


def test_the_slowest_pages_are_those_of_the_last_week(con: duckdb.DuckDBPyConnection) -> None:
    for days, seconds in ((9, 50.0), (6, 2.0), (1, 7.0)):
        ask(con, days)
        con.execute("UPDATE fetches SET seconds = ? WHERE seconds IS NULL", [seconds])

    assert con.execute("SELECT seconds FROM slow_pages").fetchall() == [(7.0,), (2.0,)]


def test_a_disk_that_fills_says_in_how_many_days(con: duckdb.DuckDBPyConnection) -> None:
    for days in range(10, -1, -1):
        for part, n_bytes in (("raw", 1000 - 100 * days), ("work", 500), ("free", 3000 + 100 * days)):
            con.execute("INSERT INTO disk_use VALUES ('r', ?, ?, 1, ?)", [part, n_bytes, NOW - days * DAY])

    told = con.execute("SELECT part, n_bytes, bytes_a_day, days_left FROM disk ORDER BY part").fetchall()
    assert told == [("free", 3000, -100, 30.0), ("raw", 1000, 100, None), ("work", 500, 0, None)]


def test_a_file_under_two_names_is_measured_once(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    data = tmp_path / "data"
    (data / "publications").mkdir(parents=True)
    (data / "publications" / "news-1.duckdb").write_bytes(b"x" * 1000)
    (data / "news.duckdb").hardlink_to(data / "publications" / "news-1.duckdb")
    (data / "raw").mkdir()
    (data / "raw" / "1.parquet").write_bytes(b"x" * 10)

    note_disk(con, data, "run-0", NOW)

    told = con.execute("SELECT part, n_bytes, n_files FROM disk_use WHERE part <> 'free' ORDER BY part").fetchall()
    assert told == [
        ("other", 0, 1), ("prefect", 0, 0), ("publications", 1000, 1), ("raw", 10, 1), ("work", 0, 0),
    ]  # fmt: skip
