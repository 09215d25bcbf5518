"""Happenings: what several stories tell of one event is one event; what stories are about stays apart."""

import random
from datetime import date

import numpy as np
import polars as pl
import pytest

from flows.link.happenings import HAPPENINGS, PAIRS, SAME, compare_happenings, find_keys, join_happenings

DAY = date(2026, 1, 5)


def happening(no: int, story: str, is_main: bool, **told: object) -> dict[str, object]:
    own = {"no": no, "happening_id": f"h{no}", "story_id": story, "is_main": is_main, "is_aggregate": False}
    when = {"date_low": DAY, "date_high": DAY, "date_precision": "day"}
    return dict.fromkeys(HAPPENINGS.names()) | own | when | {"names": [], "killed": [], "wounded": []} | told


def compared(*happenings: dict[str, object]) -> list[tuple[int, int]]:
    """The pairs of happenings for which enough speaks."""
    frame = pl.DataFrame([*happenings], schema={"no": pl.Int64} | dict(HAPPENINGS))
    numbers = [one["no"] for one in happenings]
    pairs = pl.DataFrame([(a, b) for a in numbers for b in numbers if a < b], schema=PAIRS, orient="row")
    return compare_happenings(pairs, frame).select("left", "right").rows()


def same(*pairs: tuple[int, int, float]) -> pl.DataFrame:
    return pl.DataFrame([*pairs], schema=SAME, orient="row")


def test_a_day_a_place_and_a_kind_make_one_event_only_with_a_figure_or_a_rare_name() -> None:
    blast = {"kind": "bombing", "place": "Arvento"}

    assert compared(happening(0, "s", False, **blast), happening(1, "t", False, **blast)) == []
    assert compared(happening(0, "s", False, **blast, killed=[12]), happening(1, "t", False, **blast, killed=[12])) == [
        (0, 1)
    ]
    assert compared(
        happening(0, "s", False, **blast, names=["Orsolatti Bakery"]),
        happening(1, "t", False, **blast, names=["Orsolatti Bakery"]),
    ) == [(0, 1)]


def test_happenings_of_one_story_and_what_two_stories_are_about_are_never_one_event() -> None:
    blast = {"kind": "bombing", "place": "Arvento", "killed": [12], "names": ["Orsolatti Bakery"]}

    assert compared(happening(0, "s", True, **blast), happening(1, "t", True, **blast)) == []
    assert compared(happening(0, "s", True, **blast), happening(1, "s", False, **blast)) == []
    assert compared(happening(0, "s", True, **blast), happening(1, "t", False, **blast)) == [(0, 1)]


def test_two_happenings_of_one_event_share_a_key() -> None:
    told = [happening(0, "s", False, place="Arvento"), happening(1, "t", False, place="arvento", is_aggregate=True)]
    frame = pl.DataFrame(told, schema={"no": pl.Int64} | dict(HAPPENINGS))

    assert find_keys(frame).rows() == [("h0", "2026-01-05 arvento")]


def test_what_a_story_recalls_goes_to_the_one_event_that_most_speaks_for() -> None:
    is_main = np.array([True, True, False, False])

    joined = join_happenings(is_main, same((0, 2, 5.0), (1, 2, 6.0), (2, 3, 9.0)))

    assert joined.tolist() == [0, 1, 1, 3]  # the third, which no story is about, is not drawn into it


def test_of_two_events_for_which_as_much_speaks_it_is_the_first() -> None:
    assert join_happenings(np.array([True, True, False]), same((0, 2, 5.0), (1, 2, 5.0))).tolist() == [0, 1, 0]


def test_what_no_story_is_about_groups_by_itself() -> None:
    assert join_happenings(np.zeros(4, dtype=bool), same((0, 2, 5.0), (2, 3, 5.0))).tolist() == [0, 1, 0, 0]
    assert join_happenings(np.zeros(2, dtype=bool), same()).tolist() == [0, 1]


@pytest.mark.parametrize("seed", range(5))
def test_pairs_in_any_order_make_the_same_events(seed: int) -> None:
    dice = random.Random(seed)
    is_main = np.array([dice.random() < 0.3 for _ in range(30)])
    drawn = {tuple(sorted(dice.sample(range(30), 2))): float(dice.randint(5, 8)) for _ in range(40)}
    pairs = [(left, right, points) for (left, right), points in drawn.items() if not (is_main[left] and is_main[right])]

    straight = join_happenings(is_main, same(*pairs))
    mixed = join_happenings(is_main, same(*dice.sample(pairs, len(pairs))))

    assert straight.tolist() == mixed.tolist()
    assert all(np.count_nonzero(is_main[straight == event]) <= 1 for event in set(straight))
