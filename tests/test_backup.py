"""A backup is taken while whatever runs goes on, and is a data folder when it is restored."""

import shutil
import subprocess
import sys
import threading
from pathlib import Path

import duckdb
import pytest
from typer.testing import CliRunner

from flows.backup import back_up
from flows.cli.commands import app
from tests.conftest import LONG, ROOT, SEEDS, Command, Run
from tests.kills import write_inbox
from tests.tables import differing


def newsledger(*words: object) -> tuple[int, str]:
    result = CliRunner(env={"COLUMNS": "200"}).invoke(app, [str(word) for word in words])
    return result.exit_code, result.output


@pytest.mark.proof
def test_a_backup_restored_elsewhere_is_a_sound_data_folder_with_the_same_answers(
    seeds_data: Path, tmp_path: Path
) -> None:
    shutil.copytree(seeds_data, tmp_path / "data")
    _, ids = newsledger("query", "SELECT count_id FROM counts", "--format", "csv", "--data", seeds_data)
    dropped, _ = newsledger("correct", "drop", ids.split()[1], "--why", "a test", "--data", tmp_path / "data")
    code, said = newsledger("backup", tmp_path / "copy", "--data", tmp_path / "data")
    shutil.copytree(tmp_path / "copy", tmp_path / "back")

    examined, told = newsledger("doctor", "--data", tmp_path / "back")

    assert (dropped, code) == (0, 0), said
    assert examined == 0, told
    assert "news.duckdb took its place" in " ".join(told.split())
    assert newsledger("doctor", "--data", tmp_path / "back") == (0, f"{tmp_path / 'back'}: sound\n")
    assert differing(tmp_path / "data" / "news.duckdb", tmp_path / "back" / "news.duckdb") == {}
    corrections = [(tmp_path / folder / "corrections.jsonl").read_bytes() for folder in ("data", "back")]
    assert corrections[0] == corrections[1] != b""


def test_a_second_backup_copies_only_what_is_new(seeds_data: Path, tmp_path: Path) -> None:
    back_up(seeds_data, tmp_path / "copy")

    again = back_up(seeds_data, tmp_path / "copy")

    assert again.n_there == len(list((seeds_data / "raw").glob("*.parquet")))
    assert again.n_copied == 1  # the publication


def test_what_went_from_the_archive_goes_from_the_backup(seeds_data: Path, tmp_path: Path) -> None:
    shutil.copytree(seeds_data, tmp_path / "data")
    (file,) = (tmp_path / "data" / "raw").glob("*.parquet")
    back_up(tmp_path / "data", tmp_path / "copy")
    file.rename(file.with_name("00000009-merged.parquet"))

    done = back_up(tmp_path / "data", tmp_path / "copy")

    assert done.n_gone == 1
    assert [one.name for one in (tmp_path / "copy" / "raw").iterdir()] == ["00000009-merged.parquet"]


def test_small_files_that_were_merged_go_from_the_backup_too(seeds_data: Path, tmp_path: Path) -> None:
    shutil.copytree(seeds_data, tmp_path / "data")
    (file,) = (tmp_path / "data" / "raw").glob("*.parquet")
    back_up(tmp_path / "data", tmp_path / "copy")
    file.rename(file.with_name("00000001-from-00000001.parquet"))

    done = back_up(tmp_path / "data", tmp_path / "copy")

    assert done.n_gone == 1
    assert [one.name for one in (tmp_path / "copy" / "raw").iterdir()] == ["00000001-from-00000001.parquet"]


def test_a_backup_that_would_lack_bytes_is_refused_and_leaves_the_last_one(seeds_data: Path, tmp_path: Path) -> None:
    shutil.copytree(seeds_data, tmp_path / "data")
    back_up(tmp_path / "data", tmp_path / "copy")
    for folder in ("data", "copy"):
        for file in (tmp_path / folder / "raw").glob("*.parquet"):
            file.unlink()
    before = (tmp_path / "copy" / "news.duckdb").stat()

    code, said = newsledger("backup", tmp_path / "copy", "--data", tmp_path / "data")

    assert code == 1
    assert "lacks the bytes of art_" in said
    assert (tmp_path / "copy" / "news.duckdb").stat() == before


@LONG
@pytest.mark.proof
def test_a_backup_taken_while_a_run_loads_passes_the_doctor_and_gives_the_same_answers(
    tmp_path: Path, run_pass: Run, command: Command
) -> None:
    data = tmp_path / "data"
    published = run_pass(data, SEEDS)
    config = write_inbox(tmp_path, 60)
    shutil.copyfile(published, tmp_path / "was.duckdb")
    running = subprocess.Popen(
        [sys.executable, "-m", "flows", "run", "--config", str(config), "--data", str(data)],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    copies = []
    lock = data / "work" / "lock"
    while running.poll() is None:
        at = lock.read_text("utf-8").rpartition(", at ")[2].partition(" ")[0]
        if at in ("load", "publish") and at not in [stage for stage, _ in copies]:
            copies.append((at, tmp_path / f"copy-{len(copies)}"))
            back_up(data, copies[-1][1])
        threading.Event().wait(0.01)
    assert running.returncode == 0, running.communicate()[0]

    assert "load" in {stage for stage, _ in copies}
    for _, copy in copies:
        status, told = command("doctor", "--data", copy)
        assert status == 0, told
        assert (
            differing(tmp_path / "was.duckdb", copy / "news.duckdb") == {}
            or differing(published, copy / "news.duckdb") == {}
        )
    again, said = command("run", "--config", config, "--data", copies[0][1])
    assert again == 0, said
    with duckdb.connect(str(copies[0][1] / "news.duckdb"), read_only=True) as con:
        kept = con.execute("SELECT count(*) FROM articles").fetchone()
    with duckdb.connect(str(published), read_only=True) as con:
        assert con.execute("SELECT count(*) FROM articles").fetchone() == kept
