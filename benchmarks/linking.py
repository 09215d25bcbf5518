"""What linking a thousand new articles costs beside archives of a thousand, ten thousand and a hundred thousand.

    python -m benchmarks linking [--size LARGEST]

The articles are made up: happenings with a day, a place, people and a vocabulary of their own, each told by one to
eight articles in the days after it and some by one months later, 270 articles a day. An archive is what was printed
before the thousand. Each is linked once, and three times a thousand more that it never saw.
"""

import random
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from benchmarks.table import Row
from flows.lexicon import lexicon
from flows.linking import link_ledger
from flows.warehouse.file import open_ledger
from flows.warehouse.links import load_links
from flows.warehouse.schema import prepare

SIZES = (1_000, 10_000, 100_000)
NEW, ROUNDS, A_DAY = 1_000, 3, 270
START = datetime(2020, 1, 1, tzinfo=UTC)
SYLLABLES = [
    f"{first}{then}{last}" for first in "bdfgklmnprstv" for then in "aeiou" for last in ("", "n", "r", "l", "s")
]


class Press:
    """A source of articles without end, the same for the same seed, in the order of their printing."""

    def __init__(self) -> None:
        self.dice = random.Random(11)
        shares = lexicon("term_shares").filter(pl.col("share") < 0.6)
        self.words, self.weights = shares["word"].to_list(), shares["share"].to_list()
        self.rare = shares.filter(pl.col("share") < 0.02)["word"].to_list()
        self.places = lexicon("places").filter(kind="city").head(3_000).select("name", "country", "lat", "lon").rows()
        self.waiting: list[tuple[datetime, int, dict[str, Any]]] = []
        self.now, self.number = START, 0

    def name(self) -> str:
        return " ".join("".join(self.dice.choices(SYLLABLES, k=self.dice.choice((2, 3)))).title() for _ in "ab")

    def happening(self) -> dict[str, Any]:
        place = self.dice.choice(self.places)
        return {
            "day": self.now.date(),
            "place": place,
            "people": [self.name() for _ in range(4)],
            "words": self.dice.sample(self.rare, 30),
            "killed": self.dice.randint(1, 40),
        }

    def print_next(self) -> dict[str, Any]:
        """The next article, and what extraction would find in it."""
        self.now += timedelta(days=1 / A_DAY)
        ripe = [number for number, (at, _, _) in enumerate(self.waiting) if at <= self.now]
        if ripe:
            _, _, told = self.waiting.pop(ripe[0])
        else:
            told = self.happening()
            hours = [self.dice.expovariate(1 / 20) for _ in range(self.dice.choice((0, 0, 1, 2, 3, 7)))]
            hours += [24 * self.dice.uniform(40, 300)] * (self.dice.random() < 0.1)
            self.waiting += [(self.now + timedelta(hours=some), self.number, told) for some in hours]
        self.number += 1
        return self.write(told)

    def write(self, told: dict[str, Any]) -> dict[str, Any]:
        town, country, lat, lon = told["place"]
        people = self.dice.sample(told["people"], 3)
        common = self.dice.choices(self.words, self.weights, k=220)
        own = self.dice.choices(told["words"], k=45)
        body = self.dice.sample(common + own, 265)
        month = f"{told['day']:%B} {told['day'].day}"
        lede = f"Police in {town} said {told['killed']} people died on {month}, {people[0]} among them."
        text = f"{lede} {' '.join(body[:130])}, {people[1]} said. {' '.join(body[130:])} near {town} and {people[2]}."
        return {
            "article_id": f"art_{self.number:016d}",
            "title": f"{told['killed']} dead in {town} {' '.join(own[:3])}",
            "text": text,
            "published_at": self.now,
            "people": people,
            "place": (town, country, lat, lon),
            "day": told["day"],
            "killed": told["killed"],
        }


def load(con: duckdb.DuckDBPyConnection, press: Press, number: int) -> None:
    """Let some more articles stand in a ledger, with the facts that linking reads."""
    made = [press.print_next() for _ in range(number)]
    ids = [one["article_id"] for one in made]
    base = {"article_id": ids, "revision": [1] * number, "rules_version": ["bench"] * number}
    spans = {"char_start": [0] * number, "char_end": [1] * number}
    articles = pl.DataFrame(
        base
        | {name: [one[name] for one in made] for name in ("title", "text", "published_at")}
        | {"raw_sha256": ids, "input": ids, "source_name": ["bench"] * number, "word_count": [270] * number}
        | {name: [START] * number for name in ("first_seen_at", "fetched_at")}
        | {"extractor": ["bench"] * number, "facts_version": ["bench"] * number}
    )
    where = {name: [one["place"][at] for one in made] for at, name in enumerate(("name", "country", "lat", "lon"))}
    places = pl.DataFrame(base | spans | {"type": ["place"] * number} | where)
    people = pl.DataFrame(base | spans | {"type": ["person"] * number, "name": [one["people"] for one in made]})
    events = pl.DataFrame(
        {"article_id": ids, "revision": [1] * number, "event_no": [0] * number, "is_main": [True] * number}
        | {"is_aggregate": [False] * number, "kind": ["attack"] * number, "place": where["name"]}
        | {"date_low": [one["day"] for one in made], "date_high": [one["day"] for one in made]}
        | {"date_precision": ["day"] * number, "words": [["people"]] * number, "names": [one["people"] for one in made]}
        | {name: where[name] for name in ("country", "lat", "lon")}
    )
    counts = pl.DataFrame(
        base
        | spans
        | {"count_id": [f"cnt_{one}" for one in ids], "event_no": [0] * number, "field": ["text"] * number}
        | {"evidence": ["x"] * number, "evidence_start": [0] * number, "kind": ["killed"] * number}
        | {name: [one["killed"] for one in made] for name in ("value", "low", "high")}
        | {"modifier": ["exact"] * number, "is_attacker": [False] * number, "scope": ["total"] * number}
        | {"seen_at": [START] * number}
    )
    for table, frame in (
        ("revisions", articles),
        ("current_revisions", articles.select("article_id", "revision")),
        ("stated_mentions", places),
        ("stated_mentions", people.explode("name")),
        ("local_events", events),
        ("stated_counts", counts),
    ):
        con.register("frame", frame)
        con.execute(f"INSERT INTO {table} BY NAME SELECT * FROM frame")


def link_seconds(folder: Path) -> tuple[float, int]:
    """What it takes to link what is new and to load it; how many articles were linked anew for it."""
    start = time.perf_counter()
    link_ledger(str(folder / "ledger.duckdb"), str(folder / "links.duckdb"), str(folder / "out"))
    load_links(folder, "bench", folder / "out", START, 0.0, folder / "ledger.duckdb")
    return time.perf_counter() - start, pl.read_parquet(folder / "out" / "touched").height


def rows(rounds: int = ROUNDS, size: int = SIZES[-1]) -> list[Row]:
    """What a thousand more take beside each archive over what they take beside the smallest; archives up to `size`."""
    found: list[Row] = []
    for archive in [one for one in SIZES if one <= size]:
        with tempfile.TemporaryDirectory() as name:
            folder, press = Path(name), Press()
            with open_ledger(folder, folder / "ledger.duckdb") as con:
                prepare(con)
                for first in range(0, archive, 10_000):
                    load(con, press, min(10_000, archive - first))
            whole, _ = link_seconds(folder)
            turns = []
            for _ in range(rounds):
                with open_ledger(folder, folder / "ledger.duckdb") as con:
                    load(con, press, NEW)
                turns.append(link_seconds(folder))
        seconds, touched = sorted(turns)[rounds // 2]
        ratio = seconds / found[0].figure if found else None
        told = f"link and load {NEW:,} new beside {archive:,}" + (f" / beside {SIZES[0]:,}" if found else "")
        what = f"made-up press; {touched:,} linked anew; the archive at once {whole:.1f} s"
        found.append(Row(told, seconds, "s", ratio, "≤ 1.5" if ratio else "", rounds, what))
    return found
