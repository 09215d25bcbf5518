"""The CSV of corrections: out and in again, and what is wrong in it told by its line."""

import random
from pathlib import Path

import pytest

from flows.warehouse.anchoring import understand
from flows.warehouse.corrections import Correction, stored_corrections
from flows.warehouse.drafts import read_drafts, write_drafts
from flows.warehouse.fixes import Unfit
from flows.warehouse.ledger import take_in_corrections
from tests.conftest import LONG
from tests.corrected_ledger import (
    NOW,
    SAID,
    Con,
    add_claim,
    ask,
    everything,
    insert,
    say,
    two_events,
)

NAMED = "cor_0123456789abcdef"


@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=[pytest.mark.proof, LONG]) for seed in range(1, 6))])
def test_what_is_exported_as_csv_and_loaded_elsewhere_says_the_same(small: Con, seed: int, tmp_path: Path) -> None:
    two_events(small)
    add_claim(small, "clm_1", "art_1", evidence='They said: "it was us, all of us"; so\nsaid the mayor.')
    said = [say(small, **one) for one in random.Random(seed).sample(SAID, len(SAID))]
    said.append(say(small, "undo", said[0].correction_id, why="too soon, I think"))
    corrected, file = everything(small, "counts", "claims", "told_events", "left_out"), tmp_path / "said.csv"
    with file.open("w", encoding="utf-8", newline="") as out:
        write_drafts(stored_corrections(small), out)
    take_in_corrections(small, [])
    loaded: list[Correction] = []

    for _ in range(2):
        for _line, draft in read_drafts(file):
            one = understand(small, draft, loaded, NOW)
            loaded += [] if one in loaded else [one]

    assert loaded == said
    take_in_corrections(small, loaded)
    assert everything(small, "counts", "claims", "told_events", "left_out") == corrected


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("action,why,colour\ndrop,x,red\n", "line 1: unknown column 'colour'; known are correction_id, action,"),
        ("action,target\ndrop,cnt_1\n", "line 1: no column why"),
        ("action,why,target\ndrop,x\n", "line 2: not as many cells as the first line has columns"),
        ('action,why,target\ndrop,"x\ny",cnt_1,z\n', "line 2: not as many cells"),
        ('action,why\ndrop,"x"y"\n', "write it as CSV in UTF-8"),
        ("", "line 1: no column action, why"),
    ],
)
def test_a_file_that_is_no_such_csv_is_refused_by_its_line(tmp_path: Path, text: str, told: str) -> None:
    file = tmp_path / "said.csv"
    file.write_text(text, "utf-8")

    with pytest.raises(Unfit) as refused:
        list(read_drafts(file))

    assert told in str(refused.value)


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ({"type": "count", "kind": "killed", "value": "8"}, "article_id, evidence: empty; a count is found by all of"),
        ({"type": "toll"}, "type 'toll': none of count, claim, quote; or name the fact's id as target"),
        ({"type": "count", "article_id": "art_1", "kind": "killed", "value": "9", "evidence": "Eight people died."},
         "art_1: states no such count now: killed 9"),
        ({"type": "count", "article_id": "art_1", "kind": "killed", "value": "8", "evidence": "Eight people died.",
          "nth": "2"}, "art_1: states no such count now"),
        ({"type": "count", "article_id": "art_1", "kind": "killed", "value": "8", "evidence": "x", "nth": "0"},
         "nth '0': no whole number from 1 on"),
        ({"why": " "}, "say why in some words; they stand beside what is corrected"),
        ({"corrected_by": ""}, "say by whom; a name stands beside what is corrected"),
        ({"corrected_at": "yesterday"}, "corrected_at 'yesterday': no instant; write it as 2026-11-21T09:30:00Z"),
        ({"correction_id": "mine"}, "correction_id 'mine': none of ours; leave it empty in a row of your own"),
        ({"correction_id": NAMED}, "its type, article_id, value or evidence is missing"),
        ({"correction_id": NAMED, "action": "undo", "target": "cor_x"}, "no correction that comes before"),
        ({"correction_id": NAMED, "action": "merge", "target": "evt_1"}, "its tellings are not as exported"),
        ({"correction_id": NAMED, "action": "merge", "target": "evt_1", "tellings": "[]"},
         "its tellings are not of two events"),
        ({"correction_id": NAMED, "action": "fix", "type": "count", "article_id": "art_1", "value": "8",
          "evidence": "x", "sets": "value=9"}, "sets 'value=9': not whole"),
        ({"correction_id": NAMED, "type": "count", "article_id": "art_gone", "value": "8",
          "evidence": "x"}, "cor_0123456789abcdef: it tells of an article that was forgotten"),
    ],
)  # fmt: skip
def test_a_row_that_says_too_little_or_what_is_not_so_is_refused(small: Con, row: dict[str, str], told: str) -> None:
    insert(small, "forgotten", article_id="art_gone", forgotten_at=NOW, why="x")

    with pytest.raises(Unfit) as refused:
        say(small, **{"action": "drop"} | row)

    assert told in str(refused.value)


def test_a_fact_is_found_by_what_it_says_without_its_id(small: Con) -> None:
    say(small, "drop", type="count", article_id="art_1", kind="killed", value="8", evidence="Eight people died.")

    assert ask(small, "SELECT count_id FROM left_out") == [("cnt_1",)]
