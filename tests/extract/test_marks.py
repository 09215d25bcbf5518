"""Marks: which of them open and close a passage, whatever keyboard they come from."""

import pytest

from tests.extract.told import article, read


def passages(text: str) -> list[str]:
    return list(read(article(text)).quotes["text"])


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('"We will stay here tonight," Jo Reed said.', ["We will stay here tonight,"]),
        ("“We will stay here tonight,” Jo Reed said.", ["We will stay here tonight,"]),
        ("« We will stay here tonight, » Jo Reed said.", ["We will stay here tonight,"]),
        ("‹We will stay here tonight,› Jo Reed said.", ["We will stay here tonight,"]),
        ("„We will stay here tonight,“ Jo Reed said.", ["We will stay here tonight,"]),
        ("'We will stay here tonight,' Jo Reed said.", ["We will stay here tonight,"]),
        ("‘We will stay here tonight,’ Jo Reed said.", ["We will stay here tonight,"]),
    ],
)
def test_every_kind_of_mark_holds_a_quotation(text: str, told: list[str]) -> None:
    assert passages(text) == told


@pytest.mark.parametrize(
    "text",
    [
        '“We will stay here tonight," Jo Reed said. “We will not leave.”',
        '"We will stay here tonight,” Jo Reed said. "We will not leave.“',
    ],
)
def test_mixed_and_turned_marks_are_told_by_what_stands_around_them(text: str) -> None:
    assert passages(text) == ["We will stay here tonight,", "We will not leave."]


@pytest.mark.parametrize(
    "text",
    [
        "The drivers' union and the teachers' union met in the '90s, it said.",
        "It wasn't the officers' fault, and 'twas late, Jo Reed said.",
    ],
)
def test_an_apostrophe_is_no_mark(text: str) -> None:
    assert passages(text) == []


def test_a_quotation_within_a_quotation_is_part_of_it() -> None:
    told = passages("“He told me, ‘Never come back here,’ and then he left,” Jo Reed said.")

    assert told == ["He told me, ‘Never come back here,’ and then he left,"]


def test_inches_close_no_quotation() -> None:
    told = passages('"The man was 6\'3" tall and wore a cap," Jo Reed said.')

    assert told == ["The man was 6'3\" tall and wore a cap,"]


def test_the_value_of_an_attribute_is_no_quotation() -> None:
    assert passages('<post from="the city of Lagos in the south" on="June 3">The road is open.') == []
