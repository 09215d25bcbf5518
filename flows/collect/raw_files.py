"""The names of the archive's files. `00000007-RUN.parquet` came seventh; `00000007-from-00000003.parquet` holds what
the files 3 to 7 held: from the instant that it has its name it stands for them, be they removed already or not."""

import re
from bisect import bisect_right
from collections.abc import Iterable
from pathlib import Path

NUMBERED = re.compile(r"(\d{8})-")
MERGED = re.compile(r"(\d{8})-from-(\d{8})\.parquet")


def number_of(file: Path) -> int:
    """The number in a file's name; 0 for the names of schema 1, which had none."""
    found = NUMBERED.match(file.name)
    return int(found.group(1)) if found else 0


def span_of(file: Path) -> tuple[int, int]:
    """The first and the last number that a file stands for: of one that came as it is, its own twice."""
    found = MERGED.fullmatch(file.name)
    return (int(found.group(2)), int(found.group(1))) if found else (number_of(file), number_of(file))


def merged_name(files: Iterable[Path]) -> str:
    """What a file is called that stands for some files."""
    spans = [span_of(file) for file in files]
    return f"{max(last for _, last in spans):08d}-from-{min(first for first, _ in spans):08d}.parquet"


def run_of(file: Path) -> str | None:
    """The run that wrote a file, by its name; NULL of a merged one, whose rows name theirs."""
    return None if MERGED.fullmatch(file.name) else file.stem.partition("-")[2]


def sort_files(folder: Path) -> tuple[list[Path], list[Path]]:
    """The files that are the archive, in the order of archiving; and those for which a merged one stands."""
    standing = stand_ins(folder)
    files = sorted(folder.glob("*.parquet"), key=lambda file: (number_of(file), file.name))
    return [file for file in files if file not in standing], [file for file in files if file in standing]


def stand_ins(folder: Path) -> dict[Path, Path]:
    """The files that a merged one stands for, and which one does."""
    files = list(folder.glob("*.parquet"))
    outer: list[tuple[int, int, Path]] = []
    merged = ((*span_of(file), file) for file in files if MERGED.fullmatch(file.name))
    for one in sorted(merged, key=lambda one: (one[0], -one[1])):
        if not outer or one[1] > outer[-1][1]:
            outer.append(one)
    found: dict[Path, Path] = {}
    for file in files:
        first, last = span_of(file)
        place = bisect_right(outer, first, key=lambda one: one[0]) - 1
        if place >= 0 and last <= outer[place][1] and file != outer[place][2]:
            found[file] = outer[place][2]
    return found


def find_holder(folder: Path, name: str) -> Path:
    """The file that has what the one of that name had: itself, or the one that stands for it."""
    file = folder / name
    if file.exists() or not number_of(file):
        return file
    current, _ = sort_files(folder)
    standing = (one for one in current if span_of(one)[0] <= number_of(file) <= span_of(one)[1])
    return next(standing, file)
