"""The members of a gzip body, unpacked up to where they break: a feed's or a sitemap's, read or looked through."""

import zlib

GZIP = b"\x1f\x8b"
MOST_MEMBERS, CHUNK = 1000, 65536  # members of a gzip body; bytes of it that are unpacked at once


def unpack_members(body: bytes, limit: int) -> tuple[bytes, str | None]:
    """What the members of a gzip body hold, and what is wrong with them (NULL: nothing). Past `limit` bytes it stops,
    with more than `limit` bytes in hand; a body that is not packed stays as it is."""
    if not body.startswith(GZIP):
        return body, None
    view, at, parts, n_bytes = memoryview(body), 0, list[bytes](), 0
    for _ in range(MOST_MEMBERS):
        if bytes(view[at : at + 2]) != GZIP:
            return b"".join(parts), None
        member = zlib.decompressobj(31)
        while not member.eof:
            chunk = view[at : at + CHUNK]
            if not chunk:
                return b"".join(parts), "gzip cut short"
            try:
                parts.append(member.decompress(chunk, limit + 1 - n_bytes))
            except zlib.error as error:
                return b"".join(parts), f"broken gzip: {error}"
            n_bytes += len(parts[-1])
            if n_bytes > limit:
                return b"".join(parts), None
            at += len(chunk) - len(member.unused_data)
    return b"".join(parts), f"more than {MOST_MEMBERS} gzip members"
