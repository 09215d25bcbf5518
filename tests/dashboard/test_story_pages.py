"""Stories, events, articles and facts as pages, and the same as JSON."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from flows.dashboard.article import article, fact
from flows.dashboard.history import history
from flows.dashboard.render import as_html
from flows.dashboard.story import event, story
from flows.warehouse.file import published_path
from flows.warehouse.read import open_published, rows
from tests.dashboard.asked import ask
from tests.small_ledger import SmallLedger, hour, told


@pytest.fixture(scope="module")
def con(seeds_data: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with open_published(seeds_data) as con:
        yield con


@pytest.fixture
def reports(tmp_path: Path) -> SmallLedger:
    """Two outlets and a copy on one event."""
    ledger = SmallLedger(tmp_path / "data")
    said = {"attributed_to": "police", "actor_type": "police"}
    ledger.write("a", hour(1), told(8, **said), told(8, **said, evidence="killed 8, again."), told(31, "wounded"))
    ledger.write("b", hour(2), told(11, modifier="at_least", high=None))
    ledger.write("c", hour(3), told(8, **said))
    ledger.copy("c", "a")
    return ledger


def only_event(ledger: SmallLedger) -> dict[str, Any]:
    ledger.publish(hour(5))
    return event(ledger.con, "evt_1")["event"]


def test_a_toll_has_each_report_once_with_all_its_counts(reports: SmallLedger) -> None:
    event = only_event(reports)

    killed = next(toll for toll in event["tolls"] if toll["kind"] == "killed")
    assert [(row["figure"], row["outlet"], row["count_ids"]) for row in killed["reports"]] == [
        (8, "Outlet a", ["cnt_a_1_0", "cnt_a_1_1"]),
        (8, "Outlet c", ["cnt_c_1_0"]),
        (11, "Outlet b", ["cnt_b_1_0"]),
    ]
    assert killed["is_conflict"]


def test_the_matrix_has_what_each_outlet_says_of_each_kind(reports: SmallLedger) -> None:
    matrix = only_event(reports)["matrix"]

    assert matrix["kinds"] == ["killed", "wounded"]
    figures = {row["outlet"]: [[one["figure"] for one in cell] for cell in row["figures"]] for row in matrix["outlets"]}
    assert figures == {"Outlet a": [[8], [31]], "Outlet b": [[11], []], "Outlet c": [[8], []]}


def test_copies_stand_under_the_origin_that_they_copy(reports: SmallLedger) -> None:
    reports.execute("INSERT INTO linked_stories VALUES ('sto_1', 'A blast', ?)", hour(1))
    reports.publish(hour(5))

    origins = story(reports.con, "sto_1")["origins"]

    assert [[one["article_id"] for one in group["articles"]] for group in origins] == [["a", "c"], ["b"]]
    assert origins[0]["articles"][1]["copy_of"] == "a"


def test_the_tolls_of_a_moment_are_of_what_was_in_the_ledger_or_in_print_by_then(tmp_path: Path) -> None:
    ledger = SmallLedger(tmp_path / "data")
    ledger.write("a", hour(1), told(8), published_at=hour(0))
    ledger.write("b", hour(4), told(11), published_at=hour(0.5))
    ledger.publish(hour(5))

    def best(clock: str, number: float) -> list[int]:
        at = f"{hour(number):%Y-%m-%dT%H:%M:%SZ}"
        return [row["high"] for row in history(ledger.con, "evt_1", {"clock": clock, "at": at})["then"]]

    assert [best("seen", number) for number in (0.7, 2, 4)] == [[], [8], [11]]
    assert [best("published", number) for number in (-1, 0, 0.7)] == [[], [8], [11]]


def test_every_phrase_is_marked_where_it_stands(con: duckdb.DuckDBPyConnection) -> None:
    facts = rows(con, "SELECT fact_id, phrase, evidence, field FROM evidence")

    assert len(facts) > 60
    for one in facts:
        data = fact(con, one["fact_id"])
        marked = "".join(part["text"] for part in data["sentence"] if part["is_phrase"])
        assert marked == one["phrase"]
        assert "".join(part["text"] for part in data["sentence"]) == one["evidence"]
        there = data["title_parts"] if one["field"] == "title" else [p for line in data["lines"] for p in line["parts"]]
        assert "\n".join(p["text"] for p in there if p["is_phrase"]) == one["phrase"]


def test_an_article_has_what_was_taken_out_in_its_place(con: duckdb.DuckDBPyConnection) -> None:
    for row in rows(con, "SELECT article_id, text FROM articles"):
        data = article(con, row["article_id"])
        kept = "\n".join("".join(part["text"] for part in line["parts"]) for line in data["lines"] if not line["rule"])
        assert kept == row["text"]
        assert sum(line["rule"] is not None for line in data["lines"]) == data["n_removed"]


def test_a_page_has_its_data_at_json_and_its_own_address(seeds_data: Path, con: duckdb.DuckDBPyConnection) -> None:
    (story_id,) = con.execute("SELECT story_id FROM stories").fetchall()[0]

    page, data, again = ask(seeds_data, f"/stories/{story_id}", f"/json/stories/{story_id}", f"/stories/{story_id}")

    assert f'href="/json/stories/{story_id}"' in page.text
    assert data.json()["story"]["story_id"] == story_id
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", data.json()["story"]["first_published_at"])
    assert page.content == again.content


def test_what_has_not_changed_is_not_sent_again(seeds_data: Path, con: duckdb.DuckDBPyConnection) -> None:
    (event_id,) = con.execute("SELECT event_id FROM events LIMIT 1").fetchall()[0]
    (page,) = ask(seeds_data, f"/events/{event_id}")

    (again,) = ask(seeds_data, f"/events/{event_id}", headers={"If-None-Match": page.headers["etag"]})

    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("/stories/sto_none", "No story has the id sto_none."),
        ("/events/evt_none", "No event has the id evt_none."),
        ("/events/evt_none/history", "No event has the id evt_none."),
        ("/articles/art_none", "No article has the id art_none."),
        ("/facts/cnt_none", "No count, claim or quote has the id cnt_none."),
        ("/nothing", "There is no such page here."),
    ],
)
def test_what_is_not_here_is_said_in_words(address: str, said: str, seeds_data: Path) -> None:
    page, data = ask(seeds_data, address, f"/json{address}")

    assert (page.status_code, data.status_code) == (404, 404)
    assert said in page.text
    assert data.json() == {"error": said}


@pytest.mark.proof
def test_an_id_that_is_gone_leads_to_what_took_its_place(reports: SmallLedger, tmp_path: Path) -> None:
    reports.link("b", "evt_2")
    reports.execute("INSERT INTO linked_event_aliases VALUES ('evt_old', 'evt_2', ?)", hour(4))
    reports.publish(hour(5))

    page, same = ask(reports.hand_out(), "/events/evt_old", "/json/events/evt_old")

    assert (page.status_code, page.headers["location"]) == (307, "/events/evt_2")
    assert same.headers["location"] == "/json/events/evt_2"


def test_where_nothing_is_published_the_page_says_what_to_do(tmp_path: Path) -> None:
    (page,) = ask(tmp_path, "/stories")

    assert page.status_code == 503
    assert "nothing published yet; `newsledger run` makes it" in page.text


def test_a_list_that_is_too_long_for_a_page_is_whole_in_its_data(tmp_path: Path) -> None:
    ledger = SmallLedger(tmp_path / "data")
    ledger.write("a", hour(1), *(told(number, evidence=f"killed {number}, they say.") for number in range(1, 251)))
    ledger.publish(hour(5))

    data = event(ledger.con, "evt_1")
    page = as_html("event.html", data | {"here": "/events/evt_1", "json_address": "/json/events/evt_1"}).decode()

    assert len(data["event"]["tolls"][0]["reports"]) == 250
    assert 'And 50 more: <a href="/json/events/evt_1">' in page


@pytest.mark.proof
def test_what_another_version_published_is_told_with_what_to_do(reports: SmallLedger) -> None:
    reports.publish(hour(5))
    with duckdb.connect(str(published_path(reports.hand_out()))) as con:
        con.execute("DROP TABLE story_summaries")

    page, still = ask(reports.data, "/stories", "/events/evt_1")

    assert page.status_code == 503
    assert "`newsledger run` publishes it anew" in page.text
    assert still.status_code == 200
