"""Sitemaps: what each form of them lists, and what is none."""

import gzip
import subprocess
import sys
import time
import zlib
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.collect.listing import Listing, NoListing
from flows.collect.sitemaps import instant_of, read_sitemap
from tests.conftest import ROOT, SHARED

URL = "https://example.org/maps/sitemap.xml"
FIXTURES = SHARED / "fixtures" / "sitemaps"
NAMESPACES = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="urn:news" xmlns:image="urn:image"'


def sitemap(*entries: str) -> bytes:
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<urlset {NAMESPACES}>{"".join(entries)}</urlset>'.encode()


def entry(address: str, more: str = "") -> str:
    return f"<url><loc>{address}</loc>{more}</url>"


def addresses(listing: Listing) -> list[str | None]:
    return [item.url for item in listing.items]


A, B = "https://example.org/a", "https://example.org/b"
BOTH = entry(A) + entry(B)
FORMS = {
    "as the standard says": sitemap(BOTH),
    "without a namespace": f"<urlset>{BOTH}</urlset>".encode(),
    "in a wrong namespace": f"<urlset xmlns='urn:x'>{BOTH}</urlset>".encode(),
    "with a prefix": b"<s:urlset xmlns:s='urn:s'><s:url><s:loc>%s</s:loc></s:url><s:url><s:loc>%s</s:loc></s:url>"
    b"</s:urlset>" % (A.encode(), B.encode()),
    "with an undeclared prefix": f"<s:urlset>{BOTH.replace('<', '<s:').replace('<s:/', '</s:')}</s:urlset>".encode(),
    "in upper case": f"<URLSET>{BOTH.replace('url>', 'URL>').replace('loc>', 'LOC>')}</URLSET>".encode(),
    "with blanks in its addresses": sitemap(entry(f"\n   {A}\n"), entry(f"\t{B} ")),
    "in CDATA": sitemap(entry(f"<![CDATA[{A}]]>"), entry(f"<![CDATA[ {B} ]]>")),
    "with relative addresses": sitemap(entry("/a"), entry("../b")),
    "behind blanks": b"\n\n  " + sitemap(BOTH),
    "behind a BOM": b"\xef\xbb\xbf" + sitemap(BOTH),
    "in UTF-16": f'<?xml version="1.0" encoding="utf-16"?><urlset>{BOTH}</urlset>'.encode("utf-16"),
    "in Latin-1": f'<?xml version="1.0" encoding="iso-8859-1"?><urlset><!-- é -->{BOTH}</urlset>'.encode("latin-1"),
    "in an encoding that is none": f'<?xml version="1.0" encoding="klingon"?><urlset>{BOTH}</urlset>'.encode(),
    "packed": gzip.compress(sitemap(BOTH)),
    "packed twice": gzip.compress(gzip.compress(sitemap(BOTH))),
    "packed in two parts": gzip.compress(sitemap(BOTH)[:80]) + gzip.compress(sitemap(BOTH)[80:]),
    "as plain text": f"{A}\n{B}\n".encode(),
    "as plain text of Windows": f"\ufeff{A}\r\n\r\n  {B}\r\n".encode(),
    "as packed plain text": gzip.compress(f"{A}\n{B}".encode()),
}


@pytest.mark.parametrize("body", FORMS.values(), ids=FORMS)
def test_a_sitemap_lists_its_pages_in_whatever_form_it_comes(body: bytes) -> None:
    listing = read_sitemap(body, URL)

    assert (listing.kind, addresses(listing), listing.flaw) == ("sitemap", [A, B], None)


def test_the_news_extension_tells_publisher_title_and_time() -> None:
    news = (
        "<news:news><news:publication><news:name>The Herald</news:name><news:language>en</news:language>"
        "</news:publication><news:publication_date>2026-03-01T09:30:00+02:00</news:publication_date>"
        "<news:title>Storm &amp; flood</news:title></news:news>"
    )

    (item,) = read_sitemap(sitemap(entry(A, f"<lastmod>2026-03-02</lastmod>{news}")), URL).items

    assert (item.url, item.publisher, item.title) == (A, "The Herald", "Storm & flood")
    assert (item.published, item.published_at) == (
        "2026-03-01T09:30:00+02:00",
        datetime(2026, 3, 1, 7, 30, tzinfo=UTC),
    )
    assert (item.updated, item.updated_at) == ("2026-03-02", datetime(2026, 3, 2, tzinfo=UTC))


def test_what_the_news_extension_leaves_blank_is_unknown() -> None:
    blank = "<news:news><news:publication><news:name> </news:name></news:publication><news:title/></news:news>"

    (item,) = read_sitemap(sitemap(entry(A, blank + "<lastmod></lastmod>")), URL).items

    assert (item.publisher, item.title, item.published, item.updated) == (None, None, None, None)


def test_addresses_of_pictures_are_no_pages() -> None:
    picture = "<image:image><image:loc>https://example.org/a.jpg</image:loc></image:image>"
    stray = "<url><image:loc>https://example.org/b.jpg</image:loc><loc>https://example.org/b</loc></url>"

    assert addresses(read_sitemap(sitemap(entry(A, picture), stray), URL)) == [A, B]


@pytest.mark.parametrize(
    "child", ["<loc>/one.xml?a=1&amp;b=2</loc><lastmod>2026-01-01</lastmod>", "\n /one.xml?a=1&amp;b=2 \n"]
)
def test_an_index_names_its_sitemaps(child: str) -> None:
    listing = read_sitemap(f"<sitemapindex><sitemap>{child}</sitemap></sitemapindex>".encode(), URL)

    assert (listing.kind, listing.items, listing.children) == ("index", [], ["https://example.org/one.xml?a=1&b=2"])


def test_an_ampersand_that_stands_bare_is_read_as_written() -> None:
    listing = read_sitemap(sitemap(entry(f"{A}?x=1&copy=2&amp;y=3"), entry(f"<![CDATA[{B}?x=1&y=2]]>")), URL)

    assert addresses(listing) == [f"{A}?x=1&copy=2&y=3", f"{B}?x=1&y=2"]


@pytest.mark.parametrize("loc", ["ftp://example.org/a", "javascript:x", "mailto:a@b.c", "http://", "https://[x/", ""])
def test_what_cannot_be_asked_is_left_out_and_counted(loc: str) -> None:
    listing = read_sitemap(sitemap(entry(loc), entry(B)), URL)

    assert addresses(listing) == [B]
    assert listing.flaw == "1 entries without an http(s) address"


def test_a_sitemap_cut_short_lists_what_came_before_the_break() -> None:
    whole = sitemap(entry(A), entry(B), entry("https://example.org/cut-off"))

    cut = read_sitemap(whole[: whole.index(b"-off")], URL)
    packed = read_sitemap(gzip.compress(whole + b" " * 100)[:-30], URL)

    assert addresses(cut) == [A, B]
    assert cut.flaw is not None
    assert "line 2" in cut.flaw
    assert packed.flaw is not None
    assert packed.flaw.startswith("gzip cut short")


def test_broken_markup_costs_no_other_entry() -> None:
    listing = read_sitemap(sitemap(f"<url><loc>{A}</url>", entry(B), "<url><loc>\x02</loc></url>"), URL)

    assert addresses(listing) == [A, B]
    assert listing.flaw is not None


def test_only_so_many_items_are_taken_and_it_says_so() -> None:
    lines = "\n".join(f"{A}/{number}" for number in range(5)).encode()

    of_xml = read_sitemap(sitemap(*(entry(f"{A}/{number}") for number in range(5))), URL, most=3)
    of_text = read_sitemap(lines, URL, most=3)
    exactly = read_sitemap(lines, URL, most=5)

    assert len(of_xml.items) == len(of_text.items) == 3
    assert of_xml.flaw == of_text.flaw == "more than 3 addresses: the first ones are taken"
    assert exactly.flaw is None


@pytest.mark.parametrize(
    ("body", "reason", "detail"),
    [
        (b"", "nothing in it", "empty"),
        (b" \n ", "nothing in it", "empty"),
        (b"<rss version='2.0'><channel/></rss>", "a feed, no sitemap", "<rss>"),
        (b"<feed xmlns='http://www.w3.org/2005/Atom'/>", "a feed, no sitemap", "<feed>"),
        (b"<rdf:RDF xmlns:rdf='urn:r'/>", "a feed, no sitemap", "<rdf>"),
        (b"<!DOCTYPE html><html><body><p>Not found<br></body></html>", "not a sitemap", "an HTML page"),
        (b"<opml/>", "not a sitemap", "<opml>"),
        (b"<", "not a sitemap", "without an element"),
        (b'{"version": "https://jsonfeed.org/version/1"}', "not a sitemap", "neither XML"),
        (b"User-agent:*\nDisallow:/", "not a sitemap", "neither XML"),
        (b"The page at https://example.org/a\nis gone.", "not a sitemap", "neither XML"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "not a sitemap", "neither XML"),
        (zlib.compress(b"x"), "not a sitemap", "neither XML"),
    ],
)
def test_what_is_no_sitemap_says_what_it_looks_like(body: bytes, reason: str, detail: str) -> None:
    with pytest.raises(NoListing) as refused:
        read_sitemap(body, URL)

    assert refused.value.reason == reason
    assert detail in refused.value.detail


@pytest.mark.parametrize("body", [gzip.compress(b"\0" * 20_000_000), b" " * 10_000_001])
def test_a_bomb_is_too_large(body: bytes) -> None:
    with pytest.raises(NoListing, match="too large: more than 10000000 bytes"):
        read_sitemap(body, URL, unpacked=10_000_000)


@pytest.mark.parametrize(
    "unclosed", ["<!--", "<![CDATA[", "<?a", "<a b='", "<url>", "x<a/>", "&", "&amp;", "</a>", "<a ", "<!DOCTYPE a ["]
)
def test_what_is_opened_over_and_over_ends_all_the_same(unclosed: str) -> None:
    body = f"<urlset>{entry(A)}<url>&x{unclosed * (500_000 // len(unclosed))}"

    assert addresses(read_sitemap(body.encode(), URL)) == [A]


LAUGHS = "".join(
    f'<!ENTITY {name} "{f"&{before};" * 10}">' for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-7"])
@pytest.mark.parametrize(
    "entities", ['<!ENTITY i "evil">', '<!ENTITY i SYSTEM "file:///etc/hostname">', f'<!ENTITY a "evil">{LAUGHS}']
)
def test_no_entity_of_the_documents_own_is_expanded(encoding: str, entities: str) -> None:
    text = (
        f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE urlset [{entities}]>'
        f'<urlset at="&i;">{entry(f"{A}/&i;x")}{entry(B)}</urlset>'
    )

    listing = read_sitemap(text.encode("utf-8" if encoding == "utf-7" else encoding), URL)

    assert addresses(listing) == [f"{A}/&i;x", B]


def test_no_dtd_is_fetched(tmp_path_factory: pytest.TempPathFactory) -> None:
    dtd = tmp_path_factory.mktemp("dtd") / "own.dtd"
    dtd.write_text('<!ENTITY i "evil"><!ATTLIST loc x CDATA "evil">', "utf-8")
    text = f'<!DOCTYPE urlset SYSTEM "{dtd.as_uri()}"><urlset>{entry(A)}{entry("/&i;x")}</urlset>'

    assert addresses(read_sitemap(text.encode(), URL)) == [A, "https://example.org/&i;x"]


@pytest.mark.parametrize(
    ("wording", "instant"),
    [
        ("2026-03-01T09:30:00+02:00", datetime(2026, 3, 1, 7, 30, tzinfo=UTC)),
        ("2026-03-01T09:30:00.25Z", datetime(2026, 3, 1, 9, 30, 0, 250_000, tzinfo=UTC)),
        ("2026-03-01T09:30Z", datetime(2026, 3, 1, 9, 30, tzinfo=UTC)),
        ("2026-03-01 09:30:00", datetime(2026, 3, 1, 9, 30, tzinfo=UTC)),
        ("Sun, 01 Mar 2026 09:30:00 -0500", datetime(2026, 3, 1, 14, 30, tzinfo=UTC)),
        ("2026-03-01", datetime(2026, 3, 1, tzinfo=UTC)),
        ("2026-03", datetime(2026, 3, 1, tzinfo=UTC)),
        ("2026", datetime(2026, 1, 1, tzinfo=UTC)),
        ("2026-02-30", None),
        ("0001-01-01T00:00:00+14:00", None),
        ("yesterday", None),
        ("", None),
        (None, None),
    ],
)
def test_an_instant_is_what_the_wording_names(wording: str | None, instant: datetime | None) -> None:
    assert instant_of(wording) == instant


PIECES = st.sampled_from(
    b"<urlset> </urlset> <url> </url> <loc> </loc> <sitemapindex> <sitemap> </sitemap> https://a.test/ & &#0; <![CDATA["
    b" ]]> <!-- <!DOCTYPE <?xml \x1f\x8b\x08 [".split()
)


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=80) | st.lists(PIECES | st.binary(max_size=4), max_size=20).map(b"".join))
def test_any_bytes_are_a_listing_or_none(body: bytes) -> None:
    for given_body in (body, b"<urlset><url><loc>http://a.test/</loc></url>" + body):
        try:
            listing = read_sitemap(given_body, URL)
        except NoListing as none:
            assert none.reason  # noqa: PT017
            assert none.detail  # noqa: PT017
        else:
            assert all(str(one).startswith("http") for one in [*addresses(listing), *listing.children])


WATCH = """
import resource, sys, time
from pathlib import Path
from flows.collect.sitemaps import read_sitemap
body = Path(sys.argv[1]).read_bytes()
before, began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.monotonic()
n_items = len(read_sitemap(body, "https://example.org/").items)
print(n_items, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024, time.monotonic() - began)
"""


@pytest.mark.proof
def test_a_sitemap_of_50_megabytes_takes_little_more_memory_than_its_items(tmp_path: Path) -> None:
    picture = f"<image:image><image:loc>https://example.org/{'x' * 800}.jpg</image:loc></image:image>"
    more = f"<lastmod>2026-03-01T09:30:00Z</lastmod>{picture}"
    file = tmp_path / "sitemap.xml"
    file.write_bytes(sitemap(*(entry(f"https://example.org/{number}", more) for number in range(50_000))))

    said = subprocess.run(
        [sys.executable, "-c", WATCH, str(file)], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout

    n_items, grown, _ = map(float, said.split())
    assert n_items == 50_000
    assert grown < 100, said


@pytest.mark.skipif(not FIXTURES.is_dir(), reason=f"{FIXTURES} is absent")
def test_sitemaps_seen_in_the_wild() -> None:
    found = {}
    for file in sorted(FIXTURES.glob("*.xml")):
        try:
            listing = read_sitemap(file.read_bytes(), URL)
        except NoListing as none:
            found[file.name] = (none.reason, 0, 0)
        else:
            found[file.name] = (listing.kind, len(listing.items), len(listing.children))

    assert found == {
        "atom.xml": ("a feed, no sitemap", 0, 0),
        "hebdenbridgetimes-articles-sitemap.xml": ("sitemap", 74, 0),
        "sitemap-news.xml": ("sitemap", 2, 0),
        "sitemap.badns.xml": ("sitemap", 2, 0),
        "sitemap.index.xml": ("index", 0, 15),
        "sitemap.ns.xml": ("sitemap", 2, 0),
    }


def test_a_body_of_a_million_empty_gzip_members_is_left_off_soon() -> None:
    body = gzip.compress(b"") * 1_000_000
    began = time.process_time()

    with pytest.raises(NoListing):
        read_sitemap(body, "https://news.example/map.xml.gz")

    assert time.process_time() - began < 1
