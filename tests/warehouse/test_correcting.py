"""An analyst's word on a small ledger: what it changes, what it finds again, and what it leaves as it was."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from flows.sources import UsageError
from flows.warehouse.correcting import apply_corrections
from flows.warehouse.file import ledger_path, open_ledger
from flows.warehouse.fixes import Unfit
from flows.warehouse.publish import broken_checks, run_checks
from flows.warehouse.schema import prepare
from tests.small_ledger import add_article, add_claim, add_count, add_telling, insert, say

Con = duckdb.DuckDBPyConnection
FIGURE = "kind, value, low, high, modifier, scope"
TOLL = "SELECT low, best, high, is_derived FROM tolls WHERE policy = 'independent' AND kind = 'killed'"
WORDS = ["bridge", "ferry", "harbour", "pilgrims", "drowned", "storm"]


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three articles on one event, eight dead in two of them, nine in the third."""
    data = tmp_path_factory.mktemp("filled")
    with open_ledger(data) as con:
        prepare(con)
        for name, value in (("art_1", 8), ("art_2", 8), ("art_3", 9)):
            add_article(con, name)
            add_telling(con, name, "evt_1")
            add_count(con, f"cnt_{name[-1]}", name, value)
    return ledger_path(data)


@pytest.fixture
def con(tmp_path: Path, filled: Path) -> Iterator[Con]:
    shutil.copyfile(filled, tmp_path / "ledger.duckdb")
    with open_ledger(tmp_path, tmp_path / "ledger.duckdb") as con:
        con.execute("BEGIN")
        yield con


def ask(con: Con, sql: str, *params: object) -> list[tuple[Any, ...]]:
    return con.execute(sql, list(params)).fetchall()


def states(con: Con) -> dict[str, str]:
    return dict(ask(con, "SELECT action, state FROM corrections"))


def test_a_fixed_count_says_what_was_set_and_the_ledger_keeps_what_was_read(con: Con) -> None:
    said = say(con, "fix", "cnt_1", sets="value=12; kind=wounded")

    assert ask(con, f"SELECT {FIGURE} FROM counts WHERE correction_id = ?", said.correction_id) == [
        ("wounded", 12, 12, 12, "exact", "total")
    ]
    assert ask(con, f"SELECT {FIGURE} FROM stated_counts WHERE count_id = 'cnt_1'") == [
        ("killed", 8, 8, 8, "exact", "total")
    ]
    run_checks(con)


def test_a_fixed_claim_makes_another_responsible_under_the_name_that_all_have_for_him(con: Con) -> None:
    add_claim(con, "clm_1", "art_1")

    say(con, "fix", "clm_1", sets="actor=isis")

    assert ask(con, "SELECT actor, stance, asserted_by FROM responsibility") == [
        ("Islamic State", "blamed", ["the mayor"])
    ]


def test_what_a_count_says_already_is_not_said_again(con: Con) -> None:
    with pytest.raises(Unfit, match="value=8; low=8; high=8; modifier=exact: it says so already"):
        say(con, "fix", "cnt_1", sets="value=8")


def test_a_new_speaker_leaves_the_old_ones_office_and_gets_the_type_that_is_known_of_him(con: Con) -> None:
    add_count(con, "cnt_9", "art_1", 7, attributed_to="Col. Berg", attributed_role="colonel", actor_type="military")

    say(con, "fix", "cnt_9", sets="attributed_to=Islamic State")

    row = ask(con, "SELECT attributed_to, attributed_role, actor_type FROM counts WHERE count_id = 'cnt_9'")
    assert row == [("Islamic State", None, "armed_group")]


def test_what_a_later_word_sets_stands_beside_what_an_earlier_one_set(con: Con) -> None:
    say(con, "fix", "cnt_1", sets="value=12")
    say(con, "fix", "cnt_1", sets="modifier=at_least")
    last = say(con, "fix", "cnt_1", sets="is_attacker=true")

    row = ask(con, "SELECT value, low, high, modifier, is_attacker, correction_id FROM counts WHERE count_id = 'cnt_1'")
    assert row == [(12, 12, None, "at_least", True, last.correction_id)]


def test_taking_back_an_earlier_word_leaves_a_later_figure_whole(con: Con) -> None:
    first = say(con, "fix", "cnt_1", sets="value=; low=10; high=14")
    say(con, "fix", "cnt_1", sets="low=12")

    say(con, "undo", first.correction_id)

    assert ask(con, f"SELECT {FIGURE} FROM counts WHERE count_id = 'cnt_1'") == [
        ("killed", None, 12, 14, "between", "total")
    ]
    run_checks(con)


def test_a_dropped_count_is_left_out_by_name_and_why_and_stands_in_no_toll(con: Con) -> None:
    said = say(con, "drop", "cnt_3", why="a typing error")

    assert ask(con, TOLL) == [(8, 8, 8, False)]
    left_out = ask(con, "SELECT count_id, value, reason, correction_id FROM left_out")
    assert left_out == [("cnt_3", 9, "dropped by Ann Reyes: a typing error", said.correction_id)]
    assert ask(con, "SELECT DISTINCT correction_ids FROM tolls") == [([said.correction_id],)]


def test_what_follows_from_parts_follows_without_a_dropped_one(con: Con) -> None:
    con.execute("DELETE FROM stated_counts")
    for number, value in enumerate((2, 3)):
        add_count(
            con, f"cnt_p{number}", "art_1", value, scope="part", scope_reason="of a list", list_no=1, char_start=number
        )
    before = ask(con, TOLL)

    say(con, "drop", "cnt_p1")

    assert before == [(5, 5, 5, True)]
    assert ask(con, TOLL) == [(2, 2, 2, True)]


def test_a_dropped_claim_makes_nobody_responsible_and_is_still_there(con: Con) -> None:
    add_claim(con, "clm_1", "art_1")

    said = say(con, "drop", "clm_1")

    assert ask(con, "FROM responsibility") == []
    facts = ask(con, "SELECT set_aside FROM facts WHERE correction_id = ?", said.correction_id)
    assert facts == [("dropped by Ann Reyes: a slip",)]


@pytest.mark.parametrize("source", ["Outlet of art_3", "blog"])
def test_a_muted_source_is_left_out_of_the_tolls_and_its_articles_stay(con: Con, source: str) -> None:
    con.execute("UPDATE revisions SET source_name = 'blog' WHERE article_id = 'art_3'")

    say(con, "mute", source, why="it makes things up")

    assert ask(con, TOLL) == [(8, 8, 8, False)]
    assert ask(con, "SELECT count_id, reason FROM left_out") == [("cnt_3", "muted by Ann Reyes: it makes things up")]
    assert ask(con, "SELECT n_articles FROM events") == [(3,)]


def test_a_scope_that_was_corrected_enters_or_leaves_the_toll_with_its_reason(con: Con) -> None:
    con.execute("UPDATE stated_counts SET scope = 'part', scope_reason = 'one ward' WHERE count_id = 'cnt_3'")

    say(con, "fix", "cnt_3", sets="scope=total")
    say(con, "fix", "cnt_1", sets="scope=part", why="one bus only")

    assert ask(con, TOLL) == [(8, 9, 9, False)]
    assert ask(con, "SELECT count_id, reason FROM left_out") == [
        ("cnt_1", "a part: so corrected by Ann Reyes: one bus only")
    ]


def test_the_same_sentence_in_a_new_revision_is_corrected_under_its_new_id(con: Con) -> None:
    say(con, "fix", "cnt_1", sets="value=12")
    add_article(con, "art_1", revision=2)
    add_telling(con, "art_1", "evt_1", revision=2)
    add_count(con, "cnt_new", "art_1", 8, revision=2, char_start=40, char_end=45)

    apply_corrections(con)

    assert ask(con, "SELECT count_id, value FROM counts WHERE article_id = 'art_1'") == [("cnt_new", 12)]
    assert states(con) == {"fix": "holds"}


@pytest.mark.parametrize("change", [{"value": 10}, {"evidence": "Ten people died."}, {"kind": "wounded"}])
def test_a_revision_that_no_longer_says_it_leaves_the_correction_lost_and_told(
    con: Con, change: dict[str, Any]
) -> None:
    say(con, "fix", "cnt_1", sets="value=12")
    add_article(con, "art_1", revision=2)
    add_telling(con, "art_1", "evt_1", revision=2)
    add_count(con, "cnt_new", "art_1", **{"value": 8} | change, revision=2)

    apply_corrections(con)

    assert states(con) == {"fix": "lost"}
    assert ask(con, "SELECT value FROM counts_history WHERE count_id = 'cnt_1'") == [(12,)]
    assert ask(con, "SELECT correction_id FROM counts WHERE count_id = 'cnt_new'") == [(None,)]
    assert "corrections_find_what_they_correct" in {told.split(":")[0] for _, told, _ in broken_checks(con)}


def test_of_two_counts_that_read_alike_in_a_sentence_only_the_one_is_corrected(con: Con) -> None:
    twice = {"evidence": "Three died in Arvento and three in Senna.", "scope": "part", "scope_reason": "a place"}
    add_count(con, "cnt_x", "art_1", 3, char_start=0, **twice)
    add_count(con, "cnt_y", "art_1", 3, char_start=26, **twice)

    say(con, "fix", "cnt_y", sets="value=4")

    assert ask(con, "SELECT count_id, value FROM counts WHERE scope = 'part' ORDER BY 1") == [
        ("cnt_x", 3),
        ("cnt_y", 4),
    ]


def two_events(con: Con) -> None:
    """A fourth article recalls another event, of which a fifth is."""
    add_article(con, "art_4")
    add_article(con, "art_5")
    add_telling(con, "art_4", "evt_1")
    add_telling(con, "art_4", "evt_2", 1, time_key="03-02", place="Arvento", words=WORDS)
    add_telling(con, "art_5", "evt_2")
    add_count(con, "cnt_5", "art_5", 12)
    add_count(con, "cnt_4", "art_4", 11, event_no=1)


def test_merged_events_have_one_toll_and_the_old_id_leads_to_it(con: Con) -> None:
    two_events(con)

    said = say(con, "merge", "evt_1", other="evt_2")

    assert ask(con, "SELECT event_id, n_articles, correction_ids FROM events") == [("evt_1", 5, [said.correction_id])]
    assert ask(con, TOLL) == [(8, 8, 12, False)]
    assert ask(con, "SELECT old_id, new_id FROM event_aliases") == [("evt_2", "evt_1")]
    assert ask(con, "SELECT correction_ids FROM tolls LIMIT 1") == [([said.correction_id],)]
    run_checks(con)


def test_a_merge_finds_its_events_when_linking_gave_them_other_ids(con: Con) -> None:
    two_events(con)
    say(con, "merge", "evt_1", other="evt_2")
    for table in ("mentioned_events", "linked_events"):
        con.execute(f"UPDATE {table} SET event_id = replace(event_id, 'evt_', 'evt_new_')")
    con.execute("UPDATE local_events SET event_no = 7, place = NULL WHERE event_no = 1")
    con.execute("UPDATE mentioned_events SET event_no = 7 WHERE event_no = 1")

    apply_corrections(con)

    assert ask(con, "SELECT event_id FROM events") == [("evt_new_1",)]
    assert states(con) == {"merge": "holds"}


def test_a_merge_of_which_one_event_is_gone_is_lost(con: Con) -> None:
    two_events(con)
    say(con, "merge", "evt_1", other="evt_2")
    con.execute("DELETE FROM local_events WHERE article_id = 'art_5' OR event_no = 1")

    apply_corrections(con)

    assert states(con) == {"merge": "lost"}
    assert ask(con, "FROM moved_tellings") == []


def test_events_merged_one_after_the_other_are_one(con: Con) -> None:
    two_events(con)
    add_article(con, "art_6")
    add_telling(con, "art_6", "evt_3")

    say(con, "merge", "evt_2", other="evt_3")
    say(con, "merge", "evt_1", other="evt_2")

    assert ask(con, "SELECT event_id, n_articles FROM events") == [("evt_1", 6)]
    assert sorted(ask(con, "SELECT old_id, new_id FROM event_aliases")) == [("evt_2", "evt_1"), ("evt_3", "evt_1")]


def test_a_split_makes_an_event_of_its_own_with_its_own_toll(con: Con) -> None:
    con.execute("UPDATE local_events SET place = 'Senna', date_low = '2026-03-02', date_high = '2026-03-02' "
                "WHERE article_id = 'art_3'")  # fmt: skip

    say(con, "split", "evt_1", other="art_3")

    events = ask(con, "SELECT e.label, e.n_articles, best FROM events AS e JOIN tolls USING (event_id) "
                      "WHERE policy = 'independent' ORDER BY e.n_articles")  # fmt: skip
    assert events == [("attack, Senna, 2026-03-02", 1, 9), ("label of evt_1", 2, 8)]
    run_checks(con)


def test_a_split_that_linking_makes_by_itself_holds_and_its_id_leads_there(con: Con) -> None:
    say(con, "split", "evt_1", other="art_3")
    (new,) = ask(con, "SELECT event_id FROM split_events")
    con.execute("UPDATE mentioned_events SET event_id = 'evt_9' WHERE article_id = 'art_3'")
    insert(con, "linked_events", event_id="evt_9", label="found", is_aggregate=False)

    apply_corrections(con)

    assert states(con) == {"split": "holds"}
    assert ask(con, "SELECT old_id, new_id FROM event_aliases") == [(new[0], "evt_9")]
    assert sorted(ask(con, "SELECT event_id FROM events")) == [("evt_1",), ("evt_9",)]


def test_the_id_of_a_split_that_was_taken_back_leads_to_the_event_that_it_was_taken_from(con: Con) -> None:
    said = say(con, "split", "evt_1", other="art_3")
    (new,) = ask(con, "SELECT event_id FROM split_events")

    say(con, "undo", said.correction_id)

    assert ask(con, "SELECT old_id, new_id FROM event_aliases") == [(new[0], "evt_1")]
    assert ask(con, "SELECT event_id, n_articles FROM events") == [("evt_1", 3)]


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
    con: Con, action: str, target: str, other: str | None, told: str
) -> None:
    add_telling(con, "art_1", "evt_sum", 1, is_aggregate=True)

    with pytest.raises((Unfit, UsageError)) as refused:
        say(con, action, target, other=other)

    assert told in str(refused.value)
    assert ask(con, "FROM corrections") == []


@pytest.mark.parametrize(("action", "target"), [("drop", "cnt_1"), ("mute", "wire")])
def test_what_is_left_out_already_is_not_left_out_again_by_another(con: Con, action: str, target: str) -> None:
    say(con, action, target)

    with pytest.raises(Unfit, match="already by Ann Reyes: a slip"):
        say(con, action, target, why="another reason")


def test_an_undo_that_is_undone_brings_the_word_back(con: Con) -> None:
    fixed = say(con, "fix", "cnt_3", sets="value=12")
    undo = say(con, "undo", fixed.correction_id)

    say(con, "undo", undo.correction_id)

    assert ask(con, "SELECT max(high) FROM tolls") == [(12,)]
    with pytest.raises(Unfit, match="undone already"):
        say(con, "undo", undo.correction_id, why="once more")


def test_saying_the_same_again_adds_nothing(con: Con) -> None:
    for _ in range(2):
        say(con, "fix", "cnt_1", sets="modifier=at_least")
        say(con, "mute", "wire")

    assert ask(con, "SELECT count(*) FROM corrections") == [(2,)]
