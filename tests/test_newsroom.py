"""A news site on loopback, passed over again and again while it lives: what appears, changes, moves, vanishes, comes
back. The ledger holds each revision once, with its time."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.against_gold import read_ledger
from tests.conftest import LONG, Run
from tests.newsroom import Newsroom, Reply, open_newsroom, write_article

CONFIG = """
[collect]
contact = "desk@news.example"
pause_seconds = 0
wait_seconds = 0
poll_least_minutes = 0
poll_most_minutes = 0
recheck_least_minutes = 0

[[source]]
name = "newsroom"
type = "feed"
url = "{url}/feed"
allow_private = true
"""
LISTED = 8  # a feed shows its latest
Row = dict[str, object]


def write_config(room: Newsroom, folder: Path) -> Path:
    """A config whose every page is due in every pass."""
    config = folder / "sources.toml"
    config.write_text(CONFIG.format(url=room.url), "utf-8")
    return config


@dataclass
class Life:
    """What 20 passes left: the published file, when each pass began and ended, the requests of each pass by path."""

    published: Path
    passes: list[tuple[datetime, datetime]] = field(default_factory=list)
    asked: list[dict[str, int]] = field(default_factory=list)
    url: str = ""

    def rows(self, sql: str) -> list[Row]:
        """A query's rows."""
        return read_ledger(self.published, sql)


def happen(room: Newsroom, number: int) -> None:
    """What happens at the site before a pass."""
    path = f"/news/{number}"
    room.write(path, write_article(number))
    room.listed = [path, *room.listed][:LISTED]
    events: dict[int, Callable[[], object]] = {
        5: lambda: room.write("/news/2", write_article(2, killed=5)),
        6: lambda: move(room, "/news/3", "/world/3"),
        7: lambda: room.write("/news/4", "no more", 404),
        8: lambda: room.write("/news/5", "no more", 410),
        9: lambda: (room.write("/news/2", write_article(2, killed=7)), room.write("/news/7", "no more", 404)),
        12: lambda: room.write("/news/4", write_article(4)),
        14: lambda: room.write("/news/7", write_article(7, killed=4)),
        15: lambda: room.write("/news/5", write_article(5)),
    }
    events.get(number, lambda: None)()
    if number >= 6:  # an advertisement that is another one each time
        page = write_article(6).replace("</body>", f"<script>ad({number})</script></body>")
        room.write("/news/6", page)


def move(room: Newsroom, old: str, new: str) -> None:
    """An article gets another address; the old one leads to it."""
    room.pages[new] = room.pages[old]
    room.pages[old] = Reply(status=301, moved_to=new)
    room.listed = [new if path == old else path for path in room.listed]


@pytest.fixture(scope="module")
def life(run_pass: Run, tmp_path_factory: pytest.TempPathFactory) -> Life:
    """Twenty passes over the site; in the tenth its feed is broken, in the eleventh empty."""
    folder = tmp_path_factory.mktemp("newsroom")
    with open_newsroom() as room:
        config = write_config(room, folder)
        told = Life(folder / "data" / "news.duckdb", url=room.url)
        for number in range(1, 21):
            happen(room, number)
            listed, room.failing = room.listed, number == 10
            if number == 11:
                room.listed = []
            began = datetime.now(UTC)
            run_pass(folder / "data", config=config)
            told.passes.append((began, datetime.now(UTC)))
            told.asked.append(dict(room.asked))
            room.listed = listed
            room.asked.clear()
    return told


pytestmark = [pytest.mark.proof, pytest.mark.slow, LONG]


def test_each_article_is_there_and_each_revision_of_it_once(life: Life) -> None:
    rows = life.rows("SELECT url, list(revision ORDER BY revision) AS revisions FROM revisions GROUP BY url")

    found = {str(row["url"]).removeprefix(life.url): row["revisions"] for row in rows}
    wanted = {f"/news/{number}": [1] for number in range(1, 21)}
    assert found == wanted | {"/news/2": [1, 2, 3], "/news/7": [1, 2], "/world/3": [1]}


def test_each_revision_has_the_time_of_the_pass_that_saw_it_first(life: Life) -> None:
    rows = life.rows("SELECT url, revision, first_seen_at, fetched_at FROM revisions")

    seen_in = {
        (str(row["url"]).removeprefix(life.url), row["revision"]): [
            number
            for number, (began, ended) in enumerate(life.passes, 1)
            if began <= row["first_seen_at"] <= ended and began <= row["fetched_at"] <= ended  # type: ignore[operator]
        ]
        for row in rows
    }
    wanted = {(f"/news/{number}", 1): [number] for number in range(1, 21)}
    later = {("/news/2", 2): [5], ("/news/2", 3): [9], ("/news/7", 2): [14], ("/world/3", 1): [6]}
    later |= {("/news/10", 1): [12], ("/news/11", 1): [12]}  # its feed was broken, then empty
    assert seen_in == wanted | later


def test_the_figure_of_a_revision_is_the_one_that_stood_there(life: Life) -> None:
    rows = life.rows(
        "SELECT c.revision, c.value FROM counts_history AS c JOIN articles AS a USING (article_id) "
        "WHERE c.kind = 'killed' AND a.url LIKE '%/news/2' ORDER BY 1"
    )

    assert [(row["revision"], row["value"]) for row in rows] == [(1, 3), (2, 5), (3, 7)]


def test_an_address_that_leads_elsewhere_is_asked_once_more_and_no_more(life: Life) -> None:
    assert [number for number, asked in enumerate(life.asked, 1) if asked.get("/news/3")] == [3, 4, 5, 6]


def test_an_article_at_a_new_address_is_a_copy_of_what_it_was(life: Life) -> None:
    rows = life.rows(
        "SELECT a.url, b.url AS of FROM copies AS c JOIN articles AS a USING (article_id) "
        "JOIN articles AS b ON b.article_id = c.copy_of WHERE c.reason = 'exact'"
    )

    pairs = [{str(row["url"]).removeprefix(life.url), str(row["of"]).removeprefix(life.url)} for row in rows]
    assert pairs == [{"/news/3", "/world/3"}]


def test_a_page_that_is_gone_for_good_is_not_asked_again(life: Life) -> None:
    assert [number for number, asked in enumerate(life.asked, 1) if asked.get("/news/5")] == [5, 6, 7, 8]


def test_an_advertisement_that_changes_makes_no_revision(life: Life) -> None:
    (row,) = life.rows("SELECT count(*) AS n FROM repeats JOIN articles USING (article_id) WHERE url LIKE '%/news/6'")

    assert row["n"] == 20 - 6


def test_every_address_has_one_outcome_a_run(life: Life) -> None:
    rows = life.rows("SELECT run_id, input, count(*) AS n FROM fetches GROUP BY ALL HAVING n > 1")
    (sums,) = life.rows("SELECT count(*) AS n_rows, count(DISTINCT run_id) AS n_runs FROM fetches")

    pages = sum(1 for asked in life.asked for path in asked if path not in ("/robots.txt", "/world/3"))
    assert rows == []
    assert sums["n_runs"] == 20
    assert pages <= sums["n_rows"] <= pages + 15  # and the new address where it is asked by itself


def test_the_broken_and_the_empty_pass_of_the_feed_are_told(life: Life) -> None:
    rows = life.rows(
        "SELECT run_no, outcome FROM fetches JOIN runs USING (run_id) WHERE is_source AND outcome <> 'read' ORDER BY 1"
    )
    warned = life.rows("SELECT run_no FROM run_warnings JOIN runs USING (run_id) WHERE promise LIKE 'sources%'")

    assert [(row["run_no"], row["outcome"]) for row in rows] == [(10, "server error"), (11, "nothing listed")]
    assert {10, 11} <= {row["run_no"] for row in warned}
