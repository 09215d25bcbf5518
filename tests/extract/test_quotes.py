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
    "text",
    [
        'The "terrorists" fled.',
        "He read “War and Peace” twice.",
        "They fight “forever wars” now.",
        "Jo Reed told “The Morning Show” that the road was closed.",
        "She is the host of a new programme, “The Long Way Home,” on Monday nights.",
    ],
)
def test_scare_quotes_and_titles_are_no_quotations(text: str) -> None:
    assert quotes(text) == []


def test_a_mark_that_is_not_closed_runs_to_the_end_of_its_paragraph_and_no_further() -> None:
    told = quotes("“We will rebuild this town and its bridge.\nThe mayor, Jo Reed, left.")

    assert told == [("We will rebuild this town and its bridge.", None)]


@pytest.mark.parametrize(
    ("text", "speakers"),
    [
        ("“It was a very loud noise,” Jo Reed said.", ["Jo Reed"]),
        ("“Was that the bridge falling down?” Jo Reed asked.", ["Jo Reed"]),
        ("“It was a very loud noise,” said Jo Reed, a teacher from Lagos.", ["Jo Reed"]),
        ("“It was a very loud noise,” one woman in the crowd said.", ["one woman in the crowd"]),
        ("“It was a very loud noise,” mused bakery owner Jo Reed.", ["Jo Reed"]),
        ("“It was a very loud noise,” Jo Reed pressed.", ["Jo Reed"]),
        ("Jo Reed, who runs the drivers' union, said, “It was a very loud noise.”", ["Jo Reed"]),
        ("Jo Reed attacked Tom Hale over the plan, saying, “It was a very loud noise.”", ["Jo Reed"]),
        ("Last week, Jo Reed met Tom Hale, telling him, “It was a very loud noise.”", ["Jo Reed"]),
        ("The rally went on, with Jo Reed yelling: “Get him out of here!”", ["Jo Reed"]),
        ("According to Jo Reed, “it was a very loud noise, and then nothing at all.”", ["Jo Reed"]),
        ("As Jo Reed put it, “It was a very loud noise.”", ["Jo Reed"]),
        ("Jo Reed: “It was a very loud noise, and then nothing.”", ["Jo Reed"]),
        ("Jo Reed’s answer was: “It was a very loud noise.”", ["Jo Reed"]),
        ("“It was loud,” Jo Reed said, “and then there was nothing.”", ["Jo Reed", "Jo Reed"]),
        ("“It was very loud,” Jo Reed said. “It was quiet then,” Tom Hale said.", ["Jo Reed", "Tom Hale"]),
        ("Jo Reed said it was loud. “We all ran to the river at once.”", ["Jo Reed"]),
        ("“It was very loud,” they said.", [None]),
    ],
)
def test_the_speaker_is_the_one_beside_the_words(text: str, speakers: list[str | None]) -> None:
    assert [said for _, said in quotes(text)] == speakers


def test_nobody_whom_a_quotation_names_speaks_it() -> None:
    told = quotes("“Tom Hale said he would come, and Tom Hale lied,” Jo Reed said.")

    assert told == [("Tom Hale said he would come, and Tom Hale lied,", "Jo Reed")]


def test_a_quotation_over_several_paragraphs_has_one_speaker_and_a_row_a_paragraph() -> None:
    told = quotes("Jo Reed said: “We heard it at night.\n“We ran to the river.\n“Then it was quiet.”")

    assert told == [
        ("We heard it at night.", "Jo Reed"),
        ("We ran to the river.", "Jo Reed"),
        ("Then it was quiet.", "Jo Reed"),
    ]


def test_a_colon_at_the_end_of_a_paragraph_brings_in_the_next() -> None:
    told = quotes("Tom Hale came late.\nJo Reed wrote on Monday:\n“We heard it at night.”")

    assert told == [("We heard it at night.", "Jo Reed")]


def test_a_paragraph_that_is_all_quotation_goes_on_but_does_not_answer_a_question() -> None:
    said = quotes("“We heard it at night,” Jo Reed said.\n“Then it was quiet for an hour.”")
    asked = quotes("“Who heard it at night?” Jo Reed asked.\n“Nobody heard it at all.”")
    other = quotes("“We heard it at night,” Jo Reed said.\n“Then it was quiet,” and no more was heard.")

    assert [who for _, who in said] == ["Jo Reed", "Jo Reed"]
    assert [who for _, who in asked] == ["Jo Reed", None]
    assert [who for _, who in other] == ["Jo Reed", None]


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("“No,” Jo Reed said.", True),
        ("Jo Reed answered: “Never.”", True),
        ("Jo Reed said that the plan was “a very grave mistake.”", True),
        ("The club, known as “Quiet,” is closed.", False),
        ("The club has a “quiet room.”", False),
    ],
)
def test_few_words_are_a_quotation_only_beside_a_verb_of_saying(text: str, kept: bool) -> None:
    assert bool(quotes(text)) == kept


def test_the_subject_of_a_mixed_quotation_speaks_where_nobody_says_it() -> None:
    text = "Mayor Jo Reed welcomed “the first step on a very long road to peace.”"
    assert quotes(text) == [("the first step on a very long road to peace.", "Jo Reed")]
    told = "Mayor Jo Reed welcomed “the first step on a very long road to peace,” said Omar Haddad."
    assert quotes(told) == [("the first step on a very long road to peace,", "Omar Haddad")]
