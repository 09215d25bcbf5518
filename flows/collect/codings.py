"""A page's body without what its transfer added: chunks and compression, up to a limit."""

import io
import re
import zlib
from typing import Protocol

from fastwarc.stream_io import BrotliReader, ZstdReader

LOOKS_LIKE_HTML = re.compile(rb"\s*(?:(?><!--.*?-->)\s*)*+<(?:!doctype html|html|head|body)\b", re.I | re.S)
READERS: dict[str, type[BrotliReader] | type[ZstdReader]] = {"br": BrotliReader, "zstd": ZstdReader}
CHUNK_SIZE = re.compile(rb"[ \t]*([0-9A-Fa-f]{1,15})[ \t]*(?:;[^\n]*)?\r?\n")


class BodyReader(Protocol):
    """What FastWARC reads a body with."""

    def read(self, size: int, /) -> bytes: ...


class NoPage(Exception):
    """A record that is no page: why, in few words that group it with others, and the particulars."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(reason, detail)
        self.reason, self.detail = reason, detail


def decoded(body: bytes, transfer: str, content: str, max_page: int) -> bytes:
    """The body without chunks and compression, as its Transfer-Encoding and Content-Encoding name them; one that a
    crawler has decoded already stays. Raises NoPage: broken, empty, or more than `max_page` bytes."""
    if "chunked" in transfer.lower():
        body = _without_chunks(body)
    for coding in reversed(content.lower().split(",")):
        body = _unpacked(body, coding.strip(), max_page)
        if len(body) > max_page:
            raise NoPage("too large", f"more than {max_page} bytes unpacked")
    if not body.strip():
        raise NoPage("empty body", "nothing but blanks")
    return body


def _unpacked(body: bytes, coding: str, max_page: int) -> bytes:
    try:
        if coding in ("gzip", "x-gzip") and body.startswith(b"\x1f\x8b"):
            return _inflated(body, 31, max_page + 1)
        if coding == "deflate" and body and not LOOKS_LIKE_HTML.match(body):
            is_wrapped = body[0] & 15 == 8 and int.from_bytes(body[:2]) % 31 == 0  # RFC 1950; many send RFC 1951
            return _inflated(body, 15 if is_wrapped else -15, max_page + 1)
        if coding in READERS and not LOOKS_LIKE_HTML.match(body):
            return read_whole(READERS[coding](io.BytesIO(body)), max_page + 1)
    except (zlib.error, OSError) as error:
        raise NoPage("cannot be unpacked", f"{coding}: {error}") from error
    if coding in ("", "identity", "gzip", "x-gzip", "deflate", *READERS):
        return body
    raise NoPage("cannot be unpacked", f"'{coding}' is no compression that is read")


def _inflated(body: bytes, wbits: int, most: int) -> bytes:
    """Up to `most` bytes of what zlib unpacks. Raises NoPage where it ends before its end."""
    packed = zlib.decompressobj(wbits)
    page = packed.decompress(body, most)
    if not packed.eof and len(page) < most and not page.rstrip().lower().endswith(b"</html>"):
        raise NoPage("cut short", f"its compression breaks off after {len(page)} bytes")
    return page


def read_whole(reader: BodyReader, most: int) -> bytes:
    """All that a reader gives, `most` bytes of it; one call may give less."""
    parts, left = [], most
    while left and (part := reader.read(left)):
        parts.append(part)
        left -= len(part)
    return b"".join(parts)


def _without_chunks(body: bytes) -> bytes:
    """A chunked body put together, as far as its chunks go; one that does not begin with a chunk stays as it is."""
    parts: list[bytes] = []
    at = 0
    while (size := CHUNK_SIZE.match(body, at)) and int(size[1], 16):
        at = size.end() + int(size[1], 16)
        parts.append(body[size.end() : at])
        at += 2 if body[at : at + 2] == b"\r\n" else 1
    return b"".join(parts) if parts or size else body
