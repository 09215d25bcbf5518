"""Housekeeping: what grows is kept small, and nothing goes that a published figure rests on."""

import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest
from typer.testing import CliRunner

from flows import housekeeping, prefect_rows
from flows.cli.commands import app
from flows.collect.archive import Archive, read_raw, scan_raw
from flows.collect.documents import Document
from flows.housekeeping import Tidied, tidy, tidy_when_due
from flows.settings import Keep, Settings
from flows.sources import Source
from flows.warehouse.file import ledger_path
from flows.warehouse.lock import hold_run
from tests.conftest import LONG, ROOT, SEEDS, Command
from tests.small_ledger import START, SmallLedger, hour, put, told
from tests.tables import checksum

DAY = timedelta(days=1)
LATER = START + 200 * DAY
WIRE = Source("wire", "feed", url="http://wire.example/feed")
MONTH = Keep(bytes_days=30.0, listing_days=60.0)
NO_FACT = "no count, claim or quote rests on it"


def document(name: str, body: str | None = None, **how: Any) -> Document:
    """A document of an article; its bytes are its name unless a `body` is given."""
    how = {"kind": "html", "article_id": f"art_{name}", "fetched_at": START, "source_name": "wire"} | how
    return Document(input=name, body=(body or name).encode(), **how)


def put_raw(data: Path, *documents: Document) -> None:
    list(Archive(data / "raw").add(documents, "run", 100, 1_000_000))


def write(ledger: SmallLedger, name: str, *counts: dict[str, Any], raw: Document | None = None) -> None:
    """An article of ledger and archive."""
    raw = raw or document(name)
    ledger.write(f"art_{name}", hour(0), *counts, raw_sha256=raw.raw_sha256)
    if not counts:
        ledger.execute("DELETE FROM mentioned_events WHERE article_id = ?", f"art_{name}")
    put_raw(ledger.data, raw)


def keep_house(data: Path, keep: Keep = MONTH, source: Source = WIRE, **how: Any) -> Tidied:
    with hold_run(data, "tidy", LATER) as hold:
        done = tidy(Settings(data, (source,), keep=keep), hold, **{"now": LATER} | how)
    assert done.faults == []
    return done


def told_of(done: Tidied, name: str) -> tuple[str, ...]:
    (part,) = [part for part in done.parts if part.name == name]
    return part.told


def held(data: Path) -> set[str]:
    """The articles whose bytes are in the archive, each with a body that has its hash."""
    archive = Archive(data / "raw")
    raw = read_raw(archive.files(), archive.contents.select("article_id", "raw_sha256"))
    for body, raw_sha256 in raw.select("body", "raw_sha256").iter_rows():
        assert document("x", body.decode()).raw_sha256 == raw_sha256
    return {str(one).removeprefix("art_") for one in raw["article_id"]}


def files_of(data: Path) -> dict[Path, bytes]:
    return {
        file.relative_to(data): file.read_bytes() for file in data.rglob("*") if file.is_file() and file.name != "lock"
    }


@pytest.fixture
def ledger(tmp_path: Path) -> SmallLedger:
    return SmallLedger(tmp_path / "data")


def publish(ledger: SmallLedger) -> None:
    ledger.publish(hour(1))
    ledger.con.execute("COMMIT")


def settle(ledger: SmallLedger) -> None:
    """What was written is there for others, not published: that takes most of a second."""
    ledger.con.execute("COMMIT")


@pytest.fixture
def mixed(ledger: SmallLedger) -> SmallLedger:
    """Articles with a figure and without, an original and its copy, a repeat, a reject, one that no run has loaded."""
    write(ledger, "figures", told(9))
    write(ledger, "quiet")
    write(ledger, "original")
    write(ledger, "copy")
    ledger.copy("art_copy", "art_original")
    again = document("figures", "again")
    refused = document("refused")
    put_raw(ledger.data, again, refused, document("fresh"))
    put(ledger.con, "repeats", {
        "article_id": "art_figures", "raw_sha256": again.raw_sha256, "revision": 1, "seen_at": START,
    })  # fmt: skip
    put(ledger.con, "rejects", {
        "input": "r", "stage": "clean", "reason": "no article", "run_id": "run", "seen_at": START,
        "article_id": "art_refused", "raw_sha256": refused.raw_sha256,
    })  # fmt: skip
    settle(ledger)
    return ledger


def test_bytes_go_on_which_nothing_rests_and_those_of_every_fact_stay(mixed: SmallLedger) -> None:
    done = keep_house(mixed.data)

    assert held(mixed.data) == {"figures", "original", "fresh"}
    assert told_of(done, "bytes in raw/") == (
        "1: no article came of it",
        f"2: {NO_FACT}",
        "1: other bytes of words that another document has",
        "1 past their age stay: a copy was made from it",
        "1 past their age stay: a count, claim or quote rests on it",
        "1 past their age stay: no run has loaded it yet",
    )
    facts = mixed.execute(
        "SELECT article_id, raw_sha256 FROM stated_counts JOIN revisions USING (article_id, revision)"
    )
    kept = set(Archive(mixed.data / "raw").contents.select("article_id", "raw_sha256").iter_rows())
    assert facts
    assert set(facts) <= kept
    assert mixed.execute("SELECT article_id, why FROM let_go ORDER BY ALL") == [
        ("art_copy", NO_FACT),
        ("art_figures", "other bytes of words that another document has"),
        ("art_quiet", NO_FACT),
        ("art_refused", "no article came of it"),
    ]


def test_what_goes_is_not_archived_again_and_its_article_stands(mixed: SmallLedger) -> None:
    before = mixed.execute("FROM revisions ORDER BY ALL")

    keep_house(mixed.data)

    steps = list(Archive(mixed.data / "raw").add([document("quiet")], "next", 100, 1_000_000))
    assert [step.path for step in steps] == [None]
    assert mixed.execute("FROM revisions ORDER BY ALL") == before


def test_a_dry_run_says_the_same_and_changes_nothing(mixed: SmallLedger) -> None:
    for _ in range(3):
        put_raw(mixed.data, document(f"more {_}"))
    mixed.con.close()
    before = files_of(mixed.data)

    said = keep_house(mixed.data, is_dry=True)

    assert files_of(mixed.data) == before
    done = keep_house(mixed.data)
    assert [part for part in said.parts if part.name != "small files of raw/"] == [
        part for part in done.parts if part.name != "small files of raw/"
    ]


def test_bytes_of_an_event_with_a_published_toll_stay_though_a_rebuild_took_the_figure_back(
    ledger: SmallLedger,
) -> None:
    write(ledger, "taken", told(9))
    publish(ledger)
    ledger.execute("DELETE FROM stated_counts")

    done = keep_house(ledger.data)

    assert held(ledger.data) == {"taken"}
    assert told_of(done, "bytes in raw/") == ("1 past their age stay: it tells of an event with a published toll",)


def test_bytes_that_several_articles_have_go_when_all_may_go(ledger: SmallLedger) -> None:
    write(ledger, "quiet", raw=document("quiet", "shared"))
    write(ledger, "figures", told(9), raw=document("figures", "shared"))
    settle(ledger)

    done = keep_house(ledger.data)

    assert held(ledger.data) == {"quiet", "figures"}
    assert "1 past their age stay: other documents have the same bytes" in told_of(done, "bytes in raw/")


@pytest.mark.parametrize(
    ("keep", "days", "source", "stays"),
    [
        (Keep(), None, "wire", True),  # by default bytes are kept for ever
        (Keep(bytes_days=30), None, "wire", False),
        (Keep(bytes_days=300), None, "wire", True),
        (Keep(bytes_days=30), 0.0, "wire", True),
        (Keep(), 30.0, "wire", False),
        (Keep(bytes_days=30), 30.0, "other", True),  # a source that the config does not name
    ],
)
def test_how_long_bytes_stay_is_said_for_all_and_by_source(
    ledger: SmallLedger, keep: Keep, days: float | None, source: str, stays: bool
) -> None:
    write(ledger, "quiet", raw=document("quiet", source_name=source))
    settle(ledger)

    keep_house(ledger.data, keep, replace(WIRE, keep_days=days))

    assert held(ledger.data) == ({"quiet"} if stays else set())


def test_feeds_and_sitemaps_go_by_their_own_age_and_leave_no_row(ledger: SmallLedger) -> None:
    listing = {"kind": "feed", "article_id": None}
    put_raw(ledger.data, document("feed", "old", **listing))
    put_raw(ledger.data, document("feed", "new", **listing, fetched_at=LATER - DAY))
    settle(ledger)

    keep_house(ledger.data, Keep())

    assert scan_raw(Archive(ledger.data / "raw").files()).collect()["body"].to_list() == [b"new"]


def test_doctor_and_explain_know_what_was_let_go(mixed: SmallLedger) -> None:
    keep_house(mixed.data)
    mixed.con.execute("BEGIN")
    publish(mixed)
    mixed.con.close()
    shutil.copy(ledger_path(mixed.data), mixed.data / "news.duckdb")

    said = {
        word: CliRunner(env={"COLUMNS": "300"}).invoke(app, [*words, "--data", str(mixed.data)]).output
        for word, words in (("doctor", ["doctor"]), ("explain", ["explain", "art_quiet"]))
    }

    assert "no raw bytes" not in said["doctor"]
    assert f"the bytes were let go on {LATER:%Y-%m-%d} by [keep]: {NO_FACT}" in said["explain"]


def test_rows_of_old_runs_go_and_what_is_known_of_sources_stays(ledger: SmallLedger) -> None:
    con = ledger.con
    put(con, "sources", {
        "source_name": "wire", "type": "feed", "location": "http://w/", "first_seen_at": START, "last_read_at": LATER,
    })  # fmt: skip
    for number in range(150):
        run = {"run_id": f"run-{number:03d}"}
        at = START + number * DAY
        put(
            con,
            "runs",
            run | {"started_at": at, "ended_at": at, "state": "done", "rules_version": "r", "run_no": number},
        )
        put(con, "run_stages", run | {"stage": "load", "n_batches": 1, "n_reused": 0, "seconds": 1.0})
        asked = {"outcome": "read", "verdict": "good", "n_documents": 5, "n_refused": 0, "fetched_at": at} | run
        put(con, "fetches", asked | {"source_name": "wire", "input": "http://w/", "is_source": True, "n_known": 1})
        page = {"source_name": "wire", "input": f"http://w/{number}", "is_source": False}
        put(con, "fetches", asked | page)
    put(con, "rejects", {
        "input": "http://w/3", "stage": "collect", "reason": "gone", "run_id": "run-003", "seen_at": START,
        "raw_sha256": "x",
    })  # fmt: skip
    write(ledger, "figures", told(9))
    settle(ledger)
    views = ("source_health", "coverage", "runs")
    before = {view: ledger.execute(f"FROM {view} ORDER BY ALL") for view in views}

    keep_house(ledger.data, Keep(run_days=60))

    assert {view: ledger.execute(f"FROM {view} ORDER BY ALL") for view in views} == before
    assert ledger.execute("SELECT count(*) FILTER (is_source), count(*) FILTER (NOT is_source) FROM fetches") == [
        (60, 11)
    ]
    assert ledger.execute("SELECT count(*) FROM run_stages WHERE run_id LIKE 'run-_%' AND stage = 'load'") == [(10,)]


def test_an_old_copy_of_an_older_ledger_goes(ledger: SmallLedger) -> None:
    settle(ledger)
    for name, age in (("ledger-schema-5.duckdb", 40), ("ledger-schema-6.duckdb", 20)):
        copy = ledger.data / "work" / name
        copy.write_bytes(b"x")
        os.utime(copy, ((LATER - age * DAY).timestamp(),) * 2)

    keep_house(ledger.data)

    assert [file.name for file in ledger.data.glob("work/ledger-schema-*")] == ["ledger-schema-6.duckdb"]


def test_it_is_due_once_a_day_or_when_many_files_came(ledger: SmallLedger, monkeypatch: pytest.MonkeyPatch) -> None:
    settle(ledger)
    settings = Settings(ledger.data, (WIRE,))
    by_hand = replace(settings, are_named=True)
    monkeypatch.setattr(housekeeping, "MANY", 2)

    due = [housekeeping._is_due(settings, hour(at)) for at in (0, 23, 25)]
    due_by_hand = housekeeping._is_due(by_hand, hour(25))
    for number in range(3):
        put_raw(ledger.data, document(f"{number}"))

    assert due == [False, False, True]
    assert not due_by_hand
    assert housekeeping._is_due(settings, hour(1))
    assert housekeeping._is_due(by_hand, hour(1))


def test_what_fails_is_a_warning_and_the_rest_is_done(ledger: SmallLedger, monkeypatch: pytest.MonkeyPatch) -> None:
    settle(ledger)
    put_raw(ledger.data, document("a"))
    put_raw(ledger.data, document("b"))
    (ledger.data / "raw" / "00000003-run.parquet").write_bytes(b"torn")
    settings = Settings(ledger.data, (WIRE,))
    monkeypatch.setattr(housekeeping, "MANY", -1)

    with hold_run(ledger.data, "run", LATER) as hold:
        said = tidy_when_due(settings, hold)

    assert len(said) == 2
    assert "00000003-run.parquet: cut short or damaged" in said[0]
    assert said[0].endswith("`newsledger tidy` tries it again")
    assert ledger.execute("SELECT count(*) FROM meta WHERE key = 'tidied'") == [(1,)]


def test_a_run_by_hand_lets_nothing_go(mixed: SmallLedger) -> None:
    settings = Settings(mixed.data, (WIRE,), keep=MONTH, are_named=True)

    with hold_run(mixed.data, "run", LATER) as hold:
        done = tidy(settings, hold, LATER)

    assert {part.name for part in done.parts} == {"merged files of raw/", "small files of raw/"}
    assert "quiet" in held(mixed.data)


@pytest.mark.proof
@LONG
def test_a_data_folder_that_was_tidied_rebuilds_to_the_same_tables(
    tmp_path: Path, command: Command, seeds_data: Path
) -> None:
    data = tmp_path / "data"
    shutil.copytree(seeds_data, data)
    config = tmp_path / "sources.toml"
    config.write_text(
        f'[[source]]\nname = "articles"\ntype = "folder"\npath = "{SEEDS}"\nkeep_days = 0.0000001\n'
        "[keep]\nrun_days = 0.0000001\n"
    )
    (tmp_path / "more.txt").write_text("Nine people were killed in a blast in Lima on Monday, police said.")
    assert command("run", tmp_path / "more.txt", "--data", data)[0] == 0
    before = checksum(data / "news.duckdb")
    with duckdb.connect(str(ledger_path(data)), read_only=True) as con:
        assert con.execute("FROM meta WHERE key = 'tidied'").fetchall()  # a run looks whether it is due

    said = command("tidy", "--config", config, "--data", data)

    assert said[0] == 0, said[1]
    assert [file.name for file in Archive(data / "raw").files()] == ["00000002-from-00000001.parquet"]
    assert command("doctor", "--data", data)[0] == 0
    assert command("rebuild", "--data", data)[0] == 0
    assert checksum(data / "news.duckdb") == before


@pytest.mark.proof
@LONG
def test_prefects_own_file_forgets_old_runs_and_goes_on(tmp_path: Path, command: Command) -> None:
    own = {key: value for key, value in os.environ.items() if not key.startswith("PREFECT_")}
    own |= {"HOME": str(tmp_path), "PREFECT_SERVER_ANALYTICS_ENABLED": "false"}
    data = tmp_path / "data"
    words = [sys.executable, "-m", "flows", "run", str(SEEDS), "--data", str(data)]
    subprocess.run(words, cwd=ROOT, env=own, check=True, capture_output=True)
    now = LATER + 4000 * DAY

    assert prefect_rows.count_old(data, 7.0, now) == 1
    prefect_rows.forget_old(data, 7.0, now, lambda: True)

    with closing(sqlite3.connect(prefect_rows.prefect_path(data))) as con:
        for table in ("flow_run", "flow_run_state", "task_run", "task_run_state", "artifact", "log", "events"):
            assert con.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,), table
        assert con.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    subprocess.run(words, cwd=ROOT, env=own, check=True, capture_output=True)
    assert duckdb.connect(str(data / "news.duckdb"), read_only=True).execute("FROM runs").fetchall()
