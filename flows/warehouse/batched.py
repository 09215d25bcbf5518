"""A run's batches as they are loaded: a frame at a time, in pieces where it is of many articles."""

import shutil
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import duckdb
import polars as pl

from flows.warehouse.file import quoted

PIECE = 25_000  # articles whose texts, or facts of a kind, are sorted at once
AT_ONCE = 20_000  # rows that a thread holds before it writes them to their pieces
# `arrival` gives the order of batches, and in each that of rows.
ROWS = """
SELECT f.* EXCLUDE (filename, file_row_number), (o.n << 32) + f.file_row_number AS arrival
FROM read_parquet($paths, filename = true, file_row_number = true) AS f
JOIN batch_order AS o USING (filename)
"""


class Batches:
    """Parquet files by frame, in the order of archiving; `folder` is an empty one of their own, for pieces."""

    def __init__(self, con: duckdb.DuckDBPyConnection, files: Mapping[str, Sequence[Path]], folder: Path) -> None:
        self.con, self.files, self.folder = con, files, folder
        self.n_pieces = -(-self._count("articles") // PIECE) or 1

    def each(self, name: str, is_whole: bool = False) -> Iterator[None]:
        """Let the temporary table `new_{name}` hold a frame with `arrival`: of all articles, or, unless it must be
        whole, of some after the other, each article in one piece. Nothing where no batch has it."""
        paths = [str(path) for path in self.files[name]]
        if not paths:
            return
        order = pl.DataFrame({"filename": paths, "n": range(len(paths))})
        self.con.register("batch_order", order)
        if is_whole or self.n_pieces == 1:
            self.con.execute(f"CREATE OR REPLACE TEMP TABLE new_{name} AS {ROWS}", {"paths": paths})
            yield
        else:
            for piece in self._cut(name, paths):
                self.con.execute(
                    f"CREATE OR REPLACE TEMP TABLE new_{name} AS "
                    f"FROM read_parquet('{quoted(piece)}/*.parquet', hive_partitioning = false)"
                )
                yield
        self.con.execute(f"DROP TABLE IF EXISTS new_{name}")
        self.con.unregister("batch_order")

    def _cut(self, name: str, paths: list[str]) -> Iterator[Path]:
        """The folder of each piece of a frame, which is read once for all of them."""
        out = self.folder / name
        self.con.execute(
            f"SET partitioned_write_flush_threshold = {AT_ONCE}; "
            f"COPY (SELECT *, hash(article_id) % {self.n_pieces} AS piece FROM ({ROWS})) "
            f"TO '{quoted(out)}' (FORMAT parquet, PARTITION_BY (piece))",
            {"paths": paths},
        )
        yield from sorted(out.glob("piece=*"))
        shutil.rmtree(out)

    def _count(self, name: str) -> int:
        paths = [str(path) for path in self.files[name]]
        row = self.con.execute("SELECT count(*) FROM read_parquet(?)", [paths]).fetchone() if paths else None
        return int(row[0]) if row else 0
