"""The real dashboard, behind its guard, on a port of loopback in a thread."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn

from flows.dashboard.app import dashboard
from flows.dashboard.guard import guard


@contextmanager
def served(data: Path) -> Iterator[str]:
    """The address of the dashboard over a data folder, for as long as the block lasts."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        pages = guard(dashboard(data), "127.0.0.1", port, None)
        server = uvicorn.Server(uvicorn.Config(pages, log_level="warning", ws="none"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            while not server.started and thread.is_alive():
                time.sleep(0.01)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.should_exit = True
            thread.join()
