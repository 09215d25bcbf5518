"""The client: an address in, an answer out, over redirects, robots.txt, manners and limits."""

import ssl
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import cached_property
from importlib.metadata import version

from flows.collect.fetch.address import Target, read_target
from flows.collect.fetch.answer import OUTCOMES, Answer, Reply, Unanswered
from flows.collect.fetch.asking import Asker, Way, Wish
from flows.collect.fetch.content import ACCEPTED, Accept, Limits
from flows.collect.fetch.manners import Manners
from flows.collect.fetch.robots import PARSED, Robots, RobotsFiles
from flows.collect.fetch.wire import Opener, Resolve, resolve_with
from flows.settings import Collecting


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
        opener = Opener(resolve or resolve_with(self._threads), lambda: self._certificates, seconds)
        self._asker = Asker(collecting, self._manners, opener, now)
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
        self._asker.close()
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
            way.last = reply = await self._asker.request(target, wish, way)
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
        return await self._asker.request(target, wish, Way(target.url, self._collecting.whole_seconds))


def _validators(etag: str | None, last_modified: str | None) -> list[tuple[bytes, bytes]]:
    """The headers of a conditional request; a validator that no header can carry is left out: the whole comes then."""
    told = [(b"If-None-Match", etag), (b"If-Modified-Since", last_modified)]
    return [(name, value.encode("latin-1")) for name, value in told if value and _is_sendable(value)]


def _is_sendable(value: str) -> bool:
    return value == value.strip() and all(" " <= char <= "ÿ" and char != "\x7f" for char in value)
