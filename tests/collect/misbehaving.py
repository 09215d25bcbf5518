"""A real HTTP server on loopback that misbehaves: each path is a way of its own, `/robots.txt` by the host's name."""

import asyncio
import gzip
import socket
import ssl
import struct
import threading
import time
import zlib
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

ARTICLE = (
    b"<!doctype html><html><head><title>%s</title></head><body><p>" + b"The mayor spoke. " * 20 + b"</p></body></html>"
)
PAGE = ARTICLE % b"A page"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(200)
RESET = struct.pack("ii", 1, 0)  # SO_LINGER of 0 s: closing sends a reset


@dataclass
class Asked:
    """One request as it came: how often its path was asked for before, and where to write the answer."""

    path: str
    name: str
    headers: dict[str, str]
    n_before: int
    writer: asyncio.StreamWriter

    async def send(self, data: bytes) -> None:
        self.writer.write(data)
        await self.writer.drain()


Behave = Callable[[Asked], Awaitable[None]]


def say(
    status: str, body: bytes = b"", *headers: str, length: int | None = None, type: str | None = "text/html"
) -> bytes:
    """An answer's bytes; its stated length and type may be wrong or (None for the type) missing."""
    lines = [f"HTTP/1.1 {status}", *headers]
    lines += [f"Content-Type: {type}"] if type else []
    lines += [f"Content-Length: {len(body) if length is None else length}"]
    return "\r\n".join([*lines, "", ""]).encode("utf-8") + body


def says(data: bytes) -> Behave:
    """Always that answer, and the connection stays open."""

    async def behave(asked: Asked) -> None:
        await asked.send(data)

    return behave


def cuts(data: bytes) -> Behave:
    """That much of an answer, and the connection is closed."""

    async def behave(asked: Asked) -> None:
        await asked.send(data)
        asked.writer.close()

    return behave


def hangs(data: bytes) -> Behave:
    """That much of an answer, and nothing more for ever."""

    async def behave(asked: Asked) -> None:
        await asked.send(data)
        await asyncio.sleep(3600)

    return behave


def repeats(data: bytes, again: bytes, seconds: float = 0.0) -> Behave:
    """That much of an answer, and then `again` for ever, every so many seconds."""

    async def behave(asked: Asked) -> None:
        await asked.send(data)
        while True:
            await asked.send(again)
            await asyncio.sleep(seconds)

    return behave


def first(*behaviours: Behave) -> Behave:
    """One way the first time, the next the second time, ..., the last one from then on."""

    async def behave(asked: Asked) -> None:
        await behaviours[min(asked.n_before, len(behaviours) - 1)](asked)

    return behave


def leads(location: str, status: str = "302 Found") -> Behave:
    """A redirect."""
    return says(say(status, b"", f"Location: {location}"))


async def resets(asked: Asked) -> None:
    """The connection is reset."""
    asked.writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
    asked.writer.transport.abort()


async def leads_on(asked: Asked) -> None:
    """A chain of redirects without an end: /long-chain, /long-chain/1, ..."""
    number = int(asked.path.rpartition("/")[2] or 0) if asked.path.count("/") > 1 else 0
    await asked.send(say("302 Found", b"", f"Location: /long-chain/{number + 1}"))


async def leads_to_other_host(asked: Asked) -> None:
    """The same path of another host on the same port."""
    port = asked.headers["host"].rpartition(":")[2]
    await asked.send(say("301 Moved Permanently", b"", f"Location: //robots-no.test:{port}{asked.path}"))


async def wants_cookie(asked: Asked) -> None:
    """Who has the cookie gets the page, all others are sent to fetch it and back."""
    if "seen" in asked.headers.get("cookie", ""):
        await asked.send(say("200 OK", PAGE))
    else:
        await asked.send(say("302 Found", b"", f"Location: {asked.path}", "Set-Cookie: seen=1"))


async def answers_304_with_body(asked: Asked) -> None:
    """Says that nothing changed, asked or unasked, and sends a body all the same."""
    await asked.send(say("304 Not Modified", PAGE, 'ETag: "a"'))


def packed(encoding: str, body: bytes) -> bytes:
    return say("200 OK", body, f"Content-Encoding: {encoding}")


def bomb(megabytes: int) -> bytes:
    return gzip.compress(b" " * 1_000_000 * megabytes)


def raw_deflate(body: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(body) + packer.flush()


CHUNKED = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n"
CHUNK = b"1000\r\n" + b"y" * 4096 + b"\r\n"
OPEN_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
WAYS: dict[str, Behave] = {
    "good": says(say("200 OK", PAGE, 'ETag: "a"')),
    "good-chunked": says(CHUNKED + b"%x\r\n" % len(PAGE) + PAGE + b"\r\n0\r\n\r\n"),
    "good-without-length": cuts(OPEN_HEAD + b"\r\n" + PAGE),
    "good-http-1.0": cuts(b"HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n" + PAGE),
    "slow-drip": repeats(OPEN_HEAD + b"\r\n", b"x", 0.1),
    "slow-headers": repeats(OPEN_HEAD, b"X", 0.1),
    "endless-body": repeats(OPEN_HEAD + b"\r\n", b"z" * 65536),
    "endless-chunks": repeats(CHUNKED, CHUNK),
    "length-too-short": says(say("200 OK", PAGE, length=len(PAGE) - 7)),
    "length-too-long": cuts(say("200 OK", PAGE, length=len(PAGE) + 7)),
    "length-too-long-and-open": hangs(say("200 OK", PAGE, length=len(PAGE) + 7)),
    "length-beyond-limits": says(say("200 OK", b"", length=99_000_000_000)),
    "length-negative": cuts(say("200 OK", PAGE, length=-5)),
    "two-lengths": cuts(say("200 OK", PAGE, "Content-Length: 3")),
    "chunks-stop": hangs(CHUNKED + CHUNK),
    "chunks-cut": cuts(CHUNKED + CHUNK),
    "bad-chunk-size": cuts(CHUNKED + b"zz\r\nabc\r\n"),
    "gzip": says(packed("gzip", gzip.compress(PAGE))),
    "gzip-members": says(packed("gzip", gzip.compress(PAGE[:50]) + gzip.compress(PAGE[50:]))),
    "gzip-and-padding": says(packed("gzip", gzip.compress(PAGE) + bytes(9))),
    "gzip-bomb": says(packed("gzip", bomb(40))),
    "gzip-in-gzip": says(packed("gzip, gzip", gzip.compress(gzip.compress(PAGE)))),
    "gzip-in-gzip-bomb": says(packed("gzip, gzip", gzip.compress(bomb(40)))),
    "gzip-in-gzip-unsaid": says(packed("gzip", gzip.compress(gzip.compress(PAGE)))),
    "gzip-thrice": says(packed("gzip, gzip, gzip", gzip.compress(gzip.compress(gzip.compress(PAGE))))),
    "deflate": says(packed("deflate", zlib.compress(PAGE))),
    "deflate-raw": says(packed("deflate", raw_deflate(PAGE))),
    "gzip-broken": says(packed("gzip", b"\x1f\x8b\x08\x00" + b"no gzip at all" * 9)),
    "gzip-unpacked": says(packed("gzip", PAGE)),
    "gzip-ends-early": says(packed("gzip", gzip.compress(PAGE)[:-30])),
    "unknown-encoding": says(packed("br", PAGE)),
    "redirect": leads("/good", "301 Moved Permanently"),
    "redirect-loop": leads("/redirect-loop-back"),
    "redirect-loop-back": leads("/redirect-loop"),
    "long-chain": leads_on,
    "redirect-without-target": says(say("302 Found")),
    "redirect-to-metadata": leads("http://169.254.169.254/latest/meta-data/"),
    "redirect-to-metadata-v6": leads("http://[fd00:ec2::254]/latest/meta-data/"),
    "redirect-to-metadata-mapped": leads("http://[::ffff:169.254.169.254]/"),
    "redirect-to-metadata-as-number": leads("http://2852039166/"),
    "redirect-to-multicast": leads("http://224.0.0.1/"),
    "redirect-to-file": leads("file:///etc/passwd"),
    "redirect-to-ftp": leads("ftp://127.0.0.1/a"),
    "redirect-to-script": leads("javascript:alert(1)"),
    "redirect-to-data": leads("data:text/html,<p>A page</p>"),
    "redirect-to-bad-port": leads("http://127.0.0.1:99999/"),
    "redirect-to-no-host": leads("http://[::1/"),
    "redirect-to-words": leads("/güte page?q=a b#part"),
    "g%C3%BCte%20page?q=a%20b": says(say("200 OK", PAGE)),
    "304-unasked": says(say("304 Not Modified")),
    "304-with-length": says(say("304 Not Modified", length=99_999)),
    "304-with-body": answers_304_with_body,
    "wrong-charset": says(say("200 OK", "<p>Größe</p>".encode("latin-1") * 9, type="text/html; charset=utf-8")),
    "429-once": first(says(say("429 Too Many Requests", b"", "Retry-After: 1")), says(say("200 OK", PAGE))),
    "429-hour": says(say("429 Too Many Requests", b"", "Retry-After: 3600")),
    "503": says(say("503 Service Unavailable")),
    "503-now": says(say("503 Service Unavailable", b"", "Retry-After: 0")),
    "503-date": says(say("503 Service Unavailable", b"", "Retry-After: Fri, 31 Dec 2100 23:59:59 GMT")),
    "500": says(say("500 Internal Server Error", b"<p>Oops</p>")),
    "502-once": first(says(say("502 Bad Gateway")), says(say("200 OK", PAGE))),
    "504": says(say("504 Gateway Timeout")),
    "good-then-closed": cuts(say("200 OK", PAGE)),
    "cut-headers": cuts(OPEN_HEAD + b"X-Half: "),
    "cut-body": cuts(say("200 OK", PAGE, length=90_000)),
    "cut-once": first(cuts(say("200 OK", PAGE, length=90_000)), says(say("200 OK", PAGE))),
    "cut-before-answer": cuts(b""),
    "reset": resets,
    "reset-once": first(resets, says(say("200 OK", PAGE))),
    "never-answers": hangs(b""),
    "headers-without-end": repeats(OPEN_HEAD, b"X-More: " + b"a" * 1000 + b"\r\n"),
    "header-line-without-end": repeats(OPEN_HEAD + b"X-Long: ", b"a" * 65536),
    "thousand-headers": says(say("200 OK", PAGE, *(f"X-{number}: a" for number in range(1000)))),
    "million-headers": cuts(say("200 OK", PAGE, *(f"X-{number}: a" for number in range(1_000_000)))),
    "interim-flood": repeats(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 100),
    "interim-once": says(b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n" + say("200 OK", PAGE)),
    "switches-protocol": says(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: upgrade\r\n\r\n"),
    "status-of-words": cuts(b"HTTP/1.1 OK fine\r\n\r\n" + PAGE),
    "http-0.9": cuts(PAGE),
    "other-protocol": cuts(b"SSH-2.0-OpenSSH_9.2\r\n"),
    "nul-in-headers": cuts(say("200 OK", PAGE, "X-Nul: a\0b")),
    "200-empty": says(say("200 OK")),
    "200-blank": says(say("200 OK", b" \n" * 50)),
    "204": says(b"HTTP/1.1 204 No Content\r\n\r\n"),
    "206-unasked": says(say("206 Partial Content", PAGE[:50], "Content-Range: bytes 0-49/400")),
    "202": says(say("202 Accepted", PAGE)),
    **{
        str(status): says(say(f"{status} No", b"<p>No.</p>"))
        for status in (400, 401, 403, 404, 407, 410, 418, 451, 999)
    },
    "404-drips": repeats(b"HTTP/1.1 404 No\r\n\r\n", b"x", 0.1),
    "image": says(say("200 OK", PNG, type="image/png")),
    "image-as-page": says(say("200 OK", PNG)),
    "pdf": says(say("200 OK", b"%PDF-1.7" + bytes(99), type="application/pdf")),
    "video-without-end": repeats(b"HTTP/1.1 200 OK\r\nContent-Type: video/mp4\r\n\r\n", bytes(65536)),
    "octets": says(say("200 OK", bytes(99), type="application/octet-stream")),
    "no-type": says(say("200 OK", PAGE, type=None)),
    "no-type-no-page": says(say("200 OK", b"\x01\x02\x03" * 99, type=None)),
    "plain-text": says(say("200 OK", b"KABUL - A blast killed two.\n", type="text/plain")),
    "cookie-wall": wants_cookie,
}
ALLOW = b"User-agent: *\nAllow: /\n"
NO_ROBOTS = says(say("404 Not Found"))
# By the first part of the host's name; all others have none.
ROBOTS: dict[str, Behave] = {
    "robots-drip": repeats(OPEN_HEAD + b"\r\n", b"x", 0.1),
    "robots-hang": hangs(b""),
    "robots-403": says(say("403 Forbidden")),
    "robots-500": says(say("500 Internal Server Error")),
    "robots-429": says(say("429 Too Many Requests", b"", "Retry-After: 3600")),
    "robots-cut": cuts(say("200 OK", ALLOW, length=900)),
    "robots-empty": says(say("200 OK")),
    "robots-huge": says(
        say("200 OK", ALLOW + b"# nothing to see\n" * 300_000 + b"User-agent: newsledger\nDisallow: /\n")
    ),
    "robots-bomb": says(packed("gzip", gzip.compress(ALLOW + b"# \n" * 9_000_000))),
    "robots-elsewhere": leads_to_other_host,
    "robots-to-metadata": leads("http://169.254.169.254/robots.txt"),
    "robots-loop": leads("/robots.txt"),
    "robots-html": says(say("200 OK", PAGE)),
    "robots-no": says(say("200 OK", b"User-agent: *\nAllow: /\n\nUser-agent: newsledger\nDisallow: /\n")),
    "robots-others-no": says(say("200 OK", b"User-agent: otherbot\nDisallow: /\n")),
    "robots-bom": says(say("200 OK", b"\xef\xbb\xbfUser-agent: *\nDisallow: /\n")),
    "robots-binary": says(say("200 OK", bytes(range(256)) * 40)),
}

N_ARTICLES = 12
# They make a host wait, or leave it alone: listed under this machine's other name, which is another host.
HOLDING = ("429-hour", "503", "503-date")


async def lists_all(asked: Asked) -> None:
    """An RSS feed of every way that misbehaves, with good articles among them."""
    here = asked.headers["host"]
    other = here.replace("127.0.0.1", "localhost")
    urls = [f"http://{other if way in HOLDING else here}/{way}" for way in WAYS]
    for number in range(N_ARTICLES):
        urls.insert(number * len(WAYS) // N_ARTICLES, f"http://{here}/article-{number}")
    items = "".join(f"<item><title>Item {number}</title><link>{url}</link></item>" for number, url in enumerate(urls))
    feed = f'<?xml version="1.0"?><rss version="2.0"><channel><title>All of it</title>{items}</channel></rss>'
    await asked.send(say("200 OK", feed.encode(), type="application/rss+xml"))


SITE: dict[str, Behave] = {
    "feed.xml": lists_all,
    **{f"article-{number}": says(say("200 OK", ARTICLE % b"Article %d" % number)) for number in range(N_ARTICLES)},
}


@dataclass
class Misbehaving:
    """The server, in a thread of its own; a context manager. `asked` is every request: path, host's name, and when
    (monotonic); `headers` theirs; `most_open` the most requests of one host (of all: of '') under way at once."""

    ways: dict[str, Behave] = field(default_factory=lambda: WAYS | SITE)
    robots: Behave = NO_ROBOTS
    tls: ssl.SSLContext | None = None
    latency: float = 0.0
    asked: list[tuple[str, str, float]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    most_open: Counter[str] = field(default_factory=Counter)
    n_connections: int = 0

    def url(self, path: str, name: str = "127.0.0.1") -> str:
        """The address of one way."""
        return f"http{'s' if self.tls else ''}://{name}:{self.port}/{path}"

    def __enter__(self) -> "Misbehaving":
        self._loop = asyncio.new_event_loop()
        self._under_way: Counter[str] = Counter()
        self._tasks: set[asyncio.Task[Any]] = set()
        self._server = self._loop.run_until_complete(
            asyncio.start_server(self._serve, "127.0.0.1", 0, ssl=self.tls, backlog=500)
        )
        self.port: int = self._server.sockets[0].getsockname()[1]
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        asyncio.run_coroutine_threadsafe(self._stop(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    async def _stop(self) -> None:
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        self._tasks.add(task)
        self.n_connections += 1
        try:
            while not writer.is_closing():
                await self._answer(await reader.readuntil(b"\r\n\r\n"), writer)
        except (OSError, EOFError, asyncio.LimitOverrunError, asyncio.CancelledError):
            pass  # the other side went, or the server stops
        finally:
            self._tasks.discard(task)
            writer.transport.abort() if task.cancelling() else writer.close()

    async def _answer(self, head: bytes, writer: asyncio.StreamWriter) -> None:
        line, *lines = head.decode("latin-1").split("\r\n")
        headers = {key.lower(): value.strip() for key, _, value in (one.partition(":") for one in lines)}
        path, name = line.split(" ")[1][1:], headers["host"].partition(":")[0]
        n_before = sum(1 for one, other, _ in self.asked if (one, other) == (path, name))
        self.asked.append((path, name, time.monotonic()))
        self.headers.append(headers)
        for one in (name, ""):
            self._under_way[one] += 1
            self.most_open[one] = max(self.most_open[one], self._under_way[one])
        if self.latency:
            await asyncio.sleep(self.latency)
        way = self.ways.get(path) or self.ways.get(path.partition("/")[0], says(say("404 Not Found")))
        if path == "robots.txt":
            way = ROBOTS.get(name.partition(".")[0], self.robots)
        try:
            await way(Asked("/" + path, name, headers, n_before, writer))
        finally:
            self._under_way.subtract([name, ""])


async def on_loopback(name: str, port: int) -> list[str]:
    """A resolver: every name that ends in .test is on loopback, so that many hosts are one server; others are looked
    up."""
    if name.endswith(".test"):
        return ["127.0.0.1"]
    found = await asyncio.get_running_loop().getaddrinfo(name, port, type=socket.SOCK_STREAM)
    return [str(address[0]) for *_, address in found]
