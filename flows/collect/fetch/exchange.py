"""One request and its answer over one connection: HTTP/1.1 as h11 reads it."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

import h11

from flows.collect.fetch.address import Target
from flows.collect.fetch.answer import Headers, Unanswered, header
from flows.collect.fetch.wire import Opener, Wire

MAX_HEADERS = 100 * 1024  # bytes of an answer's headers: browsers take up to 256 KiB, news sites send 1 to 8
MAX_INTERIM = 10  # answers 1xx before the answer; servers send one or two
DRAINED = 64 * 1024  # bytes of a body that nobody wants, and seconds that it may take, to keep the connection
DRAINED_SECONDS = 1.0
BODILESS = (204, 304)  # their Content-Length is that of a body that does not come


@dataclass(frozen=True)
class Head:
    """An answer before its body."""

    status: int
    headers: Headers


class Connection:
    """One connection to one origin, for one request after the other. It was judged when it was opened: one that was
    opened for a source that may ask private addresses serves no other."""

    def __init__(self, wire: Wire, target: Target, allow_private: bool) -> None:
        self._wire = wire
        self._origin, self._is_private = target.origin, allow_private
        self._http = h11.Connection(h11.CLIENT, max_incomplete_event_size=MAX_HEADERS)
        self.n_requests = 0
        self._head: Head | None = None  # of an answer whose body has not come yet
        self.is_heard = False  # whether a byte of the last request's answer came

    def serves(self, target: Target, allow_private: bool) -> bool:
        """Whether the next request to that target can go over it."""
        is_same = (target.origin, allow_private) == (self._origin, self._is_private)
        return is_same and self._wire.is_quiet and self._http.our_state is h11.IDLE

    async def ask(self, target: Target, headers: list[tuple[bytes, bytes]], seconds: float) -> Head:
        """Send a GET, wait for the headers; `seconds` without a byte are too many. Raises Unanswered."""
        self.n_requests += 1
        self.is_heard = False
        host = (b"Host", target.netloc.encode("ascii"))
        request = h11.Request(method=b"GET", target=target.path.encode("ascii"), headers=[host, *headers])
        self._wire.write((self._http.send(request) or b"") + (self._http.send(h11.EndOfMessage()) or b""))
        for _ in range(MAX_INTERIM + 1):
            event = await self._next(seconds)
            if isinstance(event, h11.Response):
                told = tuple((key.decode("latin-1"), value.decode("latin-1")) for key, value in event.headers)
                self._head = Head(event.status_code, told)
                return self._head
            if not isinstance(event, h11.InformationalResponse) or event.status_code == 101:
                raise Unanswered("broken answer", "it changes to a protocol that nobody asked for")
        raise Unanswered("broken answer", f"more than {MAX_INTERIM} interim answers before the answer")

    async def body(self, seconds: float) -> AsyncIterator[bytes]:
        """The body's bytes as they come, without the transfer's chunks. Raises Unanswered."""
        while isinstance(event := await self._next(seconds), h11.Data):
            yield bytes(event.data)
        self._finish()

    async def _next(self, seconds: float) -> object:
        """The next piece of an answer. Raises Unanswered (timed out, cut off, broken answer)."""
        data = None
        try:
            while (event := self._http.next_event()) is h11.NEED_DATA:
                data = await self._wire.read(seconds)
                self.is_heard = self.is_heard or bool(data)
                if not data and self._http.their_state is h11.SEND_RESPONSE:
                    raise _cut_head(self._http.trailing_data[0])
                self._http.receive_data(data)
        except h11.ProtocolError as error:
            raise Unanswered("cut off" if data == b"" else "broken answer", str(error)) from error
        return event

    def _finish(self) -> None:
        """Make ready for the next request. Bytes behind the answer's end (a body longer than stated, a 304 with one)
        would be taken for the next answer: with any the connection is not used again; `serves` finds late ones."""
        self._head = None
        is_done = self._http.our_state is h11.DONE and self._http.their_state is h11.DONE
        if is_done and not self._http.trailing_data[0] and self._wire.is_quiet:
            self._http.start_next_cycle()
        else:
            self._wire.close()

    async def drain(self) -> None:
        """Pass over what is left of the last answer where that is short, or close the connection."""
        if self._head is None or self._wire.transport.is_closing():
            return
        length = header(self._head.headers, "content-length") or "0"
        if self._head.status not in BODILESS and (not length.isdecimal() or int(length) > DRAINED):
            self.close()
            return
        came = 0
        try:
            async with asyncio.timeout(DRAINED_SECONDS):
                async for data in self.body(DRAINED_SECONDS):
                    came += len(data)
                    if came > DRAINED:
                        self.close()
                        return
        except (Unanswered, TimeoutError):  # the answer's headers were all that counts
            self.close()

    def close(self) -> None:
        """End it, whatever is under way."""
        self._wire.close()


def _cut_head(came: bytes) -> Unanswered:
    if came and not came.startswith(b"HTTP/"[: len(came)]):
        return Unanswered("broken answer", f"it begins with {came[:40]!r}, not with HTTP/")
    return Unanswered(
        "cut off", "the connection ended in the headers" if came else "the connection ended, nothing came"
    )


async def connect(opener: Opener, target: Target, allow_private: bool) -> Connection:
    """A new connection to the target's host. Raises Unanswered."""
    return Connection(await opener.open(target, allow_private), target, allow_private)
