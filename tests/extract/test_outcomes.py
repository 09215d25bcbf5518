"""What became of somebody who was shot, taken to a hospital or turned a gun on himself."""

import pytest

from tests.extract.told import article, counts, read


@pytest.mark.parametrize(
    ("sentence", "told"),
    [
        ("A 23-year-old man was shot in the head and was pronounced dead at the scene.", [("killed", 1)]),
        ("Three women were shot in the chest and died.", [("killed", 3)]),
        ("Five people were taken to Mercy Hospital.", [("wounded", 5)]),
        ("The crash sent six people to the hospital.", [("wounded", 6)]),
        ("Both men were taken to a clinic, where they were later pronounced dead.", [("killed", 2)]),
        ("Police found three people suffering from gunshot wounds.", [("casualties", 3)]),
        ("Two men were treated for gunshot wounds.", [("wounded", 2)]),
        ("Four gunshot victims were found.", [("casualties", 4)]),
        ("Five passengers travelling on the bus to Gaza were injured.", [("wounded", 5)]),
        ("Three people were shot, one of them fatally.", [("casualties", 3), ("killed", 1)]),
        ("Two Israelis were killed.", [("killed", 2)]),
        ("Five people were taken to the county jail.", []),
        ("The storm sent six boats to the harbour.", []),
        ("A man was shot in the leg and a woman was killed.", [("casualties", 1), ("killed", 1)]),
        ("A mother of three was shot dead.", [("killed", 1)]),
        ("Israelis were killed.", []),
        ("Seven of the nine soldiers were wounded.", [("wounded", 7)]),
        ("Two members of the judge's escort, all of them police, were wounded.", [("wounded", 2)]),
        ("One person was killed and another wounded.", [("killed", 1), ("wounded", 1)]),
        ("Police said Diaz's driver was killed.", [("killed", 1)]),
        ("The singer was almost killed.", []),
        ("Police held 12 men who had kidnapped several farmers.", [("abducted", 3)]),
        ("His wife was shot but survived.", [("wounded", 1)]),
        ("Three people died. One victim survived.", [("killed", 3), ("wounded", 1)]),
        ("Three passengers survived.", []),
        ("Her father survived a second attack.", []),
        ("Don't let my baby die, she said.", []),
        ("Her baby died.", [("killed", 1)]),
        ("The baby would later die of her wound.", [("killed", 1)]),
        ("He was the third child killed in the city.", []),
        ("Two men were shot and a third child was killed.", [("casualties", 2), ("killed", 1)]),
        ("The sister of the two boys, Ana Diaz, died in May.", []),
        ("The mother of the two boys killed on Sunday wept.", [("killed", 2)]),
        ("Four people are dead, including Ruiz who took his own life.", [("killed", 4), ("killed", 1)]),
        ("A mother who was shot in the head by her son has died.", [("killed", 1)]),
        ("A boy was shot by the park and his mother died.", [("casualties", 1), ("killed", 1)]),
        ("The shooting left one person dead and three others in the hospital.", [("killed", 1), ("wounded", 3)]),
        ("The party ended with five people in the hospital.", [("wounded", 5)]),
        ("After he left, two nurses in the hospital wept.", []),
        ("Seven members of the gang were charged after members of a family were shot.", []),
        ("Five witnesses sitting in the court said police were attacked.", []),
    ],
)
def test_the_outcome_decides_the_kind(sentence: str, told: list[tuple[str, int | None]]) -> None:
    assert [row[:2] for row in counts(sentence)] == told


def test_the_gunman_who_kills_himself_is_an_attacker() -> None:
    facts = read(article("The gunman shot dead three people before turning the gun on himself."))

    assert facts.counts.select("kind", "value", "is_attacker").rows() == [("killed", 3, False), ("killed", 1, True)]


def test_a_suicide_without_an_attack_has_no_attacker() -> None:
    facts = read(article("The actor killed himself in May."))

    assert facts.counts.select("kind", "value", "is_attacker").rows() == [("killed", 1, False)]
