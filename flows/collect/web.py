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

from flows.collect.archive import Archive, Archived
from flows.collect.crawl import Arrival, Crawl
from flows.collect.documents import Document
from flows.collect.fetch.client import Client
from flows.collect.fetch.robots import Robots
from flows.collect.memory import Memory
from flows.collect.raw_files import number_of
from flows.collect.remembered import Host, Known, Row
from flows.settings import Settings
from flows.sources import Source

ROBOTS_KEPT = 24 * 3600.0  # seconds that a robots.txt stands, RFC 9309
MOST_WAITING, MOST_BYTES = 400, 32_000_000  # arrivals not archived yet, and bytes of them, before the crawl waits
LOOK_EVERY = 0.2  # seconds without an arrival, after which the archive looks whether what it has is to be written


class Inbox:
    """Arrivals on their way from the crawl's thread to the archive's, no more of them than memory is good for."""

    def __init__(self) -> None:
        self._arrivals: queue.Queue[Arrival | BaseException | None] = queue.Queue()
        self._n_put = self._n_taken = 0  # bytes; each is written by one thread alone
        self.is_closed = threading.Event()

    async def put(self, arrival: Arrival) -> None:
        """Hand on an arrival, as soon as there is room for more."""
        while self._arrivals.qsize() >= MOST_WAITING or self._n_put - self._n_taken >= MOST_BYTES:
            await asyncio.sleep(0.01)
        self._n_put += len(arrival.document.body) if arrival.document else 0
        self._arrivals.put(arrival)

    def end(self, error: BaseException | None = None) -> None:
        """Say that nothing more comes, and what broke."""
        self._arrivals.put(error)

    def take(self) -> Iterator[Arrival | None]:
        """Each arrival, and None where none has come for a moment. Raises what broke the crawl."""
        while True:
            try:
                arrival = self._arrivals.get(timeout=LOOK_EVERY)
            except queue.Empty:
                yield None
                continue
            if arrival is None:
                return
            if isinstance(arrival, BaseException):
                raise arrival
            self._n_taken += len(arrival.document.body) if arrival.document else 0
            yield arrival


def collect_web(
    archive: Archive, memory: Memory, sources: Sequence[Source], settings: Settings, run_id: str
) -> Iterator[Archived]:
    """Ask what is due of some sources of the web (all of it where the command line names them); a step a file of the
    archive. What an arrival changes in the memory is kept after the archive has it."""
    inbox = Inbox()
    pending: deque[Arrival] = deque()
    thread = threading.Thread(
        target=_crawl, args=(memory.path, sources, settings, run_id, inbox, archive.forgotten), daemon=True
    )
    thread.start()

    def documents() -> Iterator[Document | None]:
        for arrival in inbox.take():
            if arrival:
                pending.append(arrival)
            yield arrival.document if arrival else None

    try:
        run = settings.run
        for step in archive.add(documents(), run_id, run.batch_documents, int(run.batch_megabytes * 1e6)):
            _remember(memory, pending, step)
            yield step
    finally:
        inbox.is_closed.set()
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
    path: Path, sources: Sequence[Source], settings: Settings, run_id: str, inbox: Inbox, forgotten: frozenset[str]
) -> None:
    """The crawl's thread: whatever ends it is told last."""
    try:
        asyncio.run(_pass(path, sources, settings, run_id, inbox, forgotten))
        inbox.end()
    except BaseException as error:
        inbox.end(error)


async def _pass(
    path: Path, sources: Sequence[Source], settings: Settings, run_id: str, inbox: Inbox, forgotten: frozenset[str]
) -> None:
    rules, now = settings.collecting, time.time()
    with closing(Memory(path)) as memory:
        robots = {one.origin: _robots(one) for one in memory.robots(now - ROBOTS_KEPT)}
        hosts = {host: datetime.fromtimestamp(not_before, UTC) for host, not_before in memory.hosts(now)}
        deadline = time.monotonic() + rules.run_minutes * 60
        async with Client(rules, robots=robots, not_before=hosts, deadline=deadline) as client:
            crawl = Crawl(client, memory, rules, run_id, time.time, inbox.put, forgotten)
            task = asyncio.create_task(crawl.run(sources, settings.are_named))
            while not task.done():
                await asyncio.wait({task}, timeout=LOOK_EVERY)
                if inbox.is_closed.is_set():
                    task.cancel()
            await task
    kept: list[Row] = [_known(*one) for one in robots.items()]
    kept += [Host(host, at.timestamp()) for host, at in hosts.items()]
    await inbox.put(Arrival(None, tuple(kept)))


def _robots(known: Known) -> Robots:
    return Robots(datetime.fromtimestamp(known.fetched_at, UTC), known.status, known.body)


def _known(origin: str, robots: Robots) -> Known:
    return Known(origin, robots.status, robots.body, robots.fetched_at.timestamp())
