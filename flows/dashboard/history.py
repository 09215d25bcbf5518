"""An event's tolls as of any moment: in print by then, or in this ledger by then, read with today's rules."""

from collections.abc import Mapping
from datetime import UTC, datetime

import duckdb

from flows.dashboard.event import EVENTS
from flows.dashboard.named import rows_named
from flows.dashboard.render import Data
from flows.dashboard.story import raise_for
from flows.sources import UsageError
from flows.warehouse.as_of import toll_steps
from flows.warehouse.read import Row

CLOCKS = ("published", "seen")


def history(con: duckdb.DuckDBPyConnection, event_id: str, params: Mapping[str, str]) -> Data:
    """Each change of an event's tolls under the policy `independent` on both clocks (`steps` of toll_steps), the
    `instants` of these by clock, and the tolls that stood at the moment that is asked for (`then`; without one, at
    the last). Raises Moved, NotHere, and UsageError for a clock or a moment that is none."""
    event = rows_named(con, EVENTS, [event_id])
    if not event:
        raise_for(con, "event", event_id)
    clock = params.get("clock") or CLOCKS[0]
    if clock not in CLOCKS:
        raise UsageError(f"clock={clock}: none of {', '.join(CLOCKS)}")
    found = toll_steps(con, event_id)
    steps = [row for row in found.steps if row["policy"] == "independent"]
    instants = {name: sorted({row["at"] for row in steps if row["clock"] == name}) for name in CLOCKS}
    at = _moment(params.get("at")) or max(instants[clock], default=None)
    return {
        "event": event[0],
        "clock": clock,
        "at": at,
        "instants": instants,
        "then": _standing(steps, clock, at),
        "steps": steps,
        "clocks": found.clocks,
    }


def _moment(told: str | None) -> datetime | None:
    if not told:
        return None
    try:
        at = datetime.fromisoformat(told)
    except ValueError as error:
        raise UsageError(f"at={told}: no instant, such as 2026-01-31T12:00:00Z") from error
    return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)


def _standing(steps: list[Row], clock: str, at: datetime | None) -> list[Row]:
    """The last step of each kind by then; kinds that nobody reported yet, or any more, have none."""
    last = {row["kind"]: row for row in steps if row["clock"] == clock and at is not None and row["at"] <= at}
    return [last[kind] for kind in sorted(last) if last[kind]["n_articles"] is not None]
