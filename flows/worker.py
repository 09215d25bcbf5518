"""`python -m flows.worker MODULE`: the process that a job runs in; the module is that of its first job. Jobs come in on
stdin, a JSON line each; what it says goes to the stdout it was started with: {"document": n} as it comes to a document,
then {"result": ...} or {"failed": ...}.
"""

import errno
import importlib
import json
import os
import queue
import re
import signal
import sys
import threading
from typing import Any

from flows.workers import FAILED, find_function

SURROUNDINGS = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EIO, errno.EMFILE, errno.ENFILE}
_out = -1


def come_to(document: int) -> None:
    """Say which document the job is at: its time starts anew. Does nothing outside a worker."""
    if _out >= 0:
        _say({"document": document})


def _say(message: dict[str, Any]) -> None:
    os.write(_out, json.dumps(message).encode() + b"\n")


def _read_jobs(jobs: "queue.SimpleQueue[bytes]") -> None:
    """Runs beside the job: when the parent is gone its end of the pipe closes, and so does this process."""
    while line := sys.stdin.buffer.readline():
        jobs.put(line)
    os._exit(0)


def _run(line: bytes) -> dict[str, Any]:
    job = json.loads(line)
    try:
        return {"result": find_function(job["function"])(**job["arguments"])}
    except MemoryError:
        return {"failed": "too much memory", "detail": "the system gave no more"}
    except Exception as error:
        if number := _of_the_system(error):
            return {"failed": FAILED, "errno": number, "detail": str(error)}
        return {"failed": FAILED, "detail": f"{type(error).__name__}: {error}"[:500]}


def _of_the_system(error: Exception) -> int | None:
    """The number of an error that no document is to blame for: a full disk, a folder that cannot be written."""
    told = re.search(r"\(os error (\d+)\)", str(error))  # as Polars tells it
    number = error.errno if isinstance(error, OSError) else int(told.group(1)) if told else None
    return number if number in SURROUNDINGS else None


def main() -> None:
    """Take jobs until the parent is gone."""
    global _out
    _out = os.dup(1)
    os.dup2(2, 1)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C goes to the whole terminal; the parent decides
    jobs: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    threading.Thread(target=_read_jobs, args=(jobs,), daemon=True).start()
    importlib.import_module(sys.argv[1])
    _say({"ready": True})
    while True:
        _say(_run(jobs.get()))


if __name__ == "__main__":
    from flows import worker

    worker.main()  # of the module that stages import, not of its double named __main__
