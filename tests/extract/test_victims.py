"""Who is counted: names, ages, and what comes on top of others."""

import pytest

from tests.extract.told import article, read


@pytest.mark.parametrize(
    ("text", "victim", "age"),
    [
        ("Maria Lopez, 34, was killed in the blast.", "Maria Lopez", 34),
        ("A 19-year-old man was shot dead on Monday.", None, 19),
        ("Nine-year-old Omar Haidari was killed by shrapnel.", "Omar Haidari", 9),
        ("A Somali man was killed in the blast.", None, None),
        ("Maria Lopez was killed, 34 days after the first attack.", "Maria Lopez", None),
    ],
)
def test_a_person_counted_singly_carries_the_name_and_the_age_as_told(
    text: str, victim: str | None, age: int | None
) -> None:
    counts = read(article(text)).counts

    assert counts.filter(kind="killed").select("victim", "age").rows() == [(victim, age)]


@pytest.mark.parametrize(
    ("text", "is_more"),
    [
        ("Another three people were killed.", True),
        ("Two others were killed.", True),
        ("Three people were killed.", False),
        ("At least three people were killed.", False),
    ],
)
def test_others_come_on_top_of_those_told_before(text: str, is_more: bool) -> None:
    counts = read(article(text)).counts

    assert counts["is_more"].to_list() == [is_more]
