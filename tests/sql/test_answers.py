"""What stands beside a figure: who is accused and has answered, how much of the press was heard; the columns of GED."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.against_gold import read_ledger
from tests.small_ledger import SmallLedger, hour, put, told


def seeds(seeds_data: Path, query: str) -> list[dict[str, Any]]:
    return read_ledger(seeds_data / "news.duckdb", query)


def test_accusers_stand_apart_and_who_denies_has_answered(seeds_data: Path) -> None:
    rows = seeds(seeds_data, "SELECT asserted_by, answer FROM responsibility WHERE stance = 'blamed' ORDER BY 1")

    assert len({row["asserted_by"] for row in rows}) == len(rows) > 1
    assert {row["answer"] for row in rows} == {"denied"}


def blame(by: str, stance: str, actor: str) -> dict[str, Any]:
    return {"stance": stance, "actor": actor, "asserted_by": by, "evidence": f"{by} {stance} {actor} for the blast."}


def test_who_has_said_nothing_has_not_answered(tmp_path: Path) -> None:
    small = SmallLedger(tmp_path)
    small.write("a", hour(1), told(5), blame("the mayor", "blamed", "Red Hand"))
    small.write(
        "b", hour(2), told(5), blame("the army", "blamed", "Red Hand"), blame("Blue Hand", "denied", "Blue Hand")
    )

    rows = small.execute("SELECT actor, stance, asserted_by, answer FROM responsibility ORDER BY ALL")

    assert rows == [
        ("Blue Hand", "denied", "Blue Hand", "denied"),
        ("Red Hand", "blamed", "the army", None),
        ("Red Hand", "blamed", "the mayor", None),
    ]


def test_an_event_has_the_columns_of_ged_as_far_as_reports_fill_them(seeds_data: Path) -> None:
    rows = seeds(seeds_data, "SELECT * FROM ucdp_ged WHERE where_prec = 1 AND date_prec = 1 ORDER BY date_start")

    assert [(row["low"], row["best"], row["high"]) for row in rows] == [(22, 22, 35), (8, 8, 8)]
    assert {(row["country"], row["event_clarity"], row["priogrid_gid"]) for row in rows} == {("AF", 1, 179779)}
    assert [row["date_start"] for row in rows] == [date(2020, 11, 2), date(2020, 11, 21)]
    assert {(row["side_a"], row["deaths_civilians"], row["type_of_violence"]) for row in rows} == {(None, None, None)}


@pytest.mark.parametrize(
    ("verdicts", "heard", "failed"),
    [
        ({"wire": "good", "post": "good"}, 2, 0),
        ({"wire": "good", "post": "broken"}, 1, 1),
        ({"wire": "good"}, 1, 0),
        ({"wire": "broken", "post": "bad day"}, 0, 2),
    ],
)
def test_beside_an_event_stands_how_many_sources_were_heard_since_its_first_report(
    verdicts: dict[str, str], heard: int, failed: int, tmp_path: Path
) -> None:
    small = SmallLedger(tmp_path)
    small.write("a", hour(1), told(5))
    for name in ("wire", "post"):
        small.execute("INSERT INTO sources VALUES ($1, 'feed', $1, NULL, $2, $2)", name, hour(0))
        fetch(small, name, "good", hour(0) - timedelta(days=2))
    for name, verdict in verdicts.items():
        fetch(small, name, verdict, hour(2))

    rows = small.execute("SELECT n_sources, n_sources_heard, n_sources_failed FROM coverage")
    beside = small.execute("SELECT DISTINCT n_sources, n_sources_heard, n_sources_failed FROM tolls")

    assert rows == beside == [(2, heard, failed)]


@pytest.mark.parametrize(("first_run", "heard"), [("failed", 1), ("done", 0)])
def test_what_a_run_that_was_killed_heard_counts_for_the_one_that_goes_on_from_it(
    first_run: str, heard: int, tmp_path: Path
) -> None:
    small = SmallLedger(tmp_path)
    for number, state in enumerate((first_run, "loaded")):
        row = {
            "run_id": f"run-{number}",
            "run_no": number,
            "started_at": hour(number),
            "state": state,
            "rules_version": "r1",
        }
        put(small.con, "runs", row)
    small.execute("INSERT INTO sources VALUES ('wire', 'feed', 'wire', NULL, $1, $1)", hour(0))
    fetch(small, "wire", "good", hour(0.5))

    small.write("a", hour(1.5), told(5))

    assert small.execute("SELECT n_sources_heard FROM coverage") == [(heard,)]


def test_where_no_source_is_known_nothing_is_known_of_who_was_heard(tmp_path: Path) -> None:
    small = SmallLedger(tmp_path)
    small.write("a", hour(1), told(5))

    rows = small.execute("SELECT DISTINCT n_sources, n_sources_heard, n_sources_failed FROM tolls")

    assert rows == [(None, None, None)]


def fetch(small: SmallLedger, name: str, verdict: str, at: object) -> None:
    small.execute(
        "INSERT INTO fetches BY NAME SELECT 'run' AS run_id, ? AS source_name, ? AS input, ? AS outcome, ? AS verdict, "
        "1 AS n_documents, 0 AS n_refused, ?::TIMESTAMPTZ AS fetched_at, true AS is_source",
        name,
        name,
        verdict,
        verdict,
        at,
    )
