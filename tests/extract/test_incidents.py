"""Where a text turns to another happening by its wording."""

import pytest

from tests.extract.told import article, read


def told(text: str, title: str | None = None) -> list[tuple[int, str, int | None]]:
    """(event_no, scope, value) of each count, in the order of the text."""
    facts = read(article(text, title=title))
    return list(facts.counts.select("event_no", "scope", "value").iter_rows())


@pytest.mark.parametrize(
    ("turn", "event_no"),
    [
        ("In a separate shooting, three people were killed.", 1),
        ("In another attack near Senna, three people were killed.", 1),
        ("Elsewhere, three people were killed.", 1),
        ("He is also charged with the weapons used in another shooting that left three people dead.", 1),
        ("The shooting came just two days after three people were killed.", 1),
        ("The shooting was over when the officers came, after three people were killed.", 0),
        ("In the attack, three people were killed.", 0),
        ("Three people were killed when another gunman opened fire.", 0),
    ],
)
def test_the_wording_turns_to_another_happening(turn: str, event_no: int) -> None:
    text = f"A shooting on Saturday killed eight people in Tarvo.\n{turn}"

    assert told(text)[1] == (event_no, "total", 3)


def test_the_sentences_behind_a_turn_stay_with_it_to_the_end_of_the_paragraph() -> None:
    text = (
        "A shooting on Saturday killed eight people.\n"
        "In a separate shooting, three people were killed. Ten people were wounded.\n"
        "Forty people were wounded on Saturday."
    )

    assert [row[0] for row in told(text)] == [0, 1, 1, 0]


def test_a_round_up_gives_each_incident_its_own_event_and_its_sum_to_none() -> None:
    text = (
        "Six people were killed in separate shootings across Tarvo on Saturday.\n"
        "Two men were killed about 9:30 p.m. in Corso Nuovo.\n"
        "Three women were killed about 11:15 p.m. in Via Larga.\n"
        "A boy was killed at 11:50 p.m. near the station."
    )

    assert told(text) == [(1, "cumulative", 6), (0, "total", 2), (2, "total", 3), (3, "total", 1)]


def test_an_attack_of_several_blasts_is_no_round_up() -> None:
    text = (
        "Six people were killed in two bombings in Tarvo on Saturday.\n"
        "Two men were killed about 9:30 p.m. in Corso Nuovo.\n"
        "Three women were killed about 11:15 p.m. in Via Larga.\n"
        "A boy was killed at 11:50 p.m. near the station."
    )

    assert told(text)[0] == (0, "total", 6)


def test_a_trial_recalls_what_its_report_is_about() -> None:
    text = "A man was convicted on Monday of last year's murder of two nurses. Last year, 40 people were wounded there."

    assert told(text)[0][0] == 0


def test_the_day_of_an_arrest_opens_no_event() -> None:
    facts = read(article("A shooting on Saturday killed two people. A man was arrested on Nov. 2."))

    assert facts.counts.select("kind", "event_no").rows() == [("killed", 0), ("detained", 0)]


@pytest.mark.parametrize(
    ("later", "scope"),
    [
        ("Seven people were killed in 12 separate shootings across the city.", "cumulative"),
        ("Seven people were killed over an eight-hour stretch.", "cumulative"),
        ("Seven people were killed in the shooting, the mayor said.", "total"),
        ("Juan Ruiz, 23, is charged with the murders of seven people.", "total"),
    ],
)
def test_what_several_happenings_sum_up_to_is_no_toll_of_the_one_told(later: str, scope: str) -> None:
    text = f"Two people were killed in a shooting on Saturday in Tarvo.\n{later}"

    assert told(text)[1][1:] == (scope, 7)


def test_a_sum_that_a_text_opens_with_is_its_own() -> None:
    assert told("Seven people were killed in two shootings in Tarvo.") == [(0, "total", 7)]


@pytest.mark.parametrize(
    ("title", "scope"), [("Six dead in Tarvo shootings", "cumulative"), ("Six dead in Tarvo shooting", "total")]
)
def test_the_title_of_a_round_up_sums_up_too(title: str, scope: str) -> None:
    text = (
        "Six people were killed in shootings across the city on Saturday.\n"
        "Two men were killed about 9:30 p.m. in Corso Nuovo.\n"
        "Three women were killed about 11:15 p.m. in Via Larga.\n"
        "A boy was killed at 11:50 p.m. near the station."
    )

    scopes = [row[1] for row in told(text, title)]
    assert (scopes[0], scopes[-1]) == ("cumulative", scope)
