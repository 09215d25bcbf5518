"""The list of stories in a real browser: each filter narrows it, and its address is the filter."""

import pytest
from playwright.sync_api import Page

from tests.dashboard.browser.conftest import OpenTab

pytestmark = pytest.mark.proof
STORIES = "main tbody a[href^='/stories/']"


def told(page: Page) -> tuple[str, list[str]]:
    """How many stories the page says there are, and which it shows."""
    shown = page.locator(STORIES).evaluate_all("links => links.map(link => link.pathname)")
    return page.locator("main caption").inner_text(), shown


@pytest.mark.parametrize(
    ("label", "value", "parameter", "expected"),
    [
        ("Search titles and text", '"example/33"', "q", "of 61"),
        ("Place", "https://wire.example/34", "place", "of 61"),
        ("Actor", "https://wire.example/180", "actor", "of 61"),
        ("Kind", "killed", "kind", "61 stories,"),
        ("From", "2026-03-01", "since", "61 stories,"),
        ("To", "2026-03-01", "until", "61 stories,"),
        ("Origins, at least", "2", "origins", "1 story of 61"),
        ("only with disagreement", None, "disagreement", "1 story of 61"),
    ],
)
def test_a_filter_narrows_the_list_and_its_address_can_be_shared(
    tab: OpenTab, harmless_site: str, label: str, value: str | None, parameter: str, expected: str
) -> None:
    opened = tab(harmless_site)
    page = opened.visit("/stories")
    whole = told(page)

    if value is None:
        page.get_by_label(label).check()
    else:
        page.get_by_label(label, exact=True).fill(value)
    page.get_by_role("button", name="Show").click()

    page.wait_for_url(f"**/stories?*{parameter}=*")
    found = told(page)
    assert expected in found[0]
    assert told(tab(harmless_site).visit(page.url)) == found
    page.go_back()
    assert told(page) == whole


def test_filters_together_find_what_all_of_them_find_and_say_so_where_nothing_does(
    tab: OpenTab, harmless_site: str
) -> None:
    opened = tab(harmless_site)

    assert len(told(opened.visit("/stories?kind=killed&origins=2"))[1]) == 1
    assert "No story fits" in opened.visit("/stories?kind=killed&origins=2&since=2030-01-01").inner_text("main")
    page = opened.visit("/stories?since=soon", status=400)
    assert "since" in page.locator(".said").inner_text()


def test_older_stories_are_a_page_further(tab: OpenTab, harmless_site: str) -> None:
    page = tab(harmless_site).visit("/stories")
    newest = told(page)[1]

    page.get_by_role("link", name="Older").click()
    page.wait_for_url("**/stories?*")
    older = told(page)[1]
    page.get_by_role("link", name="Newer").click()
    page.wait_for_load_state()

    assert (len(newest), len(older)) == (50, 11)
    assert set(newest) & set(older) == set()
    assert told(page)[1] == newest
