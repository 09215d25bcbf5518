import random
from datetime import UTC, datetime, timedelta
from itertools import combinations

import polars as pl

from flows.link.likeness import PAIRS, weigh_pairs
from flows.link.marks import KINDS, PROFILES
from flows.link.shared import PAIR

N = 150
MARKS = pl.Schema({"no": pl.Int32, "kind": pl.UInt8, "mark": pl.UInt64, "weight": pl.Float32, "rarity": pl.Float32})


def some_articles(seed: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    """(PROFILES, MARKS) of N articles that share many words and some of all else, by number."""
    dice = random.Random(seed)
    marks = [
        (no, mark % len(KINDS), mark, 0.1 + dice.random() / 3, 1.0 + mark % 9)
        for no in range(N)
        for mark in sorted(dice.sample(range(100), 40), key=lambda mark: (mark % len(KINDS), mark))
    ]
    start = datetime(2026, 1, 5, tzinfo=UTC)
    days = [start + timedelta(hours=dice.random() * 400) for _ in range(N)]
    profiles = pl.DataFrame({"no": range(N), "published_at": days, "n_words": dice.choices(range(50, 900), k=N)})
    dates = {"date_low": pl.col("published_at").dt.date(), "date_high": pl.col("published_at").dt.date()}
    profiles = profiles.with_columns(**dates, date_precision=pl.lit("day"))
    types = {name: type_ for name, type_ in PROFILES.items() if name != "article_id"}
    return profiles.select("no", *types).cast({"no": pl.Int32} | types), pl.DataFrame(marks, schema=MARKS, orient="row")


def test_how_alike_two_articles_are_is_the_same_to_the_bit_wherever_and_whenever_they_are_weighed() -> None:
    profiles, marks = some_articles(0)
    pairs = pl.DataFrame(list(combinations(range(N), 2)), schema=PAIRS, orient="row")

    weighed = weigh_pairs(pairs, profiles, marks)

    assert weighed.height > 5_000
    for first, n in ((0, pairs.height), (7, 4_000), (3_001, 1)) * 5:
        some = pairs[first : first + n]
        expected = weighed.join(some, on=PAIR, how="semi", maintain_order="left")
        assert weigh_pairs(some.sample(fraction=1.0, shuffle=True, seed=1), profiles, marks).equals(expected)
