"""WARC files: which records are pages, what becomes of a damaged file, and how much memory a long one takes."""

import gzip
import random
import subprocess
import sys
import zlib
from collections.abc import Callable
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest
from fastwarc.stream_io import BrotliWriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flows.collect.documents import Document
from flows.collect.files import read_paths
from flows.collect.urls import canonical_url
from flows.collect.warc import read_warc
from flows.schema import stable_id
from flows.sources import Source
from tests.conftest import ROOT, SHARED

NOW = datetime(2026, 1, 1, tzinfo=UTC)
FIXTURES = SHARED / "fixtures" / "warc"
NOISE = random.Random(7).randbytes(600).hex().encode()  # packs badly, so that a cut falls into it
PAGE = b"<html><body><p>A storm hit the coast.</p>" + NOISE + b"</body></html>"


def record(
    number: int = 0, block: bytes | None = None, kind: str = "response", length: int | None = None, more: str = ""
) -> bytes:
    block = http(PAGE) if block is None else block
    media = {"response": "application/http; msgtype=response", "request": "application/http; msgtype=request"}
    head = (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: https://example.org/storm-{number}\r\n"
        f"WARC-Date: 2026-03-01T09:30:00Z\r\nWARC-Record-ID: <urn:uuid:{number}>\r\n"
        f"Content-Type: {media.get(kind, 'text/html')}\r\nContent-Length: {length or len(block)}\r\n{more}\r\n"
    )
    return head.encode() + block + b"\r\n\r\n"


def http(body: bytes, status: str = "200 OK", media: str | None = "text/html; charset=utf-8", more: str = "") -> bytes:
    media_type = f"Content-Type: {media}\r\n" if media else ""
    return f"HTTP/1.1 {status}\r\n{media_type}{more}\r\n".encode() + body


def brotli(body: bytes) -> bytes:
    packed = BytesIO()
    writer = BrotliWriter(packed)
    writer.write(body)
    writer.close()
    return packed.getvalue()


Read = Callable[..., list[Document]]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """What a WARC of these records holds."""

    def read_records(*records: bytes, packed: bool = False, **how: int) -> list[Document]:
        file = tmp_path / "news.warc"
        file.write_bytes(b"".join(gzip.compress(one) if packed else one for one in records))
        return list(read_warc(Source("wire", "warc", file, "The Herald"), file, NOW, **how))

    return read_records


def pages(documents: list[Document]) -> list[str]:
    return [document.input[-1] for document in documents if document.reason is None]


def refusals(documents: list[Document]) -> list[str | None]:
    return [document.reason for document in documents if document.reason is not None]


@pytest.mark.parametrize("packed", [False, True])
def test_a_page_comes_with_its_address_its_answer_and_its_time(read: Read, packed: bool) -> None:
    info = record(1, b"software: x\r\n", "warcinfo")

    (page,) = read(info, record(2, b"GET / HTTP/1.1\r\n\r\n", "request"), record(3), packed=packed)

    assert (page.input, page.url, page.final_url) == ("https://example.org/storm-3",) * 3
    assert page.article_id == stable_id("art", canonical_url("https://example.org/storm-3"))
    assert (page.body, page.kind, page.status, page.publisher) == (PAGE, "html", 200, "The Herald")
    assert page.headers == (("Content-Type", "text/html; charset=utf-8"),)
    assert page.fetched_at == datetime(2026, 3, 1, 9, 30, tzinfo=UTC)


def chunked(*chunks: bytes) -> bytes:
    return b"".join(b"%x;ext=1\r\n%s\r\n" % (len(chunk), chunk) for chunk in chunks) + b"0\r\n\r\n"


DEFLATER = zlib.compressobj(wbits=-15)
RAW_DEFLATED = DEFLATER.compress(PAGE) + DEFLATER.flush()
CHUNKED = "Transfer-Encoding: chunked\r\n"
GZIPPED = "Content-Encoding: gzip\r\n"


@pytest.mark.parametrize(
    "block",
    {
        "gzip": http(gzip.compress(PAGE), more=GZIPPED),
        "gzip that the crawler undid": http(PAGE, more=GZIPPED),
        "deflate": http(zlib.compress(PAGE), more="Content-Encoding: deflate\r\n"),
        "deflate without its head": http(RAW_DEFLATED, more="Content-Encoding: deflate\r\n"),
        "brotli": http(brotli(PAGE), more="Content-Encoding: br\r\n"),
        "gzip in brotli": http(brotli(gzip.compress(PAGE)), more="Content-Encoding: gzip, br\r\n"),
        "chunks": http(chunked(PAGE[:9], PAGE[9:]), more=CHUNKED),
        "chunks that the crawler put together": http(PAGE, more=CHUNKED),
        "chunks without the last": http(chunked(PAGE).removesuffix(b"0\r\n\r\n"), more=CHUNKED),
        "chunks of gzip": http(chunked(gzip.compress(PAGE)), more=CHUNKED + GZIPPED),
        "no type": http(PAGE, media=None),
        "XHTML": http(PAGE, media="Application/XHTML+XML"),
        "a wrong length in its head": http(PAGE, more="Content-Length: 99999\r\n"),
        "line feeds alone": http(PAGE).replace(b"\r\n", b"\n"),
    }.items(),
    ids=lambda case: case[0],
)
def test_a_body_is_kept_as_the_page_without_what_its_transfer_added(read: Read, block: tuple[str, bytes]) -> None:
    (page,) = read(record(1, block[1]))

    assert (page.body, page.kind, page.reason) == (PAGE, "html", None)


def test_plain_text_and_a_resource_are_pages_too(read: Read) -> None:
    text, resource = read(record(1, http(b"A storm.", media="text/plain")), record(2, PAGE, "resource"))

    assert (text.kind, text.body) == ("text", b"A storm.")
    assert (resource.kind, resource.body, resource.status, resource.headers) == ("html", PAGE, None, None)


@pytest.mark.parametrize(
    ("block", "reason"),
    [
        (http(PAGE, "404 Not Found"), "HTTP 404"),
        (http(b"", "301 Moved", more="Location: /\r\n"), "HTTP 301"),
        (http(b"\x89PNG", media="image/png"), "not a page"),
        (http(b"{}", media="application/json"), "not a page"),
        (http(b"<rss/>", media="application/rss+xml"), "not a page"),
        (http(b"{}", media=None), "not a page"),
        (http(b""), "empty body"),
        (http(b" \n"), "empty body"),
        (http(chunked(), more=CHUNKED), "empty body"),
        (http(chunked(), more=CHUNKED + "Content-Encoding: deflate\r\n"), "empty body"),
        (http(b"<!-- -->" * 5_000, media=None), "not a page"),
        (http(PAGE[:100], more="Content-Length: 1000\r\n"), "cut short"),
        (http(gzip.compress(PAGE)[:-60], more=GZIPPED), "cut short"),
        (http(b"\x1f\x8bnonsense", more=GZIPPED), "cannot be unpacked"),
        (http(b"nonsense", more="Content-Encoding: br\r\n"), "cannot be unpacked"),
        (http(b"nonsense", more="Content-Encoding: lzma\r\n"), "cannot be unpacked"),
        (http(gzip.compress(b"x" * 200_000), more=GZIPPED), "too large"),
        (http(brotli(b"x" * 200_000), more="Content-Encoding: br\r\n"), "too large"),
        (http(b"x" * 200_000), "too large"),
        (b"no status line", "no HTTP answer"),
    ],
)
def test_what_is_no_page_is_refused_with_its_reason(read: Read, block: bytes, reason: str) -> None:
    refused, kept = read(record(1, block), record(2), max_page=100_000)

    assert (refused.reason, refused.input, refused.url) == (reason, *["https://example.org/storm-1"] * 2)
    assert refused.detail
    assert kept.reason is None


@pytest.mark.parametrize("kind", ["request", "metadata", "warcinfo", "revisit", "conversion", "continuation", "x-own"])
def test_other_records_are_no_inputs(read: Read, kind: str) -> None:
    assert read(record(1, kind=kind)) == []


def test_an_answer_of_another_protocol_is_no_input(read: Read) -> None:
    dns = record(1, b"20260301\nexample.org. 60 IN A 192.0.2.1").replace(
        b"application/http; msgtype=response", b"text/dns"
    )
    ftp = record(2).replace(b"https://example", b"ftp://example")

    assert read(dns, ftp) == []


def test_an_address_in_angle_brackets_is_the_address(read: Read) -> None:
    (page,) = read(record(1).replace(b"https://example.org/storm-1", b"<https://example.org/storm-1>"))

    assert page.url == "https://example.org/storm-1"


@pytest.mark.parametrize("date", [b"yesterday", b""])
def test_a_page_without_a_sound_date_was_fetched_when_it_was_read(read: Read, date: bytes) -> None:
    (page,) = read(record(1).replace(b"2026-03-01T09:30:00Z", date))

    assert page.fetched_at == NOW


def test_two_revisions_of_an_address_are_one_article(read: Read) -> None:
    first, second = read(record(1), record(1, http(PAGE.replace(b"storm", b"flood"))), packed=True)

    assert first.article_id == second.article_id
    assert first.raw_sha256 != second.raw_sha256


FIVE = [record(number) for number in range(5)]
MEMBERS = [gzip.compress(one) for one in FIVE]


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("at", [1, 12, 200, 450, 600])
def test_a_file_cut_short_gives_all_before_the_break_and_says_where_it_is(read: Read, packed: bool, at: int) -> None:
    records = MEMBERS if packed else FIVE

    documents = read(*records[:3], records[3][:at])

    assert pages(documents) == ["0", "1", "2"]
    assert documents[-1].reason == "WARC is damaged"
    assert "byte" in str(documents[-1].detail)
    assert "news.warc" in documents[-1].input


def test_of_one_gzip_for_all_records_what_comes_before_the_break_is_read(read: Read) -> None:
    noises = [random.Random(number).randbytes(3000).hex().encode() for number in range(5)]
    whole = gzip.compress(b"".join(record(number, http(PAGE + noise)) for number, noise in enumerate(noises)))

    assert pages(read(whole)) == ["0", "1", "2", "3", "4"]
    assert pages(read(whole[: len(whole) * 7 // 10])) == ["0", "1", "2"]


DAMAGED = {
    "gzip overwritten": [*MEMBERS[:2], MEMBERS[2][:300] + b"\0" * 50 + MEMBERS[2][350:], *MEMBERS[3:]],
    "gzip's head overwritten": [*MEMBERS[:2], b"\0\0\0\0" + MEMBERS[2][4:], *MEMBERS[3:]],
    "a head overwritten": [*FIVE[:2], b"\0" * 8 + FIVE[2][8:], *FIVE[3:]],
    "no length": [*FIVE[:2], FIVE[2].replace(b"Content-Length", b"Content-Longth"), *FIVE[3:]],
    "a negative length": [*FIVE[:2], record(2, length=-7), *FIVE[3:]],
    "a length beyond all numbers": [*FIVE[:2], record(2, length=10**30), *FIVE[3:]],
    "a length that is too small": [
        *FIVE[:2],
        record(2, http(PAGE, more=f"Content-Length: {len(PAGE)}\r\n"), length=500),
        *FIVE[3:],
    ],
    "junk between": [*FIVE[:2], b"junk\r\n" * 99, *FIVE[3:]],
}


@pytest.mark.parametrize("records", DAMAGED.values(), ids=DAMAGED)
def test_behind_damage_it_goes_on_with_the_next_record(read: Read, records: list[bytes]) -> None:
    documents = read(*records)

    assert pages(documents) == ["0", "1", "3", "4"]
    assert refusals(documents)[-1] == "WARC is damaged"


@pytest.mark.parametrize("length", [len(http(PAGE)) + 900, 100_000, 10**12])
def test_a_length_that_is_too_large_swallows_no_other_record(read: Read, length: int) -> None:
    documents = read(*FIVE[:2], record(2, length=length), *FIVE[3:])

    assert pages(documents) == ["0", "1", "2", "3", "4"]
    assert documents[2].body == PAGE
    assert refusals(documents) == ["WARC is damaged"]


@pytest.mark.parametrize(
    "body", [b"", b"hello world\n" * 99, b"\x1f\x8b\x08", b"filedesc://x.arc 0.0.0.0 2014 text/plain 75\n"]
)
def test_what_is_no_warc_is_refused_as_a_whole(read: Read, body: bytes) -> None:
    assert refusals(read(body)) == ["no WARC"]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.booleans(), st.integers(0, 4000), st.binary(max_size=40))
def test_whatever_overwrites_a_file_what_comes_before_is_read(read: Read, packed: bool, at: int, noise: bytes) -> None:
    records = MEMBERS if packed else FIVE
    whole = b"".join(records)
    untouched = sum(sum(map(len, records[: number + 1])) <= at for number in range(5))

    documents = read(whole[:at] + noise + whole[at + len(noise) :])

    assert pages(documents)[:untouched] == ["0", "1", "2", "3", "4"][:untouched]


def test_a_folder_a_file_and_a_source_of_its_own_type_read_it(tmp_path: Path) -> None:
    (tmp_path / "a.warc").write_bytes(record(1))
    (tmp_path / "b.WARC.gz").write_bytes(gzip.compress(record(2)))
    (tmp_path / "crawl").mkdir()
    (tmp_path / "crawl" / "c.data").write_bytes(record(3))

    below = [page.input[-1] for page in read_paths(Source("s", "folder", tmp_path), NOW) if page.reason is None]
    alone = list(read_paths(Source("s", "file", tmp_path / "b.WARC.gz"), NOW))
    named = list(read_paths(Source("s", "warc", tmp_path / "crawl" / "c.data"), NOW))

    assert below == ["1", "2"]
    assert pages(alone) == ["2"]
    assert pages(named) == ["3"]


WATCH = """
import resource, sys, time
from datetime import UTC, datetime
from pathlib import Path
from flows.collect.warc import read_warc
from flows.sources import Source
file, grown, n_pages, began = Path(sys.argv[1]), [], 0, time.monotonic()
for page in read_warc(Source("s", "warc", file), file, datetime(2026, 1, 1, tzinfo=UTC)):
    n_pages += page.reason is None
    if n_pages % 500 == 0:
        grown.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
print(n_pages, grown[0], grown[-1], round(n_pages / (time.monotonic() - began)))
"""


@pytest.mark.proof
@pytest.mark.parametrize("packed", [False, True])
def test_memory_stays_flat_however_long_the_file(tmp_path: Path, packed: bool) -> None:
    file, n_pages = tmp_path / "long.warc", 10_000
    noise = random.Random(3).randbytes(10_000).hex().encode()
    with file.open("wb") as out:
        for number in range(n_pages):
            body = b"<html>%d %s</html>" % (number, noise)
            out.write(gzip.compress(record(number, http(body)), 1) if packed else record(number, http(body)))

    said = subprocess.run(
        [sys.executable, "-c", WATCH, str(file)], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout

    n_read, at_first, at_last, _ = map(int, said.split())
    assert n_read == n_pages
    assert at_last - at_first < 20, said


IN_THE_WILD = {
    "LICENSE.warcio": ([], ["no WARC"]),
    "bad.arc": ([], ["no WARC"]),
    "example-bad-non-chunked.warc.gz": ([1270], []),
    "example-bad.warc.gz.bad": ([1270], ["HTTP 302"]),
    "example-digest.warc": ([], []),
    "example-iana.org-chunked.warc": ([7223], []),
    "example-resource.warc.gz": ([1303], []),
    "example-space-in-target-uri.warc.gz": ([], []),
    "example-space-in-url.arc": ([], ["no WARC"]),
    "example-trunc.warc": ([], ["cut short", "WARC is damaged"]),
    "example-wget-bad-target-uri.warc.gz": ([1270], []),
    "example-wrong-chunks.warc.gz": ([1270], []),
    "example.arc": ([], ["no WARC"]),
    "example.arc.gz": ([], ["no WARC"]),
    "example.warc": ([1270], []),
    "example.warc.gz": ([1270], []),
    "post-test.warc.gz": ([], ["not a page"] * 3),
}


@pytest.mark.skipif(not FIXTURES.is_dir(), reason=f"{FIXTURES} is absent")
@pytest.mark.parametrize("name", IN_THE_WILD)
def test_files_seen_in_the_wild(name: str) -> None:
    documents = list(read_warc(Source("s", "warc", FIXTURES / name), FIXTURES / name, NOW))

    found = [len(document.body) for document in documents if document.reason is None]
    assert (found, refusals(documents)) == IN_THE_WILD[name]
