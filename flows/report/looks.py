"""What needs a look and what to do about it, a line each: `status` and the dashboard say the same."""

from collections.abc import Iterator
from datetime import datetime

import duckdb

from flows.report.words import plural
from flows.warehouse.attempts import Attempt
from flows.warehouse.read import rows

DAYS_LEFT = 30.0  # a disk that is full sooner is told of first
OVERDUE_HOURS = 3.0  # no pause between runs is too long before

# What nine in ten and what the longest of the last 50 pauses between runs came to, in hours.
PAUSES = """WITH paused AS (
    SELECT started_at, epoch(started_at - lag(started_at) OVER (ORDER BY run_no)) / 3600 AS hours
    FROM runs WHERE command = 'run' ORDER BY run_no DESC LIMIT 50
  )
  SELECT count(hours) AS n, quantile_cont(hours, 0.9) AS usual, max(hours) AS longest,
    max(started_at) AS last_at
  FROM paused"""


def needs_a_look(con: duckdb.DuckDBPyConnection, attempt: Attempt | None, now: datetime) -> list[str]:
    """What needs a look at `now` (UTC), in plain text: of runs (`attempt` is the last one, published or not; NULL: not
    known), of sources, of the rest. Empty where all is well."""
    return [*_of_runs(con, attempt, now), *_of_sources(con), *_of_the_rest(con)]


def _of_runs(con: duckdb.DuckDBPyConnection, attempt: Attempt | None, now: datetime) -> Iterator[str]:
    """Runs that came to nothing, and runs that nobody starts any more: of neither anything is published."""
    if attempt and attempt.n_failed:
        last = rows(con, 'SELECT max("at") AS last FROM publications')[0]["last"]
        since = f"; what you read is of {last:%Y-%m-%d %H:%M} UTC" if last else ""
        yield f"{failure(attempt)}{since}"
    pause = rows(con, PAUSES)[0]
    if pause["n"] < 5:
        return
    begun = max([pause["last_at"], *([datetime.fromisoformat(attempt.started_at)] if attempt else [])])
    hours = (now - begun).total_seconds() / 3600
    if hours > max(3 * pause["usual"], 1.5 * pause["longest"], OVERDUE_HOURS):
        usual = _span(pause["usual"])
        yield f"nothing has run for {_span(hours)}, usually a run begins within {usual}: is its schedule alive?"


def failure(attempt: Attempt) -> str:
    """A run, or several in a row, that came to nothing; or one that goes on after such."""
    many = f"{attempt.n_failed} runs in a row" if attempt.n_failed > 1 else f"run {attempt.run_id}"
    why = {"killed": "the last was killed, or this folder was copied while it ran", "running": "one is at work now"}
    told = why.get(attempt.state, attempt.message or "it does not say why")
    since = datetime.fromisoformat(attempt.failed_since or attempt.started_at)
    return f"{many} failed, since {since:%Y-%m-%d %H:%M} UTC: {told}"


def _of_sources(con: duckdb.DuckDBPyConnection) -> Iterator[str]:
    told = rows(con, "SELECT count(*) AS n, count(wrong) AS n_wrong FROM source_health")[0]
    if told["n_wrong"]:
        of_all = f"{told['n_wrong']} of {plural(told['n'], 'source')}"
        yield f"{of_all} {'needs' if told['n_wrong'] == 1 else 'need'} a look; try one: newsledger sources check NAME"


def _of_the_rest(con: duckdb.DuckDBPyConnection) -> Iterator[str]:
    """Yields that fell, rejects that rise, a disk that fills, other warnings of the last run."""
    fallen = rows(con, "SELECT count(DISTINCT source_name) AS n FROM source_yield WHERE direction = 'low'")[0]["n"]
    if fallen:
        yield f"less than usual is read from the pages of {plural(fallen, 'source')}: has a site a new design?"
    for row in rows(
        con,
        "SELECT stage, reason, sum(n_week)::BIGINT AS n, sum(usual_week) AS usual FROM source_rejects WHERE is_rising "
        "GROUP BY stage, reason ORDER BY n DESC LIMIT 3",
    ):
        why = f"{row['reason']} ({row['stage']})"
        yield f"rejects rise: {row['n']} in 7 days for {why}, usually {row['usual']:.0f}"
    for row in rows(con, "SELECT days_left FROM disk WHERE days_left < ?", [DAYS_LEFT]):
        yield f"the disk is full in {row['days_left']:.0f} days, as it grows now"
    for row in rows(
        con,
        "SELECT promise FROM run_warnings WHERE promise NOT LIKE 'sources_are_heard:%' "
        "AND run_id = (SELECT run_id FROM runs ORDER BY run_no DESC LIMIT 1)",
    ):
        yield f"the last run warned: {row['promise'].partition(': ')[2]}"


def _span(hours: float) -> str:
    """A span of time as one speaks of it: 40 minutes, 5 hours, 9 days."""
    if hours < 2:
        return f"{hours * 60:.0f} minutes"
    return f"{hours:.0f} hours" if hours < 48 else f"{hours / 24:.0f} days"
