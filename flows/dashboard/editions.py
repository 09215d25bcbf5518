"""The publication that the pages show: the newest one, opened once and read by all.

A newer one is opened as soon as somebody asks for a page; whoever reads the older one reads it to the end.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import duckdb

from flows.warehouse.file import LedgerError, published_path
from flows.warehouse.read import Row, nothing_published, open_file

CACHED_BYTES = 64_000_000


class Edition:
    """A publication that is open: `key` names it, `data` is its folder, `con` a cursor of the reader's own."""

    def __init__(self, data: Path, path: Path, key: str) -> None:
        self.data, self.path, self.key = data, path, key
        self.n_readers = 0
        self.pages = Pages()
        self._once: dict[str, Row] = {}
        self._stack = ExitStack()
        self._opened = self._stack.enter_context(open_file(path))

    @contextmanager
    def cursor(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A connection of its own for a page: one connection answers one question at a time."""
        with self._opened.cursor() as con:
            con.execute("SET TimeZone = 'UTC'")
            yield con

    def once(self, name: str, make: Callable[[], Row]) -> Row:
        """What is worked out once for all pages of this edition."""
        if name not in self._once:
            self._once[name] = make()
        return self._once[name]

    def close(self) -> None:
        """Let the file go."""
        self._stack.close()


class Pages:
    """Answers worked out from an edition, which never changes, by address; the longest unread are dropped first."""

    def __init__(self, most: int = CACHED_BYTES) -> None:
        self._most = most
        self._kept: OrderedDict[str, bytes] = OrderedDict()
        self._n_bytes = 0
        self._lock = threading.Lock()

    def get(self, address: str) -> bytes | None:
        """The answer that is kept; NULL: none is."""
        with self._lock:
            if address in self._kept:
                self._kept.move_to_end(address)
            return self._kept.get(address)

    def put(self, address: str, body: bytes) -> None:
        """Keep an answer."""
        with self._lock:
            self._n_bytes += len(body) - len(self._kept.pop(address, b""))
            self._kept[address] = body
            while self._n_bytes > self._most:
                self._n_bytes -= len(self._kept.popitem(last=False)[1])


class Editions:
    """What is published in a data folder, at any time."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self._current: Edition | None = None
        self._idle = threading.Condition()

    @contextmanager
    def read(self) -> Iterator[Edition]:
        """The newest publication. Raises LedgerError where nothing is published yet or the file cannot be read."""
        with self._idle:
            edition = self._newest()
            edition.n_readers += 1
        try:
            yield edition
        finally:
            with self._idle:
                edition.n_readers -= 1
                if edition.n_readers == 0:
                    self._idle.notify_all()
                    if edition is not self._current:
                        edition.close()

    @contextmanager
    def cursor(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A connection to the newest publication. Raises as `read` does."""
        with self.read() as edition, edition.cursor() as con:
            yield con

    def close(self) -> None:
        """Let the file go that nobody reads any more."""
        with self._idle:
            if self._current and self._current.n_readers == 0:
                self._current.close()
            self._current = None

    def _newest(self) -> Edition:
        path, key = _published(self.data)
        current = self._current
        if current and current.key == key:
            return current
        if current and current.path == path:
            # DuckDB gives a path that is still open its old file: a lone news.duckdb waits for its readers.
            self._idle.wait_for(lambda: current.n_readers == 0 or self._current is not current)
            if self._current is not current:
                return self._newest()
            current.close()
            self._current = None
        edition = Edition(self.data, path, key)
        if self._current and self._current.n_readers == 0:
            self._current.close()
        self._current = edition
        return edition


def _published(data: Path) -> tuple[Path, str]:
    """The file of the newest publication, under the name that is its own where it has one, and what tells it from
    others."""
    news = published_path(data)
    try:
        found = news.stat()
    except FileNotFoundError as error:
        raise LedgerError(nothing_published(news)) from error
    key = f"{found.st_ino}-{found.st_mtime_ns}"
    for file in sorted((data / "publications").glob("news-*.duckdb"), reverse=True)[:3]:
        with suppress(FileNotFoundError):  # a run has just published and dropped it
            if file.stat().st_ino == found.st_ino:
                return file.resolve(), key
    return news.resolve(), key
