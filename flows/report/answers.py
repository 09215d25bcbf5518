"""The answer of a query on its way out: a table of the first rows, or CSV, JSON or Parquet of all, batch by batch."""

from collections.abc import Iterator
from typing import BinaryIO, TextIO

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from flows.report.words import clipped
from flows.sources import UsageError

SHOWN = 200
CELL = 2_000
NUMBERS = {
    "tinyint", "smallint", "integer", "bigint", "hugeint", "utinyint", "usmallint", "uinteger", "ubigint", "uhugeint",
    "float", "double", "decimal", "bignum",
}  # fmt: skip


def print_answer(console: Console, batch: pa.RecordBatch, types: list[str]) -> None:
    """Rows of text as a table, SHOWN of them, CELL characters of each value; numbers to the right, NULL as a dash."""
    table = Table()
    for name, type_ in zip(batch.schema.names, types, strict=True):
        table.add_column(escape(name), justify="right" if type_ in NUMBERS else "left", overflow="fold")
    columns = [column.to_pylist() for column in batch.slice(0, SHOWN).columns]
    for row in zip(*columns, strict=True):
        table.add_row(*("–" if value is None else escape(clipped(value, CELL)) for value in row))
    console.print(table)
    if batch.num_rows > SHOWN:
        console.print(f"the first {SHOWN} rows; all of them: --format csv, json or parquet")


def write_csv(output: TextIO, batches: Iterator[pa.RecordBatch]) -> None:
    """Rows of text as CSV with a header; NULL is an empty cell, an empty text is `""`."""
    is_first = True
    for batch in batches:
        frame = pl.from_arrow(batch)
        assert isinstance(frame, pl.DataFrame)
        output.write(frame.write_csv(include_header=is_first))
        is_first = False


def write_json(output: TextIO, batches: Iterator[pa.RecordBatch]) -> None:
    """Rows that are JSON objects as one JSON list, a row a line."""
    before = "["
    for batch in batches:
        for row in batch.column(0).to_pylist():
            output.write(f"{before}{row}")
            before = ",\n"
    output.write("[]\n" if before == "[" else "]\n")


def write_parquet(output: BinaryIO, batches: Iterator[pa.RecordBatch]) -> None:
    """Rows as they are, as a Parquet file; a row group a batch. Raises UsageError for a type that it cannot hold."""
    first = next(batches)
    try:
        with pq.ParquetWriter(output, first.schema, compression="zstd") as writer:
            writer.write_batch(first)
            for batch in batches:
                writer.write_batch(batch)
    except pa.ArrowException as error:
        raise UsageError(f"query: --format parquet: {error}; cast the column") from error
