"""Ten sites with one agency's text, and the one of them that asked the fire chief: a run from files to tolls."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.against_gold import read_ledger
from tests.conftest import Run

pytestmark = pytest.mark.proof

WIRE = (
    "An explosion at the Orsola cement works in Arvento killed five people on Monday, police said. The blast was heard "
    "in villages ten kilometres away. Firefighters needed four hours to put out the flames, and the road along the "
    "river stayed closed until the evening. The works belong to the Tarsi family, who bought them from the state."
)
ADDED = "At least seven people were killed in the explosion at the Orsola cement works, fire chief Ada Lo told us."
OTHER = (
    "Five people were killed in the explosion at the Orsola cement works in Arvento on Monday, Mayor Livia Tarsi said "
    "at the gate. Crews with dogs searched the kiln hall for a missing apprentice through the night."
)


def line(number: int, text: str, **more: str) -> dict[str, Any]:
    return {
        "id": f"a{number:02d}",
        "publisher": f"Site {number}",
        "published_at": f"2020-03-02T{8 + number:02d}:00:00Z",
        "title": "Explosion at cement works in Arvento",
        "text": text,
    } | more


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory, run_pass: Run) -> Path:
    folder = tmp_path_factory.mktemp("copies")
    lines = [line(number, WIRE) for number in range(8)]
    lines += [line(8, f"ARVENTO, Italy (AFP) - {WIRE}"), line(9, f"{WIRE}\n{ADDED}"), line(10, OTHER)]
    (folder / "wire.jsonl").write_text("\n".join(json.dumps(one) for one in lines), "utf-8")
    return run_pass(folder / "data", folder / "wire.jsonl")


def test_ten_sites_with_one_text_are_ten_articles_and_one_origin(published: Path) -> None:
    rows = read_ledger(
        published, "SELECT figure, n_articles, n_origins FROM toll_figures WHERE kind = 'killed' ORDER BY figure"
    )

    assert [tuple(row.values()) for row in rows] == [(5, 11, 2), (7, 1, 1)]


def test_all_of_them_are_the_agency_s_whom_one_of_them_credits(published: Path) -> None:
    rows = read_ledger(
        published, "SELECT independent_origin, count(*) AS n FROM article_origins GROUP BY ALL ORDER BY n DESC"
    )

    assert [tuple(row.values()) for row in rows] == [("AFP", 10), ("Site 10", 1)]


def test_the_one_that_asked_the_fire_chief_counts_for_that_figure(published: Path) -> None:
    rows = read_ledger(published, "SELECT independent_origin FROM toll_reports WHERE figure = 7")
    (copy,) = read_ledger(published, "SELECT n_own_words FROM copies WHERE n_own_words > 0")

    assert {row["independent_origin"] for row in rows} == {"Site 9"}
    assert copy["n_own_words"] == len(ADDED.split())


def test_the_police_and_the_mayor_are_two_speakers_however_many_sites_there_are(published: Path) -> None:
    (row,) = read_ledger(published, "SELECT n_speakers FROM toll_figures WHERE kind = 'killed' AND figure = 5")

    assert row["n_speakers"] == 2
