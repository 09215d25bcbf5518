"""Trying one source: it is asked as a run would ask it, and nothing is kept."""

import asyncio
from dataclasses import dataclass

from flows.collect.feeds import read_feed
from flows.collect.fetch.answer import Answer
from flows.collect.fetch.client import Client
from flows.collect.fetch.content import Accept
from flows.collect.find import Found, find_listings
from flows.collect.listing import Listing, NoListing
from flows.collect.reading import read_listing
from flows.settings import Collecting
from flows.sources import Source


@dataclass(frozen=True)
class Checked:
    """What a source answered: `listing` where it is a feed or a sitemap, `refusal` why it is none, and the answer of
    the first page of it (NULL where there is none); an index of sitemaps is not gone into."""

    answer: Answer
    listing: Listing | None
    refusal: NoListing | None
    page: Answer | None


def check_source(source: Source, collecting: Collecting) -> Checked:
    """Ask a source of the web, and for the first page that it lists."""
    return asyncio.run(_check(source, collecting))


async def _check(source: Source, collecting: Collecting) -> Checked:
    assert source.url
    async with Client(collecting) as client:
        accept: Accept = "page" if source.type == "page" else "any" if source.type == "url" else "listing"
        answer = await client.get(source.url, allow_private=source.allow_private, accept=accept)
        if answer.outcome != "fetched" or source.type == "page":
            return Checked(answer, None, None, answer if answer.outcome == "fetched" else None)
        try:
            listing = read_listing(answer, source.type, collecting)
        except NoListing as error:
            return Checked(answer, None, error, answer if source.type == "url" else None)
        first = next((item.url for item in listing.items if item.url), None)
        page = await client.get(first, allow_private=source.allow_private) if first else None
        return Checked(answer, listing, None, page)


def find_sources(source: Source, collecting: Collecting) -> list[Found]:
    """The feeds and sitemaps of a site."""
    return asyncio.run(_find(source, collecting))


async def _find(source: Source, collecting: Collecting) -> list[Found]:
    assert source.url
    async with Client(collecting) as client:

        async def get(url: str) -> Answer:
            return await client.get(url, allow_private=source.allow_private, accept="any")

        def read(body: bytes, url: str) -> Listing:
            return read_feed(body, url, most=collecting.listed_items)

        return await find_listings(source.url, get, read)
