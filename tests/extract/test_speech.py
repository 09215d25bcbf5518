"""Speakers: who says a figure, in full, with role and type; nobody where the text names nobody."""

import pytest

from tests.extract.told import article, read


def speaker(text: str) -> tuple[str | None, str | None, str | None, str | None]:
    row = read(article(text)).counts.row(-1, named=True)
    return row["attributed_to"], row["attributed_role"], row["actor_type"], row["attributed_via"]


@pytest.mark.parametrize(
    ("text", "who", "role", "type_"),
    [
        ("Police said five people were killed.", "Police", None, "police"),
        ("Five people were killed, police officials said.", "police officials", "police officials", "police"),
        (
            "Mr Omar Haddad, spokesman for the Ministry of Health, said five people were killed.",
            "Omar Haddad", "spokesman for the Ministry of Health", "government",
        ),
        (
            "Defense Ministry spokesman Omar Haddad said five people were killed.",
            "Omar Haddad", "Defense Ministry spokesman", "government",
        ),
        ("Five people were killed, said Governor Ana Ruiz.", "Ana Ruiz", "Governor", "government"),
        ("Five people were killed, according to the Interior Ministry.", "Interior Ministry", None, "government"),
        ("The Iranian embassy in Lagos said five people were killed.", "Iranian embassy in Lagos", None, "government"),
        ("Officials in Peru say five people were killed.", "Officials in Peru", "Officials in Peru", "government"),
        ("“Five people were killed,” Sheriff Bill Ames said.", "Bill Ames", "Sheriff", "police"),
        ("The Taliban said 28 rockets were fired.", "Taliban", None, "armed_group"),
    ],
)  # fmt: skip
def test_the_speaker_is_found_in_full(text: str, who: str, role: str | None, type_: str) -> None:
    said = speaker(text)

    assert said[0] == who
    assert said[2] == type_
    if role:
        assert said[1] == role


@pytest.mark.parametrize(
    "text",
    [
        "Five people were killed on Monday.",
        "The blast, close to the market, killed five people.",
        "According to preliminary information, five people were killed.",
        "He was seen near the market. Five people were killed.",
        "Police closed the road. Five people were killed.",
    ],
)
def test_where_the_text_names_nobody_there_is_no_speaker(text: str) -> None:
    assert speaker(text)[0] is None


def test_a_surname_takes_the_full_name() -> None:
    text = "Interior Ministry spokesman Omar Haddad spoke on Monday. Mr Haddad said five people were killed."

    assert speaker(text)[0] == "Omar Haddad"


def test_he_said_takes_the_person_who_spoke_before_and_they_said_nobody() -> None:
    start = "Governor Ana Ruiz said the road was closed. "

    assert speaker(start + "She said five people were killed.")[0] == "Ana Ruiz"
    assert speaker(start + "They said five people were killed.")[0] is None


def test_the_group_is_the_armed_group_named_before() -> None:
    text = "Boko Haram fighters entered the town. The militant group said five people were killed."

    assert speaker(text)[0] == "Boko Haram"


def test_the_embassy_is_the_embassy_named_before() -> None:
    text = "The Norwegian embassy was hit. Five people were killed, the diplomatic mission said."

    assert speaker(text)[0] == "Norwegian embassy"


def test_an_outlet_that_passes_on_stands_apart_from_who_says_it() -> None:
    said = speaker("Army spokesman Omar Haddad said five people were killed, according to the AFP news agency.")

    assert said[0] == "Omar Haddad"
    assert said[3] == "AFP news agency"


@pytest.mark.parametrize(
    ("text", "who", "role"),
    [
        ("Jo Reed told the Daily Herald that five people were killed.", "Jo Reed", None),
        ("Jo Reed, chief of the clinic, told reporters five people were killed.", "Jo Reed", "chief of the clinic"),
        ("Five people were killed, said Jo Reed, director of the clinic.", "Jo Reed", "director of the clinic"),
        ("Investigators found that five people were killed.", "Investigators", "Investigators"),
        ("Bakery owner Jo Reed said five people were killed.", "Jo Reed", "Bakery owner"),
        ("Maria de la Cruz said five people were killed.", "Maria de la Cruz", None),
        ("Rep. Jo Reed (R-Ohio) said five people were killed.", "Jo Reed", None),
        ("One of them, a teacher said, saw how five people were killed.", "teacher", "teacher"),
        ("JUAN REYES, A UNION LEADER, TOLD RADIO UNO THAT FIVE PEOPLE WERE KILLED.", "JUAN REYES", "UNION LEADER"),
        ("Five people were killed, the Lagos Courier reported.", "Lagos Courier", None),
        ("“We counted five people who were killed,” Jo Reed said. Tom Hale said no more.", "Jo Reed", None),
        ("Jo Reed was late on Monday, adding that five people were killed.", "Jo Reed", None),
    ],
)
def test_name_and_role_are_read_apart(text: str, who: str, role: str | None) -> None:
    assert speaker(text)[:2] == (who, role)


@pytest.mark.parametrize(
    "text",
    [
        "Police found five people who were killed.",
        "Police responded to a shooting in which five people were killed.",
        "Jo Reed slammed the army after five people were killed.",
        "Jo Reed called in the army after five people were killed.",
        "Previous reports said five people were killed.",
    ],
)
def test_a_verb_that_needs_a_quotation_or_a_that_tells_nothing_without(text: str) -> None:
    assert speaker(text)[0] is None


def test_an_outlet_is_of_the_media_by_its_name() -> None:
    assert speaker("Five people were killed, the Lagos Courier reported.")[2] == "media"
