"""The feeds that feedparser is tested with: none crashes or hangs, and where a file's header states a title, a link or
a date, ours agrees. They lie beside the project (../shared); where they are absent the tests are skipped."""

import ast
import io
import re
import tarfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import NamedTuple
from urllib.parse import urljoin

import feedparser  # type: ignore[import-untyped]
import lxml.html
import pytest

from flows.collect.feeds import read_feed
from flows.collect.listing import Listing, NoListing
from tests.conftest import SHARED

FEEDS = SHARED / "fixtures" / "feeds.tar.gz"
SERVED_AT = "http://127.0.0.1:8097/"
HEADER = re.compile(r"\b(Header|Expect): *(.*?) *(?:-->.*)?$", re.M)
TITLES = {"title", "title_detail"}
DATES = {
    "published": "published",
    "issued": "published",
    "created": "published",
    "pubdate": "published",
    "updated": "updated",
    "modified": "updated",
    "date": "updated",
}
EXCEPTIONS = {
    "wellformed/sanitize/entry_title_crazy.xml": "a page as a title: feedparser shows its script, we do not",
    "wellformed/sanitize/feed_title_crazy.xml": "the same page as the feed's title",
    "wellformed/atom10/tag_in_attr.xml": "a title that is a picture, with a tag in its alt text",
}

pytestmark = pytest.mark.skipif(not FEEDS.is_file(), reason=f"{FEEDS.name} is not beside the project in ../shared")


class Statement(NamedTuple):
    """What a file's header says: of the feed (None) or an entry, which field, and the value."""

    file: str
    entry: int | None
    field: str
    stated: object


def test_no_feed_of_others_crashes_or_hangs() -> None:
    bodies = read_bodies()
    outcomes: dict[str, float] = {}

    for name, body in bodies.items():
        began = time.perf_counter()
        listing_of(name, body)
        outcomes[name] = time.perf_counter() - began

    assert len(outcomes) > 900
    assert max(outcomes.values()) < 2


def test_what_the_headers_state_is_what_is_read_but_for_the_exceptions_listed() -> None:
    bodies = read_bodies()
    statements = [one for name, body in bodies.items() for one in statements_of(name, body)]

    differing = {one.file: one for one in statements if not agrees(one, bodies[one.file])}

    assert len(statements) > 150
    assert differing.keys() == EXCEPTIONS.keys(), f"EXCEPTIONS is no longer true: {list(differing.values())}"
    assert len(differing) <= 0.02 * len(statements)


def read_bodies() -> dict[str, bytes]:
    with tarfile.open(FEEDS) as archive:
        files = [member for member in archive if member.isfile() and not member.name.startswith("./LICENSE")]
        return {one.name.removeprefix("./"): archive.extractfile(one).read() for one in files}  # type: ignore[union-attr]


def header_of(body: bytes) -> list[tuple[str, str]]:
    """The lines `Header:` and `Expect:` of the comment that a file begins with."""
    zeros = body[:400].count(0)
    encoding = "utf-8" if not zeros else "utf-32" if zeros > 250 else "utf-16"
    if zeros and not body.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding += "-be" if body.startswith(b"\0") else "-le"
    return HEADER.findall(body.decode(encoding, "replace"))


def served(name: str, body: bytes) -> tuple[str, str | None]:
    """The address and the Content-Type that a file's header has it served with."""
    stated = dict(value.partition(":")[::2] for key, value in header_of(body) if key == "Header")
    headers = {key.strip().lower(): value.strip() for key, value in stated.items()}
    return urljoin(f"{SERVED_AT}{name}", headers.get("content-location", "")), headers.get("content-type")


def listing_of(name: str, body: bytes) -> Listing | None:
    url, content_type = served(name, body)
    try:
        return read_feed(body, url, content_type)
    except NoListing:
        return None


def statements_of(name: str, body: bytes) -> Iterator[Statement]:
    """The comparisons of a header's `Expect` that are counted: titles, links and dates of the feed and its entries
    with a literal, joined by `and`. A feed's own date is not among them: a listing keeps none."""
    for expression in (value for key, value in header_of(body) if key == "Expect"):
        tree = ast.parse(expression, mode="eval").body
        for part in tree.values if isinstance(tree, ast.BoolOp) and isinstance(tree.op, ast.And) else [tree]:
            if isinstance(part, ast.Compare) and all(isinstance(one, ast.Eq) for one in part.ops):
                *fields, literal = [part.left, *part.comparators]
                for path in filter(None, map(path_of, fields)):
                    yield from counted(name, path, literal)


def path_of(node: ast.expr) -> list[object]:
    """`entries[0]['title']` and `entries[0].title` -> ["entries", 0, "title"]; [] for anything else."""
    if isinstance(node, ast.Name):
        return [node.id]
    if isinstance(node, ast.Attribute) and (path := path_of(node.value)):
        return [*path, node.attr]
    if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant) and (path := path_of(node.value)):
        return [*path, node.slice.value]
    return []


def counted(name: str, path: list[object], literal: ast.expr) -> Iterator[Statement]:
    match path:
        case ["feed", str(field), *rest]:
            entry = None
        case ["entries", int(entry), str(field), *rest]:
            pass
        case _:
            return
    is_title = field in TITLES and rest == (["value"] if field == "title_detail" else [])
    is_date = entry is not None and field.removesuffix("_parsed") in DATES and not rest
    if is_title or is_date or (field == "link" and not rest):
        yield Statement(name, entry, field, value_of(literal))


def value_of(literal: ast.expr) -> object:
    """A literal, or a sum of texts."""
    if isinstance(literal, ast.BinOp) and isinstance(literal.op, ast.Add):
        return f"{value_of(literal.left)}{value_of(literal.right)}"
    return ast.literal_eval(literal)


def agrees(statement: Statement, body: bytes) -> bool:
    listing = listing_of(statement.file, body)
    if listing is None or (statement.entry is not None and statement.entry >= len(listing.items)):
        return False
    found = listing if statement.entry is None else listing.items[statement.entry]
    if statement.field in TITLES:
        return found.title == as_text(statement, body)
    if statement.field == "link":
        return (found.url if statement.entry is not None else listing.link) == statement.stated
    named = DATES[statement.field.removesuffix("_parsed")]
    if not statement.field.endswith("_parsed"):
        return getattr(found, named) == statement.stated
    stated = datetime(*statement.stated[:6], tzinfo=UTC)  # type: ignore[misc, index]
    return getattr(found, f"{named}_at") == stated


def as_text(statement: Statement, body: bytes) -> str | None:
    """A stated title as a reader sees it: feedparser keeps its markup, where it has any; a listing does not."""
    url, content_type = served(statement.file, body)
    headers = {"content-type": content_type or "application/xml", "content-location": url}
    parsed = feedparser.parse(io.BytesIO(body), response_headers=headers)
    fields = parsed.feed if statement.entry is None else parsed.entries[statement.entry]
    text = str(statement.stated)
    if dict.get(fields, "title_detail", {}).get("type") != "text/plain":
        text = lxml.html.fromstring(f"<div>{text}</div>").text_content()
    return " ".join(text.split()) or None
