"""Publishing: readers never wait and never see half of it; a broken promise keeps the last publication."""

import multiprocessing
import os
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from flows.warehouse import publish
from flows.warehouse.file import LedgerError, open_ledger
from flows.warehouse.ledger import start_run

NOW = datetime(2026, 11, 20, tzinfo=UTC)
PUBLISHES = 100 if os.environ.get("NEWSLEDGER_PROOFS") else 4  # the long form: make proofs
READERS = 8


def publish_article(data: Path, number: int) -> Path:
    """One more article in the ledger, and a publication of it."""
    start_run(data, f"run-{number}", NOW, "run", "local", None, [])
    with open_ledger(data) as con:
        con.execute("BEGIN")
        con.execute(
            "INSERT INTO revisions BY NAME SELECT ? AS article_id, 'x' AS input, 's' AS source_name, 't' AS text, "
            "'plain' AS extractor, 'sha' AS raw_sha256, 1 AS revision, now() AS first_seen_at, 'r' AS rules_version, "
            "'r' AS facts_version",
            [f"art_{number}"],
        )
        con.execute("INSERT INTO current_revisions VALUES (?, 1)", [f"art_{number}"])
        con.execute("INSERT INTO story_articles VALUES ('sto', ?)", [f"art_{number}"])
        con.execute("UPDATE runs SET state = 'loaded', n_new = 1 WHERE run_id = ?", [f"run-{number}"])
        con.execute("COMMIT")
    edition = publish.finish_run(data, f"run-{number}", NOW, 0.0).number
    return publish.publish(data, edition, keep=3)


def read_until(published: Path, last: int, found: Any) -> None:
    """A reader: opens, reads, closes, again and again; tells what it saw that cannot be."""
    seen = reads = 0
    try:
        while seen < last:
            with duckdb.connect(str(published), read_only=True) as con:
                row = con.execute(
                    "SELECT (SELECT count(*) FROM articles), (SELECT count(*) FROM story_articles), "
                    "(SELECT max(publication_no) FROM publications), (SELECT count(*) FROM runs WHERE state = 'done')"
                ).fetchone()
            assert row is not None
            assert len(set(row)) == 1, f"mixed: {row}"
            assert row[0] >= seen, f"back from {seen} to {row[0]}"
            seen, reads = row[0], reads + 1
        found.put(("fine", reads))
    except Exception as error:
        found.put((repr(error), reads))


@pytest.mark.proof
def test_readers_in_a_loop_see_whole_publications_only_and_no_error(tmp_path: Path) -> None:
    data = tmp_path / "data"
    published = publish_article(data, 1)
    processes = multiprocessing.get_context("spawn")
    found = processes.Queue()
    readers = [processes.Process(target=read_until, args=(published, PUBLISHES, found)) for _ in range(READERS)]
    for reader in readers:
        reader.start()

    for number in range(2, PUBLISHES + 1):
        publish_article(data, number)

    told = [found.get(timeout=120) for _ in readers]
    for reader in readers:
        reader.join()
    assert [said for said, _ in told] == ["fine"] * READERS
    assert sum(reads for _, reads in told) > PUBLISHES


@pytest.mark.proof
def test_the_last_n_publications_stay_and_a_reader_keeps_the_one_it_opened(tmp_path: Path) -> None:
    published = publish_article(tmp_path, 1)
    with duckdb.connect(str(published), read_only=True) as reader:
        for number in range(2, 6):
            publish_article(tmp_path, number)

        assert reader.execute("SELECT count(*) FROM articles").fetchall() == [(1,)]

    kept = sorted(file.name for file in (tmp_path / "publications").iterdir())
    assert kept == ["news-00000003.duckdb", "news-00000004.duckdb", "news-00000005.duckdb"]
    assert (tmp_path / "publications" / kept[-1]).samefile(published)


def test_a_publication_copied_elsewhere_alone_answers_every_table_and_view(tmp_path: Path, seeds_data: Path) -> None:
    shutil.copyfile(seeds_data / "news.duckdb", tmp_path / "alone.duckdb")

    with duckdb.connect(str(tmp_path / "alone.duckdb"), read_only=True) as con:
        con.execute("SET enable_external_access = false")
        names = [row[0] for row in con.execute("SELECT table_name FROM information_schema.tables").fetchall()]
        for name in names:
            con.execute(f"FROM {name}").fetchall()

    assert {"articles", "tolls", "toll_history", "run_batches"} <= set(names)


@pytest.fixture
def checks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "sql" / "checks"
    folder.mkdir(parents=True)
    monkeypatch.setattr(publish, "SQL", tmp_path / "sql")
    return folder


def test_a_broken_promise_keeps_the_last_publication_and_says_which(tmp_path: Path, checks: Path) -> None:
    published = publish_article(tmp_path / "data", 1)
    before = published.read_bytes()
    (checks / "no_second.sql").write_text("-- fail: there is one article\nFROM articles WHERE article_id <> 'art_1'")

    with pytest.raises(LedgerError, match=r"the last publication stays.*no_second: there is one article; e\.g\. "):
        publish_article(tmp_path / "data", 2)

    assert published.read_bytes() == before
    with open_ledger(tmp_path / "data") as con:
        assert con.execute("SELECT count(*) FROM publications").fetchall() == [(1,)]


def test_a_warning_goes_on_and_stands_in_run_warnings(tmp_path: Path, checks: Path) -> None:
    (checks / "few.sql").write_text("-- warn: there are many articles\nSELECT count(*) AS n FROM articles")

    published = publish_article(tmp_path / "data", 1)

    with duckdb.connect(str(published), read_only=True) as con:
        told = con.execute("SELECT run_id, promise, broken_by FROM run_warnings").fetchall()
    assert told == [("run-1", "few: there are many articles", "n = 1")]
