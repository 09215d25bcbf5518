"""Compare a published ledger with labels by hand, as the README of tests/gold says."""

import csv
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb

GOLD = Path(__file__).resolve().parent / "gold"
Row = dict[str, Any]
KINDS = ("killed", "wounded", "casualties", "munitions", "attackers")


def read_gold(name: str, rewrite: Callable[[str], str] = lambda text: text) -> list[Row]:
    """A gold table; empty cells are None; `rewrite` changes the cells as a test changed the articles."""
    with (GOLD / f"kabul_{name}.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    kept = ("article", "event", "kind", "scope", "modifier", "stance", "required")
    return [{key: (value if key in kept else rewrite(value)) or None for key, value in row.items()} for row in rows]


def read_ledger(published: Path, sql: str) -> list[Row]:
    """Rows of a published file; `article` is the stem of the input's name."""
    with duckdb.connect(str(published), read_only=True) as con:
        con.execute("SET TimeZone = 'UTC'")
        cursor = con.execute(sql)
        names = [column[0] for column in cursor.description]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    for row in rows:
        if "input" in row:
            row["article"] = Path(row["input"]).stem
    return rows


def words(text: str | None) -> set[str]:
    return set(re.findall(r"\w+", (text or "").casefold().replace("’s", "").replace("'s", "")))


def agree(left: str | None, right: str | None) -> bool:
    """One side's words are all in the other's; nothing agrees only with nothing."""
    first, second = words(left), words(right)
    return first == second if not first or not second else first <= second or second <= first


def number(text: str | None) -> int | None:
    return int(text) if text else None


@dataclass
class Score:
    """What a comparison found: gold rows met, missed, and rows of ours that no gold row stands for."""

    met: list[tuple[Row, Row]] = field(default_factory=list)
    missed: list[Row] = field(default_factory=list)
    extra: list[Row] = field(default_factory=list)


def pair(gold: list[Row], ours: list[Row], same: Callable[[Row, Row], bool]) -> Score:
    """One to one; required gold rows choose first."""
    score, left = Score(), list(ours)
    for row in sorted(gold, key=lambda row: row.get("required") != "yes"):
        hit = next((mine for mine in left if same(row, mine)), None)
        if hit is None:
            if row.get("required") == "yes":
                score.missed.append(row)
        else:
            left.remove(hit)
            score.met.append((row, hit))
    score.extra = left
    return score


def name_events(published: Path, rewrite: Callable[[str], str]) -> dict[str, str]:
    """event_id -> the gold table's name for it: that of most of the gold rows whose evidence its facts hold."""
    facts = read_ledger(
        published, "SELECT f.event_id, f.evidence, a.input FROM facts AS f JOIN articles AS a USING (article_id)"
    )
    votes: dict[str, dict[str, int]] = {}
    for row in read_gold("counts", rewrite) + read_gold("claims", rewrite):
        for fact in facts:
            if fact["article"] == row["article"] and str(row["evidence"]) in fact["evidence"]:
                tally = votes.setdefault(fact["event_id"], {})
                tally[row["event"]] = tally.get(row["event"], 0) + 1
    return {event: max(tally, key=lambda name: tally[name]) for event, tally in votes.items()}


def stated_in_text(published: Path, table: str) -> list[Row]:
    """The counts or claims that bodies state, in the order of the text, with the article's `input` and `text`."""
    return read_ledger(
        published,
        f"SELECT f.*, a.input, a.text FROM {table} AS f JOIN articles AS a USING (article_id) "
        "WHERE field = 'text' ORDER BY char_start",
    )


def compare_counts(published: Path, rewrite: Callable[[str], str] = lambda text: text) -> Score:
    """Counts of field text; a pair agrees on kind, low, high, modifier, scope, event and evidence."""
    events = name_events(published, rewrite)
    ours = stated_in_text(published, "counts")

    def same(gold: Row, mine: Row) -> bool:
        at = mine["text"].find(gold["evidence"])
        return (
            gold["article"] == mine["article"]
            and gold["kind"] == mine["kind"]
            and (number(gold["low"]), number(gold["high"])) == (mine["low"], mine["high"])
            and gold["modifier"] == mine["modifier"]
            and gold["scope"] == mine["scope"]
            and events.get(mine["event_id"], "none") == gold["event"]
            and at <= mine["char_start"] < at + len(gold["evidence"]) + 40
        )

    score = pair(read_gold("counts", rewrite), ours, same)
    score.extra = [row for row in score.extra if row["kind"] in KINDS]
    return score


def compare_claims(published: Path, rewrite: Callable[[str], str] = lambda text: text) -> Score:
    """Claims of field text; a pair agrees on actor, stance, event and evidence."""
    events = name_events(published, rewrite)
    ours = stated_in_text(published, "claims")

    def same(gold: Row, mine: Row) -> bool:
        return (
            gold["article"] == mine["article"]
            and gold["stance"] == mine["stance"]
            and gold["actor"] == mine["actor"]
            and events.get(mine["event_id"], "none") == gold["event"]
            and gold["evidence"] in mine["evidence"]
        )

    return pair(read_gold("claims", rewrite), ours, same)


def compare_quotes(published: Path, rewrite: Callable[[str], str] = lambda text: text) -> Score:
    """Quotes; a pair agrees on the speaker and begins with the same words."""
    ours = read_ledger(
        published, "SELECT q.*, a.input FROM quotes AS q JOIN articles AS a USING (article_id) ORDER BY char_start"
    )

    def same(gold: Row, mine: Row) -> bool:
        return (
            gold["article"] == mine["article"]
            and agree(gold["speaker"], mine["speaker"])
            and mine["text"].startswith(gold["text"].rstrip(",."))
        )

    return pair(read_gold("quotes", rewrite), ours, same)


def compare_tolls(published: Path, rewrite: Callable[[str], str] = lambda text: text) -> list[str]:
    """What of the gold tolls differs, under the default policy: a line a difference."""
    events = name_events(published, rewrite)
    ours = {
        (events.get(row["event_id"]), row["kind"]): row
        for row in read_ledger(published, "SELECT * FROM tolls WHERE policy = 'independent'")
    }
    wrong = []
    for gold in read_gold("tolls", rewrite):
        mine = ours.get((gold["event"], gold["kind"]))
        low, high, is_open = stated_ends(gold["event"], gold["kind"], rewrite)
        wanted = (low, number(gold["best"]), high, is_open, int(gold["n_articles"]))
        got = mine and tuple(mine[key] for key in ("low", "best", "high", "is_open_high", "n_articles"))
        if got != wanted:
            wrong.append(f"{gold['event']} {gold['kind']}: {got}, not {wanted}")
    return wrong


def stated_ends(event: str, kind: str, rewrite: Callable[[str], str]) -> tuple[int, int, bool]:
    """The lowest and the highest figure that the gold counts state for a whole toll, and whether the highest is open.

    Unchanged, these are the gold tolls' own; a rewriting that turns 23 into 41 also changes which is the highest.
    """
    said = [
        (number(row["value"]), row["modifier"])
        for row in read_gold("counts", rewrite)
        if (row["event"], row["kind"]) == (event, kind) and row["scope"] in ("total", "cumulative") and row["value"]
    ]
    values = [value for value, _ in said if value is not None]
    return min(values), max(values), any(v == max(values) and m in ("at_least", "more_than") for v, m in said)


def compare_articles(published: Path, rewrite: Callable[[str], str] = lambda text: text) -> list[str]:
    """What of the gold's metadata differs: a line a difference."""
    ours = {row["article"]: row for row in read_ledger(published, "SELECT * FROM articles")}
    wrong = []
    for gold in read_gold("articles", rewrite):
        mine = ours[gold["article"]]
        got = {
            "title": mine["title"],
            "authors": ", ".join(mine["authors"] or []) or None,
            "published_on": mine["published_at"] and str(mine["published_at"].date()),
            "published_from": mine["published_from"],
            "dateline": mine["dateline"] and mine["dateline"].rstrip(","),
            "origin": mine["origin"],
        }
        for key, value in got.items():
            if value != (gold[key] and gold[key].rstrip(",")):
                wrong.append(f"{gold['article']} {key}: {value!r}, not {gold[key]!r}")
    return wrong


def compare_texts(published: Path, rewrite: Callable[[str], str] = lambda text: text) -> list[str]:
    """Paragraphs of the gold bodies that are gone, and residue that is still there: a line each."""
    texts = {row["article"]: row["text"] for row in read_ledger(published, "SELECT input, text FROM articles")}
    wrong = []
    for file in sorted((GOLD / "kabul_text").glob("*.txt")):
        kept = texts[file.stem].split("\n")
        paragraphs = [line.strip() for line in rewrite(file.read_text("utf-8")).split("\n") if line.strip()]
        lost = [line for line in paragraphs if not any(own.endswith(line) for own in kept)]
        wrong += [f"{file.stem} lost: {line[:80]}" for line in lost]
    for gold in read_gold("removed", rewrite):
        wrong += [
            f"{gold['article']} still there: {line}"
            for line in texts[gold["article"]].split("\n")
            if line == gold["line"]
        ]
    return wrong
