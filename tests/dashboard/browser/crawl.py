"""Walk a dashboard from link to link, a few pages of each sort, and say what each is made of."""

import re
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from tests.dashboard.browser.tab import Tab

START = ("/stories", "/sources", "/runs", "/sql")
# What no screen shows, and what HTML folds; what is left of a text is what a reader sees of it.
UNSEEN = re.compile(r"[\s\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\u061c\ufeff\u0300-\u036f\u0489]+")
LINKS = "[...document.querySelectorAll('a[href]')].map(link => link.href)"


class Seen(NamedTuple):
    """A page that was visited: its path and query, its `looks` (looks.js), all of its text, its links."""

    path: str
    looks: dict[str, Any]
    text: str
    links: list[str]


def crawl(tab: Tab, each: int, first: Sequence[str] = ()) -> Iterator[Seen]:
    """The pages `first`, then those that each page links to, `each` of a sort at most. All of them answer."""
    waiting = deque((path, "at first") for path in (*START, *first))
    known, visited = {*START, *first}, Counter[str]()
    while waiting:
        path, linked_by = waiting.popleft()
        if path not in (*START, *first):
            if visited[sort_of(path)] >= each:
                continue
            visited[sort_of(path)] += 1
        page = tab.visit(path)
        assert page.url == tab.base + path, f"{path}, linked by {linked_by}, led to {page.url}"
        tab.unfold()
        seen = Seen(path, tab.looks(), page.evaluate("document.body.textContent"), page.evaluate(LINKS))
        yield seen
        for link in seen.links:
            below = link.removeprefix(tab.base).partition("#")[0]
            if link.startswith(tab.base) and below not in known and not is_download(below):
                known.add(below)
                waiting.append((below, path))


def sort_of(path: str) -> str:
    """/stories and /stories/* and /stories?* are three sorts."""
    parts = urlsplit(path)
    return parts.path.split("/")[1] + "/*" * (parts.path.count("/") > 1) + "?*" * bool(parts.query)


def is_download(path: str) -> bool:
    """Whether an address gives no page but a file or the page's data."""
    return bool(re.match(r"/json/|/sql\.", path))


def folded(text: str) -> str:
    """A text as it can be found in a page."""
    return UNSEEN.sub("", text)
