"""The list of stories: newest first, narrowed by what a reader asks for."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from flows.dashboard.search import Found
from flows.dashboard.stories import A_PAGE, Filters, offered_options, stories
from flows.sources import UsageError
from flows.warehouse.publish import publish
from flows.warehouse.read import open_published
from tests.small_ledger import SmallLedger, hour, told

Con = duckdb.DuckDBPyConnection
# A story: its number of hours after the start, what its event is, what its articles report of it.
STORIES: dict[str, tuple[float, dict[str, Any], list[Any]]] = {
    "old": (1, {"kind": "attack", "place": "Arvento", "country": "FR"}, [told(5), told(9)]),
    "new": (
        30,
        {"kind": "clash", "place": "Bellmoor", "country": "DE", "date_low": date(2026, 3, 1)},
        [told(3, "wounded")],
    ),
    "none": (20, {"kind": None, "place": None, "country": None}, [None]),
}


def write_story(ledger: SmallLedger, name: str) -> None:
    """A story with an article a report, and the event that they are about."""
    at, event, reports = STORIES[name]
    for number, count in enumerate(reports):
        article = f"art_{name}{number}"
        claims = ({"stance": "blamed", "actor": "Red Hand", "asserted_by": "the mayor"},) if name == "old" else ()
        ledger.write(
            article, hour(at), *([count] if count else []), claims=claims, event=f"evt_{name}", published_at=hour(at)
        )
        ledger.execute("UPDATE story_articles SET story_id = ? WHERE article_id = ?", f"sto_{name}", article)
        ledger.execute("UPDATE mentioned_events SET story_id = ? WHERE article_id = ?", f"sto_{name}", article)
        if count is None:
            ledger.execute("UPDATE mentioned_events SET is_main = false WHERE article_id = ?", article)
    ledger.execute("INSERT INTO linked_stories VALUES (?, ?, ?)", f"sto_{name}", f"The {name} story", hour(at))
    for column, value in ({"date_low": None} | event | {"date_high": event.get("date_low")}).items():
        ledger.execute(f"UPDATE linked_events SET {column} = ? WHERE event_id = ?", value, f"evt_{name}")


@pytest.fixture(scope="module")
def con(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Con]:
    ledger = SmallLedger(tmp_path_factory.mktemp("listed"))
    for name in STORIES:
        write_story(ledger, name)
    ledger.publish(hour(40))
    ledger.con.close()
    publish(ledger.data, 1, keep=1)
    with open_published(ledger.data) as con:
        yield con


def listed(con: Con, found: Found | None = None, **params: str) -> list[str]:
    """The stories that a query's parameters show, without their common beginning."""
    page = stories(con, Filters.of(params), found, {})
    assert page["n_stories"] == len(page["stories"])
    return [row["story_id"].removeprefix("sto_") for row in page["stories"]]


def test_the_newest_story_comes_first(con: Con) -> None:
    assert listed(con) == ["new", "none", "old"]


@pytest.mark.parametrize(
    ("params", "shown"),
    [
        ({"place": "arvento"}, ["old"]),
        ({"place": "France"}, ["old"]),
        ({"place": "de"}, ["new"]),
        ({"place": "Arv"}, []),
        ({"actor": "red hand"}, ["old"]),
        ({"kind": "clash"}, ["new"]),
        ({"kind": "killed"}, ["old"]),
        ({"origins": "2"}, ["old"]),
        ({"disagreement": "1"}, ["old"]),
        ({"since": "2026-03-02", "until": "2026-03-02"}, ["old"]),
        ({"until": "2026-03-01"}, ["new"]),
        ({"place": "Arvento", "kind": "clash"}, []),
        ({"place": " ", "page": "1"}, ["new", "none", "old"]),
        ({"place": "'; DROP TABLE stories; --"}, []),
    ],
)
def test_a_filter_leaves_what_fits(params: dict[str, str], shown: list[str], con: Con) -> None:
    assert listed(con, **params) == shown


def test_a_search_leaves_the_stories_of_the_articles_that_it_found(con: Con) -> None:
    assert listed(con, Found(["art_old1", "art_gone"], False, 1, 4, 4), q="mayor") == ["old"]
    assert listed(con, Found([], False, 1, 4, 4), q="mayor") == []


def test_a_search_says_how_far_it_looked(con: Con) -> None:
    asked = Filters.of({"q": "mayor"})

    early = stories(con, asked, Found(["art_old1"], True, 1, 3, 4), {})["search"]
    of_another = stories(con, asked, Found(["art_old1"], False, 2, 4, 4), {})["search"]
    whole = stories(con, asked, Found(["art_old1"], False, 1, 4, 4), {})["search"]

    assert early == {"n_found": 1, "is_capped": True, "is_whole": False, "n_indexed": 3, "n_articles": 4}
    assert (of_another["is_whole"], whole["is_whole"]) == (False, True)


def test_a_row_shows_one_toll_of_what_the_story_is_about(con: Con) -> None:
    def row(name: str) -> dict[str, Any]:
        found = Found([f"art_{name}0"], False, 1, 4, 4)
        return dict(stories(con, Filters(q="x"), found, {})["stories"][0])

    old, new, none = row("old"), row("new"), row("none")

    assert [old[name] for name in ("event_id", "kind", "low", "high", "n_conflicts", "n_origins")] == [
        "evt_old", "killed", 5, 9, 1, 2,
    ]  # fmt: skip
    assert [new[name] for name in ("label", "kind", "best", "is_derived")] == ["blast", "wounded", 3, False]
    assert [none[name] for name in ("event_id", "kind", "best", "n_conflicts")] == [None, None, None, 0]


def test_the_last_change_is_the_storys_or_that_of_its_toll(con: Con) -> None:
    rows = {row["story_id"]: row["changed_at"] for row in stories(con, Filters(), None, {})["stories"]}

    assert rows == {"sto_old": hour(40), "sto_new": hour(40), "sto_none": hour(20)}


def test_filters_offer_what_there_is_the_most_frequent_first(con: Con) -> None:
    options = offered_options(con)

    assert options["places"] == [{"name": "Arvento", "n_stories": 1}, {"name": "Bellmoor", "n_stories": 1}]
    assert [one["name"] for one in options["countries"]] == ["Germany", "France"]
    assert [one["name"] for one in options["actors"]] == ["Red Hand"]
    assert [one["name"] for one in options["kinds"]] == ["attack", "clash", "killed", "wounded"]


def test_pages_lead_on_with_the_filters_kept(con: Con, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("flows.dashboard.stories.A_PAGE", 2)
    assert A_PAGE == 50

    first = stories(con, Filters.of({"until": "2026-03-09"}), None, {})
    last = stories(con, Filters.of({"until": "2026-03-09", "page": "2"}), None, {})

    assert (len(first["stories"]), first["previous"]) == (2, None)
    assert first["next"] == {"until": "2026-03-09", "page": "2"}
    assert (len(last["stories"]), last["previous"], last["next"]) == (1, {"until": "2026-03-09"}, None)


@pytest.mark.parametrize(
    ("params", "said"),
    [
        ({"since": "yesterday"}, "since: 'yesterday' is no day"),
        ({"until": "2026-02-30"}, "until: '2026-02-30' is no day"),
        ({"origins": "many"}, "origins: 'many' is no number"),
        ({"page": "0"}, "page: '0' is no number"),
        ({"page": "9" * 30}, "is no number from 1 to 999999"),
        ({"disagreement": "yes"}, "disagreement: 1 shows"),
    ],
)
def test_a_wrong_value_is_named_with_its_parameter(params: dict[str, str], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        Filters.of(params)


def test_what_an_address_says_beside_filters_is_no_filter() -> None:
    assert Filters.of({"utm_source": "x", "story_id": "y"}) == Filters()


def test_the_query_of_a_list_is_its_filters_again(tmp_path: Path) -> None:
    given = {"place": "Arvento", "since": "2026-03-01", "origins": "3", "disagreement": "1", "q": '"x y" -z'}

    assert Filters.of(Filters.of(given).params()) == Filters.of(given)
    assert Filters.of(given).params() == given
