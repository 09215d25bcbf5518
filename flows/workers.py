"""Worker processes that can be killed: one job at a time each, within a time and a memory limit.

A job is a function named "module:name" and plain arguments; both cross a pipe as JSON, so the frames stay in files.
The parent is a thread of the local engine or a Dask worker: the same code under either. A worker that loses its parent
ends by itself.
"""

import json
import os
import select
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

START_WITHIN = 120.0  # seconds that a worker may take to import what it needs
FAILED = "stage failed"
LOOK_EVERY = 0.05  # seconds between two looks at a worker's memory
PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True)
class Limits:
    """What one document may take: seconds, and megabytes of memory of the worker that holds it."""

    seconds: float = 30.0
    megabytes: int = 1024


UNLIMITED = Limits(float("inf"), 1 << 40)


class StageError(Exception):
    """A stage that fails whatever it is given: the program is at fault, or its surroundings; not the documents."""


class Overrun(Exception):
    """A job that was cut off or failed: `document` is the row it was at (NULL where it did not say), then why."""

    def __init__(self, reason: str, detail: str, document: int | None = None) -> None:
        super().__init__(reason, detail, document)
        self.reason, self.detail, self.document = reason, detail, document


def megabytes(process: int) -> float:
    """A process's resident memory; 0 where the system does not tell."""
    try:
        resident = Path(f"/proc/{process}/statm").read_text("ascii").split()[1]
    except (OSError, IndexError):
        return 0.0
    return int(resident) * PAGE / 1e6


def find_function(job: str) -> Callable[..., dict[str, Any]]:
    """What a job's "module:name" stands for."""
    module, _, name = job.partition(":")
    found: Callable[..., dict[str, Any]] = getattr(import_module(module), name)
    return found


class Worker:
    """One child process; `threads` is what Polars may use in it, `lexicon` the folder of its rules, `module` what it
    imports before it is ready: that of its first job."""

    def __init__(self, threads: int, lexicon: str | None, module: str) -> None:
        self.said = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the process
        environment = os.environ | {"POLARS_MAX_THREADS": str(threads)}
        if lexicon:
            environment["NEWSLEDGER_LEXICON"] = lexicon
        self.process = subprocess.Popen(
            [sys.executable, "-P", "-m", "flows.worker", module],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.said,
            env=environment | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        )
        assert self.process.stdin
        assert self.process.stdout
        self.inbox, self.outbox = self.process.stdin, self.process.stdout.fileno()
        self.heard = b""
        self.is_ready = False

    def run(self, function: str, arguments: Mapping[str, object], limits: Limits) -> dict[str, Any]:
        """The function's result. Raises Overrun, after which the worker is gone unless the function only failed."""
        document: int | None = None
        deadline = time.monotonic() + (limits.seconds if self.is_ready else START_WITHIN)
        try:
            self.inbox.write(json.dumps({"function": function, "arguments": arguments}).encode() + b"\n")
            self.inbox.flush()
            while True:
                message = self._hear()
                if message is None:
                    if time.monotonic() > deadline:
                        raise Overrun("too slow", f"cut off after {limits.seconds:g} s", document)
                    if megabytes(self.process.pid) > limits.megabytes:
                        raise Overrun("too much memory", f"cut off at {limits.megabytes} MB", document)
                elif "ready" in message:
                    self.is_ready, deadline = True, time.monotonic() + limits.seconds
                elif "document" in message:
                    document, deadline = message["document"], time.monotonic() + limits.seconds
                elif "errno" in message:
                    raise OSError(message["errno"], os.strerror(message["errno"]), str(arguments.get("out", function)))
                elif "failed" in message:
                    raise Overrun(message["failed"], message["detail"], document)
                else:
                    result: dict[str, Any] = message["result"]
                    return result
        except BrokenPipeError:
            self.process.wait()
            if not self.is_ready and self.process.returncode > 0:
                raise OSError(f"a worker process could not start: {self._last_words()}") from None
            last_words = self._last_words()
            self.kill()
            raise Overrun("worker died", last_words, document) from None
        except Overrun as error:
            if error.reason != FAILED:
                self.kill()
            raise
        except BaseException:
            self.kill()
            raise

    def _hear(self) -> dict[str, Any] | None:
        """The next message, or None where nothing came for a moment. Raises BrokenPipeError at the worker's end."""
        while b"\n" not in self.heard:
            if not select.select([self.outbox], [], [], LOOK_EVERY)[0]:
                return None
            if not (more := os.read(self.outbox, 65536)):
                raise BrokenPipeError
            self.heard += more
        line, _, self.heard = self.heard.partition(b"\n")
        message: dict[str, Any] = json.loads(line)
        return message

    def _last_words(self) -> str:
        self.said.seek(0)
        tail = self.said.read()[-2000:].decode("utf-8", "replace").strip().splitlines()
        code = self.process.returncode
        ended = signal.Signals(-code).name if code < 0 else f"exit status {code}"
        return f"{ended}: {tail[-1][:300]}" if tail else ended

    def kill(self) -> None:
        """End it now."""
        self.process.kill()
        self.process.wait()
        self.inbox.close()
        assert self.process.stdout
        self.process.stdout.close()
        self.said.close()


Kind = tuple[int, str | None]  # what a worker was started with: its threads, its lexicons
_idle: dict[Kind, list[Worker]] = {}
_all: set[Worker] = set()
_lock = threading.Lock()
_is_stopped = threading.Event()


class Stopped(Exception):
    """The process is ending; no more jobs are taken."""


def call(
    function: str,
    arguments: Mapping[str, object],
    limits: Limits,
    threads: int = 1,
    lexicon: str | None = None,
    is_tried_again: bool = True,
) -> dict[str, Any]:
    """Run a function in an idle worker, or in a new one. Raises Overrun.

    What a worker was at that somebody else killed (the system's out-of-memory killer, an operator) is tried again, if
    it may be.
    """
    kind = (threads, lexicon)
    _stop(lambda other: other[1] != lexicon)  # those of another run's lexicons
    try:
        return _call_once(function, arguments, limits, kind)
    except Overrun as error:
        is_killed = error.reason == "worker died" and error.detail.startswith(("SIGKILL", "SIGTERM"))
        if not (is_killed and is_tried_again):
            raise
    return _call_once(function, arguments, limits, kind)


def stop_idle() -> None:
    """End the workers that wait for a job."""
    _stop(lambda _: True)


def _stop(is_needless: Callable[[Kind], bool]) -> None:
    with _lock:
        stopped = [worker for kind in list(_idle) if is_needless(kind) for worker in _idle.pop(kind)]
        _all.difference_update(stopped)
    for worker in stopped:
        worker.kill()


def stop_all() -> None:
    """End every worker of this process, at work or idle, and take no more jobs."""
    _is_stopped.set()
    with _lock:
        for worker in _all:
            worker.process.kill()


def _call_once(function: str, arguments: Mapping[str, object], limits: Limits, kind: Kind) -> dict[str, Any]:
    if _is_stopped.is_set():
        raise Stopped
    with _lock:
        idle = _idle.get(kind)
        worker = idle.pop() if idle else None
    worker = worker or _start(kind, function.partition(":")[0])
    try:
        return worker.run(function, arguments, limits)
    finally:
        is_gone = worker.process.poll() is not None
        if is_gone or megabytes(worker.process.pid) > limits.megabytes / 2:  # the next document shall not pay for it
            with _lock:
                _all.discard(worker)
            if not is_gone:
                worker.kill()
        else:
            _give(worker, kind)


def _start(kind: Kind, module: str) -> Worker:
    worker = Worker(*kind, module)
    with _lock:
        _all.add(worker)
    return worker


def _give(worker: Worker, kind: Kind) -> None:
    with _lock:
        _idle.setdefault(kind, []).append(worker)
