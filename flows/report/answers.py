"""The answer of a query on its way out: a table of the first rows, or CSV, JSON or Parquet of all, batch by batch."""

import json
from collections.abc import Iterable
from typing import BinaryIO, TextIO

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from flows.report.words import clipped
from flows.sources import UsageError
from flows.warehouse.answered import NUMBERS, First
from flows.warehouse.asked import Answer

SHOWN = 200
CELL = 2_000


def print_answer(console: Console, first: First, asked: Answer) -> None:
    """Rows of text as a table, CELL characters of each value; numbers to the right, NULL as a dash."""
    rows = pa.Table.from_batches(list(first))
    table = Table()
    for name, type_ in zip(rows.schema.names, asked.types, strict=True):
        table.add_column(escape(name), justify="right" if type_.id in NUMBERS else "left", overflow="fold")
    for row in zip(*(column.to_pylist() for column in rows.columns), strict=True):
        table.add_row(*("–" if value is None else escape(clipped(value, CELL)) for value in row))
    console.print(table)
    if first.is_cut:
        console.print(f"the first {rows.num_rows} rows; all of them: --format csv, json or parquet")


def write_csv(output: TextIO, batches: Iterable[pa.RecordBatch]) -> None:
    """Rows of text as CSV with a header; NULL is an empty cell, an empty text is `""`."""
    is_first = True
    for batch in batches:
        frame = pl.from_arrow(batch)
        assert isinstance(frame, pl.DataFrame)
        output.write(frame.write_csv(include_header=is_first))
        is_first = False


def write_json(output: TextIO, batches: Iterable[pa.RecordBatch]) -> None:
    """Rows that are JSON objects as one JSON list, a row a line."""
    before = "["
    for batch in batches:
        for row in batch.column(0).to_pylist():
            output.write(f"{before}{row}")
            before = ",\n"
    output.write("[]\n" if before == "[" else "]\n")


def write_typed(output: TextIO, first: First, asked: Answer) -> None:
    """Rows that are JSON lists as one JSON object: `columns` (`name`, `type` as SQL has it), `rows`, `is_cut`."""
    types = [str(type_).replace("TIMESTAMP WITH TIME ZONE", "TIMESTAMPTZ") for type_ in asked.types]
    named = [{"name": name, "type": type_} for name, type_ in zip(asked.columns, types, strict=True)]
    output.write(f'{{"columns": {json.dumps(named)},\n"rows": ')
    write_json(output, first)
    output.write(f',"is_cut": {json.dumps(first.is_cut)}}}\n')


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
