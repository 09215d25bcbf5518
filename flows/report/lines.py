"""The lines that recur, with what speaks for their going or staying."""

import duckdb
from rich.console import Console
from rich.markup import escape

from flows.report.words import plural
from flows.warehouse.read import rows


def print_lines(console: Console, con: duckdb.DuckDBPyConnection, publisher: str | None) -> None:
    """Publisher by publisher, the lines of most articles first: decision, wording, evidence, reason, id."""
    found = rows(
        con,
        "SELECT * FROM recurring_lines WHERE publisher = coalesce(?, publisher) "
        "ORDER BY publisher, decision, n_articles DESC, line_id",
        [publisher],
    )
    if not found:
        whose = f" of {publisher}" if publisher else ""
        console.print(f"no recurring line{escape(whose)}: none stands in four articles or more of a publisher")
    last = None
    for row in found:
        if row["publisher"] != last:
            console.print(f"[bold]{escape(row['publisher'])}[/]", highlight=False)
            last = row["publisher"]
        seen = f"{row['first_seen_at']:%Y-%m-%d} to {row['last_seen_at']:%Y-%m-%d}"
        console.print(f"  {row['decision']:<4}  {escape(row['line'][:150])}", highlight=False, soft_wrap=True)
        console.print(
            f"        [dim]{plural(row['n_articles'], 'article')}, {seen}; {escape(row['reason'])} "
            f"({row['decided_by']}); {row['line_id']}[/]",
            highlight=False,
            soft_wrap=True,
        )
