"""One extractor over a folder of pages, a process of its own: `python tool.py NAME PAGES OUT`.

It runs in the environment of its extractor, so it imports that one alone and else what Python has. Each is called as
its own documentation says for HTML already in hand, with the page's address where that helps it, and reaches no
network: a socket that connects is an error of that page. PAGES holds `addresses.json` (names and URLs) and the pages;
OUT gets `articles.jsonl` (name, title, authors, published, text, error) and `cost.json`.
"""

import json
import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from importlib.metadata import version
from itertools import islice
from pathlib import Path
from typing import Any

Page = tuple[str, str, str]  # name, URL, HTML
Article = dict[str, Any]
BATCH = 24e6  # bytes that ours cleans at once, as in a run
BLOCKS = ("p", "div", "br", "li", "h1", "h2", "h3", "h4", "blockquote", "tr", "pre")
WARM = 3  # pages before the clock starts


def newspaper4k() -> Callable[[str, str], Article]:
    from newspaper import Article, Config

    config = Config()
    config.fetch_images = False

    def read(url: str, html: str) -> Article:
        found = Article(url, config=config)
        found.download(input_html=html)
        found.parse()
        return told(found.title, found.authors, found.publish_date, found.text)

    return read


def news_please() -> Callable[[str, str], Article]:
    from newsplease import NewsPlease

    def read(url: str, html: str) -> Article:
        found = NewsPlease.from_html(html, url=url, fetch_images=False)
        return told(found.title, found.authors, found.date_publish, found.maintext)

    return read


def readability_lxml() -> Callable[[str, str], Article]:
    import lxml.html
    from readability import Document

    def read(url: str, html: str) -> Article:
        found = Document(html)
        body = lxml.html.fromstring(found.summary())
        for block in body.iter(*BLOCKS):
            block.tail = "\n" + (block.tail or "")
        author = found.author()
        return told(found.title(), [author] if author and author != "[no-author]" else [], None, body.text_content())

    return read


def goose3() -> Callable[[str, str], Article]:
    from goose3 import Goose

    goose = Goose()

    def read(url: str, html: str) -> Article:
        found = goose.extract(raw_html=html)
        return told(found.title, found.authors, found.publish_datetime_utc, found.cleaned_text)

    return read


def resiliparse() -> Callable[[str, str], Article]:
    from resiliparse.extract.html2text import extract_plain_text
    from resiliparse.parse.html import HTMLTree

    def read(url: str, html: str) -> Article:
        tree = HTMLTree.parse(html)
        return told(tree.title, [], None, extract_plain_text(tree, main_content=True))

    return read


def trafilatura() -> Callable[[str, str], Article]:
    from trafilatura import bare_extraction

    def read(url: str, html: str) -> Article:
        found = bare_extraction(html, url=url, with_metadata=True)
        if found is None or isinstance(found, dict):  # never a dict: as_dict is not asked for
            return told(None, [], None, None)
        day = datetime.fromisoformat(found.date) if found.date else None
        return told(found.title, (found.author or "").split("; "), day, found.text)

    return read


def told(title: str | None, authors: Iterable[str], published: datetime | None, text: str | None) -> Article:
    """An article; a publication time without a clock is known to the day."""
    is_day = published is not None and not (published.hour or published.minute or published.second)
    return {
        "title": title or None,
        "authors": [name for name in authors if name],
        "published": published.isoformat() if published else None,
        "precision": None if published is None else "day" if is_day else "second",
        "text": text or "",
        "error": None,
    }


def one_by_one(read: Callable[[str, str], Article]) -> Callable[[list[Page]], list[Article]]:
    """A reader of pages; what it raises is that page's error, and its text is empty."""

    def read_all(pages: list[Page]) -> list[Article]:
        found = []
        for name, url, html in pages:
            try:
                found.append({"name": name, **read(url, html)})
            except Exception as problem:
                article = told(None, [], None, None)
                found.append({"name": name, **article, "error": f"{type(problem).__name__}: {problem}"[:200]})
        return found

    return read_all


def newsledger() -> Callable[[list[Page]], list[Article]]:
    """Ours: the clean stage over a run's frames."""
    from flows.clean import clean
    from flows.collect.archive import frame_documents
    from flows.collect.documents import Document

    now = datetime.now(UTC)

    def read_all(pages: list[Page]) -> list[Article]:
        documents = [Document("peers", name, html.encode(), "html", name, url, None, now) for name, url, html in pages]
        articles = {row["article_id"]: row for row in clean(frame_documents(documents))[0].iter_rows(named=True)}
        found = []
        for name, _, _ in pages:
            row = articles.get(name)
            if row is None:
                found.append({"name": name, **told(None, [], None, None), "error": "rejected"})
                continue
            article = told(row["title"], row["authors"] or [], row["published_at"], row["text"])
            found.append({"name": name, **article, "precision": row["published_precision"]})
        return found

    return read_all


PEERS = {
    "newspaper4k": newspaper4k,
    "news-please": news_please,
    "readability-lxml": readability_lxml,
    "goose3": goose3,
    "resiliparse": resiliparse,
    "trafilatura": trafilatura,
}


def batches(folder: Path, size: float) -> Iterator[list[Page]]:
    """The pages of a folder, so many bytes at once."""
    pages: list[Page] = []
    n_bytes = 0
    for name, url in json.loads((folder / "addresses.json").read_text("utf-8")).items():
        pages.append((name, url, (folder / f"{name}.html").read_text("utf-8")))
        n_bytes += len(pages[-1][2])
        if n_bytes >= size:
            yield pages
            pages, n_bytes = [], 0
    if pages:
        yield pages


def stay_off_the_network() -> None:
    """From now on a socket that connects or a name that is looked up raises ConnectionError."""

    def refuse(event: str, _: tuple[object, ...]) -> None:
        if event in ("socket.connect", "socket.getaddrinfo"):
            raise ConnectionError("the network is out of bounds here")

    sys.addaudithook(refuse)


def main(name: str, folder: Path, out: Path) -> None:
    """Read all pages on one core and write what was found and what it took: seconds of processor."""
    with suppress(AttributeError):  # only Linux pins
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    stay_off_the_network()
    read_all = newsledger() if name == "newsledger" else one_by_one(PEERS[name]())
    read_all([page for pages in islice(batches(folder, 1), WARM) for page in pages])
    start_up = time.process_time()
    seconds = 0.0
    with (out / "articles.jsonl").open("w", encoding="utf-8") as file:
        for pages in batches(folder, BATCH if name == "newsledger" else 1):
            start = time.process_time()
            found = read_all(pages)
            seconds += time.process_time() - start
            file.writelines(json.dumps(article) + "\n" for article in found)
    # VmHWM begins anew in a new program; ru_maxrss goes on from that of the process that started it.
    status = Path("/proc/self/status").read_text("ascii")
    peak = int(status.split("VmHWM:")[1].split()[0]) / 1000
    cost = {"seconds": seconds, "start_up": start_up, "megabytes": peak, "version": version(name)}
    (out / "cost.json").write_text(json.dumps(cost), "utf-8")


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
