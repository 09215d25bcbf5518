"""Rows by their ids, as pages look them up: each id a parameter of its own, table by table.

By a parameter DuckDB uses an index and skips what it can; a list of ids, or a join, is matched with all there is.
"""

from collections.abc import Iterable, Sequence

import duckdb

from flows.dashboard.render import host_of
from flows.warehouse.read import Row, rows

ARTICLES = """
  SELECT article_id, title, publisher, authors, url, input, origin, published_at, published_precision, first_seen_at,
    revision
  FROM articles WHERE article_id IN ($ids)"""
ORIGINS = "SELECT article_id, independent_origin FROM article_origins WHERE article_id IN ($ids)"
COPIES = "SELECT article_id, copy_of, reason AS copy_reason, similarity FROM copies WHERE article_id IN ($ids)"
NO_COPY = {"copy_of": None, "copy_reason": None, "similarity": None}


def rows_named(con: duckdb.DuckDBPyConnection, sql: str, ids: Sequence[str]) -> list[Row]:
    """The rows of a query that asks for `$ids`."""
    marks = ", ".join(f"${number}" for number in range(1, len(ids) + 1)) or "NULL"
    return rows(con, sql.replace("$ids", marks), list(ids))


class Articles:
    """Articles by id, each asked for once: columns of `articles`, `independent_origin`, what it copies (NULL: nothing
    here), and `outlet`."""

    def __init__(self, con: duckdb.DuckDBPyConnection) -> None:
        self._con = con
        self._known: dict[str, Row] = {}

    def of(self, ids: Iterable[str]) -> list[Row]:
        """Those of `ids` that there are, each once, in that order."""
        wanted = list(dict.fromkeys(ids))
        new = [one for one in wanted if one not in self._known]
        if new:
            for row in rows_named(self._con, ARTICLES, new):
                self._known[row["article_id"]] = row | NO_COPY | {"outlet": outlet_of(row)}
            for row in [*rows_named(self._con, ORIGINS, new), *rows_named(self._con, COPIES, new)]:
                self._known[row["article_id"]] |= row
        return [self._known[one] for one in wanted if one in self._known]

    def beside(self, facts: Sequence[Row]) -> list[Row]:
        """Facts, each with its article's title, address and outlet."""
        known = {row["article_id"]: row for row in self.of(fact["article_id"] for fact in facts)}
        names = ("title", "url", "outlet")
        return [fact | {name: known[fact["article_id"]][name] for name in names} for fact in facts]


def outlet_of(row: Row) -> str:
    """Who publishes an article: the outlet; where none is named its host, else its title, else the end of its path."""
    return str(row["publisher"] or host_of(row["url"]) or row["title"] or row["input"].rsplit("/", 1)[-1])
