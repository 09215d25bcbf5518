"""Commands that only read what is published: `query`, `describe`, `story`, `explain`, `status`."""

import sys
from typing import Annotated

import duckdb
import typer
from rich.console import Console

from flows.cli.common import DataOption, app, told_errors
from flows.report.dictionary import print_dictionary
from flows.report.evidence import print_evidence
from flows.report.runs import print_status
from flows.report.story import print_stories, print_story
from flows.report.words import flat, print_frame
from flows.settings import data_folder
from flows.sources import UsageError
from flows.warehouse.read import open_published


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
def describe(name: Annotated[str | None, typer.Argument(metavar="[TABLE]")] = None, data: DataOption = None) -> None:
    """What a table, view or macro and its columns mean; without a name, the list of all."""
    with told_errors(), open_published(data_folder(data)) as con:
        print_dictionary(Console(), con, name)


@app.command()
def story(story_id: Annotated[str | None, typer.Argument(metavar="[ID]")] = None, data: DataOption = None) -> None:
    """A story, or an event's stories: tolls with low, best and high, who says what; without an ID, the list."""
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
