"""Counts: which quantity is of whom, and what happened to them."""

import pytest

from tests.extract.told import article, counts, read


@pytest.mark.parametrize(
    ("sentence", "told"),
    [
        ("The blast killed 22 people and wounded more than 50.", [("killed", 22, 22), ("wounded", 51, None)]),
        ("At least 31 people were injured in the crash.", [("wounded", 31, None)]),
        ("Eight civilians had been killed and 31 wounded.", [("killed", 8, 8), ("wounded", 31, 31)]),
        ("The fire left two people dead.", [("killed", 2, 2)]),
        ("The death toll rose to 14 on Sunday.", [("killed", 14, 14)]),
        ("There were no casualties.", [("casualties", 0, 0)]),
        ("No one was hurt.", [("wounded", 0, 0)]),
        ("No one in the building, located near the river, was injured.", [("wounded", 0, 0)]),
        ("Two dozen rockets hit the town.", [("munitions", 24, 24)]),
        ("Three gunmen stormed the campus and killed 22.", [("attackers", 3, 3), ("killed", 22, 22)]),
        ("A man was shot dead outside a bar.", [("killed", 1, 1)]),
        ("A 16-year-old girl was wounded.", [("wounded", 1, 1)]),
        ("Four people were shot near the station.", [("casualties", 4, 4)]),
        ("Six men were shot and wounded.", [("wounded", 6, 6)]),
        ("Two women were shot and killed.", [("killed", 2, 2)]),
        ("Nine people were killed or wounded.", [("casualties", 9, 9)]),
        ("The attack claimed the lives of nine miners.", [("killed", 9, 9)]),
        ("He spoke of the murder of six priests.", [("killed", 6, 6)]),
        ("Police arrested 12 protesters.", [("detained", 12, 12)]),
        ("Rebels kidnapped three aid workers.", [("abducted", 3, 3)]),
        ("The flood displaced some 4,000 people.", [("displaced", 4000, 4000)]),
        ("Seven sailors are missing.", [("missing", 7, 7)]),
        ("Five dead and 21 injured people were found.", [("killed", 5, 5), ("wounded", 21, 21)]),
    ],
)
def test_news_wordings_are_counted(sentence: str, told: list[tuple[str, int, int | None]]) -> None:
    assert [(kind, low, high) for kind, low, high, _ in counts(sentence)] == told


@pytest.mark.parametrize(
    "sentence",
    [
        "He was killed 22 years ago.",
        "The 17-year-old was praised.",
        "Shots were heard about 8:45 p.m.",
        "Prices rose 12 percent after the killing.",
        "The wall was hit by a 9mm bullet at 321 Main Street.",
        "The company wounded its reputation.",
        "Security footage showed shrapnel wounding its employees.",
        "He drove 40 miles to the hospital.",
        "The seven-nation tour ended on Nov. 12, 2020.",
        "She won 3-2.",
    ],
)
def test_ages_times_measures_and_bare_plurals_are_no_counts(sentence: str) -> None:
    assert counts(sentence) == []


def test_an_age_between_commas_is_no_figure() -> None:
    assert counts("Marcus Seidel, 17, of Brook, was killed.") == [("killed", 1, 1, "total")]


@pytest.mark.parametrize(
    ("text", "scope"),
    [
        ("A blast killed nine people. The dead were found, including three children killed at home.", "part"),
        ("A blast killed nine people. Five of the victims were killed in a shop.", "part"),
        ("A storm hit the coast. At least 163 people have been killed in floods since March.", "cumulative"),
        ("A blast hit the town. Officials said five dead and 21 injured people were taken to the hospital.", "part"),
        ("The army said it would withdraw 2,000 troops.", "change"),
        ("There are 2,500 troops in the country.", "level"),
    ],
)
def test_the_wording_says_what_a_figure_covers(text: str, scope: str) -> None:
    assert counts(text)[-1][3] == scope


def test_one_among_many_is_a_part() -> None:
    scopes = {
        (low, scope) for _, low, _, scope in counts("Twenty rockets hit the port. At least one rocket hit a ship.")
    }

    assert scopes == {(20, "total"), (1, "part")}


@pytest.mark.parametrize(
    ("sentence", "kind"),
    [
        ("Divers rescued 12 boys from the cave.", "rescued"),
        ("Doctors said 340 patients were infected.", "infected"),
        ("The plant laid off 900 workers.", "laid_off"),
    ],
)
def test_a_kind_is_lexicon_rows_and_needs_no_code(sentence: str, kind: str) -> None:
    assert [row[0] for row in counts(sentence)] == [kind]


def test_an_attacker_among_the_dead_is_marked() -> None:
    facts = read(article("Police shot dead two gunmen."))

    assert facts.counts.select("kind", "value", "is_attacker").rows() == [("killed", 2, True)]


def test_the_unit_is_as_worded() -> None:
    facts = read(article("The group fired 28 Katyusha rockets, killing eight civilians."))

    assert facts.counts["unit"].to_list() == ["Katyusha rockets", "civilians"]


def test_text_in_capitals_is_counted_too() -> None:
    assert counts("POLICE SAID THAT AT LEAST FIVE PERSONS WERE KILLED AND 12 WOUNDED.") == [
        ("killed", 5, None, "total"),
        ("wounded", 12, 12, "total"),
    ]


def test_titles_are_read_as_their_own_field() -> None:
    facts = read(article("Nothing more was known.", title="23 Rockets Slam Into Town, Killing 8"))

    assert facts.counts.select("field", "kind", "value").rows() == [
        ("title", "munitions", 23),
        ("title", "killed", 8),
    ]


def test_other_languages_state_no_facts() -> None:
    facts = read(article("Acht Menschen wurden getötet.") | {"language": "de"})

    assert facts.counts.is_empty()
    assert facts.events.is_empty()


@pytest.mark.parametrize("hour", ["about 8:30 a.m.", "around 7:40 p.m.", "about 9 p.m.", "nearly 11 pm"])
def test_an_hour_counts_nobody(hour: str) -> None:
    assert counts(f"Police were called to the shooting {hour} on Monday.") == []


@pytest.mark.parametrize(
    "sentence",
    [
        "Not many shots, there was just one shot heard.",
        "Police confiscated two grenades.",
        "A total of 83 rockets were recovered at the site.",
        "A ranger captured the 12'6\" gator.",
    ],
)
def test_what_was_not_used_and_who_is_nobody_is_not_counted(sentence: str) -> None:
    assert counts(sentence) == []


@pytest.mark.parametrize(
    ("sentence", "told"),
    [
        ("Two men, ages 20 and 27, were wounded.", [("wounded", 2)]),
        ("The other pupils, ages 8, 9 and 11, were treated for wounds.", []),
        ("The victims, aged 13, 15, 17 and 19, were wounded.", []),
        ("Omar Diaz and Ana ruiz, 22 was shot in both legs.", []),
        ("She is the sister of Omar Diaz, 34 who was killed at home.", [("killed", 1)]),
        ("Two men, ages 20 and 27, and three women were killed.", [("killed", 2), ("killed", 3)]),
        ("In the city, 34 were killed.", [("killed", 34)]),
        ("In Tarvo, 22 people were shot.", [("casualties", 22)]),
    ],
)
def test_ages_count_nobody(sentence: str, told: list[tuple[str, int]]) -> None:
    assert [row[:2] for row in counts(sentence)] == told


def test_two_numbers_joined_by_and_are_two() -> None:
    told = counts("The attack killed two hundred and five people. It killed 20 and wounded 27.")

    assert told == [("killed", 205, 205, "total"), ("killed", 20, 20, "total"), ("wounded", 27, 27, "total")]
