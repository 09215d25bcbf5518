"""What linking reads of the ledger: the articles as they stand, and what their current revisions state."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import duckdb
import polars as pl

from flows.warehouse.file import open_ledger
from flows.warehouse.schema import meta

IDS = pl.Schema({"article_id": pl.String})


def standing(con: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """`article_id`, `raw_sha256` of every article as it stands."""
    return con.sql(
        "SELECT article_id, raw_sha256 FROM revisions SEMI JOIN current_revisions USING (article_id, revision)"
    ).pl()


def links_no(con: duckdb.DuckDBPyConnection) -> int:
    """How often links were loaded."""
    return int(meta(con, "links_no") or 0)


def is_due(data: Path) -> bool:
    """Whether articles were loaded since links were: those of this run, or of one that was killed between the two."""
    with open_ledger(data) as con:
        return meta(con, "link_due") == "true"


def story_mates(con: duckdb.DuckDBPyConnection, ids: Sequence[str]) -> list[str]:
    """The articles that stand in one story with some, as links were loaded last."""
    with registered(con, asked=pl.DataFrame({"article_id": ids}, schema=IDS)):
        rows = con.execute(
            "SELECT article_id FROM story_articles WHERE story_id IN "
            "(SELECT story_id FROM story_articles SEMI JOIN asked USING (article_id)) ORDER BY article_id"
        ).fetchall()
    return [row[0] for row in rows]


def events_beside(con: duckdb.DuckDBPyConnection, ids: Sequence[str], keys: pl.DataFrame) -> list[str]:
    """The events, as links were loaded last, of some articles, of happenings with one of some keys (`key`), and of
    those that nobody tells any more."""
    with registered(con, asked=pl.DataFrame({"article_id": ids}, schema=IDS), asked_keys=keys):
        rows = con.execute(
            "SELECT event_id FROM mentioned_events SEMI JOIN asked USING (article_id) UNION "
            "SELECT event_id FROM happenings WHERE happening_id IN "
            "(SELECT happening_id FROM happening_keys SEMI JOIN asked_keys USING (key)) UNION "
            "SELECT event_id FROM happenings ANTI JOIN mentioned_events USING (happening_id)"
        ).fetchall()
    return sorted(row[0] for row in rows)


def read_happenings(
    con: duckdb.DuckDBPyConnection, event_ids: Sequence[str], but: Sequence[str]
) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """The happenings of some events, without those of the stories of the articles `but`: they, their tellings with
    `rank` NULL, and `article_id`, `published_at` of who tells."""
    frames = {
        "asked": pl.DataFrame({"event_id": event_ids}, schema={"event_id": pl.String}),
        "touched": pl.DataFrame({"article_id": but}, schema=IDS),
    }
    with registered(con, **frames):
        con.execute(
            "CREATE OR REPLACE TEMP TABLE asked_happenings AS FROM happenings SEMI JOIN asked USING (event_id) "
            "SEMI JOIN mentioned_events USING (happening_id) "
            "WHERE story_id NOT IN (SELECT story_id FROM story_articles SEMI JOIN touched USING (article_id))"
        )
    tellings = con.sql(
        "SELECT e.* EXCLUDE (revision), m.story_id, m.happening_id, NULL::UINTEGER AS rank "
        "FROM mentioned_events AS m SEMI JOIN asked_happenings USING (happening_id) "
        "JOIN current_revisions USING (article_id, revision) "
        "JOIN local_events AS e USING (article_id, revision, event_no) ORDER BY m.article_id, m.event_no"
    ).pl()
    with registered(con, asked=tellings.select("article_id").unique()):
        published = con.sql(
            "SELECT article_id, published_at FROM revisions SEMI JOIN current_revisions USING (article_id, revision) "
            "SEMI JOIN asked USING (article_id) ORDER BY article_id"
        ).pl()
    return con.sql("SELECT * EXCLUDE (event_id) FROM asked_happenings ORDER BY happening_id").pl(), tellings, published


@contextmanager
def registered(con: duckdb.DuckDBPyConnection, **frames: pl.DataFrame) -> Iterator[None]:
    """Let SQL name frames."""
    for name, frame in frames.items():
        con.register(name, frame)
    yield
    for name in frames:
        con.unregister(name)


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
