"""The tables of measurements: rows, and Markdown of them under a head of machine, versions and day."""

import os
import platform
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

COLUMNS = ("what", "measured", "ratio", "target", "rounds", "input")
PACKAGES = ("duckdb", "polars", "prefect", "trafilatura", "distributed")


@dataclass(frozen=True)
class Row:
    """One measurement. `ratio` is what stands beside what, as `what` says; None where a figure stands alone (a peak of
    memory, a start-up). `target` is in words ("≥ 1.2"), `input` says of what and how much."""

    what: str
    figure: float
    unit: str
    ratio: float | None = None
    target: str = ""
    rounds: int = 1
    input: str = ""

    def cells(self) -> tuple[str, ...]:
        """The cells of a line, in the order of COLUMNS."""
        measured = f"{shown(self.figure)} {self.unit}".strip()
        ratio = "" if self.ratio is None else shown(self.ratio)
        return self.what, measured, ratio, self.target, str(self.rounds), self.input


def shown(figure: float) -> str:
    """A figure with two or three digits that count, thousands parted."""
    if abs(figure) >= 100:
        return f"{figure:,.0f}"
    if abs(figure) >= 10:
        return f"{figure:.1f}"
    return f"{figure:.2f}" if abs(figure) >= 0.1 else f"{figure:.2g}"


def head(packages: Sequence[str] = PACKAGES) -> str:
    """A line that says when and on what: day, cores, processor, system, versions."""
    told = ", ".join(f"{name} {version(name)}" for name in packages)
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    machine = f"{os.cpu_count()} cores of {processor()}, {memory:.0f} GiB, {platform.system()} {platform.machine()}"
    return f"{datetime.now(UTC):%Y-%m-%d}; {machine}; Python {platform.python_version()}, {told}."


def processor() -> str:
    """The processor's name, as the system tells it."""
    with Path("/proc/cpuinfo").open(encoding="utf-8") as lines:
        named = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return named[0] if named else platform.machine()


def markdown(columns: Sequence[str], lines: Iterable[Sequence[str]]) -> str:
    """A table in Markdown; figures stand right."""
    told = [f"| {' | '.join(columns)} |", "|" + "|".join("---" if n == 0 else "--:" for n in range(len(columns))) + "|"]
    return "\n".join([*told, *(f"| {' | '.join(cells)} |" for cells in lines)])


def rows_table(rows: Iterable[Row]) -> str:
    """The table of measurements."""
    return markdown(COLUMNS, (row.cells() for row in rows))
