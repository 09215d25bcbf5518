"""Days as pages word them for readers, in many languages."""

from datetime import UTC, datetime

import pytest

from flows.clean.worded_dates import read_stamp


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("May 14th, 2024 8:57 pm", "en"),
        ("Posted on Tuesday, 14 May 2024", "en"),
        ("14. Mai 2024, 20:57 Uhr", "de"),
        ("14 de mayo de 2024", "es"),
        ("kl 10.22 14. mai 2024", "no"),
        ("2024. május 14.", "hu"),
        ("2024 m. gegužės 14 d.", "lt"),
        ("14 мая 2024", "ru"),
        ("2024年5月14日 20:57", "ja"),
        ("2024년 5월 14일", "ko"),
        ("١٤ مايو ٢٠٢٤", "ar"),
        ("14 พฤษภาคม 2567", "th"),
        ("14.5.2024", "de"),
        ("5/14/2024", "en"),
        ("2024/05/14", None),
        ("20240514", None),
    ],
)
def test_a_worded_day_is_read(text: str, language: str | None) -> None:
    stamp = read_stamp(text, language)

    assert stamp is not None
    assert (stamp.at, stamp.precision) == (datetime(2024, 5, 14, tzinfo=UTC), "day")


@pytest.mark.parametrize(
    "text", ["Tue, 14 May 2024 20:57:43 GMT", "20240514T205743Z", "1715720263", "2024-05-14T22:57:43+02:00"]
)
def test_an_instant_of_machines_is_read_to_the_second(text: str) -> None:
    stamp = read_stamp(text)

    assert stamp is not None
    assert (stamp.at, stamp.precision) == (datetime(2024, 5, 14, 20, 57, 43, tzinfo=UTC), "second")


@pytest.mark.parametrize(("language", "month"), [("pl", 11), ("hr", 10)])
def test_a_month_that_languages_share_is_read_in_the_pages_own(language: str, month: int) -> None:
    stamp = read_stamp("14. listopada 2024", language)

    assert stamp is not None
    assert stamp.at.month == month


@pytest.mark.parametrize(("language", "month"), [("en-us", 3), ("de", 4), ("fr-ca", 4)])
def test_a_slashed_day_is_read_as_the_pages_language_writes_it(language: str, month: int) -> None:
    stamp = read_stamp("3/4/2024", language)

    assert stamp is not None
    assert stamp.at.month == month


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("3/4/2024", "en-gb"),
        ("3/4/2024", None),
        ("14 listopada 2024", None),
        ("May 2024", "en"),
        ("Feb 30, 2024", "en"),
        ("in May 14 people died", "en"),
        ("5 hours ago", "en"),
        ("1970-01-01T00:00:00Z", None),
        ("0001-01-01", None),
        ("9999-12-31", None),
        ("On May 14, 2024 " + "a long story was told " * 10, "en"),
    ],
)
def test_what_is_open_or_no_day_is_none(text: str, language: str | None) -> None:
    assert read_stamp(text, language) is None
