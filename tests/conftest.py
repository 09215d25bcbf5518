"""What tests share: one Prefect server for the session, and real runs into folders of their own."""

import asyncio
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SEEDS = ROOT / "seeds" / "articles"
SHARED = ROOT.parent / "shared"


@pytest.fixture(scope="session")
def prefect_server() -> Iterator[None]:
    """A real Prefect server on loopback for all runs of the session."""
    os.environ.setdefault("PREFECT_LOGGING_LEVEL", "WARNING")
    from prefect.testing.utilities import prefect_test_harness

    with prefect_test_harness(server_startup_timeout=120):
        yield


Run = Callable[..., Path]


@pytest.fixture(scope="session")
def run_pass(prefect_server: None) -> Run:
    """Run one pass of the DAG over sources into a data folder; returns the published file."""
    from flows.ingest import run_ingest

    def run(data: Path, *sources: Path, config: Path | None = None, **how: object) -> Path:
        given, file = [str(source) for source in sources], str(config) if config else None
        asyncio.run(run_ingest(given, file, str(data), **how))  # type: ignore[arg-type]
        return data / "news.duckdb"

    return run


@pytest.fixture(scope="session")
def seeds_data(tmp_path_factory: pytest.TempPathFactory, run_pass: Run) -> Path:
    """The data folder of one run over the five seeds."""
    data = tmp_path_factory.mktemp("seeds") / "data"
    run_pass(data, SEEDS)
    return data
