"""Merged and split events: one toll or two, and ids that still lead there."""

from flows.warehouse.correcting import apply_corrections
from flows.warehouse.publish import run_checks
from tests.corrected_ledger import (
    Con,
    add_article,
    add_telling,
    ask,
    insert,
    say,
    states,
    two_events,
)

TOLL = "SELECT low, best, high, is_derived FROM tolls WHERE policy = 'independent' AND kind = 'killed'"


def test_merged_events_have_one_toll_and_the_old_id_leads_to_it(small: Con) -> None:
    two_events(small)

    said = say(small, "merge", "evt_1", other="evt_2")

    assert ask(small, "SELECT event_id, n_articles, correction_ids FROM events") == [("evt_1", 5, [said.correction_id])]
    assert ask(small, TOLL) == [(8, 8, 12, False)]
    assert ask(small, "SELECT old_id, new_id FROM event_aliases") == [("evt_2", "evt_1")]
    assert ask(small, "SELECT correction_ids FROM tolls LIMIT 1") == [([said.correction_id],)]
    run_checks(small)


def test_a_merge_finds_its_events_when_linking_gave_them_other_ids(small: Con) -> None:
    two_events(small)
    say(small, "merge", "evt_1", other="evt_2")
    for table in ("mentioned_events", "linked_events"):
        small.execute(f"UPDATE {table} SET event_id = replace(event_id, 'evt_', 'evt_new_')")
    small.execute("UPDATE local_events SET event_no = 7, place = NULL WHERE event_no = 1")
    small.execute("UPDATE mentioned_events SET event_no = 7 WHERE event_no = 1")

    apply_corrections(small)

    assert ask(small, "SELECT event_id FROM events") == [("evt_new_1",)]
    assert states(small) == {"merge": "holds"}


def test_a_merge_of_which_one_event_is_gone_is_lost(small: Con) -> None:
    two_events(small)
    say(small, "merge", "evt_1", other="evt_2")
    small.execute("DELETE FROM local_events WHERE article_id = 'art_5' OR event_no = 1")

    apply_corrections(small)

    assert states(small) == {"merge": "lost"}
    assert ask(small, "FROM moved_tellings") == []


def test_events_merged_one_after_the_other_are_one(small: Con) -> None:
    two_events(small)
    add_article(small, "art_6")
    add_telling(small, "art_6", "evt_3")

    say(small, "merge", "evt_2", other="evt_3")
    say(small, "merge", "evt_1", other="evt_2")

    assert ask(small, "SELECT event_id, n_articles FROM events") == [("evt_1", 6)]
    assert sorted(ask(small, "SELECT old_id, new_id FROM event_aliases")) == [("evt_2", "evt_1"), ("evt_3", "evt_1")]


def test_a_split_makes_an_event_of_its_own_with_its_own_toll(small: Con) -> None:
    small.execute("UPDATE local_events SET place = 'Senna', date_low = '2026-03-02', date_high = '2026-03-02' "
                "WHERE article_id = 'art_3'")  # fmt: skip

    say(small, "split", "evt_1", other="art_3")

    events = ask(small, "SELECT e.label, e.n_articles, best FROM events AS e JOIN tolls USING (event_id) "
                      "WHERE policy = 'independent' ORDER BY e.n_articles")  # fmt: skip
    assert events == [("attack, Senna, 2026-03-02", 1, 9), ("label of evt_1", 2, 8)]
    run_checks(small)


def test_a_split_that_linking_makes_by_itself_holds_and_its_id_leads_there(small: Con) -> None:
    say(small, "split", "evt_1", other="art_3")
    (new,) = ask(small, "SELECT event_id FROM split_events")
    small.execute("UPDATE mentioned_events SET event_id = 'evt_9' WHERE article_id = 'art_3'")
    insert(small, "linked_events", event_id="evt_9", label="found", is_aggregate=False)

    apply_corrections(small)

    assert states(small) == {"split": "holds"}
    assert ask(small, "SELECT old_id, new_id FROM event_aliases") == [(new[0], "evt_9")]
    assert sorted(ask(small, "SELECT event_id FROM events")) == [("evt_1",), ("evt_9",)]


def test_the_id_of_a_split_that_was_taken_back_leads_to_the_event_that_it_was_taken_from(small: Con) -> None:
    said = say(small, "split", "evt_1", other="art_3")
    (new,) = ask(small, "SELECT event_id FROM split_events")

    say(small, "undo", said.correction_id)

    assert ask(small, "SELECT old_id, new_id FROM event_aliases") == [(new[0], "evt_1")]
    assert ask(small, "SELECT event_id, n_articles FROM events") == [("evt_1", 3)]
