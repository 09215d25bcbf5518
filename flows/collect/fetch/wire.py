"""The wire: a connection to an address that was judged, and the bytes that come over it."""

import asyncio
import socket
import ssl
from collections.abc import Awaitable, Callable, Iterable
from concurrent.futures import Executor
from dataclasses import dataclass

from flows.collect.fetch.address import Target, refuse_address
from flows.collect.fetch.answer import Unanswered

Resolve = Callable[[str, int], Awaitable[Iterable[str]]]
HELD = 256 * 1024  # bytes that wait to be read; with more of them, the sender is held back
TRIED = 4  # addresses of one name


class Wire(asyncio.Protocol):
    """One connection. `read` waits for bytes; `ended` says that no more come, `error` why if it was no orderly end."""

    def __init__(self) -> None:
        self.ended = False
        self.error: Exception | None = None
        self._bytes = bytearray()
        self._waiter: asyncio.Future[None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self._bytes += data
        if len(self._bytes) > HELD:
            self.transport.pause_reading()
        self._wake()

    def eof_received(self) -> None:
        self.ended = True
        self._wake()

    def connection_lost(self, exc: Exception | None) -> None:
        self.ended, self.error = True, exc
        self._wake()

    def _wake(self) -> None:
        if self._waiter and not self._waiter.done():
            self._waiter.set_result(None)

    @property
    def is_quiet(self) -> bool:
        """Open, and nothing came that nobody asked for."""
        return not self.ended and not self._bytes and not self.transport.is_closing()

    async def read(self, seconds: float) -> bytes:
        """What came, at most `seconds` waited for; b'' at an orderly end. Raises Unanswered (timed out, cut off)."""
        if not self._bytes and not self.ended:
            self._waiter = asyncio.get_running_loop().create_future()
            try:
                async with asyncio.timeout(seconds):
                    await self._waiter
            except TimeoutError as error:
                raise Unanswered("timed out", f"no byte came in {seconds:g} s") from error
        if not self._bytes and self.error:
            raise Unanswered("cut off", f"the connection broke: {self.error.__class__.__name__}") from self.error
        data = bytes(self._bytes)
        self._bytes.clear()
        if not self.ended:
            self.transport.resume_reading()
        return data

    def write(self, data: bytes) -> None:
        """Send; a request is small, so nobody waits for it to be gone."""
        self.transport.write(data)

    def close(self) -> None:
        """End the connection at once, whatever is under way."""
        self.transport.abort()


def resolve_with(threads: Executor) -> Resolve:
    """The system's resolver on threads of our own: the loop's few would let six dead names hold up all others."""

    async def resolve(name: str, port: int) -> list[str]:
        loop = asyncio.get_running_loop()
        found = await loop.run_in_executor(
            threads, lambda: socket.getaddrinfo(name.encode("ascii"), port, type=socket.SOCK_STREAM)
        )
        return list(dict.fromkeys(str(address[0]) for *_, address in found))

    return resolve


@dataclass(frozen=True)
class Opener:
    """How connections are opened: with which resolver and certificates, and how long that may take."""

    resolve: Resolve
    certificates: Callable[[], ssl.SSLContext]
    seconds: float

    async def open(self, target: Target, allow_private: bool) -> Wire:
        """A connection to one of the target's addresses, judged here and now, so that no later look-up leads elsewhere.
        Raises Unanswered."""
        try:
            async with asyncio.timeout(self.seconds):
                return await self._connect(target, await self._allowed(target, allow_private), allow_private)
        except TimeoutError as error:
            raise Unanswered("not reachable", f"no connection in {self.seconds:g} s") from error
        except ssl.SSLCertVerificationError as error:
            raise Unanswered("certificate not trusted", error.verify_message) from error
        except ssl.SSLError as error:
            raise Unanswered("TLS failed", error.reason or str(error)) from error
        except ConnectionRefusedError as error:
            raise Unanswered("connection refused", f"{target.host} refuses connections") from error
        except ConnectionError as error:
            raise Unanswered("cut off", "the connection ended while it was being made") from error
        except OSError as error:
            raise Unanswered("not reachable", error.strerror or str(error)) from error

    async def _allowed(self, target: Target, allow_private: bool) -> list[str]:
        """The addresses that the target's host has and that may be connected to."""
        try:
            addresses = list(await self.resolve(target.name, target.port))
        except socket.gaierror as error:
            is_unknown = error.errno in (socket.EAI_NONAME, socket.EAI_NODATA)
            raise Unanswered("no such host" if is_unknown else "name not resolved", error.strerror) from error
        refusals = {address: refuse_address(address, allow_private) for address in addresses}
        allowed = [address for address, refusal in refusals.items() if refusal is None]
        if not allowed:
            raise Unanswered("private address" if refusals else "no such host", next(iter(refusals.values()), None))
        return allowed[:TRIED]

    async def _connect(self, target: Target, addresses: list[str], allow_private: bool) -> Wire:
        """Connect to the first address that answers: an earlier one may take a third of the time. Raises OSError."""
        loop = asyncio.get_running_loop()
        secured = self.certificates() if target.scheme == "https" else None
        named = target.name.rstrip(".") if secured else None
        for left in range(len(addresses) - 1, -1, -1):
            try:
                async with asyncio.timeout(self.seconds / 3 if left else None):
                    address = addresses[-1 - left]
                    _, wire = await loop.create_connection(
                        Wire, address, target.port, ssl=secured, server_hostname=named
                    )
                    break
            except ssl.SSLError:
                raise
            except OSError:
                if not left:
                    raise
        refusal = refuse_address(wire.transport.get_extra_info("peername")[0], allow_private)
        if refusal:
            wire.close()
            raise Unanswered("private address", refusal)
        return wire
