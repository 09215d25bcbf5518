"""Killed at any stage, a run is made whole by the next. `python -m tests.kills 200` is the long form."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.kills import STAGES, Round, kill_rounds


@pytest.fixture
def rounds(tmp_path: Path, prefect_server: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Round]:
    """One kill in each of some stages, of runs over the seeds and as many articles more."""
    from prefect.settings import PREFECT_API_URL

    monkeypatch.setenv("PREFECT_API_URL", str(PREFECT_API_URL.value()))
    return kill_rounds(4, 30, tmp_path, seed=7, stages=("clean, extract", "link", "load", "publish"))


@pytest.mark.proof
def test_a_run_killed_at_any_stage_is_made_whole_by_the_next(rounds: Iterator[Round]) -> None:
    for one in rounds:
        assert one.is_same, f"killed at {one.died_at}: {one.said}"


def test_every_stage_of_a_run_is_killed_in_turn() -> None:
    from flows.dag import Progress

    assert set(Progress.STAGES) | {"start"} == set(STAGES)
