"""Erasing articles in the raw archive: it is written once but for this. What others rest on stays with them."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import polars as pl

from flows.collect.archive import Archive, scan_raw, write_raw
from flows.collect.forgotten import LISTINGS, named_ids, sync_folder
from flows.collect.raw_files import sort_files
from flows.collect.urls import web_id

ADDRESSES = pl.Schema({"article_id": pl.String, "address": pl.String})
Bodies = Mapping[str, bytes]


@dataclass(frozen=True)
class ErasedRaw:
    """What went: documents of the articles, feeds and sitemaps that named them, and files of raw/damaged that held
    them or could not be read."""

    n_documents: int
    n_listings: int
    damaged: tuple[Path, ...]


def archived_addresses(folder: Path) -> pl.LazyFrame:
    """ADDRESSES: what the archive's articles came by: the address asked, the final one, the input."""
    files = Archive(folder).files()
    if not files:
        return pl.LazyFrame(schema=ADDRESSES)
    rows = scan_raw(files).filter(pl.col("article_id").is_not_null())
    named = [rows.select("article_id", address=pl.col(name)) for name in ("url", "final_url", "input")]
    return pl.concat(named).drop_nulls().unique()


def ids_at(addresses: pl.LazyFrame, wanted: str) -> set[str]:
    """The articles (ADDRESSES) that are at an address or have an input, as it stands or in its canonical form; that of
    the address itself is among them, whether it was ever collected or not."""
    found = set(addresses.filter(pl.col("address") == wanted).collect()["article_id"])
    if "://" not in wanted:
        return found
    last = urlsplit(wanted).path.rstrip("/").rpartition("/")[2]
    alike = addresses.filter(pl.col("address").str.contains("://", literal=True))
    alike = alike.filter(pl.col("address").str.contains(last, literal=True)) if last else alike
    own = web_id(wanted)
    return found | {own} | {article_id for article_id, address in alike.collect().iter_rows() if web_id(address) == own}


def erase_raw(folder: Path, ids: frozenset[str]) -> ErasedRaw:
    """Take articles out of the archive, and the feeds and sitemaps that name their addresses. Each file that holds
    one is written anew under its name; a body that another article rests on moves to that one's row.

    Killed at any instant and called again, it ends the same: a body is where it moves to before it goes. Raises OSError
    for a torn file.
    """
    for part in folder.glob("*.part"):
        part.unlink()
    damaged = tuple(file for file in sorted((folder / "damaged").glob("*")) if _is_to_go(file, ids))
    for file in damaged:
        file.unlink()
    rows = _rows_of(folder, ids)
    for replaced in sort_files(folder)[1]:  # the merged ones that stand for them can be read
        replaced.unlink()
    going = rows.filter("is_going")
    moves = _moves(rows)
    bodies = _bodies_of(folder, going, moves)
    for (name,), own in moves.group_by("file", maintain_order=True):
        _write(folder / str(name), _move(_read(folder / str(name)), own, bodies))
    for (name,), own in going.group_by("file", maintain_order=True):
        kept = _read(folder / str(name)).with_row_index("row").join(own, on="row", how="anti", maintain_order="left")
        _write(folder / str(name), kept.drop("row"))
    n_listings = going["article_id"].null_count()
    return ErasedRaw(going.height - n_listings, n_listings, damaged)


def _is_to_go(file: Path, ids: frozenset[str]) -> bool:
    """Whether a file that was set aside holds something of the articles, or cannot be looked through."""
    try:
        return bool(_look_through(file, ids)["is_going"].any())
    except (pl.exceptions.PolarsError, OSError):
        return True


def _rows_of(folder: Path, ids: frozenset[str]) -> pl.DataFrame:
    """The archive's rows in its order: `file`, `row`, `article_id`, `raw_sha256`, `has_body`, `is_let_go`,
    `is_going`."""
    files = Archive(folder).files()
    try:
        frames = [_look_through(file, ids) for file in files]
    except pl.exceptions.PolarsError as error:
        raise OSError(
            f"{folder}: a file is cut short or damaged ({error}); `newsledger doctor` sets it aside"
        ) from error
    if not frames:
        return pl.DataFrame(
            schema={"file": pl.String, "row": pl.UInt32, "has_body": pl.Boolean, "is_let_go": pl.Boolean} | NO_ROW
        )
    rows = pl.concat(frames)
    listed = rows.filter("is_going", pl.col("article_id").is_null())["raw_sha256"].unique().to_list()
    is_listing = pl.col("kind").is_in(LISTINGS) & pl.col("raw_sha256").is_in(listed)
    return rows.with_columns(is_going=pl.col("is_going") | is_listing).drop("kind")


NO_ROW = {"article_id": pl.String, "raw_sha256": pl.String, "is_going": pl.Boolean}


def _look_through(file: Path, ids: frozenset[str]) -> pl.DataFrame:
    """One file's rows; of feeds and sitemaps only the row that has the body is looked into."""
    rows = scan_raw([file]).with_row_index("row")
    is_listing = pl.col("kind").is_in(LISTINGS) & pl.col("body").is_not_null()
    listings = rows.filter(is_listing).select("row", "body").collect()
    naming = [row for row, body in listings.iter_rows() if not ids.isdisjoint(named_ids(body))]
    return rows.select(
        pl.lit(file.name).alias("file"),
        "row",
        "article_id",
        "raw_sha256",
        "kind",
        has_body=pl.col("body_in").is_null() & pl.col("let_go_at").is_null(),
        is_let_go=pl.col("let_go_at").is_not_null(),
        is_going=pl.col("article_id").is_in(ids).fill_null(False) | pl.col("row").is_in(naming),
    ).collect()


def _moves(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows that stay and rest on a body that goes: `file`, `row`, `raw_sha256`, `body_in`: the file that has the
    body from now on; NULL for the row that takes it, the first where none has it already."""
    bodies = rows.filter("is_going", "has_body").select("raw_sha256").unique()
    resting = rows.filter(~pl.col("is_going"), ~pl.col("is_let_go")).join(
        bodies, on="raw_sha256", how="semi", maintain_order="left"
    )
    heirs = (
        resting.sort("has_body", descending=True, maintain_order=True)
        .unique("raw_sha256", keep="first", maintain_order=True)
        .select("raw_sha256", heir="file", heir_row="row")
    )
    moved = resting.filter(~pl.col("has_body")).join(heirs, on="raw_sha256", maintain_order="left")
    is_heir = (pl.col("file") == pl.col("heir")) & (pl.col("row") == pl.col("heir_row"))
    return moved.select("file", "row", "raw_sha256", body_in=pl.when(~is_heir).then("heir"))


def _bodies_of(folder: Path, going: pl.DataFrame, moves: pl.DataFrame) -> Bodies:
    """The bodies that move, by hash."""
    wanted = moves.filter(pl.col("body_in").is_null())["raw_sha256"].unique().to_list()
    names = going.filter(pl.col("raw_sha256").is_in(wanted), "has_body")["file"].unique(maintain_order=True)
    found: dict[str, bytes] = {}
    for name in names:
        own = scan_raw([folder / name]).filter(pl.col("raw_sha256").is_in(wanted), pl.col("body").is_not_null())
        found |= dict(own.select("raw_sha256", "body").collect().iter_rows())
    return found


def _move(documents: pl.DataFrame, moves: pl.DataFrame, bodies: Bodies) -> pl.DataFrame:
    """A file's documents with the bodies that it takes over and the new places of those that lie elsewhere."""
    moved = dict(moves.select("row", "body_in").iter_rows())
    rows = []
    for number, row in enumerate(documents.iter_rows(named=True)):
        takes = number in moved and moved[number] is None
        body = bodies[row["raw_sha256"]] if takes else row["body"]
        rows.append(row | {"body": body, "body_in": moved.get(number, row["body_in"])})
    return pl.DataFrame(rows, schema=documents.schema)


def _read(file: Path) -> pl.DataFrame:
    return scan_raw([file]).collect()


def _write(file: Path, documents: pl.DataFrame) -> None:
    """Write a file of the archive anew, as a whole or not at all."""
    write_raw(documents, file)
    sync_folder(file.parent)
