"""The raw archive: Parquet files, written once, that DuckDB and Polars read as they are."""

import os
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from pathlib import Path
from sys import intern

import polars as pl

from flows.collect.documents import Document
from flows.collect.forgotten import forgotten_ids, is_forgotten
from flows.collect.raw_files import find_holder, number_of, sort_files
from flows.schema import INSTANT, KEY, RAW, REJECTS, shape

CONTENTS = pl.Schema({"article_id": pl.String, "raw_sha256": pl.String, "path": pl.String})
INDEX = shape({**dict.fromkeys((*KEY, "body_in", "path"), pl.String), "let_go_at": INSTANT})
WRITE_AFTER = 10.0  # seconds that a document waits for its file at most: so much of a slow source is read again


@dataclass(frozen=True)
class Archived:
    """What one step of archiving did: documents seen, the file it wrote (NULL where nothing was new) and its bytes,
    the keys of the articles in it, and what was refused (REJECTS)."""

    n_seen: int
    path: Path | None
    n_bytes: int
    keys: pl.DataFrame
    refused: pl.DataFrame


class Archive:
    """The folder `raw/`: one Parquet file a batch, columns of schema.RAW. Its name is its number and the run: numbers
    rise whatever the clock does, and say in which order documents came."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def files(self) -> list[Path]:
        """The archive's files in the order of archiving."""
        return sort_files(self.folder)[0]

    @cached_property
    def _index(self) -> pl.DataFrame:
        """What was archived when first asked: INDEX, in the order of archiving. Raises OSError for a torn file."""
        files = self.files()
        if not files:
            return pl.DataFrame(schema=INDEX)
        try:
            return scan_raw(files, path="path").select(INDEX.names()).collect()
        except pl.exceptions.PolarsError:
            for file in files:
                _check_whole(file)
            raise

    @cached_property
    def forgotten(self) -> frozenset[str]:
        """The articles that were taken down when first asked: nothing of them is kept again."""
        return forgotten_ids(self.folder.parent)

    @cached_property
    def contents(self) -> pl.DataFrame:
        """The articles that were archived when first asked and whose bytes are here, those apart that are forgotten:
        CONTENTS, in the order of archiving. Raises OSError for a torn file."""
        is_kept = pl.col("article_id").is_not_null() & ~pl.col("article_id").is_in(self.forgotten)
        return self._index.filter(is_kept, pl.col("let_go_at").is_null()).select(CONTENTS.names())

    @cached_property
    def let_go(self) -> pl.DataFrame:
        """KEY and `let_go_at` of the articles whose bytes were let go. Raises OSError for a torn file."""
        return self._index.filter(pl.col("let_go_at").is_not_null()).select(*KEY, "let_go_at").unique(KEY)

    @cached_property
    def _known(self) -> tuple[set[bytes], dict[bytes, str]]:
        """What was archived when first asked and since: `brief` of (article_id, raw_sha256), and the file of each body
        by `brief` of its hash."""
        keys = {brief(*key) for key in self._index.select("article_id", "raw_sha256").iter_rows()}
        holder = pl.coalesce("body_in", pl.col("path").str.split("/").list.last())
        held = self._index.filter(pl.col("let_go_at").is_null()).reverse().select("raw_sha256", holder)
        return keys, {brief(digest): intern(name) for digest, name in held.iter_rows()}

    def add(self, documents: Iterable[Document | None], run_id: str, size: int, max_bytes: int) -> Iterator[Archived]:
        """Archive what is not there yet: `size` documents or `max_bytes` of bodies a file, or what came in WRITE_AFTER
        seconds, whichever comes first; None says that nothing has come for a moment.

        A kill in between loses nothing, for what is archived is found again and what is not is read again.
        """
        keys, holders = self._known
        fresh: list[Document] = []
        refused: list[Document] = []
        seen = n_bytes = 0
        waits_since: float | None = None
        for document in documents:
            if document is not None:
                seen += 1
                waits_since = waits_since or time.monotonic()
                key = brief(document.article_id, document.raw_sha256)
                is_known = key in keys
                if not is_known and is_forgotten(document, self.forgotten):
                    continue  # seen and left: a reject would tell what was taken down
                if document.reason is not None:
                    refused.append(document)
                elif not is_known:
                    keys.add(key)
                    fresh.append(document)
                    n_bytes += len(document.body) if brief(document.raw_sha256) not in holders else 0
            is_late = waits_since is not None and time.monotonic() - waits_since > WRITE_AFTER
            if len(fresh) >= size or n_bytes >= max_bytes or seen >= 20 * size or is_late:
                yield self._write(seen, fresh, n_bytes, refused, run_id, holders)
                fresh, refused, seen, n_bytes, waits_since = [], [], 0, 0, None
        yield self._write(seen, fresh, n_bytes, refused, run_id, holders)

    @cached_property
    def _last_number(self) -> list[int]:
        return [max((number_of(file) for file in self.files()), default=0)]

    def _write(
        self,
        seen: int,
        fresh: list[Document],
        n_bytes: int,
        refused: list[Document],
        run_id: str,
        holders: dict[bytes, str],
    ) -> Archived:
        path = None
        documents = pl.DataFrame(schema=RAW)
        if fresh:
            self._last_number[0] += 1
            path = self.folder / f"{self._last_number[0]:08d}-{run_id}.parquet"
            documents = frame_documents(fresh, path.name, holders).with_columns(run_id=pl.lit(run_id))
            write_raw(documents, path)
        keys = documents.filter(pl.col("article_id").is_not_null()).select("article_id", "raw_sha256")
        rejects = [{name: getattr(one, name, "collect") for name in REJECTS.names()} for one in refused]
        return Archived(seen, path, n_bytes, keys, pl.DataFrame(rejects, schema=REJECTS))


def brief(*words: str | None) -> bytes:
    """What stands for some words among millions that are held in mind: a hash of 16 bytes; no two of a billion share
    theirs but one time in 10^20."""
    return blake2b("\0".join(word or "" for word in words).encode(), digest_size=16).digest()


def scan_raw(files: Iterable[Path | str], path: str | None = None) -> pl.LazyFrame:
    """Archive files as RAW, and the file of each row in a column `path`, if one is named. What an older version did
    not keep is NULL."""
    return pl.scan_parquet(
        [str(file) for file in files],
        schema=RAW,
        missing_columns="insert",
        extra_columns="ignore",
        include_file_paths=path,
    )


def write_raw(documents: pl.DataFrame, path: Path) -> None:
    """Write a file of the archive, as a whole or not at all; it lasts through a power cut once its folder is synced."""
    part = path.with_suffix(".part")
    documents.write_parquet(part, compression_level=1, statistics=False)  # a third cheaper than level 3
    with part.open("rb") as file:
        os.fsync(file.fileno())
    part.replace(path)


def _check_whole(file: Path) -> None:
    """Raises OSError for a torn file."""
    try:
        scan_raw([file]).select("article_id", "raw_sha256").collect()
    except pl.exceptions.PolarsError as error:
        raise OSError(f"{file}: cut short or damaged ({error}); `newsledger doctor` sets it aside") from error


def read_raw(files: Iterable[Path | str], keys: pl.DataFrame) -> pl.DataFrame:
    """The rows of some archive files whose KEY stands in `keys`, in the files' order, each with its body."""
    paths = [Path(file) for file in files]
    wanted = scan_raw(paths).join(keys.lazy(), on=keys.columns, how="semi", maintain_order="left").collect()
    elsewhere = wanted.filter(pl.col("body").is_null() & pl.col("body_in").is_not_null())
    if elsewhere.is_empty():
        return wanted
    holders = {find_holder(paths[0].parent, name) for name in elsewhere["body_in"].unique()}
    bodies = scan_raw(sorted(holders)).filter(
        pl.col("raw_sha256").is_in(elsewhere["raw_sha256"].unique().to_list()), pl.col("body").is_not_null()
    )
    found = bodies.select("raw_sha256", found="body").unique("raw_sha256").collect()
    joined = wanted.join(found, on="raw_sha256", how="left", maintain_order="left")
    return joined.with_columns(body=pl.coalesce("body", "found")).drop("found")


def frame_documents(
    documents: Iterable[Document], name: str | None = None, holders: dict[bytes, str] | None = None
) -> pl.DataFrame:
    """Rows of RAW; in the file of that `name` a body stands only where none of the `holders` (by `brief` of the hash)
    has it, to which those of this file are added."""
    holders = {} if holders is None else holders
    rows = []
    for document in documents:
        digest = brief(document.raw_sha256)
        is_held = name is not None and digest in holders
        holder = holders.setdefault(digest, name) if name else None
        headers = [{"name": key, "value": value} for key, value in document.headers or ()]
        row = {one: getattr(document, one, None) for one in RAW.names()}
        row |= {"headers": None if document.headers is None else headers, "body": None if is_held else document.body}
        rows.append(row | {"body_in": holder if is_held else None})
    return pl.DataFrame(rows, schema=RAW)
