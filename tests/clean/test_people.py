"""Bylines: people and desks, without what stands around their names."""

import pytest

from flows.clean.people import is_like_a_name, read_names


@pytest.mark.parametrize(
    ("byline", "names"),
    [
        ("By Ada Lo, Bo Ek and Cy Du", ["Ada Lo", "Bo Ek", "Cy Du"]),
        ("Von Ada Lo und Bo Ek", ["Ada Lo", "Bo Ek"]),
        ("Text: Von Ada Lo (mit dpa)", ["Ada Lo"]),
        ("Par Ada Lo", ["Ada Lo"]),
        ("Di Ada Lo", ["Ada Lo"]),
        ("Por Ada Lo Ruiz", ["Ada Lo Ruiz"]),
        ("Skrevet av: Ada Lo og Bo Ek", ["Ada Lo", "Bo Ek"]),
        ("Tekst: Ada Lo Foto: Bo Ek", ["Ada Lo"]),
        ("Yazan: Ada Lo", ["Ada Lo"]),
        ("Автор: Ада Ло", ["Ада Ло"]),
        ("Από τον Ada Lo", ["Ada Lo"]),
        ("記者：王小明", ["王小明"]),
        ("박준 기자 외 1명", ["박준"]),
    ],
)
def test_a_byline_of_any_language_is_its_names(byline: str, names: list[str]) -> None:
    assert read_names([byline]) == names


@pytest.mark.parametrize(
    ("byline", "names"),
    [
        ("Dr. Ada Lo, Senior Correspondent", ["Ada Lo"]),
        ("Senior Correspondent Ada Lo", ["Ada Lo"]),
        ("Ada Lo, MS, RD", ["Ada Lo"]),
        ("Ada Lo | ada.lo@courier.example", ["Ada Lo"]),
        ("Ada Lo, May 14, 2024", ["Ada Lo"]),
        ("Ada Lo, Courier", ["Ada Lo", "Courier"]),
        ("Ada Lo, AFP", ["Ada Lo", "AFP"]),
        ("Ada Lo Associated Press", ["Ada Lo", "Associated Press"]),
        ("Ada Lo &amp;amp; Bo Ek", ["Ada Lo", "Bo Ek"]),
        ("ADA LO; ada lo", ["ADA LO"]),
    ],
)
def test_titles_addresses_and_dates_are_no_part_of_a_name(byline: str, names: list[str]) -> None:
    assert read_names([byline]) == names


@pytest.mark.parametrize(
    "name",
    [
        "Lo, Ada",
        "Reuters",
        "Online-Redaktion",
        "Staff Writer",
        "José Ortega y Gasset",
        "Di Wang",
        "Von der Heyden",
        "Per Olsson",
        "Jack Ma",
        "Ma Jun",
        "Ada Lo, Jr",
        "AFP, MANILA",
        "Courier et AFP",
        "20 Minuten",
    ],
)
def test_a_name_that_looks_like_more_stays_whole(name: str) -> None:
    assert read_names([name]) == [name]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "null",
        "undefined undefined",
        "{{author}}",
        "%AUTHOR%",
        "admin",
        "12345",
        "@ada",
        "Editor: Bo Ek",
        "a " * 400,
    ],
)
def test_what_names_nobody_is_no_author(text: str) -> None:
    assert read_names([text]) == []


@pytest.mark.parametrize("name", ["Ada Lo", "Bo van der Ek", "ADA LO", "松岡大", "AFP"])
def test_markup_holds_names(name: str) -> None:
    assert is_like_a_name(name)


@pytest.mark.parametrize("label", ["View all posts", "Follow", "amw", "Ada is a writer in Lyon", "Copy link", "Lille"])
def test_markup_holds_labels_that_are_no_names(label: str) -> None:
    assert not is_like_a_name(label)
