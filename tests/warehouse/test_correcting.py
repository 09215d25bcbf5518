"""An analyst's word on a small ledger: what it changes, what it finds again, and what it leaves as it was."""

import json
import random
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from flows.sources import UsageError
from flows.warehouse.anchoring import understand
from flows.warehouse.correcting import apply_corrections
from flows.warehouse.corrections import (
    corrections_path,
    read_corrections,
    stored_corrections,
    without_articles,
    write_corrections,
)
from flows.warehouse.drafts import Draft
from flows.warehouse.fixes import Unfit
from flows.warehouse.ledger import take_in_corrections
from flows.warehouse.publish import broken_checks, run_checks
from tests.conftest import LONG
from tests.corrected_ledger import (
    NOW,
    SAID,
    Con,
    add_article,
    add_claim,
    add_count,
    add_telling,
    ask,
    everything,
    insert,
    say,
    states,
    two_events,
)

FIGURE = "kind, value, low, high, modifier, scope"
TOLL = "SELECT low, best, high, is_derived FROM tolls WHERE policy = 'independent' AND kind = 'killed'"


def test_a_fixed_count_says_what_was_set_and_the_ledger_keeps_what_was_read(small: Con) -> None:
    said = say(small, "fix", "cnt_1", sets="value=12; kind=wounded")

    assert ask(small, f"SELECT {FIGURE} FROM counts WHERE correction_id = ?", said.correction_id) == [
        ("wounded", 12, 12, 12, "exact", "total")
    ]
    assert ask(small, f"SELECT {FIGURE} FROM stated_counts WHERE count_id = 'cnt_1'") == [
        ("killed", 8, 8, 8, "exact", "total")
    ]
    run_checks(small)


def test_a_fixed_claim_makes_another_responsible_under_the_name_that_all_have_for_him(small: Con) -> None:
    add_claim(small, "clm_1", "art_1")

    say(small, "fix", "clm_1", sets="actor=isis")

    assert ask(small, "SELECT actor, stance, asserted_by FROM responsibility") == [
        ("Islamic State", "blamed", "the mayor")
    ]


def test_what_a_count_says_already_is_not_said_again(small: Con) -> None:
    with pytest.raises(Unfit, match="value=8; low=8; high=8; modifier=exact: it says so already"):
        say(small, "fix", "cnt_1", sets="value=8")


def test_a_new_speaker_leaves_the_old_ones_office_and_gets_the_type_that_is_known_of_him(small: Con) -> None:
    add_count(small, "cnt_9", "art_1", 7, attributed_to="Col. Berg", attributed_role="colonel", actor_type="military")

    say(small, "fix", "cnt_9", sets="attributed_to=Islamic State")

    row = ask(small, "SELECT attributed_to, attributed_role, actor_type FROM counts WHERE count_id = 'cnt_9'")
    assert row == [("Islamic State", None, "armed_group")]


def test_what_a_later_word_sets_stands_beside_what_an_earlier_one_set(small: Con) -> None:
    say(small, "fix", "cnt_1", sets="value=12")
    say(small, "fix", "cnt_1", sets="modifier=at_least")
    last = say(small, "fix", "cnt_1", sets="is_attacker=true")

    row = ask(
        small, "SELECT value, low, high, modifier, is_attacker, correction_id FROM counts WHERE count_id = 'cnt_1'"
    )
    assert row == [(12, 12, None, "at_least", True, last.correction_id)]


def test_taking_back_an_earlier_word_leaves_a_later_figure_whole(small: Con) -> None:
    first = say(small, "fix", "cnt_1", sets="value=; low=10; high=14")
    say(small, "fix", "cnt_1", sets="low=12")

    say(small, "undo", first.correction_id)

    assert ask(small, f"SELECT {FIGURE} FROM counts WHERE count_id = 'cnt_1'") == [
        ("killed", None, 12, 14, "between", "total")
    ]
    run_checks(small)


def test_a_dropped_count_is_left_out_by_name_and_why_and_stands_in_no_toll(small: Con) -> None:
    said = say(small, "drop", "cnt_3", why="a typing error")

    assert ask(small, TOLL) == [(8, 8, 8, False)]
    left_out = ask(small, "SELECT count_id, value, reason, correction_id FROM left_out")
    assert left_out == [("cnt_3", 9, "dropped by Ann Reyes: a typing error", said.correction_id)]
    assert ask(small, "SELECT DISTINCT correction_ids FROM tolls") == [([said.correction_id],)]


def test_what_follows_from_parts_follows_without_a_dropped_one(small: Con) -> None:
    small.execute("DELETE FROM stated_counts")
    for number, value in enumerate((2, 3)):
        add_count(
            small,
            f"cnt_p{number}",
            "art_1",
            value,
            scope="part",
            scope_reason="of a list",
            list_no=1,
            char_start=number,
        )
    before = ask(small, TOLL)

    say(small, "drop", "cnt_p1")

    assert before == [(5, 5, 5, True)]
    assert ask(small, TOLL) == [(2, 2, 2, True)]


def test_a_dropped_claim_makes_nobody_responsible_and_is_still_there(small: Con) -> None:
    add_claim(small, "clm_1", "art_1")

    said = say(small, "drop", "clm_1")

    assert ask(small, "FROM responsibility") == []
    facts = ask(small, "SELECT set_aside FROM facts WHERE correction_id = ?", said.correction_id)
    assert facts == [("dropped by Ann Reyes: a slip",)]


@pytest.mark.parametrize("source", ["Outlet of art_3", "blog"])
def test_a_muted_source_is_left_out_of_the_tolls_and_its_articles_stay(small: Con, source: str) -> None:
    small.execute("UPDATE revisions SET source_name = 'blog' WHERE article_id = 'art_3'")

    say(small, "mute", source, why="it makes things up")

    assert ask(small, TOLL) == [(8, 8, 8, False)]
    assert ask(small, "SELECT count_id, reason FROM left_out") == [("cnt_3", "muted by Ann Reyes: it makes things up")]
    assert ask(small, "SELECT n_articles FROM events") == [(3,)]


def test_a_muted_source_blames_nobody_and_a_word_on_its_facts_is_kept_for_the_day_it_is_heard_again(small: Con) -> None:
    add_claim(small, "clm_1", "art_3")
    fixed = say(small, "fix", "clm_1", sets="actor=Blue Hand")

    muted = say(small, "mute", "Outlet of art_3")
    silent = ask(small, "FROM responsibility")
    say(small, "undo", muted.correction_id)

    assert silent == []
    assert ask(small, "SELECT actor, correction_ids FROM responsibility") == [("Blue Hand", [fixed.correction_id])]


def test_a_dropped_quote_says_so_beside_its_words(small: Con) -> None:
    insert(small, "stated_quotes", quote_id="quo_1", article_id="art_1", revision=1, evidence="Eight people died.",
           text="Eight", event_no=0, field="text", evidence_start=0, char_start=0, char_end=5, seen_at=NOW,
           rules_version="r")  # fmt: skip

    say(small, "drop", "quo_1", why="not his words")

    assert ask(small, "SELECT text, set_aside FROM quotes") == [("Eight", "dropped by Ann Reyes: not his words")]
    with pytest.raises(Unfit, match="a quote cannot be fixed, only dropped"):
        say(small, "fix", "quo_1", sets="speaker=Livia Tarsi")


def test_a_scope_that_was_corrected_enters_or_leaves_the_toll_with_its_reason(small: Con) -> None:
    small.execute("UPDATE stated_counts SET scope = 'part', scope_reason = 'one ward' WHERE count_id = 'cnt_3'")

    say(small, "fix", "cnt_3", sets="scope=total")
    say(small, "fix", "cnt_1", sets="scope=part", why="one bus only")

    assert ask(small, TOLL) == [(8, 9, 9, False)]
    assert ask(small, "SELECT count_id, reason FROM left_out") == [
        ("cnt_1", "a part: so corrected by Ann Reyes: one bus only")
    ]


def test_the_same_sentence_in_a_new_revision_is_corrected_under_its_new_id(small: Con) -> None:
    say(small, "fix", "cnt_1", sets="value=12")
    add_article(small, "art_1", revision=2)
    add_telling(small, "art_1", "evt_1", revision=2)
    add_count(small, "cnt_new", "art_1", 8, revision=2, char_start=40, char_end=45)

    apply_corrections(small)

    assert ask(small, "SELECT count_id, value FROM counts WHERE article_id = 'art_1'") == [("cnt_new", 12)]
    assert states(small) == {"fix": "holds"}


@pytest.mark.parametrize("change", [{"value": 10}, {"evidence": "Ten people died."}, {"kind": "wounded"}])
def test_a_revision_that_no_longer_says_it_leaves_the_correction_lost_and_told(
    small: Con, change: dict[str, Any]
) -> None:
    say(small, "fix", "cnt_1", sets="value=12")
    add_article(small, "art_1", revision=2)
    add_telling(small, "art_1", "evt_1", revision=2)
    add_count(small, "cnt_new", "art_1", **{"value": 8} | change, revision=2)

    apply_corrections(small)

    assert states(small) == {"fix": "lost"}
    assert ask(small, "SELECT value FROM counts_history WHERE count_id = 'cnt_1'") == [(12,)]
    assert ask(small, "SELECT correction_id FROM counts WHERE count_id = 'cnt_new'") == [(None,)]
    assert "corrections_find_what_they_correct" in {told.split(":")[0] for _, told, _ in broken_checks(small)}


def test_of_two_counts_that_read_alike_in_a_sentence_only_the_one_is_corrected(small: Con) -> None:
    twice = {"evidence": "Three died in Arvento and three in Senna.", "scope": "part", "scope_reason": "a place"}
    add_count(small, "cnt_x", "art_1", 3, char_start=0, **twice)
    add_count(small, "cnt_y", "art_1", 3, char_start=26, **twice)

    say(small, "fix", "cnt_y", sets="value=4")

    assert ask(small, "SELECT count_id, value FROM counts WHERE scope = 'part' ORDER BY 1") == [
        ("cnt_x", 3),
        ("cnt_y", 4),
    ]


@pytest.mark.parametrize(
    ("action", "target", "other", "told"),
    [
        ("merge", "evt_1", "evt_1", "evt_1, evt_1: these are one event already"),
        ("merge", "evt_1", "evt_9", "evt_9: no event has this id"),
        ("merge", "evt_1", "evt_sum", "a sum over a period and one thing that happened are never one event"),
        ("merge", "evt_1", None, "merge: name the event that becomes the target"),
        ("split", "evt_1", "art_9", "art_9: no article that tells of evt_1; these do: art_1, art_2, art_3"),
        ("split", "evt_1", "art_1 art_2 art_3", "evt_1: no other article tells of it; one must stay"),
        ("split", "evt_1", None, "split: name the articles that tell of another event"),
        ("mute", "Nobody", None, "Nobody: no article is of a source or publisher of this name"),
        ("mute", None, None, "mute: say what; the target is empty"),
        ("undo", "cor_1", None, "cor_1: no correction has this id"),
        ("drop", "cnt_9", None, "cnt_9: no count, claim or quote of an article as it is now has this id"),
        ("burn", "cnt_1", None, "action 'burn': none of fix, drop, merge, split, mute, undo"),
    ],
)
def test_what_is_not_there_cannot_be_corrected(
    small: Con, action: str, target: str, other: str | None, told: str
) -> None:
    add_telling(small, "art_1", "evt_sum", 1, is_aggregate=True)

    with pytest.raises((Unfit, UsageError)) as refused:
        say(small, action, target, other=other)

    assert told in str(refused.value)
    assert ask(small, "FROM corrections") == []


@pytest.mark.parametrize(("action", "target"), [("drop", "cnt_1"), ("mute", "wire")])
def test_what_is_left_out_already_is_not_left_out_again_by_another(small: Con, action: str, target: str) -> None:
    say(small, action, target)

    with pytest.raises(Unfit, match="already by Ann Reyes: a slip"):
        say(small, action, target, why="another reason")


def test_an_undo_that_is_undone_brings_the_word_back(small: Con) -> None:
    fixed = say(small, "fix", "cnt_3", sets="value=12")
    undo = say(small, "undo", fixed.correction_id)

    say(small, "undo", undo.correction_id)

    assert ask(small, "SELECT max(high) FROM tolls") == [(12,)]
    with pytest.raises(Unfit, match="undone already"):
        say(small, "undo", undo.correction_id, why="once more")


def test_saying_the_same_again_adds_nothing(small: Con) -> None:
    for _ in range(2):
        say(small, "fix", "cnt_1", sets="modifier=at_least")
        say(small, "mute", "wire")

    assert ask(small, "SELECT count(*) FROM corrections") == [(2,)]


SHOWN = ("counts", "claims", "tolls", "events", "left_out")


@pytest.mark.parametrize(
    ("seed", "views"), [(0, SHOWN), *(pytest.param(seed, (), marks=[pytest.mark.proof, LONG]) for seed in range(1, 9))]
)
def test_taking_back_all_that_was_said_in_any_order_restores_every_view(
    small: Con, seed: int, views: tuple[str, ...]
) -> None:
    two_events(small)
    add_claim(small, "clm_1", "art_1")
    before, dice = everything(small, *views), random.Random(seed)
    said = [say(small, **one) for one in dice.sample(SAID, len(SAID))]
    between = everything(small, *views)

    for one in dice.sample(said, len(said)):
        undo = Draft(action="undo", target=one.correction_id, why="back", corrected_by="Ann Reyes")
        said.append(understand(small, undo, said, NOW))
    take_in_corrections(small, said)

    assert all(between[name] != before[name] for name in SHOWN)
    assert everything(small, *views) == before


def test_a_word_on_a_forgotten_article_goes_with_its_undo_and_a_merge_stays_while_both_events_are_told(
    small: Con,
) -> None:
    two_events(small)
    dropped = say(small, "drop", "cnt_5")
    say(small, "undo", dropped.correction_id)
    kept = say(small, "drop", "cnt_4")
    merged = say(small, "merge", "evt_1", other="evt_2")

    left = without_articles(stored_corrections(small), {"art_5"})
    then = without_articles(left, {"art_4"}, ())

    assert [one.correction_id for one in left] == [kept.correction_id, merged.correction_id]
    assert {telling.article_id for telling in left[1].tellings} == {"art_1", "art_2", "art_3", "art_4"}
    assert then == []


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("{", "line 2 is no correction"),
        ('{"correction_id": "cor_1"}', "line 2 is no correction"),
        ("FIRST", "line 2 is no correction (cor_"),
        ('FIRST"action": "burn", "correction_id": "cor_2"', "it does none of fix, drop"),
        ('FIRST"sets": "colour=red", "correction_id": "cor_2"', "'colour' cannot be set"),
        ('FIRST"sets": "value=x", "correction_id": "cor_2"', "invalid literal"),
        ('FIRST"corrected_at": "x", "correction_id": "cor_2"', "Invalid isoformat"),
    ],
)
def test_a_damaged_file_of_corrections_is_named_with_the_line_and_nothing_goes_on_without_it(
    small: Con, tmp_path: Path, line: str, told: str
) -> None:
    write_corrections(tmp_path, [say(small, "fix", "cnt_1", sets="value=9")])
    first = corrections_path(tmp_path).read_text("utf-8")
    second = json.dumps(json.loads(first) | json.loads("{" + line[5:] + "}")) if line.startswith("FIRST") else line
    corrections_path(tmp_path).write_text(first + second + "\n", "utf-8")

    with pytest.raises(OSError, match="put it right, or take the file from a backup") as refused:
        read_corrections(tmp_path)

    assert told in str(refused.value)


def test_what_was_set_once_stands_though_no_rule_knows_its_kind_any_more(small: Con) -> None:
    said = say(small, "fix", "cnt_1", sets="kind=wounded")

    take_in_corrections(small, [replace(said, sets="kind=bewitched")])

    assert ask(small, "SELECT kind FROM counts WHERE count_id = 'cnt_1'") == [("bewitched",)]
