"""Mutated pages: cut, repeated, nested, with flipped bytes, other charsets and swapped tags, by a seeded random number.

`python -m tests.clean.mutated 10000` cleans that many, in batches as a run does, and prints how long the slowest took
and how the memory grew; a crash stops it with the number of the page, from which `mutate` makes it again.
"""

import gzip
import json
import random
import re
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import polars as pl

from flows.clean import clean
from flows.collect.archive import frame_documents
from flows.collect.documents import Document

EVAL = Path(__file__).resolve().parent.parent.parent.parent / "shared" / "eval"
BATCH = 50
TAG = re.compile(rb"<(/?)(\w+)")
TAGS = (b"p", b"div", b"table", b"td", b"li", b"article", b"a", b"h1", b"script", b"b", b"br", b"nav")
CHARSETS = ("utf-8", "cp1252", "utf-16", "utf-16-le", "shift_jis", "cp1251", "gb18030", "utf-7", "utf-32")

PARAGRAPHS = (
    "<p>A fire in the old port destroyed three warehouses on Monday evening, the mayor of the town said.</p>",
    "<p>Die Feuerwehr löschte bis zum Morgen; verletzt wurde niemand, sagte ein Sprecher der Stadt am Dienstag.</p>",
    '<p><a href="/b">Port to get a new crane next year</a></p>',
    "<ul><li>Two engines</li><li>Three boats</li></ul>",
    "<table><tr><td>East</td><td>40</td></tr></table>",
)
OWN = [
    f"<html><head><meta charset='utf-8'><title>Fire</title></head><body>{opening}<h1>Fire in the port</h1>"
    f"{''.join(PARAGRAPHS[:n]) * 3}{closing}<div class='share-bar'>Facebook</div><footer>Courier</footer></body></html>"
    for n in range(1, len(PARAGRAPHS) + 1)
    for opening, closing in (("<article>", "</article>"), ("<div class='related'>", "</div>"), ("<main><td>", ""))
]


def originals() -> list[bytes]:
    """Own pages, and those of the evaluation sets where they are."""
    pages = [page.encode() for page in OWN]
    for name in ("clean", "metadata"):
        file = EVAL / name / "docs.jsonl.gz"
        if file.exists():
            with gzip.open(file, "rt", encoding="utf-8") as lines:
                pages += [json.loads(line)["html"].encode() for line in lines]
    return pages


def cut(page: bytes, chance: random.Random) -> bytes:
    start, end = sorted(chance.randrange(len(page) + 1) for _ in range(2))
    return page[:start] + page[end:] if chance.random() < 0.5 else page[:end]


def repeat(page: bytes, chance: random.Random) -> bytes:
    start = chance.randrange(len(page) + 1)
    part = page[start : start + chance.randrange(2000)]
    return page[:start] + part * chance.randrange(2, 30) + page[start:]


def nest(page: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(page) + 1)
    return page[:at] + b"<%s>" % chance.choice(TAGS) * chance.choice((3, 300, 5000)) + page[at:]


def flip(page: bytes, chance: random.Random) -> bytes:
    flipped = bytearray(page)
    for _ in range(chance.choice((1, 20, 500)) if page else 0):
        flipped[chance.randrange(len(flipped))] = chance.randrange(256)
    return bytes(flipped)


def recode(page: bytes, chance: random.Random) -> bytes:
    return page.decode("utf-8", "replace").encode(chance.choice(CHARSETS), "replace")


def swap(page: bytes, chance: random.Random) -> bytes:
    share = chance.choice((0.01, 0.1, 0.5))
    return TAG.sub(lambda tag: b"<" + tag[1] + (chance.choice(TAGS) if chance.random() < share else tag[2]), page)


MUTATIONS: tuple[Callable[[bytes, random.Random], bytes], ...] = (cut, repeat, nest, flip, recode, swap)


def mutate(pages: list[bytes], number: int) -> bytes:
    """The mutated page of a number: one of the pages, changed once to three times."""
    chance = random.Random(number)
    page = chance.choice(pages)
    for _ in range(chance.randrange(1, 4)):
        page = chance.choice(MUTATIONS)(page, chance)
    return page


def as_raw(pages: list[bytes]) -> pl.DataFrame:
    """RAW rows of pages; their ids are their places."""
    now = datetime(2026, 1, 1, tzinfo=UTC)
    return frame_documents(
        Document("test", f"{n}.html", page, "html", str(n), fetched_at=now) for n, page in enumerate(pages)
    )


def resident() -> float:
    """Megabytes that this process holds now."""
    return int(Path("/proc/self/statm").read_text("ascii").split()[1]) * 4096 / 1e6


def run(count: int) -> tuple[float, list[float]]:
    """Clean `count` mutated pages: seconds of the slowest, megabytes after each tenth. Raises where a page is lost."""
    pages = originals()
    slowest, last, held = 0.0, time.perf_counter(), []

    def come_to(_: int) -> None:
        nonlocal slowest, last
        now = time.perf_counter()
        slowest, last = max(slowest, now - last), now

    for first in range(0, count, BATCH):
        batch = [mutate(pages, number) for number in range(first, min(first + BATCH, count))]
        last = time.perf_counter()
        articles, _, rejects, *_ = clean(as_raw(batch), come_to)
        if articles.height + rejects.height != len(batch):
            raise AssertionError(f"pages {first} and on: {articles.height} + {rejects.height} of {len(batch)}")
        if (first + BATCH) * 10 // count > first * 10 // count:
            held.append(resident())
    return slowest, held


if __name__ == "__main__":
    pages_wanted = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    seconds, memory = run(pages_wanted)
    print(f"{pages_wanted} mutated pages, none lost; the slowest took {seconds:.1f} s")
    print("megabytes held after each tenth: " + " ".join(f"{value:.0f}" for value in memory))
