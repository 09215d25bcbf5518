"""toll_history: each change of a published toll has one cause, told from the data."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from flows.warehouse.corrections import stored_corrections, write_corrections
from tests.conftest import ROOT
from tests.corrected_ledger import say
from tests.small_ledger import RULES, SmallLedger, hour, told

Change = Callable[[SmallLedger, str], object]


def write(*names: str, say: Any = (), **how: Any) -> Change:
    """Articles are written, each of which states the same."""

    def change(ledger: SmallLedger, event: str) -> None:
        for name in names:
            ledger.write(f"{event}-{name}", hour(3), *say, **({"event": event} | how))

    return change


def link(*names: str) -> Change:
    """Linking takes articles from the event beside it."""

    def change(ledger: SmallLedger, event: str) -> None:
        for name in names:
            ledger.link(f"{event}-{name}", event)

    return change


def unlink(*names: str) -> Change:
    """Linking takes articles away to the event beside it."""

    def change(ledger: SmallLedger, event: str) -> None:
        for name in names:
            ledger.link(f"{event}-{name}", f"{event}, beside it")

    return change


def read_again(ledger: SmallLedger, event: str) -> None:
    """A rebuild reads six where five was read."""
    ledger.execute(
        "UPDATE stated_counts SET value = 6, low = 6, high = 6 WHERE value = 5 AND starts_with(article_id, ?)", event
    )
    ledger.execute("UPDATE revisions SET facts_version = 'r2' WHERE starts_with(article_id, ?)", event)


def copy(ledger: SmallLedger, event: str) -> None:
    """Linking finds that one of those that report five copies the other."""
    ledger.copy(f"{event}-b", f"{event}-a")


def correct(action: str, **said: str) -> Change:
    """An analyst says something of what one of those states that report five."""

    def change(ledger: SmallLedger, event: str) -> None:
        say(ledger.con, action, f"cnt_{event}-a_1_0", **said)
        write_corrections(ledger.data, stored_corrections(ledger.con))

    return change


OF = ("killed", "independent")
PART = {"scope": "part", "scope_reason": "one hospital's intake"}
LISTED = {"scope": "part", "scope_reason": "of a list", "list_no": 1}
DERIVED = [told(2, **LISTED), told(4, **LISTED)]
# Two outlets report five dead and a third seven; what happens then, what is best after it, the cause.
CHANGES: dict[str, tuple[Change, int | None, str]] = {
    "later reports state more": (write("d", "e", "f", say=[told(9)]), 9, "rise"),
    "later reports state less": (write("d", "e", "f", say=[told(4)]), 4, "fall"),
    "a later report moves the highest figure alone": (write("d", say=[told(9)]), 5, "rise"),
    "a later report moves the lowest figure alone": (write("d", say=[told(3)]), 5, "fall"),
    "those that stated it state another one": (write("a", "b", say=[told(8)]), 8, "correction"),
    "one that stated the highest states less": (write("c", say=[told(6)]), 5, "correction"),
    "a newer revision repeats it, others state more": (
        lambda ledger, event: (
            write("a", say=[told(5), told(2, "wounded")])(ledger, event),
            write("d", "e", "f", say=[told(9)])(ledger, event),
        ),
        9,
        "rise",
    ),
    "more origins for one that was known": (write("d", "e", say=[told(7)]), 7, "support"),
    "one more report of it": (write("d", say=[told(5)]), 5, "support"),
    "those that stated it state none": (write("a", "b"), 7, "retraction"),
    "nobody states any": (write("a", "b", "c"), None, "retraction"),
    "those that stated it state it for a part": (write("a", "b", say=[told(5, **PART)]), 7, "scope"),
    "linking adds tellings": (link("x", "y", "z"), 9, "scope"),
    "linking finds a copy": (copy, 7, "support"),
    "those that stated the whole tell parts": (write("a", "b", "c", say=DERIVED), 6, "scope"),
    "linking takes all tellings away": (unlink("a", "b", "c"), None, "scope"),
    "a rebuild reads them by other rules": (read_again, 6, "rules"),
    "a rebuild links, and reads others by other rules": (link("x", "y", "z"), 9, "scope"),
    "an analyst sets a figure": (correct("fix", sets="value=12"), 12, "analyst"),
    "an analyst drops a figure": (correct("drop"), 7, "analyst"),
    "a rebuild, and an analyst sets a figure": (correct("fix", sets="value=12"), 12, "analyst"),
    "others count everyone where one side stood alone": (write("e", say=[told(4)]), 4, "scope"),
    "nothing": (lambda ledger, event: None, None, "no row"),
}


Found = dict[str, tuple[int | None, str]]


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Found:
    """What two publications, of a run and of a rebuild, add to the history under the default policy: best and cause by
    event; an event a case."""
    ledger = SmallLedger(tmp_path_factory.mktemp("history"))
    for event in CHANGES:
        side = {"victim_class": "militants"} if "one side" in event else {}
        for name, value in (("a", 5), ("b", 5), ("c", 7)):
            ledger.write(f"{event}-{name}", hour(0), told(value, **side), event=event)
        for name in ("x", "y", "z"):
            ledger.write(f"{event}-{name}", hour(0), told(9), event=f"{event}, beside it")
    ledger.publish(hour(2))
    rows = []
    for command, at in (("run", 4), ("rebuild --from clean", 6)):
        for event, (change, _, _) in CHANGES.items():
            if ("rebuild" in event) == (command != "run"):
                change(ledger, event)
        rows += ledger.publish(hour(at), command, RULES if command == "run" else "r2")
    return {event: (best, cause) for event, kind, policy, best, cause in rows if (kind, policy) == OF}


@pytest.mark.proof
@pytest.mark.parametrize("case", CHANGES)
def test_a_change_of_a_toll_has_its_cause(case: str, found: Found) -> None:
    _, best, cause = CHANGES[case]

    assert found.get(case, (None, "no row")) == (best, cause)


def test_every_cause_is_under_test() -> None:
    text = (ROOT / "sql" / "tables" / "08_publications.sql").read_text("utf-8")
    named = {name for names in re.findall(r"^--   ([a-z, ]+):", text, re.M) for name in names.split(", ")}

    assert named == {cause for _, _, cause in CHANGES.values()} - {"no row"} | {"new"}
