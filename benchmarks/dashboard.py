"""What the dashboard's pages take: one reader beside a thousand articles, ten beside a hundred thousand and runs.

    python -m benchmarks dashboard

The ledgers are those of benchmarks.views. The server is a process of its own on
loopback, and so are the runs: each revises some twenty articles and publishes, one after the other without a pause.
Readers ask for stories, articles and filters that differ each time, in two ways: with the pauses that readers make, and
back to back. Of each page the median time to the last byte, and how many times that of the small ledger it is.
"""

import http.client
import random
import re
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, urlencode

import duckdb

from benchmarks.table import Row
from benchmarks.views import build, publish_seconds, revise
from flows.cli.passes import give_way
from flows.warehouse.file import SETTINGS, open_ledger, published_path

SMALL, LARGE, READERS = 1_000, 100_000, 10
SECONDS = 30.0  # of reading, each time
PAUSES = (1.0, 3.0)  # seconds between two pages of a reader
SEED = 7
PICKED = 400  # of stories, events, ... that are asked for
NAMES = {
    "story": ("/stories/{}", "SELECT story_id FROM stories"),
    "event": ("/events/{}", "SELECT event_id FROM events"),
    "history": ("/events/{}/history", "SELECT event_id FROM events"),
    "article": ("/articles/{}", "SELECT article_id FROM articles"),
    "fact": ("/facts/{}", "SELECT fact_id FROM facts"),
    "source": ("/sources/{}", "SELECT source_name FROM sources"),
    "run": ("/runs/{}", "SELECT run_id FROM runs"),
}
FILTERS = {
    "place": "SELECT DISTINCT place FROM events",
    "actor": "SELECT DISTINCT actor FROM claims",
    "kind": "SELECT DISTINCT kind FROM tolls",
    "since": "SELECT DISTINCT date_low FROM events",
    "origins": "SELECT unnest([2, 3, 4])",
    "disagreement": "SELECT 1",
    "page": "SELECT unnest(range(1, (SELECT count(*) // 50 FROM stories)))",
}


@dataclass
class Timed:
    """Seconds by page, and what was no answer of status 200."""

    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    errors: list[str] = field(default_factory=list)

    def median(self, page: str) -> float:
        """Milliseconds."""
        return statistics.median(self.seconds[page]) * 1000


def ledger_of(data: Path, size: int) -> Path:
    """A published data folder of so many articles."""
    build(data, size)
    publish_seconds(data, 1)
    return data


def addresses(data: Path) -> dict[str, list[str]]:
    """Addresses to ask for, by page."""
    dice = random.Random(SEED)
    with duckdb.connect(str(published_path(data)), read_only=True, config=SETTINGS) as con:

        def some(sql: str) -> list[str]:
            rows = con.execute(f"SELECT x FROM ({sql}) AS t(x) WHERE x IS NOT NULL ORDER BY hash(x) LIMIT ?", [PICKED])
            return [str(row[0]) for row in rows.fetchall()]

        found = {page: [path.format(quote(one, safe="")) for one in some(sql)] for page, (path, sql) in NAMES.items()}
        values = {name: some(sql) for name, sql in FILTERS.items()}
        words = con.execute("SELECT string_agg(text, ' ') FROM (SELECT text FROM articles USING SAMPLE 200 ROWS)")
        told = sorted(set(re.findall(r"[a-z]{5,}", str(words.fetchall()[0][0]))))
    lists, searches = [], []
    for _ in range(PICKED):
        chosen = dice.sample(sorted(values), dice.choice((0, 1, 1, 2)))
        lists.append("/stories?" + urlencode({name: dice.choice(values[name]) for name in chosen if values[name]}))
        searches.append("/stories?" + urlencode({"q": " ".join(dice.sample(told, dice.choice((1, 1, 2))))}))
    return found | {"stories": lists, "search": searches, "sources": ["/sources"], "runs": ["/runs"], "sql": ["/sql"]}


@contextmanager
def served(data: Path) -> Iterator[tuple[str, int]]:
    """The dashboard of a data folder, when its index of words is whole: host and port."""
    words = [sys.executable, "-m", "flows", "dashboard", "--port", "0", "--data", str(data)]
    server = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
    try:
        assert server.stdout
        found = re.search(r"http://([\d.]+):(\d+)/", server.stdout.readline())
        assert found
        at = found[1], int(found[2])
        while b'"is_whole":true' not in get(at, "/json/stories?q=police")[1]:
            time.sleep(1)
        yield at
    finally:
        server.terminate()
        server.wait()


@contextmanager
def publishing(data: Path) -> Iterator[None]:
    """Meanwhile a process brings revisions and publishes them, again and again."""
    runs = subprocess.Popen([sys.executable, "-m", "benchmarks.dashboard", "--publish", str(data)])
    try:
        yield
        assert runs.poll() is None, "publishing ended early"
    finally:
        runs.terminate()
        runs.wait()


def publish_on(data: Path) -> None:
    """Publish without end, behind the readers as a run does."""
    give_way()
    number = 100
    while True:
        number += 1
        with open_ledger(data) as con:
            revise(con, number)
        publish_seconds(data, number)


def get(at: tuple[str, int], address: str) -> tuple[int, bytes]:
    """Status and body of an answer."""
    with_it = http.client.HTTPConnection(*at, timeout=60)
    try:
        with_it.request("GET", address)
        answer = with_it.getresponse()
        return answer.status, answer.read()
    finally:
        with_it.close()


def read(at: tuple[str, int], asked: Mapping[str, Sequence[str]], n_readers: int, pauses: tuple[float, float]) -> Timed:
    """What so many readers see in SECONDS, each with dice of its own."""
    timed, until = Timed(), time.monotonic() + SECONDS

    def reader(number: int) -> None:
        dice = random.Random(SEED + number)
        while time.monotonic() < until:
            page = dice.choice(sorted(asked))
            address = dice.choice(asked[page])
            address += f"{'&' if '?' in address else '?'}again={dice.random()}"  # no answer that is kept counts
            started = time.perf_counter()
            status, _ = get(at, address)
            timed.seconds[page].append(time.perf_counter() - started)
            if status != 200:
                timed.errors.append(f"{status} {address}")
            time.sleep(dice.uniform(*pauses))

    readers = [threading.Thread(target=reader, args=(number,)) for number in range(n_readers)]
    for one in readers:
        one.start()
    for one in readers:
        one.join()
    return timed


def told(title: str, base: Timed, timed: Timed, what: str, target: str) -> list[Row]:
    """A row a page. Raises RuntimeError where a page was no answer: its times would mean nothing."""
    if timed.errors:
        raise RuntimeError(f"{title}: {len(timed.errors)} errors, {timed.errors[:3]}")
    return [
        Row(
            f"{page}: {title}",
            timed.median(page),
            "ms",
            timed.median(page) / base.median(page),
            target,
            len(timed.seconds[page]),
            what,
        )
        for page in sorted(timed.seconds)
    ]


def rows(size: int = LARGE) -> list[Row]:
    """What pages take beside `size` articles over what they take one reader beside a thousand."""
    with tempfile.TemporaryDirectory() as name:
        small, large = ledger_of(Path(name, "small"), SMALL), ledger_of(Path(name, "large"), size)
        with served(small) as at:
            base = read(at, addresses(small), 1, (0.0, 0.0))
        asked = addresses(large)
        with served(large) as at:
            alone = read(at, asked, 1, (0.0, 0.0))
            with publishing(large):
                paused = read(at, asked, READERS, PAUSES)
                pressed = read(at, asked, READERS, (0.0, 0.0))
    over = f"at {size:,} / one reader at {SMALL:,}"
    what = "made-up press; rounds are pages read"
    many = f"{READERS} readers"
    return [
        *told(f"{many} who pause, publishing, {over}", base, paused, what, "≤ 3"),
        *told(f"one reader {over}", base, alone, what, ""),
        *told(f"{many} back to back, publishing, {over}", base, pressed, what, ""),
    ]


if __name__ == "__main__" and sys.argv[1:2] == ["--publish"]:
    publish_on(Path(sys.argv[2]))
