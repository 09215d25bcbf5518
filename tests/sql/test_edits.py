"""Edits: what an article says otherwise than in its revision before, and whether it owns up to it."""

from typing import Any

import pytest

from flows.lexicon import lexicon
from tests.small_ledger import Row, SmallLedger, hour, told

# A row of the lexicon by its name and number: what it takes, and what looks like it and is none.
NOTES: list[tuple[str, str, str]] = [
    ("label", "Correction (Nov. 3): The toll was eight.", "Corrections officers: five were hurt in the riot."),
    ("label", "Correction appended", "A correction was appended to the treaty."),
    ("label", "Corrections & Clarifications: Mr. Orsi is 41.", "Clarification came from the mayor: no one was hurt."),
    (
        "earlier version",
        "A previous version of this story misstated the number of dead.",
        "An earlier version of the bill said that five seats were lost.",
    ),
    (
        "earlier version",
        "The toll was given as five in an earlier version of this article.",
        "The clause stood in an earlier version of this law.",
    ),
    (
        "originally said",
        "This article originally said that five people were killed.",
        "Police originally said that five people were killed.",
    ),
    (
        "has been corrected",
        "The article has been amended since it appeared.",
        "The figure has been corrected by the ministry, the story of the day.",
    ),
    (
        "has been corrected",
        "This report was corrected on Tuesday.",
        "The report was revised by the ministry after a week.",
    ),
    (
        "updated to",
        "This story has been updated throughout the day to reflect what hospitals say.",
        "This story has been updated to include comment from the mayor.",
    ),
    ("updated to", "This story has been updated with the latest death toll.", "This story has been updated."),
    ("corrects", "(Corrects number of dead in first paragraph)", "(correct as of Monday)"),
    ("corrects", "This version corrects the spelling of Tarvo.", "This lens corrects the spelling of no one."),
    ("corrects", "CORRECTS death toll to eight", "The mayor corrects the clerk."),
    (
        "editor's note",
        "Editor’s note: The toll given here was incorrect.",
        "Editor's note: This article tells of violence.",
    ),
    ("for the record", "For the record: The number given was wrong.", "For the record, I was wrong, the mayor said."),
    ("regrets", "We regret the error.", "The army regrets the error, a spokesman said."),
    ("editing error", "Because of an editing error, the toll was too low.", "It fell because of a pilot's error."),
]
NEWS = [  # of somebody else's figures
    "Police corrected their figure to eight on Tuesday.",
    "The ministry issued a correction: eight people had died.",
    "The governor, in a clarification, put the toll at eight.",
    "The hospital has updated its count of the dead.",
    "An updated version of the software was installed.",
]


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> SmallLedger:
    """Articles of two or three revisions each, by the cases' names."""
    ledger = SmallLedger(tmp_path_factory.mktemp("edits"))
    for name, (revisions, _) in EDITS.items():
        for number, revision in enumerate(revisions):
            facts = [dict(fact) for fact in revision.get("facts", ())]
            counts, claims = [f for f in facts if "stance" not in f], [f for f in facts if "stance" in f]
            how = {key: value for key, value in revision.items() if key != "facts"}
            ledger.write(name, hour(number), *counts, claims=tuple(claims), **how)
    return ledger


@pytest.mark.parametrize(("number", "name", "note", "other"), [(n, *row) for n, row in enumerate(NOTES)])
def test_a_note_is_recognised_by_its_row_and_what_looks_like_it_by_none(
    number: int, name: str, note: str, other: str, ledger: SmallLedger
) -> None:
    row = lexicon("correction_notes").row(number, named=True)

    ((by_row, by_any, of_other),) = ledger.execute(
        "SELECT regexp_matches($1, '(?i)' || $2), is_correction_note($1), is_correction_note($3)",
        note,
        row["pattern"],
        other,
    )

    assert row["note"] == name
    assert (by_row, by_any, of_other) == (True, True, False)


def test_every_row_of_the_lexicon_has_a_note_and_a_look_alike() -> None:
    assert [name for name, _, _ in NOTES] == lexicon("correction_notes")["note"].to_list()


@pytest.mark.parametrize("line", NEWS)
def test_news_of_a_correction_is_no_note(line: str, ledger: SmallLedger) -> None:
    assert ledger.execute("SELECT is_correction_note(?)", line) == [(False,)]


def dead(value: int, words: str = "people were killed in the blast", **how: Any) -> Row:
    """A count of the killed, with its sentence."""
    evidence = how.pop("evidence", f"{value} {words}, officials said.")
    return told(value, evidence=evidence, attributed_to=how.pop("by", "officials"), **how)


def blamed(actor: str, by: str, stance: str = "blamed") -> Row:
    """A claim, with its sentence."""
    return {"stance": stance, "actor": actor, "asserted_by": by, "evidence": f"{by} {stance} {actor} for the blast."}


NOTE = "Correction: An earlier version of this article misstated the number of dead."
PART = {"scope": "part", "scope_reason": "one hospital's intake"}
SAME = "They were told of 5 people killed."
# The revisions of an article: what is stated, the rest as SmallLedger.write takes it; and the edits of the last: edit,
# what changed, before and after (value or actor), whether there is a note.
EDITS: dict[str, tuple[list[Row], list[tuple[Any, ...]]]] = {
    "a figure": (
        [{"facts": [dead(5)]}, {"facts": [dead(8)]}],
        [("changed", ["value", "range"], 5, 8, False)],
    ),
    "a figure with a note": (
        [{"facts": [dead(5)]}, {"facts": [dead(8)], "text": f"{dead(8)['evidence']}\n{NOTE}"}],
        [("changed", ["value", "range"], 5, 8, True)],
    ),
    "a note that cleaning removes": (
        [{"facts": [dead(5)]}, {"facts": [dead(8)], "removed": (NOTE,)}],
        [("changed", ["value", "range"], 5, 8, True)],
    ),
    "a note in the title": (
        [{"facts": [dead(5)]}, {"facts": [dead(8)], "title": "CORRECTED: Blast kills eight"}],
        [("changed", ["value", "range"], 5, 8, True)],
    ),
    "a note of the edit before": (
        [
            {"facts": [dead(5)]},
            {"facts": [dead(8)], "text": f"{dead(8)['evidence']}\n{NOTE}"},
            {"facts": [dead(9)], "text": f"{dead(9)['evidence']}\n{NOTE.upper()}"},
        ],
        [("changed", ["value", "range"], 8, 9, False)],
    ),
    "news of a correction": (
        [{"facts": [dead(5)]}, {"facts": [dead(8)], "text": f"{dead(8)['evidence']}\n{NEWS[0]}"}],
        [("changed", ["value", "range"], 5, 8, False)],
    ),
    "a modifier": (
        [{"facts": [dead(5)]}, {"facts": [dead(5, modifier="at_least", high=None)]}],
        [("changed", ["range", "modifier"], 5, 5, False)],
    ),
    "a speaker": (
        [{"facts": [dead(5)]}, {"facts": [dead(5, by="rescuers", evidence="5 were killed, rescuers said.")]}],
        [("changed", ["speaker"], 5, 5, False)],
    ),
    "a whole toll in other words": (
        [{"facts": [dead(5)]}, {"facts": [dead(9, evidence="The toll rose to 9.", by=None)]}],
        [("changed", ["value", "range", "speaker"], 5, 9, False)],
    ),
    "a sentence that moved": (
        [{"facts": [dead(5)]}, {"facts": [dead(5)], "text": f"A wall fell.\n{dead(5)['evidence']}"}],
        [],
    ),
    "a sentence that was added": (
        [{"facts": [dead(5)]}, {"facts": [dead(5), dead(2, "lay in one ward", **PART)]}],
        [("added", None, None, 2, False)],
    ),
    "a sentence that was taken out": (
        [{"facts": [dead(5), dead(2, "lay in one ward", **PART)]}, {"facts": [dead(5)]}],
        [("removed", None, 2, None, False)],
    ),
    "two figures, each with its own sentence": (
        [
            {"facts": [dead(2, "died in the north wing", **PART), dead(3, "were found under the gate", **PART)]},
            {"facts": [dead(6, "were found under the gate", **PART), dead(4, "died in the north wing", **PART)]},
        ],
        [("changed", ["value", "range"], 2, 4, False), ("changed", ["value", "range"], 3, 6, False)],
    ),
    "parts in sentences with nothing in common": (
        [
            {"facts": [dead(2, evidence="2 in the north wing died.", **PART)]},
            {"facts": [dead(3, evidence="Under a gate 3 lay.", **PART)]},
        ],
        [("added", None, None, 3, False), ("removed", None, 2, None, False)],
    ),
    "the accused": (
        [{"facts": [blamed("Red Dawn", "Mayor Orsi")]}, {"facts": [blamed("Blue Hand", "Mayor Orsi")]}],
        [("changed", ["actor"], "Red Dawn", "Blue Hand", False)],
    ),
    "who accuses": (
        [{"facts": [blamed("Red Dawn", "Mayor Orsi")]}, {"facts": [blamed("Red Dawn", "The army")]}],
        [("changed", ["speaker"], "Red Dawn", "Red Dawn", False)],
    ),
    "a stance": (
        [{"facts": [blamed("Red Dawn", "Orsi")]}, {"facts": [blamed("Red Dawn", "Orsi", "suspected")]}],
        [("changed", ["stance"], "Red Dawn", "Red Dawn", False)],
    ),
    "other rules, the same words": (
        [{"facts": [dead(5, evidence=SAME)]}, {"facts": [dead(6, evidence=SAME)], "rules": "r2-a1"}],
        [],
    ),
    "lines learnt since, the same rules": (
        [{"facts": [dead(5, evidence=SAME)]}, {"facts": [dead(5, evidence=SAME, by=None)], "rules": "r1-a1"}],
        [("changed", ["speaker"], 5, 5, False)],
    ),
    "another event, by linking": (
        [{"facts": [dead(5)], "event": "evt_8"}, {"facts": [dead(5)], "event": "evt_9", "title": "Blast"}],
        [],
    ),
}


@pytest.mark.parametrize("case", EDITS)
def test_an_edit_is_told_with_what_was_and_what_is(case: str, ledger: SmallLedger) -> None:
    rows = ledger.execute(
        "SELECT edit, changed, coalesce(before_value::VARCHAR, before_actor), coalesce(after_value::VARCHAR, "
        "after_actor), has_note FROM fact_edits WHERE article_id = ? AND revision = "
        "(SELECT max(revision) FROM revisions WHERE article_id = ?) ORDER BY ALL",
        case,
        case,
    )

    shown = [(*row[:2], *(str(cell) if cell else None for cell in row[2:4]), row[4]) for row in EDITS[case][1]]
    assert rows == shown


def test_an_edit_with_a_note_is_not_silent(ledger: SmallLedger) -> None:
    silent = {row[0] for row in ledger.execute("SELECT article_id FROM silent_edits")}

    assert "a figure" in silent
    assert not silent & {"a figure with a note", "a note that cleaning removes", "a note in the title"}


def test_an_edit_leads_to_both_sentences_and_to_the_note(ledger: SmallLedger) -> None:
    (row,) = ledger.execute(
        "SELECT before_id, after_id, before_speaker, after_speaker, before_evidence, after_evidence, note, seen_at "
        "FROM fact_edits WHERE article_id = 'a figure with a note'"
    )

    ids = ("cnt_a figure with a note_1_0", "cnt_a figure with a note_2_0")
    sentences = (dead(5)["evidence"], dead(8)["evidence"])
    assert row == (*ids, "officials", "officials", *sentences, NOTE, hour(1))


def test_the_first_revision_of_an_article_is_no_edit(ledger: SmallLedger) -> None:
    assert ledger.execute("FROM fact_edits WHERE revision = 1") == []


def test_edits_do_not_depend_on_the_order_in_which_rows_were_loaded(ledger: SmallLedger) -> None:
    rows = ledger.execute("FROM fact_edits ORDER BY ALL")

    for table in ("revisions", "stated_counts", "stated_claims", "mentioned_events"):
        ledger.execute(f"CREATE TEMP TABLE kept AS SELECT *, row_number() OVER () AS loaded FROM {table}")
        ledger.execute(f"DELETE FROM {table}")
        ledger.execute(f"INSERT INTO {table} SELECT * EXCLUDE (loaded) FROM kept ORDER BY loaded DESC")
        ledger.execute("DROP TABLE kept")

    assert ledger.execute("FROM fact_edits ORDER BY ALL") == rows
