"""What a rebuild did, or would change."""

from collections.abc import Sequence
from typing import Any

import polars as pl
from rich.console import Console
from rich.markup import escape

from flows.report.words import clipped, indented, plural

STAGES = {"clean": "from cleaning on", "extract": "from its facts on"}


def print_rebuilt(
    console: Console, run_id: str, n_redone: dict[str, int], is_linked: bool, warnings: Sequence[str]
) -> None:
    """One line of what was done again."""
    told = [f"{plural(number, 'article')} {STAGES[stage]}" for stage, number in n_redone.items()]
    told += ["stories and events anew"] if is_linked else []
    console.print(f"[bold]rebuild {run_id}[/]: {', '.join(told) or 'today’s rules read nothing otherwise'}")
    for warning in warnings:
        console.print(f"  [yellow]warning[/] {escape(warning)}")


def print_diff(console: Console, tolls: pl.DataFrame, facts: pl.DataFrame, causes: Sequence[Any]) -> None:
    """Each published figure that would change, and the rules that do it: tolls, then the facts they rest on."""
    console.print(f"\n[bold]{plural(tolls.height, 'toll')} would change[/]")
    for toll in tolls.iter_rows(named=True):
        before, after = (_range(toll, prefix) for prefix in ("", "new_"))
        console.print(
            f"  {escape(toll['label'])}, {toll['kind']}, {toll['policy']}: {before} → {after}", highlight=False
        )
    console.print(f"\n[bold]{plural(facts.height, 'fact')} would change[/]")
    for fact in facts.iter_rows(named=True):
        why = [str(cause.change) for cause in causes if fact["article_id"] in cause.articles]
        before, after = (escape(fact[when] or "nothing") for when in ("before", "after"))
        console.print(f"  {fact['article_id']}: {before} → {after}", highlight=False)
        console.print(indented(f"“{escape(clipped(fact['evidence'], 100))}”"), highlight=False)
        console.print(indented(f"[dim]because {escape(' | '.join(why) or 'its story changed')}[/]"), highlight=False)
    console.print("\n[bold]rules that do it[/]")
    for cause in causes:
        how = "" if cause.is_shown else " (among others: not shown one by one)"
        console.print(f"  {escape(str(cause.change))}: {plural(len(cause.articles), 'article')}{how}", highlight=False)


def _range(toll: dict[str, Any], prefix: str) -> str:
    low, best, high = (toll[f"{prefix}{end}"] for end in ("low", "best", "high"))
    if low is None and best is None:
        return "nothing"
    return " / ".join("–" if end is None else f"{end:,}" for end in (low, best, high))
