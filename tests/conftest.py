"""What tests share: one Prefect server for the session, and real runs into folders of their own."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

LONG = pytest.mark.skipif(not os.environ.get("NEWSLEDGER_PROOFS"), reason="of the long form: make proofs")
ROOT = Path(__file__).resolve().parent.parent
SEEDS = ROOT / "seeds" / "articles"
SHARED = ROOT.parent / "shared"


NO_BROWSER = "no Chromium here (Debian's package `chromium`, or NEWSLEDGER_CHROMIUM=path)"


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Say so where no browser was there: a quiet `s` would pass for a test."""
    if any(NO_BROWSER in str(report.longrepr) for report in terminalreporter.stats.get("skipped", ())):
        terminalreporter.write_sep("!", f"BROWSER TESTS SKIPPED: {NO_BROWSER}", yellow=True, bold=True)


@pytest.fixture(scope="session", autouse=True)
def a_pass_stays_in_this_process() -> None:
    """However much the tests hold: they patch what a pass does."""
    from flows import apart

    apart.GROWN = 1 << 40


@pytest.fixture(scope="session")
def prefect_server() -> Iterator[None]:
    """A real Prefect server on loopback for all runs of the session."""
    os.environ.setdefault("PREFECT_LOGGING_LEVEL", "WARNING")
    from prefect.testing.utilities import prefect_test_harness

    with prefect_test_harness(server_startup_timeout=120):
        yield


@pytest.fixture
def jobs(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the jobs that workers are given in a test."""
    from flows import workers

    call, names = workers.call, list[str]()

    def noted(function: str, *given: Any, **named: Any) -> dict[str, Any]:
        names.append(function)
        return call(function, *given, **named)

    monkeypatch.setattr(workers, "call", noted)
    return names


Run = Callable[..., Path]


@pytest.fixture(scope="session")
def run_pass(prefect_server: None) -> Run:
    """Run one pass of the DAG over sources into a data folder; returns the published file."""
    from flows.ingest import run_ingest

    def run(data: Path, *sources: Path, config: Path | None = None, **how: object) -> Path:
        given, file = [str(source) for source in sources], str(config) if config else None
        how = {"workers": 1} | how  # a handful of articles is not worth the start of two
        asyncio.run(run_ingest(given, file, str(data), **how))  # type: ignore[arg-type]
        return data / "news.duckdb"

    return run


@pytest.fixture(scope="session")
def seeds_data(tmp_path_factory: pytest.TempPathFactory, run_pass: Run) -> Path:
    """The data folder of one run over the five seeds, as `make run` makes it: ids are the same."""
    data = tmp_path_factory.mktemp("seeds") / "data"
    run_pass(data, config=ROOT / "seeds" / "sources.toml")
    return data


Command = Callable[..., tuple[int, str]]


@pytest.fixture(scope="session")
def command(prefect_server: None) -> Command:
    """Run `newsledger` as a user does, in a process of its own, against the session's Prefect server; returns its exit
    status and all that it said."""
    from prefect.settings import PREFECT_API_URL

    server = {"PREFECT_API_URL": str(PREFECT_API_URL.value()), "COLUMNS": "200"}

    def run(*words: object, lexicon: Path | None = None, **how: Any) -> tuple[int, str]:
        own = {key: value for key, value in os.environ.items() if key != "PREFECT_LOGGING_LEVEL"}
        environment = own | server | ({"NEWSLEDGER_LEXICON": str(lexicon)} if lexicon else {})
        said = subprocess.run(
            [sys.executable, "-m", "flows", *map(str, words)],
            cwd=how.pop("cwd", ROOT),
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            **how,
        )
        return said.returncode, said.stdout

    return run
