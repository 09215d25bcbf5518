"""An analyst's word on a line that recurs: it holds for runs to come, and `rebuild` brings it to what is there."""

from datetime import UTC, datetime
from pathlib import Path

from flows.batches import finished
from flows.forget import finish_forgetting
from flows.warehouse import ledger
from flows.warehouse.file import LedgerError, ledger_path, open_ledger
from flows.warehouse.lock import hold_run
from flows.warehouse.publish import finish_run, publish
from flows.warehouse.recurring import decide

EVERY_ONE = 1 << 31  # publications that stay: how many do is the config's to say, and a run's to do


def decide_line(data: Path, run_id: str, line_id: str, decision: str, reason: str) -> int:
    """Keep or drop a recurring line, and publish that. Returns how many articles `rebuild` will read otherwise.

    Raises LedgerError where nothing has run yet, where a run is at work, and for an id that is none.
    """
    now = datetime.now(UTC)
    if not ledger_path(data).exists():
        raise LedgerError(f"{data}: no ledger yet; `newsledger run` makes it")
    with hold_run(data, run_id, now) as hold:
        finish_forgetting(data, hold)
        with ledger.closed_on_failure(data, run_id):
            command = f"lines {decision} {line_id}"
            ledger.start_run(data, run_id, now, command, "local", hold.left, finished(hold.batches))
            with open_ledger(data) as con:
                n_articles = decide(con, line_id, decision, reason, now)
            checked = finish_run(data, run_id, now, (datetime.now(UTC) - now).total_seconds())
            publish(data, checked.number, EVERY_ONE)
    return n_articles
