import random

import polars as pl
import pytest

from flows.link.marks import KINDS
from flows.link.shared import PAIR, WEIGHED, Held

MARKS = pl.Schema({"no": pl.Int32, "kind": pl.UInt8, "mark": pl.UInt64, "weight": pl.Float32, "rarity": pl.Float32})


def some_marks(seed: int) -> pl.DataFrame:
    """Articles 1 to 20, but 13, with marks of which kind and number go together."""
    dice = random.Random(seed)
    rows = [
        (no, mark % len(KINDS), mark, dice.random(), dice.choice([None, dice.random()]))
        for no in range(1, 21)
        for mark in dice.sample(range(100), 30)
        if no != 13
    ]
    return pl.DataFrame(rows, schema=MARKS, orient="row").sort("no", "kind", "mark")


def some_pairs(seed: int) -> pl.DataFrame:
    dice = random.Random(seed)
    pairs = [tuple(dice.sample(range(1, 21), 2)) for _ in range(60)]
    return pl.DataFrame(pairs, schema=dict.fromkeys(PAIR, pl.Int32), orient="row").unique(maintain_order=True)


@pytest.mark.parametrize("seed", range(4))
def test_what_two_articles_share_is_what_stands_among_the_marks_of_both(seed: int) -> None:
    marks, pairs = some_marks(seed), some_pairs(seed)
    held: dict[int, dict[int, tuple[int, float, float]]] = {}
    for no, kind, mark, weight, rarity in marks.iter_rows():
        held.setdefault(no, {})[mark] = (kind, weight, rarity or 0.0)

    shared = Held(marks).share(pairs)

    assert sorted(shared.select(PAIR).iter_rows()) == sorted(pairs.iter_rows())
    for row in shared.iter_rows(named=True):
        left, right = (held.get(row[side], {}) for side in PAIR)
        both = left.keys() & right.keys()
        for at, kind in enumerate(KINDS):
            assert row[f"n_{kind}"] == sum(left[mark][0] == at for mark in both)
        for kind in WEIGHED:
            dot = sum(left[mark][1] * right[mark][1] for mark in both if KINDS[left[mark][0]] == kind)
            assert row[f"dot_{kind}"] == pytest.approx(dot)


@pytest.mark.parametrize("seed", range(4))
def test_what_two_articles_share_is_the_same_to_the_bit_in_any_order(seed: int) -> None:
    marks, pairs = some_marks(seed), some_pairs(seed)
    turned = pairs.select(left="right", right="left").reverse()

    straight, mixed = Held(marks), Held(marks.sample(fraction=1.0, shuffle=True, seed=seed))

    assert mixed.totals.equals(straight.totals)
    assert mixed.share(pairs).sort(PAIR).equals(straight.share(pairs).sort(PAIR))
    back = mixed.share(turned).drop("rarity_word").rename({"left": "right", "right": "left"})
    assert (
        back.select(straight.share(pairs).drop("rarity_word").columns)
        .sort(PAIR)
        .equals(straight.share(pairs).drop("rarity_word").sort(PAIR))
    )


def test_articles_without_marks_share_nothing() -> None:
    pairs = pl.DataFrame([(1, 13), (98, 99)], schema=dict.fromkeys(PAIR, pl.Int32), orient="row")

    for marks in (some_marks(1), MARKS.to_frame()):
        shared = Held(marks).share(pairs)
        assert shared.drop(PAIR).sum().row(0) == (0.0,) * (len(KINDS) + len(WEIGHED) + 1)
