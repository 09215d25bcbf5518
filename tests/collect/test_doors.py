"""The doors in: what a folder, a file and a jsonl hold, and which ids it gets."""

import json
import os
from datetime import UTC, datetime
from pathlib import Path

import polars as pl

from flows.collect import Archive, read_source
from flows.settings import Source

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def test_ids_come_from_the_sources_name_and_the_path_below_its_folder(tmp_path: Path) -> None:
    for where in ("one", "two"):
        (tmp_path / where / "sub").mkdir(parents=True)
        (tmp_path / where / "sub" / "a.txt").write_text("A text.", "utf-8")

    (first,) = read_source(Source("wire", "folder", tmp_path / "one"), NOW)
    (second,) = read_source(Source("wire", "folder", tmp_path / "two"), NOW)
    (other,) = read_source(Source("radio", "folder", tmp_path / "two"), NOW)

    assert first.article_id == second.article_id != other.article_id


def test_a_lines_id_does_not_depend_on_its_place(tmp_path: Path) -> None:
    lines = [json.dumps({"id": name, "text": name}) for name in ("a", "b")]
    (tmp_path / "x.jsonl").write_text("\n".join(lines), "utf-8")
    (tmp_path / "y.jsonl").write_text("\n\n".join(reversed(lines)), "utf-8")

    first = {
        line.input.split("#")[1]: line.article_id
        for line in read_source(Source("s", "file", tmp_path / "x.jsonl"), NOW)
    }
    second = {
        line.input.split("#")[1]: line.article_id
        for line in read_source(Source("s", "file", tmp_path / "y.jsonl"), NOW)
    }

    assert first == second


def test_a_link_cannot_leave_the_folder_and_hidden_files_are_no_articles(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("Not yours.", "utf-8")
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    os.symlink(tmp_path / "secret.txt", inbox / "link.txt")
    (inbox / ".hidden.txt").write_text("Hidden.", "utf-8")

    (refused,) = read_source(Source("s", "folder", inbox), NOW)

    assert refused.reason == "link leaves the folder"
    assert refused.body == b""


def test_the_archive_is_written_once_and_read_by_anyone(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("A text.", "utf-8")
    source = Source("s", "file", tmp_path / "a.txt")
    archive = Archive(tmp_path / "raw")

    list(archive.add(read_source(source, NOW), "run1", 10))
    list(archive.add(read_source(source, NOW), "run2", 10))

    (file,) = (tmp_path / "raw").iterdir()
    assert pl.read_parquet(file)["body"].to_list() == [b"A text."]
    assert archive.contents().height == 1
