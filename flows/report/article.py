"""One article: what its text kept, what our rules took out and why, and why this title, author and instant."""

from itertools import groupby

import duckdb
from rich.console import Console
from rich.markup import escape

from flows.collect.paths import shown
from flows.report.words import plural
from flows.sources import Source
from flows.warehouse.read import Row, rows

SHOWN = ("title", "authors", "published_at", "modified_at", "publisher", "language", "url")


def may_be_page(source: Source) -> bool:
    """Whether a source is one page or text, or an address that may be one."""
    return source.type in ("url", "page") or (source.path is not None and source.path.suffix in (".html", ".txt"))


def input_of(source: Source) -> str:
    """What `articles.input` calls a source that is one page."""
    return shown(source.path) if source.path else source.location


def print_pages(console: Console, con: duckdb.DuckDBPyConnection, pages: list[str]) -> None:
    """How single pages and texts, given by their paths or addresses, were cleaned."""
    for article in rows(con, "SELECT * FROM articles WHERE input IN (SELECT unnest(?)) ORDER BY input", [pages]):
        console.print(f"\n[bold]{escape(article['input'])}[/] {article['article_id']}", highlight=False)
        print_cleaning(console, con, article)


def print_cleaning(console: Console, con: duckdb.DuckDBPyConnection, article: Row) -> None:
    """The candidates of each field, the chosen one first; then the text, what was taken out in its place."""
    found = rows(
        con,
        "SELECT * FROM candidates WHERE article_id = ? ORDER BY field, is_chosen DESC, rank",
        [article["article_id"]],
    )
    offered = {field: list(group) for field, group in groupby(found, key=lambda row: row["field"])}
    for field in SHOWN:
        for row in offered.get(field, []):
            mark = "[green]taken[/]" if row["is_chosen"] else "[dim]not[/]  "
            told = f"{escape(row['value'][:120])} [dim]({escape(row['source'])})[/]"
            console.print(f"  {field:<12} {mark} {told}", highlight=False, soft_wrap=True)
    removed = rows(
        con, "SELECT * FROM removed_lines WHERE article_id = ? ORDER BY line_no NULLS FIRST", [article["article_id"]]
    )
    console.print(
        f"  text: {plural(article['word_count'], 'word')} kept, {plural(len(removed), 'line')} taken out",
        highlight=False,
    )
    for line, rule in in_order(article["text"].split("\n"), removed):
        if rule:
            console.print(f"  [red]-[/] [dim]{escape(line[:200])} ({escape(rule)})[/]", highlight=False, soft_wrap=True)
        else:
            console.print(f"    {escape(line)}", highlight=False, soft_wrap=True)


def in_order(kept: list[str], removed: list[Row]) -> list[tuple[str, str | None]]:
    """The kept lines of an article and its removed ones (rows of `removed_lines`, those without a line number first),
    these with their rule, in the order of the page."""
    told: list[tuple[str, str | None]] = []
    left = iter(kept)
    number = 0
    for row in removed:
        while row["line_no"] is not None and number < row["line_no"] and (line := next(left, None)) is not None:
            told.append((line, None))
            number += 1
        told.append((row["text"], row["rule"]))
        number += row["line_no"] is not None and row["rule"] != "dated_prefix"
    return told + [(line, None) for line in left]
