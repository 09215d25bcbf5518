"""One page, from `newsledger run page.html` to `explain`: what stayed, what went and why, and why this title."""

from pathlib import Path

import pytest

from tests.conftest import Command

PAGE = """<html><head><title>Bridge falls in Lyon | The Courier</title>
<meta property="og:title" content="Bridge falls in Lyon"><meta property="og:site_name" content="The Courier">
<meta property="article:published_time" content="2024-05-14T20:57:43+02:00"></head>
<body><article><h1>Bridge falls in Lyon</h1><p>By Ada Lo</p>
<p>LYON, France (AP) — Three people were killed when a bridge fell on Monday, the police said in a statement.</p>
<p>Share this story with your friends!</p>
<p>The mayor said that the city would build another one and that nobody had expected this to happen so soon.</p>
<p>[ad_1]</p></article></body></html>"""


@pytest.mark.proof
def test_a_page_is_shown_as_it_was_cleaned_and_again_by_its_id(tmp_path: Path, command: Command) -> None:
    (tmp_path / "page.html").write_text(PAGE, "utf-8")

    status, shown = command("run", "page.html", "--data", tmp_path / "data", cwd=tmp_path)
    _, ids = command("query", "SELECT article_id FROM articles", "--format", "csv", "--data", tmp_path / "data")
    again, explained = command("explain", ids.split()[1], "--data", tmp_path / "data")

    assert (status, again) == (0, 0)
    for told in (shown, explained):
        assert "taken Bridge falls in Lyon (meta og:title)" in told
        assert "not   Bridge falls in Lyon | The Courier (title)" in told
        assert "taken By Ada Lo (text)" in told
        assert "taken 2024-05-14T20:57:43+02:00 (meta article:published_time)" in told
        assert "- Share this story with your friends! (share_line)" in told
        assert "- [ad_1] (ad_marker)" in told
        assert "    LYON, France (AP) — Three people were killed" in told
