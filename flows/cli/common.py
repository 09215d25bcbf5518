"""What the commands share: the app, the options, errors in one line. Exit status: 0 done, 1 failed, 2 wrong usage."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from flows.sources import UsageError
from flows.warehouse.file import LedgerError
from flows.workers import StageError

app = typer.Typer(
    name="newsledger",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
DataOption = Annotated[Path | None, typer.Option("--data", help="Where everything is kept (NEWSLEDGER_DATA; data/).")]
PrivateOption = Annotated[
    bool, typer.Option("--allow-private", help="Named addresses may lie on this machine or in a private network.")
]
ConfigOption = Annotated[Path | None, typer.Option("--config", help="The sources to read (seeds/sources.toml).")]
EngineOption = Annotated[str | None, typer.Option("--engine", help="local | dask (the config's \\[run] table; local).")]
WorkersOption = Annotated[int | None, typer.Option("--workers", help="Worker processes (the config's; all cores).")]
STOPPED = "newsledger: stopped; nothing is lost, the same command goes on from here"


def _say_version(is_asked: bool) -> None:
    if is_asked:
        from importlib.metadata import version

        typer.echo(f"newsledger {version('newsledger')}")
        raise typer.Exit


@app.callback()
def newsledger(
    is_asked: Annotated[
        bool, typer.Option("--version", help="Say the version.", is_eager=True, callback=_say_version)
    ] = False,
) -> None:
    """Articles in, a ledger of who reported what out."""


@contextmanager
def told_errors() -> Iterator[None]:
    """Turn what a user can mend into one line and an exit status."""
    try:
        yield
    except UsageError as error:
        typer.echo(f"newsledger: {error}", err=True)
        raise typer.Exit(2) from error
    except BrokenPipeError:
        raise  # `newsledger ... | head`: click ends the command without a word
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
