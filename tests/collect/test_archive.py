"""The raw archive: every body once, with how it came; readable as it is; whole after any kill."""

from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import duckdb
import polars as pl
import pytest

from flows.collect.archive import Archive, read_raw
from flows.collect.documents import Document
from flows.schema import RAW

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def page(name: str, body: bytes, **more: object) -> Document:
    told: dict[str, object] = {
        "kind": "html",
        "article_id": f"art_{name}",
        "url": f"https://news.example/{name}",
        "fetched_at": NOW,
        "final_url": f"https://news.example/{name}",
        "status": 200,
        "headers": (("content-type", "text/html"), ("etag", '"1"')),
        "asked_at": NOW,
    }
    return Document("wire", f"https://news.example/{name}", body, **told | more)  # type: ignore[arg-type]


def put(folder: Path, *documents: Document | None, run_id: str = "run", size: int = 100) -> list[Path]:
    """Archive documents; the files that it wrote."""
    steps = Archive(folder).add(documents, run_id, size, 1_000_000)
    return [step.path for step in steps if step.path]


def test_duckdb_and_polars_read_an_archive_file_as_it_is(tmp_path: Path) -> None:
    (file,) = put(tmp_path, page("a", b"<p>One"))

    assert pl.read_parquet(file).schema == RAW
    told = duckdb.sql(f"SELECT url, status, headers[2].value, body FROM '{file}'").fetchall()
    assert told == [("https://news.example/a", 200, '"1"', b"<p>One")]


def test_the_same_bytes_are_stored_once_and_every_document_of_them_has_its_body(tmp_path: Path) -> None:
    files = put(tmp_path, page("a", b"<p>One"), page("b", b"<p>One"))
    files += put(tmp_path, page("c", b"<p>One"), page("d", b"<p>Two"), run_id="next")

    stored = pl.concat([pl.read_parquet(file) for file in files])
    keys = stored.select("article_id", "raw_sha256")
    assert stored["body"].drop_nulls().to_list() == [b"<p>One", b"<p>Two"]
    assert dict(read_raw(files, keys).select("article_id", "body").iter_rows()) == {
        "art_a": b"<p>One",
        "art_b": b"<p>One",
        "art_c": b"<p>One",
        "art_d": b"<p>Two",
    }


def test_a_body_is_found_though_the_file_that_holds_it_is_not_among_those_read(tmp_path: Path) -> None:
    put(tmp_path, page("a", b"<p>One"))
    files = put(tmp_path, page("b", b"<p>One"), run_id="next")

    raw = read_raw(files, pl.read_parquet(files[0], columns=["article_id", "raw_sha256"]))

    assert raw["body"].to_list() == [b"<p>One"]


def test_a_feed_is_kept_as_evidence_and_is_no_article(tmp_path: Path) -> None:
    feed = page("feed", b"<rss/>", kind="feed", article_id=None)

    put(tmp_path, feed, page("a", b"<p>One"))

    assert Archive(tmp_path).contents["article_id"].to_list() == ["art_a"]


def test_a_feed_that_has_not_changed_is_not_stored_again(tmp_path: Path) -> None:
    feed = page("feed", b"<rss/>", kind="feed", article_id=None)
    put(tmp_path, feed)

    assert put(tmp_path, feed, run_id="next") == []


def test_files_of_an_older_version_are_read_with_nulls_for_what_it_did_not_keep(tmp_path: Path) -> None:
    old = ["article_id", "raw_sha256", "source_name", "input", "url", "kind", "publisher", "body", "fetched_at"]
    (file,) = put(tmp_path, page("a", b"<p>One"))
    pl.read_parquet(file, columns=old).write_parquet(file)

    raw = read_raw([file], Archive(tmp_path).contents.select("article_id", "raw_sha256"))

    assert raw.schema == RAW
    assert raw.row(0, named=True)["status"] is None


def test_what_a_slow_source_gave_is_written_though_the_file_is_not_full(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("flows.collect.archive.WRITE_AFTER", 0.0)

    files = put(tmp_path, page("a", b"<p>One"), None, page("b", b"<p>Two"))

    assert [pl.read_parquet(file).height for file in files] == [1, 1]


def test_of_a_source_without_end_no_more_is_read_than_the_next_file_takes(tmp_path: Path) -> None:
    numbers = count()
    documents = (page(f"p{number}", b"%d" % number) for number in numbers)

    steps = Archive(tmp_path).add(documents, "run", 3, 1_000_000)
    seen = [next(steps).n_seen, next(steps).n_seen]

    assert seen == [3, 3]
    assert next(numbers) == 6


def test_numbers_of_files_rise_over_runs(tmp_path: Path) -> None:
    put(tmp_path, page("a", b"<p>One"), page("b", b"<p>Two"), size=1)
    put(tmp_path, page("c", b"<p>Three"), run_id="again")

    assert [file.name for file in Archive(tmp_path).files()] == [
        "00000001-run.parquet",
        "00000002-run.parquet",
        "00000003-again.parquet",
    ]
