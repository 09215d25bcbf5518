"""Articles to run over: the seeds under other names, and, where they are, articles of the evaluation sets."""

import gzip
import json
import random
from pathlib import Path

from tests.conftest import SEEDS, SHARED

EVAL = SHARED / "eval"
SETS = {"counts": 100, "stories": 80, "quotes": 40, "muc": 30, "clean": 30, "metadata": 20}  # 300 in all


def seed_lines(copies: int) -> list[dict[str, str]]:
    """The seeds as bulk lines, `copies` times, each copy of another town and with other figures."""
    lines = []
    for copy in range(copies):
        for file in sorted(SEEDS.glob("*.txt")):
            text = file.read_text("utf-8")
            if copy:
                text = (
                    text.replace("Kabul", f"Town{copy}")
                    .replace("Afghan", f"Land{copy}")
                    .replace(" 31 ", f" {40 + copy} ")
                )
            lines.append({"id": f"{file.stem}-{copy}", "text": text})
    return lines


def eval_lines(share: float = 1.0) -> list[dict[str, str]]:
    """300 articles of six evaluation sets, or a share of them; none where the sets are not there."""
    lines: list[dict[str, str]] = []
    for name, number in SETS.items() if EVAL.is_dir() else ():
        with gzip.open(EVAL / name / "docs.jsonl.gz", "rt", encoding="utf-8") as docs:
            all_of_set = [json.loads(line) for line in docs]
        lines += [line | {"id": f"{name}-{line['id']}"} for line in all_of_set[: int(number * share)]]
    return lines


def write_lines(file: Path, lines: list[dict[str, str]], shuffled_by: int | None = None) -> Path:
    """A .jsonl of the lines, as they stand or shuffled."""
    lines = list(lines)
    if shuffled_by is not None:
        random.Random(shuffled_by).shuffle(lines)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    return file
