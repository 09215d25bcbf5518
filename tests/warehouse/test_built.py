"""What a publication holds as tables reads as the ledger's views do."""

import random
import re
import shutil
from pathlib import Path

import duckdb
import pytest

from flows.warehouse.built import build_pieces, built_views, replace_built
from flows.warehouse.correcting import apply_corrections
from flows.warehouse.file import LedgerError, ledger_path, open_ledger
from flows.warehouse.ledger import start_run
from flows.warehouse.origins import find_origins
from flows.warehouse.publish import publish
from flows.warehouse.schema import definitions, drop_built
from flows.warehouse.speakers import settle_speakers
from flows.warehouse.touched import OF_ARTICLES, OF_EVENTS, OF_FACTS, OF_STORIES, find_touched
from tests.conftest import LONG, ROOT
from tests.corrected_ledger import Con, ask, say, two_events
from tests.small_ledger import SmallLedger, hour, told

VIEWS = sorted(file.stem for file in (ROOT / "sql" / "views").glob("*.sql"))
FIGURES = "event_id, kind, policy, low, best, high, n_articles, n_origins, best_count_id"
LAST_NOTED = (
    "FROM toll_history QUALIFY row_number() OVER (PARTITION BY event_id, kind, policy ORDER BY publication_no DESC) = 1"
)
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


def test_what_pages_look_up_by_a_column_has_an_index_in_a_publication_alone(changed: Path) -> None:
    made = "SELECT table_name FROM duckdb_indexes() WHERE index_name LIKE '%\\_by\\_%' ESCAPE '\\' ORDER BY ALL"

    with open_ledger(changed) as ledger, duckdb.connect(str(changed / "news.duckdb"), read_only=True) as published:
        assert {name for (name,) in ask(published, made)} >= {"articles", "evidence", "mentions"}
        assert ask(ledger, made) == []


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


def test_a_ledger_without_articles_is_published_with_empty_tables(tmp_path: Path) -> None:
    ledger = SmallLedger(tmp_path)

    ledger.publish(hour(1))

    assert ledger.execute("SELECT count(*) FROM built_event_tolls") == [(0,)]


def test_an_article_that_breaks_a_promise_keeps_the_last_publication_each_time(tmp_path: Path) -> None:
    ledger = SmallLedger(tmp_path)
    ledger.write("a1", hour(0), told(5))
    ledger.publish(hour(1))
    ledger.write("a2", hour(2), told(5) | {"low": 6})

    for attempt in (3, 4):
        with pytest.raises(LedgerError, match="ranges_hold_their_value"):
            ledger.publish(hour(attempt))
        ledger.con.execute("BEGIN")

    assert ledger.execute("SELECT article_id FROM built_counts") == [("a1",)]


def change_at_random(ledger: SmallLedger, dice: random.Random, round_no: int) -> None:
    """What a run may bring: articles, revisions, other links, copies, an article that is gone, an analyst's word."""
    at, names = hour(10 * round_no), [f"a{number}" for number in range(9)]
    for _ in range(dice.randint(0, 3)):
        value = dice.choice((None, 3, 4, 5))
        count = told(
            value, dice.choice(("killed", "wounded", "casualties")), attributed_to=dice.choice((None, "police"))
        )
        part = {"scope": "part", "scope_reason": "of a list", "list_no": 1} if value and dice.random() < 0.3 else {}
        claim = {"stance": dice.choice(("blamed", "denied")), "actor": "Red Hand", "asserted_by": "the mayor"}
        text = {"published_at": at} if dice.random() < 0.5 else {}
        event = f"evt_{dice.randint(1, 3)}"
        ledger.write(dice.choice(names), at, count | part, claims=(claim,) * dice.randint(0, 1), event=event, **text)
    there = [name for (name,) in ledger.execute("SELECT article_id FROM current_revisions ORDER BY 1")]
    if there and dice.random() < 0.5:
        ledger.link(dice.choice(there), f"evt_{dice.randint(1, 4)}")
    if there and dice.random() < 0.5:
        ledger.execute(
            "UPDATE story_articles SET story_id = ? WHERE article_id = ?",
            f"sto_{dice.randint(1, 3)}",
            dice.choice(there),
        )
    for story in range(1, 4):
        ledger.execute(
            "INSERT OR IGNORE INTO linked_stories VALUES (?, 'Blast', TIMESTAMPTZ '2026-03-01')", f"sto_{story}"
        )
    ledger.execute("DELETE FROM copies")
    if len(there) > 1 and dice.random() < 0.5:
        ledger.copy(*dice.sample(there, 2))
    find_origins(ledger.con)
    if there and dice.random() < 0.3:
        going = dice.choice(there)
        for table in (*OF_ARTICLES, "correction_tellings"):
            ledger.execute(f"DELETE FROM {table} WHERE article_id = ?", going)
    counts = ledger.execute(
        "SELECT count_id FROM stated_counts SEMI JOIN current_revisions USING (article_id, revision) ORDER BY 1"
    )
    if counts and dice.random() < 0.6:
        action = dice.choice(({"action": "drop"}, {"action": "fix", "sets": "value=8"}))
        say(ledger.con, target=dice.choice(counts)[0], why=f"round {round_no}", **action)
    ledger.execute("UPDATE linked_events SET label = ? WHERE event_id = 'evt_2'", f"blast {dice.randint(1, 2)}")
    apply_corrections(ledger.con)
    settle_speakers(ledger.con)


@pytest.mark.proof
@pytest.mark.parametrize("seed", [pytest.param(seed, marks=LONG) for seed in range(10)])
def test_what_is_built_bit_by_bit_is_what_the_views_say(
    seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("flows.warehouse.touched.AT_ONCE", 2 if seed == 0 else 5_000)
    ledger, dice = SmallLedger(tmp_path), random.Random(seed)
    for round_no in range(1, 9):
        change_at_random(ledger, dice, round_no)
        if seed == 0:
            ledger.execute("UPDATE story_articles SET story_id = 'sto_' || article_id")
            ledger.execute("UPDATE mentioned_events SET story_id = 'sto_' || article_id")

        ledger.publish(hour(10 * round_no + 1))

        for view in built_views():
            rows = sorted(ask(ledger.con, f"FROM built_{view}"), key=repr)
            assert rows == sorted(ask(ledger.con, f"FROM {view}"), key=repr), (round_no, view)
        noted = ask(ledger.con, f"SELECT {FIGURES} FROM ({LAST_NOTED}) WHERE change <> 'gone' ORDER BY ALL")
        stated = "best IS NOT NULL OR low IS NOT NULL"
        assert noted == ask(ledger.con, f"SELECT {FIGURES} FROM tolls WHERE {stated} ORDER BY ALL"), round_no
    assert noted


def test_what_is_built_in_pieces_is_what_the_views_say(
    changed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("flows.warehouse.touched.AT_ONCE", 1)
    shutil.copytree(changed / "work", tmp_path / "work")
    with open_ledger(tmp_path) as con:
        con.execute("UPDATE story_articles SET story_id = 'sto_' || article_id")  # their events tie them still
        con.execute("UPDATE mentioned_events SET story_id = 'sto_' || article_id")
        drop_built(con)
        find_touched(con)

        n_pieces = sum(1 for _ in build_pieces(con))
        con.execute("BEGIN")
        replace_built(con)
        con.execute("COMMIT")

        assert n_pieces > 5
        for view in built_views():
            assert sorted(ask(con, f"FROM built_{view}"), key=repr) == sorted(ask(con, f"FROM {view}"), key=repr), view


def test_every_table_that_a_built_view_or_a_check_per_article_reads_is_looked_at_for_changes() -> None:
    texts = {Path(file).stem: re.sub("--.*", "", sql) for file, sql in definitions().items()}
    schema = "".join(file.read_text("utf-8") for file in (ROOT / "sql" / "tables").glob("*.sql"))
    checks = [file.read_text("utf-8") for file in (ROOT / "sql" / "checks").glob("*.sql")]
    waiting = [texts[name] for name, view in built_views().items() if view.unit]
    waiting += [re.sub("--.*", "", sql) for sql in checks if "\n-- per article\n" in sql]
    read: set[str] = set()

    while waiting:
        words = set(re.findall(r"\b(?:FROM|JOIN)\s+(\w+)", waiting.pop())) - read
        waiting += [texts[word] for word in words if word in texts]
        read |= words

    tables = set(re.findall(r"CREATE TABLE IF NOT EXISTS (\w+)", schema))
    assert read & tables == {*OF_ARTICLES, *OF_FACTS, *OF_EVENTS, *OF_STORIES}
