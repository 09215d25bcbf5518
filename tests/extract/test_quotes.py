"""Quotes: somebody's words, verbatim, and whose they are."""

import pytest

from tests.extract.told import article, read


def quotes(text: str) -> list[tuple[str, str | None]]:
    return list(read(article(text)).quotes.select("text", "speaker").iter_rows())


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("“It is so sad,” Mr. Amari said.", [("It is so sad,", "Amari")]),
        ('"It is so sad," said Mayor Jo Reed.', [("It is so sad,", "Jo Reed")]),
        ("Mayor Jo Reed said: “We will rebuild this town.”", [("We will rebuild this town.", "Jo Reed")]),
        (
            "“We will stay,” Mayor Jo Reed said. “How can we leave?”",
            [("We will stay,", "Jo Reed"), ("How can we leave?", "Jo Reed")],
        ),
        ("«We will rebuild all of it,» Mayor Jo Reed said.", [("We will rebuild all of it,", "Jo Reed")]),
        ("“Nobody who was there will forget this day.”", [("Nobody who was there will forget this day.", None)]),
    ],
)
def test_words_and_speaker_are_found(text: str, told: list[tuple[str, str | None]]) -> None:
    assert quotes(text) == told


@pytest.mark.parametrize(
    "text", ['The "terrorists" fled.', "He read “War and Peace” twice.", "They fight “forever wars” now."]
)
def test_scare_quotes_and_titles_are_no_quotations(text: str) -> None:
    assert quotes(text) == []


def test_a_mark_that_is_not_closed_runs_to_the_end_of_its_paragraph_and_no_further() -> None:
    told = quotes("“We will rebuild this town and its bridge.\nThe mayor, Jo Reed, left.")

    assert told == [("We will rebuild this town and its bridge.", None)]
