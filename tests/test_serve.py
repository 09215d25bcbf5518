"""The schedule: passes by themselves, one at a time, whatever is killed."""

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from flows.serve import is_due
from flows.warehouse.lock import Held, hold_run, hold_service, served_at
from flows.warehouse.read import open_published
from tests.conftest import LONG, ROOT
from tests.served import serve_and_kill

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def test_with_equal_steps_the_first_pass_is_due_at_once(tmp_path: Path) -> None:
    assert is_due(tmp_path, None, NOW)


def test_by_the_clock_the_first_pass_waits_for_its_time(tmp_path: Path) -> None:
    assert not is_due(tmp_path, "0 6 * * *", NOW)


def test_by_the_clock_a_pass_that_was_missed_is_due_at_once(seeds_data: Path) -> None:
    here = datetime.now(ZoneInfo("Asia/Kathmandu"))

    assert is_due(seeds_data, "*/5 * * * *", here + timedelta(minutes=5))
    assert not is_due(seeds_data, "0 0 1 1 *", here)


def test_a_pass_that_was_broken_off_is_due_at_once(tmp_path: Path) -> None:
    (tmp_path / "work").mkdir()
    (tmp_path / "work" / "lock").write_text("run r1, process 9, since then, at load", "utf-8")

    assert is_due(tmp_path, "0 6 * * *", NOW)


def test_by_the_clock_a_pass_is_due_at_once_where_what_is_published_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "news.duckdb").write_bytes(b"torn")

    assert is_due(tmp_path, "0 0 1 1 *", NOW)


def test_one_process_serves_a_data_folder(tmp_path: Path) -> None:
    with hold_service(tmp_path), pytest.raises(Held, match="is served already"), hold_service(tmp_path):
        pass

    with hold_service(tmp_path):
        assert served_at(tmp_path) is None


def test_other_commands_use_the_server_of_the_one_that_serves(tmp_path: Path) -> None:
    with hold_service(tmp_path) as told:
        told.write_text("process 9\nhttp://127.0.0.1:4999/api\n", "utf-8")

        assert served_at(tmp_path) == "http://127.0.0.1:4999/api"

    assert served_at(tmp_path) is None


@pytest.mark.usefixtures("prefect_server")
def test_a_pass_that_finds_the_folder_held_is_left_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    import asyncio

    from flows.serve import one_pass

    with hold_run(tmp_path, "r1", NOW):
        state = asyncio.run(one_pass(data=str(tmp_path), return_state=True))

    assert state.is_cancelled()
    assert "left out" in capsys.readouterr().out


@pytest.mark.proof
def test_a_served_site_is_followed_through_a_kill_of_all_processes(tmp_path: Path) -> None:
    done = serve_and_kill(tmp_path, step=10, seconds=20)

    assert done.wrong == []
    assert done.seconds_until_on < 60
    assert done.n_revisions > done.n_articles > 30


@LONG
@pytest.mark.proof
def test_ten_minutes_of_serving_every_minute(tmp_path: Path) -> None:
    done = serve_and_kill(tmp_path, step=60, seconds=600)

    assert done.wrong == []
    assert done.seconds_until_on < 60


@LONG
@pytest.mark.proof
@pytest.mark.usefixtures("prefect_server")
@pytest.mark.parametrize("deployment", ["every-15-minutes", "on-dask"])
def test_a_work_pool_runs_the_deployments_of_prefect_yaml(deployment: str, tmp_path: Path) -> None:
    from prefect.settings import PREFECT_API_URL

    own = {"PREFECT_API_URL": str(PREFECT_API_URL.value()), "NEWSLEDGER_DATA": str(tmp_path / "data")}
    own |= {"PREFECT_SERVER_ANALYTICS_ENABLED": "false", "PREFECT_HOME": str(tmp_path / "prefect"), "PWD": str(ROOT)}

    def prefect(*words: str) -> None:
        subprocess.run(
            [sys.executable, "-m", "prefect", "--no-prompt", *words],
            cwd=ROOT,
            env=os.environ | own,
            check=True,
            capture_output=True,
            text=True,
        )

    prefect("work-pool", "create", "newsledger", "--type", "process", "--overwrite")
    prefect("deploy", "--all")
    prefect("deployment", "run", f"pass/{deployment}")
    prefect("worker", "start", "--pool", "newsledger", "--run-once")

    with open_published(tmp_path / "data") as con:
        assert con.execute("SELECT engine, state, n_articles FROM runs").fetchall() == [
            ("dask" if deployment == "on-dask" else "local", "done", 5)
        ]
