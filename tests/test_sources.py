"""`newsledger sources`: what a site offers, and what one source would give, asked over real HTTP."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from flows.cli.commands import app
from tests.newsroom import Newsroom, Reply, open_newsroom, write_article


@pytest.fixture
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Newsroom]:
    """A site with a feed of two articles that its front page names."""
    monkeypatch.chdir(tmp_path)
    with open_newsroom() as site:
        site.pages["/"] = Reply(b"<html><link rel=alternate type=application/rss+xml href=/feed><p>News")
        for number in range(2):
            site.write(f"/news/{number}", write_article(number))
            site.listed.append(f"/news/{number}")
        yield site


def say(*words: str) -> tuple[int, str]:
    """What a command says, and its exit status; hosts are asked without a pause."""
    Path("quick.toml").write_text("[collect]\npause_seconds = 0\n", "utf-8")
    given = [*words] if "--config" in words else [*words, "--config", "quick.toml"]
    result = CliRunner(env={"COLUMNS": "300"}).invoke(app, ["sources", *given])
    return result.exit_code, result.output


def test_the_feeds_of_a_site_are_found_and_tried(room: Newsroom) -> None:
    status, said = say("find", room.url, "--allow-private")

    assert status == 0
    assert f"{room.url}/feed  feed, 2 items; Newsroom (a link of the page)" in said


def test_a_site_without_feeds_is_told(room: Newsroom) -> None:
    room.pages["/"] = Reply(b"<html><p>News")
    room.failing = True

    status, said = say("find", room.url, "--allow-private")

    assert status == 1
    assert "no feed and no sitemap found" in said


def test_a_source_is_tried_down_to_its_first_page_and_nothing_is_kept(room: Newsroom, tmp_path: Path) -> None:
    status, said = say("check", f"{room.url}/feed", "--allow-private")

    assert status == 0
    assert "feed  Newsroom, 2 items" in said
    assert "Wall number 0 falls" in said
    assert [file.name for file in tmp_path.iterdir()] == ["quick.toml"]


def test_a_source_that_is_refused_says_why(room: Newsroom) -> None:
    status, said = say("check", f"{room.url}/feed")

    assert status == 1
    assert "private address" in said
    assert "--allow-private" in said


def test_a_configured_source_is_tried_by_its_name(room: Newsroom, tmp_path: Path) -> None:
    config = tmp_path / "mine.toml"
    table = f"[[source]]\nname = 'room'\ntype = 'feed'\nurl = '{room.url}/news/1'\nallow_private = true\n"
    config.write_text(table, "utf-8")

    status, said = say("check", "room", "--config", str(config))

    assert status == 1
    assert "no feed" in said
    assert "sources find" in said
