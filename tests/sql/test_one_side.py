"""Like with like: what one side says of its enemies is no toll of everyone."""

from typing import Any

import pytest

from tests.small_ledger import Row, SmallLedger, hour, told

ARMY = {"victim_class": "militants", "attributed_to": "army", "actor_type": "military"}
GUNMAN = {"victim_class": "men", "is_attacker": True}
REASON = "one side alone, where others count everyone"
Told = dict[str, list[Row]]
# What each article states; the figures that the toll compares, and those that are left out.
CASES: dict[str, tuple[Told, list[int], list[int]]] = {
    "militants beside people": ({"a": [told(8)], "b": [told(12, **ARMY)]}, [8], [12]),
    "a gunman beside people": ({"a": [told(8, victim_class="people")], "b": [told(1, **GUNMAN)]}, [8], [1]),
    "militants alone": ({"a": [told(12, **ARMY)], "b": [told(14, **ARMY)]}, [12, 14], []),
    "militants whom others call people": ({"a": [told(12)], "b": [told(12, **ARMY)], "c": [told(8)]}, [8, 12], []),
    "militants whom others call civilians": (
        {"a": [told(9, victim_class="civilians")], "b": [told(12, **ARMY)]},
        [9, 12],
        [],
    ),
    "militants where nobody else was hurt": ({"a": [told(0)], "b": [told(12, **ARMY)]}, [0, 12], []),
    "people of whom only a part is told": (
        {"a": [told(8, scope="part", scope_reason="one hospital's intake")], "b": [told(12, **ARMY)]},
        [12],
        [],
    ),
    "people hurt another way": ({"a": [told(8, "wounded")], "b": [told(12, **ARMY)]}, [12], []),
}


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> SmallLedger:
    """Each case is an event of its own."""
    small = SmallLedger(tmp_path_factory.mktemp("one_side"))
    for event, (articles, _, _) in CASES.items():
        for name, counts in articles.items():
            small.write(f"{event} {name}", hour(0), *counts, event=event)
    return small


def figures(small: SmallLedger, of: str, event: str) -> list[Any]:
    return [row[0] for row in small.execute(of + " AND event_id = ? ORDER BY 1", event)]


@pytest.mark.parametrize("case", CASES)
def test_one_sides_dead_stand_beside_the_toll_where_others_count_everyone(case: str, ledger: SmallLedger) -> None:
    _, compared, left_out = CASES[case]

    assert figures(ledger, "SELECT DISTINCT figure FROM toll_figures WHERE kind = 'killed'", case) == compared
    assert figures(ledger, f"SELECT value FROM left_out WHERE reason = '{REASON}'", case) == left_out


def test_what_an_article_says_of_one_side_stays_what_it_says(ledger: SmallLedger) -> None:
    event = "three sides"
    for name, count in (("a", told(8)), ("b", told(12, **ARMY)), ("c", told(3, **GUNMAN))):
        ledger.write(f"{event} {name}", hour(0), count, event=event)

    said = figures(ledger, "SELECT best FROM article_tolls WHERE true", event)
    toll = ledger.execute(
        "SELECT low, best, high, killed_attackers FROM tolls WHERE policy = 'independent' AND event_id = ?", event
    )

    assert said == [3, 8, 12]
    assert toll == [(8, 8, 8, 3)]
