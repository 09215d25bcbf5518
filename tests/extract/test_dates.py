"""When: what a time expression says, beside the article's own day."""

from datetime import date

import polars as pl
import pytest

from flows.extract.dates import read_when
from tests.extract.told import article, read

DAY = date(2020, 11, 22)  # a Sunday


def day(month: int, number: int, year: int = 2020) -> date:
    return date(year, month, number)


@pytest.mark.parametrize(
    ("words", "low", "high", "precision"),
    [
        ("yesterday", day(11, 21), day(11, 21), "day"),
        ("overnight", day(11, 21), day(11, 22), "day"),
        ("tomorrow", day(11, 23), day(11, 23), "day"),
        ("saturday", day(11, 21), day(11, 21), "day"),
        ("sunday", day(11, 22), day(11, 22), "day"),
        ("last sunday", day(11, 15), day(11, 15), "day"),
        ("last tuesday", day(11, 17), day(11, 17), "day"),
        ("next friday", day(11, 27), day(11, 27), "day"),
        ("next sunday", day(11, 29), day(11, 29), "day"),
        ("over the weekend", day(11, 21), day(11, 22), "week"),
        ("ten days ago", day(11, 12), day(11, 12), "day"),
        ("10 days ago", day(11, 12), day(11, 12), "day"),
        ("two weeks ago", day(11, 2), day(11, 8), "week"),
        ("a week ago", day(11, 9), day(11, 15), "week"),
        ("this week", day(11, 16), day(11, 22), "week"),
        ("next week", day(11, 23), day(11, 29), "week"),
        ("earlier this month", day(11, 1), day(11, 22), "month"),
        ("last month", day(10, 1), day(10, 31), "month"),
        ("three months ago", day(8, 1), day(8, 31), "month"),
        ("last november", day(11, 1, 2019), day(11, 30, 2019), "month"),
        ("last june", day(6, 1), day(6, 30), "month"),
        ("last year", day(1, 1, 2019), day(12, 31, 2019), "year"),
        ("30 years ago", day(1, 1, 1990), day(12, 31, 1990), "year"),
        ("2019", day(1, 1, 2019), day(12, 31, 2019), "year"),
        ("november 2018", day(11, 1, 2018), day(11, 30, 2018), "month"),
        ("nov. 2", day(11, 2), day(11, 2), "day"),
        ("dec. 25", day(12, 25, 2019), day(12, 25, 2019), "day"),
        ("14th of november", day(11, 14), day(11, 14), "day"),
        ("14th", day(11, 14), day(11, 14), "day"),
        ("31st", day(10, 31), day(10, 31), "day"),
        ("2020-11-14", day(11, 14), day(11, 14), "day"),
        ("14/11/2020", day(11, 14), day(11, 14), "day"),
        ("11/14/2020", day(11, 14), day(11, 14), "day"),
        ("11/14/20", day(11, 14), day(11, 14), "day"),
        ("14.11.2020", day(11, 14), day(11, 14), "day"),
    ],
)
def test_a_time_is_resolved_where_the_article_has_a_date(words: str, low: date, high: date, precision: str) -> None:
    when = read_when(words, DAY)

    assert when is not None
    assert (when.low, when.high, when.precision) == (low, high, precision)


@pytest.mark.parametrize(
    "words", ["yesterday", "last tuesday", "next friday", "two weeks ago", "earlier this month", "overnight", "14th"]
)
def test_a_relative_time_stays_open_without_the_articles_date(words: str) -> None:
    when = read_when(words, None)

    assert when is not None
    assert (when.low, when.high) == (None, None)


@pytest.mark.parametrize(("words", "published"), [("3/4/2020", DAY), ("3/4/2020", None), ("13/13/2020", DAY)])
def test_figures_that_may_be_two_days_or_none_stay_open(words: str, published: date | None) -> None:
    when = read_when(words, published)

    assert when is not None
    assert when.low is None


@pytest.mark.parametrize("words", ["feb. 30, 2020", "40th", "2020-13-01"])
def test_what_is_no_day_of_the_calendar_is_no_time(words: str) -> None:
    assert read_when(words, DAY) is None


@pytest.mark.parametrize(
    ("text", "low"),
    [
        ("A blast killed eight people on the 14th, police said.", day(11, 14)),
        ("A blast killed eight people ten days ago.", day(11, 12)),
        ("A blast killed eight people last Tuesday.", day(11, 17)),
        ("A blast killed eight people on 14/11/2020.", day(11, 14)),
        ("A blast killed eight people on 2020-11-14.", day(11, 14)),
    ],
)
def test_an_event_takes_its_day_from_the_text(text: str, low: date) -> None:
    events = read(article(text)).events.filter(pl.col("date_low").is_not_null())

    assert events["date_low"].to_list() == [low]


@pytest.mark.parametrize(
    "text", ["A blast on the 14th floor killed eight.", "A blast on the 14th Street killed eight."]
)
def test_an_ordinal_of_something_is_no_day(text: str) -> None:
    events = read(article(text)).events

    assert events["date_low"].to_list() == [None]
