"""What was forgotten: tombstones that tell nothing, doors that stay shut, an archive that others can still read."""

import gzip
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

from flows.collect import erasing
from flows.collect.archive import Archive, read_raw
from flows.collect.documents import Document
from flows.collect.erasing import erase_raw
from flows.collect.forgotten import (
    Tombstone,
    forgotten_ids,
    mark_erased,
    read_tombstones,
    tombstones_path,
    web_id,
    write_tombstones,
)

NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
URL = "https://news.example/world/a-quake?id=7&page=2"
BRACKETED = "https://news.example/wiki/Quake_(2020)"
OTHER = "https://news.example/world/a-flood"
RSS = "<rss><channel><item><link>{}</link><description>It shook.</description></item></channel></rss>"


def take_down(data: Path, *article_ids: str) -> None:
    write_tombstones(data, [Tombstone(one, NOW, "a court\u2028order") for one in article_ids])


def keep(data: Path, *documents: Document) -> list[int]:
    """Archive some documents, a file each; returns how many of each file were seen."""
    archive = Archive(data / "raw")
    return [step.n_seen for one in documents for step in archive.add([one], "run", 10, 10_000)]


def page(article_id: str, body: str = "A text.", url: str | None = None, final_url: str | None = None) -> Document:
    return Document("s", url or f"{article_id}.txt", body.encode(), "html", article_id, url, final_url=final_url)


def listing(body: bytes, kind: str = "feed") -> Document:
    return Document("s", "https://news.example/feed", body, kind, None, "https://news.example/feed")


def archived(data: Path) -> pl.DataFrame:
    return pl.concat([pl.read_parquet(file) for file in Archive(data / "raw").files()])


def test_tombstones_last_and_tell_when_and_why(tmp_path: Path) -> None:
    take_down(tmp_path, "art_1", "art_2")

    mark_erased(tmp_path, ["art_2"], NOW)

    first, second = read_tombstones(tmp_path)
    assert first == Tombstone("art_1", NOW, "a court\u2028order", None)
    assert second == Tombstone("art_2", NOW, "a court\u2028order", NOW)
    assert forgotten_ids(tmp_path) == {"art_1", "art_2"}


@pytest.mark.parametrize(
    "line", ["{", "[]", '{"article_id": "art_1"}', '{"article_id": 1, "at": 2, "why": 3, "erased_at": 4}']
)
def test_a_damaged_file_of_tombstones_stops_collecting_and_says_which_line(tmp_path: Path, line: str) -> None:
    take_down(tmp_path, "art_1")
    with tombstones_path(tmp_path).open("a", encoding="utf-8") as file:
        file.write(line + "\n")

    with pytest.raises(OSError, match=r"forgotten\.jsonl: line 2 is no tombstone .* from a backup"):
        keep(tmp_path, page("art_2"))


@pytest.mark.parametrize(
    "document",
    [
        page("art_taken"),
        page("art_line", url=URL),
        page("art_short", url="https://short.example/x", final_url=URL),
        Document("s", URL, b"", None, web_id(URL), URL, reason="no article"),
        listing(RSS.format(URL.replace("&", "&amp;")).encode()),
        listing(RSS.format(f"<![CDATA[{URL}]]>").encode()),
        listing(RSS.format(URL.replace("&", "&amp;")).encode("utf-16")),
        listing(f'{{"items": [{{"url": "{URL}"}}]}}'.replace("/", "\\/").encode()),
        listing(f"{OTHER}\n{URL}\n".encode(), "sitemap"),
        listing(RSS.format(BRACKETED).encode()),
        listing(gzip.compress(RSS.format(URL.replace("&", "&amp;")).encode()), "sitemap"),
        listing(gzip.compress((URL + "\n").encode() + bytes(range(256)) * 900)[:-400], "sitemap"),
        listing(gzip.compress(b"https://elsewhere.example/\n") + gzip.compress(URL.encode()), "sitemap"),
        listing(gzip.compress(gzip.compress(URL.encode())), "sitemap"),
    ],
    ids=[
        "id",
        "line",
        "redirect",
        "reject",
        "xml",
        "cdata",
        "utf-16",
        "json",
        "text",
        "brackets",
        "gz",
        "cut-gz",
        "gz-members",
        "gz-twice",
    ],
)
def test_what_is_forgotten_comes_in_by_no_door_and_leaves_no_trace(tmp_path: Path, document: Document) -> None:
    take_down(tmp_path, "art_taken", web_id(URL), web_id(BRACKETED))

    (step,) = Archive(tmp_path / "raw").add([document], "run", 10, 10_000)

    assert step.n_seen == 1
    assert step.path is None
    assert step.refused.is_empty()
    assert list((tmp_path / "raw").iterdir()) == []


@pytest.mark.parametrize(
    "document",
    [page("art_other"), page("art_line", url=OTHER), listing(RSS.format(OTHER).encode()), listing(b"\x1f\x8bno gzip")],
    ids=["id", "line", "xml", "no-gz"],
)
def test_what_is_not_forgotten_comes_in_as_before(tmp_path: Path, document: Document) -> None:
    take_down(tmp_path, "art_taken", web_id(URL))

    keep(tmp_path, document)

    assert archived(tmp_path).height == 1


def test_what_was_archived_before_it_was_forgotten_is_not_due_any_more(tmp_path: Path) -> None:
    keep(tmp_path, page("art_1", "One."), page("art_2", "Two."))

    take_down(tmp_path, "art_1")

    assert Archive(tmp_path / "raw").contents["article_id"].to_list() == ["art_2"]


def shared_bytes(data: Path) -> None:
    """Three articles of the same bytes in three files, one of which also holds what goes; two feeds of the same."""
    archive = Archive(data / "raw")
    body = "The same wire copy."
    batches = [
        [page("art_1", body), page("art_9", "Another one.")],
        [page("art_2", body), page("art_3", "A third."), listing(RSS.format(URL.replace("&", "&amp;")).encode())],
        [page("art_4", body), page("art_1", "Its second revision."), listing(RSS.format(OTHER).encode())],
        [page("art_5", "Its second revision.")],
    ]
    for batch in batches:
        list(archive.add(batch, "run", 10, 10_000))


def bodies(data: Path) -> dict[str, bytes]:
    archive = Archive(data / "raw")
    return dict(
        read_raw(archive.files(), archive.contents.select("article_id", "raw_sha256"))
        .select("article_id", "body")
        .iter_rows()
    )


def test_an_article_of_the_same_bytes_keeps_them(tmp_path: Path) -> None:
    shared_bytes(tmp_path)

    gone = erase_raw(tmp_path / "raw", frozenset({"art_1", web_id(URL)}))

    assert (gone.n_documents, gone.n_listings) == (2, 1)
    assert bodies(tmp_path) == {
        "art_9": b"Another one.",
        "art_2": b"The same wire copy.",
        "art_3": b"A third.",
        "art_4": b"The same wire copy.",
        "art_5": b"Its second revision.",
    }
    rows = archived(tmp_path)
    assert rows["raw_sha256"].filter(rows["body"].is_not_null()).is_unique().all()
    assert [OTHER.encode() in body for body in rows.filter(kind="feed")["body"]] == [True]


@pytest.mark.parametrize("writes", range(6))
def test_erasing_that_was_stopped_after_any_write_ends_the_same(
    tmp_path: Path, writes: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    shared_bytes(tmp_path / "whole")
    shutil.copytree(tmp_path / "whole", tmp_path / "stopped")
    going = frozenset({"art_1", web_id(URL)})
    erase_raw(tmp_path / "whole" / "raw", going)
    with monkeypatch.context() as patched:
        patched.setattr(erasing, "_write", stop_after(writes))
        with pytest.raises(KeyboardInterrupt):
            erase_raw(tmp_path / "stopped" / "raw", going)

    erase_raw(tmp_path / "stopped" / "raw", going)

    assert archived(tmp_path / "stopped").equals(archived(tmp_path / "whole"))


def stop_after(writes: int) -> Callable[[Path, pl.DataFrame], None]:
    done: list[Path] = []
    write = erasing._write

    def write_or_stop(file: Path, documents: pl.DataFrame) -> None:
        if len(done) == writes:
            raise KeyboardInterrupt
        done.append(file)
        write(file, documents)

    return write_or_stop


def test_what_was_set_aside_goes_where_it_holds_the_article_or_cannot_be_read(tmp_path: Path) -> None:
    keep(tmp_path, page("art_1", "One."), page("art_2", "Two."), listing(RSS.format(OTHER).encode()))
    one, two, feed = Archive(tmp_path / "raw").files()
    damaged = tmp_path / "raw" / "damaged"
    damaged.mkdir()
    for file in (one, two, feed):
        shutil.copyfile(file, damaged / file.name)
    (damaged / "torn.parquet").write_bytes(one.read_bytes()[:60])
    (tmp_path / "raw" / "00000009-x.part").write_bytes(one.read_bytes())

    gone = erase_raw(tmp_path / "raw", frozenset({"art_1", web_id(OTHER)}))

    assert [file.name for file in gone.damaged] == [one.name, feed.name, "torn.parquet"]
    assert [file.name for file in damaged.iterdir()] == [two.name]
    assert not list((tmp_path / "raw").glob("*.part"))


def test_a_torn_file_of_the_archive_is_named_before_anything_is_erased(tmp_path: Path) -> None:
    keep(tmp_path, page("art_1", "One."))
    (file,) = Archive(tmp_path / "raw").files()
    (file.with_name("00000002-x.parquet")).write_bytes(file.read_bytes()[:60])

    with pytest.raises(OSError, match="doctor"):
        erase_raw(tmp_path / "raw", frozenset({"art_1"}))

    assert pl.read_parquet(file).height == 1
