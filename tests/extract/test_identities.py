"""Which person is which: the same victim told again is one person."""

import pytest

from tests.extract.told import article, read


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("A 34-year-old woman was killed. Maria Lopez, 34, was killed in her car.", [1, 1]),
        ("A man was killed. The man was killed in his car.", [1, 1]),
        ("A man was killed. A woman was killed.", [1, 2]),
        ("A 19-year-old was killed. A 43-year-old was killed.", [1, 2]),
        ("Maria Lopez was killed. Ana Diaz was killed.", [1, 2]),
        ("A man was killed. A 20-year-old man was wounded.", [1, 2]),
        ("Three men were killed and another was wounded. Juan Ruiz was wounded in the leg.", [None, 1, 1]),
        ("A man was wounded. Another man was wounded.", [1, 2]),
        ("A 2-year-old boy was killed. The toddler was killed in his bed.", [1, 1]),
        ("A 6-year-old boy was killed. The toddler was killed too.", [1, 2]),
        ("A girl was killed. A young woman was shot early on Sunday.", [1, 1]),
        ("A girl was killed. A young man was shot early on Sunday.", [1, 2]),
        ("Ana Diaz was shot. Juan Ruiz was shot. Diaz died in hospital.", [1, 2, 1]),
        ("Ana Diaz was killed. Ana Maria Diaz was killed in her car.", [1, 1]),
        ("Ana Diaz and Juan Diaz were killed.", [1, 2]),
        ("The raid left the suspect dead. Juan Ruiz, 21, was killed at home.", [1, 2]),
        ("The raid left the driver dead. Juan Ruiz, 21, was killed at home.", [1, 1]),
        ("A girl was killed. The girl was taken to a hospital. Police say the child died.", [1, 1, 1]),
        ("A girl was killed. A woman was wounded. The woman was shot on the stairs.", [1, 2, 2]),
    ],
)
def test_persons_are_told_apart_by_name_age_sex_and_fate(text: str, numbers: list[int]) -> None:
    assert read(article(text)).counts["victim_no"].to_list() == numbers


def test_a_title_repeats_the_persons_of_its_text() -> None:
    facts = read(article("Maria Lopez, 34, was killed on Monday.", title="Woman killed in Tarvo"))

    assert facts.counts["victim_no"].n_unique() == 1


def test_persons_are_numbered_within_an_article_whatever_its_batch() -> None:
    one, other = article("Ana Diaz was killed.", name="a"), article("Maria Lopez was killed.", name="b")

    assert read(one, other).counts["victim_no"].to_list() == [1, 1]
