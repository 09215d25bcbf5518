"""What the ledger knows of runs and rules, and what it holds already."""

import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from flows.lexicon import lexicons, rule_parts, rules_version
from flows.warehouse.attempts import why_ended
from flows.warehouse.correcting import apply_corrections
from flows.warehouse.corrections import (
    Correction,
    corrections_path,
    mirror_corrections,
    read_corrections,
    stored_corrections,
    write_corrections,
)
from flows.warehouse.file import LedgerError, ledger_path, open_ledger
from flows.warehouse.recurring import known_lines, name_lines
from flows.warehouse.schema import prepare, set_meta, upgrade
from flows.warehouse.speakers import settle_speakers
from flows.warehouse.versions import check_version


def start_run(
    data: Path,
    run_id: str,
    now: datetime,
    command: str,
    engine: str,
    left: str | None,
    done: Iterable[Mapping[str, Any]],
) -> list[str]:
    """Bring the ledger to today's schema and to what the file of corrections says, and open a run in it; one that a
    kill left open is settled as failed.

    `left` is what the lock said of a holder that was killed, `done` the batches it had finished. Returns what a user
    should know: an upgrade, a clock that went back. Raises LedgerError for a ledger that a newer version wrote,
    OSError for a damaged file of corrections.
    """
    path = ledger_path(data)
    told = []
    if path.exists():
        with open_ledger(data) as con:
            older = check_version(con, path)
        if older:
            told.append(upgrade(data, path, older))
    with open_ledger(data) as con:
        con.execute("BEGIN")
        prepare(con)
        _settle(con, left, done)
        _save_rules(con)
        said, of_file = kept_corrections(con, data)
        told += of_file
        take_in_corrections(con, said)
        row = con.execute("SELECT coalesce(max(run_no), 0) + 1, max(started_at) FROM runs").fetchone()
        assert row
        if row[1] and row[1] > now:
            told.append(
                f"the clock went back: it is {now:%Y-%m-%d %H:%M} UTC, the last run began {row[1]:%Y-%m-%d %H:%M}"
            )
        con.execute(
            "INSERT INTO runs (run_id, started_at, state, rules_version, run_no, command, engine) "
            "VALUES (?, ?, 'running', ?, ?, ?, ?)",
            [run_id, now, _rules(known_lines(con)), row[0], command, engine],
        )
        con.execute("COMMIT")
    return told


def _settle(con: duckdb.DuckDBPyConnection, left: str | None, done: Iterable[Mapping[str, Any]]) -> None:
    """Close the runs that nobody closed, with the batches that they had finished."""
    rows = con.execute("SELECT run_id FROM runs WHERE state IN ('running', 'loaded')").fetchall()
    open_runs = {run_id for (run_id,) in rows}
    where = f" ({left})" if left else ""
    con.execute(
        "UPDATE runs SET state = 'failed', message = ? WHERE state IN ('running', 'loaded')",
        [f"killed{where}; the next run took up what it had archived and done"],
    )
    finished = [batch for batch in done if batch["run_id"] in open_runs]
    for run_id in open_runs:
        save_batches(con, run_id, [batch for batch in finished if batch["run_id"] == run_id])


def save_batches(con: duckdb.DuckDBPyConnection, run_id: str, done: Sequence[Mapping[str, Any]]) -> None:
    """Rows of run_batches for the batches (`done.json` with `stage` and `batch`) that a run finished or took up."""
    for batch in done:
        columns = ("stage", "batch", "n_documents", "n_bytes", "n_rows", "n_refused", "seconds", "run_id")
        con.execute(
            "INSERT INTO run_batches VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", [run_id, *(batch[name] for name in columns)]
        )


def _save_rules(con: duckdb.DuckDBPyConnection) -> None:
    """Keep what today's rules are, part by part, and the lexicons' texts."""
    if con.execute("FROM rules WHERE rules_version = ? LIMIT 1", [rules_version()]).fetchone():
        return
    parts = rule_parts()
    con.execute("INSERT INTO rules SELECT $1, unnest($2), unnest($3)", [rules_version(), [*parts], [*parts.values()]])
    texts = {
        digest: (lexicons() / part.removeprefix("lexicon/")).read_text("utf-8")
        for part, digest in parts.items()
        if part.startswith("lexicon/")
    }
    con.execute("INSERT OR IGNORE INTO rule_texts SELECT unnest($1), unnest($2)", [[*texts], [*texts.values()]])


def kept_corrections(con: duckdb.DuckDBPyConnection, data: Path) -> tuple[list[Correction], list[str]]:
    """What analysts said, of their file; where it is gone, of the ledger, and it is written anew; and what a user
    should know of that. Raises OSError for a damaged file."""
    file = corrections_path(data)
    if file.exists() or not (said := stored_corrections(con)):
        return read_corrections(data), []
    write_corrections(data, said)
    return said, [f"{file}: was gone; {len(said)} corrections are written anew from the ledger"]


def take_in_corrections(con: duckdb.DuckDBPyConnection, corrections: Sequence[Correction]) -> None:
    """Let the ledger say what these corrections say, where it does not: it may be new, or come from a backup."""
    if mirror_corrections(con, corrections):
        apply_corrections(con)
        settle_speakers(con)
        set_meta(con, "corrections", "taken in, not published")


def _rules(known: pl.DataFrame) -> str:
    """Names what a run reads with: today's rules and lexicons, and the lines known to recur."""
    return rules_version() + name_lines(known)


def freeze_rules(data: Path, folder: Path) -> Path:
    """A copy of the lexicons, with the lines known to recur beside them, that no change reaches while a run reads it.

    It lies below `folder` under the name of the rules, and stays: worker processes that outlive a run may go on with it
    in the next. Those of other rules are removed; the caller holds the data folder.
    """
    with open_ledger(data) as con:
        known = known_lines(con)
    copy = folder / _rules(known)
    folder.mkdir(exist_ok=True)
    for other in folder.iterdir():
        if other != copy:
            shutil.rmtree(other)
    if not copy.exists():
        part = copy.with_suffix(".part")
        part.mkdir()
        for file in lexicons().glob("*.csv"):
            shutil.copyfile(file, part / file.name)
        known.write_csv(part / "recurring_lines.csv")
        part.rename(copy)
    return copy


@contextmanager
def closed_on_failure(data: Path, run_id: str) -> Iterator[None]:
    """Whatever ends the block early closes the run as failed, if the ledger can still be written. What is wrong with
    the ledger or with what is read from files becomes a LedgerError."""
    try:
        yield
    except BaseException as error:
        with suppress(Exception):  # the first error is the one to tell
            fail_run(data, run_id, datetime.now(UTC), why_ended(error))
        if isinstance(error, duckdb.Error | pl.exceptions.PolarsError):
            raise LedgerError(f"{data}: {error}") from error
        raise


def fail_run(data: Path, run_id: str, now: datetime, message: str) -> None:
    """Close a run as failed, with what broke."""
    with open_ledger(data) as con:
        con.execute(
            "UPDATE runs SET state = 'failed', ended_at = ?, message = ? WHERE run_id = ?", [now, message, run_id]
        )


def end_dry_run(data: Path, run_id: str, seconds: float) -> None:
    """Close a run that only looked."""
    with open_ledger(data) as con:
        con.execute(
            "UPDATE runs SET state = 'done', ended_at = ?, seconds = ?, message = 'dry run' WHERE run_id = ?",
            [datetime.now(UTC), seconds, run_id],
        )


def done_keys(data: Path) -> pl.DataFrame:
    """`article_id`, `raw_sha256` of what a revision or a reject stands for: it is not due."""
    with open_ledger(data) as con:
        return con.sql(
            "SELECT article_id, raw_sha256 FROM revisions UNION SELECT article_id, raw_sha256 FROM repeats UNION "
            "SELECT article_id, raw_sha256 FROM rejects WHERE article_id IS NOT NULL"
        ).pl()
