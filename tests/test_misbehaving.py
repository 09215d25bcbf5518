"""A whole run over a feed of a hundred pages that misbehave: it ends, each address has the outcome that the docs
promise, and the good articles among them load."""

from pathlib import Path

import pytest

from tests.against_gold import read_ledger
from tests.collect.fetch.test_ways import EXPECTED
from tests.collect.misbehaving import N_ARTICLES, WAYS, Misbehaving
from tests.conftest import Run

CONFIG = """
[collect]
contact = "desk@news.example"
pause_seconds = 0
connections = 40
connect_seconds = 2
read_seconds = 0.6
whole_seconds = 1.2
wait_seconds = 1.5
page_megabytes = 0.5
unpacked_megabytes = 1
listing_megabytes = 1

[[source]]
name = "all of it"
type = "feed"
url = "{url}"
allow_private = true
"""
HAD = {"new", "moved", "same"}
pytestmark = [pytest.mark.proof, pytest.mark.slow]


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory, run_pass: Run) -> Path:
    """What a run over all of it published."""
    folder = tmp_path_factory.mktemp("misbehaving")
    with Misbehaving() as server:
        config = folder / "sources.toml"
        config.write_text(CONFIG.format(url=server.url("feed.xml")), "utf-8")
        return run_pass(folder / "data", config=config)


def test_the_good_articles_load(published: Path) -> None:
    rows = read_ledger(published, "SELECT url FROM articles WHERE url LIKE '%/article-%'")

    assert len(rows) == N_ARTICLES


def test_every_address_has_the_outcome_that_the_docs_promise(published: Path) -> None:
    rows = read_ledger(published, "SELECT input, outcome FROM fetches WHERE NOT is_source")

    found = {str(row["input"]).split("/", 3)[3]: row["outcome"] for row in rows}
    wanted = {way: EXPECTED.get(way, "fetched") for way in WAYS}
    pages = {way: "fetched" if outcome in HAD else outcome for way, outcome in found.items() if way in wanted}
    assert len(rows) == len(found) == len(WAYS) + N_ARTICLES
    assert pages == wanted


def test_every_page_that_came_is_an_article_or_a_reject(published: Path) -> None:
    rows = read_ledger(
        published,
        "SELECT f.input FROM fetches AS f WHERE f.outcome IN ('new', 'changed') "
        "AND NOT EXISTS (FROM articles AS a WHERE f.final_url IN (a.input, a.url) OR f.input IN (a.input, a.url)) "
        "AND NOT EXISTS (FROM rejects AS r WHERE r.input = f.input)",
    )

    assert rows == []


def test_what_will_not_come_is_a_reject_with_its_reason_and_what_may_is_not(published: Path) -> None:
    rows = read_ledger(
        published,
        "SELECT DISTINCT f.verdict, r.reason IS NOT NULL AS is_reject FROM fetches AS f "
        "LEFT JOIN rejects AS r ON r.input = f.input AND r.stage = 'collect' WHERE NOT is_source ORDER BY 1",
    )

    assert {row["verdict"]: row["is_reject"] for row in rows} == {
        "good": False,
        "gone": True,
        "broken": True,
        "refused": True,
        "bad day": False,
        "deferred": False,
    }
