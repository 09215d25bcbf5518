"""Asking: one request in its host's turn, over a connection that is kept for the next one."""

import asyncio
import contextlib
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from flows.collect.fetch.address import Target
from flows.collect.fetch.answer import Reply, Unanswered
from flows.collect.fetch.content import Accept, Body, Limits, check_body, check_type
from flows.collect.fetch.exchange import Connection, Head, connect
from flows.collect.fetch.manners import Host, Manners
from flows.collect.fetch.status import location_of, outcome_of
from flows.collect.fetch.wire import Opener
from flows.settings import Collecting

OPEN_FOR_EACH = 2  # connections kept open for each that may be busy; more hosts than that are connected to anew


@dataclass(frozen=True)
class Wish:
    """How an address is asked for."""

    accept: Accept
    allow_private: bool
    headers: list[tuple[bytes, bytes]]
    limits: Limits
    is_conditional: bool = False


@dataclass
class Way:
    """How far an answer has come: the address it is at, those before, the last reply, the seconds it may still take."""

    at: str
    seconds_left: float
    asked_at: datetime | None = None
    hops: list[str] = field(default_factory=list)
    last: Reply = field(default_factory=lambda: Reply(None))


class Asker:
    """Asks hosts, each in its turn. `now` is the clock for what is told in UTC."""

    def __init__(self, collecting: Collecting, manners: Manners, opener: Opener, now: Callable[[], datetime]) -> None:
        self._collecting, self._manners, self._opener, self._now = collecting, manners, opener, now
        self._open: dict[str, Host] = {}

    def close(self) -> None:
        """End all connections."""
        for host in self._open.values():
            _close(host)

    async def request(self, target: Target, wish: Wish, way: Way) -> Reply:
        """One request in its host's turn, and once more where that may help. Raises Unanswered where its turn does not
        come."""
        host = self._manners.host(target.host)
        async with host.lock:
            async with self._manners.turn(host):
                reply = await self._try(host, target, wish, way)
            reply, is_again = self._manners.learn(host, reply, is_second=False)
            if is_again:
                with contextlib.suppress(Unanswered):  # no second turn in this run: the first reply stands
                    async with self._manners.turn(host):
                        second = await self._try(host, target, wish, way)
                    reply, _ = self._manners.learn(host, second, is_second=True)
        return reply

    async def _try(self, host: Host, target: Target, wish: Wish, way: Way) -> Reply:
        """One request, within the seconds left; what went wrong is its outcome."""
        way.asked_at = way.asked_at or self._now()
        began = time.monotonic()
        is_whole = False
        try:
            async with asyncio.timeout(way.seconds_left):
                reply = await self._exchange(host, target, wish)
            if host.connection:
                await host.connection.drain()
            is_whole = True
            return reply
        except TimeoutError:
            end = Unanswered("timed out", f"no whole answer in {self._collecting.whole_seconds:g} s")
        except Unanswered as error:
            end = error
        finally:
            way.seconds_left -= time.monotonic() - began
            is_heard = host.connection is not None and host.connection.is_heard
            if not is_whole:
                _close(host)
        return Reply(end.outcome, end.detail, is_heard=is_heard)

    async def _exchange(self, host: Host, target: Target, wish: Wish) -> Reply:
        """Raises Unanswered where no answer's headers came; TimeoutError is for the caller."""
        connection = await self._connection(host, target, wish.allow_private)
        seconds = self._collecting.read_seconds
        try:
            head = await connection.ask(target, wish.headers, seconds)
        except Unanswered as end:
            if connection.n_requests == 1 or connection.is_heard or end.outcome != "cut off":
                raise
            _close(host)  # the host ended an idle connection in the moment that we asked
            connection = await self._connection(host, target, wish.allow_private)
            head = await connection.ask(target, wish.headers, seconds)
        location = location_of(head.status, head.headers)
        outcome, detail = outcome_of(head.status, head.headers, wish.is_conditional)
        if location or outcome:
            return Reply(outcome, detail, head.status, head.headers, location=location, is_heard=True)
        try:
            body = await self._read(connection, head, wish)
        except Unanswered as end:
            connection.close()
            return Reply(end.outcome, end.detail, head.status, head.headers, is_heard=True)
        return Reply("fetched", None, head.status, head.headers, body, is_heard=True)

    async def _read(self, connection: Connection, head: Head, wish: Wish) -> bytes:
        """An answer's body. Raises Unanswered."""
        check_type(wish.accept, head.headers)
        taken = Body(head.headers, wish.limits)
        async for data in connection.body(self._collecting.read_seconds):
            if not taken.feed(data):
                connection.close()
                break
        body = taken.end()
        check_body(wish.accept, head.headers, body)
        return body

    async def _connection(self, host: Host, target: Target, allow_private: bool) -> Connection:
        """The host's open connection where it serves, else a new one. Raises Unanswered."""
        self._open.pop(host.name, None)
        if host.connection is None or not host.connection.serves(target, allow_private):
            _close(host)
            spare = [one for one in self._open.values() if not one.is_busy]
            n_many = len(self._open) + 1 - OPEN_FOR_EACH * self._collecting.connections
            for one in spare[: max(0, n_many)]:
                _close(self._open.pop(one.name))
            host.connection = await connect(self._opener, target, allow_private)
        self._open[host.name] = host
        return host.connection


def _close(host: Host) -> None:
    if host.connection:
        host.connection.close()
    host.connection = None
