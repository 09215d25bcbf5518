"""What was raised, whom it went to, and what receivers answer."""

from collections.abc import Sequence

import duckdb
from rich.console import Console
from rich.markup import escape

from flows.receivers import Answer, Receiver
from flows.warehouse.read import rows


def print_alerts(console: Console, con: duckdb.DuckDBPyConnection, limit: int) -> None:
    """The last alerts, newest first: when raised, whether it still holds, what became of it at each address."""
    found = rows(
        con,
        "SELECT a.*, list(concat_ws(': ', receiver, outcome, detail) ORDER BY receiver) "
        "FILTER (receiver IS NOT NULL) AS deliveries "
        "FROM alerts AS a LEFT JOIN alert_deliveries USING (alert_id) GROUP BY ALL "
        "ORDER BY raised_at DESC, about, title LIMIT ?",
        [limit],
    )
    if not found:
        console.print("no alert: nothing was found yet that gives cause for one")
    for row in found:
        ended = f", ended {row['ended_at']:%Y-%m-%d %H:%M}" if row["ended_at"] else ""
        became = "; ".join(row["deliveries"] or [row["state"] or "the next pass tells it"])
        console.print(
            f"{row['raised_at']:%Y-%m-%d %H:%M}  [bold]{row['about']:<8}[/]  {escape(row['title'])}",
            highlight=False,
            soft_wrap=True,
        )
        event = f"{row['event_id']}; " if row["event_id"] else ""
        console.print(f"    [dim]{event}{escape(became)}{ended}[/]", highlight=False, soft_wrap=True)


def print_untold(console: Console, con: duckdb.DuckDBPyConnection) -> None:
    """A line an address and outcome of messages that did not arrive, or perhaps not, up to the last publication."""
    found = rows(
        con,
        "SELECT receiver, outcome, count(*) AS n, arg_max(detail, tried_at) AS detail, max(tried_at) AS tried_at "
        "FROM alert_deliveries WHERE outcome IN ('refused', 'given up', 'unknown') GROUP BY ALL ORDER BY ALL",
    )
    for row in found:
        console.print(
            f"[yellow]alerts[/]: {escape(row['receiver'])}: {row['n']} {row['outcome']}, "
            f"last at {row['tried_at']:%Y-%m-%d %H:%M}: {escape(row['detail'] or 'it is not known why')}",
            highlight=False,
            soft_wrap=True,
        )


def print_tried(console: Console, answers: Sequence[tuple[Receiver, Answer]]) -> None:
    """A line an address: what it answered to the test."""
    for receiver, (outcome, detail) in answers:
        told = outcome + (f" ({detail})" if detail else "")
        console.print(f"[bold]{escape(receiver.name)}[/]  {escape(told)}", highlight=False, soft_wrap=True)
    sent = sum(answer.outcome == "sent" for _, answer in answers)
    console.print(f"{sent} of {len(answers)} took it")
