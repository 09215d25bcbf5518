"""The client: an address in, an answer out, over redirects, robots.txt, manners and limits."""

import asyncio
import contextlib
import ssl
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from importlib.metadata import version

from flows.collect.fetch.address import Target, read_target
from flows.collect.fetch.answer import OUTCOMES, Answer, Reply, Unanswered
from flows.collect.fetch.content import ACCEPTED, Accept, Body, Limits, check_body, check_type
from flows.collect.fetch.exchange import Connection, Head, connect
from flows.collect.fetch.manners import Host, Manners
from flows.collect.fetch.robots import PARSED, Robots, RobotsFiles
from flows.collect.fetch.status import location_of, outcome_of
from flows.collect.fetch.wire import Opener, Resolve, resolve_with
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


class Client:
    """Asks for addresses. `robots` (by origin) and `not_before` (by host, UTC) are what the caller keeps between runs;
    both are filled. `deadline` (time.monotonic) is when the last request may begin; `resolve` gives the addresses of a
    name. To be used as an async context manager, in one event loop."""

    def __init__(
        self,
        collecting: Collecting,
        *,
        robots: dict[str, Robots] | None = None,
        not_before: dict[str, datetime] | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        deadline: float | None = None,
        resolve: Resolve | None = None,
    ) -> None:
        self.robots = {} if robots is None else robots
        self.not_before = {} if not_before is None else not_before
        self._collecting, self._now = collecting, now
        self._manners = Manners(collecting, self.not_before, now, deadline)
        self._robots_files = RobotsFiles(self.robots, now, self._ask_for_robots)
        self._threads = ThreadPoolExecutor(max_workers=collecting.connections, thread_name_prefix="resolve")
        seconds = collecting.connect_seconds
        self._opener = Opener(resolve or resolve_with(self._threads), lambda: self._certificates, seconds)
        self._open: dict[str, Host] = {}
        contact = f" (+{collecting.contact})" if collecting.contact else ""
        agent = f"newsledger/{version('newsledger')}{contact}".encode("ascii", "replace")
        self._headers = [(b"User-Agent", agent), (b"Accept-Encoding", b"gzip, deflate")]

    @cached_property
    def _certificates(self) -> ssl.SSLContext:
        """Whom we trust; there is no way to trust more."""
        context = ssl.create_default_context()
        context.set_alpn_protocols(["http/1.1"])
        return context

    async def __aenter__(self) -> "Client":
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._robots_files.close()
        for host in self._open.values():
            _close(host)
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def get(
        self,
        url: str,
        *,
        allow_private: bool = False,
        etag: str | None = None,
        last_modified: str | None = None,
        accept: Accept = "page",
        max_bytes: int | None = None,
    ) -> Answer:
        """Ask for an address. `etag` and `last_modified` are an earlier answer's headers, to be told 'not modified';
        `max_bytes` are taken at most, on the wire and unpacked. Whatever a URL or a server does ends in an Answer."""
        validators = _validators(etag, last_modified)
        headers = [*self._headers, (b"Accept", ACCEPTED[accept]), *validators]
        wish = Wish(accept, allow_private, headers, self._limits(accept, max_bytes), bool(validators))
        way = Way(url, self._collecting.whole_seconds)
        try:
            reply = await self._follow(way, wish)
        except Unanswered as end:
            last = way.last
            reply = Reply(end.outcome, end.detail, last.status, last.headers, retry_at=end.retry_at)
        ended_at = self._now()
        assert reply.outcome  # a redirect, which has none, was followed or ended in Unanswered
        return Answer(
            url,
            way.at,
            reply.outcome,
            OUTCOMES[reply.outcome],
            reply.detail,
            reply.status,
            reply.headers,
            reply.body,
            way.asked_at or ended_at,
            ended_at,
            reply.retry_at,
            tuple(way.hops),
        )

    def _limits(self, accept: Accept, max_bytes: int | None) -> Limits:
        if max_bytes is not None:
            return Limits(max_bytes, max_bytes)
        if accept == "page":
            return Limits(int(self._collecting.page_megabytes * 1e6), int(self._collecting.unpacked_megabytes * 1e6))
        most = int(self._collecting.listing_megabytes * 1e6)
        return Limits(most, most)

    async def _follow(self, way: Way, wish: Wish) -> Reply:
        """Ask, and go where redirects lead; each address on the way is judged anew. Raises Unanswered."""
        target = read_target(way.at)
        while True:
            way.at = target.url
            robots = await self._robots_files.of(target, wish.allow_private)
            if not robots.allows(target):
                raise Unanswered("refused by robots.txt", f"{target.origin}/robots.txt keeps robots from {target.path}")
            self._manners.slow_down(target.host, robots.delay)
            way.last = reply = await self._request(target, wish, way)
            if reply.location is None:
                return reply
            following = read_target(reply.location, target)
            if following.url in (target.url, *way.hops):
                detail = f"back to {following.url}; it may want a cookie, and none is kept"
                raise Unanswered("redirect loop", detail)
            if len(way.hops) >= self._collecting.redirects:
                raise Unanswered(
                    "too many redirects", f"more than {self._collecting.redirects}; next is {following.url}"
                )
            way.hops.append(target.url)
            target = following

    async def _ask_for_robots(self, target: Target, allow_private: bool) -> Reply:
        headers = [*self._headers, (b"Accept", b"text/plain, */*;q=0.5")]
        wish = Wish("any", allow_private, headers, Limits(PARSED, PARSED, is_cut=True))
        return await self._request(target, wish, Way(target.url, self._collecting.whole_seconds))

    async def _request(self, target: Target, wish: Wish, way: Way) -> Reply:
        """One request in its host's turn, and once more where that may help. Raises Unanswered where its turn does not
        come."""
        host = self._manners.host(target.host)
        async with host.lock:
            async with self._manners.turn(host):
                reply = await self._try(host, target, wish, way)
            reply, is_again = self._manners.learn(host, reply)
            if is_again:
                way.seconds_left = self._collecting.whole_seconds
                with contextlib.suppress(Unanswered):  # no second turn in this run: the first reply stands
                    async with self._manners.turn(host):
                        second = await self._try(host, target, wish, way)
                    reply, _ = self._manners.learn(host, second)
        return reply

    async def _try(self, host: Host, target: Target, wish: Wish, way: Way) -> Reply:
        """One request, within the seconds left; what went wrong is its outcome."""
        way.asked_at = way.asked_at or self._now()
        began = time.monotonic()
        is_whole = False
        try:
            async with asyncio.timeout(way.seconds_left):
                reply = await self._exchange(host, target, wish)
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
            await connection.drain(head)
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


def _validators(etag: str | None, last_modified: str | None) -> list[tuple[bytes, bytes]]:
    """The headers of a conditional request; a validator that no header can carry is left out: the whole comes then."""
    told = [(b"If-None-Match", etag), (b"If-Modified-Since", last_modified)]
    return [(name, value.encode("latin-1")) for name, value in told if value and _is_sendable(value)]


def _is_sendable(value: str) -> bool:
    return value == value.strip() and all(" " <= char <= "ÿ" and char != "\x7f" for char in value)
