"""Manners: one request a host at a time, a pause after it, and waiting when a host asks for it."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from flows.collect.fetch.answer import Reply, Unanswered, header
from flows.collect.fetch.exchange import Connection
from flows.settings import Collecting

FIRST_WAIT = 5.0  # seconds, doubled each time, where a host asks to wait and does not say how long
LONGEST_WAIT = 7 * 86400  # a host that names more means never; we look again after a week
MAX_WAITS = 4  # in a row, two of a request: one page that always says 503 must not keep its host from us
MAX_FAILURES = 3  # requests in a row without an answer; then a host is dead for this run
NO_ANSWER = {
    "timed out",
    "cut off",
    "no such host",
    "name not resolved",
    "connection refused",
    "not reachable",
    "certificate not trusted",
    "TLS failed",
}


@dataclass
class Host:
    """One host as this run knows it. Who holds `lock` may ask it, first come first served, from `free_at` on (monotonic
    seconds); `left`: it is not asked any more, with the outcome and detail that the rest of its requests get."""

    name: str
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    connection: Connection | None = None
    free_at: float = 0.0
    delay: float = 0.0
    n_waits: int = 0
    n_failures: int = 0
    left: tuple[str, str, datetime | None] | None = None
    is_busy: bool = False


class Manners:
    """When which host may be asked. `not_before` (UTC) is what hosts asked for in earlier runs; what they ask for in
    this one is added."""

    def __init__(
        self,
        collecting: Collecting,
        not_before: dict[str, datetime],
        now: Callable[[], datetime],
        deadline: float | None,
    ) -> None:
        self._collecting, self._not_before, self._now, self._deadline = collecting, not_before, now, deadline
        self._slots = asyncio.Semaphore(collecting.connections)
        self._hosts: dict[str, Host] = {}

    def host(self, name: str) -> Host:
        """The host of that name, with what it asked for in an earlier run."""
        if name not in self._hosts:
            host = self._hosts[name] = Host(name)
            if until := self._not_before.pop(name, None):
                seconds = (until - self._now()).total_seconds()
                if seconds > 0:
                    self._wait(host, seconds, until, "an earlier run was asked to wait")
        return self._hosts[name]

    def slow_down(self, name: str, seconds: float) -> None:
        """A site on that host asks for so much time from one request to the next."""
        host = self.host(name)
        if seconds > host.delay:
            host.free_at += max(0.0, seconds - max(host.delay, self._collecting.pause_seconds))
            host.delay = seconds

    @asynccontextmanager
    async def turn(self, host: Host) -> AsyncIterator[None]:
        """Wait until the host may be asked, by who holds its lock. Raises Unanswered where it is left alone, or where
        that would be after the run's end."""
        if host.left:
            raise Unanswered(*host.left)
        self._check_deadline(host.free_at)
        if (seconds := host.free_at - time.monotonic()) > 0:
            await asyncio.sleep(seconds)
        async with self._slots:
            self._check_deadline(time.monotonic())
            host.is_busy = True
            try:
                yield
            finally:
                host.is_busy = False
                host.free_at = time.monotonic() + max(self._collecting.pause_seconds, host.delay)

    def _check_deadline(self, at: float) -> None:
        if self._deadline is not None and max(at, time.monotonic()) >= self._deadline:
            raise Unanswered("left for the next run", "the time for collecting was over; the next run asks for it")

    def learn(self, host: Host, reply: Reply, is_second: bool) -> tuple[Reply, bool]:
        """What a reply to the first or second try of a request says of its host; the reply with what the host wishes,
        and whether a second try may help."""
        if reply.outcome == "asked to wait":
            told = read_retry_after(header(reply.headers, "retry-after"), self._now())
            backing_off = max(FIRST_WAIT, self._collecting.pause_seconds) * 2**host.n_waits
            seconds = min(told if told is not None else backing_off, LONGEST_WAIT)
            host.n_waits += 1
            until = self._now() + timedelta(seconds=seconds)
            is_short = self._wait(host, seconds, until, f"answered {reply.status}")
            return replace(reply, retry_at=until), is_short and not is_second
        host.n_waits = 0
        if not is_second and (reply.outcome == "cut off" or reply.status in (502, 504)):
            return reply, True
        if reply.outcome not in NO_ANSWER or reply.is_heard:
            host.n_failures = 0
            return reply, False
        host.n_failures += 1
        if host.n_failures == MAX_FAILURES:
            detail = (
                f"{MAX_FAILURES} requests to {host.name} in a row ended in '{reply.outcome}'; the next run asks again"
            )
            host.left = ("host left alone", detail, None)
        return reply, False

    def _wait(self, host: Host, seconds: float, until: datetime, why: str) -> bool:
        """Wait for a host where that is short unless it always asks for it; else leave it alone for this run."""
        begins = time.monotonic() + seconds
        is_in_time = self._deadline is None or begins < self._deadline
        if seconds <= self._collecting.wait_seconds and host.n_waits < MAX_WAITS and is_in_time:
            host.free_at = max(host.free_at, begins)
            return True
        host.left = ("asked to wait", f"{host.name} {why}; not before {until:%Y-%m-%d %H:%M:%S} UTC", until)
        self._not_before[host.name] = until
        return False


def read_retry_after(told: str | None, now: datetime) -> float | None:
    """Retry-After, seconds or an HTTP date, as seconds from now, never below 0; None: nothing that can be read."""
    if told is None:
        return None
    if told.isdecimal() and told.isascii():
        return float(told[:12])
    try:
        at = parsedate_to_datetime(told)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
    return max(0.0, ((at if at.tzinfo else at.replace(tzinfo=UTC)) - now).total_seconds())
