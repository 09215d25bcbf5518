"""Persons counted singly: by name, by role, by kin, and the look-alikes that count nobody."""

import pytest

from tests.extract.told import article, counts, read


@pytest.mark.parametrize(
    ("sentence", "told"),
    [
        ("He condemned the murder of former Senator Ana Ruiz.", [("killed", "Ana Ruiz")]),
        ("HE CONDEMNED THE ASSASSINATION OF SENATOR ANA ZELAYA.", [("killed", "ANA ZELAYA")]),
        ("The guerrillas killed Attorney General Ana Ruiz.", [("killed", "Ana Ruiz")]),
        ("Ana Ruiz's murder shocked the town.", [("killed", "Ana Ruiz")]),
        ("The mayor said Ruiz was shot dead at home.", [("killed", None)]),
        ("The jury heard of the 9-year-old's death.", [("killed", None)]),
        ("He is accused of killing his wife.", [("killed", None)]),
        ("The driver of the van, whom police did not name, was also killed.", [("killed", None)]),
        ("A Treasury police sergeant was killed.", [("killed", None)]),
        ("The senator, who was shot dead in May, was 50.", [("killed", None)]),
    ],
)
def test_a_person_told_by_name_role_or_kin_counts_one(sentence: str, told: list[tuple[str, str | None]]) -> None:
    facts = read(article(sentence)).counts

    assert facts["value"].to_list() == [1] * len(told)
    assert [
        (kind, victim if victim is not None and " " in victim else None)
        for kind, victim in facts.select("kind", "victim").rows()
    ] == told


@pytest.mark.parametrize(
    "sentence",
    [
        "The murder charge against Ruiz was dropped.",
        "Ruiz's murder trial begins in May.",
        "The killing of Palestinians goes on.",
        "The bomb could have killed Ana Ruiz.",
        "They planned a plot to kill President Ana Ruiz.",
        "Two films were shot in the city.",
        "The mayor said Ruiz was shot.",
        "Two rifles were seized in the raid.",
        "Crowds in Chicago were killed by boredom.",
    ],
)
def test_what_looks_like_a_victim_and_is_none_counts_nobody(sentence: str) -> None:
    assert counts(sentence) == []


@pytest.mark.parametrize(
    ("sentence", "told"),
    [
        ("A mother and her two children were killed.", [("killed", 3, 3)]),
        ("The blast wounded a teacher and his three sons.", [("wounded", 4, 4)]),
        ("A mother was killed and her two children were wounded.", [("killed", 1, 1), ("wounded", 2, 2)]),
    ],
)
def test_a_family_is_one_figure(sentence: str, told: list[tuple[str, int, int]]) -> None:
    assert [(kind, low, high) for kind, low, high, _ in counts(sentence)] == told


def test_an_aside_on_somebody_counts_nobody_twice() -> None:
    assert [row[:2] for row in counts("Ana Ruiz, a 17-year-old student, was killed.")] == [("killed", 1)]
    assert [row[:2] for row in counts("Six judges have been killed.")] == [("killed", 6)]
    assert [row[:2] for row in counts("One of the bystanders was wounded.")] == [("wounded", 1)]


@pytest.mark.parametrize(
    ("sentence", "told"),
    [
        ("He stands trial for a double murder.", [("killed", 2, 2)]),
        ("He drove a double lane to the murder trial.", []),
        ("The boy shot himself in the leg.", [("wounded", 1, 1)]),
        ("The boy shot at himself in the mirror.", []),
        ("A boy shot on Sunday in the park has died.", [("killed", 1, 1)]),
        ("A man shot the dog that died.", []),
        ("Friends of a boy killed on Sunday gathered.", [("killed", 1, 1)]),
        ("A boy who shot ran off.", []),
        ("A boy was shot at home. He was pronounced dead.", [("casualties", 1, 1), ("killed", 1, 1)]),
        ("A boy was killed at home. He was pronounced dead.", [("killed", 1, 1)]),
        ("He was pronounced dead.", []),
    ],
)
def test_who_is_told_of_by_his_fate_counts_once(sentence: str, told: list[tuple[str, int, int]]) -> None:
    assert [(kind, low, high) for kind, low, high, _ in counts(sentence)] == told


def test_only_a_headline_leaves_the_article_out() -> None:
    assert [row[:2] for row in counts("Snow fell all day.", title="Police: Teen shot dead in park")] == [("killed", 1)]
    assert counts("Snow fell all day. Police said teen shot dead in park.") == []


def test_kin_are_others_than_who_was_told_before() -> None:
    facts = read(article("The blast killed a boy and wounded his father."))

    assert facts.counts["victim_no"].to_list() == [1, 2]


@pytest.mark.parametrize(
    ("sentence", "told"),
    [
        ("Gunmen murdered the vice president of the union.", [("killed", 1)]),
        ("Gunmen killed a Colombian and wounded an Ecuadorean.", [("killed", 1), ("wounded", 1)]),
        ("The judge's killers fled.", [("killed", 1)]),
        ("Police seek the murderers of the two nuns.", [("killed", 2)]),
        ("Rivera was shot dead along with two students.", [("killed", 2)]),
        ("The mayor was killed together with his driver.", [("killed", 1), ("killed", 1)]),
        ("The corpses of the four miners lay by the road.", [("killed", 4)]),
        ("The body of the priest was found by the road.", [("killed", 1)]),
        ("Police found the bodies of two men and two women.", [("killed", 2), ("killed", 2)]),
        ("The death of the judge shocked the town.", [("killed", 1)]),
        ("The number of dead rose to 14.", [("killed", 14)]),
        ("The blast cost the lives of two peasants.", [("killed", 2)]),
        ("Five peasants fell victim to the guerrillas.", [("killed", 5)]),
        ("The assassins of Ana Ruiz fled.", [("killed", 1)]),
        ("The murder of a nun and two boys was condemned.", [("killed", 1), ("killed", 2)]),
        ("The nine soldiers from the base were on a visit and were wounded.", [("wounded", 9)]),
        ("The two policemen who were guarding the house were killed.", [("killed", 2)]),
        ("Three peasants, two of them women, were killed.", [("killed", 3)]),
        ("Three peasants were kidnapped and killed.", [("killed", 3)]),
        ("The 12 people aboard the plane were killed.", [("killed", 12)]),
        ("Three Germans and a woman were killed.", [("killed", 1)]),
        ("The person who claimed to have shot him fled.", []),
        ("Gunmen killed a nun and two boys were hurt.", [("killed", 1), ("wounded", 2)]),
        ("The judge's attackers fled.", []),
        ("The gunmen killed a Monday market.", []),
        ("The mayor was killed next to two students.", [("killed", 1)]),
        ("The body of the report was found wanting.", []),
        ("The number of students rose to 14.", []),
    ],
)
def test_victims_are_told_by_role_people_or_remains(sentence: str, told: list[tuple[str, int]]) -> None:
    assert [row[:2] for row in counts(sentence)] == told


def test_a_role_with_a_name_behind_it_is_told_by_the_name() -> None:
    facts = read(article("The police chief, Ana Ruiz, 46, was injured."))

    assert facts.counts.select("kind", "value", "victim").rows() == [("wounded", 1, "Ana Ruiz")]
    listed = counts("Ana Ruiz, 34, and her son, Omar Ruiz, 2, were shot and killed.")
    assert [row[:2] for row in listed] == [("killed", 1), ("killed", 1)]
