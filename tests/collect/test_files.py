"""The doors in: what a folder, a file and a jsonl hold, and which ids it gets."""

import json
import os
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

from flows.collect.archive import Archive
from flows.collect.files import read_paths
from flows.sources import Source

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def test_ids_come_from_the_sources_name_and_the_path_below_its_folder(tmp_path: Path) -> None:
    for where in ("one", "two"):
        (tmp_path / where / "sub").mkdir(parents=True)
        (tmp_path / where / "sub" / "a.txt").write_text("A text.", "utf-8")

    (first,) = read_paths(Source("wire", "folder", tmp_path / "one"), NOW)
    (second,) = read_paths(Source("wire", "folder", tmp_path / "two"), NOW)
    (other,) = read_paths(Source("radio", "folder", tmp_path / "two"), NOW)

    assert first.article_id == second.article_id != other.article_id


def test_a_lines_id_does_not_depend_on_its_place(tmp_path: Path) -> None:
    lines = [json.dumps({"id": name, "text": name}) for name in ("a", "b")]
    (tmp_path / "x.jsonl").write_text("\n".join(lines), "utf-8")
    (tmp_path / "y.jsonl").write_text("\n\n".join(reversed(lines)), "utf-8")

    first = {
        line.input.split("#")[1]: line.article_id for line in read_paths(Source("s", "file", tmp_path / "x.jsonl"), NOW)
    }
    second = {
        line.input.split("#")[1]: line.article_id for line in read_paths(Source("s", "file", tmp_path / "y.jsonl"), NOW)
    }

    assert first == second


def test_a_link_cannot_leave_the_folder_and_hidden_files_are_no_articles(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("Not yours.", "utf-8")
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    os.symlink(tmp_path / "secret.txt", inbox / "link.txt")
    (inbox / ".hidden.txt").write_text("Hidden.", "utf-8")

    (refused,) = read_paths(Source("s", "folder", inbox), NOW)

    assert refused.reason == "link leaves the folder"
    assert refused.body == b""


def test_the_archive_is_written_once_and_read_by_anyone(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("A text.", "utf-8")
    source = Source("s", "file", tmp_path / "a.txt")
    archive = Archive(tmp_path / "raw")

    list(archive.add(read_paths(source, NOW), "run1", 10, 1000))
    list(archive.add(read_paths(source, NOW), "run2", 10, 1000))

    (file,) = (tmp_path / "raw").iterdir()
    assert pl.read_parquet(file)["body"].to_list() == [b"A text."]
    assert Archive(tmp_path / "raw").contents.height == 1


def test_a_batch_is_full_by_documents_or_by_bytes(tmp_path: Path) -> None:
    for n in range(6):
        (tmp_path / f"{n}.txt").write_text(f"{n}" * 400, "utf-8")
    source = Source("s", "folder", tmp_path)

    by_number = list(Archive(tmp_path / ".a").add(read_paths(source, NOW), "run", 4, 10_000))
    by_bytes = list(Archive(tmp_path / ".b").add(read_paths(source, NOW), "run", 100, 1000))

    assert [step.keys.height for step in by_number] == [4, 2]
    assert [step.keys.height for step in by_bytes] == [3, 3, 0]


def test_files_keep_the_order_of_archiving_though_the_clock_goes_back(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Five people died.", "utf-8")
    source = Source("s", "file", tmp_path / "a.txt")
    list(Archive(tmp_path / "raw").add(read_paths(source, NOW), "20261120T090000-aa", 10, 1000))
    (tmp_path / "a.txt").write_text("Seven people died.", "utf-8")

    list(Archive(tmp_path / "raw").add(read_paths(source, NOW), "20201120T090000-bb", 10, 1000))

    files = Archive(tmp_path / "raw").files()
    assert [pl.read_parquet(file)["body"].item() for file in files] == [b"Five people died.", b"Seven people died."]


def test_an_archive_file_that_is_cut_short_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Five people died.", "utf-8")
    archive = Archive(tmp_path / "raw")
    list(archive.add(read_paths(Source("s", "file", tmp_path / "a.txt"), NOW), "run", 10, 1000))
    (file,) = archive.files()
    file.write_bytes(file.read_bytes()[:100])

    with pytest.raises(OSError, match=rf"{file}: cut short or damaged .*newsledger doctor"):
        _ = Archive(tmp_path / "raw").contents
