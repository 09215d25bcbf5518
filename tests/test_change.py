"""Change over time, from pages to answers: a made-up blast over four passes, told and retold by six outlets."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.against_gold import Row, read_ledger
from tests.conftest import Run

PLACE = "at the Orsola cement works in Arvento on Monday"
NOTE = "Correction: An earlier version of this article misstated the number of dead."


def post(killed: str, *more: str, modified: str | None = None) -> Row:
    """The Arvento Post's page; it states when it was published and changed."""
    times = {"published_time": "2020-03-02T08:00:00Z", "modified_time": modified}
    meta = "".join(f"<meta property='article:{name}' content='{at}'>" for name, at in times.items() if at)
    lead = f"An explosion {PLACE} killed {killed} people, police said."
    rest = "Crews searched the kiln hall through the night while families waited at the gate of the works for news."
    body = "".join(f"<p>{text}</p>" for text in (lead, rest, *more))
    head = f"<title>Blast at cement works</title>{meta}"
    html = f"<html lang=en><head>{head}</head><body><article>{body}</article></body></html>"
    return {"id": "post", "publisher": "Arvento Post", "html": html}


def line(name: str, publisher: str, published_at: str, text: str) -> Row:
    """A bulk line that is all text."""
    return {"id": name, "publisher": publisher, "published_at": published_at, "text": text}


def radio(killed: str, name: str = "radio", publisher: str = "Radio Sud", at: str = "2020-03-02T12:00:00Z") -> Row:
    """Radio Sud's article."""
    said = (
        f"{killed} people were killed in the explosion {PLACE}, Mayor Livia Tarsi said. She told reporters that the "
        "kiln had been shut for repairs since autumn, and that the council would pay for the funerals."
    )
    return line(name, publisher, at, said)


def gazette(speaker: str) -> Row:
    """The Gazette's article."""
    said = (
        f"At least nine people were killed in the explosion {PLACE}, {speaker} said. Shop windows broke as far away "
        "as the harbour, and ferries stayed in port until the smoke over the kiln had gone."
    )
    return line("gazette", "Gazette", "2020-03-03T09:00:00Z", said)


FARO = line(
    "faro",
    "Il Faro",
    "2020-03-02T13:00:00Z",
    f"The explosion {PLACE} killed seven people, a union leader said. The union had asked for new valves in the kiln "
    "twice, and it wants inspectors of its own at every works of the coast.",
)
VALLEY = line(
    "valley",
    "Valley News",
    "2020-03-03T18:00:00Z",
    f"Eight people died in the explosion {PLACE}, a rescue worker said. The youngest of them had begun to work there "
    "a week before, and his brother drives one of the lorries that bring the stone down from the quarry.",
)
PASSES: list[list[Row]] = [
    [post("five")],
    [radio("Seven"), FARO, gazette("a rescuer")],
    [radio("Seven", "copy", "Copy Site", "2020-03-03T12:00:00Z")],
    [post("eight", NOTE, modified="2020-03-03T15:00:00Z"), radio("Eight"), gazette("a shopkeeper"), VALLEY],
]


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory, run_pass: Run) -> Path:
    """What the passes leave."""
    folder = tmp_path_factory.mktemp("change")
    for lines in PASSES:
        (folder / "wire.jsonl").write_text("\n".join(json.dumps(one) for one in lines), "utf-8")
        run_pass(folder / "data", folder / "wire.jsonl")
    return folder / "data" / "news.duckdb"


pytestmark = pytest.mark.proof


def asked(published: Path, at: str, clock: str) -> dict[str, tuple[Any, ...]]:
    """low, best, high, n_articles and n_origins of the killed, by policy."""
    rows = read_ledger(
        published,
        "SELECT policy, low, best, high, n_articles, n_origins "
        f"FROM tolls_as_of({at}, '{clock}') WHERE kind = 'killed'",
    )
    return {row.pop("policy"): tuple(row.values()) for row in rows}


@pytest.mark.parametrize(
    ("at", "told"),
    [
        ("2020-03-02 07:59", None),
        ("2020-03-02 08:00", (5, 5, 5, 1, 1)),
        ("2020-03-02 12:30", (5, 7, 7, 2, 2)),
        ("2020-03-03 10:00", (5, 7, 9, 4, 4)),
        ("2020-03-03 14:00", (5, 7, 9, 5, 4)),  # a copy
        ("2020-03-03 16:00", (7, 7, 9, 5, 4)),  # corrected
        ("infinity", (7, 8, 9, 6, 5)),  # an edit in silence, without a date
    ],
)
def test_what_was_in_print_by_a_time(at: str, told: tuple[int, ...] | None, published: Path) -> None:
    assert asked(published, f"'{at}'", "published").get("independent") == told


@pytest.mark.parametrize(
    ("number", "told"),
    [(1, (5, 5, 5, 1, 1)), (2, (5, 7, 9, 4, 4)), (3, (5, 7, 9, 5, 4)), (4, (7, 8, 9, 6, 5))],
)
def test_what_was_seen_by_a_publication_is_what_it_published(
    number: int, told: tuple[int, ...], published: Path
) -> None:
    at = f'(SELECT "at" FROM publications WHERE publication_no = {number})'

    then = asked(published, at, "seen")

    assert then["independent"] == told
    rows = read_ledger(
        published,
        "SELECT policy, low, best, high, n_articles, n_origins FROM toll_history "
        f"WHERE kind = 'killed' AND publication_no <= {number} "
        "QUALIFY row_number() OVER (PARTITION BY event_id, kind, policy ORDER BY publication_no DESC) = 1",
    )
    assert {row.pop("policy"): tuple(row.values()) for row in rows} == then


def test_the_history_tells_a_rise_from_support_and_a_correction(published: Path) -> None:
    rows = read_ledger(
        published,
        "SELECT publication_no, best, high, change, cause FROM toll_history "
        "WHERE kind = 'killed' AND policy = 'independent' ORDER BY publication_no",
    )

    assert [tuple(row.values()) for row in rows] == [
        (1, 5, 5, "new", "new"),
        (2, 7, 9, "changed", "rise"),
        (3, 7, 9, "changed", "support"),
        (4, 8, 9, "changed", "correction"),
    ]


def test_edits_in_silence_are_told_from_the_one_with_a_note(published: Path) -> None:
    rows = read_ledger(
        published,
        "SELECT publisher, edit, changed, before_value, after_value, before_speaker, after_speaker, e.has_note, note "
        "FROM fact_edits AS e JOIN articles USING (article_id) ORDER BY publisher",
    )
    silent = read_ledger(published, "SELECT publisher FROM silent_edits JOIN articles USING (article_id) ORDER BY 1")

    figure = ["value", "range"]
    assert [tuple(row.values()) for row in rows] == [
        ("Arvento Post", "changed", figure, 5, 8, "police", "police", True, NOTE),
        ("Gazette", "changed", ["speaker"], 9, 9, "rescuer", "shopkeeper", False, None),
        ("Radio Sud", "changed", figure, 7, 8, "Livia Tarsi", "Livia Tarsi", False, None),
    ]
    assert [row["publisher"] for row in silent] == ["Gazette", "Radio Sud"]
