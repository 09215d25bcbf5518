"""A pass over sources of the web: what is asked, what comes into the archive, what is remembered. Real HTTP."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

from flows.collect.archive import Archive, scan_raw
from flows.collect.forgotten import Tombstone, write_tombstones
from flows.collect.memory import forget_pages, memory_path, open_memory
from flows.collect.web import collect_web
from flows.doctor import examine
from flows.schema import stable_id
from flows.settings import Collecting, Settings
from flows.sources import Source
from flows.warehouse.lock import hold_run
from tests.newsroom import Newsroom, Reply, open_newsroom, write_article

RULES = Collecting(
    pause_seconds=0,
    wait_seconds=0,
    poll_least_minutes=0,
    poll_most_minutes=0,
    recheck_least_minutes=0,
    read_seconds=2,
    whole_seconds=4,
)


@pytest.fixture
def room() -> Iterator[Newsroom]:
    """A site with three articles in its feed."""
    with open_newsroom() as site:
        for number in range(3):
            site.write(f"/news/{number}", write_article(number))
        site.listed = ["/news/0", "/news/1", "/news/2"]
        yield site


Pass = Callable[..., pl.DataFrame]


@pytest.fixture
def look(tmp_path: Path, room: Newsroom) -> Pass:
    """Make one pass over sources (the site's feed, if none is given); the outcomes of it."""
    n_passes = 0

    def one_pass(*sources: Source, rules: Collecting = RULES, named: bool = False) -> pl.DataFrame:
        nonlocal n_passes
        n_passes += 1
        given = sources or (of(room, "/feed"),)
        archive = Archive(tmp_path / "raw")
        memory = open_memory(tmp_path, archive, is_needed=True)
        assert memory
        settings = Settings(tmp_path, given, collecting=rules, are_named=named)
        for _ in collect_web(archive, memory, given, settings, f"run-{n_passes}"):
            pass
        told = memory.outcomes()
        memory.drop_outcomes()
        memory.close()
        return told.with_columns(pl.col("input").str.replace(room.url, "", literal=True))

    return one_pass


def of(room: Newsroom, path: str, kind: str = "feed", name: str = "room") -> Source:
    return Source(name, kind, url=f"{room.url}{path}", allow_private=True)


def words(told: pl.DataFrame) -> dict[str, str]:
    """Outcomes by address."""
    return dict(told.select("input", "outcome").iter_rows())


def archived(folder: Path) -> pl.DataFrame:
    """Articles of the archive."""
    return scan_raw(Archive(folder / "raw").files()).filter(pl.col("article_id").is_not_null()).collect()


def test_a_feeds_pages_come_into_the_archive_with_how_they_came(look: Pass, room: Newsroom, tmp_path: Path) -> None:
    look()

    row = archived(tmp_path).filter(pl.col("url").str.ends_with("/news/1")).row(0, named=True)
    assert row["body"] == write_article(1).encode()
    assert (row["status"], row["kind"], row["final_url"]) == (200, "html", f"{room.url}/news/1")
    assert {"name": "etag", "value": room.pages["/news/1"].etag} in row["headers"]
    assert row["asked_at"] <= row["fetched_at"]
    assert (row["listed_by"], row["listed_title"]) == (f"{room.url}/feed", "/news/1")


def test_every_address_has_one_outcome(look: Pass) -> None:
    told = look()

    assert words(told) == {"/feed": "read", "/news/0": "new", "/news/1": "new", "/news/2": "new"}
    assert told.height == 4


def test_a_second_pass_over_the_unchanged_site_is_sent_no_page(look: Pass, room: Newsroom) -> None:
    look()
    room.sent.clear()

    told = look()

    assert words(told) == {"/feed": "not modified"} | {f"/news/{n}": "not modified" for n in range(3)}
    assert sum(room.sent.values()) == 0


def test_pages_that_are_not_due_are_not_asked_and_are_counted_with_their_feed(look: Pass, room: Newsroom) -> None:
    rules = replace(RULES, recheck_least_minutes=60)
    look(rules=rules)
    room.write("/news/3", write_article(3))
    room.listed.insert(0, "/news/3")

    told = look(rules=rules)

    assert words(told) == {"/feed": "read", "/news/3": "new"}
    (feed,) = told.filter("is_source").rows(named=True)
    assert (feed["n_documents"], feed["n_known"]) == (4, 3)


def test_a_feed_that_is_not_due_is_left_alone_unless_it_is_named(look: Pass, room: Newsroom) -> None:
    rules = replace(RULES, poll_least_minutes=30, poll_most_minutes=60, recheck_least_minutes=60)
    look(rules=rules)

    assert look(rules=rules).is_empty()
    assert words(look(rules=rules, named=True)) == {"/feed": "not modified"}


def test_a_story_that_three_feeds_list_is_fetched_once(look: Pass, room: Newsroom) -> None:
    link = f"{room.url}/news/0"
    for number in range(3):
        tracked = f"<rss><channel><item><link>{link}?utm_source=feed{number}</link></item></channel></rss>"
        room.pages[f"/feed-{number}"] = Reply(tracked.encode(), kind="text/xml")

    told = look(*(of(room, f"/feed-{number}", name=f"feed-{number}") for number in range(3)))

    assert room.asked["/news/0"] == 1
    assert told.filter("is_source")["n_known"].sum() == 2


def test_a_page_that_changed_is_archived_again_under_the_same_id(look: Pass, room: Newsroom, tmp_path: Path) -> None:
    look()
    room.write("/news/1", write_article(1, killed=9))

    told = look()

    assert words(told)["/news/1"] == "changed"
    ids = archived(tmp_path).filter(pl.col("url").str.ends_with("/news/1"))["article_id"].to_list()
    assert ids == [stable_id("art", f"https://{room.url.removeprefix('http://')}/news/1")] * 2


def test_a_feeds_cursor_stays_where_an_item_of_it_could_not_be_had(look: Pass, room: Newsroom) -> None:
    room.write("/news/1", "try later", 500)
    look()
    room.write("/news/1", write_article(1))
    room.sent.clear()

    told = look()

    assert words(told)["/news/1"] == "new"
    assert room.sent["/feed"] == 1


def test_a_page_on_a_bad_day_is_had_later_though_its_feed_has_dropped_it(look: Pass, room: Newsroom) -> None:
    room.write("/news/1", "try later", 500)
    look()
    room.write("/news/1", write_article(1))
    room.listed.remove("/news/1")

    assert words(look())["/news/1"] == "new"


def test_what_a_pass_has_no_time_for_the_next_one_fetches(look: Pass, tmp_path: Path) -> None:
    cut = look(rules=replace(RULES, run_minutes=1e-9))
    whole = look()

    assert set(cut["verdict"]) == {"deferred"}
    assert words(whole)["/news/2"] == "new"
    assert archived(tmp_path).height == 3


def test_an_address_that_leads_to_the_front_page_is_no_article(look: Pass, room: Newsroom, tmp_path: Path) -> None:
    room.write("/", write_article(99))
    room.pages["/news/1"] = Reply(status=301, moved_to="/")

    told = look()

    assert words(told)["/news/1"] == "moved to the front page"
    assert archived(tmp_path).height == 2


def test_an_item_without_an_address_is_counted_with_its_title(look: Pass, room: Newsroom) -> None:
    feed = "<rss><channel><item><title>Nowhere</title><description>x</description></item></channel></rss>"
    room.pages["/nameless"] = Reply(feed.encode(), kind="text/xml")

    told = look(of(room, "/nameless"))

    (item,) = told.filter(~pl.col("is_source")).rows(named=True)
    assert (item["input"], item["outcome"], item["detail"]) == ("/nameless#1", "item without address", "Nowhere")


@pytest.mark.parametrize("path", ["/feed", "/map.xml", "/news/1"])
def test_a_bare_address_shows_by_its_answer_what_it_is(path: str, look: Pass, room: Newsroom, tmp_path: Path) -> None:
    locs = "".join(f"<url><loc>{room.url}{listed}</loc></url>" for listed in room.listed)
    sitemap = f"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>{locs}</urlset>"
    room.pages["/map.xml"] = Reply(sitemap.encode(), kind="application/xml")

    look(of(room, path, "url"), named=True)

    assert archived(tmp_path).height == (1 if path == "/news/1" else 3)


def test_an_index_of_sitemaps_is_gone_into_and_the_site_pages_come(look: Pass, room: Newsroom, tmp_path: Path) -> None:
    for number in range(3):
        loc = f"<urlset><url><loc>{room.url}/news/{number}</loc></url></urlset>"
        room.pages[f"/map-{number}.xml"] = Reply(loc.encode(), kind="application/xml")
    children = "".join(f"<sitemap><loc>{room.url}/map-{number}.xml</loc></sitemap>" for number in range(3))
    room.pages["/index.xml"] = Reply(f"<sitemapindex>{children}</sitemapindex>".encode(), kind="application/xml")

    told = look(of(room, "/index.xml", "sitemap"))

    assert archived(tmp_path).height == 3
    assert told.height == 1 + 3 + 3


def test_sitemaps_of_an_index_that_are_not_due_are_counted_with_it(look: Pass, room: Newsroom) -> None:
    rules = replace(RULES, poll_least_minutes=30, poll_most_minutes=60, recheck_least_minutes=60)
    loc = f"<urlset><url><loc>{room.url}/news/0</loc></url></urlset>"
    room.pages["/map.xml"] = Reply(loc.encode(), kind="application/xml")
    index = f"<sitemapindex><sitemap><loc>{room.url}/map.xml</loc></sitemap></sitemapindex>"
    room.pages["/index.xml"] = Reply(index.encode(), kind="application/xml")
    look(of(room, "/index.xml", "sitemap"), rules=rules)

    told = look(of(room, "/index.xml", "sitemap"), rules=rules, named=True)

    assert words(told) == {"/index.xml": "read"}
    assert told.select("n_documents", "n_known").row(0) == (1, 1)


def test_the_newest_of_what_is_listed_is_asked_first(look: Pass, room: Newsroom, tmp_path: Path) -> None:
    days = {"/news/0": "2026-01-02", "/news/1": "2026-01-03", "/news/2": "2026-01-01"}
    urls = (f"<url><loc>{room.url}{path}</loc><lastmod>{day}</lastmod></url>" for path, day in days.items())
    room.pages["/map.xml"] = Reply(f"<urlset>{''.join(urls)}</urlset>".encode(), kind="application/xml")

    look(of(room, "/map.xml", "sitemap"))

    asked = archived(tmp_path).sort("asked_at")["url"].str.slice(-6).to_list()
    assert asked == ["news/1", "news/0", "news/2"]


def test_a_page_at_a_feeds_address_is_told(look: Pass, room: Newsroom) -> None:
    told = look(of(room, "/news/1"))

    (feed,) = told.rows(named=True)
    assert (feed["outcome"], feed["verdict"]) == ("no feed", "broken")


def test_a_source_that_is_one_page_is_read_anew_when_it_changes(look: Pass, room: Newsroom, tmp_path: Path) -> None:
    live = of(room, "/news/1", "page")
    first = words(look(live))
    room.write("/news/1", write_article(1, killed=8))

    assert first == {"/news/1": "new"}
    assert words(look(live)) == {"/news/1": "changed"}
    assert archived(tmp_path).height == 2


def test_a_lost_memory_is_made_again_from_the_archive(look: Pass, room: Newsroom, tmp_path: Path) -> None:
    rules = replace(RULES, recheck_least_minutes=60)
    look(rules=rules)
    for file in memory_path(tmp_path).parent.glob("collecting.sqlite*"):
        file.unlink()
    room.asked.clear()

    look(rules=rules)

    assert room.asked == {"/robots.txt": 1, "/feed": 1}


def test_robots_txt_is_asked_for_once_a_day(look: Pass, room: Newsroom) -> None:
    look()
    look()

    assert room.asked["/robots.txt"] == 1


def test_addresses_of_this_machine_are_asked_only_for_a_source_that_allows_it(look: Pass, room: Newsroom) -> None:
    told = look(replace(of(room, "/feed"), allow_private=False))

    assert words(told) == {"/feed": "private address"}
    assert not room.asked


def test_a_memory_that_is_damaged_is_named_and_the_doctor_sets_it_aside(look: Pass, tmp_path: Path) -> None:
    look()
    for log in memory_path(tmp_path).parent.glob("collecting.sqlite-*"):
        log.unlink()
    memory_path(tmp_path).write_bytes(b"no database" * 1000)
    with pytest.raises(OSError, match=r"collecting\.sqlite: .*newsledger doctor"):
        look()

    with hold_run(tmp_path, "doctor", datetime.now(UTC)) as hold:
        (finding,) = examine(tmp_path, hold)

    assert finding.where == memory_path(tmp_path)
    assert words(look())["/feed"] == "read"


def test_what_was_taken_down_is_not_asked_for_and_its_address_is_not_kept(
    look: Pass, room: Newsroom, tmp_path: Path
) -> None:
    gone = stable_id("art", f"https://{room.url.removeprefix('http://')}/news/1")
    write_tombstones(tmp_path, [Tombstone(gone, datetime(2026, 1, 1, tzinfo=UTC), "a court's order")])

    told = look()
    named = look(of(room, "/news/1", "page", "live"))

    assert room.asked["/news/1"] == 0
    assert words(told) == {"/feed": "read", "/news/0": "new", "/news/2": "new"}
    assert words(named) == {gone: "forgotten"}


def test_the_memory_forgets_a_page_for_good(look: Pass, room: Newsroom, tmp_path: Path) -> None:
    look()
    gone = stable_id("art", f"https://{room.url.removeprefix('http://')}/news/1")

    forget_pages(tmp_path, {gone})

    kept = b"".join(file.read_bytes() for file in memory_path(tmp_path).parent.glob("collecting.sqlite*"))
    assert b"/news/0" in kept
    assert b"/news/1" not in kept
