"""Alerts: each cause is told once, by a real webhook; the same cause on the next pass tells nothing."""

import contextlib
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from flows import receivers
from flows.alerting import Alerting, Watch, configured_alerting
from flows.alerts import tell, told_failure
from flows.cli.commands import app
from flows.warehouse.deliveries import has_alerts, leave_untold, note_try, pass_on
from flows.warehouse.erasing import IT_TOLD, erase_articles
from flows.warehouse.file import LedgerError, ledger_path
from flows.warehouse.publish import BrokenPromise
from tests.against_gold import read_ledger
from tests.conftest import Run
from tests.corpus import write_lines
from tests.made_up_event import PASSES
from tests.small_ledger import SmallLedger, hour, put, told
from tests.webhook import Webhook, open_webhook

WATCH = Watch("Tolvane attacks", place="tolvane", kind="attack")


@pytest.fixture
def hook() -> Iterator[Webhook]:
    with open_webhook() as one:
        yield one


@pytest.fixture
def ledger(tmp_path: Path) -> SmallLedger:
    """A ledger in which every article has an origin, as linking leaves it."""
    ledger = SmallLedger(tmp_path)
    ledger.execute("DELETE FROM story_articles")
    return ledger


def addressed(*addresses: str, **how: Any) -> Alerting:
    found = receivers.read_receivers(addresses)
    return Alerting(to=tuple(one for one in found if one), **how)


def publish(ledger: SmallLedger, number: float, alerting: Alerting) -> list[str]:
    """A pass: what there is is published, and what is new is told; its warnings."""
    ledger.publish(hour(number), watches=alerting.watches)
    return tell_now(ledger, alerting)


def tell_now(ledger: SmallLedger, alerting: Alerting) -> list[str]:
    ledger.con.execute("COMMIT")
    warnings = tell(ledger.data, alerting, f"run-{ledger.number}", has_alerts(ledger.con))
    ledger.con.execute("BEGIN")
    return warnings


def write(ledger: SmallLedger, number: float, value: int, *names: str, event: str = "evt_1") -> None:
    for name in names:
        ledger.write(name, hour(number), told(value), event=event)
    ledger.execute("DELETE FROM story_articles")
    for (article,) in ledger.execute("SELECT article_id FROM current_revisions"):
        put(ledger.con, "story_articles", {"story_id": "sto_1", "article_id": article})
    ledger.execute(
        "INSERT OR IGNORE INTO linked_origins BY NAME SELECT article_id, publisher, publisher AS independent_origin, "
        "publisher AS copied_origin, publisher AS own_origin FROM revisions"
    )


def ask_source(ledger: SmallLedger, at: datetime, verdict: str, n_documents: int = 3) -> None:
    if not ledger.execute("FROM sources"):
        source = {"source_name": "wire", "type": "feed", "location": "https://wire.example/rss"}
        put(ledger.con, "sources", source | {"first_seen_at": at, "last_read_at": at})
    ledger.execute("UPDATE sources SET last_read_at = ?", at)
    asked = {"run_id": f"r{at:%H%M}", "source_name": "wire", "input": "https://wire.example/rss", "is_source": True}
    answer = {"outcome": "server error", "verdict": verdict, "n_documents": n_documents, "n_refused": 0}
    put(ledger.con, "fetches", asked | answer | {"fetched_at": at})


def states(ledger: SmallLedger) -> list[Any]:
    return ledger.execute(
        "SELECT about, receiver, outcome, n_tries, detail FROM alerts LEFT JOIN alert_deliveries USING (alert_id) "
        "ORDER BY raised_at, about, receiver"
    )


def test_each_cause_is_told_once_and_the_next_pass_tells_nothing(ledger: SmallLedger, hook: Webhook) -> None:
    alerting = addressed(hook.address(), watches=(WATCH,), link="https://desk.example/events/{id}")
    write(ledger, 0, 8, "a", "b")
    ask_source(ledger, hour(0), "bad day")
    publish(ledger, 1, alerting)
    assert hook.titles == []  # nor of a source that fails for the first time

    write(ledger, 2, 9, "c", "d", "e")
    write(ledger, 2, 3, "f", event="evt_2")
    place = "UPDATE linked_events SET place = 'Tolvane', kind = 'attack', label = 'attack, Tolvane' WHERE event_id = ?"
    ledger.execute(place, "evt_2")
    put(ledger.con, "corrections", {
        "correction_id": "cor_1", "correction_no": 1, "action": "drop", "type": "count", "corrected_by": "Ann Reyes",
        "corrected_at": hour(2), "why": "a slip", "state": "lost",
    })  # fmt: skip
    for number in (2, 2.1):
        ask_source(ledger, hour(number), "bad day")
    said = publish(ledger, 3, alerting)

    assert said == []
    toll = next(one for one in hook.told if "killed 8 → 9" in one["title"])
    assert sorted(hook.titles) == [
        "a check is broken: corrections_find_what_they_correct",
        "killed 8 → 9: blast",
        "reports conflict on killed, 8 | 9: blast",
        "source wire: failing, 3 times in a row: server error",
        "watch Tolvane attacks: attack, Tolvane",
    ]
    assert toll["message"].splitlines() == [
        "killed: 8 → 9 (8 to 9): a report states more",
        "  9: Outlet c; Outlet d and 1 more",
        "",
        "Look: newsledger story sto_1 (event evt_1)",
        "https://desk.example/events/evt_1",
    ]

    ask_source(ledger, hour(4), "bad day")
    write(ledger, 4, 9, "g")
    publish(ledger, 5, alerting)

    assert hook.titles == []


@pytest.mark.proof
def test_what_ended_and_comes_back_is_told_again(ledger: SmallLedger, hook: Webhook) -> None:
    alerting = addressed(hook.address(), about=("conflict",))
    for number, value in enumerate((9, 8, 9)):
        write(ledger, number, 8, "a")
        write(ledger, number, value, "b")
        publish(ledger, number + 0.5, alerting)

    assert hook.titles == ["reports conflict on killed, 8 | 9: blast"] * 2


@pytest.mark.proof
def test_an_event_that_became_another_is_not_told_again(ledger: SmallLedger, hook: Webhook) -> None:
    alerting = addressed(hook.address(), about=("conflict", "watch"), watches=(Watch("all", country="xx"),))
    write(ledger, 0, 8, "a")
    write(ledger, 0, 9, "b")
    ledger.execute("UPDATE linked_events SET country = 'XX'")
    publish(ledger, 1, alerting)
    assert len(hook.titles) == 2

    for name in ("a", "b"):
        ledger.link(name, "evt_2")
    ledger.execute("UPDATE linked_events SET country = 'XX'")
    ledger.execute("DELETE FROM linked_events WHERE event_id = 'evt_1'")
    put(ledger.con, "linked_event_aliases", {"old_id": "evt_1", "new_id": "evt_2", "at": hour(2)})
    publish(ledger, 3, alerting)

    assert hook.titles == []
    assert ledger.execute("SELECT ended_at FROM alerts WHERE about = 'conflict'") == [(None,)]


@pytest.mark.proof
def test_an_address_that_comes_later_hears_of_nothing_that_stood_and_a_new_watch_of_a_sum(
    ledger: SmallLedger, hook: Webhook
) -> None:
    write(ledger, 0, 8, "a")
    write(ledger, 0, 9, "a2")
    write(ledger, 0, 8, "b", event="evt_2")
    ledger.execute("UPDATE linked_events SET place = 'Tolvane', kind = 'attack'")
    publish(ledger, 1, addressed())
    alerting = addressed(hook.address(), watches=(WATCH,))

    write(ledger, 2, 8, "c", event="evt_3")
    ledger.execute("UPDATE linked_events SET place = 'Tolvane', kind = 'attack'")
    publish(ledger, 3, alerting)
    new = hook.titles
    publish(ledger, 4, alerting)

    sum_of_both = "watch Tolvane attacks (place tolvane, kind attack): 2 known events match"
    assert sorted(new) == [sum_of_both, "watch Tolvane attacks: blast"]
    assert hook.titles == []
    assert ledger.execute("SELECT state FROM alerts WHERE about = 'conflict'") == [("nobody to tell",)]


def raise_some(ledger: SmallLedger, *events: str) -> None:
    """So many conflicts, without a publication."""
    for event in events:
        alert = {"alert_id": f"alr_{event}", "about": "conflict", "subject": "killed", "event_id": event}
        told = {"title": f"conflict in {event}", "text": "8 | 9", "raised_at": hour(0), "run_id": "run-1"}
        put(ledger.con, "alerts", alert | told)


def test_a_refusal_is_tried_again_without_telling_the_others_twice(ledger: SmallLedger, hook: Webhook) -> None:
    with open_webhook() as other:
        alerting = addressed(hook.address(), other.address())
        raise_some(ledger, "evt_1")
        hook.status = 500

        said = tell_now(ledger, alerting)
        hook.status = 200
        tell_now(ledger, alerting)
        tell_now(ledger, alerting)

        assert said == [f"alerts: json://127.0.0.1:{hook.port}: HTTP 500; 1 wait for the next pass"]
        assert (hook.titles, other.titles) == (["conflict in evt_1"], ["conflict in evt_1"])
        assert ledger.execute("SELECT broken_by FROM run_warnings") == [(said[0],)]


def test_nobody_is_there_and_after_a_day_it_is_given_up(ledger: SmallLedger, hook: Webhook) -> None:
    alerting = addressed("json://127.0.0.1:9/hook")
    raise_some(ledger, "evt_1")

    warnings = [tell_now(ledger, alerting) for _ in range(4)]

    assert [len(one) for one in warnings] == [1, 1, 1, 0]
    assert states(ledger) == [("conflict", "json://127.0.0.1:9", "given up", 3, "connection refused")]


def test_a_receiver_that_hangs_holds_no_run_and_is_not_asked_twice(ledger: SmallLedger, hook: Webhook) -> None:
    alerting = addressed(hook.address("/hook?rto=0.1"))
    raise_some(ledger, "evt_1", "evt_2")
    hook.hangs = True

    said = tell_now(ledger, alerting)
    hook.hangs = False
    tell_now(ledger, alerting)

    assert said == [f"alerts: json://127.0.0.1:{hook.port}: no answer in time; 1 wait for the next pass"]
    assert [row[2:] for row in states(ledger)] == [("unknown", 1, "no answer in time"), ("sent", 1, None)]
    assert hook.n_asked == 2


def test_a_receiver_that_never_ends_its_answer_is_left(
    ledger: SmallLedger, hook: Webhook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(receivers, "LIMIT", 0.1)
    raise_some(ledger, "evt_1")
    hook.hangs = True

    tell_now(ledger, addressed(hook.address()))

    assert [row[2:] for row in states(ledger)] == [("unknown", 1, "no answer within 0 s")]


def test_what_ended_first_or_was_not_chosen_is_told_to_nobody(ledger: SmallLedger, hook: Webhook) -> None:
    raise_some(ledger, "evt_1", "evt_2")
    ledger.execute("UPDATE alerts SET ended_at = raised_at WHERE event_id = 'evt_1'")

    tell_now(ledger, addressed(hook.address(), about=("toll",)))

    assert hook.titles == []
    assert ledger.execute("SELECT state FROM alerts ORDER BY event_id") == [("over",), ("not chosen",)]


def test_many_of_one_kind_are_told_in_one_message(ledger: SmallLedger, hook: Webhook) -> None:
    raise_some(ledger, "evt_1", "evt_2", "evt_3")

    tell_now(ledger, addressed(hook.address(), most=2))

    assert hook.told[0]["message"].splitlines()[:3] == ["conflict in evt_1", "conflict in evt_2", "conflict in evt_3"]
    assert hook.titles == ["3 conflicts between reports"]
    assert {row[2] for row in states(ledger)} == {"sent"}


def test_what_a_kill_left_on_its_way_is_not_sent_again(ledger: SmallLedger, hook: Webhook) -> None:
    alerting = addressed(hook.address())
    raise_some(ledger, "evt_1")
    ledger.con.execute("COMMIT")
    pass_on(ledger.con, [alerting.to[0].name], alerting.about, hour(1))
    note_try(ledger.con, alerting.to[0].name, ["alr_evt_1"], hour(1))
    ledger.con.execute("BEGIN")

    tell_now(ledger, alerting)

    assert hook.titles == []
    assert [row[2:] for row in states(ledger)] == [("unknown", 1, "killed while it was sent")]


def test_a_publication_that_became_the_ledger_sends_nothing_twice(ledger: SmallLedger, hook: Webhook) -> None:
    raise_some(ledger, "evt_1")
    leave_untold(ledger.con)

    tell_now(ledger, addressed(hook.address()))

    assert hook.titles == []


def fail(data: Path, alerting: Alerting, error: Exception) -> None:
    with contextlib.suppress(LedgerError), told_failure(data, alerting, "run-9"):
        raise error


def test_a_run_that_fails_is_told_once_until_one_succeeds(ledger: SmallLedger, hook: Webhook) -> None:
    alerting = addressed(hook.address())
    ledger.con.execute("COMMIT")
    fail(ledger.data, alerting, LedgerError("no room"))
    fail(ledger.data, alerting, LedgerError("no room at all"))
    assert hook.titles == ["a run failed"]

    ledger.con.execute("BEGIN")
    publish(ledger, 1, alerting)
    ledger.con.execute("COMMIT")
    fail(ledger.data, alerting, LedgerError("no room"))

    assert hook.titles == ["a run failed"]


def test_a_broken_promise_is_told_by_its_name(ledger: SmallLedger, hook: Webhook) -> None:
    alerting = addressed(hook.address())
    ledger.con.execute("COMMIT")
    for _ in range(2):
        fail(ledger.data, alerting, BrokenPromise([("one_main_event: an article is about one event", "('art_1',)")]))

    assert hook.told[0]["type"] == "warning"
    assert hook.titles == ["a check is broken: one_main_event"]


def test_a_ledger_that_cannot_be_read_keeps_nobody_from_being_told_once(tmp_path: Path, hook: Webhook) -> None:
    ledger_path(tmp_path).parent.mkdir()
    ledger_path(tmp_path).write_bytes(b"torn")
    for _ in range(2):
        fail(tmp_path, addressed(hook.address()), LedgerError("torn"))

    assert hook.titles == ["a run failed"]


def test_no_secret_of_an_address_is_kept_or_said(
    ledger: SmallLedger, hook: Webhook, capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    address = f"json://desk:pa55phrase@127.0.0.1:{hook.port}/t0kent0ken?to=s3cretary"
    config = tmp_path / "mine.toml"
    config.write_text(f"[alerts]\nto = ['{address}']\n")
    alerting = configured_alerting(config)
    raise_some(ledger, "evt_1")
    hook.status = 404

    said = [*tell_now(ledger, alerting), repr(alerting)]
    ledger.con.execute("COMMIT")
    ledger.con.close()
    answered = CliRunner().invoke(app, ["alerts", "test", "--config", str(config)])

    assert answered.exit_code == 1
    assert f"json://127.0.0.1:{hook.port}  refused (HTTP 404)" in answered.output
    everything = "".join([*said, answered.output, *capfd.readouterr()]).encode() + ledger_path(tmp_path).read_bytes()
    for secret in (b"pa55phrase", b"t0kent0ken", b"s3cretary"):
        assert secret not in everything


def test_a_message_of_apprise_is_passed_on_without_what_is_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    (receiver,) = addressed("json://127.0.0.1:9/t0kent0ken").to

    def mind(*_: object, **__: object) -> bool:
        receiver.plugin.logger.warning("t0kent0ken is not liked here")
        return False

    monkeypatch.setattr(receiver.plugin, "notify", mind)

    assert receivers.send(receiver, "title", "text", False) == ("refused", "*** is not liked here")


def test_an_address_may_stand_in_the_environment(
    tmp_path: Path, hook: Webhook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DESK_HOOK", hook.address())
    config = tmp_path / "mine.toml"
    config.write_text(f"[alerts]\nto = ['env:DESK_HOOK', '{hook.address()}', '{hook.address('/other')}']\n")

    answered = CliRunner().invoke(app, ["alerts", "test", "--config", str(config)])

    assert answered.exit_code == 0
    name = f"json://127.0.0.1:{hook.port}"
    assert answered.output.splitlines() == [f"{name}  sent", f"{name} (2)  sent", "2 of 2 took it"]
    assert hook.titles == ["a test"] * 2


def test_a_takedown_takes_what_alerts_say_of_its_events(ledger: SmallLedger) -> None:
    write(ledger, 0, 8, "art_0000000000000001")
    raise_some(ledger, "evt_1", "evt_2")
    ledger.con.execute("COMMIT")

    erase_articles(ledger.con, ["art_0000000000000001"], [], hour(2))

    ledger.con.execute("BEGIN")
    told = [(IT_TOLD, IT_TOLD, "over"), ("conflict in evt_2", "8 | 9", None)]
    assert ledger.execute("SELECT title, text, state FROM alerts ORDER BY alert_id") == told


@pytest.mark.proof
def test_passes_over_a_made_up_event_tell_what_changed_and_each_once(
    tmp_path: Path, run_pass: Run, hook: Webhook, command: Any
) -> None:
    config = tmp_path / "mine.toml"
    config.write_text(
        f"[alerts]\nto = ['{hook.address()}']\n[[watch]]\nname = 'the pass'\nplace = 'Tolvane'\n"
        "[[source]]\nname = 'wire'\ntype = 'jsonl'\npath = 'wire.jsonl'\n"
    )
    titles = []
    for lines in (PASSES[0], PASSES[1], PASSES[1]):
        write_lines(tmp_path / "wire.jsonl", lines)
        published = run_pass(tmp_path / "data", config=config)
        titles.append(hook.titles)

    event = "attack, Tolvane, 2020-03-02"
    assert titles == [
        [f"watch the pass: {event}"],
        [f"reports conflict on killed, 5 | 7 | at least 9: {event}", f"killed 5 → 9: {event}"],
        [],
    ]
    _, listed = command("alerts", "list", "--data", tmp_path / "data")
    assert listed.count(f"json://127.0.0.1:{hook.port}: sent") == 3
    assert len(read_ledger(published, "SELECT * FROM alerts")) == 4
