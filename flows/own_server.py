"""A Prefect server of our own: a process on loopback that ends with this one, its state below the data folder."""

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError

from flows.warehouse.file import LedgerError

PATIENCE = 120.0  # seconds until it answers: on a busy machine its first start (its tables) takes half a minute
WEEK = 7 * 24 * 3600
SET_UP = {
    "PREFECT_UI_ENABLED": "false",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "events,flow_runs",
    "PREFECT_SERVER_SERVICES_DB_VACUUM_RETENTION_PERIOD": str(WEEK),  # of runs: our ledger keeps its own
    "PREFECT_SERVER_EVENTS_RETENTION_PERIOD": "P7D",
}
END_WITH_PARENT = 1  # prctl's PR_SET_PDEATHSIG


@contextmanager
def own_server(log: Path) -> Iterator[str]:
    """Start a server, with the schedules that Prefect's temporary one lacks, and give the address of its API; what it
    says goes to the file `log`, anew. Raises LedgerError where it does not come up."""
    port = _free_port()
    command = [sys.executable, "-m", "uvicorn", "--factory", "prefect.server.api.server:create_app"]
    command += ["--host", "127.0.0.1", "--port", str(port), "--log-level", "warning"]
    ends_with_parent = _end_with_parent if sys.platform == "linux" else None
    with log.open("wb") as said:
        server = subprocess.Popen(
            command,
            env=os.environ | SET_UP | {"PREFECT__SERVER_FINAL": "1"},
            stdout=said,
            stderr=said,
            start_new_session=True,  # Ctrl-C is ours: it stops with us, after the pass
            preexec_fn=ends_with_parent,
        )
    try:
        _wait_for(server, f"http://127.0.0.1:{port}/api/health", log)
        yield f"http://127.0.0.1:{port}/api"
    finally:
        server.kill()  # asked nicely it takes seconds; its SQLite file takes a kill
        server.wait()


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def _end_with_parent() -> None:
    """In the child: be killed when the parent is, however that ends."""
    ctypes.CDLL(None).prctl(END_WITH_PARENT, signal.SIGKILL)


def _wait_for(server: "subprocess.Popen[bytes]", url: str, log: Path) -> None:
    until = time.monotonic() + PATIENCE
    while server.poll() is None and time.monotonic() < until:
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except (URLError, OSError):
            time.sleep(0.1)
    state = "does not answer" if server.poll() is None else f"ended with status {server.returncode}"
    raise LedgerError(f"the Prefect server of this schedule {state}; {log} says why")
