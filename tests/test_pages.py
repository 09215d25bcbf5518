"""trafilatura is in the path: the seeds set into HTML pages give the same bodies, counts and tolls as plain text."""

import html
from pathlib import Path

import pytest

from tests.against_gold import (
    compare_claims,
    compare_counts,
    compare_quotes,
    compare_texts,
    compare_tolls,
    read_gold,
    read_ledger,
)
from tests.conftest import SEEDS, Run

PAGE = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>{title}The Example Courier</title>{meta}
<style>.ad {{ color: red }}</style><script>window.ads = [1, 2, 3];</script></head>
<body>
<header><a href="/">The Example Courier</a>
<nav><ul><li><a href="/world">World</a></li><li><a href="/politics">Politics</a></li>
<li><a href="/sport">Sport</a></li></ul></nav></header>
<aside class="advert ad"><p>Save 40 percent on garden chairs: 12 people bought one today.</p></aside>
<main><article><div class="article-body">
{body}
</div>
<div class="share-bar"><a href="#">Facebook</a> <a href="#">Twitter</a> <a href="#">E-mail</a></div></article></main>
<section id="comments" class="comments"><h3>3 comments</h3>
<div class="comment"><p>I heard that 500 people were killed, said nobody.</p></div></section>
<footer><p>Copyright The Example Courier. All rights reserved.</p></footer>
</body></html>
"""
HEADLINES = {row["article"]: row["title"] for row in read_gold("articles")}


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory, run_pass: Run) -> Path:
    folder = tmp_path_factory.mktemp("pages")
    for file in SEEDS.glob("*.txt"):
        lines = [line.strip() for line in file.read_text("utf-8").split("\n") if line.strip()]
        body = "\n".join(f"<p>{html.escape(line, quote=False)}</p>" for line in lines)
        page = folder / "articles" / f"{file.stem}.html"
        page.parent.mkdir(exist_ok=True)
        title = HEADLINES.get(file.stem)
        shown = f"{html.escape(title)} | " if title else ""
        meta = f'<meta property="og:title" content="{html.escape(title)}">' if title else ""
        page.write_text(PAGE.format(body=body, title=shown, meta=meta), "utf-8")
    return run_pass(folder / "data", folder / "articles")


def test_pages_are_read_by_trafilatura(published: Path) -> None:
    extractors = {row["extractor"] for row in read_ledger(published, "SELECT extractor FROM articles")}

    assert all(extractor.startswith("trafilatura ") for extractor in extractors)


def test_bodies_are_those_of_the_plain_texts(published: Path, seeds_data: Path) -> None:
    query = "SELECT input, text FROM articles"
    pages = {row["article"]: row["text"].replace("\u00a0", " ") for row in read_ledger(published, query)}
    texts = {
        row["article"]: row["text"].replace("\u00a0", " ") for row in read_ledger(seeds_data / "news.duckdb", query)
    }

    assert pages == texts
    assert compare_texts(published, lambda text: text.replace("\u00a0", " ")) == []


def test_facts_and_tolls_are_those_of_the_plain_texts(published: Path) -> None:
    counts, claims = compare_counts(published), compare_claims(published)

    assert (counts.missed, counts.extra) == ([], [])
    assert (claims.missed, claims.extra) == ([], [])
    assert compare_quotes(published).missed == []
    assert compare_tolls(published) == []


def test_nothing_around_the_article_gets_in(published: Path) -> None:
    texts = "\n".join(row["text"] for row in read_ledger(published, "SELECT text FROM articles"))

    for alien in ("garden chairs", "500 people", "Example Courier", "Facebook\n"):
        assert alien not in texts
