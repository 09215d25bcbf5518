"""A story in the terminal: its events, their tolls, who says what, and what was left out."""

import duckdb
from rich.console import Console
from rich.markup import escape
from rich.padding import Padding
from rich.table import Table

from flows.report.corrections import said_of_event, words_of
from flows.report.words import clipped, figure, indented, plural, short_figure
from flows.warehouse.read import Row, resolve, rows


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
    """A story: each event with its tolls, who says the odd figure, who claims, denies and blames, what was left out,
    what analysts corrected. Of an event's id the stories that tell of it, the one that is about it first."""
    if wanted.startswith("evt_"):
        event_id = resolve(con, "event", wanted)
        told_in = (
            "SELECT story_id FROM told_events WHERE event_id = ? GROUP BY ALL ORDER BY bool_or(is_main) DESC, story_id"
        )
        for row in rows(con, told_in, [event_id]):
            print_story(console, con, row["story_id"])
        return
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
        "SELECT e.*, bool_or(m.is_main) AS is_main FROM events AS e JOIN told_events AS m USING (event_id) "
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
        for said in said_of_event(con, event["event_id"]):
            console.print(indented(f"[yellow]corrected[/]: {words_of(said)}"))
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
    table = Table("", "low", "best", "high", "best said by", "speakers", "articles", box=None, padding=(0, 1))
    for number, column in enumerate(table.columns):
        column.justify = "left" if number in (0, 4) else "right"
        column.no_wrap = True
    for row in found:
        table.add_row(
            row["kind"]
            + (" (derived)" if row["is_derived"] else "")
            + (" (corrected)" if row["correction_ids"] else ""),
            short_figure(row["low"], row["low_modifier"]),
            f"[bold]{short_figure(row['best'], row['best_modifier'])}[/]",
            short_figure(row["high"], row["high_modifier"]),
            f"{plural(row['best_n_speakers'], 'speaker')} of {plural(row['best_n_origins'], 'origin')}",
            str(row["n_speakers"]),
            str(row["n_articles"]),
        )
    console.print(Padding(table, (0, 0, 0, 3)))
    _print_lone_speakers(console, con, event_id)
    _print_coverage(console, found[0])


def _print_lone_speakers(console: Console, con: duckdb.DuckDBPyConnection, event_id: str) -> None:
    """A line a best figure that several origins have from one speaker: they are one witness, not several."""
    for row in rows(
        con,
        "SELECT t.kind, t.best, t.best_n_origins, min(r.speaker) AS speaker "
        "FROM tolls AS t JOIN toll_reports AS r ON r.event_id = t.event_id AND r.kind = t.kind AND r.figure = t.best "
        "WHERE t.event_id = ? AND t.policy = 'independent' AND t.best_n_speakers = 1 AND t.best_n_origins > 1 "
        "AND r.left_out_reason IS NULL GROUP BY ALL ORDER BY t.kind",
        [event_id],
    ):
        says = f"{plural(row['best_n_origins'], 'origin')} quote one speaker, {escape(row['speaker'])}"
        console.print(indented(f"[yellow]{row['best']:,} {row['kind']}[/]: {says}"))


def _print_coverage(console: Console, toll: Row) -> None:
    """How many sources were heard since the first report of a toll's event, where not all were."""
    known, heard, failed = toll["n_sources"], toll["n_sources_heard"], toll["n_sources_failed"]
    if known is None or heard == known:
        return
    rest = [
        f"{number:,} {what}" for number, what in ((failed, "failed"), (known - heard - failed, "not asked")) if number
    ]
    said = f"heard {heard:,} of {plural(known, 'source')} since the first report; {', '.join(rest)}"
    console.print(indented(f"[yellow]{said}[/]"))


def _print_differences(console: Console, con: duckdb.DuckDBPyConnection, event_id: str) -> None:
    """A line a figure that stands against another, with who says it; a conflict is two ranges that do not meet."""
    by_kind: dict[str, list[Row]] = {}
    for row in rows(
        con,
        "SELECT * FROM differing_reports WHERE event_id = ? "
        "ORDER BY is_conflict DESC, kind, figure, speaker NULLS LAST, article, count_id",
        [event_id],
    ):
        by_kind.setdefault(row["kind"], []).append(row)
    for kind, reports in by_kind.items():
        mark = "[bold red]conflict[/]" if reports[0]["is_conflict"] else "[yellow]differ[/]"
        console.print(indented(f"{mark} on {kind}:"))
        figures: dict[int, list[Row]] = {}
        for report in reports:
            figures.setdefault(report["figure"], []).append(report)
        for value, same in figures.items():
            worded = " / ".join(dict.fromkeys(figure(value, report["modifier"]) for report in same))
            who = "; ".join(dict.fromkeys(_speaker(report) for report in same))
            console.print(indented(f"[bold]{worded}[/]: {escape(who)}", 2))


def _speaker(report: Row) -> str:
    """Who says a figure, else which outlet or article; the attacker's own number is named as such."""
    if report["speaker"] is None:
        return f"{report['publisher'] or clipped(report['article'])} (no speaker named)"
    own = ", who claims the attack: its own number" if report["is_own_number"] else ""
    return f"{report['speaker']}{own}"


def _print_responsibility(console: Console, con: duckdb.DuckDBPyConnection, event_id: str) -> None:
    order = "list_position(['claimed', 'denied', 'blamed', 'suspected', 'reported'], stance)"
    said = {
        "claimed": "claims it",
        "denied": "denies it",
        "blamed": "is blamed",
        "suspected": "is suspected",
        "reported": "is named by the outlets themselves",
    }
    by_stance: dict[tuple[str, str], list[Row]] = {}
    for row in rows(
        con,
        f"SELECT * FROM responsibility WHERE event_id = ? ORDER BY {order}, actor, asserted_by NULLS LAST",
        [event_id],
    ):
        by_stance.setdefault((row["actor"], row["stance"]), []).append(row)
    for (actor, stance), same in by_stance.items():
        is_accusation = stance in ("blamed", "suspected")
        speakers = [row["asserted_by"] for row in same if row["asserted_by"]] if is_accusation else []
        by = f" by {', '.join(speakers)}" if speakers else ""
        passed_on = dict.fromkeys(name for row in same for name in row["attributed_via"] or ())
        via = f" via {', '.join(passed_on)}" if passed_on else ""
        open_still = "; it has not answered" if is_accusation and same[0]["answer"] is None else ""
        n_articles = len({claim for row in same for claim in row["claim_ids"]})
        console.print(
            indented(
                f"[magenta]{escape(actor)}[/] {said[stance]}{escape(by + via)} "
                f"[dim]({plural(n_articles, 'claim')}{open_still})[/]"
            )
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
            indented(
                f"[dim]left out: {worded} {row['kind']}{escape(who)}{times}: "
                f"{escape(row['reason'])} ({row['ids'][0]})[/]"
            )
        )
