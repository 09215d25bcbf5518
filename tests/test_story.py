"""`newsledger story`: what a reader meets beside each figure."""

from collections.abc import Iterator
from io import StringIO

import pytest
from rich.console import Console

from flows.report.story import print_story
from flows.warehouse.speakers import settle_speakers
from tests.small_ledger import SmallLedger, hour, put, told


def shown(small: SmallLedger) -> str:
    """The one story of a ledger as it is printed, in one line."""
    put(small.con, "linked_stories", {"story_id": "sto_1", "headline": "Blast", "updated_at": hour(0)})
    settle_speakers(small.con)
    console = Console(file=StringIO(), width=160)
    print_story(console, small.con, "sto_1")
    assert isinstance(console.file, StringIO)
    return " ".join(console.file.getvalue().split())


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> SmallLedger:
    return SmallLedger(tmp_path_factory.mktemp("story"))


@pytest.fixture
def small(ledger: SmallLedger) -> Iterator[SmallLedger]:
    """An empty ledger; what a test writes is taken back."""
    yield ledger
    ledger.execute("ROLLBACK")
    ledger.execute("BEGIN")


def test_five_outlets_that_quote_one_spokesman_are_told_to_be_one_speaker(small: SmallLedger) -> None:
    for name in "abcde":
        small.write(name, hour(0), told(7, attributed_to="Livia Tarsi"))
    small.write("f", hour(0), told(9, attributed_to="police", actor_type="police"))

    said = shown(small)

    assert "killed 7 7 9 1 speaker of 5 origins 2 6" in said
    assert "7 killed: 5 origins quote one speaker, Livia Tarsi" in said


def test_speakers_of_several_origins_stand_beside_the_figure(small: SmallLedger) -> None:
    for name, who in (("a", "Livia Tarsi"), ("b", "Bruno Ferri"), ("c", None)):
        small.write(name, hour(0), told(7, attributed_to=who))

    said = shown(small)

    assert "killed 7 7 7 3 speakers of 3 origins 3 3" in said
    assert "quote one speaker" not in said


@pytest.mark.parametrize(
    ("verdicts", "line"),
    [
        (["good", "good", "good"], None),
        (["good", "broken", "good"], "heard 2 of 3 sources since the first report; 1 failed"),
        (["good", "broken", None], "heard 1 of 3 sources since the first report; 1 failed, 1 not asked"),
        ([], None),
    ],
)
def test_beside_a_figure_stands_how_much_of_the_press_was_not_heard(
    verdicts: list[str | None], line: str | None, small: SmallLedger
) -> None:
    small.write("a", hour(0), told(7))
    for number, verdict in enumerate(verdicts):
        source = {"source_name": f"source {number}", "type": "feed", "location": "feed"}
        put(small.con, "sources", source | {"first_seen_at": hour(0), "last_read_at": hour(0)})
        fetch = {"run_id": "r", "source_name": f"source {number}", "input": "feed", "outcome": "x", "is_source": True}
        if verdict:
            asked = {"verdict": verdict, "n_documents": 1, "n_refused": 0, "fetched_at": hour(1)}
            put(small.con, "fetches", fetch | asked)

    said = shown(small)

    assert ("heard" in said) == (line is not None)
    assert (line or "") in said


def test_an_outlets_own_figure_stands_under_its_name(small: SmallLedger) -> None:
    small.write("a", hour(0), told(7), publisher="Arvento Post", title="Blast at cement works")
    small.write("b", hour(0), told(9), publisher=None, title="Nine dead in blast")

    said = shown(small)

    assert "7: Arvento Post (no speaker named)" in said
    assert "9: Nine dead in blast (no speaker named)" in said
