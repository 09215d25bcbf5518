"""Tolls: which figure is best under each policy, what is left out, and what a conflict is."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.against_gold import read_ledger
from tests.conftest import Run
from tests.small_ledger import SmallLedger, hour, told

PLACE = "at the Orsola cement works in Arvento on Monday"
LINES: list[dict[str, Any]] = [
    {"id": "a", "publisher": "Arvento Post", "published_at": "2020-03-02T08:00:00Z",
     "text": f"An explosion {PLACE} killed five people, police said. Crews searched the kiln hall."},
    {"id": "b", "publisher": "Radio Sud", "published_at": "2020-03-02T12:00:00Z",
     "text": f"Seven people were killed in the explosion {PLACE}, Mayor Livia Tarsi said. Crews searched the kiln."},
    {"id": "c", "publisher": "Il Faro", "published_at": "2020-03-02T13:00:00Z",
     "text": f"The explosion {PLACE} killed seven people, Mayor Livia Tarsi said. The kiln hall fell in."},
    {"id": "d", "publisher": "Gazette", "published_at": "2020-03-03T09:00:00Z",
     "text": f"At least nine people were killed in the explosion {PLACE}, a rescuer said. The kiln hall fell in."},
    {"id": "e", "publisher": "Copy Site", "published_at": "2020-03-03T10:00:00Z",
     "text": f"An explosion {PLACE} killed five people, police said. Crews searched the kiln hall."},
    {"id": "f", "publisher": "Valley News", "published_at": "2020-03-03T11:00:00Z",
     "text": f"Several people were killed in the explosion {PLACE}. About 40 workers were injured in the kiln hall."},
    {"id": "g", "publisher": "Hill News", "published_at": "2020-03-03T12:00:00Z",
     "text": f"The explosion {PLACE} injured 42 workers. One of the victims was killed in the kiln hall."},
]  # fmt: skip


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory, run_pass: Run) -> Path:
    folder = tmp_path_factory.mktemp("tolls")
    (folder / "wire.jsonl").write_text("\n".join(json.dumps(line) for line in LINES), "utf-8")
    return run_pass(folder / "data", folder / "wire.jsonl")


def toll(published: Path, kind: str, policy: str) -> dict[str, Any]:
    query = f"SELECT * FROM tolls WHERE kind = '{kind}' AND policy = '{policy}'"
    (row,) = read_ledger(published, query)
    return row


def test_all_are_one_story_and_one_event(published: Path) -> None:
    assert [row["n_articles"] for row in read_ledger(published, "SELECT n_articles FROM stories")] == [7]
    assert len(read_ledger(published, "SELECT * FROM events")) == 1


def test_a_copied_text_is_an_article_and_no_origin_of_its_own(published: Path) -> None:
    row = toll(published, "killed", "independent")

    assert (row["n_articles"], row["n_publishers"], row["n_origins"]) == (7, 7, 6)


def test_the_default_best_has_the_most_independent_origins(published: Path) -> None:
    row = toll(published, "killed", "independent")

    assert (row["low"], row["best"], row["high"]) == (5, 7, 9)
    assert (row["best_n_origins"], row["best_n_speakers"]) == (2, 1)
    assert row["is_open_high"]
    assert row["high_modifier"] == "at_least"


def test_officials_are_followed_to_their_latest_figure(published: Path) -> None:
    assert toll(published, "killed", "latest_official")["best"] in (5, 7)
    assert toll(published, "wounded", "latest_official")["best"] is None


def test_the_row_that_decides_for_officials_is_what_an_official_said_last(tmp_path: Path) -> None:
    small = SmallLedger(tmp_path)
    for name, at, who in (("a", 5, "witness"), ("b", 1, "police"), ("c", 3, "government"), ("d", 2, "police")):
        small.write(name, hour(9), told(7, actor_type=who), published_at=hour(at))
    small.write("e", hour(9), told(7, actor_type="police"))

    rows = small.execute("SELECT policy, best_count_id FROM tolls ORDER BY policy")

    assert rows == [("conservative", "cnt_a_1_0"), ("independent", "cnt_a_1_0"), ("latest_official", "cnt_c_1_0")]


def test_conservative_takes_the_lowest_that_two_origins_support(published: Path) -> None:
    assert toll(published, "killed", "conservative")["best"] == 7
    assert toll(published, "wounded", "conservative")["best"] is None


def test_ranges_that_meet_are_a_difference_and_no_conflict(published: Path) -> None:
    rows = read_ledger(published, "SELECT DISTINCT kind, is_conflict FROM disagreements ORDER BY kind")

    assert [(row["kind"], row["is_conflict"]) for row in rows] == [("killed", True), ("wounded", False)]


def test_what_no_toll_rests_on_is_listed_with_its_reason(published: Path) -> None:
    rows = read_ledger(published, "SELECT value, reason FROM left_out WHERE kind = 'killed' ORDER BY value NULLS LAST")

    assert [(row["value"], row["reason"]) for row in rows] == [
        (1, "a part: a subgroup of those told"),
        (None, "states no number"),
    ]


def test_each_figure_leads_to_its_sentence_and_its_bytes(published: Path) -> None:
    row = toll(published, "killed", "independent")

    (found,) = read_ledger(published, f"SELECT * FROM evidence WHERE fact_id = '{row['high_count_id']}'")
    assert found["phrase"] == "At least nine"
    assert found["evidence"].startswith("At least nine people were killed")
    assert len(found["raw_sha256"]) == 64


def range_of(ledger: SmallLedger) -> tuple[object, ...]:
    ledger.publish(hour(9))
    (row,) = ledger.execute(
        "SELECT low, best, high, low_modifier, high_modifier, is_derived, n_counts FROM tolls WHERE policy = 'independent'"
    )
    return tuple(row)


def test_the_ends_of_a_range_are_low_and_high_and_never_best(tmp_path: Path) -> None:
    ledger = SmallLedger(tmp_path)
    ledger.write("a", hour(1), told(11))
    ledger.write("b", hour(2), told(None, low=10, high=12, modifier="between"))

    assert range_of(ledger) == (10, 11, 12, "between", "between", False, 2)


def test_a_range_alone_has_no_best(tmp_path: Path) -> None:
    ledger = SmallLedger(tmp_path)
    ledger.write("a", hour(1), told(None, low=10, high=12, modifier="between"))

    assert range_of(ledger) == (10, None, 12, "between", "between", False, 1)


def test_a_figure_goes_before_the_end_of_a_range_that_is_as_large(tmp_path: Path) -> None:
    ledger = SmallLedger(tmp_path)
    ledger.write("a", hour(1), told(None, low=10, high=12, modifier="between"))
    ledger.write("b", hour(2), told(12))

    assert range_of(ledger) == (10, 12, 12, "between", "exact", False, 2)
