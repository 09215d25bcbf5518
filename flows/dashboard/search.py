"""Search: an index of the words of titles and texts, kept up beside the data while the dashboard runs.

DuckDB's full-text search is an extension that must be fetched, and reading 100,000 texts takes seconds, so the index is
SQLite's (FTS5). It holds words and where they stand, no texts. It follows from the publication alone: it is made again
where it is gone or torn, and where it knows an article that is published no more, so that nothing forgotten stays in
it. A kill loses the batch at hand; several dashboards share it.
"""

import logging
import os
import re
import secrets
import shutil
import sqlite3
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, closing, suppress
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import duckdb

from flows.sources import UsageError
from flows.warehouse.file import LedgerError
from flows.warehouse.publish import search_folder

MOST = 5_000  # articles that a search finds
LONGEST = 300  # characters of a search
PATIENCE = 2.0  # seconds that one may take
BATCH = 4_000  # articles added at a time, about a second's work
EVERY = 2.0  # seconds between two looks at what is published
STALE = 0.25  # part of the index that may be words of texts that have changed since
NAME = "words-1-"  # of its file; another number where SCHEMA is another one
SCHEMA = """
PRAGMA journal_mode = wal;
CREATE TABLE docs (doc INTEGER PRIMARY KEY AUTOINCREMENT, article_id TEXT NOT NULL UNIQUE, mark INTEGER NOT NULL);
CREATE VIRTUAL TABLE words USING fts5 (
  title, text, content = '', columnsize = 0, tokenize = 'unicode61 remove_diacritics 2'
);
"""
# `mark` is another number where the text may be another one.
PUBLISHED = """
SELECT article_id, (hash(revision, raw_sha256, rules_version) >> 1)::BIGINT AS mark
FROM articles ORDER BY coalesce(published_at, first_seen_at), article_id
"""
# A list of thousands takes a second to bind, a text of them none.
TEXTS = """
SELECT article_id, coalesce(title, ''), text FROM articles WHERE article_id IN (SELECT unnest(string_split(?, ' ')))
ORDER BY coalesce(published_at, first_seen_at), article_id
"""
PARTS = re.compile(r'-*"[^"]*"?\*?|[^\s"]+')
FAULTS = (OSError, sqlite3.Error, duckdb.Error, LedgerError)
Opened = Callable[[], AbstractContextManager[duckdb.DuckDBPyConnection]]
log = logging.getLogger("newsledger.dashboard")


class Found(NamedTuple):
    """What a search found: the articles, those that came last first, and whether there are more (is_capped); of how
    many articles of a publication the index knows the words (NULL: it has not looked at any yet)."""

    article_ids: list[str]
    is_capped: bool
    publication_no: int | None
    n_indexed: int
    n_articles: int


class Search:
    """The index over what a data folder publishes; `opened` gives a connection to the newest publication. It lies in
    the data folder, or where that cannot be written in a temporary one that goes with the dashboard."""

    def __init__(self, data: Path, opened: Opened) -> None:
        self._opened = opened
        self._folder = search_folder(data)
        self._is_own = not os.access(self._folder.parent, os.W_OK)
        if self._is_own:
            self._folder = Path(tempfile.mkdtemp(prefix="newsledger-search-"))
        self._waiting: dict[str, int] = {}  # articles that are to be added, with their marks
        self._waits_for: object = None  # the index and the publication that say so
        self._publication_no: int | None = None
        self._n_articles = 0
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._keep_up, name="search", daemon=True)

    def start(self) -> None:
        """Begin to keep the index up, in a thread of its own."""
        self._thread.start()

    def close(self) -> None:
        """Stop after the batch at hand."""
        self._stopped.set()
        if self._thread.is_alive():
            self._thread.join()
        if self._is_own:
            shutil.rmtree(self._folder, ignore_errors=True)

    def find(self, wanted: str) -> Found:
        """Articles whose title or text has all that is wanted: words, "phrases", beginnings (word*), and nothing that
        has a - before it. Case and accents do not matter. What takes too long is cut short (is_capped). Raises
        UsageError for a search without a word."""
        match, found, is_cut = as_match(wanted), list[str](), False
        until = time.monotonic() + PATIENCE
        try:
            with closing(_connect(self._file())) as index:
                index.set_progress_handler(lambda: time.monotonic() > until, 10_000)
                for (one,) in index.execute(
                    "SELECT article_id FROM words JOIN docs ON doc = words.rowid WHERE words MATCH ? "
                    "ORDER BY words.rowid DESC LIMIT ?",
                    [match, MOST + 1],
                ):
                    found.append(one)
        except FAULTS as error:
            is_cut = "interrupted" in str(error)
            if not is_cut:
                log.warning("search: %s", error)
        known = self._n_articles - len(self._waiting)
        return Found(found[:MOST], is_cut or len(found) > MOST, self._publication_no, known, self._n_articles)

    def step(self) -> bool:
        """Add a batch of what is published and not in the index yet; whether there is more to do."""
        file = self._file()
        try:
            with closing(_connect(file)) as index:
                # The write lock comes first: what other dashboards put in is of this publication or an older one.
                index.execute("BEGIN IMMEDIATE")
                is_sound = self._add(index, file)
                index.execute("COMMIT")
        except BaseException as error:
            self._waits_for = None  # what waits is found anew
            if isinstance(error, sqlite3.OperationalError) or not isinstance(error, sqlite3.DatabaseError):
                raise  # a full disk, another writer that takes long: the index is sound
            is_sound = False
        if not is_sound:
            self._waits_for = None
            _remove(file)
        return not is_sound or bool(self._waiting)

    def _add(self, index: sqlite3.Connection, file: Path) -> bool:
        """Add a batch; false where the index must be made again."""
        with self._opened() as con:
            (edition,) = con.execute("FROM publications ORDER BY publication_no DESC LIMIT 1").fetchall()
            if self._waits_for != (file, edition):
                published = dict(con.execute(PUBLISHED).fetchall())
                there = dict(index.execute("SELECT article_id, mark FROM docs").fetchall())
                (n_ever,) = index.execute("SELECT coalesce(max(doc), 0) FROM docs").fetchone()
                if there.keys() - published.keys() or n_ever - len(there) > STALE * n_ever + BATCH:
                    return False
                self._waiting = {one: mark for one, mark in published.items() if there.get(one) != mark}
                self._waits_for, self._n_articles = (file, edition), len(published)
                self._publication_no = edition[0]
            batch = dict(islice(self._waiting.items(), BATCH))
            texts = con.execute(TEXTS, [" ".join(batch)]).fetchall() if batch else []
        for article_id, title, text in texts:
            # SQLite's numbers of rows only grow, so that what came last is found first; words of an older text stay,
            # and stand for no article.
            index.execute("DELETE FROM docs WHERE article_id = ?", [article_id])
            row = index.execute("INSERT INTO docs (article_id, mark) VALUES (?, ?)", [article_id, batch[article_id]])
            index.execute("INSERT INTO words (rowid, title, text) VALUES (?, ?, ?)", [row.lastrowid, title, text])
        self._waiting = {one: mark for one, mark in self._waiting.items() if one not in batch}
        return True

    def _keep_up(self) -> None:
        """Add what is published until it is enough; what fails is tried again."""
        with suppress(OSError):  # on Linux a thread has a priority of its own: readers come first
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), 10)
        told = ""
        while not self._stopped.is_set():
            try:
                is_more, told = self.step(), ""
            except (*FAULTS, UsageError) as error:  # nothing may be published yet
                if told != str(error):
                    told = str(error)
                    log.warning("search: %s", told)
                is_more = False
            if not is_more:
                self._stopped.wait(EVERY)

    def _file(self) -> Path:
        """The index that stands, or a new one: a whole file under a name that no other had, since a file that is gone
        from under somebody must not share its log with the next."""
        files = sorted(self._folder.glob(f"{NAME}*.sqlite"))
        for other in self._folder.glob("*"):
            if files and not other.name.startswith((files[0].name, "new-")):
                other.unlink(missing_ok=True)
        if files:
            return files[0]
        self._folder.mkdir(exist_ok=True)
        name = secrets.token_hex(8)
        part = self._folder / f"new-{name}"
        with closing(_connect(part)) as con:
            con.executescript(SCHEMA)
        return part.rename(self._folder / f"{NAME}{name}.sqlite")


def as_match(wanted: str) -> str:
    """A search as the index is asked; no text can be wrong there. Raises UsageError where it names no word."""
    if len(wanted) > LONGEST:
        raise UsageError(f"q: longer than {LONGEST} characters; a few words will do")
    asked: dict[bool, list[str]] = {False: [], True: []}
    for part in PARTS.findall(wanted.encode("utf-8", "replace").decode().replace("\0", " ")):
        body = part.strip('-"*')
        n_letters = sum(letter.isalnum() for letter in body)
        if n_letters:
            is_beginning = part.endswith("*") and n_letters > 1
            asked[part.startswith("-")].append(f'"{body}"' + " *" * is_beginning)
    if not asked[False]:
        raise UsageError('q: name a word to look for; with - before it a word is left out, "..." is a phrase')
    return " NOT ".join([" ".join(asked[False]), *asked[True]])


def _connect(file: Path) -> sqlite3.Connection:
    return sqlite3.connect(file, timeout=30.0, isolation_level=None)


def _remove(file: Path) -> None:
    for one in file.parent.glob(f"{file.name}*"):
        one.unlink(missing_ok=True)
