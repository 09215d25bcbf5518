"""A file's bytes without its gzip, in one direction, past what is damaged: what a WARC is read from."""

import re
import zlib
from collections import deque
from pathlib import Path

GZIP = b"\x1f\x8b\x08"
CHUNK = 1 << 17
WINDOW = 4 << 20  # bytes behind the reader that can be looked at again, when a record's length proves wrong


class Unpacked:
    """A file object for FastWARC: `read` and `tell`, in bytes without gzip (members, or one for the whole file).

    FastWARC alone ends without a word where gzip is cut short, and reads on over the edge of a broken member. Here a
    break is the end of what is read, `flaws` says where it was, and `next_record` goes on behind it."""

    def __init__(self, path: Path) -> None:
        self.file = path.open("rb")
        self.flaws: list[str] = []
        self.n_flaws = 0
        self.offset = 0  # of the next byte that is read
        self.is_broken = False
        self._packed = self.file.read(CHUNK)
        self._is_gzip = self._packed.startswith(GZIP)
        self._member: zlib._Decompress | None = None
        self._ahead = b""
        self._behind: deque[bytes] = deque()
        self._n_behind = 0

    def close(self) -> None:
        """Let go of the file."""
        self.file.close()

    def tell(self) -> int:
        """How many bytes were read."""
        return self.offset

    def note(self, flaw: str) -> None:
        """Something is wrong; the first three are kept, all are counted."""
        self.n_flaws += 1
        if len(self.flaws) < 3:
            self.flaws.append(flaw)

    def read(self, size: int = CHUNK) -> bytes:
        """Up to `size` bytes; none at the end and at a break."""
        if self._ahead:
            data, self._ahead = self._ahead[:size], self._ahead[size:]
        elif self.is_broken:
            return b""
        else:
            data = self._unpack(size) if self._is_gzip else self._take(size)
        self.offset += len(data)
        self._behind.append(data)
        self._n_behind += len(data)
        while self._n_behind - len(self._behind[0]) > WINDOW:
            self._n_behind -= len(self._behind.popleft())
        return data

    def next_record(self, after: int) -> bool:
        """Go to the next record that begins behind `after` (an offset as `tell` gives it); False where none does."""
        behind = b"".join(self._behind)
        self._behind.clear()
        self._n_behind = 0
        start = self.offset - len(behind)
        behind = behind[max(0, after - start) :]
        self.offset -= len(behind)
        self._ahead = behind + self._ahead
        while True:
            if found := re.search(rb"(?:^|\n)WARC/[01]\.", self._ahead):
                skipped = found.end() - len("WARC/1.")
                self._ahead = self._ahead[skipped:]
                self.offset += skipped
                return True
            skipped = max(0, len(self._ahead) - 8)
            self.offset += skipped
            self.is_broken = False
            more = self._unpack(CHUNK) if self._is_gzip else self._take(CHUNK)
            self._ahead = self._ahead[skipped:] + more
            if not more and not self.is_broken:
                return False

    def _at(self) -> int:
        """How far the file itself is read."""
        return self.file.tell() - len(self._packed)

    def _take(self, size: int) -> bytes:
        data, self._packed = self._packed[:size], self._packed[size:]
        return data or self.file.read(size)

    def _unpack(self, size: int) -> bytes:
        """What comes next of the members; nothing at the end and, with `is_broken`, at a break."""
        while True:
            self._packed = self._packed or self.file.read(CHUNK)
            if not self._packed:
                if self._member is not None:
                    self.note(f"gzip is cut short at byte {self._at()}")
                    self._member = None
                return b""
            if self._member is None and not self._find_member():
                return b""
            assert self._member
            try:
                data = self._member.decompress(self._packed, size)
            except zlib.error:
                self.note(f"gzip is damaged about byte {self._at()}")
                self._member, self._packed, self.is_broken = None, self._packed[1:], True
                return b""
            self._packed = self._member.unconsumed_tail or self._member.unused_data
            if self._member.eof:
                self._member = None
            if data:
                return data

    def _find_member(self) -> bool:
        """Begin the next member; False at a break (what stands before it is no gzip) and at the end."""
        if len(self._packed) < len(GZIP):
            self._packed += self.file.read(CHUNK)
        if self._packed.startswith(GZIP):
            self._member = zlib.decompressobj(31)
            return True
        if not self.is_broken and self._packed.strip(b"\0"):
            self.note(f"no gzip at byte {self._at()}")
            self.is_broken = True
        while self._packed:
            if (at := self._packed.find(GZIP)) >= 0:
                self._packed = self._packed[at:]
                return False
            self._packed = self._packed[-2:] if (more := self.file.read(CHUNK)) else b""
            self._packed += more
        return False
