"""A run's outcome."""

import duckdb
from rich.console import Console
from rich.markup import escape

from flows.report.story import print_stories, print_story
from flows.report.words import plural
from flows.warehouse.read import rows

MANY = 5  # stories that a run prints whole; of more it prints the list


def print_run(console: Console, con: duckdb.DuckDBPyConnection, run_id: str, warnings: list[str]) -> None:
    """One line of what a run brought, then its warnings and its rejects."""
    run = rows(con, "SELECT * FROM runs WHERE run_id = ?", [run_id])[0]
    console.print(
        f"[bold]run {run_id}[/]: {plural(run['n_documents'], 'document')} read, "
        f"{plural(run['n_articles'], 'article')} new, {plural(run['n_rejects'], 'reject')}; {run['seconds']:.1f} s"
    )
    if not rows(con, "FROM fetches WHERE run_id = ? LIMIT 1", [run_id]):
        console.print("  no source was due; one that is named on the command line is asked at once")
    for warning in warnings:
        console.print(f"  [yellow]warning[/] {escape(warning)}")
    for row in rows(
        con, "SELECT input, reason, detail FROM rejects WHERE run_id = ? ORDER BY input LIMIT 20", [run_id]
    ):
        console.print(
            f"  [yellow]reject[/] {escape(row['input'])}: {escape(row['reason'])} ({escape(row['detail'] or '')})"
        )


def print_touched(console: Console, con: duckdb.DuckDBPyConnection, run_id: str) -> None:
    """The stories that a run touched, whole if they are few; where it touched none, the stories there are. Where it
    read nothing, none: what it said of its sources stays in sight."""
    ids = [
        row["story_id"]
        for row in rows(
            con,
            "SELECT story_id FROM stories JOIN runs ON run_id = ? WHERE updated_at >= started_at "
            "ORDER BY updated_at DESC, story_id",
            [run_id],
        )
    ]
    if not ids and not rows(con, "SELECT n_documents FROM runs WHERE run_id = ?", [run_id])[0]["n_documents"]:
        console.print("\n[dim]nothing was read; `newsledger story` lists the stories there are[/]")
        return
    if not ids:
        ids = [row["story_id"] for row in rows(con, "SELECT story_id FROM stories ORDER BY story_id LIMIT 6")]
    if len(ids) > MANY:
        print_stories(console, con)
        return
    for story_id in ids:
        print_story(console, con, story_id)
