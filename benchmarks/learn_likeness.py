"""Learn how likely two articles are of one story: seeds/lexicon/likeness.csv, from half a of the evaluation sets.

    newsledger run ../shared/eval/{stories,stories_ecb,counts,quotes,muc,clean}/docs.jsonl.gz --data DIR
    python -m benchmarks.learn_likeness DIR ../shared/eval

A logistic regression (Newton's method, a small ridge) over the pairs that linking would look at. What happened is known
for three sets, by incident or cluster. Without strangers an archive of other news merges by topic, a campaign into one
story: so pairs across sets, which lie years apart, and pairs of the sets on politics and on a civil war that are a week
apart count as strangers, these at a tenth, for some are not. Each pair is weighed once more, at a fifth, as if it had
no dates: half of the sets have none, and those that have must not teach that a missing date means a stranger. Articles
of sets without gold are halved by their id. Half b is read by nothing here.
"""

import gzip
import hashlib
import json
import re
import sys
import tempfile
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import polars as pl

from benchmarks.learn_terms import in_half_a
from flows.lexicon import lexicons
from flows.link.likeness import compare
from flows.link.marks import describe
from flows.link.meeting import choose_keys
from flows.link.minhash import SIGNATURES
from flows.warehouse.marks import add_articles, open_index, printed, read_marks
from flows.weighing import find_pairs

Numbers = np.ndarray[Any, np.dtype[np.float64]]
SHOOTINGS = ("stories", "counts")  # of one archive of incidents: the same ones stand in both
LABELLED = (*SHOOTINGS, "stories_ecb")
BACKGROUND = ("quotes", "muc")
OTHERS = ("clean",)
TABLES = ("articles", "mentions", "local_events", "stated_counts")
WEEK = 7  # days between two articles of BACKGROUND that are strangers
STRANGERS, UNDATED = 0.1, 0.2  # what such a pair weighs, and a pair without its dates, beside a labelled one
RIDGE = 5.0
STEPS = 30
LEARNT_FROM = 0.04  # pairs with less in common than linking looks for: those inside of a group are weighed too
MONTHS = "JANFEBMARAPRMAYJUNJULAUGSEPOCTNOVDEC"


@dataclass(frozen=True)
class Known:
    """Of an article of half a: its set, its story where that is known, its day."""

    name: str
    story: str | None
    day: date | None


def read_gold(folder: Path) -> dict[tuple[str, str], tuple[str, bool]]:
    """The story of each labelled document by set and id, and whether it is of half a."""
    found: dict[tuple[str, str], tuple[str, bool]] = {}
    for name in LABELLED:
        with gzip.open(folder / name / "gold.jsonl.gz", "rt", encoding="utf-8") as lines:
            for gold in map(json.loads, lines):
                story = f"{name in SHOOTINGS} {gold.get('cluster') or gold['incident']}"
                found[name, gold["id"]] = (story, in_half_a(gold))
    return found


def half_a(con: duckdb.DuckDBPyConnection, folder: Path) -> dict[str, Known]:
    """What is known of each article of half a."""
    gold = read_gold(folder)
    found: dict[str, Known] = {}
    rows = con.execute(
        "SELECT article_id, split_part(input, '/', -2), split_part(input, '#', -1), published_at::DATE, text "
        "FROM articles"
    ).fetchall()
    for article_id, name, document, day, text in rows:
        if name in LABELLED and gold.get((name, document), ("", False))[1]:
            found[article_id] = Known(name, gold[name, document][0], day)
        elif name in (*BACKGROUND, *OTHERS) and hashlib.sha1(document.encode()).digest()[0] % 2 == 0:
            found[article_id] = Known(name, None, day or dateline_day(text))
    return found


def dateline_day(text: str) -> date | None:
    """The day of a wire's dateline ("BOGOTA, 8 DEC 89 (DPA)")."""
    day = re.search(r"^[^-]{0,60}?\b(\d{1,2}) ([A-Z]{3})[A-Z]* (\d\d)\b", text[:120])
    if not day or MONTHS.find(day[2]) % 3 or not 1 <= int(day[1]) <= 28:
        return None
    return date(1900 + int(day[3]), MONTHS.index(day[2]) // 3 + 1, int(day[1]))


def read_pairs(con: duckdb.DuckDBPyConnection, ids: list[str]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The pairs among some articles that linking may weigh (`left`, `right`: ids), with their features; the same
    without dates."""
    frames = [con.sql(f"FROM {table} WHERE article_id IN (SELECT unnest($1))", params=[ids]).pl() for table in TABLES]
    profiles, marks = describe(*frames)
    with tempfile.TemporaryDirectory() as folder, open_index(Path(folder) / "links.duckdb") as index:
        profiles = profiles.with_columns(raw_sha256=pl.lit(""))
        add_articles(index, profiles, marks, choose_keys(marks), SIGNATURES.to_frame())
        pairs = find_pairs(index, ids, printed(index), LEARNT_FROM, most=None)
        profiles, marks = read_marks(index, pairs)
        names = index.sql("SELECT no, article_id FROM profiles").pl()
    undated = profiles.with_columns(published_at=pl.lit(None, profiles.schema["published_at"]))
    named = pl.col("left", "right").replace_strict(names["no"], names["article_id"])
    dated, undated = (compare(pairs, some, marks).with_columns(named) for some in (profiles, undated))
    return dated, undated


def label(left: Known, right: Known) -> tuple[float, float]:
    """Whether two articles are of one story (1 or 0), and what that weighs; 0 where nobody knows."""
    if left.story and right.story:
        return float(left.story == right.story), 1.0
    if left.name != right.name:
        return 0.0, 1.0
    days = abs((left.day - right.day).days) if left.day and right.day else 0
    return 0.0, STRANGERS if left.name in BACKGROUND and days >= WEEK else 0.0


def fit(features: Numbers, same: Numbers, weighs: Numbers) -> Numbers:
    """Weights of the features, standardised inside and given for what they are; the last one is the bias."""
    mean, spread = features.mean(0), features.std(0)
    spread[spread < 1e-9] = 1.0
    given = np.hstack([(features - mean) / spread, np.ones((len(features), 1))])
    ridge = np.diag([RIDGE] * features.shape[1] + [0.0])
    weights = np.zeros(given.shape[1])
    for _ in range(STEPS):
        likely = 1 / (1 + np.exp(-given @ weights))
        slope = given.T @ (weighs * (likely - same)) + ridge @ weights
        curve = (given * (weighs * likely * (1 - likely))[:, None]).T @ given + ridge
        weights -= np.linalg.solve(curve, slope)
    plain = weights[:-1] / spread
    return np.append(plain, weights[-1] - plain @ mean)


def main(data: Path, folder: Path) -> None:
    """Read half a, fit, write the lexicon."""
    with duckdb.connect(str(data / "news.duckdb"), read_only=True) as con:
        known = half_a(con, folder)
        dated, undated = read_pairs(con, sorted(known))
    pairs = pl.concat([dated, undated])
    labels = [label(known[left], known[right]) for left, right in pairs.select("left", "right").iter_rows()]
    same, weighs = np.array(labels).T
    weighs = weighs * np.repeat([1.0, UNDATED], [dated.height, undated.height])
    names = pairs.columns[2:]
    weights = fit(pairs.select(names).to_numpy()[weighs > 0], same[weighs > 0], weighs[weighs > 0])
    out = "".join(f"{name},{weight:.4f}\n" for name, weight in zip([*names, "bias"], weights, strict=True))
    (lexicons() / "likeness.csv").write_text("feature,weight\n" + out, encoding="utf-8")
    print(f"{len(names)} features from {int((weighs > 0).sum() / 2)} pairs, {int(same.sum() / 2)} of one story")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
