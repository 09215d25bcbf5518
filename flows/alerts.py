"""Telling: what the ledger raised goes to the configured addresses, each alert once an address.

Whatever an address answers, or fails to, no run fails for it and none waits for it longer than PATIENCE.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from flows.alerting import Alerting
from flows.receivers import Answer, Receiver, send
from flows.warehouse.alerts import note_failure
from flows.warehouse.deliveries import Waiting, note_outcome, note_try, pass_on, waiting
from flows.warehouse.file import LedgerError, ledger_path, open_ledger
from flows.warehouse.publish import BrokenPromise

PATIENCE = (
    120.0  # seconds for the messages of a pass, the last one's (receivers.LIMIT) apart; the rest waits for the next
)
BAD = ("source", "check", "run")
SUMMED = {
    "source": "sources are in trouble",
    "check": "checks are broken",
    "run": "runs failed",
    "toll": "events have other tolls",
    "conflict": "conflicts between reports",
    "watch": "events that are watched for",
}


def tell(data: Path, alerting: Alerting, run_id: str, has_alerts: bool) -> list[str]:
    """Send what was raised and not told yet, if the ledger has such (deliveries.has_alerts). Returns, and notes as
    warnings of the run, a line an address that did not take all. The caller holds the data folder."""
    _marker(data).unlink(missing_ok=True)
    return _tell(data, alerting, run_id) if has_alerts else []


def _tell(data: Path, alerting: Alerting, run_id: str) -> list[str]:
    until, warnings = time.monotonic() + PATIENCE, []
    with open_ledger(data) as con:
        pass_on(con, [one.name for one in alerting.to], alerting.about, datetime.now(UTC))
        for receiver in alerting.to:
            if why := _tell_one(con, receiver, alerting, until):
                left = len(waiting(con, receiver.name))
                warnings.append(f"alerts: {receiver.name}: {why}; {left} wait for the next pass")
        for warning in warnings:
            con.execute("INSERT INTO run_warnings VALUES (?, 'alerts reach whom they are for', ?)", [run_id, warning])
    return warnings


def _tell_one(con: duckdb.DuckDBPyConnection, receiver: Receiver, alerting: Alerting, until: float) -> str | None:
    """Send an address what it waits for, until one message fails; why it did."""
    for group in _messages(waiting(con, receiver.name), alerting.most):
        if time.monotonic() > until:
            return "there was no time for all"
        ids = [alert.alert_id for alert in group]
        note_try(con, receiver.name, ids, datetime.now(UTC))
        answer = send(receiver, *_written(group, alerting.link))
        note_outcome(con, receiver.name, ids, *answer)
        if answer.outcome != "sent":
            return answer.detail
    return None


def _messages(alerts: list[Waiting], most: int) -> list[list[Waiting]]:
    """One message an alert; of more than `most` about one thing, one for all."""
    messages: list[list[Waiting]] = []
    for about in dict.fromkeys(alert.about for alert in alerts):
        same = [alert for alert in alerts if alert.about == about]
        messages += [same] if len(same) > most else [[alert] for alert in same]
    return messages


def _written(alerts: list[Waiting], link: str | None) -> tuple[str, str, bool]:
    """Title, text and whether it is bad news, of one alert or of many."""
    first = alerts[0]
    is_bad = first.about in BAD
    if len(alerts) == 1:
        there = f"\n{link.replace('{id}', first.event_id)}" if link and first.event_id else ""
        return f"newsledger: {first.title}", f"{first.text}{there}", is_bad
    lines = "\n".join(alert.title for alert in alerts[:100])
    more = f"\n... and {len(alerts) - 100} more" if len(alerts) > 100 else ""
    return f"newsledger: {len(alerts)} {SUMMED[first.about]}", f"{lines}{more}\n\nLook: newsledger alerts list", is_bad


def try_receivers(alerting: Alerting) -> list[tuple[Receiver, Answer]]:
    """Send a message that says it is a test to every address; what each answered."""
    text = "This address is to be told of what newsledger finds. Nothing is wrong."
    return [(receiver, send(receiver, "newsledger: a test", text, False)) for receiver in alerting.to]


@contextmanager
def told_failure(data: Path, alerting: Alerting, run_id: str) -> Iterator[None]:
    """Tell of an error that ends the block, once until a run succeeds; not where somebody stopped it."""
    try:
        yield
    except Exception as error:
        with suppress(Exception):  # the first error is the one to tell
            _tell_failure(data, alerting, run_id, error)
        raise


def _tell_failure(data: Path, alerting: Alerting, run_id: str, error: Exception) -> None:
    """By the ledger, if it can be written; else by a file beside it that says that it was told."""
    message = f"{type(error).__name__}: {error}"
    broken = error.broken if isinstance(error, BrokenPromise) else ()
    try:
        if not ledger_path(data).exists():
            raise LedgerError(f"{ledger_path(data)}: not there")
        with open_ledger(data) as con:
            note_failure(con, run_id, datetime.now(UTC), message, broken)
            if _marker(data).exists():
                con.execute("UPDATE alerts SET state = 'passed on' WHERE about = 'run' AND state IS NULL")
    except (LedgerError, duckdb.Error):
        _tell_without_ledger(data, alerting, message)
        return
    if not broken:
        with suppress(OSError):  # where the disk is full the ledger alone says so
            _marker(data).touch()
    _tell(data, alerting, run_id)


def _tell_without_ledger(data: Path, alerting: Alerting, message: str) -> None:
    with suppress(FileExistsError):  # told already
        _marker(data).touch(exist_ok=False)
        alert = Waiting("", "run", "a run failed", f"{message}\n\nLook: newsledger doctor", None)
        for receiver in alerting.to if "run" in alerting.about else ():
            send(receiver, *_written([alert], None))


def _marker(data: Path) -> Path:
    """There where it was told that a run failed, until one succeeds."""
    return data / "work" / "failure-told"
