"""What collecting remembers between runs: pages, feeds, robots.txt, hosts to leave alone; an SQLite file of its own.

It is written after the archive and can be made again from it: losing it costs fetches, never articles. Instants are
seconds since 1970 (UTC).
"""

import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import closing
from pathlib import Path

import polars as pl

from flows.collect.archive import Archive, scan_raw
from flows.collect.raw_files import number_of, run_of
from flows.collect.remembered import Feed, Host, Known, Outcome, Page, Row, frame_outcomes
from flows.collect.urls import canonical_url, web_id
from flows.schema import stable_id

LOOK_AGAIN = 3600.0  # seconds until a page that a killed run had is asked for a change
CHUNK = 500  # SQLite takes so many parameters at once everywhere


TABLES: dict[str, tuple[type[tuple[object, ...]], str]] = {
    "pages": (Page, "key"),
    "feeds": (Feed, "url"),
    "robots": (Known, "origin"),
    "hosts": (Host, "host"),
    "outcomes": (Outcome, "run_id, source_name, input"),
}


def memory_path(data: Path) -> Path:
    """The file of a data folder."""
    return data / "work" / "collecting.sqlite"


class Memory:
    """A connection to the memory; a reader and a writer may work at the same time."""

    def __init__(self, path: Path) -> None:
        """Raises OSError where the file is no memory of ours; `newsledger doctor` sets it aside."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path = path
        self.con = sqlite3.connect(path, timeout=30.0, isolation_level=None)
        try:
            self.con.execute("PRAGMA journal_mode = WAL")
            self.con.execute("PRAGMA synchronous = NORMAL")
            for table, (shape, key) in TABLES.items():
                columns = ", ".join(_fields(shape))
                self.con.execute(f"CREATE TABLE IF NOT EXISTS {table} ({columns}, PRIMARY KEY ({key})) WITHOUT ROWID")
            self.con.execute("CREATE INDEX IF NOT EXISTS pages_due ON pages (source, due_at)")
            self.con.execute("CREATE INDEX IF NOT EXISTS pages_article ON pages (article_id)")
        except sqlite3.DatabaseError as error:
            self.con.close()
            raise OSError(f"{path}: {error}; `newsledger doctor` sets it aside, the archive stands for it") from error

    def close(self) -> None:
        """End the connection."""
        self.con.close()

    def damage(self) -> str | None:
        """What is wrong with the file; NULL where nothing is."""
        try:
            (told,) = self.con.execute("PRAGMA quick_check(1)").fetchone()
        except sqlite3.DatabaseError as error:
            return str(error)
        return None if told == "ok" else str(told)

    def pages(self, keys: Sequence[str]) -> dict[str, Page]:
        """Those of the pages that are known."""
        found: dict[str, Page] = {}
        for start in range(0, len(keys), CHUNK):
            some = keys[start : start + CHUNK]
            marks = ", ".join("?" * len(some))
            rows = self.con.execute(f"SELECT * FROM pages WHERE key IN ({marks})", some)
            found |= {row[0]: Page._make(row) for row in rows}
        return found

    def due_pages(self, source: str, now: float) -> list[Page]:
        """The pages of a source that are to be asked again, longest waiting first."""
        rows = self.con.execute("SELECT * FROM pages WHERE source = ? AND due_at <= ? ORDER BY due_at", [source, now])
        return [Page._make(row) for row in rows]

    def feed(self, url: str) -> Feed | None:
        """What is known of a feed or a sitemap."""
        row = self.con.execute("SELECT * FROM feeds WHERE url = ?", [url]).fetchone()
        return Feed._make(row) if row else None

    def robots(self, since: float) -> list[Known]:
        """Every robots.txt that was had since then."""
        return [Known._make(row) for row in self.con.execute("SELECT * FROM robots WHERE fetched_at >= ?", [since])]

    def hosts(self, now: float) -> list[Host]:
        """Hosts that asked to be left alone."""
        return [Host._make(row) for row in self.con.execute("SELECT * FROM hosts WHERE not_before > ?", [now])]

    def keep(self, rows: Iterable[Row]) -> None:
        """Remember rows, all or none. An address that has its outcome of a run keeps it."""
        tables = {shape: table for table, (shape, _) in TABLES.items()}
        self.con.execute("BEGIN IMMEDIATE")
        for row in rows:
            table = tables[type(row)]
            word = "IGNORE" if table == "outcomes" else "REPLACE"
            self.con.execute(f"INSERT OR {word} INTO {table} VALUES ({', '.join('?' * len(row))})", row)
        self.con.execute("COMMIT")

    def outcomes(self) -> pl.DataFrame:
        """FETCHES: what no run has loaded yet."""
        rows = self.con.execute("SELECT * FROM outcomes ORDER BY run_id, source_name, input")
        return frame_outcomes([Outcome._make(row) for row in rows])

    def drop_outcomes(self) -> None:
        """The outcomes stand in the ledger now."""
        self.con.execute("DELETE FROM outcomes")

    def absorb(self, archive: Archive) -> None:
        """Learn what a killed run archived and did not get to remember, or all of it where the memory is new."""
        last = self.seen_until()
        for file in archive.files():
            if number_of(file) > last:
                self.keep(_told_by(file, self.pages))
                self.see_until(number_of(file))

    def seen_until(self) -> int:
        """The number of the last archive file whose pages are remembered."""
        row = self.con.execute("PRAGMA user_version").fetchone()
        return int(row[0])

    def see_until(self, number: int) -> None:
        """Say up to which archive file the pages are remembered."""
        self.con.execute(f"PRAGMA user_version = {number}")


def open_memory(data: Path, archive: Archive, is_needed: bool) -> Memory | None:
    """The memory of a data folder, knowing all that is archived; NULL where none is needed and none is there."""
    path = memory_path(data)
    if not is_needed and not path.exists():
        return None
    memory = Memory(path)
    memory.absorb(archive)
    return memory


def forget_pages(data: Path, article_ids: Collection[str]) -> None:
    """Let the memory of a data folder know nothing of some articles' addresses, in the file's free pages neither."""
    if not memory_path(data).exists():
        return
    with closing(Memory(memory_path(data))) as memory:
        con = memory.con
        pages = con.execute("SELECT key, article_id FROM pages").fetchall()
        of_them = [key for key, held in pages if held in article_ids or stable_id("art", key) in article_ids]
        urls = con.execute("SELECT input, final_url FROM outcomes").fetchall()
        told = {url for row in urls for url in row if url and web_id(url) in article_ids}
        con.execute("BEGIN IMMEDIATE")
        con.executemany("DELETE FROM pages WHERE key = ?", [(key,) for key in of_them])
        con.executemany("DELETE FROM outcomes WHERE ? IN (input, final_url)", [(url,) for url in told])
        con.execute("COMMIT")
        con.execute("VACUUM")
        con.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def drop_loaded(data: Path) -> None:
    """Forget the outcomes that a run has loaded."""
    if memory_path(data).exists():
        with closing(Memory(memory_path(data))) as memory:
            memory.drop_outcomes()


def _told_by(file: Path, known: Callable[[Sequence[str]], dict[str, Page]]) -> Iterator[Page | Outcome]:
    """The pages of an archive file, each with its outcome in the run that archived it."""
    of_pages = pl.col("article_id").is_not_null() & pl.col("url").is_not_null() & pl.col("status").is_not_null()
    rows = scan_raw([file]).drop("body", "kind", "publisher", "body_in").filter(of_pages).collect()
    for row in rows.iter_rows(named=True):
        headers = {one["name"].lower(): one["value"] for one in row["headers"] or []}
        asked, at = row["asked_at"].timestamp(), row["fetched_at"].timestamp()
        for url in dict.fromkeys((row["url"], row["final_url"])):
            key = canonical_url(url)
            before = known([key]).get(key)
            yield Page(
                key,
                url,
                row["source_name"],
                "held",
                row["article_id"],
                row["listed_by"],
                row["listed_title"],
                row["listed_published"],
                row["listed_published_at"].timestamp() if row["listed_published_at"] else None,
                row["listed_publisher"],
                listed_updated=before.listed_updated if before else None,
                etag=headers.get("etag"),
                last_modified=headers.get("last-modified"),
                raw_sha256=row["raw_sha256"],
                checked_at=at,
                full_at=at,
                changed_at=at,
                due_at=at + LOOK_AGAIN,
            )
        yield Outcome(
            row["run_id"] or run_of(file) or file.stem,
            row["source_name"],
            row["url"],
            "new",
            "good",
            at,
            1,
            final_url=row["final_url"],
            status=row["status"],
            seconds=at - asked,
        )


def _fields(shape: type) -> tuple[str, ...]:
    fields: tuple[str, ...] = shape._fields  # type: ignore[attr-defined]
    return fields
