"""From a figure down to its sentence, its article and its bytes."""

import duckdb
from rich.console import Console
from rich.markup import escape

from flows.report.article import print_cleaning
from flows.report.corrections import said_of_fact, words_of
from flows.sources import UsageError
from flows.warehouse.read import Row, rows


def print_evidence(console: Console, con: duckdb.DuckDBPyConnection, wanted: str) -> None:
    """The way down: phrase in its sentence, article, source, hash of the bytes, and what was taken out; of an article
    how it was cleaned. An analyst's word stands beside what the rules read."""
    facts = rows(con, "SELECT * FROM evidence WHERE fact_id = ?", [wanted])
    articles = rows(con, "SELECT * FROM articles WHERE article_id = ?", [facts[0]["article_id"] if facts else wanted])
    if not articles and (gone := rows(con, "SELECT * FROM forgotten WHERE article_id = ?", [wanted])):
        at, why = gone[0]["forgotten_at"], gone[0]["why"]
        console.print(f"{wanted}: forgotten {at:%Y-%m-%d %H:%M} UTC: {escape(why)}", highlight=False)
        return
    if not articles:
        raise UsageError(
            f"{wanted}: no count, claim, quote or article has this id; `newsledger story` shows stories and events"
        )
    article = articles[0]
    for fact in facts:
        at = fact["char_start"] - fact["evidence_start"]
        end = fact["char_end"] - fact["evidence_start"]
        sentence = fact["evidence"]
        marked = f"{escape(sentence[:at])}[bold reverse]{escape(sentence[at:end])}[/]{escape(sentence[end:])}"
        console.print(f"[bold]{escape(fact['what'])}[/]", highlight=False)
        console.print(
            f"  said by   {escape(fact['who'] or 'nobody named')}"
            + (f" via {escape(fact['via'])}" if fact["via"] else "")
        )
        console.print(f"  sentence  {marked}", highlight=False)
        console.print(
            f"  where     {fact['field']}, characters {fact['char_start']} to {fact['char_end']}", highlight=False
        )
        if fact["set_aside"]:
            console.print(f"  left out  {escape(fact['set_aside'])}", highlight=False)
        for said in said_of_fact(con, wanted):
            console.print(f"  corrected {words_of(said)}", highlight=False)
    lines = {
        "article": f"{article['article_id']}, revision {article['revision']}",
        "title": article["title"],
        "published": _instant(article),
        "origin": article["origin"],
        "input": article["input"],
        "url": article["url"],
        "source": article["source_name"],
        "fetched": f"{article['fetched_at']:%Y-%m-%d %H:%M:%S} UTC" if article["fetched_at"] else None,
        "raw bytes": f"sha256 {article['raw_sha256']}{_let_go(con, article)}",
        "read by": f"{article['extractor']}, rules {article['rules_version']}",
    }
    for name, value in lines.items():
        console.print(f"  {name:<9} {escape(value) if value else '[dim]not stated[/]'}", highlight=False)
    if not facts:
        print_cleaning(console, con, article)
        return
    for row in rows(con, "SELECT * FROM removed_lines WHERE article_id = ? ORDER BY line_no", [article["article_id"]]):
        where = "a block" if row["line_no"] is None else f"line {row['line_no']}"
        console.print(f"  [dim]removed   {where}: {escape(row['text'][:100])} ({row['rule']})[/]", highlight=False)


def _let_go(con: duckdb.DuckDBPyConnection, article: Row) -> str:
    key = [article["article_id"], article["raw_sha256"]]
    gone = rows(con, "SELECT * FROM let_go WHERE article_id = ? AND raw_sha256 = ?", key)
    return "".join(f"; the bytes were let go on {row['let_go_at']:%Y-%m-%d} by [keep]: {row['why']}" for row in gone)


def _instant(article: Row) -> str | None:
    at = article["published_at"]
    told = f"to the {article['published_precision']}, from {article['published_from']}"
    return f"{at:%Y-%m-%d %H:%M} UTC ({told})" if at else None
