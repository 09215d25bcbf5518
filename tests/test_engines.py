"""The same tables, whatever the engine, the number of workers, the size of the batches, the order of the input."""

import os
import signal
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.conftest import LONG, Run
from tests.corpus import eval_lines, seed_lines, write_lines
from tests.tables import differing

if TYPE_CHECKING:
    from distributed import LocalCluster

BATCHES_OF = "[run]\nbatch_documents = {}\n\n[[source]]\nname = 'lines'\ntype = 'file'\npath = 'lines.jsonl'\n"


@pytest.fixture(scope="module")
def inbox(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One file of articles, and configs that read it in batches of another size."""
    folder = tmp_path_factory.mktemp("inbox")
    write_lines(folder / "lines.jsonl", seed_lines(3) + eval_lines(0.1))
    for size in (1, 5, 500):
        (folder / f"batches-{size}.toml").write_text(BATCHES_OF.format(size), "utf-8")
    return folder


@pytest.fixture(scope="module")
def reference(inbox: Path, tmp_path_factory: pytest.TempPathFactory, run_pass: Run) -> Path:
    data = tmp_path_factory.mktemp("reference")
    return run_pass(data, config=inbox / "batches-500.toml", engine="local", workers=1)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("engine", "workers", "size"),
    [
        pytest.param("local", 2, 5, marks=pytest.mark.proof),
        pytest.param("local", 4, 500, marks=[pytest.mark.proof, LONG]),
        pytest.param("local", 2, 1, marks=[pytest.mark.proof, LONG]),
        pytest.param("dask", 1, 5, marks=[pytest.mark.proof, LONG]),
        pytest.param("dask", 2, 5, marks=pytest.mark.proof),
    ],
)
def test_tables_do_not_depend_on_engine_workers_or_batches(
    engine: str, workers: int, size: int, inbox: Path, reference: Path, tmp_path: Path, run_pass: Run
) -> None:
    published = run_pass(tmp_path / "data", config=inbox / f"batches-{size}.toml", engine=engine, workers=workers)

    assert differing(reference, published) == {}


@pytest.mark.proof
@pytest.mark.parametrize("seed", [1, 2])
def test_tables_do_not_depend_on_the_order_of_the_input(
    seed: int, inbox: Path, reference: Path, tmp_path: Path, run_pass: Run
) -> None:
    lines = (inbox / "lines.jsonl").read_text("utf-8")
    try:
        write_lines(inbox / "lines.jsonl", seed_lines(3) + eval_lines(0.1), shuffled_by=seed)
        published = run_pass(tmp_path / "data", config=inbox / "batches-5.toml", workers=2)
    finally:
        (inbox / "lines.jsonl").write_text(lines, "utf-8")

    assert differing(reference, published) == {}


DASK = (
    "[run]\nengine = 'dask'\nscheduler = '{}'\nbatch_documents = 5\n\n"
    "[[source]]\nname = 'lines'\ntype = 'file'\npath = '{}'\n"
)


def kill_a_worker_at(cluster: "LocalCluster", stage: str, killed: list[int]) -> None:
    """Wait until a Dask worker is at a task of the stage, then kill it."""
    while not killed:
        time.sleep(0.002)
        for key, task in list(cluster.scheduler.tasks.items()):
            worker = task.processing_on
            if worker is not None and str(key).startswith(stage):
                pid = next(nanny.pid for nanny in cluster.workers.values() if nanny.worker_address == worker.address)
                time.sleep(0.1)
                os.kill(pid, signal.SIGKILL)
                killed.append(pid)
                return


@pytest.mark.proof
@pytest.mark.parametrize("stage", ["clean", *(pytest.param(stage, marks=LONG) for stage in ("extract", "link"))])
def test_a_dask_worker_killed_in_a_stage_changes_nothing(
    stage: str, inbox: Path, reference: Path, tmp_path: Path, run_pass: Run
) -> None:
    from distributed import LocalCluster

    killed: list[int] = []
    with LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None) as cluster:
        config = tmp_path / "dask.toml"
        config.write_text(DASK.format(cluster.scheduler_address, inbox / "lines.jsonl"), "utf-8")
        killer = threading.Thread(target=kill_a_worker_at, args=(cluster, stage, killed), daemon=True)
        killer.start()

        published = run_pass(tmp_path / "data", config=config)

        killer.join(timeout=1)

    assert len(killed) == 1
    assert differing(reference, published) == {}
