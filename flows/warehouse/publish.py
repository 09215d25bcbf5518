"""Publishing: the checks, then the ledger's copy under the readers' name, replaced as a whole."""

import os
import shutil
from pathlib import Path

from flows.lexicon import SQL
from flows.warehouse.ledger import LedgerError, ledger_path, open_ledger


def published_path(data: Path) -> Path:
    """The file that readers open."""
    return data / "news.duckdb"


def run_checks(data: Path) -> list[str]:
    """Run sql/checks on the ledger: warnings are returned; a broken promise raises LedgerError and names it."""
    warnings: list[str] = []
    broken: list[str] = []
    with open_ledger(data) as con:
        for file in sorted((SQL / "checks").glob("*.sql")):
            sql = file.read_text("utf-8")
            level, _, promise = sql.splitlines()[0].removeprefix("-- ").partition(": ")
            rows = con.execute(sql).fetchmany(3)
            if rows:
                said = f"{file.stem}: {promise}; e.g. {rows[0]}"
                (broken if level == "fail" else warnings).append(said)
    if broken:
        raise LedgerError("not published, the last publication stays: a promise broke: " + " | ".join(broken))
    return warnings


def publish(data: Path) -> Path:
    """Copy the ledger over news.duckdb: readers keep the file they opened, the next one opens the new one."""
    with open_ledger(data) as con:
        con.execute("CHECKPOINT")
    target = published_path(data)
    part = target.with_suffix(".part")
    shutil.copyfile(ledger_path(data), part)
    with part.open("rb") as file:
        os.fsync(file.fileno())
    part.replace(target)
    return target
