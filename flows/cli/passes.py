"""Commands that run a flow: `run` and `rebuild`, and how they end at Ctrl-C."""

import asyncio
import logging
import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from flows.cli.common import (
    STOPPED,
    ConfigOption,
    DataOption,
    EngineOption,
    PrivateOption,
    WorkersOption,
    app,
    told_errors,
)
from flows.prefect_rows import server_settings
from flows.report.article import input_of, may_be_page, print_pages
from flows.report.rebuilt import print_diff, print_rebuilt
from flows.report.runs import print_run, print_touched
from flows.settings import read_settings
from flows.sources import UsageError
from flows.warehouse.file import ledger_path
from flows.warehouse.lock import served_at
from flows.warehouse.read import open_published

GIVEN_WAY = 10  # niceness: a reader's page has the processor ten times as often as a run
PATIENCE = 1.5  # seconds that Prefect has to end by itself after Ctrl-C


@app.command()
def run(
    source: Annotated[
        list[str] | None, typer.Argument(help="Folders, files, feeds, sitemaps, pages; none: every configured one.")
    ] = None,
    config: ConfigOption = None,
    data: DataOption = None,
    engine: EngineOption = None,
    workers: WorkersOption = None,
    allow_private: PrivateOption = False,
) -> None:
    """One pass of the DAG; then the stories it touched."""
    with told_errors():
        file = str(config) if config else None
        settings = read_settings(source or [], file, str(data) if data else None, engine, workers, allow_private)
        give_way()
        keep_prefect_quiet(settings.data, settings.keep.prefect_days)
        from flows.dag import (  # importing Prefect costs a second: only a run pays it
            ended_as_by_ctrl_c,
            stop_own_server,
        )
        from flows.ingest import run_ingest

        with interruptible(stop_own_server), ended_as_by_ctrl_c():
            done = asyncio.run(run_ingest(source, file, str(settings.data), engine, workers, allow_private))
        console = Console()
        with open_published(settings.data) as con:
            print_run(console, con, done.run_id, done.warnings)
            print_touched(console, con, done.run_id)
            print_pages(console, con, [input_of(one) for one in settings.sources if may_be_page(one)])


@app.command()
def rebuild(
    first_stage: Annotated[str, typer.Option("--from", help="clean | facts | stories")] = "clean",
    since: Annotated[
        str | None, typer.Option(metavar="DATE", help="Only articles seen first on that day or later.")
    ] = None,
    diff: Annotated[bool, typer.Option("--diff", help="Change nothing; list every figure that would change.")] = False,
    config: ConfigOption = None,
    data: DataOption = None,
    engine: EngineOption = None,
    workers: WorkersOption = None,
) -> None:
    """Replay from the raw archive with today's rules, nothing fetched: only what a change of the rules touches."""
    with told_errors():
        if first_stage not in ("clean", "facts", "stories"):
            raise UsageError(f"--from {first_stage}: none of clean, facts, stories")
        try:
            day = date.fromisoformat(since) if since else None
        except ValueError as error:
            raise UsageError(f"--since {since}: not a day; write it as 2026-11-20") from error
        file = str(config) if config else None
        settings = read_settings([], file, str(data) if data else None, engine, workers)
        if not ledger_path(settings.data).exists():
            raise UsageError(f"{settings.data}: nothing to rebuild yet; `newsledger run` comes first")
        give_way()
        keep_prefect_quiet(settings.data, settings.keep.prefect_days)
        from flows.dag import ended_as_by_ctrl_c, stop_own_server
        from flows.rebuild import run_rebuild

        with interruptible(stop_own_server), ended_as_by_ctrl_c():
            done = asyncio.run(run_rebuild(first_stage, day, diff, file, str(settings.data), engine, workers))
        print_rebuilt(Console(), done.run_id, done.n_redone, done.is_linked, done.warnings)
        if done.tolls is not None and done.facts is not None:
            print_diff(Console(), done.tolls, done.facts, done.causes)


@contextmanager
def interruptible(stop_server: Callable[[], None], status: int = 1) -> Iterator[None]:
    """Let Ctrl-C and SIGTERM end a run within seconds, with that exit status where it takes long. Prefect's server, a
    child in the same terminal, gets Ctrl-C too, and Prefect would go on calling it for a minute: after PATIENCE the
    process leaves, which is as safe as any kill."""

    def leave() -> None:
        stop_server()
        typer.echo(STOPPED, err=True)
        os._exit(status)

    def stop(*_: object) -> None:
        logging.disable(logging.CRITICAL)
        timer = threading.Timer(PATIENCE, leave)
        timer.daemon = True
        timer.start()
        raise KeyboardInterrupt

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        logging.disable(logging.CRITICAL)  # how Prefect's own workers wind down is nobody's concern


def give_way() -> None:
    """Let this process and those that it starts come behind the readers of what is published: a pass has time."""
    os.setpriority(os.PRIO_PROCESS, 0, max(os.getpriority(os.PRIO_PROCESS, 0), GIVEN_WAY))


def keep_prefect_quiet(data: Path, days: float) -> None:
    """Prefect's own state goes below the data folder, for so many days (0: for ever), unless the user has set Prefect
    up; what fails is told by us, once."""
    os.environ.setdefault("PREFECT_LOGGING_LEVEL", "CRITICAL")
    os.environ.setdefault("PREFECT_SERVER_LOGGING_LEVEL", "WARNING")
    if url := served_at(data):
        os.environ.setdefault("PREFECT_API_URL", url)
    set_up = "PREFECT_API_URL" in os.environ or (Path.home() / ".prefect" / "profiles.toml").exists()
    if not set_up:
        home = data / "prefect"
        home.mkdir(parents=True, exist_ok=True)
        os.environ.setdefault("PREFECT_HOME", str(home))
        for name, value in server_settings(days).items():
            os.environ.setdefault(name, value)
