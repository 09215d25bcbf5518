"""Groups that no lexicon knows: named as the text words them, and never what is no name."""

import polars as pl
import pytest

from flows.extract.new_groups import find_new_groups
from flows.extract.tags import tag_tokens
from flows.extract.tokens import read_tokens


def groups(text: str) -> list[str]:
    units = pl.DataFrame({"unit": [0], "text": [text]}, schema={"unit": pl.UInt32, "text": pl.String})
    tokens = tag_tokens(read_tokens(units)).with_row_index("row").with_columns(pl.col("row").cast(pl.Int64))
    return find_new_groups(tokens, units)["new"].to_list()


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("On Monday the Justice Brigade killed two men.", "Justice Brigade"),
        ("On Monday the Popular Front for Truth killed two men.", "Popular Front for Truth"),
        ("The town was attacked by Tuareg rebels.", "Tuareg rebels"),
        ("A group calling itself the “Red Dawn” killed two men, the “Red Dawn” group said.", "Red Dawn"),
        ("THE REVOLUTIONARY POPULAR COMMAND KILLED TWO MEN.", "REVOLUTIONARY POPULAR COMMAND"),
    ],
)
def test_a_name_with_a_word_for_a_group_is_one(text: str, name: str) -> None:
    assert name in groups(text)


@pytest.mark.parametrize(
    "text",
    [
        "The town was attacked by Colombian rebels.",
        "An armed group killed two men.",
        "The rebel movement killed two men.",
        "The front door was hit in the attack.",
        "The Justice Brigade plays on Monday.",
        "THE REBEL GROUP KILLED TWO MEN.",
    ],
)
def test_a_people_a_common_word_or_a_band_is_none(text: str) -> None:
    assert groups(text) == []
