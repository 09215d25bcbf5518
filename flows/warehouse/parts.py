"""The index's articles in parts: what is grouped together, and jobs of parts that can be linked one after the other."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

import duckdb
import numpy as np
import polars as pl

from flows.joined import Edges, cut
from flows.warehouse.current import IDS, registered
from flows.warehouse.marks import TIES

AT_ONCE = 1_000_000  # ties; of a million articles of one wording there are some hundred million
PARTS = pl.Schema({"article_id": pl.String, "part": pl.Int64})


def part_articles(con: duckdb.DuckDBPyConnection, least: float) -> pl.DataFrame:
    """PARTS of all articles of the index: what ties connect (edges from `least` on, and texts that share a band of
    their signatures) is one, cut where it is too large (joined.cut)."""

    def ties(least: float) -> Iterator[Edges]:
        for batch in con.execute(TIES, [least]).to_arrow_reader(AT_ONCE):
            yield Edges(*(batch.column(name).to_numpy() for name in Edges._fields))

    last = con.execute("SELECT coalesce(max(no), 0) FROM profiles").fetchall()[0][0]
    part_of = cut(last + 1, ties, least)
    with registered(con, placed=pl.DataFrame({"no": np.arange(last + 1), "part": part_of})):
        return con.sql("SELECT article_id, part FROM profiles JOIN placed USING (no)").pl()


def fill(parts: pl.DataFrame, ids: Sequence[str]) -> list[str]:
    """Some articles and all that are in one of PARTS with one, in order."""
    asked = pl.DataFrame({"article_id": ids}, schema=IDS)
    theirs = parts.join(asked, on="article_id", how="semi").select("part").unique()
    mates = parts.join(theirs, on="part", how="semi")["article_id"]
    return sorted({*ids, *mates.to_list()})


def find_jobs(parts: pl.DataFrame, ids: Sequence[str], size: int) -> Iterator[pl.DataFrame]:
    """PARTS of some articles, some at a time (once at least): `size` of them or somewhat more, no part in two."""
    asked = pl.DataFrame({"article_id": ids}, schema=IDS).join(parts, on="article_id", how="left")
    asked = asked.sort("part", "article_id")
    begin = 0
    for end, (part, following) in enumerate(pairwise([*asked["part"], -1]), 1):
        if end - begin >= size and part != following:
            yield asked[begin:end]
            begin = end
    if begin < asked.height or not ids:
        yield asked[begin:]
