"""Feeds of every format become the same listing; broken ones are read as far as they go; bombs go nowhere."""

import json
import sys
import threading
import time
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.collect.feeds import read_feed
from flows.collect.listing import Item, Listing, NoListing

URL = "https://news.example/feeds/world.xml"
NOON = datetime(2026, 3, 5, 12, 0, tzinfo=UTC)

DATE = "<pubDate>Thu, 05 Mar 2026 12:00:00 GMT</pubDate>"
RSS = f"""<rss version="2.0"><channel><title>World</title><link>https://news.example/</link>
<image><title>Logo</title><link>https://news.example/logo</link></image>
<item><title>Flood</title><link>https://news.example/flood</link><guid isPermaLink="false">17</guid>
{DATE}<source url="https://wire.example/rss">The Wire</source>
<description>Water &lt;b&gt;rose&lt;/b&gt;.</description></item></channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>World</title>
<link rel="self" href="https://news.example/feeds/world.xml"/><link href="https://news.example/"/>
<entry><title>Flood</title><id>urn:uuid:17</id><link rel="enclosure" type="audio/mpeg" href="https://news.example/a.mp3"/>
<link rel="alternate" href="https://news.example/flood"/><published>2026-03-05T14:00:00+02:00</published>
<source><id>urn:x</id><title>The Wire</title><link href="https://wire.example/"/></source>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><title>No</title></div></content></entry></feed>"""
ATOM_03 = """<feed version="0.3" xmlns="http://purl.org/atom/ns#"><title>World</title>
<link rel="alternate" type="text/html" href="https://news.example/"/><entry><title mode="escaped">Flood</title>
<link rel="alternate" type="text/html" href="https://news.example/flood"/><issued>2026-03-05T12:00:00Z</issued>
<source><title>The Wire</title></source></entry></feed>"""
RDF = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
xmlns:d="http://purl.org/dc/elements/1.1/"><channel rdf:about="https://news.example/"><title>World</title>
<link>https://news.example/</link><items><rdf:Seq><rdf:li rdf:resource="https://news.example/flood"/></rdf:Seq></items>
</channel><item rdf:about="https://news.example/flood"><title>Flood</title><link>https://news.example/flood</link>
<d:date>2026-03-05T12:00Z</d:date><source>The Wire</source></item></rdf:RDF>"""
JSON = json.dumps(
    {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "World",
        "home_page_url": "https://news.example/",
        "items": [{"id": "17", "url": "/flood", "title": "Flood", "date_published": "2026-03-05T12:00:00Z"}],
    }
)


def rss(item: str, channel: str = "") -> bytes:
    return f"<rss version='2.0'><channel>{channel}<item>{item}</item></channel></rss>".encode()


def atom(entry: str) -> bytes:
    return f"<feed xmlns='http://www.w3.org/2005/Atom'><entry>{entry}</entry></feed>".encode()


def only_item(body: bytes, content_type: str | None = None) -> Item:
    (item,) = read_feed(body, URL, content_type).items
    return item


@pytest.mark.parametrize("text", [RSS, ATOM, ATOM_03, RDF], ids=["RSS 2.0", "Atom 1.0", "Atom 0.3", "RDF"])
def test_a_feed_of_any_xml_format_gives_the_same_listing(text: str) -> None:
    listing = read_feed(text.encode(), URL)

    (item,) = listing.items
    assert (listing.kind, listing.title, listing.link, listing.flaw) == ("feed", "World", "https://news.example/", None)
    assert (item.url, item.title, item.publisher) == ("https://news.example/flood", "Flood", "The Wire")
    assert item.published_at == NOON


def test_a_json_feed_gives_the_same_listing_but_for_the_outlet_that_it_cannot_credit() -> None:
    listing = read_feed(JSON.encode(), URL)

    item = Item("https://news.example/flood", "Flood", "2026-03-05T12:00:00Z", NOON)
    assert listing == Listing("feed", [item], "World", "https://news.example/")


def test_a_channel_of_the_nineties_is_read() -> None:
    item = '<ITEM HREF="/x" LASTMOD="1998-11-05T12:00"><TITLE>T</TITLE></ITEM>'
    body = f'<CHANNEL HREF="https://a.example/"><TITLE>Old</TITLE>{item}</CHANNEL>'

    listing = read_feed(body.encode(), URL)

    assert (listing.title, listing.link) == ("Old", "https://a.example/")
    assert listing.items[0].url == "https://news.example/x"
    assert listing.items[0].updated_at == datetime(1998, 11, 5, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("entry", "url"),
    [
        ("<link>/a</link>", "https://news.example/a"),
        ("<link> \n https://b.example/a \n </link>", "https://b.example/a"),
        ("<link><![CDATA[https://b.example/a?x=1&y=2]]></link>", "https://b.example/a?x=1&y=2"),
        ("<link>https://b.example/a?x=1&amp;y=2</link>", "https://b.example/a?x=1&y=2"),
        ("<link>https://b.example/a?x=1&y=2&copy=3</link>", "https://b.example/a?x=1&y=2&copy=3"),
        ("<link xml:base='https://c.example/d/'>a</link>", "https://c.example/d/a"),
        ("<guid>https://b.example/a</guid>", "https://b.example/a"),
        ("<guid isPermaLink='true'>https://b.example/a</guid>", "https://b.example/a"),
        ("<guid isPermaLink='False'>https://b.example/a</guid>", None),
        ("<guid>tag:b.example,2026:1</guid>", None),
        ("<guid>17</guid>", None),
        ("<link></link><guid>https://b.example/a</guid>", "https://b.example/a"),
        ("<link>mailto:x@b.example</link><guid>https://b.example/a</guid>", "https://b.example/a"),
        ("<link>ftp://b.example/a</link>", "ftp://b.example/a"),
        ("<link>http://[</link>", None),
        (
            "<link>https://proxy.example/~r/1</link>"
            "<f:origLink xmlns:f='http://rssnamespace.org/feedburner/ext/1.0'>https://b.example/a</f:origLink>",
            "https://b.example/a",
        ),
        ("<title>none</title>", None),
    ],
)
def test_an_items_address_is_the_articles_own_and_absolute(entry: str, url: str | None) -> None:
    assert only_item(rss(entry)).url == url


@pytest.mark.parametrize(
    ("entry", "url"),
    [
        ("<link rel='related' href='/r'/><link rel='alternate' href='/a'/><link href='/b'/>", "https://news.example/a"),
        ("<link type='application/pdf' href='/p'/><link type='text/html' href='/h'/>", "https://news.example/h"),
        ("<link type='application/pdf' href='/p'/>", "https://news.example/p"),
        ("<id>https://b.example/a</id>", "https://b.example/a"),
        ("<id>urn:uuid:1</id>", None),
        ("<link rel='enclosure' href='/a.mp3'/>", None),
    ],
)
def test_an_entrys_address_is_its_first_alternate(entry: str, url: str | None) -> None:
    assert only_item(atom(entry)).url == url


@pytest.mark.parametrize(
    ("entry", "title"),
    [
        ("<title>Five &lt;b&gt;dead&lt;/b&gt; in&lt;br/&gt;Rome</title>", "Five dead in Rome"),
        ("<title>Five <b>dead</b></title>", "Five dead"),
        ("<title>Q&amp;A</title>", "Q&A"),
        ("<title>Q&amp;amp;A</title>", "Q&A"),
        ("<title>Profit &lt; 5 % &gt; loss</title>", "Profit < 5 % > loss"),
        ("<title>&lt;![CDATA[x</title>", "<![CDATA[x"),
        ("<title><![CDATA[Caf&eacute; & <i>bar</i>]]></title>", "Café & bar"),
        ("<title>a\n  b</title>", "a b"),
        ("<title>A&lt;script&gt;alert(1)&lt;/script&gt;B</title>", "AB"),
        ("<title> </title>", None),
        ("<title/>", None),
        ("<title>One</title><media:title xmlns:media='http://search.yahoo.com/mrss/'>Two</media:title>", "One"),
        ("<media:content><media:title>Picture</media:title></media:content>", None),
    ],
)
def test_a_title_is_plain_text_decoded_once(entry: str, title: str | None) -> None:
    assert only_item(rss(entry)).title == title


@pytest.mark.parametrize(
    ("entry", "title"),
    [
        ("<title>The &lt;b&gt; tag</title>", "The <b> tag"),
        ("<title type='text'>Q&amp;amp;A</title>", "Q&amp;A"),
        ("<title type='html'>Q&amp;amp;A &lt;b&gt;now&lt;/b&gt;</title>", "Q&A now"),
        ("<title type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'>1 &lt; <b>2</b></div></title>", "1 < 2"),
    ],
)
def test_an_atom_title_says_itself_whether_it_is_markup(entry: str, title: str) -> None:
    assert only_item(atom(entry)).title == title


@pytest.mark.parametrize(
    "worded",
    [
        "Thu, 05 Mar 2026 12:00:00 GMT",
        "Thu, 05 Mar 2026 12:00:00",
        "Thu, 5 Mar 26 12:00 UT",
        "5 Mar 2026 07:00:00 EST",
        "Thu, 05 Mar 2026 14:00:00 +0200",
        "Thu Mar  5 12:00:00 2026",
        "2026-03-05T12:00:00Z",
        "2026-03-05T12:00:00",
        "2026-03-05T13:30:00+01:30",
        "2026-03-05 12:00:00.0",
        "20260305T120000Z",
        "Πεμ, 05 Μαρ 2026 12:00:00 GMT",
        "2026-március-05T12:00Z",
        "2026년 03월 05일 21:00:00",
    ],
)
def test_a_date_is_kept_as_worded_and_as_an_instant_in_utc(worded: str) -> None:
    item = only_item(rss(f"<pubDate>{worded}</pubDate>"))

    assert (item.published, item.published_at) == (worded, NOON)


@pytest.mark.parametrize(
    "worded",
    [
        "yesterday",
        "0000-00-00T00:00:00Z",
        "0001-01-01T00:00:00Z",
        "5 Mar 2026 12:00 IST",
        "Thu, 99 Foo 2026",
        "9" * 300,
        ":" * 300,
        "T00:00:00",
    ],
)
def test_a_date_that_names_no_instant_is_kept_as_worded_alone(worded: str) -> None:
    item = only_item(rss(f"<pubDate>{worded}</pubDate>"))

    assert (item.published, item.published_at) == (worded, None)


def test_an_atom_entry_that_is_only_updated_does_not_say_when_it_was_published() -> None:
    item = only_item(atom("<updated>2026-03-05T12:00:00Z</updated>"))

    assert (item.published, item.published_at, item.updated_at) == (None, None, NOON)


@pytest.mark.parametrize(
    ("channel", "minutes"),
    [
        ("<ttl>15</ttl>", 15),
        ("<sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency>", 15),
        ("<sy:updatePeriod> daily </sy:updatePeriod>", 1440),
        ("<ttl>0</ttl>", None),
        ("<ttl>soon</ttl>", None),
        ("<sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>0</sy:updateFrequency>", None),
        ("", None),
    ],
)
def test_how_often_to_ask_is_what_the_feed_says(channel: str, minutes: int | None) -> None:
    assert read_feed(rss("", channel), URL).minutes == minutes


@pytest.mark.parametrize(
    ("text", "flaw"),
    [
        (f"\n\n  {RSS}", None),
        (f"Warning: cannot open cache\n<?xml version='1.0'?>{RSS}", "something stands before the feed"),
        (RSS.replace("Flood", "&nbsp;Flood&nbsp;"), "entity &nbsp; is none of XML"),
        (RSS.replace("Flood", "Fl\x0bood"), "has characters that XML forbids"),
        (RSS.replace("Flood", "Fl&#0;ood"), "has characters that XML forbids"),
        (RSS.replace("</title><link>https://news.example/flood", "<link>https://news.example/flood"), "not closed"),
        (RSS.replace("<pubDate>", "<img src='x' <pubDate>"), "a tag is torn"),
        (RSS.replace("</source>", "</surce>"), "<source> is not closed"),
        (RSS.replace(DATE, "").replace("</source>", DATE), "<source> is not closed"),
        (RSS.replace("</description>", ""), "<description> is not closed"),
        (RSS.replace("</item>", ""), "<item> is not closed"),
        (RSS[: RSS.index("</description>")], "is not closed"),
        (RSS.replace("<item>", "</channel></rss><item>"), None),
        (RSS.replace("<description>", "<Description>"), None),
        (RSS.replace("<item>", "<item><dc:creator>A. N.</dc:creator><b:c><d></b:c>"), None),
        (RSS.replace("version=", "xmlns='http://other.example/' version="), None),
        (RSS.replace("version=", "xmlns='http://purl.org/dc/elements/1.1/' version="), None),
        (f"<?xml version='1.0'?><!DOCTYPE rss SYSTEM 'http://127.0.0.1:9/x.dtd'>{RSS}", None),
    ],
)
def test_an_ill_formed_feed_is_read_and_its_flaw_put_in_words(text: str, flaw: str | None) -> None:
    listing = read_feed(text.encode(), URL)

    (item,) = listing.items
    assert (item.url, item.title, item.published_at) == ("https://news.example/flood", "Flood", NOON)
    assert item.publisher == "The Wire"
    assert flaw in (listing.flaw or "") if flaw else listing.flaw is None


@pytest.mark.parametrize("n_items", [2, 30])
def test_a_feed_whose_items_are_never_closed_loses_none(n_items: int) -> None:
    body = "<rss><channel>" + "".join(f"<item><title>No. {n}<link>https://a.example/{n}" for n in range(n_items))

    listing = read_feed(body.encode(), URL)

    assert [item.title for item in listing.items] == [f"No. {n}" for n in range(n_items)]
    assert [item.url for item in listing.items] == [f"https://a.example/{n}" for n in range(n_items)]


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        ("<?xml version='1.0' encoding='windows-1251'?>{}".encode("cp1251"), None),
        (b"Warning: disk full\n<?xml version='1.0' encoding='windows-1251'?>{}", None),
        (b"{}", "application/rss+xml; charset=windows-1251"),
        (b"<?xml version='1.0' encoding='utf-8'?>{}", 'text/xml; charset="windows-1251"'),
    ],
)
def test_a_charset_that_is_named_is_taken(body: bytes, content_type: str | None) -> None:
    body = body.replace(b"{}", RSS.replace("Flood", "Потоп").encode("cp1251"))

    assert only_item(body, content_type).title == "Потоп"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-be"])
def test_unicode_is_known_by_its_look(encoding: str) -> None:
    text = "<?xml version='1.0'?>" + RSS.replace("Flood", "Потоп")

    assert only_item(text.encode(encoding)).title == "Потоп"


@pytest.mark.parametrize(
    ("title", "declared"),
    [
        ("Pâté".encode(), "iso-8859-1"),  # says Latin-1, is UTF-8
        ("Pâté".encode("cp1252"), "utf-8"),  # says UTF-8, is Latin-1
        ("Pâté".encode(), "klingon"),
        ("P\u00e2t".encode() + b"\xe9", "utf-8"),  # one stray byte among sound ones
    ],
)
def test_an_encoding_that_is_wrongly_declared_is_found_and_told(title: bytes, declared: str) -> None:
    body = f"<?xml version='1.0' encoding='{declared}'?>{RSS}".encode().replace(b"Flood", title)

    listing = read_feed(body, URL)

    assert listing.items[0].title == "Pâté"
    assert listing.flaw


@pytest.mark.parametrize(
    ("body", "seems"),
    [
        (b"", "empty"),
        (b" \n\t ", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (b"<!DOCTYPE html><html><head><link rel='alternate' href='/rss'></head></html>", "sources find"),
        (b"<HTML><BODY>404 <rss></BODY>", "HTML page"),
        (b"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'></urlset>", "a sitemap"),
        (b"<opml version='2.0'><body/></opml>", "OPML"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "<svg>"),
        (b"<note><to>you</to></note>", "<note>"),
        (b"Service unavailable", "no markup"),
        (b"%PDF-1.7 \xff\xfe\xfd", "no markup"),
        (b'{"error": "not found"}', "no JSON Feed"),
        (b'{"items": ', "JSON and is none"),
        (b"[" * 100_000, "JSON and is none"),
    ],
)
def test_what_is_no_feed_says_what_it_looks_like(body: bytes, seems: str) -> None:
    with pytest.raises(NoListing, match=seems) as raised:
        read_feed(body, URL)

    assert raised.value.reason == "no feed"


def test_only_the_first_items_are_taken() -> None:
    body = "<rss><channel>" + "".join(f"<item><link>/{n}</link></item>" for n in range(9)) + "</channel></rss>"

    listing = read_feed(body.encode(), URL, most=2)

    assert [item.url for item in listing.items] == ["https://news.example/0", "https://news.example/1"]
    assert listing.flaw == "lists more than 2 items"


LAUGHS = "".join(f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 12))


@pytest.mark.parametrize(
    ("entities", "used"),
    [
        (f"<!ENTITY a0 'ha'>{LAUGHS}", "&a11;"),
        (f"<!ENTITY a '{'ha' * 50_000}'>", "&a;" * 50_000),
        (f"<!ENTITY % a '{'ha' * 50_000}'>{'%a;' * 50_000}", "&a;"),
        ("<!ENTITY a '&b;'><!ENTITY b '&a;'>", "&a;"),
    ],
    ids=["a billion laughs", "one entity 50,000 times", "a parameter entity", "a circle"],
)
def test_a_bomb_of_entities_ends_quickly_and_small(entities: str, used: str) -> None:
    body = (
        f"<!DOCTYPE r [{entities}]><rss><channel><item xml:base='{used}'><title>{used}</title></item></channel></rss>"
    )
    tracemalloc.start()
    began = time.process_time()

    listing = read_feed(body.encode(), URL)

    took, peak = time.process_time() - began, tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert took < 1
    assert peak < 20_000_000
    assert "haha" not in str(listing)


@pytest.mark.parametrize(
    ("start", "unit"),
    [
        ("<rss><channel>", "<a>"),
        ("<rss><channel>", "<a b='"),
        ("<rss><channel>", "<![CDATA["),
        ("<rss>", "<channel>"),
        ("<rss>" + "<channel>" * 20_000, "<item></item>"),
        ("<rss><channel><item>", "<source>"),
        ("<rss><channel><item>", "<category>a</category>"),
        ("<rss><channel><item><title>", "<b>"),
        ("<rss><channel><item><title>", "&lt;script"),
        ("<rss><channel><item><title>", "&lt;!-- "),
        ("<rss><channel><item><pubDate>", "1 "),
        ("<rss><channel>", f"<item {'a' * 5_000}>"),
        ("", "<!-- "),
        ("", "<!DOCTYPE a ["),
        ("{", '"a":{'),
    ],
)
def test_what_is_opened_again_and_again_and_never_closed_ends_in_time(start: str, unit: str) -> None:
    body = (start + unit * min(10_000, 1_000_000 // len(unit))).encode()
    began = time.process_time()

    read_or_none(body, URL)

    assert time.process_time() - began < 1.5


def test_an_entity_that_the_feed_defines_is_left_as_it_stands() -> None:
    body = b"<!DOCTYPE rss [<!ENTITY who 'somebody'>]>" + rss("<title>By &who; &amp; co.</title>")

    listing = read_feed(body, URL)

    assert listing.items[0].title == "By &who; & co."
    assert "&who;" in (listing.flaw or "")


@contextmanager
def a_server_that_notes_who_asks() -> Iterator[tuple[int, list[str]]]:
    asked: list[str] = []

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(404)
            self.end_headers()

        def log_message(self, *args: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Answer)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield server.server_port, asked
    server.shutdown()
    server.server_close()


def test_nothing_that_a_feed_names_is_opened(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("the secret", "utf-8")
    with a_server_that_notes_who_asks() as (port, asked):
        there = f"http://127.0.0.1:{port}"
        entities = f"<!ENTITY a SYSTEM 'file://{secret}'><!ENTITY b SYSTEM '{there}/b'><!ENTITY % c SYSTEM '{there}/c'>"
        document_type = f"<!DOCTYPE rss SYSTEM '{there}/rss.dtd' [{entities}%c;]>"
        bodies = [
            document_type.encode() + rss("<title>&a;&b;</title><link>&b;</link>"),
            f"<?xml-stylesheet href='{there}/s'?>".encode() + rss(f"<x:include href='{there}/x'/><title>t</title>"),
            rss(f"<title>&lt;img src='{there}/pixel'&gt;</title><link>{there}/item</link>"),
            f"{there}/feed".encode(),
            str(secret).encode(),
        ]
        read_feed(bodies[0], URL)  # what is imported late is imported now
        opened: list[str] = []
        sys.addaudithook(lambda event, args: opened.append(f"{event} {args}") if event in watched else None)

        watched.update({"open", "socket.connect", "socket.getaddrinfo", "subprocess.Popen", "urllib.Request"})
        found = [read_or_none(body, f"{there}/feed") for body in bodies]
        watched.clear()

    assert asked == opened == []
    assert [listing is not None for listing in found] == [True, True, True, False, False]
    assert "secret" not in str(found)


watched: set[str] = set()  # an audit hook cannot be taken out again; this empties it


def read_or_none(body: bytes, url: str) -> Listing | None:
    try:
        return read_feed(body, url)
    except NoListing:
        return None


MARKUP = st.sampled_from(
    [
        "<rss>",
        "<channel>",
        "<item>",
        "</item>",
        "<title>",
        "</title>",
        "<link>",
        "</link>",
        "<link/>",
        "<guid>",
        "<pubDate>",
        "<feed>",
        "<entry>",
        "<source>",
        "\n    </source>",
        "<!--",
        "-->",
        "<![CDATA[",
        "]]>",
        "<?x",
        "?>",
        "<!DOCTYPE",
        "&",
        "&amp;",
        "&nbsp;",
        "&#0;",
        "&#x110000;",
        "&nope;",
        "<",
        ">",
        '"',
        "'",
        "<a",
        "<a:",
        "<x:y>",
        "\n    xml:base='//['",
        "href=",
        "http://a.example/",
        "urn:x",
        "2026-03-05",
        "T24:61:00Z",
        "\x00",
        "�",
        "\ufffe",
        "é",
        "<ttl>",
        "99",
        "<!ENTITY",
        " ",
    ]
)


@settings(max_examples=200, deadline=None)
@given(st.lists(MARKUP, max_size=40), st.sampled_from(["utf-8", "latin-1", "utf-16", "utf-32-be"]))
def test_any_markup_ends_as_a_listing_or_as_none(pieces: list[str], encoding: str) -> None:
    body = ("<rss><channel>" + "".join(pieces)).encode(encoding, "ignore")

    listing = read_or_none(body, URL)

    check(listing)


@settings(max_examples=200, deadline=None)
@given(
    st.binary(max_size=400), st.sampled_from([b"", b"<rss><channel><item><title>", b"<feed><entry><link href='", b"{"])
)
def test_any_bytes_end_as_a_listing_or_as_none(noise: bytes, start: bytes) -> None:
    listing = read_or_none(start + noise, URL)

    check(listing)


@settings(max_examples=200, deadline=None)
@given(st.text("0123456789:-+TZ., MonJangmtESÅΠ년월²", max_size=40))
def test_any_date_is_an_instant_or_none(worded: str) -> None:
    listing = read_or_none(rss(f"<pubDate>{worded}</pubDate>"), URL)

    check(listing)


def check(listing: Listing | None) -> None:
    """What a listing promises whatever came in."""
    for item in listing.items if listing else []:
        for text in (item.url, item.title, item.published, item.updated, item.publisher):
            assert text is None or (text == text.strip() and text)
        assert item.url is None or ":" in item.url
        assert item.published_at is None or item.published_at.utcoffset() == NOON.utcoffset()
