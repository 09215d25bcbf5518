"""Letting bytes go in the raw archive. A document's row stays, with `let_go_at` and without its body, so that it is not
archived again; that of a feed or a sitemap goes as a whole, for nothing leads to it."""

from datetime import datetime
from pathlib import Path

import polars as pl

from flows.collect.archive import Archive, scan_raw, write_raw
from flows.collect.forgotten import sync_folder
from flows.schema import INSTANT, RAW, shape

HELD = shape(
    {name: RAW[name] for name in ("article_id", "raw_sha256", "source_name", "kind", "fetched_at")}
    | {"file": pl.String, "row": pl.UInt32}
)
PLACES = ["file", "row"]


def held_rows(folder: Path) -> pl.DataFrame:
    """HELD: every row of the archive whose bytes are here, and where it stands. Raises OSError for a torn file."""
    files = Archive(folder).files()
    if not files:
        return pl.DataFrame(schema=HELD)
    held = [name for name in HELD.names() if name not in PLACES]
    try:
        rows = scan_raw(files, path="path").select(*held, "let_go_at", "path").collect()
    except pl.exceptions.PolarsError as error:
        raise OSError(f"{folder}: a file is damaged ({error}); `newsledger doctor` sets it aside") from error
    placed = rows.with_columns(
        file=pl.col("path").str.split("/").list.last(), row=pl.int_range(pl.len(), dtype=pl.UInt32).over("path")
    )
    return placed.filter(pl.col("let_go_at").is_null()).select(HELD.names())


def count_bytes(folder: Path, going: pl.DataFrame) -> int:
    """The bytes, as unpacked, of the bodies that some rows (`file`, `row`) hold themselves."""
    total = 0
    for (name,), own in going.group_by("file"):
        rows = scan_raw([folder / str(name)]).with_row_index("row").join(own.lazy(), on="row", how="semi")
        total += int(rows.select(pl.col("body").bin.size().sum()).collect().item())
    return total


def let_go(folder: Path, going: pl.DataFrame, now: datetime) -> None:
    """Let the bytes of some rows (`file`, `row`) go: all that have the same bytes, or a body would be missed. Each file
    is written anew as a whole, later ones first, for they name earlier ones as holders of their bodies."""
    for (name,), own in going.select(PLACES).sort("file", descending=True).group_by("file", maintain_order=True):
        file = folder / str(name)
        is_going = pl.col("row").is_in(own["row"].to_list())
        rows = scan_raw([file]).with_row_index("row").filter(~is_going | pl.col("article_id").is_not_null())
        gone = rows.with_columns(
            body=pl.when(~is_going).then("body"),
            body_in=pl.when(~is_going).then("body_in"),
            let_go_at=pl.when(is_going).then(pl.lit(now, INSTANT)).otherwise("let_go_at"),
        )
        write_raw(gone.drop("row").collect(), file)
        sync_folder(folder)
