"""Pronouns: "he" and "she" are the last fitting person, and nobody where none fits."""

import pytest

from tests.extract.told import article, read

QUOTE = "“It was a very loud noise,” {} said."


def speaker(before: str, pronoun: str) -> str | None:
    return read(article(f"{before}\n{QUOTE.format(pronoun)}")).quotes.row(-1, named=True)["speaker"]


@pytest.mark.parametrize(
    ("before", "pronoun", "who"),
    [
        ("Mary Hale spoke on Monday.", "she", "Mary Hale"),
        ("Mary Hale spoke on Monday. Tom Reed spoke on Tuesday.", "she", "Mary Hale"),
        ("Mary Hale met Tom Reed on Monday.", "he", None),
        ("Ms. Oduya spoke on Monday.", "she", "Oduya"),
        ("Governor Ngozi Oduya spoke on Monday.", "she", "Ngozi Oduya"),
        ("Deji Oduya, 34, came on Monday.", "he", "Deji Oduya"),
        ("Tom Reed left when Paul Hale came.", "he", "Tom Reed"),
        ("Tom Reed spoke. The Paul Hale campaign had no word.", "he", "Tom Reed"),
        ("Tom Reed spoke. A friend of Paul Hale had no word.", "he", "Tom Reed"),
        ("Tom Reed won the crowd over, Paul Hale said.", "he", "Paul Hale"),
        ("Tom Reed spoke. As for Paul Hale, nobody had asked.", "he", "Paul Hale"),
        ("Tom Reed spoke. As for Paul Hale’s plan, nobody had asked.", "he", "Tom Reed"),
    ],
)
def test_he_and_she_are_the_last_person_of_that_gender_who_acts(before: str, pronoun: str, who: str | None) -> None:
    assert speaker(before, pronoun) == who


@pytest.mark.parametrize(
    "before",
    [
        "Nigeria and Lagos State signed on Monday.",
        "Mary Hale spoke on Monday.",
        "Tom Reed spoke on Monday.\nIt rained.\nIt snowed.\nIt hailed.\nIt dried.",
        "Tom Reed spoke on Monday. Oduya said that it was late.",
    ],
)
def test_where_no_person_fits_nobody_is_named(before: str) -> None:
    assert speaker(before, "he") is None


def test_they_are_nobody() -> None:
    assert speaker("Tom Reed and Paul Hale spoke.", "they") is None


def test_he_added_is_the_last_who_spoke() -> None:
    told = read(article("Tom Reed said it was late. Paul Hale left. He added: “It was a very loud noise.”")).quotes

    assert list(told["speaker"]) == ["Tom Reed"]
