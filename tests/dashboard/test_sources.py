"""The pages of sources: what is wrong comes first, and whatever was learnt or refused has its evidence."""

import json
import re
from collections.abc import Iterator
from datetime import date
from html import escape
from pathlib import Path
from urllib.parse import quote

import duckdb
import pytest

from flows.dashboard.charts import chart_of_days
from flows.dashboard.errors import NotHere
from flows.dashboard.sources import source, sources
from flows.warehouse.read import open_published
from tests.dashboard.asked import ask
from tests.dashboard.watched import FAILING, KEPT, LABEL, NOW


@pytest.fixture(scope="module")
def con(watched_data: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with open_published(watched_data) as con:
        yield con


def test_sources_with_something_wrong_come_first(con: duckdb.DuckDBPyConnection) -> None:
    told = sources(con)

    assert told["totals"] == {
        "n_sources": 3,
        "n_wrong": 1,
        "n_articles": 6,
        "n_with_articles": 1,
        "n_rejects": 5,
        "n_lines_dropped": 1,
        "last_read_at": NOW,
    }
    assert [row["source_name"] for row in told["sources"]] == [FAILING, "muted", "wire"]
    assert told["sources"][0]["wrong"] == "failing, 2 times in a row: timed out: 30 s"
    assert (told["page"], told["n_pages"]) == (1, 1)


def test_a_source_tells_its_freshness_and_what_it_gave(con: duckdb.DuckDBPyConnection) -> None:
    failing, muted, wire = sources(con)["sources"]

    assert (wire["last_new_at"], wire["quiet_hours"], wire["n_new_week"]) == (NOW, 0.0, 6)
    assert wire["new_by_day"][-5:] == [1, 1, 1, 1, 2]
    assert (wire["n_rejects_week"], wire["yields"]) == (5, [])
    assert (failing["quiet_hours"], failing["n_new_week"]) == (None, 0)
    assert [row["is_muted"] for row in (failing, muted, wire)] == [False, True, False]


def test_a_learnt_line_stands_with_the_articles_that_it_was_taken_from(con: duckdb.DuckDBPyConnection) -> None:
    kept, dropped = source(con, "wire")["lines"]

    assert (kept["line"], kept["decision"], kept["decided_by"], kept["n_taken"]) == (KEPT, "keep", "analyst", 0)
    assert (dropped["line"], dropped["reason"], dropped["n_here"], dropped["n_taken"]) == (LABEL, "why drop", 5, 2)
    assert [row["article_id"] for row in dropped["examples"]] == ["e", "d", "c"]
    assert [row["is_taken"] for row in dropped["examples"]] == [True, True, False]


def test_rejects_stand_by_reason_with_examples(con: duckdb.DuckDBPyConnection) -> None:
    (refused,) = source(con, "wire")["rejects"]

    assert (refused["stage"], refused["reason"], refused["n_rejects"], refused["n_week"]) == (
        "clean",
        "no article",
        5,
        5,
    )
    assert [row["detail"] for row in refused["examples"]] == ["only 4 words", "only 3 words", "only 2 words"]


def test_a_source_tells_how_its_address_and_its_pages_answered(con: duckdb.DuckDBPyConnection) -> None:
    failing, wire = source(con, FAILING), source(con, "wire")

    assert [(row["outcome"], row["detail"]) for row in failing["fetches"]] == [("timed out", "30 s")] * 2
    assert failing["articles"] == []
    assert [(row["outcome"], row["n_fetches"], row["seconds"]) for row in wire["outcomes"]] == [("new", 5, 2.5)]
    assert [row["day"] for row in wire["by_day"]][-1] == NOW.date()
    assert [alert["title"] for alert in failing["alerts"]] == ["far/away: failing"]


def test_a_day_without_a_habit_has_no_band(con: duckdb.DuckDBPyConnection) -> None:
    last = source(con, "wire")["by_day"][-1]

    assert (last["usual_new"], last["low"], last["high"], last["direction"]) == (None, None, None, None)


def test_a_correction_of_a_source_stands_on_its_page(con: duckdb.DuckDBPyConnection) -> None:
    (mute,) = source(con, "muted")["corrections"]

    assert (mute["action"], mute["corrected_by"], mute["why"]) == ("mute", "ana", "a mirror of another")


def test_a_name_that_no_source_has_is_not_here(con: duckdb.DuckDBPyConnection) -> None:
    with pytest.raises(NotHere, match="No source is called wir"):
        source(con, "wir")


def test_the_seeds_have_one_source_and_tell_what_went_by_which_rule(seeds_data: Path) -> None:
    with open_published(seeds_data) as con:
        (row,) = sources(con)["sources"]
        told = source(con, row["source_name"])

    assert (row["wrong"], row["n_articles"]) == (None, 5)
    assert "share_line" in [removed["rule"] for removed in told["removed"]]
    assert len(told["articles"]) == 5


def test_the_pages_show_names_and_lines_from_the_web_as_text(watched_data: Path) -> None:
    everything, one, wire = ask(watched_data, "/sources", f"/sources/{quote(FAILING, safe='')}", "/sources/wire")

    assert '<a href="/sources/far%2Faway"><bdi>far/away</bdi></a>' in everything.text
    assert "failing, 2 times in a row: timed out: 30 s" in one.text
    assert escape(LABEL) in wire.text
    assert LABEL not in wire.text
    assert not re.search(r"\sstyle=|<style|\son\w+=", everything.text + one.text + wire.text)


def test_a_page_and_its_json_say_the_same(watched_data: Path, con: duckdb.DuckDBPyConnection) -> None:
    (answer,) = ask(watched_data, "/json/sources/wire")

    told = answer.json()
    assert told.keys() == source(con, "wire").keys()
    assert told["source"]["last_new_at"] == "2026-03-06T12:00:00Z"


def test_a_source_that_is_not_there_is_said_to_be_not_there(watched_data: Path) -> None:
    (answer,) = ask(watched_data, "/sources/no/such")

    assert answer.status_code == 404
    assert "No source is called no/such." in answer.text


@pytest.mark.parametrize(("usual", "n_layers"), [(None, 1), (3.0, 3)])
def test_a_chart_of_days_draws_the_usual_where_it_is_known(usual: float | None, n_layers: int) -> None:
    days = [
        {"day": date(2026, 3, day), "n_new": day, "usual_new": usual, "low": usual and 0.0, "high": usual and 9.0}
        for day in (1, 2)
    ]

    told = json.loads(str(chart_of_days(days)))

    assert len(told["layer"]) == n_layers
    assert [value["n_new"] for value in told["data"]["values"]] == [1, 2]
    assert chart_of_days(days[:1]) is None
