"""A story in a real browser: each figure leads to its marked phrase, and the tolls can be seen as of any moment."""

from typing import Any

from playwright.sync_api import Locator

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
    for figure in sorted(set(figures))[::4]:
        opened.visit(story).evaluate("for (const folded of document.querySelectorAll('details')) folded.open = true")
        opened.page.locator(f"a[href='{figure.removeprefix(opened.base)}']").first.click()
        opened.page.wait_for_url(figure)
        fact = opened.page.request.get(figure.replace("/facts/", "/json/facts/")).json()["fact"]
        assert set(opened.page.locator("mark").all_text_contents()) == {fact["phrase"]}
        assert fact["phrase"] in fact["evidence"]
        assert fact["raw_sha256"] in opened.page.locator("main").inner_text()


def test_the_slider_goes_through_what_was_known_on_either_clock(tab: OpenTab) -> None:
    opened = tab(timezone_id="UTC")
    open_story(opened)
    page = opened.page
    page.locator("[data-include]").first.scroll_into_view_if_needed()
    history = page.locator("section.history[data-attached=yes]").first
    history.wait_for()
    data = page.request.get(opened.base + str(history.get_attribute("data-history"))).json()
    slider, rows = history.locator("input[type=range]"), history.locator("table.then tbody tr")

    for clock, label in (("published", "in print"), ("seen", "in this ledger")):
        history.get_by_role("radio", name=label).check()
        slider.focus()
        for key, instant in (("Home", data["instants"][clock][0]), ("End", data["instants"][clock][-1])):
            page.keyboard.press(key)
            moment = f"{instant[:10]} {instant[11:16]}"
            assert moment in str(slider.get_attribute("aria-valuetext"))
            assert moment in history.locator("table.then caption").inner_text()
            assert label in history.locator("table.then caption").inner_text()
            assert shown_tolls(rows) == tolls_as_of(data["steps"], clock, instant)


def test_a_moment_of_the_history_is_an_address_with_javascript_or_without(tab: OpenTab) -> None:
    full, plain = tab(timezone_id="UTC"), tab(java_script_enabled=False)
    open_story(full)
    address = full.page.locator("[data-include] a").first.get_attribute("href")
    full.visit(str(address))
    full.page.locator("section.history[data-attached=yes]").wait_for()
    full.page.locator("input[type=range]").focus()
    full.page.keyboard.press("Home")
    moment = full.page.url.removeprefix(full.base)

    plain.visit(moment)
    again = shown_tolls(full.visit(moment).locator("table.then tbody tr"))

    assert "clock=published" in moment
    assert again == shown_tolls(plain.page.locator("table.then tbody tr"))
    plain.page.get_by_label("in this ledger").check()
    plain.page.get_by_role("button", name="Show").click()
    assert "clock=seen" in plain.page.url
    assert "in this ledger" in plain.page.locator("table.then caption").inner_text()


def shown_tolls(rows: Locator) -> dict[str, str]:
    """Kind and best, without its modifier's sign, as a table of tolls shows them."""
    return {row[0]: row[2].split()[-1] for row in (one.locator("th, td").all_inner_texts() for one in rows.all())}


def tolls_as_of(steps: list[dict[str, Any]], clock: str, instant: str) -> dict[str, str]:
    """The same, of the steps behind the slider."""
    last = {step["kind"]: step for step in steps if step["clock"] == clock and step["at"] <= instant}
    return {
        kind.replace("_", " "): "–" if step["best"] is None else f"{step['best']:,}"
        for kind, step in last.items()
        if step["n_articles"] is not None
    }
