"""Merging small files of the raw archive: each run adds some, and opening a file costs more than reading what is in it.

A merged file has its name from one instant on, and from then on stands for those that it was made of, whatever is
killed when. They are removed an hour later: whoever copies the folder meanwhile has the one or the others.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pyarrow.parquet as pq

from flows.collect.archive import scan_raw, write_raw
from flows.collect.forgotten import sync_folder
from flows.collect.raw_files import find_holder, merged_name, number_of, run_of, sort_files, span_of, stand_ins

GRACE = 3600.0  # seconds that files stay beside the one that stands for them
SMALL = 0.25  # of a full file: what is no smaller is left alone, so that each byte is written anew only a few times


@dataclass(frozen=True)
class Full:
    """When a file is full: by documents or by bytes as unpacked. A batch's size: a worker reads a file as a whole."""

    documents: int
    n_bytes: int


def plan_merges(folder: Path, full: Full) -> Iterator[list[Path]]:
    """The files that would become one, in the archive's order: small ones whose numbers follow each other. A gap stays
    a gap, for what was set aside may come back. Raises OSError for a torn file."""
    group: list[Path] = []
    weight = 0.0
    current, _ = sort_files(folder)
    n_alike = Counter(number_of(file) for file in current)
    for file in current:
        own = _weight(file, full)
        is_small = own < SMALL and number_of(file) > 0 and n_alike[number_of(file)] == 1
        follows = group and span_of(group[-1])[1] + 1 == span_of(file)[0]
        if group and not (is_small and follows and weight + own <= 1.0):
            yield group
            group, weight = [], 0.0
        if is_small:
            group.append(file)
            weight += own
    yield group


def merge(folder: Path, group: Sequence[Path]) -> Path:
    """Write one file for some that follow each other: every row in its order, with its body and its run."""
    target = folder / merged_name(group)
    first, last = span_of(target)
    rows = pl.concat(
        scan_raw([file]).with_columns(run_id=pl.coalesce("run_id", pl.lit(run_of(file), pl.String))) for file in group
    ).collect()
    names = rows["body_in"].drop_nulls().unique().to_list()
    now_in = {
        name: target.name if first <= number_of(Path(name)) <= last else find_holder(folder, name).name
        for name in names
    }
    write_raw(rows.with_columns(body_in=pl.col("body_in").replace_strict(now_in, default=None)), target)
    sync_folder(folder)
    return target


def merge_small(folder: Path, full: Full, is_time: Callable[[], bool]) -> tuple[int, int]:
    """Merge what is small for as long as there `is_time`; returns how many files became how many."""
    n_from = n_into = 0
    for group in plan_merges(folder, full):
        if not is_time():
            break
        if len(group) > 1:
            merge(folder, group)
            n_from, n_into = n_from + len(group), n_into + 1
    return n_from, n_into


def removable(folder: Path, now: float) -> list[Path]:
    """The files for which a merged one has stood for GRACE seconds at `now` (since 1970, UTC)."""
    return [file for file, stands in stand_ins(folder).items() if now - stands.stat().st_mtime > GRACE]


def _weight(file: Path, full: Full) -> float:
    """How full a file is. Raises OSError for a torn one."""
    try:
        told = pq.read_metadata(file)
    except ValueError as error:
        raise OSError(f"{file}: cut short or damaged ({error}); `newsledger doctor` sets it aside") from error
    n_bytes = sum(told.row_group(number).total_byte_size for number in range(told.num_row_groups))
    return float(max(told.num_rows / full.documents, n_bytes / full.n_bytes))
