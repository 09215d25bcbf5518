"""The index's articles in parts: what is grouped together, and jobs of parts that can be linked one after the other."""

from collections.abc import Iterator

import duckdb
import numpy as np
import polars as pl
from numpy.typing import NDArray

from flows.joined import Edges, cut
from flows.warehouse.current import registered
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


def fill(parts: pl.DataFrame, ids: pl.Series) -> pl.Series:
    """Some articles and all that are in one of PARTS with one, in order."""
    theirs = parts.join(ids.to_frame("article_id"), on="article_id", how="semi").select("part").unique()
    mates = parts.join(theirs, on="part", how="semi")["article_id"]
    return pl.concat([ids, mates]).unique().sort()


def find_jobs(parts: pl.DataFrame, ids: pl.Series, size: int) -> Iterator[pl.DataFrame]:
    """PARTS of some articles, some at a time (once at least): `size` of them or somewhat more, no part in two."""
    asked = ids.to_frame("article_id").join(parts, on="article_id", how="left").sort("part", "article_id")
    part = asked["part"].fill_null(-1).to_numpy()
    ends = np.flatnonzero(np.diff(part, append=-2)) + 1
    for first, last in [*cut_runs(ends, size)] or [(0, 0)]:
        begin = ends[first - 1] if first else 0
        yield asked[begin : ends[last - 1] if last else 0]


def cut_runs(ends: NDArray[np.int64], size: int) -> Iterator[tuple[int, int]]:
    """Groups, each of which ends where `ends` has it, in runs of `size` of what they hold or somewhat more: the places
    of a run's first group and of the one after its last."""
    first = 0
    while first < len(ends):
        begin = ends[first - 1] if first else 0
        last = min(int(np.searchsorted(ends, begin + size)) + 1, len(ends))
        yield first, last
        first = last
