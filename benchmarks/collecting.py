"""Collecting beside a bare client: `python -m benchmarks collecting`, part of `make bench`.

A server process on loopback answers for 40 hosts with 50 ms latency each, 50 pages a host, listed by a feed. In turns:
a bare httpx client fetches the 2,000 pages with a task a host, and our collecting does (feeds, robots.txt, archive and
memory included), the pause set to 0. Then our second pass over the unchanged sites, every page of them due.
"""

import asyncio
import multiprocessing
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from statistics import median

import httpx

from benchmarks.table import Row
from flows.collect.archive import Archive
from flows.collect.memory import open_memory
from flows.collect.web import collect_web
from flows.settings import Collecting, Settings
from flows.sources import Source

HOSTS, PAGES, LATENCY, ROUNDS = 40, 50, 0.05, 5
SENTENCE = "The council met again on Tuesday to talk about the bridge, its cost and the time that it will take. "


def page_of(host: int, number: int) -> bytes:
    """A page of some 40 kB."""
    told = "".join(f"<p>{host}-{number}-{n}: {SENTENCE * 3}</p>" for n in range(120))
    return f"<!doctype html><html><head><title>{host}-{number}</title></head><body>{told}</body></html>".encode()


async def serve(pipe: Connection) -> None:
    """Answer on 40 addresses of loopback until told to end; `pipe` is told the ports, and asked how many bodies of
    pages were sent."""
    n_sent = 0

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, host: int, port: list[int]) -> None:
        nonlocal n_sent
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                path = head.split(b" ", 2)[1].decode()
                await asyncio.sleep(LATENCY)
                status, kind, body = "200 OK", "text/html", b""
                etag = f'"{host}{path}"'
                if path == "/robots.txt":
                    status = "404 Not Found"
                elif path == "/feed":
                    items = "".join(
                        f"<item><link>http://127.0.1.{host}:{port[0]}/{n}</link></item>" for n in range(PAGES)
                    )
                    body, kind = f"<rss version='2.0'><channel>{items}</channel></rss>".encode(), "application/rss+xml"
                elif etag.encode() in head:
                    status = "304 Not Modified"
                else:
                    body = page_of(host, int(path[1:]))
                    n_sent += 1
                length = "" if status.startswith("304") else f"Content-Length: {len(body)}\r\n"
                writer.write(
                    f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nETag: {etag}\r\n{length}\r\n".encode() + body
                )
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    ports = []
    for host in range(1, HOSTS + 1):
        port: list[int] = []
        server = await asyncio.start_server(partial(answer, host=host, port=port), f"127.0.1.{host}", 0)
        port.append(server.sockets[0].getsockname()[1])
        ports.append(port[0])
    pipe.send(ports)
    while True:
        if pipe.poll():
            if pipe.recv() is None:
                return
            pipe.send(n_sent)
        await asyncio.sleep(0.01)


def _serve(pipe: Connection) -> None:
    asyncio.run(serve(pipe))


@contextmanager
def open_hosts() -> Iterator[tuple[list[str], Connection]]:
    """The addresses of 40 hosts that answer as long as the block lasts, and the pipe to their process."""
    ours, theirs = multiprocessing.get_context("spawn").Pipe()
    process = multiprocessing.get_context("spawn").Process(target=_serve, args=(theirs,), daemon=True)
    process.start()
    ports = ours.recv()
    try:
        yield [f"http://127.0.1.{host}:{port}" for host, port in enumerate(ports, 1)], ours
    finally:
        ours.send(None)
        process.join()


async def fetch_bare(hosts: list[str]) -> int:
    """All pages with httpx and nothing else; how many bytes."""
    limits = httpx.Limits(max_connections=HOSTS, max_keepalive_connections=HOSTS)
    async with httpx.AsyncClient(limits=limits, timeout=30, trust_env=False) as client:

        async def of_host(host: str) -> int:
            return sum([len((await client.get(f"{host}/{n}")).content) for n in range(PAGES)])

        return sum(await asyncio.gather(*(of_host(host) for host in hosts)))


def collect(hosts: list[str], data: Path, run_id: str) -> None:
    """One pass of ours over the feeds of the hosts, every page of which is due."""
    rules = Collecting(
        pause_seconds=0, connections=HOSTS, poll_least_minutes=0, poll_most_minutes=0, recheck_least_minutes=0
    )
    sources = tuple(Source(f"host-{n}", "feed", url=f"{host}/feed", allow_private=True) for n, host in enumerate(hosts))
    settings = Settings(data, sources, collecting=rules)
    archive = Archive(data / "raw")
    memory = open_memory(data, archive, is_needed=True)
    assert memory
    for _ in collect_web(archive, memory, sources, settings, run_id):
        pass
    memory.close()


def rows(rounds: int = ROUNDS) -> list[Row]:
    """Collecting over a bare client in turns, then what a second pass sends."""
    bare: list[float] = []
    ours: list[float] = []
    with open_hosts() as (hosts, pipe):
        for number in range(rounds):
            started = time.perf_counter()
            n_bytes = asyncio.run(fetch_bare(hosts))
            bare.append(time.perf_counter() - started)
            with tempfile.TemporaryDirectory() as folder:
                started = time.perf_counter()
                collect(hosts, Path(folder), f"first-{number}")
                ours.append(time.perf_counter() - started)
                pipe.send("how many")
                before = pipe.recv()
                started = time.perf_counter()
                collect(hosts, Path(folder), f"second-{number}")
                again = time.perf_counter() - started
                pipe.send("how many")
                n_again = pipe.recv() - before
    n_pages = HOSTS * PAGES
    what = f"{n_pages:,} pages of {n_bytes // n_pages // 1000} kB, {HOSTS} hosts with {LATENCY * 1000:.0f} ms latency"
    ratio = median(one / other for one, other in zip(bare, ours, strict=True))
    return [
        Row(f"bare httpx client, {HOSTS} at once", n_pages / median(bare), "pages/s", None, "", rounds, what),
        Row("collecting / bare httpx client", n_pages / median(ours), "pages/s", ratio, "≥ 0.7", rounds, what),
        Row("collecting again, every page due: bodies sent / pages", again, "s", n_again / n_pages, "0", 1, what),
    ]
