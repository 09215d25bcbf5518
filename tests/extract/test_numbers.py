"""Quantities: what a phrase commits to."""

import re

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.extract.numbers import (
    parse_number,
    parse_quantity,
    quantity_pattern,
    quantity_starts,
    read_quantity,
    stated_range,
)


@pytest.mark.parametrize(
    ("phrase", "value", "low", "high", "modifier"),
    [
        ("eight", 8, 8, 8, "exact"),
        ("at least 35", 35, 35, None, "at_least"),
        ("more than 50", 50, 51, None, "more_than"),
        ("up to 40", 40, 0, 40, "up_to"),
        ("as many as forty", 40, 0, 40, "up_to"),
        ("fewer than 10", 10, 0, 9, "fewer_than"),
        ("some 2,000", 2000, 2000, 2000, "about"),
        ("about two dozen", 24, 24, 24, "about"),
        ("more than two dozen", 24, 25, None, "more_than"),
        ("10 to 12", None, 10, 12, "between"),
        ("10-12", None, 10, 12, "between"),
        ("between five and seven", None, 5, 7, "between"),
        ("several", None, 3, None, "several"),
        ("dozens of", None, 24, None, "several"),
        ("hundreds of", None, 200, None, "several"),
        ("several hundred", None, 300, None, "several"),
        ("no one", 0, 0, 0, "exact"),
        ("a total of 23", 23, 23, 23, "exact"),
        ("another 31", 31, 31, 31, "exact"),
        ("at least another five", 5, 5, None, "at_least"),
        ("50 or more", 50, 50, None, "at_least"),
        ("half a dozen", 6, 6, 6, "exact"),
        ("a hundred", 100, 100, 100, "exact"),
        ("one hundred and five", 105, 105, 105, "exact"),
        ("twenty-five", 25, 25, 25, "exact"),
        ("around 1, 400", 1400, 1400, 1400, "about"),
        ("more than 26, 000", 26_000, 26_001, None, "more_than"),
        ("1.2 million", 1_200_000, 1_200_000, 1_200_000, "exact"),
        ("both", 2, 2, 2, "exact"),
    ],
)
def test_a_phrase_is_found_whole_and_commits_to_its_range(
    phrase: str, value: int | None, low: int, high: int | None, modifier: str
) -> None:
    found = pl.Series([f"Police said {phrase} people died"]).str.extract(f"(?i)({quantity_pattern()})").item()

    quantity = parse_quantity(found)

    assert found.strip() == phrase
    assert quantity is not None
    assert (quantity.value, quantity.low, quantity.high, quantity.modifier) == (value, low, high, modifier)


@pytest.mark.parametrize("phrase", ["", "people", "the", "12 to 10", "more than"])
def test_what_says_no_quantity_is_none(phrase: str) -> None:
    assert parse_quantity(phrase) is None


@given(st.integers(0, 10**9))
def test_digits_are_read_back_with_and_without_commas(number: int) -> None:
    assert parse_number(str(number)) == parse_number(f"{number:,}") == number


@given(st.integers(1, 10**6), st.sampled_from(["at_least", "more_than", "up_to", "fewer_than", "exact", "about"]))
def test_a_range_is_never_upside_down_and_keeps_its_value(number: int, modifier: str) -> None:
    quantity = stated_range(number, modifier)

    assert quantity.value == number
    assert quantity.low is not None
    assert quantity.high is None or quantity.low <= quantity.high


@pytest.mark.parametrize(
    "phrase",
    ["23", "two dozen", "dozens", "half a dozen", "a hundred", "at least two", "several hundred", "between 3 and 5"],
)
def test_a_token_that_is_a_quantity_is_known_by_its_first_letters(phrase: str) -> None:
    assert re.match(quantity_starts(), phrase)
    assert read_quantity(phrase) == parse_quantity(phrase) is not None


@pytest.mark.parametrize("word", ["tentative", "onetime", "several thousandths", "1990s", "anyone"])
def test_a_token_that_only_begins_like_a_quantity_is_none(word: str) -> None:
    assert read_quantity(word) is None
