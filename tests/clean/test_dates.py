"""Stamps: instants as they are written, never more precise than the source."""

from datetime import UTC, datetime

import pytest

from flows.clean.dates import instant_of, line_stamp


@pytest.mark.parametrize(
    ("text", "at", "precision"),
    [
        ("2020-11-21", datetime(2020, 11, 21, tzinfo=UTC), "day"),
        ("2020-11", datetime(2020, 11, 1, tzinfo=UTC), "month"),
        ("2020", datetime(2020, 1, 1, tzinfo=UTC), "year"),
        ("2020-11-21T14:05", datetime(2020, 11, 21, 14, 5, tzinfo=UTC), "minute"),
        ("2020-11-21T14:05:30Z", datetime(2020, 11, 21, 14, 5, 30, tzinfo=UTC), "second"),
        ("2020-11-21T14:05:30+05:30", datetime(2020, 11, 21, 8, 35, 30, tzinfo=UTC), "second"),
    ],
)
def test_a_stated_instant_is_utc_with_its_precision(text: str, at: datetime, precision: str) -> None:
    stamp = instant_of(text)

    assert stamp is not None
    assert (stamp.at, stamp.precision) == (at, precision)


@pytest.mark.parametrize("text", [None, "", "soon", "2020-13-01", "2020-02-30", "0001-01-01T00:00:00Z"])
def test_what_is_no_instant_is_none(text: str | None) -> None:
    assert instant_of(text) is None


@pytest.mark.parametrize(
    ("line", "at"),
    [
        ("Sat, 11/21/2020 – 14:05", datetime(2020, 11, 21, 14, 5, tzinfo=UTC)),
        ("Tue, 7/4/2020", datetime(2020, 4, 7, tzinfo=UTC)),
        ("21/11/2020", datetime(2020, 11, 21, tzinfo=UTC)),
        ("21.11.20", datetime(2020, 11, 21, tzinfo=UTC)),
        ("Sat, 21 Nov 2020 14:05:00 +0100", datetime(2020, 11, 21, 13, 5, tzinfo=UTC)),
        ("Saturday, November 21, 2020 - 2:05 p.m.", datetime(2020, 11, 21, 14, 5, tzinfo=UTC)),
        ("Published on 21 Nov. 2020", datetime(2020, 11, 21, tzinfo=UTC)),
        ("Updated: 2020-11-21 14:05", datetime(2020, 11, 21, 14, 5, tzinfo=UTC)),
    ],
)
def test_a_line_that_is_a_stamp_is_read(line: str, at: datetime) -> None:
    stamp = line_stamp(line)

    assert stamp is not None
    assert stamp.at == at


@pytest.mark.parametrize(
    "line", ["3/4/2020", "On Nov. 21, 2020 a fire broke out", "The score was 3/4", "Sat, 4/31/2020"]
)
def test_what_is_open_or_says_more_is_no_stamp(line: str) -> None:
    assert line_stamp(line) is None


@pytest.mark.parametrize("text", ["2024/05/14", "20240514", "2024-5-14", "9999-12-31"])
def test_a_year_is_not_read_out_of_what_says_more(text: str) -> None:
    assert instant_of(text) is None
