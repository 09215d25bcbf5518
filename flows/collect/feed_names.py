"""The names of a feed's elements: which are read, and whose they are, whatever prefix a feed gives them."""

from flows.collect.feed_marks import Mark, read_attributes

MOST_PREFIXES = 200

CORE = {  # the formats' own elements, in the writings of twenty years; feedparser knows the same
    "http://backend.userland.com/rss",
    "http://backend.userland.com/rss2",
    "http://blogs.law.harvard.edu/tech/rss",
    "http://purl.org/rss/1.0/",
    "http://my.netscape.com/rdf/simple/0.9/",
    "http://channel.netscape.com/rdf/simple/0.9/",
    "http://purl.org/rss/1.0/modules/rss091#",
    "http://example.com/newformat#",
    "http://example.com/necho",
    "http://purl.org/echo/",
    "uri/of/echo/namespace#",
    "http://purl.org/pie/",
    "http://purl.org/atom/ns#",
    "http://www.w3.org/2005/atom",
    "https://www.w3.org/2005/atom",
}
MODULES = {
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://purl.org/dc/terms/": "dcterms",
    "http://purl.org/rss/1.0/modules/syndication/": "sy",
    "http://rssnamespace.org/feedburner/ext/1.0": "feedburner",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#": "rdf",
    "http://search.yahoo.com/mrss/": "media",
}
DECLARED = {prefix: uri for uri, prefix in MODULES.items()}
SAME = {  # other addresses of a module, and another's element that means the same
    "http://search.yahoo.com/mrss": "media",
    "http://www.pheedo.com/namespace/pheedo": "feedburner",
}
USUAL = {"atom": "", "atom10": "", "a10": "", "rss": "", "pheedo": "feedburner"}  # of feeds that declare none

ROOTS = {"rss", "feed", "rdf:rdf", "channel"}
ENTRIES = {"item", "entry"}
GROUPS = ROOTS | ENTRIES | {"source"}
DATES = {"pubdate", "published", "issued", "updated", "modified", "created", "lastbuilddate", "dc:date"}
DATES |= {"dcterms:created", "dcterms:issued", "dcterms:modified"}
TITLES = {"title", "dc:title", "media:title"}
FIELDS = DATES | TITLES | {"link", "feedburner:origlink", "guid", "id", "ttl", "sy:updateperiod", "sy:updatefrequency"}
WITH_TEXT = FIELDS | {"source"}
ENDERS = ENTRIES | {"guid", "pubdate"}  # end what is passed over and never closed: nothing else has such children
FIELD_ENDERS = FIELDS - TITLES | ENTRIES | ROOTS | {"description", "content", "category", "comments", "enclosure"}
KEPT_ATTRIBUTES = ("version", "xml:base", "base", "href", "url", "rel", "type", "mode", "ispermalink", "lastmod")
OTHER_KINDS = {"urlset": "a sitemap", "sitemapindex": "an index of sitemaps", "opml": "a list of feeds (OPML)"}
HTML = {"html", "head", "body"}


class Names:
    """The prefixes that a feed has declared so far, wherever: in feeds a prefix means one thing throughout."""

    def __init__(self) -> None:
        self.prefixes: dict[str, str | None] = {**USUAL, **{prefix: prefix for prefix in DECLARED}}

    def name_of(self, mark: Mark) -> str | None:
        """An element's name in lower case with the prefix that we write for its namespace ('dc:date', 'title'); None
        for one of a namespace that no listing needs."""
        if mark.kind in ("start", "empty") and "xmlns:" in mark.text:
            for name, address in read_attributes(mark.text, []).items():
                if name.startswith("xmlns:") and len(self.prefixes) < MOST_PREFIXES:
                    self.prefixes[name[6:]] = _prefix_of(address.strip().lower())
        prefix, _, local = mark.name.lower().rpartition(":")
        ours = self.prefixes.get(prefix) if prefix else ""
        return None if ours is None else f"{ours}:{local}" if ours else local


def _prefix_of(address: str) -> str | None:
    return "" if address in CORE else MODULES.get(address) or SAME.get(address)
