"""Commands: parse arguments, call a flow or a query, print. Exit status: 0 done, 1 the run failed, 2 wrong usage."""

import asyncio
import errno
import logging
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated

import duckdb
import typer
from rich.console import Console

from flows.batches import StageError
from flows.doctor import examine
from flows.lines import decide_line
from flows.report.article import print_pages
from flows.report.evidence import print_evidence
from flows.report.lines import print_lines
from flows.report.rebuilt import print_diff, print_rebuilt
from flows.report.runs import print_run, print_status, print_touched
from flows.report.story import print_stories, print_story
from flows.report.words import flat, plural, print_frame
from flows.settings import UsageError, configured_sources, data_folder, read_settings
from flows.warehouse.file import LedgerError, ledger_path
from flows.warehouse.lock import hold_run, new_run_id
from flows.warehouse.read import open_published

app = typer.Typer(
    name="newsledger",
    help="Articles in, a ledger of who reported what out.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
sources_app = typer.Typer(help="What is configured.", no_args_is_help=True)
app.add_typer(sources_app, name="sources")
lines_app = typer.Typer(help="Lines that recur at a publisher, and what becomes of them.", no_args_is_help=True)
app.add_typer(lines_app, name="lines")

DataOption = Annotated[Path | None, typer.Option("--data", help="Where everything is kept (NEWSLEDGER_DATA; data/).")]
ConfigOption = Annotated[Path | None, typer.Option("--config", help="The sources to read (seeds/sources.toml).")]
EngineOption = Annotated[str | None, typer.Option("--engine", help="local | dask (the config's [run] table; local).")]
WorkersOption = Annotated[int | None, typer.Option("--workers", help="Worker processes (the config's; all cores).")]


@contextmanager
def told_errors() -> Iterator[None]:
    """Turn what a user can mend into one line and an exit status."""
    try:
        yield
    except UsageError as error:
        typer.echo(f"newsledger: {error}", err=True)
        raise typer.Exit(2) from error
    except OSError as error:
        typer.echo(f"newsledger: {_told(error)}", err=True)
        raise typer.Exit(1) from error
    except (LedgerError, StageError) as error:
        typer.echo(f"newsledger: {error}", err=True)
        raise typer.Exit(1) from error
    except KeyboardInterrupt as error:
        typer.echo(STOPPED, err=True)
        raise typer.Exit(1) from error


def _told(error: OSError) -> str:
    """The file first, then what is the matter with it and what to do."""
    file = error.filename2 or error.filename
    if not file:
        return str(error)
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"{file}: no space left; make room, the same command goes on from here"
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return f"{file}: {error.strerror}; make it writable, or name another folder with --data"
    return f"{file}: {error.strerror}"


@app.command()
def run(
    source: Annotated[
        list[str] | None, typer.Argument(help="Folders and files; none: every configured source.")
    ] = None,
    config: ConfigOption = None,
    data: DataOption = None,
    engine: EngineOption = None,
    workers: WorkersOption = None,
) -> None:
    """One pass of the DAG; then the stories it touched."""
    with told_errors():
        file = str(config) if config else None
        settings = read_settings(source or [], file, str(data) if data else None, engine, workers)
        _keep_prefect_quiet(settings.data)
        from flows.dag import stop_own_server  # importing Prefect costs a second: only a run pays it
        from flows.ingest import run_ingest

        with _interruptible(stop_own_server):
            done = asyncio.run(run_ingest(source, file, str(settings.data), engine, workers))
        console = Console()
        with open_published(settings.data) as con:
            print_run(console, con, done.run_id, done.warnings)
            print_touched(console, con, done.run_id)
            print_pages(console, con, [one.path for one in settings.sources if one.path.suffix in (".html", ".txt")])


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
        _keep_prefect_quiet(settings.data)
        from flows.dag import stop_own_server
        from flows.rebuild import run_rebuild

        with _interruptible(stop_own_server):
            done = asyncio.run(run_rebuild(first_stage, day, diff, file, str(settings.data), engine, workers))
        print_rebuilt(Console(), done.run_id, done.n_redone, done.is_linked, done.warnings)
        if done.tolls is not None and done.facts is not None:
            print_diff(Console(), done.tolls, done.facts, done.causes)


STOPPED = "newsledger: stopped; nothing is lost, the same command goes on from here"
PATIENCE = 1.5  # seconds that Prefect has to end by itself after Ctrl-C


@contextmanager
def _interruptible(stop_server: Callable[[], None]) -> Iterator[None]:
    """Let Ctrl-C end a run within seconds. Prefect's server, a child in the same terminal, gets the signal too, and
    Prefect would go on calling it for a minute: after PATIENCE the process leaves, which is as safe as any kill."""

    def leave() -> None:
        stop_server()
        typer.echo(STOPPED, err=True)
        os._exit(1)

    def stop(*_: object) -> None:
        logging.disable(logging.CRITICAL)
        timer = threading.Timer(PATIENCE, leave)
        timer.daemon = True
        timer.start()
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGINT, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
        logging.disable(logging.CRITICAL)  # how Prefect's own workers wind down is nobody's concern


def _keep_prefect_quiet(data: Path) -> None:
    """Prefect's own state goes below the data folder, unless the user has set Prefect up; what fails is told by us,
    once."""
    os.environ.setdefault("PREFECT_LOGGING_LEVEL", "CRITICAL")
    os.environ.setdefault("PREFECT_SERVER_LOGGING_LEVEL", "WARNING")
    set_up = "PREFECT_API_URL" in os.environ or (Path.home() / ".prefect" / "profiles.toml").exists()
    if not set_up:
        home = data / "prefect"
        home.mkdir(parents=True, exist_ok=True)
        os.environ.setdefault("PREFECT_HOME", str(home))


@app.command()
def query(
    sql: Annotated[str, typer.Argument(metavar="SQL")],
    format: Annotated[str, typer.Option("--format", help="table | csv | json | parquet")] = "table",
    data: DataOption = None,
) -> None:
    """Read-only SQL on the published tables."""
    with told_errors(), open_published(data_folder(data)) as con:
        if format not in ("table", "csv", "json", "parquet"):
            raise UsageError(f"--format {format}: none of table, csv, json, parquet")
        try:
            frame = con.sql(sql).pl()
        except duckdb.Error as error:
            raise UsageError(f"query: {error}") from error
        except AttributeError as error:
            raise UsageError("query: this statement returns no rows; `query` only reads") from error
        if format == "table":
            print_frame(Console(), frame)
        elif format == "parquet":
            frame.write_parquet(sys.stdout.buffer)
        elif format == "csv":
            sys.stdout.write(flat(frame).write_csv())
        else:
            sys.stdout.write(frame.write_json() + "\n")


@app.command()
def story(story_id: Annotated[str | None, typer.Argument(metavar="[ID]")] = None, data: DataOption = None) -> None:
    """A story: events, tolls with low, best and high, who says what; without an ID, the list."""
    with told_errors(), open_published(data_folder(data)) as con:
        if story_id:
            print_story(Console(), con, story_id)
        else:
            print_stories(Console(), con)


@app.command()
def explain(fact_id: Annotated[str, typer.Argument(metavar="ID")], data: DataOption = None) -> None:
    """From a count, claim, quote or article down to its sentence, the raw bytes' hash and the fetch."""
    with told_errors(), open_published(data_folder(data)) as con:
        print_evidence(Console(), con, fact_id)


@app.command()
def status(data: DataOption = None) -> None:
    """Last runs, health of each source, rejects by reason."""
    with told_errors(), open_published(data_folder(data)) as con:
        print_status(Console(), con)


@app.command()
def doctor(data: DataOption = None) -> None:
    """Check a data folder, say what is wrong, mend what can be mended. Status 1 where something stays wrong."""
    with told_errors():
        folder = data_folder(data)
        if not folder.is_dir():
            raise UsageError(f"{folder}: no such folder; name one with --data")
        with hold_run(folder, "doctor", datetime.now(UTC)):
            findings = examine(folder)
        for finding in findings:
            typer.echo(f"{finding.where}: {finding.what}\n  {finding.mended or 'NOT MENDED'}")
        if not findings:
            typer.echo(f"{folder}: sound")
        if any(finding.mended is None for finding in findings):
            raise typer.Exit(1)


@sources_app.command("list")
def list_sources(config: ConfigOption = None) -> None:
    """What is configured."""
    with told_errors():
        for source in configured_sources(config):
            typer.echo(f"{source.name}\t{source.type}\t{source.path}")


@lines_app.command("list")
def list_lines(
    publisher: Annotated[str | None, typer.Argument(help="Only this publisher's.")] = None, data: DataOption = None
) -> None:
    """The lines that stand in many articles of a publisher: which go, which stay, and why."""
    with told_errors(), open_published(data_folder(data)) as con:
        print_lines(Console(), con, publisher)


ReasonOption = Annotated[str, typer.Option("--because", help="Why: it stands beside the line.")]


@lines_app.command("keep")
def keep_line(
    line_id: Annotated[str, typer.Argument(metavar="ID")],
    because: ReasonOption = "an analyst's word",
    data: DataOption = None,
) -> None:
    """Let a line stay in the articles of its publisher."""
    _decide_line(line_id, "keep", because, data)


@lines_app.command("drop")
def drop_line(
    line_id: Annotated[str, typer.Argument(metavar="ID")],
    because: ReasonOption = "an analyst's word",
    data: DataOption = None,
) -> None:
    """Take a line out of the articles of its publisher."""
    _decide_line(line_id, "drop", because, data)


def _decide_line(line_id: str, decision: str, because: str, data: Path | None) -> None:
    with told_errors():
        n_articles = decide_line(data_folder(data), new_run_id(), line_id, decision, because)
        typer.echo(f"{line_id}: {decision}; `newsledger rebuild` reads {plural(n_articles, 'article')} again")
