"""Lists of victims: each member is a figure of its own, and what stands beside a list is none."""

import pytest

from tests.extract.told import counts


@pytest.mark.parametrize(
    ("sentence", "told"),
    [
        ("A priest, a driver and two nuns were killed.", [("killed", 1), ("killed", 1), ("killed", 2)]),
        ("Ana Ruiz, 20, and Omar Diaz, 19, were shot dead.", [("killed", 1), ("killed", 1)]),
        ("Four guerrillas and one soldier were wounded.", [("wounded", 4), ("wounded", 1)]),
        ("He condemned the murder of six priests and two women.", [("killed", 6), ("killed", 2)]),
        ("The blast killed two men, three women and a child.", [("killed", 2), ("killed", 3), ("killed", 1)]),
        ("Police shot a man, and a woman was killed.", [("casualties", 1), ("killed", 1)]),
        ("In Gaza and Rafah, two people were killed.", [("killed", 2)]),
        ("Rebels killed two men and a woman fled.", [("killed", 2)]),
        ("The mayor met Ana Ruiz and a child was killed.", [("killed", 1)]),
        ("Gunmen killed two people, a spokesman said.", [("killed", 2)]),
        ("He killed his wife and son.", [("killed", 1), ("killed", 1)]),
        ("He was charged with killing his aunt and 9-year-old cousin.", [("killed", 1), ("killed", 1)]),
        ("His mother and grandmother were shot.", [("casualties", 1), ("casualties", 1)]),
        ("He killed his wife and business partner.", [("killed", 1)]),
        ("The mother and brother of a girl who was shot dead were arrested.", [("killed", 1)]),
        ("His wife met the judge and son was shot.", []),
        ("Ruiz killed three people and then himself.", [("killed", 3), ("killed", 1)]),
        ("Ruiz shot his wife and himself.", [("casualties", 1), ("casualties", 1)]),
        ("He defended the boy and himself.", []),
    ],
)
def test_members_of_a_list_share_its_cue(sentence: str, told: list[tuple[str, int]]) -> None:
    assert [row[:2] for row in counts(sentence)] == told


def test_a_couple_is_two() -> None:
    assert counts("A couple and their two children were killed.")[0][:3] == ("killed", 4, 4)
