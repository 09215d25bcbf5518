"""The web's door: the crawl in a thread of its own, what it brings into the archive, then into the memory."""

import asyncio
import queue
import threading
import time
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from flows.collect.archive import Archive, Archived, number_of
from flows.collect.crawl import Arrival, Crawl
from flows.collect.documents import Document
from flows.collect.fetch.client import Client
from flows.collect.fetch.robots import Robots
from flows.collect.memory import Host, Known, Memory, Row
from flows.settings import Settings
from flows.sources import Source

ROBOTS_KEPT = 24 * 3600.0  # seconds that a robots.txt stands, RFC 9309
MOST_WAITING = 400  # arrivals that the archive has not taken yet, before the crawl waits
LOOK_EVERY = 0.2  # seconds without an arrival, after which the archive looks whether what it has is to be written


def collect_web(
    archive: Archive, memory: Memory, sources: Sequence[Source], settings: Settings, run_id: str
) -> Iterator[Archived]:
    """Ask what is due of some sources of the web (all of it where the command line names them); a step a file of the
    archive. What an arrival changes in the memory is kept after the archive has it."""
    arrivals: queue.Queue[Arrival | BaseException | None] = queue.Queue()
    pending: deque[Arrival] = deque()
    stop = threading.Event()
    thread = threading.Thread(target=_crawl, args=(memory.path, sources, settings, run_id, arrivals, stop), daemon=True)
    thread.start()

    def documents() -> Iterator[Document | None]:
        while True:
            try:
                arrival = arrivals.get(timeout=LOOK_EVERY)
            except queue.Empty:
                yield None
                continue
            if arrival is None:
                return
            if isinstance(arrival, BaseException):
                raise arrival
            pending.append(arrival)
            yield arrival.document

    try:
        run = settings.run
        for step in archive.add(documents(), run_id, run.batch_documents, int(run.batch_megabytes * 1e6)):
            _remember(memory, pending, step)
            yield step
    finally:
        stop.set()
        thread.join()


def _remember(memory: Memory, pending: deque[Arrival], step: Archived) -> None:
    """Keep the rows of what a step archived, and of what came in between and had nothing to archive."""
    left = step.n_seen
    rows: list[Row] = []
    while pending and (left or pending[0].document is None):
        arrival = pending.popleft()
        left -= arrival.document is not None
        rows += arrival.rows
    memory.keep(rows)
    if step.path:
        memory.see_until(number_of(step.path))


def _crawl(
    path: Path,
    sources: Sequence[Source],
    settings: Settings,
    run_id: str,
    arrivals: "queue.Queue[Arrival | BaseException | None]",
    stop: threading.Event,
) -> None:
    """The crawl's thread: whatever ends it is told last."""
    try:
        asyncio.run(_pass(path, sources, settings, run_id, arrivals, stop))
        arrivals.put(None)
    except BaseException as error:
        arrivals.put(error)


async def _pass(
    path: Path,
    sources: Sequence[Source],
    settings: Settings,
    run_id: str,
    arrivals: "queue.Queue[Arrival | BaseException | None]",
    stop: threading.Event,
) -> None:
    async def put(arrival: Arrival) -> None:
        while arrivals.qsize() >= MOST_WAITING:
            await asyncio.sleep(0.01)
        arrivals.put(arrival)

    with closing(Memory(path)) as memory:
        now = time.time()
        robots = {one.origin: _robots(one) for one in memory.robots(now - ROBOTS_KEPT)}
        hosts = {host: datetime.fromtimestamp(not_before, UTC) for host, not_before in memory.hosts(now)}
        deadline = time.monotonic() + settings.collecting.run_minutes * 60
        async with Client(settings.collecting, robots=robots, not_before=hosts, deadline=deadline) as client:
            crawl = asyncio.create_task(
                Crawl(client, memory, settings.collecting, run_id, time.time, put).run(sources, settings.are_named)
            )
            while not crawl.done():
                await asyncio.wait({crawl}, timeout=LOOK_EVERY)
                if stop.is_set():
                    crawl.cancel()
            await crawl
        told: tuple[Row, ...] = (
            *(_known(*one) for one in robots.items()),
            *(Host(host, at.timestamp()) for host, at in hosts.items()),
        )
        await put(Arrival(None, told))


def _robots(known: Known) -> Robots:
    return Robots(datetime.fromtimestamp(known.fetched_at, UTC), known.status, known.body)


def _known(origin: str, robots: Robots) -> Known:
    return Known(origin, robots.status, robots.body, robots.fetched_at.timestamp())
