"""The pages that speed is measured on: those of two evaluation sets, multiplied, no paragraph twice the same."""

import gzip
import json
import os
import re
from itertools import count
from pathlib import Path

BESIDE = Path(__file__).resolve().parent.parent.parent / "shared" / "eval"
EVAL = Path(os.environ.get("NEWSLEDGER_EVAL", BESIDE))
PARAGRAPH = re.compile(r"<p(?:\s[^>]*)?>", re.I)


def write_pages(folder: Path, number: int) -> int:
    """Write `number` HTML pages into a folder, the sets' pages over and over; returns their bytes.

    Every paragraph of a copy begins with a word of its own, so that no cache by hash or likeness saves work. Raises
    FileNotFoundError where the evaluation sets are not there.
    """
    pages: list[str] = []
    for name in ("clean", "metadata"):
        with gzip.open(EVAL / name / "docs.jsonl.gz", "rt", encoding="utf-8") as lines:
            pages += [json.loads(line)["html"] for line in lines]
    folder.mkdir(parents=True)
    n_bytes = 0
    for n in range(number):
        copy, page = divmod(n, len(pages))
        html = _with_own_words(pages[page], f"w{copy}p{page}")
        n_bytes += (folder / f"page-{n:05d}.html").write_bytes(html.encode())
    return n_bytes


def _with_own_words(html: str, name: str) -> str:
    """A page whose every paragraph begins with a word of its own."""
    numbers = count()
    return PARAGRAPH.sub(lambda tag: f"{tag[0]}{name}n{next(numbers)} ", html)
