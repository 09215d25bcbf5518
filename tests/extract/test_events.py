"""Which event a figure belongs to, and when it was."""

from datetime import date

import pytest

from flows.extract.dates import read_when
from tests.extract.told import article, read

DAY = date(2020, 11, 22)  # a Sunday


@pytest.mark.parametrize(
    ("words", "low", "high"),
    [
        ("yesterday", date(2020, 11, 21), date(2020, 11, 21)),
        ("saturday", date(2020, 11, 21), date(2020, 11, 21)),
        ("early this month", date(2020, 11, 1), date(2020, 11, 22)),
        ("last month", date(2020, 10, 1), date(2020, 10, 31)),
        ("last year", date(2019, 1, 1), date(2019, 12, 31)),
        ("march", date(2020, 3, 1), date(2020, 3, 31)),
        ("december", date(2019, 12, 1), date(2019, 12, 31)),
        ("nov. 2", date(2020, 11, 2), date(2020, 11, 2)),
        ("sept 11, 2001", date(2001, 9, 11), date(2001, 9, 11)),
        ("21 november 2020", date(2020, 11, 21), date(2020, 11, 21)),
    ],
)
def test_times_are_resolved_where_the_article_has_a_date(words: str, low: date, high: date) -> None:
    when = read_when(words, DAY)

    assert when is not None
    assert (when.low, when.high) == (low, high)


@pytest.mark.parametrize("words", ["yesterday", "saturday", "early this month", "march", "nov. 2"])
def test_times_stay_open_where_it_has_none(words: str) -> None:
    when = read_when(words, None)

    assert when is not None
    assert when.low is None


def events(text: str, published: str | None = "2020-11-22") -> list[tuple[int, int | None]]:
    facts = read(article(text, published=published))
    return list(facts.counts.select("event_no", "value").iter_rows())


def test_what_happened_another_time_is_another_event() -> None:
    text = (
        "A blast on Saturday killed eight people.\n"
        "Earlier this month, gunmen attacked a school and killed 22 people. The attack wounded 40 students.\n"
        "On Nov. 2, a bomb killed three people. Ten people were wounded on Saturday."
    )

    assert events(text) == [(0, 8), (1, 22), (1, 40), (2, 3), (0, 10)]


def test_a_sum_over_a_period_is_an_event_of_its_own() -> None:
    facts = read(article("A blast on Saturday killed eight people. So far this year, 163 people have been killed."))

    aggregates = facts.events.filter("is_aggregate")["event_no"].to_list()
    assert facts.counts.filter(value=163)["event_no"].to_list() == aggregates == [1]


def test_an_article_about_nothing_that_happened_has_no_event() -> None:
    facts = read(article("The council met on Monday and agreed on a new budget for parks."))

    assert facts.events.is_empty()


def test_the_own_day_is_resolved_from_the_text_and_never_from_the_stamp() -> None:
    dated = read(article("A blast on Friday killed eight people."))
    undated = read(article("A blast on Friday killed eight people.", published=None))
    silent = read(article("A blast killed eight people."))

    assert dated.events["date_low"].to_list() == [date(2020, 11, 20)]
    assert undated.events["date_low"].to_list() == [None]
    assert silent.events["date_low"].to_list() == [None]


@pytest.mark.parametrize(
    ("later", "event_no"),
    [
        ("Drivers are afraid since the July killing of three hikers.", 1),
        ("Drivers are afraid. Three hikers were killed years ago.", 1),
        ("In the July heat three hikers were killed by the blast.", 0),
    ],
)
def test_a_month_that_names_a_killing_recalls_it(later: str, event_no: int) -> None:
    assert events(f"A blast on Saturday killed eight people.\n{later}")[1] == (event_no, 3)


def test_one_person_harmed_this_month_is_no_sum() -> None:
    facts = read(article("Two men were charged on Friday. A boy was shot dead this month near Tarvo."))

    assert facts.counts["scope"].to_list() == ["total"]


@pytest.mark.parametrize(
    ("later", "event_no"),
    [
        ("Just after 11 p.m. Thursday, two men were shot dead in Corvo.", 1),
        ("Just after 11 p.m. Saturday, two men were shot dead in Corvo.", 0),
        ("On Sunday, Maria Lopez died.", 0),
    ],
)
def test_behind_the_lede_another_day_that_somebody_new_is_harmed_on_is_another_event(later: str, event_no: int) -> None:
    text = f"A shooting on Saturday killed eight people in Tarvo.\nIt was night.\nIt was cold.\n{later}"

    assert events(text)[1][0] == event_no


@pytest.mark.parametrize(
    ("later", "event_no"),
    [
        ("The Oct. 3 shooting killed five people.", 0),
        ("The Sept. 3 shooting killed five people.", 1),
    ],
)
def test_a_day_within_the_month_of_the_own_event_is_its_day(later: str, event_no: int) -> None:
    text = "A man was convicted on Monday of a shooting in October that killed two nurses.\nIt was night.\nIt was cold."
    text = f"{text}\n{later}"

    assert events(text)[1][0] == event_no


@pytest.mark.parametrize(
    ("later", "event_no"),
    [
        ("Last month, Ana Diaz was shot dead on her porch in Tarvo.", 0),
        ("Last month, Maria Ruiz was shot dead on her porch in Tarvo.", 1),
    ],
)
def test_a_sentence_that_names_a_victim_told_before_tells_of_that_event(later: str, event_no: int) -> None:
    assert events(f"A man was charged on Monday. Ana Diaz, 9, was shot dead on Nov. 2.\n{later}")[-1] == (event_no, 1)


@pytest.mark.parametrize(
    "text", ["Police arrested Omar Vesk on Sunday.", "Two men met. Police arrested Omar Vesk last year."]
)
def test_a_lone_arrest_opens_no_event_but_has_that_of_its_article(text: str) -> None:
    facts = read(article(text))

    assert facts.counts["event_no"].to_list() == facts.events["event_no"].to_list() == [0]


@pytest.mark.parametrize(("first", "second"), [("Tarvo", "Corvo"), ("Corvo", "Tarvo")])
def test_of_two_places_told_as_often_the_first_in_the_text_is_the_events(first: str, second: str) -> None:
    facts = read(
        article(f"Two men were shot dead in {first} near {second}.", name="a"),
        *(article(f"A bus in {second} burnt. Two men died near {first}.", name=name) for name in "bcdefgh"),
    )

    assert facts.events.filter(article_id="a")["place"].to_list() == [first]
