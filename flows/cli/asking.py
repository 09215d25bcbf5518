"""Commands that answer what was not foreseen: `query` and `export`."""

import os
import resource
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from flows.cli.common import DataOption, app, told_errors
from flows.report.words import plural
from flows.settings import data_folder
from flows.sources import UsageError
from flows.warehouse.read import open_published, usual_megabytes

FORMATS = ("table", "csv", "json", "parquet")


@app.command()
def query(
    sql: Annotated[str, typer.Argument(metavar="SQL")],
    format: Annotated[str, typer.Option("--format", help="table | csv | json | parquet")] = "table",
    data: DataOption = None,
    seconds: Annotated[float, typer.Option("--seconds", help="How long it may take to work out.")] = 60.0,
    megabytes: Annotated[
        int | None, typer.Option("--megabytes", help="How much memory it may have (half of the machine's).")
    ] = None,
) -> None:
    """Read-only SQL on the published tables; docs/asking.md has questions to begin with."""
    with told_errors():
        from flows.report.answers import SHOWN, print_answer, write_csv, write_json, write_parquet  # Arrow: 0.1 s
        from flows.warehouse.asked import answer, as_json, as_text, batches, too_long

        if format not in FORMATS:
            raise UsageError(f"--format {format}: none of {', '.join(FORMATS)}")
        if seconds <= 0 or (megabytes is not None and megabytes < 100):
            raise UsageError("--seconds must be above 0, --megabytes 100 or more")

        def stop() -> None:
            typer.echo(f"newsledger: {too_long(seconds)}", err=True)
            os._exit(1)

        with open_published(data_folder(data), megabytes) as con, _bounded(megabytes or usual_megabytes()):
            asked = answer(con, sql, seconds, stop)
            if format == "table":
                first = next(batches(con, as_text(asked), seconds, SHOWN + 1, stop))
                print_answer(Console(), first, [type_.id for type_ in asked.types])
            elif format == "csv":
                write_csv(sys.stdout, batches(con, as_text(asked), seconds, stop=stop))
            elif format == "json":
                write_json(sys.stdout, batches(con, as_json(asked), seconds, stop=stop))
            else:
                write_parquet(sys.stdout.buffer, batches(con, asked, seconds, stop=stop))


@app.command()
def export(
    folder: Annotated[Path, typer.Argument(metavar="DIR")],
    format: Annotated[str, typer.Option("--format", help="parquet | csv")] = "parquet",
    data: DataOption = None,
) -> None:
    """Every published table and view as a file, with a dictionary of their columns, all of one publication."""
    with told_errors():
        from flows.warehouse.export import export_published

        n_files, n_rows = export_published(data_folder(data), folder, format)
        typer.echo(f"{folder}: {plural(n_files, 'table')}, {n_rows:,} rows; dictionary.csv says what they hold")


@contextmanager
def _bounded(megabytes: int) -> Iterator[None]:
    """Let the process grow by so much and a quarter, and its threads' own: DuckDB does not count a single huge value.
    What goes beyond fails as an allocation, and nothing leaves a core."""
    statm = Path("/proc/self/statm")
    limits = {kind: resource.getrlimit(kind) for kind in (resource.RLIMIT_AS, resource.RLIMIT_CORE)}
    resource.setrlimit(resource.RLIMIT_CORE, (0, limits[resource.RLIMIT_CORE][1]))
    if statm.exists():  # elsewhere than on Linux the limit is not kept
        grown = int(statm.read_text("ascii").split()[0]) * resource.getpagesize()
        room = megabytes * 1_250_000 + (2 + (os.cpu_count() or 1)) * 150_000_000
        _, hard = limits[resource.RLIMIT_AS]
        most = grown + room if hard == resource.RLIM_INFINITY else min(grown + room, hard)
        resource.setrlimit(resource.RLIMIT_AS, (most, hard))
    try:
        yield
    finally:
        for kind, limit in limits.items():
            resource.setrlimit(kind, limit)
