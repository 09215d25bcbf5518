"""Real articles without end: those of the evaluation sets, over and over, each time of another world.

A world is all 3,382 texts once. Names, towns and numbers in it are others, consistently, so that what reported on one
event still does. So are most words, each by one that is about as common, ends alike and stands in the same lexicons:
a text whose names alone were changed would be a near copy of the original. Which word stands for which is drawn for
each world, and a name is new in each: as of a press that goes on, the common words recur and the names do not. Dates
move with the article, of which there are A_DAY a day.
"""

import gzip
import json
import random
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl

from benchmarks.pages import EVAL
from flows.lexicon import lexicon, lexicons

A_DAY = 270
START = datetime(2015, 1, 5, tzinfo=UTC)
SETS = ("counts", "stories", "stories_ecb", "quotes", "muc", "facts")
# What is no rule: the names that are swapped, and lists of all words there are.
NO_RULES = {"places", "first_names", "term_shares", "common_words", "ordinary_words", "likeness", "url_parameters"}
WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*|\d+(?:,\d{3})*")
# Lexicons whose words stand for themselves alone; those of the others may stand for one another.
CLOSED = {
    "dates",
    "grammar",
    "harm",
    "months",
    "multiples",
    "numbers",
    "quantifiers",
    "scopes",
    "speech",
    "ages",
    "kin",
}
MONTHS = [f"{date(2020, month, 1):%B}" for month in range(1, 13)]
DAYS = {f"{date(2020, 1, day):%A}".lower() for day in range(1, 8)}
DATE = re.compile(rf"\b({'|'.join(MONTHS)}) (\d{{1,2}})\b(?:, (\d{{4}}))?")
FEW = 5  # words of one lexicon that stand for one another only; fewer, any word of the form may stand for them
ENDINGS = ("ing", "ed", "ly", "er", "ion", "s", "")
BANDS = (0.001, 0.004, 0.015, 0.05, 0.3)


class Worlds:
    """The words of the evaluation sets, sorted by what may stand for them. Raises FileNotFoundError without them."""

    def __init__(self) -> None:
        self.articles = _read_articles()
        kept = _words_of_rules()
        names = lexicon("first_names")
        self.first_names: dict[str, list[str]] = {sex: sorted(names.filter(gender=sex)["name"]) for sex in ("f", "m")}
        self.sexes: dict[str, str] = dict(names.select("name", "gender").iter_rows())
        towns = lexicon("places").filter(pl.col("kind") == "city", pl.col("name").str.contains(r"^\p{Lu}\p{Ll}{3,}$"))
        self.towns: list[str] = sorted(towns.filter(pl.col("population") > 15_000)["name"].unique())
        self.is_town = {name for name in self.towns if name.lower() not in kept}
        seen = Counter(word for one in self.articles for word in WORD.findall(f"{one['title'] or ''} {one['text']}"))
        shares = dict(lexicon("term_shares").select("word", "share").iter_rows())
        small = {word for word in seen if word.islower() and word not in kept}
        known = small | set(kept)
        names_here = {word for word in seen if word.istitle() and len(word) > 3 and word.lower() not in known}
        self.names: list[str] = sorted(names_here - self.is_town)
        self.is_name = set(self.names)
        alike: dict[tuple[object, ...], list[str]] = defaultdict(list)
        for word in sorted(word for word in seen if word.islower() and len(word) > 3):
            share, of_rules = shares.get(word, 0.0), kept.get(word, frozenset())
            if share < BANDS[-1] and not of_rules & CLOSED:
                ending = next(end for end in ENDINGS if word.endswith(end))
                alike[of_rules, ending, sum(share >= band for band in BANDS)].append(word)
        self.buckets: dict[tuple[object, ...], list[str]] = defaultdict(list)
        for key, words in alike.items():
            self.buckets[key if len(words) > FEW else key[1:]] += words

    def write(self, path: Path, number: int) -> None:
        """A jsonl of that many articles."""
        with path.open("w", encoding="utf-8") as lines:
            for place, article in zip(range(number), self.all(), strict=False):
                lines.write(json.dumps(article | {"id": f"{place:07d}"}, ensure_ascii=False) + "\n")

    def all(self) -> Iterator[dict[str, Any]]:
        """The articles in the order of their printing, those of one story beside each other."""
        place = 0
        while True:
            world = World(self, place)
            order = sorted({one["story"] for one in self.articles})
            world.dice.shuffle(order)
            ranks = {story: rank for rank, story in enumerate(order)}
            for one in sorted(self.articles, key=lambda one: (ranks[one["story"]], str(one["published"]), one["id"])):
                yield world.retell(one, START + timedelta(days=place / A_DAY))
                place += 1


class World:
    """What stands for what in one copy of all articles."""

    def __init__(self, worlds: Worlds, number: int) -> None:
        self.dice = random.Random(number)
        self.worlds, self.add, self.other = worlds, self.dice.randint(1, 9), dict[str, str]()
        for words in worlds.buckets.values():
            self.other |= zip(words, self.dice.sample(words, len(words)), strict=True)

    def retell(self, article: dict[str, Any], at: datetime) -> dict[str, Any]:
        """An article of this world, printed at `at`."""
        move = at.date() - (article["published"] or at.date())  # of an article without a date nothing moves

        def moved(found: re.Match[str]) -> str:
            year = int(found[3] or (at.date() - move).year)
            try:
                then = date(year, MONTHS.index(found[1]) + 1, int(found[2])) + move
            except (ValueError, OverflowError):
                return found[0]
            return f"{then:%B} {then.day}, {then.year}" if found[3] else f"{then:%B} {then.day}"

        told = {"published_at": at.isoformat(), "publisher": article["publisher"]}
        for field in ("title", "text"):
            if article[field]:  # a date's own figures are not shifted a second time
                pieces = DATE.sub(lambda found: f"\0{moved(found)}\0", article[field]).split("\0")
                pieces[::2] = [WORD.sub(self.swapped, piece) for piece in pieces[::2]]
                told[field] = "".join(pieces)
        return told

    def swapped(self, found: re.Match[str]) -> str:
        """What stands for a word or a number."""
        word = found[0]
        if word[0].isdigit():
            value = int(word.replace(",", ""))
            return word if len(word) > 9 or 1900 <= value <= 2100 else f"{value + self.add}"
        if word not in self.other:
            self.other[word] = self._drawn(word)
        return self.other[word]

    def _drawn(self, word: str) -> str:
        lower, title = word.lower(), word.title()
        if word.isupper() and len(word) > 1:
            return (self.other.get(lower) or self._name(title)).upper()
        if word.istitle() and lower in self.other:
            return self.other[lower].title()
        return self._name(word)

    def _name(self, word: str) -> str:
        if word in self.worlds.is_town:
            return self.dice.choice(self.worlds.towns)
        if (sex := self.worlds.sexes.get(word)) in self.worlds.first_names:
            return self.dice.choice(self.worlds.first_names[sex])
        if word not in self.worlds.is_name:
            return word
        head, tail = self.dice.choices(self.worlds.names, k=2)
        return head[: 2 + len(head) // 3] + tail[len(tail) // 2 :].lower()


def _read_articles() -> list[dict[str, Any]]:
    """The sets' texts, each once: `id`, `title`, `text`, `publisher`, `published` (a date or NULL), `story`."""
    found: dict[str, dict[str, Any]] = {}
    for name in SETS:
        with gzip.open(EVAL / name / "gold.jsonl.gz", "rt", encoding="utf-8") as lines:
            gold = {one["id"]: one.get("cluster") or one.get("incident") for one in map(json.loads, lines)}
        with gzip.open(EVAL / name / "docs.jsonl.gz", "rt", encoding="utf-8") as lines:
            for one in map(json.loads, lines):
                printed = one.get("published_at")
                row = {key: one.get(key) for key in ("id", "title", "text", "publisher")}
                row["story"] = gold[one["id"]] or one["id"]
                row["published"] = date.fromisoformat(printed[:10]) if printed else None
                found.setdefault(one["text"][:300], row)
    return list(found.values())


def _words_of_rules() -> dict[str, frozenset[str]]:
    """Every word of the lexicons of rules, in small letters, with the lexicons that have it."""
    found: dict[str, set[str]] = defaultdict(set)
    for file in lexicons().glob("*.csv"):
        if file.stem not in NO_RULES:
            rows = lexicon(file.stem).drop("reason", strict=False).cast(pl.String)
            for word in WORD.findall(" ".join(cell for row in rows.iter_rows() for cell in row if cell)):
                found[word.lower()].add(file.stem)
    countries = lexicon("places").filter(pl.col("kind") != "city")["name"]
    for word in [*WORD.findall(" ".join(countries)), *DAYS, *MONTHS]:
        found[word.lower()].add("dates")
    return {word: frozenset(names) for word, names in found.items()}
