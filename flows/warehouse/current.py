"""What linking reads of the ledger: the articles as they stand, and what their current revisions state."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import duckdb
import polars as pl

from flows.warehouse.file import open_ledger
from flows.warehouse.schema import meta

IDS = pl.Schema({"article_id": pl.String})


class Told(NamedTuple):
    """`articles` (article_id, raw_sha256, title, text, origin, publisher, published_at) and, of their current
    revisions, `mentions`, `events` (LOCAL_EVENTS without raw_sha256) and `counts`."""

    articles: pl.DataFrame
    mentions: pl.DataFrame
    events: pl.DataFrame
    counts: pl.DataFrame


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


def read_told(con: duckdb.DuckDBPyConnection, ids: Sequence[str]) -> Told:
    """What some articles tell."""
    con.register("asked", pl.DataFrame({"article_id": ids}, schema=IDS))
    con.execute(
        "CREATE OR REPLACE TEMP TABLE asked_articles AS SELECT * FROM current_revisions SEMI JOIN asked USING (article_id)"
    )
    con.unregister("asked")
    this = "SEMI JOIN asked_articles USING (article_id, revision) ORDER BY article_id"
    return Told(
        con.sql(
            f"SELECT article_id, raw_sha256, title, text, origin, publisher, published_at FROM revisions {this}"
        ).pl(),
        con.sql(f"SELECT * FROM stated_mentions {this}, char_start, type").pl(),
        con.sql(f"SELECT * FROM local_events {this}, event_no").pl(),
        con.sql(f"SELECT * FROM stated_counts {this}, count_id").pl(),
    )
