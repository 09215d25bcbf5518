"""Bodies: which content types are taken, how much of them, and how they are unpacked without growing beyond that."""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from flows.collect.fetch.answer import Headers, Unanswered, header

Accept = Literal["page", "listing", "any"]
ACCEPTED = {
    "page": b"text/html, application/xhtml+xml, text/plain;q=0.8",
    "listing": b"application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, */*;q=0.5",
    "any": b"*/*",
}
PAGE_TYPES = ("text/html", "application/xhtml+xml", "text/plain")
# No feed and no sitemap is ever sent as one of these; all others are tried, for feeds go by many false names.
NO_LISTING = ("image/", "audio/", "video/", "font/", "model/", "application/pdf", "application/zip")
MAGIC = {
    b"%PDF": "a PDF",
    b"\x89PNG": "an image",
    b"GIF8": "an image",
    b"\xff\xd8\xff": "an image",
    b"RIFF": "an image or a sound",
    b"PK\x03\x04": "an archive",
    b"\x1f\x8b": "packed once more than it says",
}
STEP = 256 * 1024  # bytes that unpacking yields at once
MAX_ENCODINGS = 2


@dataclass(frozen=True)
class Limits:
    """What is taken of a body: bytes on the wire and unpacked; `is_cut`: the first ones are enough."""

    wire: int
    unpacked: int
    is_cut: bool = False


def check_type(accept: Accept, headers: Headers) -> None:
    """Before the body comes. Raises Unanswered (not a page, not a listing)."""
    told = (header(headers, "content-type") or "").partition(";")[0].strip().lower()
    if accept == "page" and told and told not in PAGE_TYPES:
        raise Unanswered("not a page", f"its content type is {told[:100]}")
    if accept == "listing" and told.startswith(NO_LISTING):
        raise Unanswered("not a listing", f"its content type is {told[:100]}")


def check_body(accept: Accept, headers: Headers, body: bytes) -> None:
    """By the body itself, whose type may be missing or wrong. Raises Unanswered (empty, not a page)."""
    if not body.strip():
        raise Unanswered("empty", f"{len(body)} bytes and no text" if body else "no byte of a body came")
    if accept == "page":
        start = body[:512].removeprefix(b"\xef\xbb\xbf").lstrip()
        if found := next((what for magic, what in MAGIC.items() if start.startswith(magic)), None):
            raise Unanswered("not a page", f"it begins as {found}, whatever its type says")
        if not header(headers, "content-type") and not start.startswith(b"<"):
            raise Unanswered("not a page", "it states no content type and does not begin as markup")


class Body:
    """A body as it comes in: limits kept, unpacked as its headers say. `feed` it what comes, then `end` it."""

    def __init__(self, headers: Headers, limits: Limits) -> None:
        """Raises Unanswered (broken encoding, too large) for what the headers alone say."""
        stated = ",".join(value for name, value in headers if name == "content-encoding").lower().split(",")
        packed = [one.strip() for one in stated if one.strip() not in ("", "identity")]
        if len(packed) > MAX_ENCODINGS or set(packed) - {"gzip", "x-gzip", "deflate"}:
            raise Unanswered("broken encoding", f"packed as {', '.join(packed)[:100]}; gzip and deflate were asked for")
        length = header(headers, "content-length") or ""
        if length.isdecimal() and int(length) > limits.wire and not limits.is_cut:
            raise Unanswered("too large", f"{int(length):,} bytes; {limits.wire:,} are taken")
        self._limits = limits
        self._stages = [_Unpacking(one) for one in reversed(packed)]
        self._parts: list[bytes] = []
        self._came = self._size = 0

    def feed(self, data: bytes) -> bool:
        """Take what came; False: it is enough. Raises Unanswered (too large, unpacks too large, broken encoding)."""
        self._came += len(data)
        if self._came > self._limits.wire and not self._limits.is_cut:
            raise Unanswered("too large", f"more than {self._limits.wire:,} bytes came")
        for part in self._unpack(data, 0):
            self._size += len(part)
            self._parts.append(part)
            if self._size > self._limits.unpacked and not self._limits.is_cut:
                detail = f"{self._came:,} bytes unpack to more than {self._limits.unpacked:,}"
                raise Unanswered("unpacks too large", detail)
            if self._size > self._limits.unpacked:
                return False
        return self._came <= self._limits.wire

    def _unpack(self, data: bytes, stage: int) -> Iterator[bytes]:
        if stage == len(self._stages):
            yield data
            return
        for part in self._stages[stage].feed(data):
            yield from self._unpack(part, stage + 1)

    def end(self) -> bytes:
        """The whole body. Raises Unanswered (broken encoding) where what is packed ends too early."""
        if self._came and not self._limits.is_cut and not all(stage.is_whole for stage in self._stages):
            raise Unanswered("broken encoding", "what is packed ends in the middle")
        return b"".join(self._parts)[: self._limits.unpacked]


class _Unpacking:
    """gzip (members one after the other) or deflate (with zlib's frame or raw), step by step."""

    def __init__(self, encoding: str) -> None:
        self._is_gzip = encoding != "deflate"
        self._unpacker = zlib.decompressobj(31) if self._is_gzip else None
        self._start = b""

    @property
    def is_whole(self) -> bool:
        """Whether it came to its end."""
        return self._unpacker is not None and self._unpacker.eof

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Steps of what `data` unpacks to. Raises Unanswered (broken encoding)."""
        try:
            while data:
                if self._unpacker is None:
                    self._start, data = self._start + data, b""
                    if len(self._start) < 2:
                        return
                    # RFC 9110 means zlib's frame; some send deflate raw: told apart by the frame's check bits
                    has_frame = self._start[0] & 15 == 8 and int.from_bytes(self._start[:2], "big") % 31 == 0
                    self._unpacker = zlib.decompressobj(15 if has_frame else -15)
                    data = self._start
                if self._unpacker.eof:
                    if not self._is_gzip or not data.startswith(b"\x1f"):
                        return  # padding behind the end: every reader of gzip passes over it
                    self._unpacker = zlib.decompressobj(31)
                if part := self._unpacker.decompress(data, STEP):
                    yield part
                data = self._unpacker.unconsumed_tail or self._unpacker.unused_data
        except zlib.error as error:
            raise Unanswered("broken encoding", str(error)) from error
