"""Sources -> the raw archive, step by step, so that the first batch is worked on while the next is read."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import polars as pl

from flows.collect.archive import Archive, Archived
from flows.collect.files import read_paths
from flows.collect.memory import Memory
from flows.collect.remembered import Outcome, frame_outcomes
from flows.settings import Settings
from flows.sources import Source

Row = dict[str, object]
HAD = ("new", "changed", "same", "moved")  # outcomes of an address that gave a page


@dataclass(frozen=True)
class Arrived:
    """Documents that came into the archive: the file they are in (NULL where none was new), its keys."""

    n_seen: int
    n_refused: int
    path: Path | None
    n_bytes: int
    keys: Path
    refused: Path | None


def gather_paths(archive: Archive, source: Source, settings: Settings, run_id: str, folder: Path) -> Iterator[Arrived]:
    """A folder's or a file's documents."""
    run = settings.run
    documents = read_paths(source, datetime.now(UTC))
    for step in archive.add(documents, run_id, run.batch_documents, int(run.batch_megabytes * 1e6)):
        yield _arrived(step, folder)


def gather_web(
    archive: Archive,
    memory: Memory,
    sources: Sequence[Source],
    settings: Settings,
    run_id: str,
    folder: Path,
) -> Iterator[Arrived]:
    """What is due of the sources of the web; all of it where they were named on the command line."""
    from flows.collect.web import collect_web  # what asks and reads the web: 0.2 s that folders do not need

    for step in collect_web(archive, memory, sources, settings, run_id):
        yield _arrived(step, folder)


def _arrived(step: Archived, folder: Path) -> Arrived:
    name = uuid4().hex
    return Arrived(
        step.n_seen,
        step.refused.height,
        step.path,
        step.n_bytes,
        write(step.keys, folder / f"{name}-keys.parquet"),
        write(step.refused, folder / f"{name}-refused.parquet") if step.refused.height else None,
    )


def path_outcome(source: Source, run_id: str, n_seen: int, n_refused: int) -> Outcome:
    """What became of a source that is a path."""
    word, now = "read" if n_seen else "empty", datetime.now(UTC).timestamp()
    return Outcome(run_id, source.name, source.location, word, "good", now, n_seen, n_refused, is_source=True)


def source_rows(sources: Sequence[Source], fetches: pl.DataFrame, run_id: str) -> list[Row]:
    """A row a source that was asked in this run or in a killed one that it takes up: how many documents it gave in this
    run, how many were refused."""
    own = fetches.filter(pl.col("run_id") == run_id)
    asked = set(fetches.filter("is_source")["source_name"])
    rows: list[Row] = []
    for source in sources:
        if source.name not in asked:
            continue
        of_it = own.filter(pl.col("source_name") == source.name)
        if source.url:
            n_documents = of_it.filter(pl.col("outcome").is_in(HAD)).height
            n_refused = of_it.filter(~pl.col("is_source"), ~pl.col("verdict").is_in(["good", "deferred"])).height
        else:
            n_documents, n_refused = int(of_it["n_documents"].sum()), int(of_it["n_refused"].sum())
        rows.append(
            {
                "name": source.name,
                "type": source.type,
                "location": source.location,
                "publisher": source.publisher,
                "n_documents": n_documents,
                "n_refused": n_refused,
            }
        )
    return rows


def write_fetches(paths: Sequence[Outcome], memory: Memory | None, folder: Path) -> Path:
    """The outcomes of a run, and those of killed ones that no run has loaded, as a file of FETCHES."""
    told = [frame_outcomes(paths)]
    if memory:
        told.append(memory.outcomes())
    return write(pl.concat(told), folder / "fetches.parquet")


def write(frame: pl.DataFrame, path: Path) -> Path:
    """A frame's file."""
    frame.write_parquet(path)
    return path
