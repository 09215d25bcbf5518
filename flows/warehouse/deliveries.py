"""Whom alerts go to, and what became of it. An attempt is noted before it is made: what a kill leaves is never sent
again, for it may have arrived."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

import duckdb

GIVE_UP_AFTER = timedelta(days=1)  # what an address refused is tried again at each pass ...
LEAST_TRIES = 3  # ... so often at least


class Waiting(NamedTuple):
    """An alert that an address waits for."""

    alert_id: str
    about: str
    title: str
    text: str
    event_id: str | None


def pass_on(con: duckdb.DuckDBPyConnection, receivers: Sequence[str], about: Collection[str], now: datetime) -> None:
    """Settle what earlier passes left, and address what was raised since to those who are to be told today."""
    con.execute("BEGIN")
    con.execute(
        "UPDATE alert_deliveries SET outcome = 'unknown', detail = 'killed while it was sent' WHERE outcome = 'trying'"
    )
    con.execute(
        "UPDATE alert_deliveries SET outcome = 'over' WHERE outcome IN ('waiting', 'refused') "
        "AND alert_id IN (SELECT alert_id FROM alerts WHERE ended_at IS NOT NULL)"
    )
    con.execute(
        "UPDATE alert_deliveries SET outcome = 'given up' WHERE outcome = 'refused' AND n_tries >= ? "
        "AND alert_id IN (SELECT alert_id FROM alerts WHERE raised_at < ?)",
        [LEAST_TRIES, now - GIVE_UP_AFTER],
    )
    con.execute(
        """UPDATE alerts SET state = CASE
          WHEN ended_at IS NOT NULL THEN 'over'
          WHEN NOT list_contains($about, about) THEN 'not chosen'
          WHEN len($receivers) = 0 THEN 'nobody to tell'
          ELSE 'to be passed on'
        END WHERE state IS NULL""",
        {"about": list(about), "receivers": list(receivers)},
    )
    con.execute(
        "INSERT INTO alert_deliveries BY NAME "
        "SELECT alert_id, unnest($1::VARCHAR[]) AS receiver, 'waiting' AS outcome, 0 AS n_tries "
        "FROM alerts WHERE state = 'to be passed on'",
        [list(receivers)],
    )
    con.execute("UPDATE alerts SET state = 'passed on' WHERE state = 'to be passed on'")
    con.execute("COMMIT")


def has_alerts(con: duckdb.DuckDBPyConnection) -> bool:
    """Whether `pass_on` has anything to do, or an address waits for something."""
    row = con.execute(
        "SELECT EXISTS (FROM alerts WHERE state IS NULL) OR EXISTS "
        "(FROM alert_deliveries WHERE outcome IN ('waiting', 'trying', 'refused'))"
    ).fetchone()
    return bool(row and row[0])


def waiting(con: duckdb.DuckDBPyConnection, receiver: str) -> list[Waiting]:
    """What an address waits for; what it never refused first, then the oldest."""
    found = con.execute(
        "SELECT alert_id, about, title, text, event_id FROM alerts JOIN alert_deliveries USING (alert_id) "
        "WHERE receiver = ? AND outcome IN ('waiting', 'refused') ORDER BY n_tries, raised_at, about, title",
        [receiver],
    ).fetchall()
    return [Waiting(*row) for row in found]


def note_try(con: duckdb.DuckDBPyConnection, receiver: str, ids: Collection[str], now: datetime) -> None:
    """Note, for good, that alerts are about to be sent to an address."""
    con.execute(
        "UPDATE alert_deliveries SET outcome = 'trying', n_tries = n_tries + 1, tried_at = ? "
        "WHERE receiver = ? AND alert_id IN (SELECT unnest(?))",
        [now, receiver, list(ids)],
    )


def note_outcome(
    con: duckdb.DuckDBPyConnection, receiver: str, ids: Collection[str], outcome: str, detail: str | None
) -> None:
    """Note what became of an attempt: sent | refused | unknown, and why it was not sent (NULL)."""
    con.execute(
        "UPDATE alert_deliveries SET outcome = ?, detail = ? WHERE receiver = ? AND alert_id IN (SELECT unnest(?))",
        [outcome, detail, receiver, list(ids)],
    )


def leave_untold(con: duckdb.DuckDBPyConnection) -> None:
    """In a ledger that was a publication: what waited then may have been sent since, so it is not sent again."""
    if not con.execute("FROM duckdb_tables() WHERE table_name = 'alert_deliveries'").fetchone():
        return
    con.execute("UPDATE alerts SET state = 'unknown' WHERE state IS NULL")
    con.execute("UPDATE alert_deliveries SET outcome = 'unknown' WHERE outcome IN ('waiting', 'trying', 'refused')")
