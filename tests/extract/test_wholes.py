"""Which figures are the whole of an event though the text tells others beside them."""

import pytest

from tests.extract.told import counts


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "1 killed, 3 wounded in a shooting. Related: 2 killed in a shooting.",
            [("killed", 1, "total"), ("wounded", 3, "total"), ("killed", 2, "total")],
        ),
        (
            "One person was killed. Two people were killed in the shooting.",
            [("killed", 1, "part"), ("killed", 2, "total")],
        ),
        (
            "Seven people were shot. All seven were wounded in the leg. Ten people were shot in the city.",
            [("casualties", 7, "total"), ("wounded", 7, "total"), ("casualties", 10, "total")],
        ),
        (
            "Four people are dead, including Ruiz who took his own life.",
            [("killed", 4, "total"), ("killed", 1, "part")],
        ),
        (
            "Ruiz killed three people and then took his own life.",
            [("killed", 3, "part"), ("killed", 1, "part")],
        ),
        (
            "The other guests, including a woman who was pregnant and her baby, are expected to survive.",
            [("wounded", 1, "part")],
        ),
        (
            "Ten people were hurt, including a boy and two men were killed.",
            [("wounded", 10, "total"), ("killed", 1, "part"), ("killed", 2, "total")],
        ),
        (
            "Ten people were shot and one was killed. Seven people are in hospital.",
            [("casualties", 10, "total"), ("killed", 1, "total"), ("wounded", 7, "part")],
        ),
    ],
)
def test_what_states_a_whole_stays_one(text: str, told: list[tuple[str, int, str]]) -> None:
    assert [(kind, low, scope) for kind, low, _, scope in counts(text)] == told
