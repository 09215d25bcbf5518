"""A webhook receiver on loopback: what it was sent, and how it answers, which a test may change."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any

from tests.newsroom import Server


@dataclass
class Webhook:
    """`told`: the messages that it took; `status` answers the next ones; `hangs`: no answer until the test ends."""

    told: list[dict[str, Any]] = field(default_factory=list)
    status: int = 200
    hangs: bool = False
    n_asked: int = 0
    is_over: threading.Event = field(default_factory=threading.Event)
    port: int = 0

    @property
    def titles(self) -> list[str]:
        """The titles of what was told since this was asked last."""
        new, self.told = self.told, []
        return [str(one["title"]).removeprefix("newsledger: ") for one in new]

    def address(self, rest: str = "/hook") -> str:
        """It as apprise addresses it."""
        return f"json://127.0.0.1:{self.port}{rest}"


class Handler(BaseHTTPRequestHandler):
    """Answers for the webhook of its server."""

    webhook: Webhook

    def do_POST(self) -> None:
        hook = self.webhook
        hook.n_asked += 1
        message = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if hook.hangs:
            hook.is_over.wait()
        if hook.status == 200:
            hook.told.append(message)
        self.send_response(hook.status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def open_webhook() -> Iterator[Webhook]:
    """A receiver that answers as long as the block lasts."""
    hook = Webhook()
    with Server(("127.0.0.1", 0), type("OwnHandler", (Handler,), {"webhook": hook})) as server:
        hook.port = server.server_port
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield hook
        finally:
            hook.is_over.set()
            server.shutdown()
            thread.join()
