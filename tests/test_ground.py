"""Broken ground: a full disk, a folder that cannot be written, torn files, a clock that jumps. One line says what and
where; what is published stays; when it is mended the same command goes on."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from tests.against_gold import read_ledger
from tests.conftest import LONG, SEEDS, Command, Run
from tests.tables import differing


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A small file system of its own: needs the right to mount."""
    folder = tmp_path / "disk"
    folder.mkdir()
    if os.geteuid() or mount("-t", "tmpfs", "-o", "size=200m", "tmpfs", folder):
        pytest.skip("no right to mount a file system")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def mount(*words: object) -> int:
    return subprocess.run(["mount", *map(str, words)], capture_output=True, check=False).returncode


def resize(disk: Path, size: str) -> None:
    assert mount("-o", f"remount,size={size}", disk) == 0


@pytest.mark.proof
@pytest.mark.parametrize("room", ["100k", "18m", *(pytest.param(room, marks=LONG) for room in ("3m", "6m"))])
def test_a_full_disk_is_told_and_the_next_run_goes_on_when_there_is_room(
    room: str, disk: Path, command: Command, seeds_data: Path
) -> None:
    resize(disk, room)
    code, said = command("run", "--data", disk / "data")
    resize(disk, "200m")

    again, _ = command("run", "--data", disk / "data")

    assert code == 1
    assert len(said.strip().splitlines()) == 1, said
    assert str(disk / "data") in said
    assert "No space left" in said or "no space left" in said
    assert again == 0
    assert differing(seeds_data / "news.duckdb", disk / "data" / "news.duckdb") == {}


@pytest.mark.proof
def test_a_disk_that_is_full_at_publishing_leaves_the_last_publication(
    disk: Path, command: Command, run_pass: Run, seeds_data: Path, tmp_path: Path
) -> None:
    first = next(SEEDS.glob("*.txt"))
    (tmp_path / "articles").mkdir()
    shutil.copyfile(first, tmp_path / "articles" / first.name)
    published = run_pass(disk / "data", tmp_path / "articles")
    before = published.read_bytes()
    for file in SEEDS.glob("*.txt"):
        shutil.copyfile(file, tmp_path / "articles" / file.name)
    used = int(subprocess.run(["du", "-sk", str(disk)], capture_output=True, check=True).stdout.split()[0])
    resize(disk, f"{used + 6000}k")

    code, said = command("run", tmp_path / "articles", "--data", disk / "data")
    during = published.read_bytes()
    resize(disk, "300m")
    again, _ = command("run", tmp_path / "articles", "--data", disk / "data")

    assert code == 1
    assert str(disk / "data") in said
    assert during == before
    assert again == 0
    assert read_ledger(published, "SELECT count(*) AS n FROM articles") == [{"n": 5}]


@pytest.mark.proof
def test_a_folder_that_cannot_be_written_is_named(disk: Path, command: Command, run_pass: Run) -> None:
    published = run_pass(disk / "data", SEEDS)
    assert mount("-o", "remount,ro", disk) == 0

    code, said = command("run", SEEDS, "--data", disk / "data")
    status, shown = command("status", "--data", disk / "data")

    assert code == 1
    assert len(said.strip().splitlines()) == 1, said
    assert f"{disk}/data" in said
    assert "Read-only file system; make it writable, or name another folder with --data" in said
    assert status == 0, shown
    assert mount("-o", "remount,rw", disk) == 0
    assert command("run", SEEDS, "--data", disk / "data")[0] == 0
    assert published.exists()


@pytest.mark.proof
def test_a_torn_work_file_is_told_and_the_doctor_mends_it(tmp_path: Path, command: Command, seeds_data: Path) -> None:
    data = tmp_path / "data"
    shutil.copytree(seeds_data, data)
    work = data / "work" / "ledger.duckdb"
    work.write_bytes(work.read_bytes()[:3_000_000])
    before = (data / "news.duckdb").read_bytes()

    code, said = command("run", "--data", data)
    mended, told = command("doctor", "--data", data)
    again, _ = command("run", "--data", data)

    assert code == 1
    assert f"{work}: IO Error" in said
    assert "`newsledger doctor` mends it" in said
    assert len(said.strip().splitlines()) == 1, said
    assert (mended, again) == (0, 0)
    assert f"{data}/news.duckdb took its place" in told
    assert before != b""
    assert differing(seeds_data / "news.duckdb", data / "news.duckdb") == {}


@pytest.mark.proof
def test_an_archive_file_cut_short_is_told_and_the_doctor_sets_it_aside(
    tmp_path: Path, command: Command, seeds_data: Path
) -> None:
    data = tmp_path / "data"
    shutil.copytree(seeds_data, data)
    (raw,) = (data / "raw").glob("*.parquet")
    raw.write_bytes(raw.read_bytes()[:2000])

    code, said = command("run", "--data", data)
    status, told = command("doctor", "--data", data)
    again, _ = command("run", "--data", data)
    sound, _ = command("doctor", "--data", data)

    assert code == 1
    assert f"{raw}: cut short or damaged" in said
    assert len(said.strip().splitlines()) == 1, said
    assert status == 1  # until the next run the articles have no raw bytes
    assert "set aside in" in told
    assert "5 revisions have no raw bytes" in told
    assert (again, sound) == (0, 0)
    assert differing(seeds_data / "news.duckdb", data / "news.duckdb") == {}


@pytest.mark.proof
@LONG
def test_a_clock_that_goes_back_is_told_and_changes_no_order(tmp_path: Path, run_pass: Run, command: Command) -> None:
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    (inbox / "report.txt").write_text("A blast in Quetta on Monday killed five people, police said.\n", "utf-8")
    run_pass(tmp_path / "data", inbox)
    ahead = datetime.now(UTC) + timedelta(days=400)
    with duckdb.connect(str(tmp_path / "data" / "work" / "ledger.duckdb")) as con:
        con.execute("UPDATE runs SET started_at = ?, ended_at = ?", [ahead, ahead])
        con.execute("UPDATE revisions SET first_seen_at = ?", [ahead])
    (inbox / "report.txt").write_text("A blast in Quetta on Monday killed seven people, police said.\n", "utf-8")

    _, said = command("run", inbox, "--data", tmp_path / "data")

    published = tmp_path / "data" / "news.duckdb"
    assert "the clock went back: it is" in said
    assert read_ledger(published, "SELECT value FROM counts WHERE kind = 'killed'") == [{"value": 7}]
    assert read_ledger(published, "SELECT run_no, state, seconds >= 0 AS is_whole FROM runs ORDER BY run_no") == [
        {"run_no": 1, "state": "done", "is_whole": True},
        {"run_no": 2, "state": "done", "is_whole": True},
    ]
