"""Kill runs at random instants and run them again: `python -m tests.kills 200` for the long form.

Each round takes a fresh data folder, starts a run in a process group of its own, waits until its lock says that it is
at a stage, then a random while, and sends the whole group a SIGKILL. The run after it must leave the tables that an
undisturbed run leaves.
"""

import contextlib
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.conftest import ROOT, SEEDS
from tests.corpus import eval_lines, seed_lines, write_lines
from tests.tables import checksum, differing

STAGES = ("start", "collect", "clean, extract", "link", "load", "publish", "done")
CONFIG = """
[run]
workers = 2
batch_documents = {size}

[[source]]
name = "seeds"
type = "folder"
path = "{seeds}"

[[source]]
name = "lines"
type = "file"
path = "lines.jsonl"
"""


@dataclass(frozen=True)
class Round:
    """One kill: the stage aimed at, where the run was when it died, and whether the next run made it whole."""

    aimed_at: str
    died_at: str
    is_same: bool
    said: str


def write_inbox(folder: Path, lines: int) -> Path:
    """A config over the seeds and `lines` more articles; returns it."""
    more = (eval_lines() or seed_lines(lines // 5))[:lines]
    write_lines(folder / "lines.jsonl", more)
    config = folder / "sources.toml"
    config.write_text(CONFIG.format(size=max(1, lines // 12), seeds=SEEDS), "utf-8")
    return config


def stage_of(data: Path) -> str:
    """What the lock says, without the number of batches; '' where nobody holds it."""
    try:
        said = (data / "work" / "lock").read_text("utf-8")
    except OSError:
        return ""
    found = re.search(r", at (.*?)(?: \d+ of \d+)?$", said)
    return found.group(1) if found else ""


def start(config: Path, data: Path) -> subprocess.Popen[str]:
    """A run, in a process group of its own."""
    command = [sys.executable, "-m", "flows", "run", "--config", str(config), "--data", str(data)]
    return subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True
    )


def measure(config: Path, data: Path) -> dict[str, float]:
    """An undisturbed run: how long each stage took."""
    running = start(config, data)
    seconds: Counter[str] = Counter()
    before = time.monotonic()
    while running.poll() is None:
        time.sleep(0.01)
        now = time.monotonic()
        seconds[stage_of(data)] += now - before
        before = now
    if running.returncode != 0:
        raise RuntimeError(running.communicate()[0])
    return dict(seconds)


def kill_rounds(number: int, lines: int, folder: Path, seed: int, stages: tuple[str, ...] = STAGES) -> Iterator[Round]:
    """`number` kills, the stages in turn, each at a random instant of its stage."""
    dice = random.Random(seed)
    config = write_inbox(folder, lines)
    whole = folder / "whole"
    seconds = measure(config, whole)
    wanted = checksum(whole / "news.duckdb")
    for n in range(number):
        stage = stages[n % len(stages)]
        data = folder / f"killed-{n}"
        running = start(config, data)
        while running.poll() is None and stage_of(data) != stage:
            time.sleep(0.002)
        time.sleep(dice.uniform(0, seconds.get(stage, 0.1)))
        died_at = stage_of(data) if running.poll() is None else "after its end"
        with contextlib.suppress(ProcessLookupError):  # it had ended before
            os.killpg(running.pid, signal.SIGKILL)
        running.communicate()
        again = start(config, data)
        said, _ = again.communicate()
        is_same = again.returncode == 0 and checksum(data / "news.duckdb") == wanted
        if not is_same and again.returncode == 0:
            said += repr(differing(whole / "news.duckdb", data / "news.duckdb"))[:3000]
        yield Round(stage, died_at or "before its start", is_same, "" if is_same else said[-4000:])
        shutil.rmtree(data)


def main() -> None:
    """Print a line a round, then the tally by stage."""
    number, lines = int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 300
    tally: Counter[tuple[str, bool]] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        for n, one in enumerate(kill_rounds(number, lines, Path(folder), seed=number), 1):
            tally[one.died_at, one.is_same] += 1
            print(n, one.died_at, "same" if one.is_same else f"DIFFERENT\n{one.said}", flush=True)
    for (stage, is_same), times in sorted(tally.items()):
        print(f"{stage:<16} {'same' if is_same else 'DIFFERENT':<10} {times}")


if __name__ == "__main__":
    main()
