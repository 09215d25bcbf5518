"""What linking reads of the ledger: the articles as they stand, and what their current revisions state."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import duckdb
import polars as pl

from flows.warehouse.file import bound_memory, open_ledger
from flows.warehouse.schema import meta

IDS = pl.Schema({"article_id": pl.String})
EACH_MEGABYTES = 300  # for the ledger and for the index, beside the frames that are compared


def standing(con: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """`article_id`, `raw` (a number for its `raw_sha256`) of every article as it stands."""
    return con.sql(
        "SELECT article_id, hash(raw_sha256) AS raw "
        "FROM revisions SEMI JOIN current_revisions USING (article_id, revision)"
    ).pl()


def links_no(con: duckdb.DuckDBPyConnection) -> int:
    """How often links were loaded."""
    return int(meta(con, "links_no") or 0)


def story_mates(con: duckdb.DuckDBPyConnection, ids: pl.Series) -> pl.Series:
    """The articles that stand in one story with some, as links were loaded last."""
    with registered(con, asked=ids.to_frame("article_id")):
        return con.sql(
            "SELECT article_id FROM story_articles WHERE story_id IN "
            "(SELECT story_id FROM story_articles SEMI JOIN asked USING (article_id))"
        ).pl()["article_id"]


@contextmanager
def registered(con: duckdb.DuckDBPyConnection, **frames: pl.DataFrame) -> Iterator[None]:
    """Let SQL name frames."""
    for name, frame in frames.items():
        con.register(name, frame)
    yield
    for name in frames:
        con.unregister(name)


@contextmanager
def look_into(ledger: str) -> Iterator[duckdb.DuckDBPyConnection]:
    """The ledger for readers: several processes may have it open at the same time."""
    with open_ledger(Path(), Path(ledger), only_read=True) as con:
        bound_memory(con, megabytes=EACH_MEGABYTES)
        yield con


class Current:
    """What current revisions tell, read when it is asked for."""

    def __init__(self, con: duckdb.DuckDBPyConnection) -> None:
        self.con = con

    def standing(self, ids: Sequence[str], opening: int) -> pl.DataFrame:
        """`article_id`, `title`, `opening` (so many characters of the text), `length` of it in characters, `origin`,
        `published_at`, in the order of ids."""
        given = f"article_id, title, left(text, {opening}) AS opening, length(text) AS length, origin, published_at"
        return self._read(given, "revisions", ids)

    def texts(self, ids: Sequence[str]) -> pl.DataFrame:
        """`article_id`, `raw_sha256`, `title`, `text`, `language`, `origin`, `publisher`, `published_at`."""
        given = "article_id, raw_sha256, title, text, language, origin, publisher, published_at"
        return self._read(given, "revisions", ids)

    def facts(self, ids: Sequence[str]) -> tuple[pl.DataFrame, pl.DataFrame]:
        """LOCAL_EVENTS without `raw_sha256`, and COUNTS."""
        return self._read("*", "local_events", ids, "event_no"), self._read("*", "stated_counts", ids, "count_id")

    def mentions(self, ids: Sequence[str]) -> pl.DataFrame:
        """MENTIONS."""
        return self._read("*", "stated_mentions", ids, "char_start, type")

    def _read(self, given: str, table: str, ids: Sequence[str], order: str = "") -> pl.DataFrame:
        with registered(self.con, asked=pl.DataFrame({"article_id": ids}, schema=IDS)):
            return self.con.sql(
                f"SELECT {given} FROM {table} SEMI JOIN (FROM current_revisions SEMI JOIN asked USING (article_id)) "
                f"USING (article_id, revision) ORDER BY {', '.join(filter(None, ['article_id', order]))}"
            ).pl()


class Held:
    """What current revisions of some articles tell, read once: each reading goes over the whole ledger."""

    def __init__(self, read: Current, ids: Sequence[str]) -> None:
        self._texts, self._facts = read.texts(ids), read.facts(ids)

    def texts(self, ids: Sequence[str]) -> pl.DataFrame:
        """As Current.texts."""
        return _of(self._texts, ids)

    def facts(self, ids: Sequence[str]) -> tuple[pl.DataFrame, pl.DataFrame]:
        """As Current.facts."""
        events, counts = self._facts
        return _of(events, ids), _of(counts, ids)


def _of(frame: pl.DataFrame, ids: Sequence[str]) -> pl.DataFrame:
    return frame.join(pl.DataFrame({"article_id": ids}, schema=IDS), on="article_id", how="semi", maintain_order="left")
