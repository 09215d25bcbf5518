"""Who was hit or is in care: objects of an active verb, parts of the body, hospitals, and what looks like them."""

import pytest

from tests.extract.told import article, counts, read


@pytest.mark.parametrize(
    ("sentence", "told"),
    [
        ("He stabbed three men to death at home.", [("killed", 3)]),
        ("He stabbed his wife and his own mother to death.", [("killed", 1), ("killed", 1)]),
        ("He shot three men to get even.", [("casualties", 3)]),
        ("A boy accidentally shot his sister in the hand.", [("casualties", 1)]),
        ("Police shot the man in the hand.", []),
        ("The parents of a girl who was shot at home were charged.", [("casualties", 1)]),
        ("The parents of a girl were shot at home.", []),
        ("The bullet struck a child in the leg.", [("casualties", 1)]),
        ("He opened fire, hitting five people in the legs.", [("casualties", 5)]),
        ("Two people were hit by a car.", [("casualties", 2)]),
        ("Two people were hit by the cuts.", []),
        ("The strike hit three airlines.", []),
        ("The bullet struck Ruiz in the leg.", []),
        ("A girl riding a bicycle was shot in the foot.", [("casualties", 1)]),
        ("A girl playing with a gun may have killed her brother.", [("killed", 1)]),
        ("The blast hurt many, sending three people to the hospital.", [("wounded", 3)]),
        ("Both officers were moved to the county detention center.", []),
        ("Both officers were moved to the county medical center.", [("wounded", 2)]),
        ("Four male teenagers were shot.", [("casualties", 4)]),
        ("Four hotel rooms were shot up.", []),
        ("The man pulled the trigger, firing one shot.", []),
        ("The victim was shot one time.", [("casualties", 1)]),
        ("Ana Diaz and Ruiz were shot.", [("casualties", 1), ("casualties", 1)]),
        ("Diaz and Ruiz were shot.", []),
        ("Omar Diaz, 24 was shot.", [("casualties", 1)]),
        ("In Mosul, 24 were shot.", [("casualties", 24)]),
        ("Officers found Diaz and Ruiz, both 31, with gunshot wounds.", []),
        ("Also killed were Ana Diaz, 22, and Omar Ruiz, 25.", [("killed", 1), ("killed", 1)]),
        ("Killed in the raid was a police officer.", [("killed", 1)]),
        ("The gun he shot was a rifle.", []),
        ("Seven people were in the hospital on Monday.", [("wounded", 7)]),
        ("Medics took a boy to the county hospital.", [("wounded", 1)]),
        ("Her parents took a boy to the county fair.", []),
        ("Officers found a badly injured woman.", [("wounded", 1)]),
        ("Officers found an arrested man.", []),
        ("A gunman wounded one person and killed another.", [("wounded", 1), ("killed", 1)]),
        ("They are killing one another.", []),
        ("At home, Ana Diaz took out a picture of her slain son.", []),
        ("Another 5-year-old was hurt.", [("wounded", 1)]),
        ("He was held in the death of another 15-year-old.", [("killed", 1)]),
        ("Another 15-minute film was shot.", []),
        ("Two people were struck and killed by a train.", [("killed", 2)]),
        ("A girl who died on Tuesday night was shot by a neighbor.", [("killed", 1)]),
        ("Three people who died in the fire were named.", [("killed", 3)]),
        ("The one who has cruelly murdered children fled.", []),
        ("Two officers who wounded a dog were cleared.", []),
        ("Police look for a woman after her daughter was shot.", [("casualties", 1)]),
        ("A man outside his mother's home was shot.", [("casualties", 1)]),
        ("He shot his wife Ana Diaz and six children.", [("casualties", 1), ("casualties", 6)]),
        ("Two officers shot him.", []),
        ("Two officers shot at a party are well.", [("casualties", 2)]),
        ("Four youths in a truck shot at the policemen.", []),
        ("Senna suffered economic losses.", []),
        ("Three people suffered minor injuries.", [("wounded", 3)]),
        ("The plant counts an average of seven deaths a year.", []),
        ("Two men shot at guards.", []),
        ("Four Peruvians died in the storm.", [("killed", 4)]),
        ("Four Peruvians have died.", [("killed", 4)]),
        ("In Chapter 11 Vesk died.", []),
        ("A 14-year-old boy and 15-year-old girl were shot.", [("casualties", 1), ("casualties", 1)]),
        ("Police said 15-year-old girl was shot.", []),
        ("Two teens, one 15 and one 17, were shot.", [("casualties", 2)]),
        ("Three other women, ages 41, 52, and 60, were hurt.", [("wounded", 3)]),
        ("Two nurses in the hospital were arrested.", [("detained", 2)]),
    ],
)
def test_who_is_hit_is_counted_as_worded(sentence: str, told: list[tuple[str, int]]) -> None:
    assert [row[:2] for row in counts(sentence)] == told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("One man was killed and two others were shot.", [("killed", 1), ("casualties", 2)]),
        ("One man was killed. Three others who were shot are students.", [("killed", 1), ("casualties", 3)]),
        ("Four people were shot, one of them fatally.", [("casualties", 4), ("killed", 1)]),
        ("A man was killed. Police found two others with gunshot wounds.", [("killed", 1), ("casualties", 2)]),
        ("A man was killed. Two other gunshot victims drove away.", [("killed", 1), ("casualties", 2)]),
        ("A man was killed. Four unnamed others were shot.", [("killed", 1), ("casualties", 4)]),
        ("A man was killed. More than 20 people were shot.", [("killed", 1), ("casualties", 21)]),
        ("Two others were shot.", [("casualties", 2)]),
    ],
)
def test_others_shot_than_the_dead_stay_as_worded_for_the_toll_to_add(text: str, told: list[tuple[str, int]]) -> None:
    assert [row[:2] for row in counts(text)] == told


def test_kin_told_by_the_confession_are_who_was_told_dead() -> None:
    facts = read(
        article("A boy was killed on Monday. A friend admitted to accidentally shooting his pal, police said.")
    )
    again = read(article("A boy was killed on Monday. Omar Diaz admitted to accidentally shooting his brother."))

    assert facts.counts["victim_no"].to_list() == [1]
    assert again.counts["victim_no"].to_list() == [1, 1]


@pytest.mark.parametrize(
    ("sentence", "told"),
    [
        ("Four soldiers, including two officers, were killed.", [("killed", 4, "total"), ("killed", 2, "part")]),
        ("The blast killed ten people, including three children.", [("killed", 10, "total"), ("killed", 3, "part")]),
        ("Ten people were killed in attacks, including two bombings.", [("killed", 10, "total")]),
        ("Two people were killed, including three bombers.", [("killed", 2, "total")]),
    ],
)
def test_a_subgroup_is_a_part_of_the_harm_before_it(sentence: str, told: list[tuple[str, int, str]]) -> None:
    assert [(kind, low, scope) for kind, low, _, scope in counts(sentence) if kind != "attackers"] == told


@pytest.mark.parametrize(
    ("title", "told"),
    [
        ("Man shoots brother in leg", [("casualties", 1)]),
        ("Gunman kills wife, wounds officer", [("killed", 1), ("wounded", 1)]),
        ("Police arrest shooting suspect", []),
        ("Boy fatally shoots sister", [("killed", 1)]),
        ("Mother, boy shot dead in park", [("killed", 1), ("killed", 1)]),
        ("In Ohio, boy shot dead", []),
        ("Ana Diaz, champion, actress, fans' icon dies", []),
    ],
)
def test_a_headline_leaves_out_articles_and_ands(title: str, told: list[tuple[str, int]]) -> None:
    assert [row[:2] for row in counts("Snow fell all day.", title=title)] == told
    assert counts(f"Snow fell all day. Officers wrote that {title[0].lower()}{title[1:]}.") == []


def test_a_headline_s_list_is_whole() -> None:
    assert [row[:2] for row in counts("Snow fell.", title="10 women, 7 men hurt in fire")] == [
        ("wounded", 10),
        ("wounded", 7),
    ]


def test_a_list_s_members_of_like_age_are_told_apart_by_sex() -> None:
    facts = read(article("A 14-year-old boy and a 15-year-old girl were shot."))

    assert facts.counts.select("unit", "victim_no").rows() == [("14-year-old boy", 1), ("15-year-old girl", 2)]
