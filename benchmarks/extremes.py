"""What a run takes of time and memory where its input is extreme.

    python -m benchmarks.extremes story 50000    # one agency's text, as so many outlets print it
    python -m benchmarks.extremes warc 20000     # one WARC of so many pages of the evaluation sets
    python -m benchmarks.extremes lines 200000   # one jsonl of so many lines of a sentence each

A real run takes the file in from an empty data folder, then another that finds nothing new.
"""

import gzip
import json
import random
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl

from benchmarks.growth import measure_file, report
from benchmarks.pages import write_pages
from flows.lexicon import lexicon

START = datetime(2026, 1, 5, tzinfo=UTC)
WIRE = """A fire in a warehouse at the harbour killed {n} workers and injured 27 others early on Monday, officials said.
The blaze broke out shortly after 3 a.m. in a hall where paint was stored, its spokeswoman Dana Orlov told reporters.
{outlet} has learned that the hall had passed an inspection in the spring.
Firefighters from four towns needed five hours to put it out, and two of them were treated for burns.
The owner, a shipping company, said it would work with the police, who have opened an inquiry into the cause.
Residents were told to keep their windows shut until noon because of the smoke."""


def write_story(file: Path, number: int) -> None:
    """A jsonl of one text; each outlet's has words of its own, and every tenth another number of dead."""
    with file.open("w", encoding="utf-8") as lines:
        for n in range(number):
            text = WIRE.format(n="eight" if n % 10 else "nine", outlet=f"Courier{n}")
            printed = (START + timedelta(seconds=n)).isoformat()
            row = {"id": n, "title": "Fire kills workers at harbour", "text": text, "published_at": printed}
            print(json.dumps(row | {"publisher": f"Courier {n}"}), file=lines)


def write_warc(file: Path, number: int) -> None:
    """A WARC of answers, each compressed by itself."""
    with tempfile.TemporaryDirectory() as folder, file.open("wb") as records:
        write_pages(Path(folder) / "pages", number)
        for n, page in enumerate(sorted((Path(folder) / "pages").glob("*.html"))):
            answer = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + page.read_bytes()
            head = (
                f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://pages.example/{n}\r\n"
                f"WARC-Date: 2026-01-05T00:00:00Z\r\nWARC-Record-ID: <urn:uuid:00000000-0000-0000-0000-{n:012d}>\r\n"
                f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(answer)}\r\n\r\n"
            )
            records.write(gzip.compress(head.encode() + answer + b"\r\n\r\n", 1))


def write_lines(file: Path, number: int) -> None:
    """A jsonl of short texts of drawn towns and words, 10,000 a day."""
    dice = random.Random(3)
    towns = lexicon("places").filter(kind="city")["name"].to_list()
    words = lexicon("term_shares").filter(pl.col("share") < 0.05)["word"].to_list()
    with file.open("w", encoding="utf-8") as lines:
        for n in range(number):
            told = f"{dice.choice(towns)} said {dice.randint(2, 40)} people died on Monday"
            told = f"Police in {told}: {' '.join(dice.sample(words, 8))}."
            printed = (START + timedelta(days=n / 10_000)).isoformat()
            print(json.dumps({"id": n, "text": told, "published_at": printed}), file=lines)


def main() -> None:
    """Write the input, run it twice and print what it took."""
    kind, number = sys.argv[1], int(sys.argv[2])
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / ("input.warc.gz" if kind == "warc" else "input.jsonl")
        {"story": write_story, "warc": write_warc, "lines": write_lines}[kind](file, number)
        print(f"{kind}, {file.stat().st_size / 1e6:,.0f} MB", report(measure_file(file, Path(folder) / "data", number)))


if __name__ == "__main__":
    main()
