"""Search in titles and texts: every text is a sound search, and the index is what is published, no more."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.dashboard import search as searching
from flows.dashboard.search import Search, as_match
from flows.sources import UsageError
from flows.warehouse.erasing import remove_publications
from flows.warehouse.file import SETTINGS, ledger_path
from flows.warehouse.publish import publish, search_folder
from flows.warehouse.read import open_published
from tests.small_ledger import SmallLedger, hour

TEXTS = {
    "art_a": ("Ferry sinks off Arvento", "The state-run ferry went down in a storm.\nNobody was hurt."),
    "art_b": ("Storm over Bellmoor", "A café lost its roof; the fire brigade don't know why."),
    "art_c": (None, "Brigades fired on the ferry."),
}


class Newsroom:
    """A published ledger that goes on, and the index over it."""

    def __init__(self, folder: Path) -> None:
        self.ledger = SmallLedger(folder)
        for name, (title, text) in TEXTS.items():
            self.write(name, title, text)
        self.publish()
        self.search = Search(folder, self.opened)
        catch_up(self.search)

    def write(self, name: str, title: str | None, text: str) -> None:
        at = hour(self.ledger.number)
        self.ledger.write(name, at, text=text, title=title, published_at=at)

    def publish(self) -> None:
        self.ledger.publish(hour(self.ledger.number + 1))
        self.ledger.con.close()
        publish(self.ledger.data, self.ledger.number, keep=1)
        self.ledger.con = duckdb.connect(str(ledger_path(self.ledger.data)), config=SETTINGS)
        self.ledger.con.execute("SET TimeZone = 'UTC'; BEGIN")

    @contextmanager
    def opened(self) -> Iterator[duckdb.DuckDBPyConnection]:
        with open_published(self.ledger.data) as con:
            yield con

    def found(self, wanted: str) -> set[str]:
        return {one.removeprefix("art_") for one in self.search.find(wanted).article_ids}


@pytest.fixture(scope="module")
def newsroom(tmp_path_factory: pytest.TempPathFactory) -> Newsroom:
    return Newsroom(tmp_path_factory.mktemp("newsroom"))


@pytest.fixture
def copied(newsroom: Newsroom, tmp_path: Path) -> tuple[Path, Search]:
    """A data folder of its own with the same publication and its index, as another dashboard opens it."""
    shutil.copytree(newsroom.ledger.data, tmp_path / "data")

    @contextmanager
    def opened() -> Iterator[duckdb.DuckDBPyConnection]:
        with open_published(tmp_path / "data") as con:
            yield con

    return tmp_path / "data", Search(tmp_path / "data", opened)


def catch_up(search: Search) -> None:
    while search.step():
        pass


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("ferry", {"a", "c"}),
        ("FERRY storm", {"a"}),
        ("storm", {"a", "b"}),
        ("cafe", {"b"}),
        ("café", {"b"}),
        ('"fire brigade"', {"b"}),
        ('"brigade fire"', set()),
        ('"fire brigade', {"b"}),
        ("brigade", {"b"}),
        ("brigad*", {"b", "c"}),
        ('"fire brig"*', {"b"}),
        ("ferry -storm", {"c"}),
        ('ferry -"the ferry"', {"a"}),
        ("state-run", {"a"}),
        ("don't", {"b"}),
        ("ferry AND storm", set()),
        ("title:ferry", set()),
        ("* ferry", {"a", "c"}),
        ("Arvento", {"a"}),
    ],
)
def test_words_phrases_beginnings_and_what_is_left_out(wanted: str, found: set[str], newsroom: Newsroom) -> None:
    assert newsroom.found(wanted) == found


def test_what_came_last_is_found_first(newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searching, "MOST", 1)

    found = newsroom.search.find("ferry")

    assert (found.article_ids, found.is_capped) == (["art_c"], True)
    assert (found.publication_no, found.n_indexed, found.n_articles) == (1, 3, 3)


@pytest.mark.parametrize("wanted", ["-storm", '""', "!?", "-", "* *", "x" * 301])
def test_a_search_without_a_word_is_told_so(wanted: str, newsroom: Newsroom) -> None:
    with pytest.raises(UsageError, match=r"^q: "):
        newsroom.search.find(wanted)


WORDS = sqlite3.connect(":memory:")
WORDS.executescript(searching.SCHEMA)


@given(st.text(max_size=60) | st.text('ab"*-+^(){}:,. \0\ud800', max_size=30))
def test_no_text_is_a_wrong_search(wanted: str) -> None:
    try:
        match = as_match(wanted)
    except UsageError:
        return

    assert WORDS.execute("SELECT rowid FROM words WHERE words MATCH ?", [match]).fetchall() == []


def test_what_is_new_and_changed_is_found_and_what_was_changed_is_not(tmp_path: Path) -> None:
    room = Newsroom(tmp_path)
    (index,) = search_folder(tmp_path).glob("*.sqlite")

    room.write("art_b", "Calm over Bellmoor", "A tavern opened.")
    room.write("art_d", "Tavern burns", "It burned.")
    room.publish()
    catch_up(room.search)

    assert room.found("tavern") == {"b", "d"}
    assert room.found("storm") == {"a"}
    assert list(search_folder(tmp_path).glob("*.sqlite")) == [index]


def test_an_article_that_is_gone_takes_the_index_with_it(tmp_path: Path) -> None:
    room = Newsroom(tmp_path)
    (index,) = search_folder(tmp_path).glob("*.sqlite")
    for table in ("revisions", "current_revisions", "story_articles", "mentioned_events"):
        room.ledger.execute(f"DELETE FROM {table} WHERE article_id = 'art_b'")

    room.publish()
    catch_up(room.search)

    assert room.found("storm") == {"a"}
    assert not index.exists()
    assert all(b"art_b" not in file.read_bytes() for file in search_folder(tmp_path).iterdir())


@pytest.mark.parametrize("damage", ["torn", "gone", "removed with the publications"])
def test_an_index_that_is_lost_is_made_again(damage: str, copied: tuple[Path, Search]) -> None:
    data, search = copied
    (index,) = search_folder(data).glob("*.sqlite")
    if damage == "torn":
        index.write_bytes(b"torn" * 4096)
    elif damage == "gone":
        shutil.rmtree(search_folder(data))
    else:
        remove_publications(data, data / "publications" / "news-00000001.duckdb")
        assert not search_folder(data).exists()

    assert search.find("ferry").article_ids == []
    catch_up(search)

    assert search.find("ferry").article_ids == ["art_c", "art_a"]


def test_two_dashboards_share_an_index_and_one_goes_on_where_the_other_stopped(
    copied: tuple[Path, Search], monkeypatch: pytest.MonkeyPatch
) -> None:
    data, search = copied
    shutil.rmtree(search_folder(data))
    monkeypatch.setattr(searching, "BATCH", 1)
    other = Search(data, search._opened)

    assert search.step()
    assert other.step()
    assert other.find("ferry").n_indexed == 2
    catch_up(search)

    assert not other.step()
    assert [one.find("ferry").n_indexed for one in (search, other)] == [3, 3]
    assert search.find("ferry").article_ids == ["art_c", "art_a"]


def test_a_publication_alone_has_its_index_elsewhere_and_takes_it_along(newsroom: Newsroom, tmp_path: Path) -> None:
    shutil.copyfile(newsroom.ledger.data / "news.duckdb", tmp_path / "news.duckdb")
    search = Search(tmp_path, newsroom.opened)
    folder = search._folder

    catch_up(search)

    assert len(search.find("ferry").article_ids) == 2
    assert [file.name for file in tmp_path.iterdir()] == ["news.duckdb"]
    search.close()
    assert not folder.exists()


def test_the_index_is_kept_up_by_itself(newsroom: Newsroom) -> None:
    search = Search(newsroom.ledger.data, newsroom.opened)

    search.start()
    search.close()

    assert search.find("ferry").n_indexed == 3
