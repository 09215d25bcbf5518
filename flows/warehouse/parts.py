"""The index's articles in parts that can be linked one after the other."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

import duckdb
import numpy as np
import polars as pl

from flows.joined import join_numbers
from flows.warehouse.current import IDS, registered
from flows.warehouse.marks import TIES


def find_parts(con: duckdb.DuckDBPyConnection, ids: Sequence[str], least: float, size: int) -> Iterator[list[str]]:
    """Some articles (one list at least) in parts of `size` or somewhat more; what ties connect (marks.connected) is
    in one."""
    ties = con.execute(TIES, [least]).fetchnumpy()
    last = con.execute("SELECT coalesce(max(no), 0) FROM profiles").fetchall()[0][0]
    first = join_numbers(last + 1, ties["left"], ties["right"])
    asked = pl.DataFrame({"article_id": ids}, schema=IDS)
    with registered(con, asked=asked, tied=pl.DataFrame({"no": np.arange(last + 1), "first": first})):
        rows = con.execute(
            "SELECT article_id, t.first FROM asked LEFT JOIN profiles AS p USING (article_id) "
            "LEFT JOIN tied AS t USING (no) ORDER BY t.first, article_id"
        ).fetchall()
    part: list[str] = []
    for (article_id, group), (_, other) in pairwise([*rows, (None, -1)]):
        part.append(article_id)
        if len(part) >= size and group != other:
            yield part
            part = []
    if part or not rows:
        yield part
