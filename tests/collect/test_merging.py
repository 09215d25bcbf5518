"""Merging the archive's small files: what it holds stays, in its order and once, whatever is killed when."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from flows.collect.archive import Archive, read_raw, scan_raw
from flows.collect.documents import Document
from flows.collect.erasing import erase_raw
from flows.collect.letting_go import held_rows, let_go
from flows.collect.memory import Memory, memory_path, open_memory
from flows.collect.merging import GRACE, Full, merge_small, plan_merges, removable
from flows.collect.raw_files import find_holder, sort_files
from tests.conftest import ROOT

NOW = datetime(2026, 1, 1, tzinfo=UTC)
FULL = Full(40, 1_000_000)


def page(name: str, body: bytes) -> Document:
    url = f"https://news.example/{name}"
    return Document("wire", url, body, "html", f"art_{name}", url, None, NOW, url, 200, (("etag", "1"),), NOW)


def fill(folder: Path, seed: int, n_files: int = 30) -> None:
    """An archive of so many runs, one file each; many bodies stand in an earlier file."""
    dice = random.Random(seed)
    for number in range(n_files):
        names = [f"{number}-{one}" for one in range(dice.randint(1, 4))]
        documents = [page(name, b"<p>%d" % dice.randrange(40)) for name in names]
        list(Archive(folder).add(documents, f"run{number}", 100, 1_000_000))


def told_by(folder: Path) -> list[Any]:
    """Every document of an archive in its order, each with the bytes that it came with and its run."""
    archive = Archive(folder)
    raw = read_raw(archive.files(), archive.contents.select("article_id", "raw_sha256"))
    assert raw["body"].null_count() == 0
    return list(raw.drop("body_in").iter_rows())


def merge_all(folder: Path, full: Full = FULL) -> tuple[int, int]:
    return merge_small(folder, full, lambda: True)


def remove_old(folder: Path) -> None:
    for file in removable(folder, time.time() + GRACE + 1):
        file.unlink()


@pytest.mark.parametrize("seed", range(4))
def test_a_merged_archive_holds_the_same_documents_in_the_same_order(tmp_path: Path, seed: int) -> None:
    fill(tmp_path, seed)
    before = told_by(tmp_path)

    n_from, n_into = merge_all(tmp_path)
    beside = told_by(tmp_path)
    remove_old(tmp_path)

    assert n_from > n_into > 0
    assert before == beside == told_by(tmp_path)
    assert len(list(tmp_path.iterdir())) == 30 - n_from + n_into


def test_what_comes_after_a_merge_is_merged_with_what_is_still_small(tmp_path: Path) -> None:
    for seed in (1, 2, 3):
        fill(tmp_path, seed, n_files=3)
        merge_all(tmp_path)
        remove_old(tmp_path)
        fill(tmp_path, seed + 10, n_files=1)
    before = told_by(tmp_path)

    while merge_all(tmp_path)[0]:
        remove_old(tmp_path)

    assert told_by(tmp_path) == before


def test_files_of_an_older_version_tell_their_run_by_their_names_and_their_rows_after_a_merge(tmp_path: Path) -> None:
    fill(tmp_path, 5, n_files=4)
    for file in Archive(tmp_path).files():
        pl.read_parquet(file).drop("run_id", "let_go_at").write_parquet(file)

    merge_all(tmp_path)

    (merged,) = Archive(tmp_path).files()
    assert pl.read_parquet(merged)["run_id"].unique().sort().to_list() == ["run0", "run1", "run2", "run3"]


def test_a_body_in_a_file_that_was_merged_away_is_found_from_outside_of_it(tmp_path: Path) -> None:
    fill(tmp_path, 6, n_files=4)
    body = next(row["body"] for row in scan_raw(Archive(tmp_path).files()[:1]).collect().iter_rows(named=True))
    merge_all(tmp_path)
    remove_old(tmp_path)
    (step,) = Archive(tmp_path).add([page("late", body)], "late", 100, 1_000_000)

    raw = read_raw([step.path] if step.path else [], step.keys)

    assert raw["body"].to_list() == [body]
    assert find_holder(tmp_path, "00000002-run1.parquet").name == "00000004-from-00000001.parquet"


def test_a_gap_in_the_numbers_is_not_merged_over_so_that_what_was_set_aside_can_come_back(tmp_path: Path) -> None:
    fill(tmp_path, 7, n_files=5)
    before = told_by(tmp_path)
    aside = tmp_path / "00000003-run2.parquet"
    held = aside.read_bytes()
    aside.unlink()

    merge_all(tmp_path)
    aside.write_bytes(held)

    assert told_by(tmp_path) == before


def test_files_with_one_number_are_left_alone(tmp_path: Path) -> None:
    fill(tmp_path, 8, n_files=2)
    (tmp_path / "00000002-run1.parquet").rename(tmp_path / "00000001-twin.parquet")

    assert [group for group in plan_merges(tmp_path, FULL) if len(group) > 1] == []


def test_the_old_files_stay_for_an_hour_for_whoever_copies_the_folder(tmp_path: Path) -> None:
    fill(tmp_path, 9, n_files=3)
    merge_all(tmp_path)

    assert removable(tmp_path, time.time()) == []
    assert len(removable(tmp_path, time.time() + GRACE + 1)) == 3


class Killed(BaseException):
    """The process ends here."""


def die_at(number: int, patch: pytest.MonkeyPatch) -> None:
    """End at the n-th operation on files: writing, syncing, renaming, removing."""
    left = [number]

    def dying(act: Callable[..., Any]) -> Callable[..., Any]:
        def do(*words: Any, **how: Any) -> Any:
            left[0] -= 1
            if left[0] < 0:
                raise Killed
            return act(*words, **how)

        return do

    for owner, name in ((pl.DataFrame, "write_parquet"), (os, "fsync"), (Path, "replace"), (Path, "unlink")):
        patch.setattr(owner, name, dying(getattr(owner, name)))


def test_a_kill_at_any_step_loses_nothing_and_doubles_nothing(tmp_path: Path) -> None:
    whole = tmp_path / "whole"
    fill(whole, 11, n_files=12)
    before = told_by(whole)

    for number in range(60):
        folder = tmp_path / str(number)
        folder.mkdir()
        for file in whole.iterdir():
            os.link(file, folder / file.name)
        is_killed = False
        with pytest.MonkeyPatch.context() as patch:
            die_at(number, patch)
            try:
                merge_all(folder, Full(20, 1_000_000))
                remove_old(folder)
            except Killed:
                is_killed = True
        assert told_by(folder) == before, number
        merge_all(folder)
        remove_old(folder)
        assert told_by(folder) == before, number
        if not is_killed:
            return
    pytest.fail("more steps than were tried")


def test_a_memory_that_was_lost_learns_of_merged_files_which_run_had_each_page(tmp_path: Path) -> None:
    fill(tmp_path / "raw", 12, n_files=5)
    merge_all(tmp_path / "raw")
    remove_old(tmp_path / "raw")

    memory = open_memory(tmp_path, Archive(tmp_path / "raw"), is_needed=True)

    assert memory
    outcomes = memory.outcomes()
    assert {(row["input"].rsplit("/", 1)[1].split("-")[0], row["run_id"]) for row in outcomes.to_dicts()} == {
        (str(number), f"run{number}") for number in range(5)
    }
    memory.close()


def test_a_memory_that_has_seen_the_files_has_seen_what_became_of_them(tmp_path: Path) -> None:
    fill(tmp_path / "raw", 13, n_files=5)
    memory = Memory(memory_path(tmp_path))
    memory.absorb(Archive(tmp_path / "raw"))
    memory.drop_outcomes()

    merge_all(tmp_path / "raw")
    memory.absorb(Archive(tmp_path / "raw"))

    assert memory.outcomes().is_empty()
    memory.close()


def test_what_is_forgotten_is_gone_from_merged_files_and_from_those_that_they_stand_for(tmp_path: Path) -> None:
    fill(tmp_path, 14, n_files=6)
    secret = b"<p>of one article alone"
    list(Archive(tmp_path).add([page("secret", secret)], "run6", 100, 1_000_000))
    merge_all(tmp_path)

    erase_raw(tmp_path, frozenset({"art_secret"}))

    assert sort_files(tmp_path)[1] == []
    assert all(secret not in pl.read_parquet(file)["body"].to_list() for file in tmp_path.glob("*.parquet"))
    assert "art_secret" not in Archive(tmp_path).contents["article_id"].to_list()


def test_bytes_that_were_let_go_stay_known_and_are_kept_when_another_article_has_them(tmp_path: Path) -> None:
    list(Archive(tmp_path).add([page("a", b"<p>x"), page("b", b"<p>x"), page("c", b"<p>y")], "one", 100, 1_000_000))
    going = held_rows(tmp_path).filter(pl.col("article_id").is_in(["art_a", "art_b"]))

    let_go(tmp_path, going, NOW)
    merge_all(tmp_path)
    (again,) = Archive(tmp_path).add([page("a", b"<p>x"), page("d", b"<p>x")], "two", 100, 1_000_000)

    archive = Archive(tmp_path)
    assert archive.let_go["article_id"].sort().to_list() == ["art_a", "art_b"]
    assert archive.contents["article_id"].to_list() == ["art_c", "art_d"]
    assert again.keys["article_id"].to_list() == ["art_d"]
    assert read_raw([again.path] if again.path else [], again.keys)["body"].to_list() == [b"<p>x"]
    erase_raw(tmp_path, frozenset({"art_d"}))
    assert b"<p>x" not in scan_raw(Archive(tmp_path).files()).collect()["body"].to_list()


LOOP = """
import sys, time
from pathlib import Path
from flows.collect.merging import Full, merge_small, removable
folder = Path(sys.argv[1])
print("ready", flush=True)
merge_small(folder, Full(40, 1_000_000), lambda: True)
for file in removable(folder, time.time() + 4000): file.unlink()
"""


@pytest.mark.proof
def test_a_merge_that_is_killed_for_real_leaves_a_sound_archive(tmp_path: Path) -> None:
    dice = random.Random(3)
    whole = tmp_path / "whole"
    fill(whole, 15, n_files=60)
    before = told_by(whole)

    for number in range(6):
        folder = tmp_path / str(number)
        folder.mkdir()
        for file in whole.iterdir():
            os.link(file, folder / file.name)
        command = [sys.executable, "-c", LOOP, str(folder)]
        merging = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        assert merging.stdout
        merging.stdout.readline()
        time.sleep(dice.uniform(0, 0.25))
        merging.send_signal(signal.SIGKILL)
        merging.communicate()
        assert told_by(folder) == before
        merge_all(folder)
        remove_old(folder)
        assert told_by(folder) == before
