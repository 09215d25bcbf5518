"""`status`: it says first what is wrong, and knows of runs that published nothing."""

import contextlib
import io
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from rich.console import Console
from typer.testing import CliRunner

from flows.cli.commands import app
from flows.report.status import print_status
from flows.warehouse.attempts import attempt_path, holder, last_attempt, told_attempt
from flows.warehouse.lock import hold_run
from flows.warehouse.origins import find_origins
from flows.warehouse.publish import publish
from flows.warehouse.read import open_published
from tests.small_ledger import SmallLedger, hour

NOW = hour(100)


def published(data: Path, n_runs: int = 1) -> Path:
    """A data folder with so many runs, an hour apart, the last at `NOW`, and a source that fails since the second."""
    ledger = SmallLedger(data)
    ledger.write("a", NOW)
    ledger.execute("INSERT INTO sources VALUES ('wire', 'feed', 'http://w/', NULL, ?, ?)", NOW, NOW)
    for back in range(n_runs - 1, -1, -1):
        at = NOW - timedelta(hours=back)
        ledger.execute(
            "INSERT INTO fetches BY NAME SELECT ? AS run_id, 'wire' AS source_name, 'http://w/' AS input, "
            "'timed out' AS outcome, 0 AS n_documents, 0 AS n_refused, ?::TIMESTAMPTZ AS fetched_at, "
            "'bad day' AS verdict, true AS is_source, 2.5 AS seconds",
            f"run-{n_runs - back}",
            at,
        )
        if back:
            ledger.execute(
                "INSERT INTO runs (run_id, started_at, state, rules_version, run_no, command) "
                "VALUES (?, ?, 'done', 'r', ?, 'run')",
                f"before-{back}",
                at,
                n_runs - back,
            )
    find_origins(ledger.con)
    ledger.publish(NOW)
    publish(data, ledger.number, 1)
    return data


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return published(tmp_path_factory.mktemp("status") / "data", 8)


@pytest.fixture
def untold(data: Path) -> Path:
    """That folder, where no run has told of itself yet."""
    attempt_path(data).unlink(missing_ok=True)
    return data


def shown(data: Path, now: datetime = NOW, show_all: bool = False) -> str:
    console = Console(width=100, file=io.StringIO())
    with open_published(data) as con:
        print_status(console, con, data, now, show_all)
    return console.file.getvalue()  # type: ignore[attr-defined]


def fail(data: Path, at: datetime, run_id: str = "run-x", why: str = "no rules") -> None:
    with contextlib.suppress(ValueError), told_attempt(data, run_id, at):
        raise ValueError(why)


def test_the_first_lines_say_what_is_wrong_and_what_to_do(untold: Path) -> None:
    first, *then = shown(untold).splitlines()

    assert first == "1 thing to look at"
    assert then[0] == "  • 1 of 1 source needs a look; try one: newsledger sources check NAME"
    assert "  wire: failing, 8 times in a row: timed out" in then


def test_every_section_is_there_and_no_line_is_wider_than_the_screen(untold: Path) -> None:
    told = shown(untold)

    for title in (
        "last runs",
        "sources: 1",
        "out of the usual",
        "rejects by reason",
        "slowest pages",
        "disk: ",
        "languages",
    ):
        assert title in told
    assert max(len(line) for line in told.splitlines() if not line.startswith("  •")) <= 100


def test_all_gives_each_source_and_the_stages(untold: Path) -> None:
    told = shown(untold, show_all=True)

    assert "stages of the last run" in told
    assert "last_heard_at" in told


def test_runs_that_fail_are_told_though_they_publish_nothing(untold: Path) -> None:
    for days in (3, 2, 1):
        fail(untold, NOW - timedelta(days=days), why="[bold] rules broke")

    told = shown(untold)

    assert "• 3 runs in a row failed, since 2026-03-03 12:00 UTC: ValueError: [bold] rules broke; what you read" in told


def test_a_run_that_was_killed_is_told_and_counts_with_those_that_failed(untold: Path) -> None:
    fail(untold, NOW - timedelta(days=1))
    with told_attempt(untold, "run-y", NOW):
        during = attempt_path(untold).read_text("utf-8")
    attempt_path(untold).write_text(during, "utf-8")

    attempt = last_attempt(untold)

    assert attempt
    assert (attempt.state, attempt.n_failed) == ("killed", 2)
    assert "2 runs in a row failed, since 2026-03-05 12:00 UTC: the last was killed" in shown(untold)


def test_a_run_that_ends_well_ends_the_count(untold: Path) -> None:
    fail(untold, NOW)
    with told_attempt(untold, "run-y", NOW):
        pass

    assert "failed" not in shown(untold)


def test_a_run_at_work_is_told_and_not_taken_for_killed(untold: Path) -> None:
    with hold_run(untold, "run-y", NOW), told_attempt(untold, "run-y", NOW):
        told = shown(untold)
        attempt = last_attempt(untold)

    assert "at work now: run run-y, process" in told
    assert attempt
    assert (attempt.state, attempt.n_failed) == ("running", 0)
    assert holder(untold) is None


def test_a_schedule_that_died_is_told_by_the_habit_of_the_runs(untold: Path) -> None:
    assert "nothing has run" not in shown(untold, NOW + timedelta(hours=2))
    assert "• nothing has run for 5 hours, usually a run begins within 60 minutes" in shown(
        untold, NOW + timedelta(hours=5)
    )


def test_a_first_run_that_failed_is_told_where_nothing_is_published(tmp_path: Path) -> None:
    (tmp_path / "work").mkdir()
    fail(tmp_path, datetime(2026, 3, 1, tzinfo=UTC))

    told = CliRunner(env={"COLUMNS": "300"}).invoke(app, ["status", "--data", str(tmp_path)])

    assert told.exit_code == 2
    assert told.output.startswith("• run run-x failed, since 2026-03-01 00:00 UTC: ValueError: no rules\n")
    assert "nothing published yet" in told.output


def test_a_publication_copied_alone_has_its_status(untold: Path, tmp_path: Path) -> None:
    (tmp_path / "news.duckdb").write_bytes((untold / "news.duckdb").read_bytes())

    assert "wire: failing" in shown(tmp_path)
