"""The publication that is open: a newer one takes its place, and nobody reads half of one."""

import shutil
from pathlib import Path

import pytest

from flows.dashboard.editions import Edition, Editions, Pages
from flows.warehouse.file import published_path
from tests.small_ledger import SmallLedger, hour, told


def print_one_more(ledger: SmallLedger) -> None:
    """Publish another article."""
    number = ledger.number + 1
    ledger.write(f"a{number}", hour(number), told(number))
    ledger.publish(hour(number))
    ledger.hand_out()


def n_articles(edition: Edition) -> int:
    with edition.cursor() as con:
        return int(con.execute("SELECT count(*) FROM articles").fetchall()[0][0])


@pytest.fixture
def press(tmp_path: Path) -> SmallLedger:
    """A ledger of one published article."""
    press = SmallLedger(tmp_path / "data")
    print_one_more(press)
    return press


@pytest.mark.proof
def test_a_newer_publication_is_read_while_others_finish_the_older(press: SmallLedger) -> None:
    editions = Editions(press.data)

    with editions.read() as older:
        print_one_more(press)
        with editions.read() as newer:
            seen = (n_articles(older), n_articles(newer))

    assert seen == (1, 2)
    assert older.key != newer.key
    editions.close()


@pytest.mark.proof
def test_a_lone_file_that_is_replaced_is_read_anew(press: SmallLedger, tmp_path: Path) -> None:
    lone = tmp_path / "lone"
    lone.mkdir()
    shutil.copy(published_path(press.data), published_path(lone))
    editions = Editions(lone)
    with editions.read() as older:
        before = n_articles(older)
    print_one_more(press)
    shutil.copy(published_path(press.data), lone / "next")

    (lone / "next").replace(published_path(lone))

    with editions.read() as newer:
        assert (before, n_articles(newer)) == (1, 2)
    editions.close()


def test_a_query_of_a_page_can_not_write(press: SmallLedger) -> None:
    editions = Editions(press.data)

    with editions.cursor() as con, pytest.raises(Exception, match="read-only"):
        con.execute("DELETE FROM revisions")

    editions.close()


def test_kept_pages_stay_within_their_bytes_and_the_longest_unread_go_first() -> None:
    pages = Pages(most=10)
    pages.put("/a", b"aaaa")
    pages.put("/b", b"bbbb")
    pages.get("/a")

    pages.put("/c", b"cccc")

    assert [pages.get(name) for name in ("/a", "/b", "/c")] == [b"aaaa", None, b"cccc"]
