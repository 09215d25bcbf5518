"""robots.txt as RFC 9309 says: what a site allows us, and how slowly it wants to be asked."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from protego import Protego

from flows.collect.fetch.address import Target, read_target
from flows.collect.fetch.answer import Reply, Unanswered

AGENT = "newsledger"  # our product token: what a site calls us
PARSED = 512 * 1024  # bytes; RFC 9309 asks for 500 KiB at least
REDIRECTS = 5
KEPT_FOR = timedelta(hours=24)
# Where its host cannot be asked at all, the page could not be either: its outcome says so itself.
SAID_AS_IT_IS = {
    "private address",
    "no such host",
    "name not resolved",
    "connection refused",
    "not reachable",
    "certificate not trusted",
    "TLS failed",
    "asked to wait",
    "host left alone",
    "left for the next run",
}
AGENT_LINE = re.compile(r"^([ \t]*user-?agent[ \t]*:[ \t]*)([^#\r\n]*)", re.IGNORECASE | re.MULTILINE)
Ask = Callable[[Target, bool], Awaitable[Reply]]


@dataclass(frozen=True)
class Robots:
    """One origin's robots.txt as it was at `fetched_at` (UTC): its status and its first bytes, b'' where it has none.
    It can be kept between runs; after 24 hours it is asked for again."""

    fetched_at: datetime
    status: int
    body: bytes

    @cached_property
    def _rules(self) -> Protego:
        whole = self.body[:PARSED]
        if len(self.body) >= PARSED:
            whole = whole[: whole.rfind(b"\n") + 1]  # half a path would forbid or allow another one
        return Protego.parse(AGENT_LINE.sub(_exact_agent, whole.decode("utf-8-sig", "replace")))

    def allows(self, target: Target) -> bool:
        """Whether we may ask for that address."""
        return not self.body or self._rules.can_fetch(target.url, AGENT)

    @cached_property
    def delay(self) -> float:
        """Seconds from one request to the next that the site asks for (Crawl-delay, Request-rate); 0: none."""
        if not self.body:
            return 0.0
        rate = self._rules.request_rate(AGENT)
        return max(self._rules.crawl_delay(AGENT) or 0.0, rate.seconds / rate.requests if rate else 0.0)


def _exact_agent(line: re.Match[str]) -> str:
    """An agent's line as protego has to read it: RFC 9309 compares the whole product token, protego (scrapy/protego
    issue 65) takes a group for "news" as one for us, and "newsledger/1.0" as another's."""
    token = re.match(r"[a-z_-]*", line[2].lower())
    assert token
    if token[0] == AGENT:
        return line[1] + AGENT
    return f"{line[1]}not-{token[0]}" if token[0] and AGENT.startswith(token[0]) else line[0]


class RobotsFiles:
    """The robots.txt of every origin asked in a run: `known` is what the caller keeps between runs, and is
    filled; what could not be had stands for this run and is forgotten after it."""

    def __init__(self, known: dict[str, Robots], now: Callable[[], datetime], ask: Ask) -> None:
        self._known, self._now, self._ask = known, now, ask
        self._asked: dict[tuple[str, bool], asyncio.Task[Robots]] = {}

    async def of(self, target: Target, allow_private: bool) -> Robots:
        """The robots.txt that speaks for that address; many who want it share one request. Raises Unanswered."""
        known = self._known.get(target.origin)
        if known and timedelta(0) <= self._now() - known.fetched_at < KEPT_FOR:
            return known
        key = (target.origin, allow_private)
        task = self._asked.get(key)
        if task is None:
            task = self._asked[key] = asyncio.ensure_future(self._fetch(target, allow_private))
        try:
            robots = await asyncio.shield(task)
        except Unanswered as end:
            if end.outcome != "robots.txt unreachable" and self._asked.get(key) is task:
                del self._asked[key]  # the host's own manners say whether it is asked again
            raise Unanswered(end.outcome, end.detail, end.retry_at) from end
        self._known[target.origin] = robots
        return robots

    async def _fetch(self, page: Target, allow_private: bool) -> Robots:
        """Ask for it, over up to five redirects, to other hosts too. Raises Unanswered."""
        target = read_target("/robots.txt", page)
        for n_redirects in range(REDIRECTS + 1):
            reply = await self._ask(target, allow_private)
            if reply.location is None:
                return self._read(reply, n_redirects)
            try:
                target = read_target(reply.location, target)
            except Unanswered as end:
                raise Unanswered("robots.txt unreachable", f"{end.outcome}: {end.detail}") from end
        return Robots(self._now(), reply.status or 0, b"")  # RFC 9309: after five redirects there is none

    def _read(self, reply: Reply, n_redirects: int) -> Robots:
        """What an answer means: 2xx is parsed, 4xx allows all (429 apart), anything else nothing for now."""
        if reply.status and reply.outcome in ("fetched", "empty"):
            return Robots(self._now(), reply.status, reply.body)
        if reply.status and 400 <= reply.status < 500 and reply.status != 429:
            return Robots(self._now(), reply.status, b"")
        detail = f"asking for robots.txt: {reply.detail}"
        if reply.outcome in SAID_AS_IT_IS and not n_redirects:
            raise Unanswered(reply.outcome or "", detail, reply.retry_at)
        raise Unanswered("robots.txt unreachable", f"{reply.outcome}: {detail}")

    async def close(self) -> None:
        """Stop asking."""
        for task in self._asked.values():
            task.cancel()
        await asyncio.gather(*self._asked.values(), return_exceptions=True)
