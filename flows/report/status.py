"""How things stand: first what is wrong and what to do about it, then the rest."""

from datetime import datetime
from pathlib import Path

import duckdb
import polars as pl
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from flows.report.alerts import print_untold
from flows.report.corrections import print_lost
from flows.report.looks import failure, needs_a_look
from flows.report.words import bytes_in_words, clipped, plural
from flows.warehouse.attempts import holder, last_attempt
from flows.warehouse.read import rows

SHOWN = 12  # rows of a section; `--all` has all

RUNS = """SELECT strftime(started_at, '%Y-%m-%d %H:%M') AS began, command, state, round(seconds, 1) AS seconds,
    n_documents AS documents, n_articles AS articles, n_rejects AS rejects, message
  FROM runs ORDER BY run_no DESC LIMIT 10"""
STAGES = """SELECT stage, n_batches, n_reused, round(seconds, 2) AS seconds
  FROM run_stages WHERE run_id = (SELECT run_id FROM runs ORDER BY run_no DESC LIMIT 1)"""
SOURCES = """SELECT source_name, type, last_heard_at, last_new_at, n_articles, n_rejects,
    coalesce(wrong, 'nothing') AS wrong
  FROM source_health ORDER BY source_name"""
WARNINGS = """SELECT promise, broken_by FROM run_warnings
  WHERE run_id = (SELECT run_id FROM runs ORDER BY run_no DESC LIMIT 1)"""
ODD = """
  SELECT source_name, CASE direction WHEN 'high' THEN 'more' ELSE 'fewer' END || ' new articles on ' || day AS what,
    n_new AS is_now, usual_new AS usual
  FROM source_days
  WHERE direction IS NOT NULL AND day >= (SELECT max(day) - 1 FROM source_days)
  UNION ALL
  SELECT source_name, CASE measure WHEN 'words' THEN 'words an article' WHEN 'facts' THEN 'facts in 1,000 words'
      WHEN 'article_share' THEN 'share that becomes articles' ELSE 'share of words taken out' END
    || ': ' || direction, recent, usual
  FROM source_yield
  WHERE direction IS NOT NULL
  ORDER BY source_name, what"""
REJECTS = """SELECT stage, reason, sum(n_rejects)::BIGINT AS in_all, sum(n_week)::BIGINT AS last_7_days,
    round(sum(usual_week), 1) AS usual, arg_max(for_example, last_at) AS for_example
  FROM source_rejects GROUP BY stage, reason ORDER BY last_7_days DESC, in_all DESC, reason"""
ASKED = """SELECT outcome, count(*) AS n, sum(n_known) AS n_known FROM fetches
  WHERE run_id = (SELECT run_id FROM runs ORDER BY run_no DESC LIMIT 1) GROUP BY outcome ORDER BY n DESC, outcome"""
SLOW = """SELECT round(max(seconds), 1) AS seconds, source_name, input, count(*) AS times FROM slow_pages
  GROUP BY source_name, input ORDER BY seconds DESC, input"""
LANGUAGES = """SELECT coalesce(language, 'unknown') || if(language = 'en', ' (facts are read of these alone)', ''),
    count(*) AS n
  FROM articles
  GROUP BY language ORDER BY n DESC, language"""


def print_status(
    console: Console, con: duckdb.DuckDBPyConnection, data: Path, now: datetime, show_all: bool = False
) -> None:
    """A data folder at `now` (UTC), of what is published and of what the folder says of runs since: what needs a look,
    then runs, sources, what is out of the usual, rejects by reason, slow pages, disk, warnings, lost corrections,
    languages."""
    wrong = needs_a_look(con, last_attempt(data), now)
    if wrong:
        console.print(f"[bold yellow]{plural(len(wrong), 'thing')} to look at[/]")
    else:
        console.print("[bold green]all is well[/]")
    for line in wrong:
        console.print(f"  [yellow]•[/] {escape(line)}", highlight=False, soft_wrap=True)
    if told := holder(data):
        console.print(f"at work now: {escape(told)}", soft_wrap=True)
    _print_table(console, con, "last runs", RUNS, 10 if show_all else 3)
    if show_all:
        _print_table(console, con, "stages of the last run", STAGES)
    _print_words(console, con, "addresses asked by the last run", ASKED)
    _print_sources(console, con, show_all)
    shown = None if show_all else SHOWN
    _print_table(console, con, "out of the usual", ODD, shown)
    _print_table(console, con, "rejects by reason", REJECTS, shown)
    _print_table(console, con, "slowest pages of 7 days", SLOW, None if show_all else 3)
    _print_disk(console, con)
    _print_table(console, con, "warnings of the last run", WARNINGS, shown)
    print_lost(console, con)
    print_untold(console, con)
    _print_words(console, con, "languages", LANGUAGES)


def print_attempt(console: Console, data: Path) -> None:
    """What became of the last run, where nothing is published that could tell."""
    if (attempt := last_attempt(data)) and attempt.n_failed:
        console.print(f"[yellow]•[/] {escape(failure(attempt))}", soft_wrap=True)


def _print_sources(console: Console, con: duckdb.DuckDBPyConnection, show_all: bool) -> None:
    """Those with something wrong; with `show_all` each with its figures."""
    told = rows(con, "SELECT count(*) AS n, coalesce(sum(n_articles), 0) AS n_articles FROM source_health")[0]
    wrong = rows(
        con,
        """SELECT source_name, wrong, last_read_at, last_read_at < max(last_read_at) OVER () - INTERVAL 2 DAYS AS is_old
        FROM source_health QUALIFY wrong IS NOT NULL
        ORDER BY wrong LIKE 'nothing of it%', wrong LIKE 'failing: %', source_name""",
    )
    articles = plural(int(told["n_articles"]), "article")
    console.print(f"[bold]sources[/]: {told['n']}, with {articles}; something is wrong with {len(wrong) or 'none'}")
    if show_all:
        _print_frame(console, con.sql(SOURCES).pl())
        return
    for row in wrong[:SHOWN]:
        old = f" (last asked {row['last_read_at']:%Y-%m-%d})" if row["is_old"] else ""
        console.print(f"  {escape(row['source_name'])}: {escape(clipped(row['wrong'], 160))}{old}", highlight=False)
    _print_more(console, len(wrong))


def _print_table(
    console: Console, con: duckdb.DuckDBPyConnection, title: str, sql: str, shown: int | None = None
) -> None:
    frame = con.sql(sql).pl()
    console.print(f"[bold]{title}[/]" if frame.height else f"[bold]{title}[/]: none")
    if frame.height:
        _print_frame(console, frame.head(shown) if shown else frame)
        if shown == SHOWN:
            _print_more(console, frame.height, shown)


def _print_more(console: Console, n: int, shown: int = SHOWN) -> None:
    if n > shown:
        console.print(f"  and {n - shown} more: newsledger status --all", highlight=False)


def _print_words(console: Console, con: duckdb.DuckDBPyConnection, title: str, sql: str) -> None:
    """A table of names and numbers as one line."""
    told = ", ".join(f"{row[1]:,} {row[0]}" for row in con.sql(sql).fetchall())
    console.print(f"[bold]{title}[/]: {escape(told) or 'none'}", highlight=False)


def _print_disk(console: Console, con: duckdb.DuckDBPyConnection) -> None:
    parts = rows(con, "SELECT * FROM disk WHERE n_bytes > 0 ORDER BY part = 'free', n_bytes DESC")
    told = [
        f"{row['part']} {bytes_in_words(row['n_bytes'])}"
        + (f" ({bytes_in_words(row['bytes_a_day'], '+')} a day)" if row["bytes_a_day"] else "")
        for row in parts
    ]
    left = "".join(f"; full in {row['days_left']:.0f} days" for row in parts if row["days_left"])
    console.print(f"[bold]disk[/]: {', '.join(told) or 'not measured yet'}{left}", highlight=False)


def _shown(value: object) -> str:
    return f"{value:%Y-%m-%d %H:%M:%S}" if isinstance(value, datetime) else str(value)


def _print_frame(console: Console, frame: pl.DataFrame) -> None:
    """A frame as a table; numbers to the right, NULL as a dash."""
    table = Table()
    for name, dtype in frame.schema.items():
        table.add_column(name, justify="right" if dtype.is_numeric() else "left", overflow="fold")
    for row in frame.iter_rows():
        table.add_row(*("–" if value is None else escape(_shown(value)) for value in row))
    console.print(table)
