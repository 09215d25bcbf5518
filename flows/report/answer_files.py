"""The answer of a query on its way into a file: CSV or Parquet of all rows, batch by batch."""

from collections.abc import Iterable
from typing import BinaryIO, TextIO

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from flows.sources import UsageError


def write_csv(output: TextIO, batches: Iterable[pa.RecordBatch]) -> None:
    """Rows of text as CSV with a header; NULL is an empty cell, an empty text is `""`."""
    is_first = True
    for batch in batches:
        frame = pl.from_arrow(batch)
        assert isinstance(frame, pl.DataFrame)
        output.write(frame.write_csv(include_header=is_first))
        is_first = False


def write_parquet(output: BinaryIO, batches: Iterable[pa.RecordBatch]) -> None:
    """Rows as they are, as a Parquet file; a row group a batch. Raises UsageError for a type that it cannot hold."""
    all_of_them = iter(batches)
    first = next(all_of_them)
    try:
        with pq.ParquetWriter(output, first.schema, compression="zstd") as writer:
            writer.write_batch(first)
            for batch in all_of_them:
                writer.write_batch(batch)
    except pa.ArrowException as error:
        raise UsageError(f"query: --format parquet: {error}; cast the column") from error
