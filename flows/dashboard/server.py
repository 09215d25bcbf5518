"""The server process: the pages behind their guard, until it is stopped."""

import signal
import socket
from pathlib import Path

import uvicorn

from flows.dashboard.app import dashboard
from flows.dashboard.guard import guard

SECONDS_TO_FINISH = 3  # that answers under way have when it is stopped
READERS = 100  # connections answered at once; more are told to come again


def serve_pages(data: Path, host: str, listening: socket.socket, token: str | None) -> None:
    """Answer what comes to a socket that listens, until SIGINT or SIGTERM, which end the process with status 0."""
    pages = guard(dashboard(data), host, listening.getsockname()[1], token)
    config = uvicorn.Config(
        pages,
        log_level="warning",
        access_log=False,
        server_header=False,
        limit_concurrency=READERS,
        timeout_graceful_shutdown=SECONDS_TO_FINISH,
        ws="none",
    )
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _leave)  # uvicorn finishes first, and then raises the signal anew
    uvicorn.Server(config).run(sockets=[listening])


def _leave(number: int, frame: object) -> None:
    raise SystemExit(0)
