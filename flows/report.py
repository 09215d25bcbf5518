"""What the terminal shows: a run, a story, the way from a figure down to its bytes, and how things stand."""

import duckdb
import polars as pl
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from flows.settings import UsageError
from flows.warehouse.read import Row, resolve, rows

MANY = 5  # stories that a run prints whole; of more it prints the list
OPEN = ("at_least", "more_than")
WORDS = {
    "at_least": "at least {}",
    "more_than": "more than {}",
    "about": "about {}",
    "up_to": "up to {}",
    "fewer_than": "fewer than {}",
}


def figure(value: int | None, modifier: str | None, low: int | None = None, high: int | None = None) -> str:
    """A figure with the wording that it stands in: 8, at least 35, 10 to 12, several."""
    if value is not None:
        return WORDS.get(modifier or "", "{}").format(f"{value:,}")
    if low is None:
        return "–"
    return f"{low:,} to {high:,}" if high is not None else f"several ({low:,} or more)"


def plural(number: int, noun: str) -> str:
    """1 article, 2 articles."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def print_run(console: Console, con: duckdb.DuckDBPyConnection, run_id: str, warnings: list[str]) -> None:
    """One line of what a run brought, then its warnings and its rejects."""
    run = rows(con, "SELECT * FROM runs WHERE run_id = ?", [run_id])[0]
    console.print(
        f"[bold]run {run_id}[/]: {plural(run['n_documents'], 'document')} read, "
        f"{plural(run['n_articles'], 'article')} new, {plural(run['n_rejects'], 'reject')}"
    )
    for warning in warnings:
        console.print(f"  [yellow]warning[/] {escape(warning)}")
    for row in rows(
        con, "SELECT input, reason, detail FROM rejects WHERE run_id = ? ORDER BY input LIMIT 20", [run_id]
    ):
        console.print(
            f"  [yellow]reject[/] {escape(row['input'])}: {escape(row['reason'])} ({escape(row['detail'] or '')})"
        )


def print_touched(console: Console, con: duckdb.DuckDBPyConnection, run_id: str) -> None:
    """The stories that a run touched, whole if they are few; where it touched none, the stories there are."""
    ids = [
        row["story_id"]
        for row in rows(
            con,
            "SELECT story_id FROM stories JOIN runs ON run_id = ? WHERE updated_at >= started_at "
            "ORDER BY updated_at DESC, story_id",
            [run_id],
        )
    ]
    if not ids:
        ids = [row["story_id"] for row in rows(con, "SELECT story_id FROM stories ORDER BY story_id LIMIT 6")]
    if len(ids) > MANY:
        print_stories(console, con)
        return
    for story_id in ids:
        print_story(console, con, story_id)


def print_stories(console: Console, con: duckdb.DuckDBPyConnection) -> None:
    """The stories, those with most independent origins first."""
    table = Table("story", "headline", "articles", "origins", "last published", title="stories", title_justify="left")
    for row in rows(
        con, "SELECT * FROM stories ORDER BY n_origins DESC, last_published_at DESC NULLS LAST, story_id LIMIT 40"
    ):
        last = row["last_published_at"]
        table.add_row(
            row["story_id"],
            escape(row["headline"][:80]),
            str(row["n_articles"]),
            str(row["n_origins"]),
            f"{last:%Y-%m-%d}" if last else "not stated",
        )
    console.print(table)
    count = rows(con, "SELECT count(*) AS n FROM stories")[0]["n"]
    console.print(f"{plural(count, 'story').replace('storys', 'stories')}; `newsledger story ID` prints one")


def print_story(console: Console, con: duckdb.DuckDBPyConnection, wanted: str) -> None:
    """A story: each event with its tolls, who says the odd figure, who claims, denies and blames, what was left out."""
    story_id = resolve(con, "story", wanted)
    story = rows(con, "SELECT * FROM stories WHERE story_id = ?", [story_id])[0]
    console.print()
    console.rule(f"[bold]{escape(story['headline'])}[/]", align="left")
    console.print(
        f"{story_id}: {plural(story['n_articles'], 'article')}, {plural(story['n_origins'], 'independent origin')}",
        highlight=False,
    )
    events = rows(
        con,
        "SELECT e.*, bool_or(m.is_main) AS is_main FROM events AS e JOIN mentioned_events AS m USING (event_id) "
        "WHERE m.story_id = ? GROUP BY ALL ORDER BY is_main DESC, e.is_aggregate, e.n_articles DESC, e.event_id",
        [story_id],
    )
    for event in events:
        about = (
            "what it is about" if event["is_main"] else "a sum over a period" if event["is_aggregate"] else "recalled"
        )
        console.print(
            f"\n[bold cyan]{escape(event['label'])}[/]  [dim]{about}; {plural(event['n_articles'], 'article')}, "
            f"{plural(event['n_origins'], 'origin')}; {event['event_id']}[/]",
            highlight=False,
        )
        _print_tolls(console, con, event["event_id"])
        _print_differences(console, con, event["event_id"])
        _print_responsibility(console, con, event["event_id"])
        _print_left_out(console, con, event["event_id"])
    console.print("\n[dim]`newsledger explain ID` leads from a count, claim or quote to its sentence and its bytes[/]")


def _print_tolls(console: Console, con: duckdb.DuckDBPyConnection, event_id: str) -> None:
    found = rows(
        con,
        "SELECT * FROM tolls WHERE event_id = ? AND policy = 'independent' AND best IS NOT NULL "
        "ORDER BY n_articles DESC, kind",
        [event_id],
    )
    if not found:
        return
    table = Table("", "low", "best", "high", "origins for best", "speakers", "articles", box=None, padding=(0, 2))
    for column in table.columns[1:]:
        column.justify = "right"
    for row in found:
        table.add_row(
            row["kind"],
            figure(row["low"], row["low_modifier"]),
            f"[bold]{figure(row['best'], row['best_modifier'])}[/]",
            figure(row["high"], row["high_modifier"]),
            f"{row['best_n_origins']} of {row['n_origins']}",
            f"{row['best_n_speakers']} of {row['n_speakers']}",
            str(row["n_articles"]),
        )
    console.print(table)


def _print_differences(console: Console, con: duckdb.DuckDBPyConnection, event_id: str) -> None:
    """A line a figure that stands against another, with who says it; a conflict is two ranges that do not meet."""
    by_kind: dict[str, list[Row]] = {}
    for row in rows(
        con,
        "SELECT * FROM differing_reports WHERE event_id = ? "
        "ORDER BY is_conflict DESC, kind, figure, attributed_to NULLS LAST, article, count_id",
        [event_id],
    ):
        by_kind.setdefault(row["kind"], []).append(row)
    for kind, reports in by_kind.items():
        mark = "[bold red]conflict[/]" if reports[0]["is_conflict"] else "[yellow]differ[/]"
        console.print(f"    {mark} on {kind}:", highlight=False)
        figures: dict[int, list[Row]] = {}
        for report in reports:
            figures.setdefault(report["figure"], []).append(report)
        for value, same in figures.items():
            worded = " / ".join(dict.fromkeys(figure(value, report["modifier"]) for report in same))
            who = "; ".join(dict.fromkeys(_speaker(report) for report in same))
            console.print(f"      [bold]{worded}[/]: {escape(who)}", highlight=False)


def _speaker(report: Row) -> str:
    """Who says a figure; the attacker's own number is named as such."""
    if report["attributed_to"] is None:
        return f"{report['article'][:60]} (no speaker named)"
    own = ", who claims the attack: its own number" if report["is_own_number"] else ""
    return f"{report['attributed_to']}{own}"


def _print_responsibility(console: Console, con: duckdb.DuckDBPyConnection, event_id: str) -> None:
    order = "list_position(['claimed', 'denied', 'blamed', 'suspected', 'reported'], stance)"
    said = {
        "claimed": "claims it",
        "denied": "denies it",
        "blamed": "is blamed",
        "suspected": "is suspected",
        "reported": "is named by the outlets themselves",
    }
    for row in rows(con, f"SELECT * FROM responsibility WHERE event_id = ? ORDER BY {order}, actor", [event_id]):
        by = (
            f" by {', '.join(row['asserted_by'])}"
            if row["stance"] in ("blamed", "suspected") and row["asserted_by"]
            else ""
        )
        via = f" via {', '.join(row['attributed_via'])}" if row["attributed_via"] else ""
        console.print(
            f"    [magenta]{escape(row['actor'])}[/] {said[row['stance']]}{escape(by + via)} "
            f"[dim]({plural(row['n_articles'], 'article')})[/]",
            highlight=False,
        )


def _print_left_out(console: Console, con: duckdb.DuckDBPyConnection, event_id: str) -> None:
    found = rows(
        con,
        "SELECT kind, value, low, high, modifier, reason, attributed_to, list(count_id ORDER BY count_id) AS ids, "
        "count(DISTINCT article_id) AS n FROM left_out WHERE event_id = ? GROUP BY ALL ORDER BY reason, kind, value",
        [event_id],
    )
    for row in found:
        who = f", {row['attributed_to']}" if row["attributed_to"] else ""
        times = f" in {plural(row['n'], 'article')}" if row["n"] > 1 else ""
        worded = figure(row["value"], row["modifier"], row["low"], row["high"])
        console.print(
            f"    [dim]left out: {worded} {row['kind']}{escape(who)}{times}: "
            f"{escape(row['reason'])} ({row['ids'][0]})[/]",
            highlight=False,
        )


def print_evidence(console: Console, con: duckdb.DuckDBPyConnection, wanted: str) -> None:
    """The way down: phrase in its sentence, article, source, hash of the bytes, and what was taken out around it."""
    facts = rows(con, "SELECT * FROM evidence WHERE fact_id = ?", [wanted])
    articles = rows(con, "SELECT * FROM articles WHERE article_id = ?", [facts[0]["article_id"] if facts else wanted])
    if not articles:
        raise UsageError(f"{wanted}: no count, claim, quote or article has this id; ids stand in the views of `query`")
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
    lines = {
        "article": f"{article['article_id']}, revision {article['revision']}",
        "title": article["title"],
        "published": _instant(article),
        "origin": article["origin"],
        "input": article["input"],
        "url": article["url"],
        "source": article["source_name"],
        "fetched": f"{article['fetched_at']:%Y-%m-%d %H:%M:%S} UTC" if article["fetched_at"] else None,
        "raw bytes": f"sha256 {article['raw_sha256']}",
        "read by": f"{article['extractor']}, rules {article['rules_version']}",
    }
    for name, value in lines.items():
        console.print(f"  {name:<9} {escape(value) if value else '[dim]not stated[/]'}", highlight=False)
    for row in rows(con, "SELECT * FROM removed_lines WHERE article_id = ? ORDER BY line_no", [article["article_id"]]):
        console.print(
            f"  [dim]removed   line {row['line_no']}: {escape(row['text'][:100])} ({row['rule']})[/]", highlight=False
        )


def _instant(article: Row) -> str | None:
    at = article["published_at"]
    told = f"to the {article['published_precision']}, from {article['published_from']}"
    return f"{at:%Y-%m-%d %H:%M} UTC ({told})" if at else None


STATUS = {
    "last runs": """SELECT run_id, started_at, state, n_documents, n_articles, n_rejects, message
        FROM runs ORDER BY started_at DESC LIMIT 10""",
    "sources": """SELECT source_name, type, last_read_at, last_new_at, n_articles, n_rejects
        FROM source_health ORDER BY source_name""",
    "rejects by reason": """SELECT stage, reason, count(*) AS n, min(input) AS for_example
        FROM rejects GROUP BY ALL ORDER BY n DESC""",
    "languages": """SELECT coalesce(language, 'unknown') AS language, count(*) AS n_articles
        FROM articles GROUP BY ALL ORDER BY n_articles DESC""",
}


def print_status(console: Console, con: duckdb.DuckDBPyConnection) -> None:
    """Last runs, sources, rejects by reason, and the languages there are (facts are for English)."""
    for title, sql in STATUS.items():
        console.print(f"[bold]{title}[/]")
        print_frame(console, con.sql(sql).pl())


def flat(frame: pl.DataFrame) -> pl.DataFrame:
    """Lists as JSON text, for formats that hold none."""
    nested = [name for name, dtype in frame.schema.items() if dtype.is_nested()]
    texts = [
        pl.Series(name, [None if row is None else str(list(row)) for row in frame[name]], dtype=pl.String)
        for name in nested
    ]
    return frame.with_columns(texts)


def print_frame(console: Console, frame: pl.DataFrame) -> None:
    """A frame as a table; numbers to the right, NULL as a dash."""
    table = Table()
    for name, dtype in frame.schema.items():
        table.add_column(name, justify="right" if dtype.is_numeric() else "left", overflow="fold")
    for row in frame.iter_rows():
        table.add_row(*("–" if value is None else escape(str(value)) for value in row))
    console.print(table)
