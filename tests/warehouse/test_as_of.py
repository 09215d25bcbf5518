"""An event's tolls at each instant are those that tolls_as_of gives of the whole ledger then, on both clocks."""

import random
import re
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from flows.warehouse.as_of import FIGURES, PART, toll_steps
from flows.warehouse.built import NAMED, texts
from flows.warehouse.origins import find_origins
from flows.warehouse.read import open_published, rows
from flows.warehouse.speakers import settle_speakers
from tests.conftest import LONG
from tests.corrected_ledger import say
from tests.small_ledger import Row, SmallLedger, hour, told

Toll = dict[tuple[str, str], tuple[Any, ...]]
CLOCKS = {"seen": "first_seen_at", "published": "printed_at"}
ASKED = "SELECT DISTINCT '{clock}' AS clock, {column} AS \"at\" FROM revisions"
WHOLE = f"""
SELECT a.clock, a."at", t.event_id, t.kind, t.policy, {", ".join(f"t.{name}" for name in FIGURES)}
FROM ({" UNION ALL ".join(ASKED.format(clock=clock, column=column) for clock, column in CLOCKS.items())}) AS a,
  tolls_as_of(a."at", a.clock) AS t
"""


def whole_ledger(con: duckdb.DuckDBPyConnection) -> dict[tuple[str, datetime], dict[str, Toll]]:
    """By clock and instant at which anything entered the ledger: each event's tolls then."""
    found: dict[tuple[str, datetime], dict[str, Toll]] = {}
    for clock, column in CLOCKS.items():
        for (at,) in con.execute(f"SELECT DISTINCT {column} FROM revisions").fetchall():
            found[clock, at] = {}
    for clock, at, event_id, kind, policy, *figures in con.execute(WHOLE).fetchall():
        found[clock, at].setdefault(event_id, {})[kind, policy] = tuple(figures)
    return found


def stands(steps: list[dict[str, Any]], clock: str, at: datetime) -> Toll:
    """What an event's steps say of an instant: the last step up to it; what is gone is none."""
    toll: Toll = {}
    for step in steps:
        if step["clock"] == clock and step["at"] <= at:
            toll[step["kind"], step["policy"]] = tuple(step[name] for name in FIGURES)
    return {key: figures for key, figures in toll.items() if figures != (None,) * len(FIGURES)}


def compare(con: duckdb.DuckDBPyConnection) -> int:
    """Assert that of each event, instant and clock both say the same; gives the number of steps."""
    con.execute("SET TimeZone = 'UTC'")
    whole, n_steps = whole_ledger(con), 0
    for (event_id,) in con.execute("SELECT DISTINCT event_id FROM told_events").fetchall():
        steps = toll_steps(con, event_id).steps
        n_steps += len(steps)
        for (clock, at), tolls in whole.items():
            assert stands(steps, clock, at) == tolls.get(event_id, {}), (event_id, clock, at)
    return n_steps


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> SmallLedger:
    """A toll as it grew: revisions, a copy that is seen before its original, whose own event is another; attackers
    alone, parts that are added, a range, an undated report, a report that is taken back, an analyst's word."""
    small = SmallLedger(tmp_path_factory.mktemp("as_of"))
    police = {"attributed_to": "police", "actor_type": "police"}
    listed = {"scope": "part", "scope_reason": "of a list", "list_no": 1}
    militants = {"victim_class": "militants", "is_attacker": True}
    small.write("copy", hour(9), told(5), published_at=hour(2))
    small.write("sister", hour(9.5), told(5), published_at=hour(3), publisher="Outlet original")
    small.write("original", hour(10), told(5), event="evt_2", published_at=hour(0))
    small.write("undated", hour(12), told(7, **police), told(3, "wounded"))
    small.write("side", hour(13), told(6, **militants), told(2, "attackers"), published_at=hour(4))
    small.write("undated", hour(14), told(8, **police), modified_at=hour(13))
    small.write("range", hour(15), told(None, low=10, high=12, modifier="between"), published_at=hour(6))
    small.write("sum", hour(16), told(2, "wounded", **listed), told(4, "wounded", **listed), published_at=hour(7))
    small.write("side", hour(17), told(9), published_at=hour(4))
    small.copy("copy", "original")
    small.con.execute("COMMIT")
    say(small.con, "fix", "cnt_undated_2_0", sets="value=11")
    return small


def test_each_step_is_what_tolls_as_of_says_of_the_whole_ledger(ledger: SmallLedger) -> None:
    n_steps = compare(ledger.con)

    assert n_steps > 50


@pytest.mark.proof
def test_each_step_of_the_seeds_is_what_tolls_as_of_says(seeds_data: Path) -> None:
    with open_published(seeds_data) as con:
        n_steps = compare(con)

    assert n_steps > 50


def count_at_random(dice: random.Random) -> Row:
    """A count that may enter a toll, or a part, one side's, a range, an official's, one without a number."""
    kind, value = dice.choice(("killed", "killed", "wounded", "casualties", "missing")), dice.randint(2, 6)
    shapes: list[Row] = [
        told(value, kind),
        told(value, kind, modifier="at_least", high=None),
        told(None, kind, low=value, high=value + 2, modifier="between"),
        told(None, kind, low=3, modifier="several"),
        told(value, kind, scope="part", scope_reason="of a list", list_no=1),
        told(1, kind, scope="part", scope_reason="one person", victim_no=value),
        told(value, kind, victim_class="militants", is_attacker=dice.random() < 0.5),
        told(value, "attackers", is_attacker=True),
    ]
    speakers: list[Row] = [
        {},
        {"attributed_to": "police", "actor_type": "police"},
        {"attributed_to": "Ann Reyes", "attributed_role": "police spokeswoman", "actor_type": "police"},
        {"attributed_to": "a witness", "actor_type": "witness"},
    ]
    return dice.choice(shapes) | dice.choice(speakers)


def write_at_random(ledger: SmallLedger, dice: random.Random) -> None:
    """Six articles on two events in many revisions: undated, without a publisher, copied, moved and corrected."""
    names = [f"a{number}" for number in range(6)]
    for at in range(14):
        times = {"published_at": hour(dice.randint(-9, at)), "modified_at": hour(dice.randint(-9, at))}
        how: Row = {name: time for name, time in times.items() if dice.random() < 0.5}
        if dice.random() < 0.3:
            how["publisher"] = None
        counts = [count_at_random(dice) for _ in range(dice.randint(0, 3))]
        ledger.write(dice.choice(names), hour(at), *counts, event=dice.choice(("evt_1", "evt_2")), **how)
    con = ledger.con
    there = [name for (name,) in ledger.execute("SELECT article_id FROM current_revisions ORDER BY 1")]
    for copy in there[3:]:
        ledger.copy(copy, dice.choice(there[:3]))
    find_origins(con)
    con.execute("CREATE OR REPLACE TEMP TABLE fresh AS SELECT article_id FROM current_revisions")
    settle_speakers(con)
    con.execute("COMMIT")
    counts = ledger.execute("SELECT count_id FROM counts WHERE value IS NOT NULL ORDER BY 1")
    for (count_id,) in dice.sample(counts, min(2, len(counts))):
        say(
            con,
            **dice.choice(({"action": "drop"}, {"action": "fix", "sets": "value=8"})),
            target=count_id,
            why=count_id,
        )


@pytest.mark.proof
@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=LONG) for seed in range(1, 20))])
def test_each_step_is_what_tolls_as_of_says_whatever_is_reported(seed: int, tmp_path: Path) -> None:
    ledger = SmallLedger(tmp_path)
    write_at_random(ledger, random.Random(seed))

    assert compare(ledger.con) > 0


def test_all_that_the_macros_read_is_cut_down_to_the_event() -> None:
    macros = texts("macros")
    read = {word for sql in macros.values() for word in NAMED.findall(re.sub("--.*", "", sql))}
    own_names = {
        word for sql in macros.values() for word in re.findall(r"(\w+)(?: \(\w+\))? AS (?:MATERIALIZED )?\(", sql)
    }

    assert read - macros.keys() - own_names == PART.keys() - {"part_articles"}


def test_a_step_is_told_only_where_something_differs(tmp_path: Path) -> None:
    small = SmallLedger(tmp_path)
    small.write("a", hour(1), told(5))
    small.write("a", hour(2), told(5), title="Other words")
    small.write("b", hour(3), told(6), event="evt_2")
    small.write("c", hour(4), told(7))
    small.con.execute("COMMIT")

    steps = toll_steps(small.con, "evt_1").steps

    seen = [(step["at"], step["low"], step["high"]) for step in steps if step["clock"] == "seen" and is_default(step)]
    assert seen == [(hour(1), 5, 5), (hour(4), 5, 7)]


def is_default(step: dict[str, Any]) -> bool:
    return bool(step["policy"] == "independent")


def test_a_toll_that_nobody_reports_any_more_ends_in_a_step_without_figures(tmp_path: Path) -> None:
    small = SmallLedger(tmp_path)
    small.write("a", hour(1), told(5), told(2, "missing"))
    small.write("a", hour(2), told(5))
    small.con.execute("COMMIT")

    steps = toll_steps(small.con, "evt_1").steps

    gone = [step for step in steps if step["kind"] == "missing" and step["clock"] == "seen" and is_default(step)]
    assert [(step["at"], step["best"], step["n_articles"]) for step in gone] == [(hour(1), 2, 1), (hour(2), None, None)]


@pytest.mark.parametrize(("most", "asked"), [(60, list(range(10))), (10, list(range(10))), (4, [0, 3, 6, 9])])
def test_of_many_instants_the_first_the_last_and_some_between_are_asked(
    most: int, asked: list[int], tmp_path: Path
) -> None:
    small = SmallLedger(tmp_path)
    for number in range(10):
        small.write(f"a{number}", hour(number), told(number + 1))
    small.con.execute("COMMIT")

    steps, clocks = toll_steps(small.con, "evt_1", most)

    at = [step["at"] for step in steps if step["clock"] == "seen" and is_default(step)]
    assert at == [hour(number) for number in asked]
    ends = {"first_at": hour(0), "last_at": hour(9)}
    assert clocks == [{"clock": clock, "n_instants": 10, "n_asked": len(asked)} | ends for clock in CLOCKS]


def test_of_an_event_that_is_not_there_nothing_is_found(ledger: SmallLedger) -> None:
    assert toll_steps(ledger.con, "evt_none") == ([], [])


def test_the_connection_that_asks_still_sees_the_whole_ledger(ledger: SmallLedger) -> None:
    before = rows(ledger.con, "FROM tolls_as_of('infinity', 'seen') ORDER BY ALL")

    toll_steps(ledger.con, "evt_2")

    assert rows(ledger.con, "FROM tolls_as_of('infinity', 'seen') ORDER BY ALL") == before
    assert {row["event_id"] for row in before} == {"evt_1", "evt_2"}
