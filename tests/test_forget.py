"""Forgetting: an article that was taken down is nowhere below the data folder, and nothing brings it back."""

import asyncio
import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest
from typer.testing import CliRunner

from flows.cli.commands import app
from flows.collect.forgotten import Tombstone, read_tombstones, write_tombstones
from flows.dashboard.search import Search
from flows.rebuild import run_rebuild
from flows.warehouse.file import ledger_path
from flows.warehouse.lock import hold_run
from flows.warehouse.publish import search_folder
from flows.warehouse.read import open_published
from tests.against_gold import read_ledger
from tests.conftest import LONG, ROOT, SEEDS, Run
from tests.corpus import write_lines
from tests.kills import stage_of
from tests.tables import CLOCKS, HISTORY, tables_of

pytestmark = pytest.mark.proof

KILLS = 40 if os.environ.get("NEWSLEDGER_PROOFS") else 3  # the long form: make proofs
NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
TAKEN = "001_ae0bdcaa5f674244.txt"
SENTENCE = "say about two dozen mortar shells hit"  # of no other seed
TITLE = "Islamic State Claims Deadly"
COMING = HISTORY | {"sources", "forgotten", "story_aliases", "event_aliases"}  # how it came to be
WHERE = CLOCKS | {"input", "article", "source_article"}  # the folder that it was read from
HEARD = {"n_sources", "n_sources_heard", "n_sources_failed"}  # of one more run of another folder


def newsledger(*words: object) -> tuple[int, str]:
    result = CliRunner(env={"COLUMNS": "300"}).invoke(app, [str(word) for word in words])
    return result.exit_code, result.output


def id_of(data: Path, name: str) -> str:
    with duckdb.connect(str(data / "news.duckdb"), read_only=True) as con:
        row = con.execute("SELECT article_id FROM articles WHERE ends_with(input, ?)", [name]).fetchone()
    assert row
    return str(row[0])


def texts_of(database: Path) -> Iterator[tuple[str, str]]:
    """Each row of each table of a DuckDB file, as text."""
    with duckdb.connect(str(database), read_only=True) as con:
        for (table,) in con.execute("SELECT table_name FROM duckdb_tables() WHERE NOT internal").fetchall():
            for row in con.execute(f'FROM "{table}"').fetchall():
                yield table, repr(row)


def found_in(data: Path, *wanted: str) -> list[str]:
    """The files below a folder that hold a text: in their bytes, or in a row of a database or a Parquet file."""
    found = []
    for file in sorted(path for path in data.rglob("*") if path.is_file()):
        told = [file.read_bytes().decode("latin-1")]
        if "duckdb" in file.name and not file.name.endswith(".wal"):
            told += [row for _, row in texts_of(file)]
        elif file.suffix == ".parquet":
            told += [repr(row) for row in pl.read_parquet(file).iter_rows()]
        found += [file.relative_to(data).as_posix() for one in wanted if any(one in text for text in told)]
    return found


def leave_traces(data: Path, article_id: str) -> None:
    """What killed runs, upgrades, doctors and modules to come leave behind, all of it with the article."""
    ledger = ledger_path(data)
    for name in ("ledger-schema-3.duckdb", "ledger.duckdb.damaged", "ledger.part"):
        shutil.copyfile(ledger, ledger.with_name(name))
    shutil.copyfile(data / "news.duckdb", data / "publications" / "news-00000000.duckdb")
    (file,) = (data / "raw").glob("*.parquet")
    (data / "raw" / "damaged").mkdir()
    shutil.copyfile(file, data / "raw" / "damaged" / file.name)
    shutil.copyfile(file, data / "raw" / "00000002-killed.part")
    batch = data / "work" / "batches" / "one.clean"
    batch.mkdir(parents=True)
    pl.read_parquet(file).write_parquet(batch / "articles.parquet")
    with duckdb.connect(str(ledger)) as con:
        con.execute("CREATE TABLE of_a_later_version (article_id VARCHAR, note VARCHAR, other VARCHAR)")
        con.execute(f"INSERT INTO of_a_later_version VALUES (?, '{SENTENCE}', NULL), ('x', 'y', ?)", [article_id] * 2)
        con.execute("UPDATE runs SET message = 'a promise broke: ' || ? || ' says {SENTENCE}'", [article_id])
        con.execute("INSERT INTO run_warnings VALUES ('r', 'p', ?)", [f"('{article_id}', '{SENTENCE}')"])
        con.execute("INSERT INTO sources VALUES ('one', 'file', ?, NULL, now(), now())", [str(SEEDS / TAKEN)])


@pytest.fixture(scope="module")
def taken(tmp_path_factory: pytest.TempPathFactory, seeds_data: Path) -> tuple[Path, str, str]:
    """A data folder of which one of the five seeds was forgotten; its id; what the command said."""
    data = tmp_path_factory.mktemp("taken") / "data"
    shutil.copytree(seeds_data, data)
    article_id = id_of(data, TAKEN)
    leave_traces(data, article_id)
    with open_published(data) as con:
        assert not Search(data, lambda: nullcontext(con)).step()
    assert len(found_in(data, SENTENCE)) >= 8
    assert any(file.startswith("work/search/") for file in found_in(data, article_id))
    code, said = newsledger("forget", article_id, "--why", "order of a court", "--data", data)
    assert code == 0, said
    return data, article_id, said


def test_no_file_below_the_data_folder_holds_a_forgotten_article(taken: tuple[Path, str, str]) -> None:
    data, article_id, _ = taken

    assert found_in(data, SENTENCE) == []
    assert found_in(data, TITLE) == []
    assert not search_folder(data).exists()
    assert set(found_in(data, article_id)) == {
        "forgotten.jsonl",
        "news.duckdb",
        "publications/news-00000002.duckdb",
        "work/ledger.duckdb",
        "work/links.duckdb",
    }


def test_no_table_but_that_of_tombstones_names_a_forgotten_article(taken: tuple[Path, str, str]) -> None:
    data, article_id, _ = taken

    naming = [table for table, row in texts_of(data / "news.duckdb") if article_id in row or TAKEN in row]

    assert naming == ["forgotten"]
    (row,) = read_ledger(data / "news.duckdb", "SELECT why, forgotten_at FROM forgotten")
    assert row["why"] == "order of a court"


def test_forgetting_says_what_went_and_what_it_cannot_reach(taken: tuple[Path, str, str]) -> None:
    _, article_id, said = taken

    assert f"{article_id}: forgotten" in said
    assert "erased: 1 document and 0 listings" in said
    assert "removed from raw/damaged" in said
    assert f"{TAKEN}: your own file is left as it is" in said
    assert "not reached: exports, backups" in said


def test_what_is_left_is_a_ledger_that_never_saw_the_article(
    taken: tuple[Path, str, str], tmp_path: Path, run_pass: Run
) -> None:
    articles = tmp_path / SEEDS.name
    shutil.copytree(SEEDS, articles, ignore=shutil.ignore_patterns(TAKEN))

    config = shutil.copy(ROOT / "seeds" / "sources.toml", tmp_path)
    never = run_pass(tmp_path / "data", config=Path(config))

    left = tables_of(taken[0] / "news.duckdb", COMING | {"of_a_later_version"}, WHERE)
    assert left == tables_of(never, COMING, WHERE)
    assert len(left["articles"]) == 4


def test_the_same_file_in_a_later_run_is_read_and_refused(
    taken: tuple[Path, str, str], tmp_path: Path, run_pass: Run
) -> None:
    data = tmp_path / "data"
    shutil.copytree(taken[0], data)

    published = run_pass(data, config=ROOT / "seeds" / "sources.toml")

    assert read_ledger(published, "SELECT count(*) AS n FROM articles") == [{"n": 4}]
    assert read_ledger(published, "SELECT count(*) AS n FROM rejects") == [{"n": 0}]
    (run,) = read_ledger(published, "SELECT n_documents, n_new FROM runs ORDER BY run_no DESC LIMIT 1")
    assert run == {"n_documents": 5, "n_new": 0}
    assert found_in(data, SENTENCE) == []


def test_a_second_forget_and_explain_say_when_and_why(taken: tuple[Path, str, str]) -> None:
    data, article_id, _ = taken
    (tombstone,) = read_tombstones(data)

    _, again = newsledger("forget", article_id, "--why", "again", "--data", data)
    code, explained = newsledger("explain", article_id, "--data", data)

    when = f"{tombstone.at:%Y-%m-%d %H:%M} UTC: order of a court"
    assert again.strip() == f"{article_id}: forgotten already, {when}"
    assert code == 0
    assert explained.strip() == f"{article_id}: forgotten {when}"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["art_0000000000000000", "--why", "x"], "no article has this id or input"),
        (["no/such/file.txt", "--why", "x"], "no article has this id or input"),
        (["https://news.example/a"], "Missing option '--why'"),
    ],
)
def test_wrong_usage_erases_nothing_and_says_what_is_wrong(seeds_data: Path, words: list[str], said: str) -> None:
    code, output = newsledger("forget", *words, "--data", seeds_data)

    assert code == 2
    assert said in output
    assert not (seeds_data / "forgotten.jsonl").exists()


def test_while_a_run_is_at_work_nothing_is_erased(tmp_path: Path) -> None:
    with hold_run(tmp_path, "a-run", NOW):
        code, said = newsledger("forget", "https://news.example/a", "--why", "x", "--data", tmp_path)

    assert code == 1
    assert "run a-run" in said
    assert "wait for its end" in said
    assert not (tmp_path / "forgotten.jsonl").exists()


def test_an_address_that_was_never_seen_is_refused_from_now_on(tmp_path: Path) -> None:
    code, said = newsledger("forget", "https://news.example/a?utm_source=x", "--why", "x", "--data", tmp_path)

    assert code == 0
    assert "nothing of it was here; it is not collected from now on" in said
    (tombstone,) = read_tombstones(tmp_path)
    assert tombstone.erased_at is not None
    assert "example" not in (tmp_path / "forgotten.jsonl").read_text("utf-8")
    with duckdb.connect(str(ledger_path(tmp_path)), read_only=True) as con:
        assert con.execute("SELECT article_id FROM forgotten").fetchall() == [(tombstone.article_id,)]


URL = "https://tribune.example/fire"
SECTION = "https://tribune.example/live"
FOOT = "The Tribune · first with the news since 1888"


def lines() -> list[dict[str, Any]]:
    """Four articles of one outlet with the same foot, two of them at one address; a copy of one under another name."""
    towns = {"a": "Lyon", "b": "Nantes", "c": "Lille", "d": "Brest"}
    told = (
        "Police said {} people were killed in a fire in {} on Monday, and that the cause of it was not known yet. "
        "Crews from four districts worked until the evening, and the families of the house were brought to a school "
        "nearby, where the town gives them beds and meals until they can return."
    )
    texts = {name: told.format(number + 3, town) for number, (name, town) in enumerate(towns.items())}
    of_outlet = [{"id": one, "text": f"{text}\n{FOOT}", "publisher": "Tribune"} for one, text in texts.items()]
    of_outlet[0]["url"] = f"{URL}?utm_source=feed"
    for one in of_outlet[1:3]:
        one["url"] = SECTION
    return [*of_outlet, {"id": "copy", "text": texts["a"], "publisher": "Echo"}]


@pytest.fixture(scope="module")
def tribune(tmp_path_factory: pytest.TempPathFactory, run_pass: Run) -> Path:
    folder = tmp_path_factory.mktemp("tribune")
    run_pass(folder / "data", write_lines(folder / "inbox.jsonl", lines()))
    return folder / "data"


def test_an_address_takes_down_every_article_at_it_and_leaves_its_copies(tribune: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    shutil.copytree(tribune, data)
    before = read_ledger(data / "news.duckdb", "SELECT folded, n_articles FROM recurring_lines")
    copy = id_of(data, "#copy")
    with duckdb.connect(str(ledger_path(data))) as con:
        variant = f"{URL}?utm_medium=mail"
        con.execute(
            "INSERT INTO fetches BY NAME SELECT 'r' AS run_id, 's' AS source_name, ? AS input, 'x' AS outcome, "
            "0 AS n_documents, 0 AS n_refused, now() AS fetched_at",
            [variant],
        )
        con.execute(
            "INSERT INTO rejects VALUES (?, 'collect', 'x', NULL, 'r', now(), NULL, 'h', NULL, NULL)", [variant]
        )

    code, said = newsledger("forget", f"{URL}/", "--why", "x", "--data", data)

    assert code == 0, said
    inputs = {Path(row["input"]).name for row in read_ledger(data / "news.duckdb", "SELECT input FROM articles")}
    assert inputs == {"inbox.jsonl#b", "inbox.jsonl#c", "inbox.jsonl#d", "inbox.jsonl#copy"}
    assert f"of the same text or nearly so, not erased: {copy}" in said
    assert "inbox.jsonl#a: your own file is left as it is" in said
    assert found_in(data, "tribune.example/fire") == []
    assert [row["n_articles"] for row in before] == [4]
    assert read_ledger(data / "news.duckdb", "FROM recurring_lines") == []
    assert id_of(tribune, "#a") not in {row["copy_of"] for row in read_ledger(data / "news.duckdb", "FROM copies")}


def test_an_id_takes_down_its_article_alone_where_others_have_its_address(tribune: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    shutil.copytree(tribune, data)
    article_id = id_of(data, "#b")

    code, said = newsledger("forget", article_id, "--why", "x", "--data", data)

    assert code == 0, said
    assert f"other articles have this address too, so it is still collected: {SECTION}" in said
    assert [one.article_id for one in read_tombstones(data)] == [article_id]
    rows = read_ledger(data / "news.duckdb", "SELECT input FROM articles WHERE url IS NOT NULL ORDER BY input")
    assert [row["input"].rpartition("#")[2] for row in rows] == ["a", "c"]


def test_a_doctor_finishes_what_a_killed_forget_left(seeds_data: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    shutil.copytree(seeds_data, data)
    write_tombstones(data, [Tombstone(id_of(data, TAKEN), NOW, "x")])

    code, said = newsledger("doctor", "--data", data)

    assert code == 0, said
    assert "articles that were to be forgotten were still here: 1 documents" in said
    assert found_in(data, SENTENCE) == []
    assert read_tombstones(data)[0].erased_at is not None
    assert newsledger("doctor", "--data", data) == (0, f"{data}: sound\n")


@pytest.mark.parametrize("what", ["work/ledger.duckdb", "raw"])
def test_what_a_backup_brings_back_is_gone_after_the_next_look(
    what: str, seeds_data: Path, taken: tuple[Path, str, str], tmp_path: Path
) -> None:
    data = tmp_path / "data"
    shutil.copytree(taken[0], data)
    for file in [seeds_data / what, *(seeds_data / what).rglob("*.parquet")]:
        if file.is_file():
            shutil.copyfile(file, data / file.relative_to(seeds_data))
    assert found_in(data, SENTENCE) != []

    code, said = newsledger("doctor", "--data", data)

    assert code == 0, said
    assert found_in(data, SENTENCE) == [], said


def test_a_ledger_made_anew_from_the_archive_does_not_bring_it_back(
    seeds_data: Path, taken: tuple[Path, str, str], tmp_path: Path, run_pass: Run
) -> None:
    data, empty = tmp_path / "data", tmp_path / "empty"
    shutil.copytree(taken[0], data)
    empty.mkdir()
    for folder in ("raw", "work", "publications"):
        shutil.rmtree(data / folder)
    shutil.copytree(seeds_data / "raw", data / "raw")

    published = run_pass(data, empty)

    assert read_ledger(published, "SELECT count(*) AS n FROM articles") == [{"n": 4}]
    assert [row["article_id"] for row in read_ledger(published, "FROM forgotten")] == [taken[1]]
    assert found_in(data, SENTENCE) == []


def test_a_rebuild_from_clean_does_not_bring_it_back(
    seeds_data: Path, taken: tuple[Path, str, str], tmp_path: Path, prefect_server: None
) -> None:
    data = tmp_path / "data"
    shutil.copytree(taken[0], data)
    shutil.copytree(seeds_data / "raw", data / "raw", dirs_exist_ok=True)
    with duckdb.connect(str(ledger_path(data))) as con:
        con.execute("UPDATE revisions SET rules_version = 'others', facts_version = 'others'")

    done = asyncio.run(run_rebuild("clean", data=str(data)))

    assert done.n_redone == {"clean": 4}
    assert read_ledger(data / "news.duckdb", "SELECT count(*) AS n FROM articles") == [{"n": 4}]


def start_forget(data: Path, article_id: str) -> subprocess.Popen[str]:
    """`newsledger forget` in a process group of its own, once it holds the data folder."""
    words = ["forget", article_id, "--why", "order of a court", "--data", str(data)]
    running = subprocess.Popen(
        [sys.executable, "-m", "flows", *words],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    while running.poll() is None and not stage_of(data):
        time.sleep(0.002)
    return running


@LONG
def test_a_forget_killed_at_any_instant_is_made_whole_by_the_next_run(
    seeds_data: Path, taken: tuple[Path, str, str], tmp_path: Path, run_pass: Run
) -> None:
    whole, empty = tmp_path / "whole", tmp_path / "empty"
    shutil.copytree(seeds_data, whole)
    empty.mkdir()
    running = start_forget(whole, taken[1])
    started = time.monotonic()
    assert running.wait() == 0
    seconds = time.monotonic() - started
    wanted = tables_of(whole / "news.duckdb", COMING, WHERE | HEARD)
    ended: list[tuple[bool, bool]] = []

    for number in range(KILLS):
        data = tmp_path / f"killed-{number}"
        shutil.copytree(seeds_data, data)
        running = start_forget(data, taken[1])
        time.sleep(seconds * number / (KILLS - 1))
        with contextlib.suppress(ProcessLookupError):
            os.killpg(running.pid, signal.SIGKILL)
        running.communicate()
        if not (data / "forgotten.jsonl").exists():
            ended.append((False, found_in(data, SENTENCE) != []))
            continue
        run_pass(data, empty)
        is_same = tables_of(data / "news.duckdb", COMING, WHERE | HEARD) == wanted
        ended.append((True, is_same and found_in(data, SENTENCE, TITLE) == []))

    assert all(is_right for _, is_right in ended), ended
    assert sum(was_begun for was_begun, _ in ended) > KILLS / 2
