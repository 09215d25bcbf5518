"""A pass that has grown leaves the ledger to a new process: the same rows, the same errors, and nothing twice."""

import os
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from flows import apart, workers
from flows.batches import Place
from flows.lexicon import lexicons
from flows.settings import UsageError
from flows.warehouse.file import LedgerError
from flows.warehouse.publish import BrokenPromise
from flows.workers import Limits, StageError
from tests import patched
from tests.conftest import Run
from tests.corpus import seed_lines, write_lines
from tests.tables import tables_of


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    yield Place(tmp_path, "run", Limits(), str(lexicons()), "r0")
    workers.stop_idle()


@pytest.fixture
def grown(monkeypatch: pytest.MonkeyPatch) -> None:
    """This process holds more than it may to do something itself."""
    monkeypatch.setattr(apart, "GROWN", 1)


def test_a_process_that_has_not_grown_does_it_itself(place: Place) -> None:
    assert apart.call(place, patched.own_process) == {"pid": os.getpid()}


@pytest.mark.usefixtures("grown")
def test_one_that_has_grown_has_it_done_by_a_new_one_each_time(place: Place) -> None:
    told = [apart.call(place, patched.own_process)["pid"] for _ in range(2)]

    assert len({os.getpid(), *told}) == 3
    assert not workers._all
    assert not list(place.folder.iterdir())


@pytest.mark.usefixtures("grown")
@pytest.mark.parametrize(
    "error",
    [
        LedgerError("the disk is full"),
        UsageError("no such key"),
        BrokenPromise([("each count has its sentence", "count_id = cnt_1")]),
        duckdb.OutOfMemoryException("could not allocate"),
        FileNotFoundError(2, "No such file", "ledger.duckdb"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_what_it_raises_there_is_raised_here(place: Place, error: Exception) -> None:
    with pytest.raises(type(error)) as told:
        apart.call(place, patched.fail, error)

    assert str(told.value) == str(error)
    assert vars(told.value) == vars(error)


@pytest.mark.usefixtures("grown")
def test_where_its_process_is_killed_the_run_fails_and_it_is_not_done_again(place: Place) -> None:
    calls = place.folder / "calls.txt"

    with pytest.raises(StageError, match="note_and_die: worker died: SIGKILL"):
        apart.call(place, patched.note_and_die, calls)

    assert calls.read_text("utf-8") == "called\n"


def test_a_pass_that_has_grown_loads_and_publishes_what_another_does(
    tmp_path: Path, run_pass: Run, monkeypatch: pytest.MonkeyPatch, jobs: list[str]
) -> None:
    lines = write_lines(tmp_path / "articles.jsonl", [*seed_lines(2), {"id": "no words", "text": "Share"}])
    here = tables_of(run_pass(tmp_path / "here", lines))

    assert "flows.apart:answer" not in jobs
    monkeypatch.setattr(apart, "GROWN", 1)
    there = tables_of(run_pass(tmp_path / "there", lines))

    assert len(here["articles"]) == 10
    assert there == here
    assert jobs.count("flows.apart:answer") == 4  # load, load the links, check, publish
