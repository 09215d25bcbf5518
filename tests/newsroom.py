"""A made-up news site on loopback: its feed, its articles and what it is asked, each of which a test may change."""

import hashlib
import random
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from xml.sax.saxutils import escape

TALKED_OF = """council harbour bridge storm minister police village teachers river hospital budget station farmers
market school engineers library forest museum ferry railway union reservoir island council tower district orchard"""
WORDS = TALKED_OF.split()


def write_article(number: int, killed: int = 3, note: str = "") -> str:
    """A page of news about something of its own; the same number gives the same page."""
    dice = random.Random(number)
    sentences = [
        f"The {dice.choice(WORDS)} {dice.choice(WORDS)} number {number} was talked about all day by the "
        f"{dice.choice(WORDS)} committee, which met {dice.randint(2, 40)} times since the spring of last year."
        for _ in range(8)
    ]
    lead = f"At least {killed} people were killed when a {dice.choice(WORDS)} wall fell in Town {number}, police said."
    body = "".join(f"<p>{text}</p>" for text in (lead, *sentences, note) if text)
    title = f"Wall number {number} falls on a {dice.choice(WORDS)}"
    return (
        f"<!doctype html><html lang=en><head><title>{title}</title><meta property='og:title' content='{title}'>"
        f"<meta property='article:published_time' content='2026-01-{1 + number % 28:02d}T10:00:00Z'></head>"
        f"<body><article><h1>{title}</h1>{body}</article></body></html>"
    )


@dataclass
class Reply:
    """What a path is answered with; `moved_to` redirects."""

    body: bytes = b""
    status: int = 200
    kind: str = "text/html; charset=utf-8"
    moved_to: str | None = None

    @property
    def etag(self) -> str:
        return f'"{hashlib.sha256(self.body).hexdigest()[:12]}"'


@dataclass
class Newsroom:
    """The site: `pages` by path, `listed` the paths of the feed, newest first. `latency` is waited for
    before each answer (seconds); `asked` counts the requests of a path,
    `sent` those that were answered with a body."""

    pages: dict[str, Reply] = field(default_factory=dict)
    listed: list[str] = field(default_factory=list)
    latency: float = 0.0
    failing: bool = False  # the feed's server error
    asked: Counter[str] = field(default_factory=Counter)
    sent: Counter[str] = field(default_factory=Counter)
    port: int = 0

    @property
    def url(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self.port}"

    def write(self, path: str, page: str, status: int = 200) -> None:
        """Put a page at a path."""
        self.pages[path] = Reply(page.encode(), status)

    def feed(self) -> Reply:
        """The feed as it is now."""
        items = "".join(
            f"<item><title>{escape(path)}</title><link>{self.url}{path}</link></item>" for path in self.listed
        )
        feed = f"<?xml version='1.0'?><rss version='2.0'><channel><title>Newsroom</title>{items}</channel></rss>"
        return Reply(feed.encode(), kind="application/rss+xml")

    def reply(self, path: str) -> Reply:
        """What a path is answered with now."""
        if path == "/feed":
            return Reply(b"down", 500) if self.failing else self.feed()
        return self.pages.get(path, Reply(b"not here", 404))


class Handler(BaseHTTPRequestHandler):
    """Answers for the newsroom of its server."""

    protocol_version = "HTTP/1.1"
    newsroom: Newsroom

    def do_GET(self) -> None:
        room = self.newsroom
        path = self.path.partition("?")[0]
        room.asked[path] += 1
        if room.latency:
            time.sleep(room.latency)
        reply = room.reply(path)
        is_known = reply.status == 200 and self.headers.get("If-None-Match") == reply.etag
        body = b"" if is_known else reply.body
        self.send_response(304 if is_known else 301 if reply.moved_to else reply.status)
        if reply.moved_to:
            self.send_header("Location", reply.moved_to)
        self.send_header("ETag", reply.etag)
        self.send_header("Content-Type", reply.kind)
        if not is_known:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        room.sent[path] += reply.status == 200 and not is_known

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class Server(ThreadingHTTPServer):
    """A client that goes in the middle of an answer is nobody's concern."""

    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def open_newsroom(room: Newsroom | None = None) -> Iterator[Newsroom]:
    """A site that answers as long as the block lasts."""
    room = room or Newsroom()
    handler = type("OwnHandler", (Handler,), {"newsroom": room})
    with Server(("127.0.0.1", 0), handler) as server:
        room.port = server.server_port
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield room
        finally:
            server.shutdown()
            thread.join()
