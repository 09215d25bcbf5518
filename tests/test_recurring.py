"""What recurs: the lines of a made-up publisher go once it is known that they recur; its journalism stays."""

import asyncio
import json
import random
from pathlib import Path
from typing import Any

import duckdb
import pytest

from flows.rebuild import Rebuilt, run_rebuild
from tests.conftest import LONG, Command, Run

PUBLISHER = "The Portvale Gleaner"
DATELINE = "PORTVALE, Norland —"
CLOSING = "The investigation continues."
SUBHEADING = "What is known"
SHARED = (
    "Enjoyed this? Tell your {who} about us, and do it today!",
    "Pass it on: show your {who} what you read here",
    "Why not show a few {who} and friends what we found out?",
)
WHO = ("neighbours", "friends", "cousins", "colleagues", "aunts", "pupils", "guests", "readers", "mates", "tenants")
LABEL = "The Gleaner · first with the news since 1888"
WORDS = [
    f"{first}{last}" for first in ("North", "South", "Mill", "Stone") for last in ("harbour", "orchard", "yard", "hall")
]
MADE_UP = 60


def article(number: int, dice: random.Random) -> dict[str, str]:
    """A report with a dateline, a subheading and a closing sentence that recur, and lines that should go."""
    places = dice.sample(WORDS, 6)
    told = [
        f"A fire broke out at the {places[0]} beside the old {places[1]} late on day {number}, witnesses said.",
        f"Firefighters from the {places[2]} needed {number + 2} hours to put it out, an officer said.",
        f"The {places[3]} next to the {places[4]} was closed, and {number + 20} people slept in the {places[5]}.",
    ]
    share = SHARED[number % len(SHARED)].format(who=WHO[dice.randrange(len(WHO))])
    lines = [DATELINE, told[0], told[1], SUBHEADING, told[2], CLOSING, share, LABEL]
    return {
        "id": str(number),
        "publisher": PUBLISHER,
        "title": f"Fire at the {places[0]} of district {number}",
        "text": "\n".join(lines),
    }


def write(file: Path, numbers: range) -> Path:
    dice = random.Random(1)
    made = [article(number, dice) for number in range(max(numbers) + 1)]
    file.write_text("".join(json.dumps(made[number]) + "\n" for number in numbers), "utf-8")
    return file


def texts(published: Path) -> dict[str, str]:
    with duckdb.connect(str(published), read_only=True) as con:
        return dict(con.execute("SELECT split_part(input, '#', -1), text FROM articles").fetchall())


def is_furniture(line: str) -> bool:
    return line == LABEL or line.startswith(("Enjoyed this?", "Pass it on:", "Why not show"))


def rebuild(data: Path, **how: Any) -> Rebuilt:
    return asyncio.run(run_rebuild("clean", data=str(data), **how))


@pytest.fixture(scope="module")
def learnt(tmp_path_factory: pytest.TempPathFactory, run_pass: Run) -> Path:
    """The data folder of one run over the sixty articles."""
    folder = tmp_path_factory.mktemp("recurring")
    run_pass(folder / "data", write(folder / "gleaner.jsonl", range(MADE_UP)))
    return folder / "data"


@pytest.mark.proof
def test_a_publishers_recurring_lines_are_learnt_with_their_evidence_and_its_journalism_stays(learnt: Path) -> None:
    with duckdb.connect(str(learnt / "news.duckdb"), read_only=True) as con:
        found = con.execute("SELECT line, part, decision, n_articles, form FROM recurring_lines").fetchall()

    decided = {(line, part): decision for line, part, decision, *_ in found}
    assert decided[LABEL, "whole"] == "drop"
    assert decided[DATELINE, "whole"] == "keep"
    assert decided[CLOSING, "whole"] == "keep"
    assert decided[SUBHEADING, "whole"] == "keep"
    assert decided["enjoyed this tell your …", "start"] == "drop"
    assert {n for line, _, _, n, _ in found if line in (LABEL, CLOSING, DATELINE)} == {MADE_UP}


@pytest.mark.proof
def test_the_next_run_takes_them_out_and_a_rebuild_mends_the_first_articles(
    learnt: Path, tmp_path: Path, run_pass: Run
) -> None:
    more = write(tmp_path / "gleaner.jsonl", range(MADE_UP, MADE_UP + 5))

    first = texts(learnt / "news.duckdb")
    assert all(any(is_furniture(line) for line in text.splitlines()) for text in first.values())
    second = texts(run_pass(learnt, more))

    for number in range(MADE_UP, MADE_UP + 5):
        lines = second[str(number)].splitlines()
        assert not any(is_furniture(line) for line in lines)
        assert (lines[0], lines[3], lines[-1]) == (DATELINE, SUBHEADING, CLOSING)

    done = rebuild(learnt)

    assert done.n_redone == {"clean": MADE_UP}
    mended = texts(learnt / "news.duckdb")
    assert len(mended) == MADE_UP + 5
    for text in mended.values():
        assert not any(is_furniture(line) for line in text.splitlines())
        assert text.endswith(CLOSING)
    assert rebuild(learnt).n_redone == {}


@pytest.mark.slow
@pytest.mark.proof
def test_an_analyst_brings_a_line_back(learnt: Path, command: Command) -> None:
    status, said = command("lines", "list", PUBLISHER, "--data", learnt)
    line_id = next(line.split("; ")[-1] for line, above in _pairs(said) if LABEL in above)

    n_articles = len(texts(learnt / "news.duckdb"))
    status, said = command("lines", "keep", line_id, "--because", "it names the paper", "--data", learnt)
    assert status == 0
    assert f"{n_articles} articles" in said
    status, said = command("rebuild", "--data", learnt)

    assert status == 0
    assert all(text.endswith(LABEL) for text in texts(learnt / "news.duckdb").values())
    with duckdb.connect(str(learnt / "news.duckdb"), read_only=True) as con:
        row = con.execute("SELECT decided_by, reason FROM recurring_lines WHERE line_id = ?", [line_id]).fetchone()
    assert row == ("analyst", "it names the paper")


@pytest.mark.proof
def test_a_runs_rules_stay_frozen_under_their_name_until_other_rules_run(learnt: Path) -> None:
    with duckdb.connect(str(learnt / "news.duckdb"), read_only=True) as con:
        last = con.execute(
            "SELECT rules_version FROM runs WHERE command = 'rebuild --from clean' ORDER BY run_no"
        ).fetchall()
    folders = list((learnt / "work" / "lexicons").iterdir())

    assert [folder.name for folder in folders] == [last[-1][0]]
    assert (folders[0] / "recurring_lines.csv").read_text("utf-8").count(PUBLISHER) > 1


def _pairs(said: str) -> list[tuple[str, str]]:
    lines = said.splitlines()
    return list(zip(lines[1:], lines[:-1], strict=True))


@pytest.mark.proof
def test_a_wrong_line_id_is_named(learnt: Path, command: Command) -> None:
    status, said = command("lines", "keep", "lin_0", "--data", learnt)

    assert (status, said.strip()) == (
        1,
        "newsledger: lin_0: no recurring line has this id; `newsledger lines list` shows them",
    )


@LONG
@pytest.mark.proof
def test_a_dry_rebuild_names_the_learnt_line_that_changes_a_figure(tmp_path: Path, run_pass: Run) -> None:
    plea = "Support our fund for those whom wars took: 900 people were killed last month!"
    towns = ["Arle", "Bruck", "Cove", "Dunmore", "Esk"]
    told = [f"Police said {n + 3} people were killed in a blast in {town} on Monday." for n, town in enumerate(towns)]
    lines = [
        {"id": town, "publisher": PUBLISHER, "text": f"{line}\n{plea}"} for town, line in zip(towns, told, strict=True)
    ]
    inbox = tmp_path / "inbox.jsonl"
    inbox.write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    run_pass(tmp_path / "data", inbox)

    done = rebuild(tmp_path / "data", diff=True)

    assert done.facts is not None
    assert done.facts.height == len(towns)
    first = done.causes[0]
    assert first.change.part == "lexicon/recurring_lines.csv"
    assert str(first.change.row).startswith(f"{PUBLISHER},support our fund")
    assert first.is_shown
