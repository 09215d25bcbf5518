"""Linking as articles arrive: in any order and in any batches the same stories, events and tolls; only what is new, and
what it touches, is compared."""

import gzip
import json
import random
import shutil
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest

from flows import weighing
from flows.linking import link_ledger
from flows.warehouse import parts, retold
from flows.warehouse.crowds import CROWD
from flows.warehouse.file import ledger_path, open_ledger
from flows.warehouse.links import load_links
from flows.warehouse.marks import index_path, open_index
from tests.conftest import LONG, Run
from tests.corpus import EVAL, seed_lines, write_lines

Found = dict[str, list[tuple[object, ...]]]  # rows by table
LINKED = (
    "copies",
    "own_passages",
    "linked_origins",
    "own_facts",
    "speakers",
    "story_articles",
    "linked_events",
    "mentioned_events",
    "happenings",
    "happening_keys",
    "tolls",
)
NOW = datetime(2026, 1, 1, tzinfo=UTC)
N_STORIES = 300


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory, run_pass: Run) -> Path:
    """A ledger of the seeds under two names and, where they are, 300 articles on shootings of the same weeks."""
    folder = tmp_path_factory.mktemp("linking")
    lines = seed_lines(2)
    if EVAL.is_dir():
        with gzip.open(EVAL / "stories" / "docs.jsonl.gz", "rt", encoding="utf-8") as docs:
            lines += [json.loads(line) for _, line in zip(range(N_STORIES), docs, strict=False)]
    run_pass(folder / "data", write_lines(folder / "all.jsonl", lines))
    return ledger_path(folder / "data")


class Arrivals:
    """A copy of a ledger whose articles stand in it only from when they arrive."""

    def __init__(self, ledger: Path, folder: Path) -> None:
        folder.mkdir(exist_ok=True)
        self.path, self.index, self.out = folder / "ledger.duckdb", folder / "links.duckdb", folder / "out"
        shutil.copyfile(ledger, self.path)
        with open_ledger(folder, self.path) as con:
            self.ids = [row[0] for row in con.execute("SELECT article_id FROM articles ORDER BY ALL").fetchall()]
            con.execute("CREATE TABLE to_come AS FROM current_revisions; DELETE FROM current_revisions")
            con.execute("CREATE TABLE texts_to_come AS FROM revisions; DELETE FROM revisions")
            for table in (*LINKED[:-1], "linked_stories", "story_aliases", "linked_event_aliases"):
                con.execute(f"DELETE FROM {table}")

    def arrive(self, ids: Iterable[str], helpers: int = 1) -> None:
        with open_ledger(self.path.parent, self.path) as con:
            con.execute("INSERT INTO revisions FROM texts_to_come WHERE article_id IN (SELECT unnest($1))", [list(ids)])
            con.execute(
                "INSERT INTO current_revisions FROM to_come WHERE article_id IN (SELECT unnest($1))", [list(ids)]
            )
        self.link(helpers)

    def leave(self, ids: Iterable[str]) -> None:
        with open_ledger(self.path.parent, self.path) as con:
            for table in ("current_revisions", "revisions"):
                con.execute(f"DELETE FROM {table} WHERE article_id IN (SELECT unnest($1))", [list(ids)])
        self.link()

    def link(self, helpers: int = 1) -> None:
        link_ledger(str(self.path), str(self.index), str(self.out), helpers=helpers)
        load_links(self.path.parent, "run", self.out, NOW, 0.0, self.path)

    def found(self) -> Found:
        with open_ledger(self.path.parent, self.path) as con:
            tables = {name: con.execute(f"FROM {name}").fetchall() for name in LINKED}
            tables["stories"] = con.execute("SELECT story_id, headline FROM linked_stories").fetchall()
        return {name: sorted(rows, key=repr) for name, rows in tables.items()}


@pytest.fixture
def arrivals(ledger: Path, tmp_path: Path) -> Arrivals:
    return Arrivals(ledger, tmp_path)


@pytest.fixture(scope="module")
def at_once(ledger: Path, tmp_path_factory: pytest.TempPathFactory) -> Found:
    arrivals = Arrivals(ledger, tmp_path_factory.mktemp("at-once"))
    arrivals.arrive(arrivals.ids)
    return arrivals.found()


def batches(ids: Sequence[str], number: int, seed: int) -> list[list[str]]:
    """All of them in a random order, in some batches."""
    mixed = random.Random(seed).sample(ids, len(ids))
    return [mixed[first::number] for first in range(number)]


def test_helpers_find_what_is_found_without_them(
    arrivals: Arrivals, at_once: Found, monkeypatch: pytest.MonkeyPatch, jobs: list[str]
) -> None:
    monkeypatch.setattr(weighing, "AT_ONCE", max(1, len(arrivals.ids) // 4))

    arrivals.arrive(arrivals.ids, helpers=2)

    assert {"flows.weighing:describe_some", "flows.weighing:weigh_some", "flows.linking:link_some"} <= set(jobs)
    assert arrivals.found() == at_once


def test_what_is_read_of_index_and_stories_a_little_at_a_time_is_what_is_read_at_once(
    arrivals: Arrivals, at_once: Found, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parts, "AT_ONCE", 1)
    monkeypatch.setattr(retold, "PAIRS_AT_ONCE", 1)
    monkeypatch.setattr(retold, "TELLINGS_AT_ONCE", 1)

    for ids in batches(arrivals.ids, 2, seed=0):
        arrivals.arrive(ids)

    assert len([*(arrivals.out / "linked_events").iterdir()]) > 1
    assert arrivals.found() == at_once


def test_articles_that_a_kill_left_unweighed_are_weighed_by_the_next_run(
    arrivals: Arrivals, at_once: Found, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_edges, added = weighing._add_edges, []

    def die_at_the_third(*given: Any, **frames: pl.DataFrame) -> None:
        added.append(frames)
        if len(added) == 3:
            raise KeyboardInterrupt
        add_edges(*given, **frames)

    with monkeypatch.context() as patched:
        patched.setattr(weighing, "AT_ONCE", max(1, len(arrivals.ids) // 6))
        patched.setattr(weighing, "MEET_AT_ONCE", 1)
        patched.setattr(weighing, "_add_edges", die_at_the_third)
        with pytest.raises(KeyboardInterrupt):
            arrivals.arrive(arrivals.ids)
    with open_index(arrivals.index) as kept:
        assert kept.sql("SELECT count(*) > 0 FROM unweighed").fetchone() == (True,)
    arrivals.link()

    assert arrivals.found() == at_once
    with open_index(arrivals.index) as kept:
        assert kept.sql("SELECT count(*) FROM unweighed").fetchone() == (0,)


@pytest.mark.proof
@pytest.mark.parametrize("seed", [0, *(pytest.param(n, marks=LONG) for n in range(1, 100))])
def test_articles_that_arrive_in_any_order_and_in_twenty_runs_make_the_same_stories_events_and_tolls(
    arrivals: Arrivals, at_once: Found, seed: int
) -> None:
    for batch in batches(arrivals.ids, 20, seed):
        arrivals.arrive(batch)

    assert arrivals.found() == at_once


@pytest.mark.proof
@LONG
def test_articles_that_arrive_one_by_one_make_the_same_stories_events_and_tolls(
    arrivals: Arrivals, at_once: Found
) -> None:
    for batch in batches(arrivals.ids, len(arrivals.ids), 7):
        arrivals.arrive(batch)

    assert arrivals.found() == at_once


@pytest.mark.proof
def test_what_went_leaves_the_stories_that_never_saw_it(ledger: Path, tmp_path: Path) -> None:
    gone, straight = Arrivals(ledger, tmp_path / "gone"), Arrivals(ledger, tmp_path / "straight")
    going = random.Random(3).sample(gone.ids, 25)
    straight.arrive(set(straight.ids) - set(going))

    gone.arrive(gone.ids)
    gone.leave(going)

    assert gone.found() == straight.found()


@pytest.mark.proof
def test_a_text_of_more_outlets_than_are_compared_is_one_story_and_stays_one_when_its_first_go(
    run_pass: Run, tmp_path: Path
) -> None:
    told = (
        "A ferry ran aground off the northern cape on Friday and nine of its passengers were hurt, the coast guard "
        "said. The captain had turned towards the shore when water came into the engine room, its commander Ada "
        "Brenning told {outlet}. Two tugs pulled the ship free before dusk and brought it to the fishing port nearby, "
        "where doctors were waiting. An inquiry will ask why the pumps had failed twice in the week before."
    )
    lines = [
        {"id": n, "text": told.format(outlet=f"Herald{n}"), "published_at": "2026-01-09", "publisher": f"Herald {n}"}
        for n in range(CROWD + 30)
    ]
    run_pass(tmp_path / "data", write_lines(tmp_path / "all.jsonl", lines))
    crowd = Arrivals(ledger_path(tmp_path / "data"), tmp_path / "crowd")

    for batch in batches(crowd.ids, 3, 5):
        crowd.arrive(batch)
    with open_index(crowd.index) as con:
        leaders = [
            row[0]
            for row in con.execute(
                "SELECT DISTINCT article_id FROM followers AS f JOIN profiles AS p ON p.no = f.leader"
            ).fetchall()
        ]
    assert leaders
    assert len({story for story, _ in crowd.found()["story_articles"]}) == 1
    assert len(crowd.found()["copies"]) == len(lines) - 1

    crowd.leave(leaders)
    left = len(lines) - len(leaders)
    assert len(crowd.found()["story_articles"]) == left
    assert len({story for story, _ in crowd.found()["story_articles"]}) == 1
    assert len(crowd.found()["copies"]) == left - 1


@pytest.mark.proof
@LONG
def test_a_run_takes_up_what_a_killed_one_had_compared_but_not_loaded(run_pass: Run, tmp_path: Path) -> None:
    lines = seed_lines(1)
    first, both = tmp_path / "first", tmp_path / "both"
    run_pass(first, write_lines(tmp_path / "first.jsonl", lines[:3]))
    kept = ledger_path(first).read_bytes()
    run_pass(first, write_lines(tmp_path / "rest.jsonl", lines[3:]))

    ledger_path(first).write_bytes(kept)
    run_pass(first, tmp_path / "rest.jsonl")

    run_pass(both, tmp_path / "first.jsonl", tmp_path / "rest.jsonl")
    assert _stories(first) == _stories(both)


@pytest.mark.proof
@pytest.mark.parametrize("state", ["damaged", pytest.param("lost", marks=LONG)])
def test_an_index_that_is_lost_or_damaged_is_made_again(run_pass: Run, tmp_path: Path, state: str) -> None:
    lines = seed_lines(1)
    data, straight = tmp_path / "data", tmp_path / "straight"
    run_pass(data, write_lines(tmp_path / "first.jsonl", lines[:3]))
    index_path(data).write_bytes(b"no index") if state == "damaged" else index_path(data).unlink()

    run_pass(data, write_lines(tmp_path / "rest.jsonl", lines[3:]))

    run_pass(straight, tmp_path / "first.jsonl", tmp_path / "rest.jsonl")
    assert _stories(data) == _stories(straight)
    with open_index(index_path(data)) as con:
        assert con.execute("SELECT count(*) FROM profiles").fetchone() == (5,)


def _stories(data: Path) -> list[tuple[str, str]]:
    with duckdb.connect(str(data / "news.duckdb"), read_only=True) as con:
        return con.execute("SELECT story_id, article_id FROM story_articles ORDER BY ALL").fetchall()
