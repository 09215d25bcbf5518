import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from flows.link.marks import MARKS, PROFILES
from flows.link.meeting import CHOSEN, FAR, KEYS, MOST, SOON, best_of, choose_keys, meet
from flows.link.minhash import SIGNATURES
from flows.warehouse.marks import add_articles, open_index, printed
from flows.weighing import find_pairs

START = datetime(2024, 3, 1, tzinfo=UTC)


def some_keys(seed: int) -> pl.DataFrame:
    dice = random.Random(seed)
    rows = [(no, mark, dice.random() / 2) for no in range(1, 31) for mark in dice.sample(range(40), 8)]
    return pl.DataFrame(rows, schema=KEYS, orient="row")


@pytest.mark.parametrize("seed", range(5))
def test_articles_meet_whose_shared_keys_weigh_enough_together(seed: int) -> None:
    keys = some_keys(seed)
    asked = keys.filter(pl.col("no") % 3 == 0)
    held = {no: dict(zip(own["mark"], own["weight"], strict=True)) for (no,), own in keys.group_by("no")}
    sums = {
        (one, other): sum(weight * held[other].get(mark, 0.0) for mark, weight in held[one].items())
        for one in asked["no"].unique()
        for other in held
        if one != other
    }

    met = meet(asked, keys, 0.2)

    assert set(met.select("one", "other").iter_rows()) == {pair for pair, found in sums.items() if found >= 0.2}
    assert all(abs(found - sums[one, other]) < 1e-9 for one, other, found in met.iter_rows())


def test_two_articles_meet_by_the_same_sum_from_either_side_and_in_any_order() -> None:
    keys = some_keys(7)

    straight = {(one, other): found for one, other, found in meet(keys, keys, 0.1).iter_rows()}
    mixed = meet(keys.sample(fraction=1.0, shuffle=True, seed=1), keys.sample(fraction=1.0, shuffle=True, seed=2), 0.1)

    assert straight
    assert all(straight[other, one] == found for (one, other), found in straight.items())
    assert {(one, other): found for one, other, found in mixed.iter_rows()} == straight


@pytest.mark.parametrize("seed", range(3))
def test_of_those_an_article_meets_it_is_weighed_with_the_ones_it_shares_most_with_the_nearest_first(seed: int) -> None:
    keys = some_keys(seed)
    days = np.array([np.nan, *(random.Random(seed).randrange(3) for _ in range(30))])
    every: dict[int, list[tuple[float, float, int]]] = {}
    for one, other, together in meet(keys, keys, 0.1).iter_rows():
        every.setdefault(one, []).append((-together, abs(days[other] - days[one]), other))

    few = meet(keys, keys, 0.1, days, most=4)

    best = {one: {other for *_, other in sorted(others)[:4]} for one, others in every.items()}
    assert {one: set(met["other"]) for (one,), met in few.group_by("one")} == best


@pytest.mark.parametrize("size", [1, 3, 7])
@pytest.mark.parametrize("seed", range(3))
def test_whom_an_article_meets_is_the_same_however_many_of_the_others_are_looked_at_at_once(
    seed: int, size: int
) -> None:
    keys = some_keys(seed)
    days = np.array([np.nan, *(random.Random(seed).randrange(3) for _ in range(30))])
    runs = [keys.filter(pl.col("no").is_between(first, first + size - 1)) for first in range(0, 42, size)]

    some = best_of((meet(keys, run, 0.1, days, most=4) for run in runs), days, most=4)

    assert some.height
    assert some.sort("one", "other").equals(meet(keys, keys, 0.1, days, most=4).sort("one", "other"))


def test_an_articles_keys_are_its_heaviest_words_and_its_rare_names() -> None:
    words = [("a", "word", number, 0.01 * number, 3.0) for number in range(1, MOST + 11)]
    other = [
        ("a", "word", 900, 0.9, None),
        ("a", "person", 901, 1.0, 20.0),
        ("a", "person", 902, 1.0, 5.0),
        ("a", "aged", 903, 1.0, None),
        ("a", "place", 904, 1.0, None),
    ]

    keys = choose_keys(pl.DataFrame(words + other, schema=MARKS, orient="row"))

    assert keys.schema == CHOSEN
    assert set(keys["mark"]) == {*range(11, MOST + 11), 901, 903}


@pytest.mark.parametrize(
    ("days", "weight", "meets"),
    [
        (SOON, 0.31, True),
        (SOON + 1, 0.31, False),
        (SOON + 1, 0.32, True),
        (FAR, 0.9, True),
        (FAR + 1, 0.9, False),
        (None, 0.31, True),
    ],
)
def test_what_two_articles_must_share_grows_with_the_days_between_them(
    tmp_path: Path, days: int | None, weight: float, meets: bool
) -> None:
    on = [START, None if days is None else START + timedelta(days=days)]
    rows = [{"article_id": name, "published_at": at, "n_words": 9} for name, at in zip("ab", on, strict=True)]
    profiles = pl.DataFrame(rows, schema=PROFILES).with_columns(raw_sha256=pl.col("article_id"))
    keys = pl.DataFrame([("a", 1, weight), ("b", 1, weight)], schema=CHOSEN, orient="row")
    with open_index(tmp_path / "links.duckdb") as kept:
        add_articles(kept, profiles, MARKS.to_frame(), keys, SIGNATURES.to_frame())

        pairs = find_pairs(kept, ["b"], printed(kept), 0.09)

    assert list(pairs.iter_rows()) == ([(1, 2)] if meets else [])
