"""What became of the last run, told beside the ledger: of a run that fails nothing is published, and what readers open
would go on telling of the last good one."""

import fcntl
import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path


@dataclass(frozen=True)
class Attempt:
    """A run from its first minute on. `state`: running | done | failed | killed. Instants are ISO 8601 in UTC;
    `ended_at` and `message` are NULL while it runs and after a kill. `n_failed`: how many in a row came to nothing,
    this one with them once it has; `failed_since` when the first of them began, NULL where none did."""

    run_id: str
    state: str
    started_at: str
    ended_at: str | None = None
    message: str | None = None
    n_failed: int = 0
    failed_since: str | None = None


def attempt_path(data: Path) -> Path:
    """The file that tells of the last run."""
    return data / "work" / "last-run.json"


@contextmanager
def told_attempt(data: Path, run_id: str, now: datetime) -> Iterator[None]:
    """Tell of a run as it begins and as it ends. The caller holds the data folder."""
    before = last_attempt(data)
    attempt = Attempt(run_id, "running", now.isoformat(timespec="seconds"))
    if before and before.n_failed:
        attempt = replace(attempt, n_failed=before.n_failed, failed_since=before.failed_since)
    _write(data, attempt)
    try:
        yield
    except BaseException as error:
        with suppress(OSError):  # the first error is the one to tell
            told = replace(_failed(attempt), state="failed", message=why_ended(error)[:500])
            _write(data, replace(told, ended_at=_now()))
        raise
    _write(data, Attempt(run_id, "done", attempt.started_at, _now()))


def why_ended(error: BaseException) -> str:
    """What is told of a run that an error ended; of one that somebody ended (Ctrl-C, SIGTERM), that it was stopped."""
    return f"{type(error).__name__}: {error}" if isinstance(error, Exception) else "stopped"


def last_attempt(data: Path) -> Attempt | None:
    """The last run, NULL where none has told. One that is written as running and holds the data folder no more was
    killed, or its folder was copied meanwhile."""
    attempt = _read(data)
    if not attempt or attempt.state != "running" or attempt.run_id in (holder(data) or ""):
        return attempt
    again = _read(data)  # it may have ended between two looks
    return replace(_failed(attempt), state="killed") if again == attempt else again


def holder(data: Path) -> str | None:
    """Who is at work in a data folder now (a run or command, its process, since when, the stage); NULL: nobody."""
    try:
        with (data / "work" / "lock").open(encoding="utf-8") as file:
            told = file.read().strip()
            if told:  # who lets go leaves it empty
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return told
    except OSError:  # no such file: nobody was ever at work here
        return None
    return None


def _read(data: Path) -> Attempt | None:
    try:
        return Attempt(**json.loads(attempt_path(data).read_text("utf-8")))
    except (OSError, ValueError, TypeError):  # none, or of another version: a publication tells of runs too
        return None


def _failed(attempt: Attempt) -> Attempt:
    return replace(attempt, n_failed=attempt.n_failed + 1, failed_since=attempt.failed_since or attempt.started_at)


def _write(data: Path, attempt: Attempt) -> None:
    path = attempt_path(data)
    part = path.with_suffix(".part")
    part.write_text(json.dumps(asdict(attempt), indent=1), "utf-8")
    part.replace(path)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
