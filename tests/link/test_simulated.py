"""The simulation of linking (benchmarks.simulate_linking) counts what linking itself would meet."""

import random

import numpy as np
import polars as pl
import pytest

from benchmarks.drawn_keys import Drawn, draw, learn_forms
from benchmarks.simulate_linking import COUNTED, ask, count, look_up
from flows.link.links import TOGETHER
from flows.link.meeting import KEYS, NAME_WEIGHT, meet


def some_archive(seed: int) -> pl.DataFrame:
    """Thirty stories of two articles, one a day, in two subjects: words of a story, of a subject, of all; a name."""
    dice = random.Random(seed)
    rows = []
    for story in range(30):
        subject = story % 2
        own = [(1_000 * (story + 1) + word, 0.3) for word in range(4)]
        shared = [(100 * (subject + 1) + dice.randrange(20), 0.2), (dice.randrange(9), 0.1), (90 + story, NAME_WEIGHT)]
        for nth in range(2):
            keys = dict(dice.sample(own, 3) + shared)
            rows += [(2 * story + nth, mark, weight, story, nth, f"s{subject}") for mark, weight in keys.items()]
    return pl.DataFrame(rows, schema=[*KEYS.items(), "story", "day", "subject"], orient="row")


@pytest.mark.parametrize("seed", range(3))
def test_a_simulated_archive_is_counted_as_linking_meets_it(seed: int) -> None:
    part = next(draw(learn_forms(some_archive(seed).with_columns(day=None)), 150, 1, 2, seed))
    keys = pl.DataFrame({"no": part.no, "mark": part.mark, "weight": part.weight}).cast(dict(KEYS))
    asked = ask(part, 40)

    counted = dict(zip(COUNTED, count(asked, part, look_up(asked, part), 1, True)[0], strict=True))

    own = keys.filter(pl.col("no").is_in(asked.itself.tolist()))
    beside = own.join(keys, on="mark").filter(pl.col("no") != pl.col("no_right"))
    assert counted["products"] == beside.height
    assert counted["share"] == beside.select("no", "no_right").n_unique()
    assert counted["met"] == meet(own, keys, TOGETHER).height > 0


def test_a_drawn_story_has_the_form_of_a_real_one() -> None:
    drawn = list(draw(learn_forms(some_archive(1)), 300, 3, 2, seed=5))

    for part in drawn:
        mates = pl.DataFrame({"story": part.story, "day": part.day, "no": range(len(part.day))})
        keys = pl.DataFrame({"no": part.no, "mark": part.mark})
        both = mates.group_by("story").agg("no", days=pl.col("day").n_unique()).filter(pl.col("no").list.len() == 2)
        assert set(both["days"]) <= {2}
        for first, second in both["no"]:
            shared = keys.filter(no=first)["mark"].is_in(keys.filter(no=second)["mark"].implode())
            assert shared.sum() >= 5


def test_articles_of_other_days_count_by_how_many_days_they_lie_apart() -> None:
    today = Drawn(np.array([0]), np.array([7]), np.array([0.5]), np.array([20]), np.array([0]))
    earlier = Drawn(
        np.array([0, 1, 2]), np.array([7, 7, 7]), np.array([0.5, 0.19, 0.1]), np.array([0, 0, 18]), np.array([0, 1, 2])
    )
    asked = ask(today, 1)

    found = count(asked, earlier, look_up(asked, earlier), 21, False)

    assert found[20].tolist() == [2, 2, 2, 1, 1]
    assert found[2].tolist() == [1, 1, 0, 0, 0]
    assert found.sum() == 10
