"""WARC files, Common Crawl's CC-NEWS among them: each page that a crawler was answered with is a document."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, NamedTuple, cast

from fastwarc.warc import ArchiveIterator, WarcRecord, WarcRecordType

from flows.collect.codings import LOOKS_LIKE_HTML, NoPage, decoded, read_whole
from flows.collect.documents import Document
from flows.collect.paths import refused
from flows.collect.unpacked import Unpacked
from flows.collect.urls import web_id
from flows.sources import Source

MAX_PAGE = 32_000_000  # bytes, with and without compression
KIND_OF_TYPE = {"text/html": "html", "application/xhtml+xml": "html", "text/plain": "text"}
NEXT_RECORD = re.compile(rb"\r\n\r\nWARC/1\.[01]\r\n[A-Za-z-]+:")
NUMBER = re.compile(r"[0-9]{1,18}")


class Answer(NamedTuple):
    """The head of an answer: status and headers (None of a resource, which has none) and the media type in lower case
    (None where unstated)."""

    status: int | None
    headers: tuple[tuple[str, str], ...] | None
    media_type: str | None

    def header(self, name: str) -> str | None:
        """The first header of that name (in lower case)."""
        return next((value.strip() for key, value in self.headers or () if key.lower() == name), None)


def read_warc(source: Source, path: Path, now: datetime, max_page: int = MAX_PAGE) -> Iterator[Document]:
    """The pages of a WARC, packed or not, in its order: response and resource records of http(s) addresses, body
    without transfer and content encoding, fetched at its WARC-Date (where that is unsound, `now`, UTC).

    A record with another status or type than a page's, an empty or an overlong body (`max_page` bytes) is refused;
    other records are no inputs. Of a damaged file all that can be read is, then one document is refused for it."""
    try:
        stream = Unpacked(path)
    except OSError as error:
        yield refused(source, path, "file cannot be read", error.strerror or str(error))
        return
    n_read = 0
    try:
        for record in _records(stream):
            n_read += 1
            url = (record.headers.get("WARC-Target-URI") or "").strip(" \t<>")
            if not re.match(r"https?://", url, re.I):
                continue
            document = _document(source, record, url, now, max_page)
            if document is not None:
                yield document
    except OSError as error:
        stream.note(f"the disk says '{error.strerror or error}'")
    finally:
        stream.close()
    if not n_read and not stream.flaws:
        stream.note("the file is empty")
    if stream.flaws:
        more = f" and {stream.n_flaws - len(stream.flaws)} more" if stream.n_flaws > len(stream.flaws) else ""
        detail = f"{'; '.join(stream.flaws)}{more}; {n_read} records could be read and are loaded"
        yield refused(source, path, "WARC is damaged" if n_read else "no WARC", detail)


def _records(stream: Unpacked) -> Iterator[WarcRecord]:
    """Every record, whatever its type; behind a break it goes on with the next that can be found."""
    source = cast(BinaryIO, stream)  # its protocol asks for `seek`, which nothing calls
    start = 0
    while True:
        last, end, n_flaws, flaw = start, start, stream.n_flaws, None
        try:
            for record in ArchiveIterator(source, parse_http=False, stream_detect=False):
                last = record.stream_pos
                if "Content-Length" not in record.headers or "WARC-Type" not in record.headers:
                    flaw = f"a record without its length or type at unpacked byte {last}"
                    break
                end = last + record.content_length
                yield record
            else:
                if end > stream.tell():
                    flaw = f"the record at unpacked byte {last} is cut short"
        except OSError as error:
            flaw = f"no record behind that at unpacked byte {last} ({error})"
        if flaw and stream.n_flaws == n_flaws:
            stream.note(flaw)
        if not (flaw or stream.is_broken) or not stream.next_record(last + 1):
            return
        start = stream.tell()


def _document(source: Source, record: WarcRecord, url: str, now: datetime, max_page: int) -> Document | None:
    """A record's page, or why it is refused; None for a record that is no input."""
    fetched_at = _date_of(record) or now
    try:
        answer = _answer(record)
        if answer is None:
            return None
        body = _page(record, answer, max_page)
        kind = _kind_of(answer, body)
    except NoPage as why:
        return Document(source.name, url, b"", url=url, fetched_at=fetched_at, reason=why.reason, detail=why.detail)
    return Document(
        source.name,
        url,
        body,
        kind,
        web_id(url),
        url,
        source.publisher,
        fetched_at,
        final_url=url,
        status=answer.status,
        headers=answer.headers,
    )


def _answer(record: WarcRecord) -> Answer | None:
    """The head of a response or resource record, its reader set before the body; None for other records. Raises
    NoPage."""
    stated = record.headers.get("Content-Type")
    if record.record_type == WarcRecordType.resource:
        return Answer(None, None, _media_type(stated))
    if record.record_type != WarcRecordType.response:
        return None
    if not (stated or "application/http").lower().startswith("application/http"):
        return None  # an answer of DNS or FTP
    try:
        record.parse_http(auto_decode="none", quirks_mode=True)
    except OSError as error:
        raise NoPage("no HTTP answer", str(error)) from error
    http = record.http_headers
    if http is None or http.status_code is None:
        raise NoPage("no HTTP answer", "the record does not begin with a status line")
    if http.status_code != 200:
        raise NoPage(f"HTTP {http.status_code}", "only an answer with status 200 is a page")
    headers = tuple((str(name), str(value)) for name, value in http)
    answer = Answer(http.status_code, headers, None)
    return answer._replace(media_type=_media_type(answer.header("content-type")))


def _transferred(record: WarcRecord, answer: Answer, max_page: int) -> bytes:
    """The body as it was transferred. Raises NoPage for one that is too large, empty, or ends before it should."""
    if answer.media_type not in (*KIND_OF_TYPE, None):
        raise NoPage("not a page", f"its type is {answer.media_type}")
    length = record.content_length
    body = read_whole(record.reader, min(length, max_page + 1))
    if len(body) > max_page:
        raise NoPage("too large", f"more than {max_page} bytes as transferred")
    if swallowed := NEXT_RECORD.search(body):  # the record's length is wrong; what it swallowed is read again
        return body[: swallowed.start()]
    stated = answer.header("content-length") or ""
    expected = int(stated) if NUMBER.fullmatch(stated) and not answer.header("transfer-encoding") else 0
    is_cut = len(body) < length or (len(body) < expected and not record.headers.get("WARC-Truncated"))
    is_whole = 0 < expected <= len(body) or body.rstrip().lower().endswith(b"</html>")  # the length alone was wrong
    if is_cut and not is_whole:
        raise NoPage("cut short", f"{len(body)} of {max(length, expected)} bytes")
    if not body:
        raise NoPage("empty body", "the answer has a head alone")
    return body


def _page(record: WarcRecord, answer: Answer, max_page: int) -> bytes:
    body = _transferred(record, answer, max_page)
    transfer, content = answer.header("transfer-encoding"), answer.header("content-encoding")
    return decoded(body, transfer or "", content or "", max_page)


def _kind_of(answer: Answer, body: bytes) -> str:
    """html or text; without a stated type by how it begins. Raises NoPage."""
    if answer.media_type is not None:
        return KIND_OF_TYPE[answer.media_type]
    if LOOKS_LIKE_HTML.match(body):
        return "html"
    raise NoPage("not a page", "it states no type and does not begin as HTML")


def _media_type(stated: str | None) -> str | None:
    return (stated or "").partition(";")[0].strip().lower() or None


def _date_of(record: WarcRecord) -> datetime | None:
    date = record.record_date
    if date is None:
        return None
    return date.astimezone(UTC) if date.tzinfo else date.replace(tzinfo=UTC)
