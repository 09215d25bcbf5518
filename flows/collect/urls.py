"""The address that names an article, whatever feed, mail or phone it came by. Pure: nothing is asked."""

import re
from functools import lru_cache
from urllib.parse import unquote, urljoin

import lxml.html
from lxml import etree

from flows.collect.address import HTTP, Parts, parts_of, rules
from flows.schema import stable_id

LONGEST = 8_192  # characters; no server takes a longer address, and unwrapping stays cheap
MOST_STEPS = 500  # redirectors in redirectors; more do not fit in an address
HEAD = 100_000  # bytes of a page that are looked into for the address it states
MOBILE = ("m", "mobile", "amp")  # labels of a host that name an edition of a site
SECOND_LEVEL = frozenset(["ac", "co", "com", "edu", "go", "gob", "gouv", "gov", "mil", "ne", "net", "or", "org"])
AMP_CACHE = re.compile(r"/(c|v|wp|amp)/(s/)?([^/]+\.[a-z][a-z0-9-]+)(/.*)?", re.I | re.S)
AMP_ENDING = re.compile(r"(?<=[^/])(?:/amp\.html?$|\.amp(?=(?:\.html?)?$))", re.I)
SLUG = re.compile(r"[^\W\d_]{2,}[-_]\w|[^/]{16}")
NUMBER = re.compile(r"[0-9]+")
DAY = re.compile(r"(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])")
STATED = re.compile(rb"canonical|og:url", re.I)
OF_FEED = re.compile(r"(?:^|[-_.])(?:rss|feed)(?:[-_.]|$)", re.I)  # a value that names a feed
LEAST_DIGITS = 5  # of a number that names an article; shorter ones are days, pages, places in a list
LEAST_WORDS = 3  # of a last path part that names an article; shorter ones are sections


def canonical_url(url: str) -> str:
    """The address that names the article at `url`: ids are made from it, so that what is decided here cannot change
    without a migration. It is a name and nothing to fetch: a site may answer as http or with `www.` alone.

    One for both schemes, with and without `www.`, the final slash, credentials, fragment (`#!...` and `#/...` stay,
    they choose the page), tracking parameters, session ids; AMP and mobile editions, AMP caches and redirectors give
    the article. Other parameters stay, sorted by name. What is no http(s) address comes back as it is, trimmed.
    """
    url = re.sub(r"[\t\r\n]", "", url).strip()
    if len(url) > LONGEST:
        return url
    for _ in range(MOST_STEPS):
        simpler = _simpler(url)
        if simpler == url:
            return url
        url = simpler
    return url


def site_of(host: str) -> str:
    """The domain that somebody registered, by a simple rule: two labels, or three where the second last is one of
    `co`, `com`, `org` ... below a country. Longer public suffixes (of hosted blogs) count as one site."""
    labels = host.split(".")
    if labels[-1].isdigit() or ":" in host:
        return host
    is_below_country = len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in SECOND_LEVEL
    return ".".join(labels[-3 if is_below_country else -2 :])


@lru_cache(maxsize=200_000)
def web_id(url: str) -> str:
    """The id of the article at an address: that of its canonical form."""
    return stable_id("art", canonical_url(url))


def stated_canonical(url: str, body: bytes) -> str | None:
    """The canonical address of the article that a page says it is: its `<link rel=canonical>`, else its `og:url`,
    looked for in the first 100 kB. None where it states none, or none that is surely the article at `url`: a wrong one
    on every page of a site (its home page, a section, a partner) must not make one article of many."""
    own = canonical_url(url)
    for stated in _stated(body[:HEAD]):
        try:
            named = canonical_url(urljoin(url, stated.strip()))
        except ValueError:  # brackets in the host
            continue
        if named == own or _is_same_article(own, named):
            return named
    return None


def _stated(head: bytes) -> list[str]:
    """The addresses that a page states for itself, the surest first."""
    head = head.partition(b"</head")[0]  # what a body says is no canonical; looking through it costs 0.7 ms a page
    if not STATED.search(head):
        return []
    try:
        root = lxml.html.document_fromstring(head)
    except (etree.ParserError, ValueError):  # nothing but blanks or comments; a null byte
        return []
    links = [link.get("href") for link in root.iter("link") if "canonical" in (link.get("rel") or "").lower().split()]
    metas = [meta.get("content") for meta in root.iter("meta") if meta.get("property") == "og:url"]
    return [address for address in links + metas if address and address.strip()]


def _is_same_article(own: str, named: str) -> bool:
    """Whether two canonical addresses lie on one site and have the same telling last path part, or the same article
    number, and no parameter that may choose the content is missing in `named`."""
    first, second = parts_of(own), parts_of(named)
    if first is None or second is None or site_of(first.host) != site_of(second.host):
        return False
    last, other = (one.path.rpartition("/")[2] for one in (first, second))
    told = set(NUMBER.findall("&".join([other, *second.query])))
    missing = [one for one in first.query if one not in second.query]
    if any(_chooses(one, told) for one in missing):
        return False
    own_numbers = set(NUMBER.findall("&".join([last, *first.query])))
    if any(_is_article_number(number) for number in own_numbers & told):
        return True
    return last == other and len(re.findall(r"[^\W_]+", unquote(last).partition(".")[0])) >= LEAST_WORDS


def _chooses(parameter: str, told: set[str]) -> bool:
    """Whether a page without this parameter may be another article: it is a number that the page's address does not
    give elsewhere, or a name or a slug."""
    name, _, value = parameter.partition("=")
    if NUMBER.fullmatch(value):
        return value not in told
    return name.lower() in rules().choices or bool(SLUG.search(value) and not OF_FEED.search(value))


def _is_article_number(number: str) -> bool:
    return len(number) >= LEAST_DIGITS and not DAY.fullmatch(number)


def _simpler(url: str) -> str:
    """One step: the target of a redirector or an AMP cache, else the parts put in order."""
    parts = parts_of(url)
    if parts is None:
        return url
    if target := _target(parts) or _cached(parts):
        return target
    host, path = parts.host, _without_amp(parts.path)
    labels = host.removesuffix(site_of(host)).split(".")[:-1]
    editions = ("www",) if path == "/" else ("www", *MOBILE)
    kept = [label for label in labels if label not in editions]
    host = ".".join([*kept, site_of(host)]) if labels else host
    query = "&".join(sorted(parts.query, key=lambda one: one.partition("=")[0]))
    fragment = parts.fragment if parts.fragment[:1] in ("!", "/") and len(parts.fragment) > 1 else ""
    return f"https://{host}{path}" + (f"?{query}" if query else "") + (f"#{fragment}" if fragment else "")


def _without_amp(path: str) -> str:
    """The article's path of an AMP page's: `amp` as first or last part, beside a slug anywhere; `.amp.html`, `.amp`."""
    first, *rest = AMP_ENDING.sub("", path)[1:].split("/")
    while rest and rest[-1] == "amp":
        rest.pop()
    if first == "amp" and rest:
        first, *rest = rest
    if any(SLUG.search(one) for one in rest):
        rest = [one for one in rest if one != "amp"]
    return "/".join(["", first, *rest])


def _target(parts: Parts) -> str | None:
    """Where a redirector sends its reader; None for any other page."""
    if parts.path.rpartition("/")[2].lower() not in rules().redirectors:
        return None
    for name, _, value in (one.partition("=") for one in parts.query):
        target = unquote(value)
        if name.lower() in rules().targets and (found := HTTP.fullmatch(target)) and "." in found[1]:
            return target
    return None


def _cached(parts: Parts) -> str | None:
    """The page behind an AMP cache: `/amp/s/HOST/...`, or `/c/s/HOST/...` at a host whose first label spells HOST."""
    match = AMP_CACHE.fullmatch(parts.path)
    if match is None:
        return None
    label = parts.host.partition(".")[0]
    spelt = match[3].lower().replace("-", "--").replace(".", "-")
    if label == spelt or (match[1].lower() == "amp" and match[2]):
        query = "&".join(parts.query)
        return f"https://{match[3]}{match[4] or '/'}" + (f"?{query}" if query else "")
    return None
