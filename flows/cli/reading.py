"""Commands that only read what is published: `describe`, `story`, `explain`, `status`."""

from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.console import Console

from flows.cli.common import DataOption, app, told_errors
from flows.report.dictionary import print_dictionary
from flows.report.evidence import print_evidence
from flows.report.status import print_attempt, print_status
from flows.report.story import print_stories, print_story
from flows.settings import data_folder
from flows.warehouse.file import published_path
from flows.warehouse.read import open_published


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
def status(
    data: DataOption = None,
    all: Annotated[bool, typer.Option("--all", help="Every source and every row.")] = False,
) -> None:
    """What needs a look; last runs, health of each source, rejects by reason, disk."""
    folder = data_folder(data)
    with told_errors():
        if not published_path(folder).exists():
            print_attempt(Console(), folder)
        with open_published(folder) as con:
            print_status(Console(), con, folder, datetime.now(UTC), all)
