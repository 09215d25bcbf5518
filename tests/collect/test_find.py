"""Finding a site's feeds and sitemaps, on a server of our own."""

import asyncio
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest

from flows.collect.find import USUAL_PATHS, Found, find_listings
from flows.collect.listing import Item, Listing, NoListing

FEED = b"<rss><channel><title>The Herald</title></channel></rss>"
SITEMAP = b"<urlset><url><loc>/a</loc><lastmod>2026-03-01</lastmod></url><url><loc>/b</loc></url></urlset>"
INDEX = b"<sitemapindex><sitemap><loc>/one.xml</loc></sitemap></sitemapindex>"
NEWEST = datetime(2026, 3, 2, 8, tzinfo=UTC)


@dataclass(frozen=True)
class Reply:
    final_url: str
    outcome: str
    body: bytes


class Site:
    """What a server answers, path by path (a str sends on to there), and what it was asked."""

    def __init__(self) -> None:
        self.pages: dict[str, bytes | str] = {}
        self.asked: list[str] = []
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                site.asked.append(self.path)
                page = site.pages.get(self.path)
                if isinstance(page, str):
                    self.send_response(301)
                    self.send_header("Location", page)
                else:
                    self.send_response(404 if page is None else 200)
                self.end_headers()
                self.wfile.write(page if isinstance(page, bytes) else b"<html><p>Not here</html>")

            def log_message(self, format: str, *args: object) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()

    def find(self, path: str = "/") -> list[tuple[str, str, str]]:
        """Path, kind and way of what is found."""
        return [(one.url.removeprefix(self.url), one.kind, one.how) for one in self.listings(path)]

    def listings(self, path: str = "/") -> list[Found]:
        async def run() -> list[Found]:
            async with httpx.AsyncClient(follow_redirects=True, verify=False) as client:

                async def get(url: str) -> Reply:
                    answer = await client.get(url)
                    outcome = "fetched" if answer.status_code == 200 else "gone"
                    return Reply(str(answer.url), outcome, answer.content)

                return await find_listings(self.url + path, get, read_feed)

        return asyncio.run(run())


def read_feed(body: bytes, url: str) -> Listing:
    """A reader of feeds in short: what begins with <rss> is one."""
    if not body.startswith(b"<rss>"):
        raise NoListing("not a feed", "something else")
    return Listing("feed", [Item(f"{url}#1", published_at=NEWEST), Item(f"{url}#2")], title="The Herald")


@pytest.fixture
def site() -> Iterator[Site]:
    site = Site()
    yield site
    site.server.shutdown()
    site.server.server_close()


def page(*links: str, body: str = "") -> bytes:
    return f"<html><head>{''.join(links)}</head><body><p>News</p>{body}</body></html>".encode()


RSS = '<link rel="alternate" type="application/rss+xml" title="News" href="{}">'


def test_a_feed_that_the_page_names_is_found_and_read(site: Site) -> None:
    site.pages = {"/": page(RSS.format("news.rss")), "/news.rss": FEED}

    (found,) = site.listings()

    assert found == Found(f"{site.url}/news.rss", "feed", "The Herald", 2, NEWEST, "a link of the page")


def test_sitemaps_that_robots_names_are_found_beside_the_pages_feeds(site: Site) -> None:
    robots = b"User-agent: *\nDisallow:\nSITEMAP: /maps.xml\n  sitemap : /news.xml # daily\n"
    site.pages = {
        "/": page(RSS.format("/f")),
        "/f": FEED,
        "/robots.txt": robots,
        "/maps.xml": INDEX,
        "/news.xml": SITEMAP,
    }

    found = site.listings()

    assert [(one.url.removeprefix(site.url), one.kind, one.n_items, one.newest) for one in found] == [
        ("/f", "feed", 2, NEWEST),
        ("/maps.xml", "index", 1, None),
        ("/news.xml", "sitemap", 2, datetime(2026, 3, 1, tzinfo=UTC)),
    ]


def test_the_usual_places_are_tried_only_where_nothing_else_leads_anywhere(site: Site) -> None:
    site.pages = {"/": page(RSS.format("/dead.rss")), "/rss.xml": FEED, "/sitemap.xml": SITEMAP}

    unnamed = site.find()
    site.pages["/dead.rss"] = FEED
    site.asked.clear()
    named = site.find()

    assert unnamed == [("/rss.xml", "feed", "a usual place"), ("/sitemap.xml", "sitemap", "a usual place")]
    assert named == [("/dead.rss", "feed", "a link of the page")]
    assert site.asked == ["/", "/robots.txt", "/dead.rss"]


@pytest.mark.parametrize(("body", "kind"), [(FEED, "feed"), (SITEMAP, "sitemap"), (INDEX, "index")])
def test_the_address_may_be_one_itself(site: Site, body: bytes, kind: str) -> None:
    site.pages = {"/it": body}

    assert site.find("/it") == [("/it", kind, "the address itself")]
    assert site.asked == ["/it"]


def test_two_addresses_that_lead_to_one_feed_are_one(site: Site) -> None:
    links = [RSS.format(path) for path in ("/old", "/new", "/new#top")]
    site.pages = {"/": page(*links), "/old": "/new", "/new": FEED}

    assert site.find() == [("/new", "feed", "a link of the page")]


def test_links_that_lead_to_no_articles_are_left_out(site: Site) -> None:
    links = [
        RSS.format("/comments/feed/"),
        RSS.format("javascript:void(0)"),
        RSS.format("http://[broken"),
        '<link rel="alternate" hreflang="de" href="/de">',
        '<link rel="alternate" type="application/json+oembed" href="/oembed">',
        '<link rel="stylesheet" href="/feed.css">',
    ]
    site.pages = {"/": page(*links), "/comments/feed/": FEED, "/de": FEED, "/oembed": FEED}

    assert site.find() == []
    assert site.asked == ["/", "/robots.txt", *USUAL_PATHS]


def test_a_page_that_names_no_feed_may_link_one(site: Site) -> None:
    site.pages = {
        "/": page(body='<a href="/about">About</a><a href="feed://x.test/">x</a><a href="/world/rss">RSS</a>')
    }
    site.pages["/world/rss"] = FEED

    assert site.find() == [("/world/rss", "feed", "a link of the page")]


def test_relative_links_start_from_where_the_page_says(site: Site) -> None:
    site.pages = {
        "/old": "/news/",
        "/news/": page('<base href="/feeds/">', RSS.format("all.xml")),
        "/feeds/all.xml": FEED,
    }

    assert site.find("/old") == [("/feeds/all.xml", "feed", "a link of the page")]


@pytest.mark.parametrize("body", [b"", b" ", b"<!-- -->", b"\x00\xff\xfe", b"{}"])
def test_a_page_that_cannot_be_read_leaves_the_usual_places(site: Site, body: bytes) -> None:
    site.pages = {"/": body, "/atom.xml": FEED}

    assert site.find() == [("/atom.xml", "feed", "a usual place")]


def test_a_site_that_answers_every_address_with_a_page_has_none(site: Site) -> None:
    site.pages = dict.fromkeys(["/", "/robots.txt", *USUAL_PATHS], page())

    assert site.find() == []
