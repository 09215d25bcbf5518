"""Correcting: an analyst's word is taken down beside the archive, applied to the ledger, and published."""

import getpass
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from flows.batches import finished
from flows.forget import finish_forgetting
from flows.sources import UsageError
from flows.warehouse import ledger
from flows.warehouse.anchoring import understand
from flows.warehouse.corrections import Correction, write_corrections
from flows.warehouse.drafts import Draft, read_drafts
from flows.warehouse.file import LedgerError, ledger_path, open_ledger
from flows.warehouse.fixes import Unfit
from flows.warehouse.lock import hold_run, new_run_id
from flows.warehouse.publish import finish_run, publish, run_checks
from flows.warehouse.read import open_published
from flows.warehouse.schema import prepare


@dataclass(frozen=True)
class Corrected:
    """What was said anew, and what had been said already; what the checks warn of."""

    new: list[Correction]
    known: list[Correction]
    warnings: list[str]


def who_am_i() -> str | None:
    """The name of whoever is at the keyboard; None where the system knows none."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return None


def correct(data: Path, draft: Draft) -> Corrected:
    """Take down one word of an analyst and publish what comes of it.

    Raises UsageError for what does not fit, LedgerError while a run is at work or where a promise of sql/checks would
    break; nothing is taken down then.
    """
    return _correct(data, [("", draft)], f"correct {draft.action}")


def load_corrections(data: Path, file: Path, by: str | None) -> Corrected:
    """Take down every row of a CSV, or nothing: a UsageError names each line that does not fit. `by` said those rows
    that name nobody."""
    if not file.is_file():
        raise UsageError(f"{file}: no such file")
    try:
        drafts = [(f"line {line}: ", one) for line, one in read_drafts(file)]
    except Unfit as error:
        raise UsageError(f"{file}: {error}") from error
    signed = [(where, one if one.corrected_by else replace(one, corrected_by=by)) for where, one in drafts]
    return _correct(data, signed, "correct load", f"{file}: nothing is loaded: ")


def _correct(data: Path, drafts: Sequence[tuple[str, Draft]], command: str, before: str = "") -> Corrected:
    run_id, now = new_run_id(), datetime.now(UTC)
    n_editions = len(list((data / "publications").glob("news-*.duckdb")))  # no more stay than are there
    with open_published(data):
        pass  # raises where there is nothing to correct, or where a run must bring it up to date first
    if not ledger_path(data).exists():
        raise LedgerError(f"{ledger_path(data)}: not there; `newsledger doctor` takes the publication in its place")
    with hold_run(data, run_id, now) as hold:
        warnings = finish_forgetting(data, hold)
        said, new, known = _understand(data, drafts, now, before)
        if not new:
            return Corrected([], known, warnings)
        with ledger.closed_on_failure(data, run_id):
            warnings += ledger.start_run(data, run_id, now, command, "local", hold.left, finished(hold.batches))
            with open_ledger(data) as con:
                con.execute("BEGIN")
                ledger.take_in_corrections(con, [*said, *new])
                run_checks(con)
                write_corrections(data, [*said, *new])
                con.execute("COMMIT")
            checked = finish_run(data, run_id, now, (datetime.now(UTC) - now).total_seconds())
            publish(data, checked.number, n_editions)
    return Corrected(new, known, warnings + checked.warnings)


def _understand(
    data: Path, drafts: Sequence[tuple[str, Draft]], now: datetime, before: str
) -> tuple[list[Correction], list[Correction], list[Correction]]:
    """What was said until now; what of the drafts was not said yet, and what was. Raises UsageError with all that is
    wrong."""
    new: list[Correction] = []
    known: list[Correction] = []
    wrong = []
    with open_ledger(data) as con:
        con.execute("BEGIN")
        prepare(con)
        said, _ = ledger.kept_corrections(con, data)
        ledger.take_in_corrections(con, said)
        for where, draft in drafts:
            try:
                one = understand(con, draft, [*said, *new], now)
            except (Unfit, UsageError) as error:
                wrong.append(f"{where}{error}")
                continue
            (known if one in [*said, *new] else new).append(one)
        con.execute("COMMIT")
    if wrong:
        raise UsageError(before + "; ".join(wrong))
    return said, new, known
