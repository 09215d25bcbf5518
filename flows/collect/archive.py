"""The raw archive: Parquet files, written once, that DuckDB and Polars read as they are."""

import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import polars as pl

from flows.collect.doors import Document
from flows.schema import RAW, REJECTS

CONTENTS = pl.Schema({"article_id": pl.String, "raw_sha256": pl.String, "path": pl.String})
NUMBERED = re.compile(r"(\d{8})-")


@dataclass(frozen=True)
class Archived:
    """What one step of archiving did: documents seen, the file it wrote (NULL where nothing was new) and its bytes,
    the keys of what it holds, and what was refused (REJECTS)."""

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
        return sorted(self.folder.glob("*.parquet"), key=lambda file: (_number(file), file.name))

    @cached_property
    def _known(self) -> set[tuple[str | None, str]]:
        """What was archived when first asked and since: (article_id, raw_sha256)."""
        return set(self.contents.select("article_id", "raw_sha256").iter_rows())

    @cached_property
    def contents(self) -> pl.DataFrame:
        """What was archived when first asked: CONTENTS, in the order of archiving. Raises OSError for a torn file."""
        frames = [pl.DataFrame(schema=CONTENTS)]
        for file in self.files():
            try:
                keys = pl.read_parquet(file, columns=["article_id", "raw_sha256"])
            except pl.exceptions.PolarsError as error:
                raise OSError(f"{file}: cut short or damaged ({error}); `newsledger doctor` sets it aside") from error
            frames.append(keys.with_columns(path=pl.lit(str(file))))
        return pl.concat(frames)

    def add(self, documents: Iterable[Document], run_id: str, size: int, max_bytes: int) -> Iterator[Archived]:
        """Archive what is not there yet, `size` documents or `max_bytes` of bodies a file, whichever comes first.

        A kill in between loses nothing, for what is archived is found again and what is not is read again.
        """
        known = self._known
        fresh: list[Document] = []
        refused: list[Document] = []
        seen = n_bytes = 0
        for document in documents:
            seen += 1
            key = (document.article_id, document.raw_sha256)
            if document.reason is not None:
                refused.append(document)
            elif key not in known:
                known.add(key)
                fresh.append(document)
                n_bytes += len(document.body)
            if len(fresh) >= size or n_bytes >= max_bytes or seen >= 20 * size:
                yield self._write(seen, fresh, n_bytes, refused, run_id)
                fresh, refused, seen, n_bytes = [], [], 0, 0
        yield self._write(seen, fresh, n_bytes, refused, run_id)

    @cached_property
    def _last_number(self) -> list[int]:
        return [max((_number(file) for file in self.files()), default=0)]

    def _write(self, seen: int, fresh: list[Document], n_bytes: int, refused: list[Document], run_id: str) -> Archived:
        path = None
        documents = _frame(fresh, RAW)
        if fresh:
            self._last_number[0] += 1
            path = self.folder / f"{self._last_number[0]:08d}-{run_id}.parquet"
            part = path.with_suffix(".part")
            documents.write_parquet(part, compression_level=1, statistics=False)  # a third cheaper than level 3
            with part.open("rb") as file:
                os.fsync(file.fileno())
            part.replace(path)
        return Archived(seen, path, n_bytes, documents.select("article_id", "raw_sha256"), _frame(refused, REJECTS))


def _frame(documents: list[Document], schema: pl.Schema) -> pl.DataFrame:
    """A row a document; `stage` is where it was refused."""
    columns = {
        name: ["collect"] * len(documents) if name == "stage" else [getattr(one, name) for one in documents]
        for name in schema.names()
    }
    return pl.DataFrame(columns, schema=schema)


def _number(file: Path) -> int:
    """The number in a file's name; 0 for the names of schema 1, which had none."""
    found = NUMBERED.match(file.name)
    return int(found.group(1)) if found else 0
