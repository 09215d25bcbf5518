"""The real dashboard on a port of loopback, in a thread."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn

from flows.dashboard.app import dashboard


@contextmanager
def served(data: Path) -> Iterator[str]:
    """The address of the dashboard over a data folder, for as long as the block lasts."""
    server = uvicorn.Server(uvicorn.Config(dashboard(data), host="127.0.0.1", port=0, log_level="warning"))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started and thread.is_alive():
            time.sleep(0.01)
        (listening,) = server.servers[0].sockets
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()
