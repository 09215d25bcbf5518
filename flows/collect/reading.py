"""An answer's bytes as a feed or a sitemap, whichever they are."""

from flows.collect.feeds import read_feed
from flows.collect.fetch.answer import Answer, header
from flows.collect.listing import Listing, NoListing
from flows.collect.sitemaps import read_sitemap
from flows.settings import Collecting


def read_listing(answer: Answer, source_type: str, collecting: Collecting) -> Listing:
    """What an answer lists, read as what its source says that it is, else as the other. Raises NoListing with what the
    first reader says of it."""
    most, unpacked = collecting.listed_items, int(collecting.listing_megabytes * 1e6)

    def as_feed() -> Listing:
        return read_feed(answer.body, answer.final_url, header(answer.headers, "content-type"), most)

    def as_sitemap() -> Listing:
        return read_sitemap(answer.body, answer.final_url, most, unpacked)

    first, second = (as_sitemap, as_feed) if source_type == "sitemap" else (as_feed, as_sitemap)
    try:
        return first()
    except NoListing as error:
        try:
            return second()
        except NoListing:
            raise error from None
