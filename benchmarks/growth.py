"""What an article costs, in time and memory, where there are a thousand, ten thousand and a hundred thousand.

    python -m benchmarks.growth [SIZE ...]

The articles are those of benchmarks.worlds, in one jsonl, which a real run takes in from an empty data folder; then
another run, that finds nothing new. Memory is that of every process of the run.
"""

import os
import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import duckdb

from benchmarks.table import Row
from benchmarks.watched import Watched, watch
from benchmarks.worlds import Worlds

SIZES = (1_000, 10_000, 100_000)


class Growth(NamedTuple):
    """A size's figures. `seconds`: from the first source to the publication, by the clock (starting Prefect and the
    process is apart: all of it is in `first.seconds`); of the `second` pass, that finds nothing new, too. `stages`:
    seconds by stage, as the ledger has them: of clean and extract those of all workers together."""

    size: int
    n_articles: int
    seconds: float
    again_seconds: float
    stages: dict[str, float]
    first: Watched
    second: Watched


def measure(sizes: Sequence[int] = SIZES, folder: Path | None = None) -> list[Growth]:
    """Run each size. What `folder` holds of a size is taken out first and stays; else nothing does."""
    worlds, found = Worlds(), []
    for size in sizes:
        with tempfile.TemporaryDirectory() as name:
            here = (folder or Path(name)) / str(size)
            shutil.rmtree(here, ignore_errors=True)
            here.mkdir(parents=True)
            worlds.write(here / "articles.jsonl", size)
            found.append(measure_file(here / "articles.jsonl", here / "data", size))
    return found


def measure_file(file: Path, data: Path, size: int = 0) -> Growth:
    """Two runs over one file into a new data folder. Raises RuntimeError with what a run said that failed."""
    environment = os.environ | {"PREFECT_SERVER_ANALYTICS_ENABLED": "false", "DO_NOT_TRACK": "1"}
    command = [sys.executable, "-m", "flows", "run", str(file), "--data", str(data)]
    told = []
    for number in (1, 2):
        said = file.with_name(f"run-{number}.txt")
        told.append(watch(command, environment, data / "work" / "lock", said))
        if told[-1].returncode:
            raise RuntimeError(said.read_text("utf-8")[-2000:])
    with duckdb.connect(str(data / "news.duckdb"), read_only=True) as con:
        runs = con.execute("SELECT run_id, seconds, n_articles FROM runs ORDER BY run_no").fetchall()
        rows = con.execute("SELECT stage, seconds FROM run_stages WHERE run_id = ?", [runs[0][0]]).fetchall()
    return Growth(size, runs[0][2], runs[0][1], runs[1][1], dict(rows), *told)


def rows(size: int = SIZES[-1]) -> list[Row]:
    """Time an article, the largest process and a second pass, at each size up to `size`."""
    found: list[Row] = []
    grown = measure([number for number in SIZES if number <= size])
    least = grown[0].seconds / grown[0].n_articles
    for one in grown:
        spent, what = one.seconds / one.n_articles, f"{one.n_articles:,} articles of other worlds in one jsonl"
        ratio, target = (None, "") if one is grown[0] else (spent / least, "≤ 1.2")
        again = one.again_seconds / one.seconds
        found += [
            Row(f"run: an article of {one.size:,} / of {grown[0].size:,}", 1000 * spent, "ms", ratio, target, 1, what),
            Row(f"run: largest process at {one.size:,}", max(one.first.peak.values()), "MB", None, "< 1,500", 1, what),
            Row(f"run again / run, at {one.size:,}", one.again_seconds, "s", again, "< 0.05", 1, what),
        ]
    return found


def report(growth: Growth) -> str:
    """A size's figures as lines of text."""
    first, n = growth.first, max(growth.n_articles, 1)
    processor = sum(first.processor.values()) - first.processor["start"]
    lines = [
        f"{growth.size:,} articles ({growth.n_articles:,} loaded): {1000 * growth.seconds / n:.2f} ms each "
        f"by the clock (starting apart: {first.seconds - growth.seconds:.1f} s), "
        f"{1000 * processor / n:.2f} of processor",
        f"  second pass {growth.again_seconds:.2f} s, {100 * growth.again_seconds / growth.seconds:.1f} % of the first",
        "  ms an article, ledger: " + ", ".join(f"{one} {1000 * s / n:.2f}" for one, s in growth.stages.items()),
        "  processor s by stage: " + ", ".join(f"{one} {s:.1f}" for one, s in first.processor.items()),
    ]
    lines += [
        f"  {name} {told}: {run.peak[told]:.0f} MB at its peak, {run.own[told]:.0f} its own"
        for name, run in (("first pass,", first), ("second pass,", growth.second))
        for told in run.peak
        if run.peak[told] > 30
    ]
    where = ", ".join(f"{stage} {kind} {own:.0f}" for (stage, kind), own in first.at.items() if own > 30)
    return "\n".join([*lines, f"  own MB by stage: {where}"])


def main() -> None:
    """Print the sizes' figures, each as soon as it is there."""
    for size in [int(word) for word in sys.argv[1:]] or SIZES:
        print(report(measure([size])[0]), flush=True)


if __name__ == "__main__":
    main()
