"""The answer of a query on its way out: a table of the first rows, or JSON of all, batch by batch."""

import json
from collections.abc import Iterable
from typing import TextIO

from flows.warehouse.answered import NUMBERS, First
from flows.warehouse.asked import Answer, Rows

SHOWN = 200
CELL = 2_000


def print_answer(first: First[Rows], told: Answer, asked: Answer) -> None:
    """The rows of `told`, which is what was `asked` as text, as a table, CELL characters of each value; numbers to the
    right, NULL as a dash."""
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    from flows.report.words import clipped

    console, table = Console(), Table()
    for name, type_ in zip(told.columns, asked.types, strict=True):
        table.add_column(escape(name), justify="right" if type_.id in NUMBERS else "left", overflow="fold")
    for rows in first:
        for row in rows:
            table.add_row(*("–" if value is None else escape(clipped(str(value), CELL)) for value in row))
    console.print(table)
    if first.is_cut:
        console.print(f"the first {table.row_count} rows; all of them: --format csv, json or parquet")


def write_json(output: TextIO, batches: Iterable[Rows]) -> None:
    """Rows that are JSON objects as one JSON list, a row a line."""
    before = "["
    for rows in batches:
        for (row,) in rows:
            output.write(f"{before}{row}")
            before = ",\n"
    output.write("[]\n" if before == "[" else "]\n")


def write_typed(output: TextIO, first: First[Rows], asked: Answer) -> None:
    """Rows that are JSON lists as one JSON object: `columns` (`name`, `type` as SQL has it), `rows`, `is_cut`."""
    types = [str(type_).replace("TIMESTAMP WITH TIME ZONE", "TIMESTAMPTZ") for type_ in asked.types]
    named = [{"name": name, "type": type_} for name, type_ in zip(asked.columns, types, strict=True)]
    output.write(f'{{"columns": {json.dumps(named)},\n"rows": ')
    write_json(output, first)
    output.write(f',"is_cut": {json.dumps(first.is_cut)}}}\n')
