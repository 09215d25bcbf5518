"""Crowds: of a text that more than CROWD articles have, the later ones follow the first. They are of its story, and
weighed with nobody: 50,000 copies are more than a billion pairs."""

from collections.abc import Sequence

import duckdb
import polars as pl

from flows.warehouse.current import IDS, registered

CROWD = 100
# Who follows shares so many of the 60 bands with the first (a Jaccard likeness of .69) and was printed so near to it.
ALIKE, DAYS = 20, 14
# By the temporary table `near` (marks.NEAR_TEXTS): who shares bands with the first that has them, and how many.
FOLLOWERS = f"""
INSERT INTO followers
WITH placed AS (
  SELECT "left" AS first, "right" AS no, row_number() OVER (PARTITION BY "left" ORDER BY "right") AS place
  FROM near_texts SEMI JOIN near ON near.first = near_texts."left"
)
SELECT n.no, arg_max(n.first, (n.n_bands, -n.first))
FROM near AS n JOIN placed AS p USING (first, no)
JOIN profiles AS a USING (no) JOIN profiles AS b ON b.no = n.first
WHERE p.place > {CROWD} AND n.n_bands >= {ALIKE} AND n.first < n.no
  AND abs(a.published_at::DATE - b.published_at::DATE) <= {DAYS}
GROUP BY n.no
"""


def followers(con: duckdb.DuckDBPyConnection, ids: Sequence[str]) -> pl.DataFrame:
    """`article_id`, `leader` (an id) of those of some articles, or of those that they lead, that follow another."""
    with registered(con, asked=pl.DataFrame({"article_id": ids}, schema=IDS)):
        return con.sql(
            """SELECT a.article_id, b.article_id AS leader
            FROM followers AS f JOIN profiles AS a USING (no) JOIN profiles AS b ON b.no = f.leader
            WHERE a.article_id IN (SELECT article_id FROM asked) OR b.article_id IN (SELECT article_id FROM asked)
            ORDER BY ALL"""
        ).pl()


def with_followers(con: duckdb.DuckDBPyConnection, ids: list[str]) -> list[str]:
    """Some articles and those that follow one of them, or one that does; in order where there are any."""
    while True:
        follow = followers(con, ids).filter(pl.col("leader").is_in(ids))["article_id"]
        found = sorted({*ids, *follow.to_list()})
        if len(found) == len(ids):
            return found
        ids = found
