"""Names in all-capitals copy: what no list of common words holds."""

import polars as pl
import pytest

from flows.extract.tags import read_sentences, tag_tokens
from flows.extract.tokens import read_tokens
from tests.extract.told import counts


def letters(text: str) -> dict[str, str]:
    units = pl.DataFrame({"unit": [0], "text": [text]}, schema={"unit": pl.UInt32, "text": pl.String})
    tokens = tag_tokens(read_tokens(units))
    assert read_sentences(tokens).height
    return dict(tokens.select("form", "speech").iter_rows())


@pytest.mark.parametrize("name", ["MARISOL", "KRASNY", "UC-FLP", "O'MALLEY"])
def test_a_word_that_nobody_else_uses_is_a_name(name: str) -> None:
    assert letters(f"THE TOWN SAW {name} TODAY, AND THE ROADS WERE CLOSED.")[name] == "O"


@pytest.mark.parametrize("word", ["CITIES", "RAIDED", "STOPPED", "HEAVILY", "RIGHT-WING", "COULDN'T", "TRAFFICKERS"])
def test_a_common_word_with_any_ending_is_none(word: str) -> None:
    assert letters(f"THE TOWN SAW {word} TODAY, AND THE ROADS WERE CLOSED.")[word] != "O"


def test_de_is_part_of_the_name_around_it_and_of_no_other() -> None:
    assert letters("THE TOWN SAW ALVARO DE KRASNY TODAY.")["DE"] == "O"
    assert letters("THE TOWN SAW DE TODAY.")["DE"] == "w"


def test_victims_told_by_name_are_counted_in_capitals_too() -> None:
    assert counts("OSCAR KRASNY WAS KILLED ON MONDAY.") == counts("Oscar Krasny was killed on Monday.")


def test_in_mixed_case_the_list_says_nothing() -> None:
    assert letters("Krasny stones lie on the road, and a krasny stone is no name.")["krasny"] == "w"
