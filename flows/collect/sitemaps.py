"""Sitemaps: XML of sitemaps.org with the news extension, indexes, plain text; packed or not, well-formed or not."""

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urljoin, urlsplit

from lxml import etree

from flows.collect.listing import Item, Listing, NoListing
from flows.collect.members import unpack_members
from flows.collect.urls import LONGEST

CHUNK = 1 << 16
MOST_EVENTS = 10_000_000  # 50,000 pages with twenty pictures each have 6 million; a bomb of 64 MB has 64
MOST_MENDED = 1_000_000  # each costs a hundred bytes while it is mended
FEEDS = ("rss", "feed", "rdf")
# What a document may not do is define its own entities: every `&` but these five and numbers is taken as written.
BARE = re.compile(rb"&(?!(?:amp|lt|gt|quot|apos|#[0-9]{1,7}|#x[0-9A-Fa-f]{1,6});)")
# What is never closed goes on to the end, or a million of them would be looked through a million times.
BARE_OUTSIDE = re.compile(rb"<!\[CDATA\[(?:.*?\]\]>|.*)|<!--(?:.*?-->|.*)|" + BARE.pattern, re.S)
# Encodings in which `&` and `<` are always those bytes; any other name is read as UTF-8.
ASCII_LIKE = re.compile(rb"<\?xml[^>]{0,80}encoding\s*=\s*[\"'](?:iso-8859|windows-125|koi8|gb|big5|shift|euc)", re.I)
ABSOLUTE = re.compile(r"[a-z][a-z0-9+.-]*:", re.I)
DAY = re.compile(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?")
FIELDS = {
    ("loc",): "loc",
    ("lastmod",): "lastmod",
    ("news", "publication", "name"): "publisher",
    ("news", "publication_date"): "published",
    ("news", "title"): "title",
}


def read_sitemap(body: bytes, url: str, most: int = 50_000, unpacked: int = 64_000_000) -> Listing:
    """The sitemap (or index of sitemaps) at `url`: its first `most` items with http(s) addresses, made absolute; what
    was wrong with it or left out stands in `flaw`.

    `unpacked` is how many bytes it may have without its gzip. Raises NoListing for a larger one, and for what is no
    sitemap: a feed (the reason says so), a page, anything else.
    """
    flaws: list[str] = []
    for _ in range(2):  # a server that packs what is packed already
        body, flaw = unpack_members(body, unpacked)
        flaws += [flaw] if flaw else []
        if len(body) > unpacked:
            raise NoListing("too large", f"more than {unpacked} bytes")
    if body.startswith((b"\xff\xfe", b"\xfe\xff")):
        body = re.sub(r"^\s*<\?xml.*?\?>", "", body.decode("utf-16", "replace"), flags=re.S).encode("utf-8", "replace")
    body = body.removeprefix(b"\xef\xbb\xbf").lstrip()
    if not body:
        raise NoListing("nothing in it", "the body is empty")
    found = _Entries(url, most)
    if body.startswith(b"<"):
        _read_xml(body, found, flaws)
    else:
        _read_lines(body, found, flaws)
    if found.is_full:
        flaws.append(f"more than {most} addresses: the first ones are taken")
    if found.n_refused:
        flaws.append(f"{found.n_refused} entries without an http(s) address")
    is_index = found.root == "sitemapindex" or bool(found.children and not found.items)
    kind = "index" if is_index else "sitemap"
    return Listing(kind, found.items, children=found.children, flaw="; ".join(flaws) or None)


def instant_of(wording: str | None) -> datetime | None:
    """The instant (UTC) that a W3C or RFC 5322 date names; without a zone it is UTC; a day, month or year is its first
    instant. None where it names none."""
    text = (wording or "").strip()
    try:
        if day := DAY.fullmatch(text):
            return datetime(int(day[1]), int(day[2] or 1), int(day[3] or 1), tzinfo=UTC)
        try:
            instant = datetime.fromisoformat(text)
        except ValueError:
            instant = parsedate_to_datetime(text)
        return instant.astimezone(UTC) if instant.tzinfo else instant.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None


class _Entries:
    """What a parser's events come to. It is lxml's `target`: nothing of the document is kept but what is listed, so
    that a million other elements cost time and no memory."""

    def __init__(self, url: str, most: int) -> None:
        self.url, self.most = url, most
        self.items: list[Item] = []
        self.children: list[str] = []
        self.n_refused = 0
        self.is_full = False
        self.root: str | None = None
        self.path: list[str] = []
        self.base = 0  # the depth of the open entry; 0: none is open
        self.namespace = ""
        self.told: dict[str, str] = {}
        self.bare: list[str] = []
        self.n_events = 0
        self.text: list[str] = []

    def start(self, tag: str, _: object) -> None:
        namespace, _, name = tag.rpartition("}")
        name = name.rpartition(":")[2].lower()
        self.path.append(name)
        self.n_events += 1
        self.text = []
        if self.root is None:
            self.root = name
        elif name in ("url", "sitemap") and (not self.base or len(self.path) > self.base):
            self.flush(False)  # the one before was never closed
            self.base, self.namespace = len(self.path), namespace

    def data(self, text: str) -> None:
        self.n_events += 1
        if not self.base or self.is_full:
            return
        if len(self.path) == self.base and self.path[-1] == "sitemap":
            self.bare.append(text)  # some indexes write the address so
        elif tuple(self.path[self.base :]) in FIELDS:
            self.text.append(text)

    def end(self, tag: str) -> None:
        if self.base and len(self.path) == self.base:
            self.flush(True)
        elif self.base:
            name = FIELDS.get(tuple(self.path[self.base :]))
            value = "".join(self.text).strip()
            is_own = name not in ("loc", "lastmod") or tag.rpartition("}")[0] == self.namespace
            if name and value and is_own:
                self.told.setdefault(name, value)
        self.text = []
        self.path.pop()

    def close(self) -> None:
        self.flush(False)

    def flush(self, is_closed: bool) -> None:
        """The open entry is over; where it was never closed, what is complete of it counts."""
        if not self.base:
            return
        told, address = self.told, self.told.get("loc") or ("".join(self.bare).strip() if is_closed else "")
        is_sitemap = self.path[self.base - 1 : self.base] == ["sitemap"]
        self.base, self.told, self.bare = 0, {}, []
        if address or is_closed:
            self.add(address, told, is_sitemap)

    def add(self, address: str, told: dict[str, str], is_sitemap: bool) -> None:
        """An address with what is told of it, if it is one that can be asked."""
        if self.is_full:
            return
        absolute = _absolute(address, self.url)
        if absolute is None:
            self.n_refused += 1
        elif len(self.items) + len(self.children) >= self.most:
            self.is_full = True
        elif is_sitemap:
            self.children.append(absolute)
        else:
            published, updated = told.get("published"), told.get("lastmod")
            self.items.append(
                Item(
                    absolute,
                    told.get("title"),
                    published,
                    instant_of(published),
                    updated,
                    instant_of(updated),
                    told.get("publisher"),
                )
            )


def _absolute(address: str, base: str) -> str | None:
    """The address against the sitemap's own; None where it is none of http or https, or longer than any can be."""
    try:
        absolute = address if ABSOLUTE.match(address) or not address else urljoin(base, address)
        parts = urlsplit(absolute)
    except ValueError:  # a bracket in the host
        return None
    is_sound = parts.scheme in ("http", "https") and bool(parts.hostname) and len(absolute) <= LONGEST
    return absolute if is_sound else None


def _read_xml(body: bytes, found: _Entries, flaws: list[str]) -> None:
    """Feed lxml's push parser; it mends what it can and says what it could not. No entity of the document's own is
    expanded, no DTD is read."""
    if BARE.search(body):
        body, n_mended = BARE_OUTSIDE.subn(lambda one: b"&amp;" if one[0] == b"&" else one[0], body, count=MOST_MENDED)
        if n_mended == MOST_MENDED:
            raise NoListing("not a sitemap", f"{MOST_MENDED} times CDATA, a comment or an & that nothing follows")
    parser = etree.XMLParser(
        target=found,
        recover=True,
        no_network=True,
        load_dtd=False,
        encoding=None if ASCII_LIKE.match(body) else "utf-8",
    )
    try:
        for start in range(0, len(body), CHUNK):
            parser.feed(body[start : start + CHUNK])
            if found.root not in (None, "urlset", "sitemapindex"):
                raise _no_sitemap(found.root)
            if found.is_full:
                return
            if found.n_events > MOST_EVENTS:
                flaws.append(f"over {MOST_EVENTS} elements and pieces of text: what follows is left out")
                return
        parser.close()
    except etree.XMLSyntaxError as error:
        flaws.append(f"broken XML: {error}")
    if found.root is None:
        raise NoListing("not a sitemap", "markup without an element")
    errors = [one for one in parser.feed_error_log if one.domain_name != "NAMESPACE" and one.level_name != "WARNING"]
    if errors:
        flaws.append(f"broken XML, line {errors[0].line}: {errors[0].message.strip()}")


def _no_sitemap(root: str | None) -> NoListing:
    if root in FEEDS:
        return NoListing("a feed, no sitemap", f"its root is <{root}>: read it as a feed")
    return NoListing("not a sitemap", "an HTML page" if root == "html" else f"XML whose root is <{root}>")


def _read_lines(body: bytes, found: _Entries, flaws: list[str]) -> None:
    """Plain text: an address a line. Raises NoListing where most lines are something else."""
    lines = [line.strip() for line in body.decode("utf-8", "replace").splitlines()]
    lines = [line for line in lines if line]
    if not lines:
        raise NoListing("not a sitemap", "nothing but blanks")
    addresses = [line for line in lines if re.match(r"https?://", line, re.I) and " " not in line]
    if 2 * len(addresses) <= len(lines):
        raise NoListing("not a sitemap", f"neither XML nor a list of addresses: {lines[0][:60]!r}")
    if left := len(lines) - len(addresses):
        flaws.append(f"{left} lines are no addresses")
    for address in addresses[: found.most + 1]:
        found.add(address, {}, False)
