"""What a publication holds as tables reads as the ledger's views do."""

import shutil
from pathlib import Path

import duckdb
import pytest

from flows.warehouse.built import built_views
from flows.warehouse.file import ledger_path, open_ledger
from flows.warehouse.ledger import start_run
from flows.warehouse.publish import publish
from tests.conftest import ROOT
from tests.corrected_ledger import Con, ask, say, two_events
from tests.small_ledger import SmallLedger, hour, told

VIEWS = sorted(file.stem for file in (ROOT / "sql" / "views").glob("*.sql"))
Shown = dict[str, tuple[list[tuple[object, ...]], list[tuple[object, ...]]]]


def shown(con: Con) -> Shown:
    """Of each view its columns with their types, and its rows."""
    con.execute("SET TimeZone = 'UTC'")
    return {
        view: ([row[:2] for row in ask(con, f"DESCRIBE {view}")], sorted(ask(con, f"FROM {view}"), key=repr))
        for view in VIEWS
    }


def tables_among_views(con: Con) -> set[str]:
    """The names of views that are tables here."""
    rows = ask(con, "SELECT table_name FROM information_schema.tables WHERE table_type = 'BASE TABLE'")
    return {name for (name,) in rows} & set(VIEWS)


@pytest.fixture(scope="module")
def changed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A published data folder: reports that differ, parts, a copy, claims, an edit in silence and one with a note,
    tellings that linking moved, and words of analysts."""
    ledger = SmallLedger(tmp_path_factory.mktemp("changed"))
    blamed = {"stance": "blamed", "actor": "Red Hand", "asserted_by": "the mayor"}
    denied = {"stance": "denied", "actor": "Red Hand", "asserted_by": "Red Hand"}
    part = {"scope": "part", "scope_reason": "of a list", "list_no": 1}
    police = {"attributed_to": "police", "actor_type": "police"}
    for number, value in enumerate((5, 5, 7)):
        ledger.write(f"a{number}", hour(number), told(value, **police), claims=(blamed,))
    ledger.write("a4", hour(1), told(2, **part), told(4, **part), event="evt_2")
    ledger.write("a0", hour(5), told(9, attributed_to="the mayor"), claims=(denied,))
    ledger.write("a1", hour(5), told(6), text="killed 6.\nCorrection: an earlier version misstated the number of dead.")
    ledger.copy("a2", "a1")
    ledger.write("a5", hour(5), told(6, "wounded"), told(8), event="evt_3")
    ledger.link("a5", "evt_1")
    two_events(ledger.con)
    ledger.con.execute("COMMIT")
    with open_ledger(ledger.data) as con:
        say(con, "fix", "cnt_5", sets="value=40; modifier=up_to")
        say(con, "drop", "cnt_a2_1_0")
        say(con, "mute", "Outlet of art_4")
        say(con, "merge", "evt_1", other="evt_2")
    ledger.con.execute("BEGIN")
    ledger.publish(hour(8))
    ledger.con.close()
    publish(ledger.data, 1, keep=1)
    return ledger.data


@pytest.fixture(scope="module", params=["changed", pytest.param("seeds_data", marks=pytest.mark.proof)])
def both(request: pytest.FixtureRequest) -> tuple[Shown, Shown]:
    """What the ledger of a data folder and its publication show."""
    data = request.getfixturevalue(request.param)
    with open_ledger(data) as ledger, duckdb.connect(str(data / "news.duckdb"), read_only=True) as published:
        return shown(ledger), shown(published)


@pytest.mark.parametrize("view", VIEWS)
def test_a_publication_says_what_the_ledgers_view_says(view: str, both: tuple[Shown, Shown]) -> None:
    ledger, published = both

    assert published[view] == ledger[view]


def test_the_views_that_say_so_are_tables_in_a_publication_alone(changed: Path) -> None:
    with open_ledger(changed) as ledger, duckdb.connect(str(changed / "news.duckdb"), read_only=True) as published:
        assert tables_among_views(published) == set(built_views()) != set()
        assert tables_among_views(ledger) == set()


def test_the_past_is_told_by_a_publication_as_by_the_ledger(changed: Path) -> None:
    past = f"FROM tolls_as_of('{hour(4.5)}', 'seen')"

    with open_ledger(changed) as ledger, duckdb.connect(str(changed / "news.duckdb"), read_only=True) as published:
        then = sorted(ask(published, past), key=repr)
        assert then == sorted(ask(ledger, past), key=repr)
        assert then != sorted(ask(published, "FROM tolls"), key=repr) != []


def test_a_publication_that_takes_the_ledgers_place_has_its_views_again(changed: Path, tmp_path: Path) -> None:
    path = ledger_path(tmp_path)
    path.parent.mkdir(parents=True)
    shutil.copyfile(changed / "news.duckdb", path)

    start_run(tmp_path, "run-9", hour(9), "run", "local", None, [])

    with open_ledger(tmp_path) as again, open_ledger(changed) as ledger:
        assert tables_among_views(again) == set()
        assert ask(again, "FROM tolls ORDER BY ALL") == ask(ledger, "FROM tolls ORDER BY ALL") != []


def test_what_a_kill_left_of_a_publication_is_no_part_of_the_next(changed: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    shutil.copytree(changed, data)
    part = data / "publications" / "news-00000002.part"
    shutil.copyfile(ledger_path(data), part)
    with duckdb.connect(str(part)) as con:
        con.execute("PRAGMA disable_checkpoint_on_shutdown; CREATE TABLE half (made INTEGER)")
    assert part.with_name(f"{part.name}.wal").exists()

    published = publish(data, 2, keep=1)

    with duckdb.connect(str(published), read_only=True) as con:
        assert ask(con, "SELECT table_name FROM information_schema.tables WHERE table_name = 'half'") == []
