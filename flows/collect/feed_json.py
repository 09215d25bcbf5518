"""JSON Feed 1.0 and 1.1 (jsonfeed.org) -> a listing."""

import json
from urllib.parse import urljoin

from flows.collect.feed_dates import instant_of
from flows.collect.feed_text import plain_text
from flows.collect.listing import Item, Listing, NoListing


def read_json_feed(text: str, url: str, most: int, flaws: list[str]) -> Listing:
    """The first `most` items of a JSON feed at `url`. Raises NoListing for JSON that is no feed, or no JSON."""
    try:
        stated = json.loads(text, strict=False)
    except (ValueError, RecursionError) as error:
        raise NoListing("no feed", f"begins like JSON and is none ({error})") from error
    if not isinstance(stated, dict) or not isinstance(stated.get("items"), list):
        raise NoListing("no feed", "JSON, but no JSON Feed: it has no list of 'items'")
    if "jsonfeed.org" not in str(stated.get("version")):
        flaws.append("has no 'version' that names JSON Feed")
    entries = [entry for entry in stated["items"][:most] if isinstance(entry, dict)]
    if len(entries) < len(stated["items"][:most]):
        flaws.append("has items that are no objects")
    if len(stated["items"]) > most:
        flaws.append(f"lists more than {most} items")
    return Listing(
        "feed",
        [_item(entry, url) for entry in entries],
        plain_text(_text(stated, "title"), is_markup=False),
        _address(stated, url, "home_page_url"),
        flaw="; ".join(flaws) or None,
    )


def _item(entry: dict[str, object], url: str) -> Item:
    """An entry's own page comes before the page it points to; an id is a link only where it is an address."""
    has_address = (_text(entry, "id") or "").lower().startswith(("http://", "https://"))
    published, updated = _text(entry, "date_published"), _text(entry, "date_modified")
    return Item(
        _address(entry, url, "url")
        or _address(entry, url, "external_url")
        or (_text(entry, "id") if has_address else None),
        plain_text(_text(entry, "title"), is_markup=False),
        published,
        instant_of(published),
        updated,
        instant_of(updated),
    )


def _text(entry: dict[str, object], key: str) -> str | None:
    value = entry.get(key)
    return (value.strip() or None) if isinstance(value, str) else None


def _address(entry: dict[str, object], url: str, key: str) -> str | None:
    address = _text(entry, key)
    try:
        return urljoin(url, address) if address else None
    except ValueError:  # "http://[": no address at all
        return None
