"""Corrections in words: who corrected what, when and why, and whether it still holds."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

import duckdb
from rich.console import Console
from rich.markup import escape

from flows.report.words import clipped
from flows.warehouse.read import Row, rows
from flows.warehouse.regrouping import split_id

if TYPE_CHECKING:
    from flows.correct import Corrected  # what publishes takes a while to import

LOST = "[yellow]finds nothing any more[/]"
ORDER = "ORDER BY correction_no"


def words_of(row: Row) -> str:
    """A correction (a row of `corrections`) in one line of markup."""
    return escape(told(row))


def told(row: Row) -> str:
    """A correction (a row of `corrections`) in one line."""
    articles = ", ".join((row["other"] or "").split())
    said = {
        "fix": f"fixed: as read {_fact(row)}; now {row['sets']}",
        "drop": f"dropped: {_fact(row)}",
        "merge": f"merged: {row['other']} into {row['target']}",
        "split": f"split from {row['target']}: what {articles} tell is {split_id(row['correction_id'])}",
        "mute": f"muted: {row['target']}",
        "undo": f"undone: {row['target']}",
    }[row["action"]]
    at = f"{row['corrected_at']:%Y-%m-%d %H:%M} UTC"
    return f"{said}, by {row['corrected_by']}, {at}: {row['why']} ({row['correction_id']})"


def _fact(row: Row) -> str:
    value = clipped(f'"{row["value"]}"', 40) if row["type"] == "quote" else row["value"]
    return " ".join(part for part in (row["kind"] or row["type"], value) if part)


def said_of_fact(con: duckdb.DuckDBPyConnection, fact_id: str) -> list[Row]:
    """The corrections that hold for a fact, in the order in which they were said."""
    applied = "(SELECT correction_id FROM applied_corrections WHERE fact_id = ?)"
    return rows(con, f"SELECT * FROM corrections WHERE correction_id IN {applied} {ORDER}", [fact_id])


def said_of_event(con: duckdb.DuckDBPyConnection, event_id: str) -> list[Row]:
    """The corrections that hold for an event and the facts that tell of it now; a muted source is told once."""
    return rows(
        con,
        f"""SELECT * FROM corrections WHERE correction_id IN (
          SELECT correction_id FROM applied_corrections WHERE event_id = $1
          UNION
          SELECT a.correction_id FROM facts AS f JOIN applied_corrections AS a USING (fact_id)
          WHERE f.event_id = $1 AND f.correction_id IS NOT NULL
        ) {ORDER}""",
        [event_id],
    )


def print_corrections(console: Console, con: duckdb.DuckDBPyConnection) -> None:
    """Every correction, in the order in which they were said."""
    found = rows(con, f"SELECT * FROM corrections {ORDER}")
    for row in found:
        state = {"holds": "", "lost": f"  {LOST}", "undone": "  [dim]undone[/]"}[row["state"]]
        console.print(f"{words_of(row)}{state}", highlight=False, soft_wrap=True)
        if row["evidence"]:
            where = f"{row['article_id']}: {clipped(row['evidence'], 120)}"
            console.print(f"    [dim]{escape(where)}[/]", highlight=False, soft_wrap=True)
    if not found:
        console.print("nothing is corrected; `newsledger correct --help` says how")


def print_lost(console: Console, con: duckdb.DuckDBPyConnection) -> None:
    """How many corrections there are, and those that find nothing any more."""
    counts = {
        row["state"]: row["n"] for row in rows(con, "SELECT state, count(*) AS n FROM corrections GROUP BY state")
    }
    told = ", ".join(f"{counts[state]} {word}" for state, word in _STATES.items() if state in counts)
    console.print(f"[bold]corrections[/]: {told or 'none'}")
    for row in rows(con, f"SELECT * FROM corrections WHERE state = 'lost' {ORDER}"):
        console.print(f"  {LOST}: {words_of(row)}", highlight=False, soft_wrap=True)


_STATES = {"holds": "holding", "lost": "finding nothing any more", "undone": "undone"}


def print_corrected(console: Console, done: "Corrected") -> None:
    """What was said anew, and what had been said."""
    for one in done.new:
        console.print(words_of(vars(one)), highlight=False, soft_wrap=True)
    for one in done.known:
        console.print(
            f"{one.correction_id}: said already, {one.corrected_at:%Y-%m-%d %H:%M} UTC, nothing is changed; "
            "to say it once more, above what was said since, give another reason",
            highlight=False,
            soft_wrap=True,
        )
    _print_warnings(console, done.warnings)
    if done.new:
        console.print("published; `newsledger correct undo ID` takes one back", highlight=False)


def _print_warnings(console: Console, warnings: Iterable[str]) -> None:
    for warning in warnings:
        console.print(f"  [yellow]warning[/] {escape(warning)}", soft_wrap=True)
