"""The five seeds say what was read in them by hand (tests/gold)."""

from pathlib import Path

import pytest

from tests.against_gold import (
    agree,
    compare_articles,
    compare_claims,
    compare_counts,
    compare_quotes,
    compare_texts,
    compare_tolls,
    read_gold,
    stated_ends,
)


@pytest.fixture(scope="module")
def published(seeds_data: Path) -> Path:
    return seeds_data / "news.duckdb"


def test_every_toll_is_the_one_read_by_hand(published: Path) -> None:
    assert compare_tolls(published) == []


def test_every_required_count_is_found_and_nothing_is_made_up(published: Path) -> None:
    score = compare_counts(published)

    assert score.missed == []
    assert score.extra == []


def test_speakers_stand_where_the_text_names_one_and_nowhere_else(published: Path) -> None:
    met = [(gold, mine) for gold, mine in compare_counts(published).met if gold["required"] == "yes"]
    named = [(gold, mine) for gold, mine in met if gold["attributed_to"]]
    unnamed = [mine for gold, mine in met if not gold["attributed_to"]]

    wrong = [
        (gold["attributed_to"], mine["attributed_to"])
        for gold, mine in named
        if not agree(gold["attributed_to"], mine["attributed_to"])
    ]
    assert wrong == []
    assert [mine["attributed_to"] for mine in unnamed if mine["attributed_to"]] == []
    assert (len(named), len(unnamed)) == (17, 12)


def test_every_required_claim_is_found_and_nobody_is_blamed_for_nothing(published: Path) -> None:
    score = compare_claims(published)

    assert score.missed == []
    assert score.extra == []


def test_claims_name_who_asserts_them_and_who_passes_them_on(published: Path) -> None:
    met = [(gold, mine) for gold, mine in compare_claims(published).met if gold["required"] == "yes"]

    assert [(g["asserted_by"], m["asserted_by"]) for g, m in met if not agree(g["asserted_by"], m["asserted_by"])] == []
    assert [
        (g["attributed_via"], m["attributed_via"])
        for g, m in met
        if not agree(g["attributed_via"], m["attributed_via"])
    ] == []


def test_every_required_quote_has_its_speaker(published: Path) -> None:
    score = compare_quotes(published)

    assert score.missed == []
    assert score.extra == []


def test_every_paragraph_stays_and_every_line_of_residue_goes(published: Path) -> None:
    assert compare_texts(published) == []


def test_metadata_is_what_the_articles_state_and_nothing_else(published: Path) -> None:
    assert compare_articles(published) == []


def test_the_gold_tolls_are_those_of_the_gold_counts() -> None:
    for row in read_gold("tolls"):
        ends = stated_ends(row["event"], row["kind"], lambda text: text)

        assert ends == (int(row["low"]), int(row["high"]), row["is_open_high"] == "true")


def test_the_gold_itself_is_whole() -> None:
    required = {
        name: sum(row["required"] == "yes" for row in read_gold(name)) for name in ("counts", "claims", "quotes")
    }

    assert required == {"counts": 29, "claims": 15, "quotes": 13}
