"""A story in a real browser: each figure leads to its marked phrase, and the tolls can be seen as of any moment."""

from tests.dashboard.browser.conftest import OpenTab
from tests.dashboard.browser.tab import Tab


def open_story(tab: Tab) -> str:
    """Go to the newest story by the list; its path."""
    tab.visit("/stories").locator("main a[href^='/stories/sto_']").first.click()
    tab.page.wait_for_url("**/stories/sto_*")
    return tab.page.url.removeprefix(tab.base)


def test_a_figure_of_a_story_leads_to_its_marked_phrase(tab: OpenTab) -> None:
    opened = tab()
    story = open_story(opened)
    figures = opened.page.locator("main a.figure[href^='/facts/']").evaluate_all("links => links.map(one => one.href)")

    assert len(set(figures)) > 10
    for figure in sorted(set(figures))[:6]:
        opened.visit(story)
        opened.unfold()
        opened.page.locator(f"a[href='{figure.removeprefix(opened.base)}']").first.click()
        opened.page.wait_for_url(figure)
        fact = opened.page.request.get(figure.replace("/facts/", "/json/facts/")).json()["fact"]
        assert set(opened.page.locator("mark").all_text_contents()) == {fact["phrase"]}
        assert fact["phrase"] in fact["evidence"]
        assert fact["raw_sha256"] in opened.page.locator("main").inner_text()
