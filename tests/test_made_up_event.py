"""A made-up event from pages to answers: six outlets over three days, a copy that comes late, an army that speaks for
its side, a correction, an edit in silence, and a recall a month later."""

from pathlib import Path
from typing import Any

import pytest

from tests.against_gold import read_ledger
from tests.conftest import Run
from tests.corpus import write_lines
from tests.made_up_event import NOTE, PASSES

pytestmark = pytest.mark.proof

EVENT = "(SELECT event_id FROM event_mentions JOIN articles USING (article_id) WHERE input LIKE '%#post')"
FIGURES = "low, best, high, n_articles, n_origins"
Told = tuple[Any, ...]


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory, run_pass: Run) -> Path:
    """What the passes leave."""
    folder = tmp_path_factory.mktemp("event")
    for lines in PASSES:
        run_pass(folder / "data", write_lines(folder / "wire.jsonl", lines))
    return folder / "data" / "news.duckdb"


def told(published: Path, sql: str) -> list[Told]:
    return [tuple(row.values()) for row in read_ledger(published, sql)]


def as_of(published: Path, at: str, clock: str, policy: str = "independent") -> Told | None:
    """low, best, high, n_articles and n_origins of the killed; None where the toll was not known yet."""
    rows = told(
        published,
        f"SELECT {FIGURES} FROM tolls_as_of({at}, '{clock}') "
        f"WHERE event_id = {EVENT} AND kind = 'killed' AND policy = '{policy}'",
    )
    return rows[0] if rows else None


def test_the_recalled_event_is_the_event_and_what_recalls_it_is_a_story_of_its_own(published: Path) -> None:
    events = told(published, "SELECT label, n_articles, n_publishers, n_origins FROM events ORDER BY n_articles")
    stories = told(published, "SELECT headline, n_articles FROM stories ORDER BY n_articles")

    assert events == [("accident, 2020-04-05", 1, 1, 1), ("attack, Tolvane, 2020-03-02", 7, 6, 5)]
    assert stories == [("Ferry fire kills three off Ostholm", 1), ("Gunmen attack Tolvane customs post", 6)]


HISTORY: dict[str, list[Told]] = {
    "independent": [
        (1, 5, 5, 5, 1, 1, "new", "new"),
        (2, 5, 9, 9, 3, 3, "changed", "rise"),
        (3, 5, 9, 9, 5, 4, "changed", "support"),  # a copy, and the army's own figure
        (4, 5, 8, 8, 5, 4, "changed", "correction"),
        (5, 7, 7, 8, 6, 5, "changed", "support"),  # two origins each for 7 and 8, and a ministry said 7 last
        (6, 7, 8, 8, 7, 5, "changed", "support"),  # the recall is a third origin for 8
    ],
    "latest_official": [
        (1, 5, 5, 5, 1, 1, "new", "new"),
        (2, 5, 7, 9, 3, 3, "changed", "rise"),
        (3, 5, 7, 9, 5, 4, "changed", "support"),
        (4, 5, 7, 8, 5, 4, "changed", "correction"),  # of the highest
        (5, 7, 7, 8, 6, 5, "changed", "correction"),  # of the lowest, in silence
        (6, 7, 7, 8, 7, 5, "changed", "support"),
    ],
    "conservative": [
        (1, 5, None, 5, 1, 1, "new", "new"),
        (2, 5, None, 9, 3, 3, "changed", "rise"),
        (3, 5, None, 9, 5, 4, "changed", "support"),
        (4, 5, None, 8, 5, 4, "changed", "correction"),
        (5, 7, 7, 8, 6, 5, "changed", "support"),  # the first that two origins report
        (6, 7, 7, 8, 7, 5, "changed", "support"),
    ],
}


@pytest.mark.parametrize("policy", HISTORY)
def test_each_publications_change_stands_in_the_history_with_its_cause(policy: str, published: Path) -> None:
    rows = told(
        published,
        f"SELECT publication_no, {FIGURES}, change, cause FROM toll_history "
        f"WHERE event_id = {EVENT} AND kind = 'killed' AND policy = '{policy}' ORDER BY publication_no",
    )

    assert rows == HISTORY[policy]


@pytest.mark.parametrize("number", [1, 2, 3, 4, 5, 6])
@pytest.mark.parametrize("policy", HISTORY)
def test_what_was_seen_by_a_publication_is_what_it_published(policy: str, number: int, published: Path) -> None:
    at = f'(SELECT "at" FROM publications WHERE publication_no = {number})'

    assert as_of(published, at, "seen", policy) == HISTORY[policy][number - 1][1:6]


@pytest.mark.parametrize(
    ("at", "toll"),
    [
        ("2020-03-02 07:59", None),
        ("2020-03-02 08:00", (5, 5, 5, 1, 1)),
        ("2020-03-02 12:00", (5, 7, 7, 2, 2)),
        ("2020-03-02 13:00", (5, 7, 7, 3, 2)),  # the copy, which was seen after "at least nine"
        ("2020-03-03 09:00", (5, 9, 9, 4, 3)),
        ("2020-03-03 15:00", (5, 9, 9, 5, 4)),  # the army
        ("2020-03-03 18:00", (5, 8, 8, 5, 4)),  # corrected
        ("2020-03-04 10:00", (5, 7, 8, 6, 5)),
        ("2020-04-06 10:00", (5, 8, 8, 7, 5)),  # recalled
        ("infinity", (7, 8, 8, 7, 5)),  # edited in silence: without a time, so when it was seen
    ],
)
def test_what_was_in_print_by_a_time(at: str, toll: Told | None, published: Path) -> None:
    assert as_of(published, f"'{at}'", "published") == toll


def test_nothing_is_seen_before_the_first_pass_whatever_was_in_print(published: Path) -> None:
    assert as_of(published, "'2020-04-06 10:00'", "seen") is None


def test_each_policy_has_its_figure_and_the_article_that_decides(published: Path) -> None:
    rows = told(
        published,
        "SELECT policy, best, best_n_origins, best_n_speakers, string_split(input, '#')[2], attributed_to "
        "FROM tolls AS t JOIN counts AS c ON c.count_id = t.best_count_id JOIN articles USING (article_id) "
        f"WHERE t.event_id = {EVENT} AND t.kind = 'killed'",
    )

    assert {row[0]: row[1:4] for row in rows} == {
        "independent": (8, 3, 3),
        "latest_official": (7, 2, 2),
        "conservative": (7, 2, 2),
    }
    decides = {row[0]: row[4:] for row in rows}
    assert decides["latest_official"] == ("herald", "interior ministry")
    assert decides["independent"][0] in {"post", "gazette", "recall"}
    assert decides["conservative"][0] in {"radio", "mirror", "herald"}


def test_who_reports_is_counted_by_article_outlet_origin_and_speaker(published: Path) -> None:
    rows = told(
        published,
        "SELECT DISTINCT n_counts, n_articles, n_publishers, n_origins, n_speakers FROM tolls "
        f"WHERE event_id = {EVENT} AND kind = 'killed'",
    )
    origins = told(
        published, f"SELECT DISTINCT independent_origin FROM toll_reports WHERE event_id = {EVENT} ORDER BY 1"
    )

    assert rows == [(9, 7, 6, 5, 6)]  # titles repeat what the governor said
    assert [row[0] for row in origins] == [
        "Brennick Post",
        "Harbour Herald",
        "Northern Gazette",
        "Radio Lumen",  # and its copy
        "Valley Courier",
    ]


def test_the_armys_figure_is_left_out_of_the_toll_of_everyone(published: Path) -> None:
    rows = told(published, f"SELECT kind, value, attributed_to, reason FROM left_out WHERE event_id = {EVENT}")

    assert rows == [("killed", 12, "army", "one side alone, where others count everyone")]


def test_reports_that_differ_stand_beside_each_other_with_their_speakers(published: Path) -> None:
    rows = told(
        published,
        "SELECT value, is_conflict, n_articles, n_origins, n_speakers, speakers FROM disagreements "
        f"WHERE event_id = {EVENT} ORDER BY value",
    )

    assert rows == [
        (7, True, 3, 2, 2, ["Livia Tarsi", "interior ministry"]),
        (8, True, 3, 3, 3, ["police", "rescue worker, told by Northern Gazette"]),
    ]


def test_the_edit_in_silence_is_told_from_the_correction_with_a_note(published: Path) -> None:
    edits = told(
        published,
        "SELECT publisher, edit, before_value, after_value, e.has_note, note "
        "FROM fact_edits AS e JOIN articles USING (article_id) ORDER BY publisher",
    )
    silent = told(published, "SELECT publisher FROM silent_edits JOIN articles USING (article_id)")

    assert edits == [
        ("Brennick Post", "changed", 5, 8, False, None),
        ("Northern Gazette", "changed", 9, 8, True, NOTE),
    ]
    assert silent == [("Brennick Post",)]
