"""One run at a time on a data folder, whatever started it."""

import fcntl
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO
from uuid import uuid4

from flows.warehouse.file import LedgerError

A_LOOK = 0.1  # seconds: longer than a look at a lock takes


class Held(LedgerError):
    """Something else is at work on the data folder."""


@dataclass
class Hold:
    """A held data folder. `scratch` is gone with the hold, `batches` stays until its batches are loaded, `lexicons`
    for workers that outlive the run; `left` is what the lock said of a holder that was killed (NULL where the last one
    let go)."""

    scratch: Path
    batches: Path
    lexicons: Path
    left: str | None
    file: TextIO
    who: str

    def at(self, stage: str) -> None:
        """Write into the lock where the run is."""
        self.file.seek(0)
        self.file.truncate()
        self.file.write(f"{self.who}, at {stage}")
        self.file.flush()


def new_run_id() -> str:
    """A run's id: when it began, and what tells it from another of that second."""
    return f"{datetime.now(UTC):%Y%m%dT%H%M%S}-{uuid4().hex[:6]}"


@contextmanager
def hold_run(data: Path, run_id: str, now: datetime) -> Iterator[Hold]:
    """Hold a data folder for one run. A kill lets go of it: the lock is the system's, not the file's.

    Raises Held where another run holds it, naming that run and since when.
    """
    work = data / "work"
    work.mkdir(parents=True, exist_ok=True)
    with (work / "lock").open("a+", encoding="utf-8") as file:
        try:
            _take(file)
        except BlockingIOError as error:
            file.seek(0)
            raise Held(f"{data}: {file.read().strip()}, is at work here; wait for its end") from error
        file.seek(0)
        left = file.read().strip() or None
        _sweep(work)
        scratch, batches, lexicons = work / run_id, work / "batches", work / "lexicons"
        scratch.mkdir()
        batches.mkdir(exist_ok=True)
        who = f"run {run_id}, process {os.getpid()}, since {now:%Y-%m-%d %H:%M:%S} UTC"
        hold = Hold(scratch, batches, lexicons, left, file, who)
        hold.at("start")
        try:
            yield hold
        finally:
            shutil.rmtree(scratch, ignore_errors=True)
            file.seek(0)
            file.truncate()


def is_broken_off(data: Path) -> bool:
    """Whether the last one that held a data folder was killed; so it seems too while one holds it."""
    lock = data / "work" / "lock"
    return lock.exists() and bool(lock.read_text("utf-8").strip())


@contextmanager
def hold_service(data: Path) -> Iterator[Path]:
    """Be the one that serves a data folder's schedule; gives the file in which it may say where its Prefect is. Raises
    Held where another one does."""
    work = data / "work"
    work.mkdir(parents=True, exist_ok=True)
    path = work / "serve"
    with path.open("a+", encoding="utf-8") as file:
        try:
            _take(file)
        except BlockingIOError as error:
            raise Held(f"{data}: its schedule is served already, see {path}; stop that one first") from error
        path.write_text(f"process {os.getpid()}\n", "utf-8")
        try:
            yield path
        finally:
            file.truncate(0)


def served_at(data: Path) -> str | None:
    """The address of the Prefect server that who serves the schedule of a data folder has started; NULL where nobody
    serves it, or with a server that is there anyway."""
    path = data / "work" / "serve"
    if not path.exists():
        return None
    with path.open(encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return next((line.strip() for line in file if line.startswith("http")), None)
    return None


def _take(file: TextIO) -> None:
    """Take a lock for oneself. Who only looks whether it is held (`holder`, `served_at`) has it for a moment: that is
    waited for. Raises BlockingIOError where another one holds it."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        time.sleep(A_LOOK)
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _sweep(work: Path) -> None:
    """Remove what a killed run was in the middle of; what it had finished stays."""
    for left in work.iterdir():
        if left.is_dir() and left.name not in ("batches", "lexicons"):
            shutil.rmtree(left, ignore_errors=True)
    for left in (work / "batches").glob("*.part*"):
        shutil.rmtree(left, ignore_errors=True)
