"""A source that was tried, and what a site offers."""

from collections.abc import Sequence

from rich.console import Console
from rich.markup import escape

from flows.clean.decode import Unreadable, charset_of
from flows.clean.page import read_page
from flows.collect.check import Checked
from flows.collect.fetch.answer import Answer
from flows.collect.find import Found
from flows.report.words import plural
from flows.sources import Source

SHOWN = 5


def print_checked(console: Console, source: Source, checked: Checked) -> bool:
    """What a source answered, what it lists, and how its first page reads; whether an article would come of it."""
    answer = checked.answer
    told = f" ({answer.detail})" if answer.detail else ""
    _line(console, source.location, f"{answer.outcome}{told}")
    if answer.final_url != answer.url:
        _line(console, "  led to", answer.final_url)
    if checked.refusal and source.type != "url":
        _line(console, "  no listing", f"{checked.refusal.reason}: {checked.refusal.detail}")
    if listing := checked.listing:
        what = (
            plural(len(listing.children), "sitemap") if listing.kind == "index" else plural(len(listing.items), "item")
        )
        _line(console, f"  {listing.kind}", f"{listing.title or 'without a title'}, {what}")
        if listing.flaw:
            _line(console, "  flaw", listing.flaw)
        for item in listing.items[:SHOWN]:
            at = f"{item.published_at:%Y-%m-%d %H:%M} UTC  " if item.published_at else ""
            _line(console, "   ", f"{at}{item.title or 'without a title'}  {item.url or 'NO ADDRESS'}")
        for child in listing.children[:SHOWN]:
            _line(console, "   ", child)
    if checked.page is None:
        return bool(checked.listing and checked.listing.children)
    return _print_page(console, checked.page)


def _print_page(console: Console, answer: Answer) -> bool:
    if answer.outcome != "fetched":
        _line(console, "  first page", f"{answer.url}: {answer.outcome} ({answer.detail or 'no more is known'})")
        return False
    headers = [{"name": name, "value": value} for name, value in answer.headers]
    try:
        page = read_page("html", answer.body, answer.fetched_at, charset_of(headers))
    except Unreadable as error:
        _line(console, "  first page", f"{answer.url}: {': '.join(error.args)}")
        return False
    published = f", published {page.published.at:%Y-%m-%d %H:%M} UTC" if page.published else ", no date stated"
    words = plural(len(page.text.split()), "word")
    _line(
        console, "  first page", f"{page.title or 'no title'}: {words}{published}, {page.publisher or 'no publisher'}"
    )
    return True


def print_found(console: Console, source: Source, found: Sequence[Found]) -> None:
    """The feeds and sitemaps of a site, and the line that makes one a source."""
    for one in found:
        newest = f", newest {one.newest:%Y-%m-%d}" if one.newest else ""
        _line(
            console,
            one.url,
            f"{one.kind}, {plural(one.n_items, 'item')}{newest}; {one.title or 'no title'} ({one.how})",
        )
    if not found:
        _line(console, source.location, "no feed and no sitemap found; a folder of saved pages would do")


def _line(console: Console, name: str, told: str) -> None:
    console.print(f"[bold]{escape(name)}[/]  {escape(told)}", highlight=False, soft_wrap=True)
