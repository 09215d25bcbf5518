"""Every page of the dashboard in a real browser: it loads, everyone can read it, and it asks nothing of the world."""

from collections.abc import Iterator
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser

from tests.dashboard.browser.conftest import OpenTab
from tests.dashboard.browser.crawl import Seen, crawl, sort_of
from tests.dashboard.browser.tab import Tab, open_tab

pytestmark = pytest.mark.proof
PHONE = {"viewport": {"width": 375, "height": 760}, "has_touch": True, "is_mobile": True}
WORDS = """() => {
  const page = document.body.cloneNode(true)
  for (const added of page.querySelectorAll('.drawn, .zone, [data-include], [data-history], time')) added.remove()
  return page.textContent.trim().split(/\\s+/)
}"""
TIMES = "[...document.querySelectorAll('time[datetime*=T]')].map(time => [time.dateTime, time.textContent])"
REACHABLE = """() => {
  const all = [...document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex="0"]')]
  const isStop = one => one.checkVisibility({visibilityProperty: true}) && (one.type !== 'radio' || one.checked)
  return all.filter(isStop).map(one => one.outerHTML.slice(0, 150))
}"""
FOCUSED = """() => {
  const at = document.activeElement, box = at.getBoundingClientRect(), style = getComputedStyle(at)
  const isSeen = box.right > 0 && box.bottom > 0 && style.outlineStyle !== 'none'
  return at === document.body ? null : [at.outerHTML.slice(0, 150), isSeen]
}"""


@pytest.fixture(scope="module")
def pages(browser: Browser, seeds_site: str) -> list[Seen]:
    """The pages of the dashboard over the seeds, some of each sort."""
    tab = open_tab(browser, seeds_site)
    found = list(crawl(tab, 4))
    tab.page.context.close()
    assert tab.troubles == []
    return found


@pytest.fixture(scope="module")
def paths(pages: list[Seen]) -> list[str]:
    """A page of each sort."""
    return list({sort_of(seen.path): seen.path for seen in reversed(pages)}.values())


def each(tab: Tab, paths: list[str]) -> Iterator[str]:
    """Visit one path after the other and unfold it."""
    for path in paths:
        tab.visit(path)
        tab.unfold()
        yield path


def test_every_page_that_is_linked_answers_and_keeps_its_shape(pages: list[Seen]) -> None:
    sorts = {sort_of(seen.path) for seen in pages}

    assert sorts >= {"stories", "stories/*", "events/*", "articles/*", "facts/*", "sources", "sources/*", "runs", "sql"}
    assert {seen.path: seen.looks["wrong"] for seen in pages if seen.looks["wrong"]} == {}


@pytest.mark.parametrize("how", [{}, {"color_scheme": "dark"}, PHONE], ids=["light", "dark", "phone"])
def test_axe_finds_nothing_wrong_with_any_page(tab: OpenTab, paths: list[str], how: dict[str, object]) -> None:
    opened = tab(**how)

    found = {path: opened.violations() for path in each(opened, paths)}

    assert {path: wrong for path, wrong in found.items() if wrong} == {}


def test_in_the_dark_every_page_is_dark(tab: OpenTab, paths: list[str]) -> None:
    lightness = """() => ['backgroundColor', 'color'].map(key =>
      Math.max(...getComputedStyle(document.documentElement)[key].match(/[\\d.]+/g).slice(0, 3).map(Number)))"""
    dark, light = tab(color_scheme="dark"), tab()

    for path in paths:
        ground, ink = dark.visit(path).evaluate(lightness)
        assert ground < 60 < 200 < ink, path
        ground, ink = light.visit(path).evaluate(lightness)
        assert ink < 60 < 200 < ground, path


def test_on_a_phone_no_page_scrolls_sideways_and_every_link_of_the_frame_can_be_tapped(
    tab: OpenTab, paths: list[str]
) -> None:
    phone = tab(**PHONE)

    wrong = {path: phone.looks()["wrong"] for path in each(phone, paths)}

    assert {path: found for path, found in wrong.items() if found} == {}
    for name in ("Sources", "Runs", "SQL", "Stories"):
        phone.page.get_by_role("navigation", name="Pages").get_by_role("link", name=name).tap()
        phone.page.wait_for_url(f"**/{name.lower()}")


def test_without_javascript_every_page_says_all_but_its_charts(tab: OpenTab, paths: list[str]) -> None:
    plain, full = tab(java_script_enabled=False), tab(timezone_id="UTC")

    for path in paths:
        if path.startswith("/sql?"):  # how long it took is never the same
            continue
        plain.visit(path)
        full.visit(path)
        missing = set(full.page.evaluate(WORDS)) - set(plain.page.evaluate(WORDS))
        assert missing == set(), path


def test_times_are_in_utc_and_with_javascript_in_the_readers_zone(tab: OpenTab, paths: list[str]) -> None:
    plain, full = tab(java_script_enabled=False), tab(timezone_id="Asia/Tokyo")
    zone, n_times = ZoneInfo("Asia/Tokyo"), 0

    for path in paths:
        for opened, its_zone in ((plain, UTC), (full, zone)):
            for instant, shown in opened.visit(path).evaluate(TIMES):
                n_times += 1
                assert shown == f"{datetime.fromisoformat(instant).astimezone(its_zone):%Y-%m-%d %H:%M}", path
    assert n_times > 40
    assert "Asia/Tokyo" in full.page.locator("footer").inner_text()
    assert "Asia" not in plain.page.locator("footer").inner_text()


def test_the_keyboard_reaches_everything_and_one_sees_where_it_is(tab: OpenTab, paths: list[str]) -> None:
    opened = tab()

    for path in each(opened, paths):
        press = opened.page.keyboard.press
        opened.page.evaluate("scrollTo(0, 0)")
        press("Tab")
        assert opened.page.evaluate("document.activeElement.className") == "skip", path
        waiting = set(opened.page.evaluate(REACHABLE))
        while focused := opened.page.evaluate(FOCUSED):
            name, is_seen = focused
            assert is_seen, f"{path}: {name}"
            waiting.discard(name)
            press("Tab")
        assert waiting == set(), path


def test_the_skip_link_leads_past_the_frame(tab: OpenTab) -> None:
    page = tab().visit("/stories")

    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")

    assert page.evaluate("document.activeElement.closest('main') !== null")


@pytest.mark.parametrize("path", ["/nowhere", "/stories/sto_none", "/facts/x", "/sources/none", "/runs/none"])
def test_what_is_not_there_is_said_plainly(tab: OpenTab, path: str) -> None:
    opened = tab()

    page = opened.visit(path, status=404)

    assert page.locator("h1").inner_text() == "Not found"
    assert page.get_by_role("navigation", name="Pages").is_visible()
    assert opened.violations() == []
