"""Commands that look after what is there: `doctor`, `backup`, `lines`."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from flows.cli.common import DataOption, app, told_errors
from flows.report.lines import print_lines
from flows.report.words import plural
from flows.settings import data_folder
from flows.sources import UsageError
from flows.warehouse.lock import hold_run, new_run_id
from flows.warehouse.read import open_published

lines_app = typer.Typer(help="Lines that recur at a publisher, and what becomes of them.", no_args_is_help=True)
app.add_typer(lines_app, name="lines")


@app.command()
def doctor(data: DataOption = None) -> None:
    """Check a data folder, say what is wrong, mend what can be mended. Status 1 where something stays wrong."""
    with told_errors():
        from flows.doctor import examine  # importing what it looks at takes a while

        folder = data_folder(data)
        if not folder.is_dir():
            raise UsageError(f"{folder}: no such folder; name one with --data")
        with hold_run(folder, "doctor", datetime.now(UTC)) as hold:
            findings = examine(folder, hold)
        for finding in findings:
            typer.echo(f"{finding.where}: {finding.what}\n  {finding.mended or 'NOT MENDED'}")
        if not findings:
            typer.echo(f"{folder}: sound")
        if any(finding.mended is None for finding in findings):
            raise typer.Exit(1)


@app.command()
def backup(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A new folder, or one with an earlier backup.")],
    data: DataOption = None,
) -> None:
    """Copy what cannot be made again, also while a run is loading; to restore it, copy it back and call `doctor`."""
    with told_errors():
        from flows.backup import back_up

        done = back_up(data_folder(data), folder.absolute())
        typer.echo(
            f"{folder}: {plural(done.n_copied, 'file')} copied, {done.n_bytes / 1e6:.1f} MB; "
            f"{done.n_there} of the archive were there, {done.n_gone} went"
        )


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
        from flows.lines import decide_line

        n_articles = decide_line(data_folder(data), new_run_id(), line_id, decision, because)
        typer.echo(f"{line_id}: {decision}; `newsledger rebuild` reads {plural(n_articles, 'article')} again")
