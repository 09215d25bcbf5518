"""The raw archive: Parquet files, written once, that DuckDB and Polars read as they are."""

import os
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from functools import cached_property
from pathlib import Path

import polars as pl

from flows.collect.doors import Document
from flows.schema import RAW, REJECTS

BATCH_BYTES = 64 * 1024 * 1024


class Archive:
    """The folder `raw/`: one Parquet file a batch, named by run and number, columns of schema.RAW."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    @cached_property
    def _known(self) -> set[tuple[str | None, str]]:
        """What was archived when first asked and since: (article_id, raw_sha256)."""
        return set(self.contents().select("article_id", "raw_sha256").iter_rows())

    def contents(self) -> pl.DataFrame:
        """What is archived: `article_id`, `raw_sha256`, `path` (of the file), in the order of archiving."""
        files = sorted(self.folder.glob("*.parquet"))
        if not files:
            return pl.DataFrame(schema={"article_id": pl.String, "raw_sha256": pl.String, "path": pl.String})
        frames = pl.scan_parquet(files, include_file_paths="path")
        return frames.select("article_id", "raw_sha256", "path").collect()

    def add(self, documents: Iterable[Document], run_id: str, size: int) -> Iterator[tuple[int, pl.DataFrame]]:
        """Archive what is not there yet, `size` documents a file.

        Yields after each file (documents seen since the last yield, their REJECTS rows): a kill in between loses
        nothing, for what is archived is found again and what is not is read again.
        """
        known = self._known
        fresh: list[dict[str, object]] = []
        refused: list[dict[str, object]] = []
        seen = n_bytes = 0
        number = len(list(self.folder.glob(f"{run_id}-*.parquet")))
        for document in documents:
            seen += 1
            row = asdict(document) | {"raw_sha256": document.raw_sha256}
            key = (document.article_id, document.raw_sha256)
            if document.reason is not None:
                refused.append(row | {"stage": "collect"})
            elif key not in known:
                known.add(key)
                fresh.append(row)
                n_bytes += len(document.body)
            if len(fresh) >= size or n_bytes >= BATCH_BYTES or seen >= 20 * size:
                number += 1
                yield seen, self._write(fresh, refused, run_id, number)
                fresh, refused, seen, n_bytes = [], [], 0, 0
        yield seen, self._write(fresh, refused, run_id, number + 1)

    def _write(
        self, fresh: list[dict[str, object]], refused: list[dict[str, object]], run_id: str, number: int
    ) -> pl.DataFrame:
        if fresh:
            path = self.folder / f"{run_id}-{number:05d}.parquet"
            part = path.with_suffix(".part")
            rows = [{name: row[name] for name in RAW.names()} for row in fresh]
            pl.DataFrame(rows, schema=RAW).write_parquet(part)
            with part.open("rb") as file:
                os.fsync(file.fileno())
            part.replace(path)
        return pl.DataFrame([{name: row[name] for name in REJECTS.names()} for row in refused], schema=REJECTS)
