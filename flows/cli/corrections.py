"""Commands for an analyst's word on what the rules read: `correct fix`, `drop`, `merge`, `split`, `mute`, `undo`,
`list`, `load`."""

import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from flows.cli.common import DataOption, app, told_errors
from flows.report.corrections import print_corrected, print_corrections
from flows.settings import data_folder
from flows.sources import UsageError
from flows.warehouse.corrections import stored_corrections
from flows.warehouse.drafts import Draft, write_drafts
from flows.warehouse.read import open_published

correct_app = typer.Typer(help="An analyst's word on what the rules read: who, when and why.", no_args_is_help=True)
app.add_typer(correct_app, name="correct")

WhyOption = Annotated[str, typer.Option("--why", help="Why: it stands beside the figure.")]
ByOption = Annotated[str | None, typer.Option("--by", help="Who says so (the user of this machine).")]
FactArgument = Annotated[str, typer.Argument(metavar="ID", help="A count, claim or quote.")]
EventArgument = Annotated[str, typer.Argument(metavar="EVT")]


@correct_app.command("fix")
def fix(
    fact_id: Annotated[str, typer.Argument(metavar="ID", help="A count or a claim.")],
    sets: Annotated[list[str], typer.Option("--set", metavar="COLUMN=VALUE", help="Nothing behind = is NULL.")],
    why: WhyOption,
    by: ByOption = None,
    data: DataOption = None,
) -> None:
    """Let a count or claim say something else: value, modifier, low, high, kind, scope, attributed_to, actor_type,
    is_attacker; actor, stance, asserted_by. A value alone is an exact figure."""
    _say(Draft(action="fix", target=fact_id, sets=";".join(sets), why=why, corrected_by=by), data)


@correct_app.command("drop")
def drop(fact_id: FactArgument, why: WhyOption, by: ByOption = None, data: DataOption = None) -> None:
    """Leave a count, claim or quote out of all that is summed up; it stays in sight, with who and why."""
    _say(Draft(action="drop", target=fact_id, why=why, corrected_by=by), data)


@correct_app.command("merge")
def merge(
    event_id: EventArgument,
    other: Annotated[str, typer.Argument(metavar="EVT", help="The event that becomes the first one.")],
    why: WhyOption,
    by: ByOption = None,
    data: DataOption = None,
) -> None:
    """Let two events be one."""
    _say(Draft(action="merge", target=event_id, other=other, why=why, corrected_by=by), data)


@correct_app.command("split")
def split(
    event_id: EventArgument,
    articles: Annotated[list[str], typer.Argument(metavar="ARTICLE...", help="Those that tell of another event.")],
    why: WhyOption,
    by: ByOption = None,
    data: DataOption = None,
) -> None:
    """Let what some articles tell of an event be an event of its own."""
    _say(Draft(action="split", target=event_id, other=" ".join(articles), why=why, corrected_by=by), data)


@correct_app.command("mute")
def mute(
    source: Annotated[str, typer.Argument(metavar="SOURCE", help="The name of a source or a publisher.")],
    why: WhyOption,
    by: ByOption = None,
    data: DataOption = None,
) -> None:
    """Leave all that a source or publisher reports out of what is summed up; its articles stay."""
    _say(Draft(action="mute", target=source, why=why, corrected_by=by), data)


@correct_app.command("undo")
def undo(
    correction_id: Annotated[str, typer.Argument(metavar="ID", help="A correction; of an undo too.")],
    why: WhyOption,
    by: ByOption = None,
    data: DataOption = None,
) -> None:
    """Take a correction back; both stay in the list."""
    _say(Draft(action="undo", target=correction_id, why=why, corrected_by=by), data)


@correct_app.command("list")
def list_corrections(
    format: Annotated[str, typer.Option("--format", help="table | csv (what `load` reads)")] = "table",
    data: DataOption = None,
) -> None:
    """All that was said, who said it, when and why, and whether it holds."""
    with told_errors(), open_published(data_folder(data)) as con:
        if format not in ("table", "csv"):
            raise UsageError(f"--format {format}: none of table, csv")
        if format == "csv":
            write_drafts(stored_corrections(con), sys.stdout)
        else:
            print_corrections(Console(), con)


@correct_app.command("load")
def load(
    file: Annotated[Path, typer.Argument(metavar="FILE.csv", help="Its columns: docs/corrections.md.")],
    by: ByOption = None,
    data: DataOption = None,
) -> None:
    """Say every row of a CSV, or none where one does not fit; what was said already is not said again."""
    with told_errors():
        from flows.correct import load_corrections, who_am_i

        print_corrected(Console(), load_corrections(data_folder(data), file, who_am_i() if by is None else _name(by)))


def _say(draft: Draft, data: Path | None) -> None:
    """Say one thing."""
    with told_errors():
        from flows.correct import correct, who_am_i  # importing what publishes takes a while

        by = who_am_i() if draft.corrected_by is None else _name(draft.corrected_by)
        said = Draft(**vars(draft) | {"why": (draft.why or "").strip(), "corrected_by": by})
        print_corrected(Console(), correct(data_folder(data), said))


def _name(text: str) -> str:
    return " ".join(text.split())
