"""Commands that answer what was not foreseen: `query` and `export`."""

import os
import resource
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flows.cli.common import DataOption, app, told_errors
from flows.settings import data_folder
from flows.sources import UsageError
from flows.warehouse.read import open_published, usual_megabytes

if TYPE_CHECKING:
    import pyarrow as pa

    from flows.warehouse.answered import First
    from flows.warehouse.asked import Answer, Rows

FORMATS = ("table", "csv", "json", "typed", "parquet")
BY_COLUMN = ("csv", "parquet")


@app.command()
def query(
    sql: Annotated[str, typer.Argument(metavar="SQL")],
    format: Annotated[str, typer.Option("--format", help="table | csv | json | typed | parquet")] = "table",
    data: DataOption = None,
    seconds: Annotated[float, typer.Option("--seconds", help="How long it may take to work out.")] = 60.0,
    megabytes: Annotated[
        int | None, typer.Option("--megabytes", help="How much memory it may have (half of the machine's).")
    ] = None,
    rows: Annotated[
        int | None, typer.Option("--rows", help="At most so many rows (a table 200, the rest all).")
    ] = None,
    spreadsheet: Annotated[
        bool, typer.Option("--spreadsheet", help="csv: a ' before text that a spreadsheet takes for a formula.")
    ] = False,
) -> None:
    """Read-only SQL on the published tables; docs/asking.md has questions to begin with."""
    with told_errors():
        from flows.report.answers import SHOWN
        from flows.warehouse.answered import First
        from flows.warehouse.asked import answer, batches, row_batches, too_long

        _check(format, seconds, megabytes, rows, spreadsheet)
        if format in BY_COLUMN:
            import flows.report.answer_files  # noqa: F401 - Arrow and Polars are no part of the answer's memory

        def stop() -> None:
            typer.echo(f"newsledger: {too_long(seconds)}", err=True)
            os._exit(1)

        with open_published(data_folder(data), megabytes) as con, _bounded(megabytes or usual_megabytes()):
            asked = answer(con, sql, seconds, stop)
            most = SHOWN if rows is None and format == "table" else rows
            told = _told_as(asked if most is None else asked.limit(most + 1), format, spreadsheet)
            if format in BY_COLUMN:
                by_column = First(batches(con, told, seconds, stop), most)
                _write_file(by_column, format)
                is_cut = by_column.is_cut
            else:
                by_row = First(row_batches(con, told, seconds, stop), most)
                _write(by_row, told, asked, format)
                is_cut = by_row.is_cut
            sys.stdout.flush()
        if is_cut and format != "table":
            typer.echo(f"newsledger: the first {most} rows; there are more", err=True)


def _check(format: str, seconds: float, megabytes: int | None, rows: int | None, spreadsheet: bool) -> None:
    if format not in FORMATS:
        raise UsageError(f"--format {format}: none of {', '.join(FORMATS)}")
    if seconds <= 0 or (megabytes is not None and megabytes < 100):
        raise UsageError("--seconds must be above 0, --megabytes 100 or more")
    if rows is not None and rows < 1:
        raise UsageError(f"--rows {rows}: at least 1")
    if spreadsheet and format != "csv":
        raise UsageError("--spreadsheet goes with --format csv")


def _told_as(asked: "Answer", format: str, spreadsheet: bool) -> "Answer":
    from flows.warehouse.answered import as_json, as_list, as_safe_text, as_text

    texts = {"table": as_text, "csv": as_safe_text if spreadsheet else as_text, "json": as_json, "typed": as_list}
    return texts[format](asked) if format in texts else asked


def _write(first: "First[Rows]", told: "Answer", asked: "Answer", format: str) -> None:
    from flows.report.answers import print_answer, write_json, write_typed

    if format == "table":
        print_answer(first, told, asked)
    elif format == "json":
        write_json(sys.stdout, first)
    else:
        write_typed(sys.stdout, first, asked)


def _write_file(first: "First[pa.RecordBatch]", format: str) -> None:
    from flows.report.answer_files import write_csv, write_parquet

    if format == "csv":
        write_csv(sys.stdout, first)
    else:
        write_parquet(sys.stdout.buffer, first)


@app.command()
def export(
    folder: Annotated[Path, typer.Argument(metavar="DIR")],
    format: Annotated[str, typer.Option("--format", help="parquet | csv")] = "parquet",
    data: DataOption = None,
) -> None:
    """Every published table and view as a file, with a dictionary of their columns, all of one publication."""
    with told_errors():
        from flows.report.words import plural
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
