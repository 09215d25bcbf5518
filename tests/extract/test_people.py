"""Whom a text names, and whose surname stands alone."""

import pytest

from tests.extract.told import article, read


def people(text: str) -> list[tuple[str, str | None]]:
    """(name, canonical) of each person of the text."""
    mentions = read(article(text)).mentions.filter(type="person")
    return list(mentions.select("name", "canonical").iter_rows())


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Police chief Orla Vesk spoke.", [("Orla Vesk", "Orla Vesk")]),
        ("Orla Vesk, 34, was hurt.", [("Orla Vesk", "Orla Vesk")]),
        ("Orla Vesk, a spokeswoman, spoke.", [("Orla Vesk", "Orla Vesk")]),
        ("It was Maria Vesk.", [("Maria Vesk", "Maria Vesk")]),
        ("It was Reid Vesk.", [("Reid Vesk", "Reid Vesk")]),
        (
            "Mayor Orla Vesk spoke. Later Vesk left.",
            [("Orla Vesk", "Orla Vesk"), ("Vesk", "Orla Vesk")],
        ),
        ("President Omar al-Vesk spoke.", [("Omar al-Vesk", "Omar al-Vesk")]),
        ("Prime minister Anna van der Vesk spoke.", [("Anna van der Vesk", "Anna van der Vesk")]),
    ],
)
def test_people_are_named_in_full(text: str, found: list[tuple[str, str]]) -> None:
    assert people(text) == found


def test_a_surname_of_two_people_goes_to_neither() -> None:
    found = people("Maria Vesk, 34, and Paul Vesk, 36, were hurt. Neighbors knew Vesk well.")

    assert found[-1] == ("Vesk", None)


@pytest.mark.parametrize(
    "text",
    [
        "The council met on Martin Avenue.",
        "The fleet lay in Pearl Harbor.",
        "The film was shown by Al Jazeera.",
        "The fire began at Ivy Lane School.",
        "The Howard Foundation gave money.",
        "The blast hit the Grand Bazaar on Monday.",
        "Martin Luther King Boulevard was closed.",
    ],
)
def test_what_is_named_after_people_is_no_person(text: str) -> None:
    assert people(text) == []
