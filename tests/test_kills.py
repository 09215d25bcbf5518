"""Killed at any stage, a run is made whole by the next. `python -m tests.kills 200` is the long form."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.kills import STAGES, Round, kill_rounds
from tests.web_kills import Round as WebRound
from tests.web_kills import kill_rounds as web_kill_rounds


@pytest.fixture
def rounds(tmp_path: Path, prefect_server: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Round]:
    """One kill in each of some stages, of runs over the seeds and as many articles more."""
    from prefect.settings import PREFECT_API_URL

    monkeypatch.setenv("PREFECT_API_URL", str(PREFECT_API_URL.value()))
    return kill_rounds(2, 30, tmp_path, seed=7, stages=("load", "publish"))


@pytest.mark.proof
def test_a_run_killed_at_any_stage_is_made_whole_by_the_next(rounds: Iterator[Round]) -> None:
    for one in rounds:
        assert one.is_same, f"killed at {one.died_at}: {one.said}"


def test_every_stage_of_a_run_is_killed_in_turn() -> None:
    from flows.dag import Progress

    assert set(Progress.STAGES) | {"start"} == set(STAGES)


@pytest.fixture
def web_rounds(tmp_path: Path, prefect_server: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[WebRound]:
    """Kills of runs over three sites on loopback."""
    from prefect.settings import PREFECT_API_URL

    monkeypatch.setenv("PREFECT_API_URL", str(PREFECT_API_URL.value()))
    return web_kill_rounds(1, tmp_path, seed=6)


@pytest.mark.proof
def test_a_run_over_the_web_killed_at_any_instant_is_made_whole_and_asks_for_no_page_more_than_twice(
    web_rounds: Iterator[WebRound],
) -> None:
    for one in web_rounds:
        assert one.is_same, f"killed at {one.died_at}: {one.said}"
        assert one.most_asked <= 2
