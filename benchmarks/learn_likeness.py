"""Learn how likely two articles are of one story: seeds/lexicon/likeness.csv, from half a of the evaluation sets.

    newsledger run ../shared/eval/{stories,stories_ecb,quotes,muc,clean}/docs.jsonl.gz --data DIR
    python -m benchmarks.learn_likeness DIR ../shared/eval

A logistic regression (Newton's method, a small ridge) over the pairs that linking would look at. Pairs within a set of
stories are labelled by its gold; pairs across sets, years apart, are strangers: without those a mixed archive merges by
topic. Articles of other sets are halved by their id. Half b is read by nothing here.
"""

import gzip
import hashlib
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import polars as pl

from benchmarks.learn_terms import SETS, in_half_a
from flows.lexicon import lexicons
from flows.link.likeness import compare
from flows.link.marks import describe
from flows.warehouse.marks import add_articles, find_pairs, open_index, read_marks

Numbers = np.ndarray[Any, np.dtype[np.float64]]
BACKGROUND = ("quotes", "muc", "clean")  # none of their articles tells of what the others do
RIDGE = 5.0
LEARNT_FROM = 0.02  # pairs with less in common than linking looks for: those inside of a group are weighed too
STEPS = 30


def read_gold(folder: Path) -> dict[tuple[str, str], str]:
    """The story of each document of half a, by set and id."""
    found: dict[tuple[str, str], str] = {}
    for name in SETS:
        with gzip.open(folder / name / "gold.jsonl.gz", "rt", encoding="utf-8") as lines:
            labels = [gold for gold in map(json.loads, lines) if in_half_a(gold)]
        found |= {(name, gold["id"]): f"{name} {gold['cluster']}" for gold in labels}
    return found


def half_a(data: Path, folder: Path) -> dict[str, tuple[str, str | None]]:
    """Set and story (NULL: not known) of each article of half a."""
    gold = read_gold(folder)
    with duckdb.connect(str(data / "news.duckdb"), read_only=True) as con:
        rows = con.execute("SELECT article_id, split_part(input, '/', -2), split_part(input, '#', -1) FROM articles")
        found: dict[str, tuple[str, str | None]] = {}
        for article_id, name, document in rows.fetchall():
            if name in SETS and (name, document) in gold:
                found[article_id] = (name, gold[name, document])
            elif name in BACKGROUND and hashlib.sha1(document.encode()).digest()[0] % 2 == 0:
                found[article_id] = (name, None)
        return found


def read_pairs(data: Path, ids: list[str]) -> pl.DataFrame:
    """The pairs among some articles that linking would compare, with their features."""
    with duckdb.connect(str(data / "news.duckdb"), read_only=True) as con:
        frames = [
            con.sql(f"FROM {table} WHERE article_id IN (SELECT unnest($1))", params=[ids]).pl()
            for table in ("articles", "mentions", "local_events", "stated_counts")
        ]
    with tempfile.TemporaryDirectory() as folder, open_index(Path(folder) / "links.duckdb") as con:
        profiles, marks = describe(*frames)
        add_articles(con, profiles.with_columns(raw_sha256=pl.lit("")), marks)
        return compare(find_pairs(con, ids, LEARNT_FROM), *read_marks(con, profiles.select("article_id")))


def fit(features: Numbers, same: Numbers) -> Numbers:
    """Weights of the features, standardised inside and given for what they are; the last one is the bias."""
    mean, spread = features.mean(0), features.std(0)
    spread[spread < 1e-9] = 1.0
    given = np.hstack([(features - mean) / spread, np.ones((len(features), 1))])
    ridge = np.diag([RIDGE] * features.shape[1] + [0.0])
    weights = np.zeros(given.shape[1])
    for _ in range(STEPS):
        likely = 1 / (1 + np.exp(-given @ weights))
        slope = given.T @ (likely - same) + ridge @ weights
        curve = (given * (likely * (1 - likely))[:, None]).T @ given + ridge
        weights -= np.linalg.solve(curve, slope)
    plain = weights[:-1] / spread
    return np.append(plain, weights[-1] - plain @ mean)


def main(data: Path, folder: Path) -> None:
    """Read half a, fit, write the lexicon."""
    known = half_a(data, folder)
    pairs = read_pairs(data, sorted(known))
    left, right = ([known[name] for name in pairs[side]] for side in ("left", "right"))
    is_labelled = np.array([one[0] != other[0] or one[1] is not None for one, other in zip(left, right, strict=True)])
    same = np.array([one[1] is not None and one == other for one, other in zip(left, right, strict=True)], dtype=float)
    names = pairs.columns[2:]
    weights = fit(pairs.select(names).to_numpy()[is_labelled], same[is_labelled])
    out = "".join(f"{name},{weight:.4f}\n" for name, weight in zip([*names, "bias"], weights, strict=True))
    (lexicons() / "likeness.csv").write_text("feature,weight\n" + out, encoding="utf-8")
    print(f"{len(names)} features from {int(is_labelled.sum())} pairs, {int(same.sum())} of one story")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
