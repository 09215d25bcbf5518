"""A real server over the seeds and a real browser before it; without one these tests are skipped, loudly."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.conftest import NO_BROWSER
from tests.dashboard.browser.filled import fill
from tests.dashboard.browser.payloads import PAYLOADS
from tests.dashboard.browser.server import served
from tests.dashboard.browser.tab import Tab, open_tab

CHROMIUM = os.environ.get("NEWSLEDGER_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
# Neither what Chromium asks of its own accord, nor any name but loopback, leads anywhere.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]


@pytest.fixture(scope="package")
def chromium() -> str:
    """Where Chromium is. CI fails without it, any other machine skips."""
    if CHROMIUM:
        return CHROMIUM
    if os.environ.get("CI"):
        pytest.fail("CI has no Chromium: .ci/run installs it")
    pytest.skip(NO_BROWSER)


@pytest.fixture(scope="package")
def browser(chromium: str, seeds_data: Path) -> Iterator[Browser]:
    """One browser for the tests of this folder. After `seeds_data`: while Playwright is at work in a thread, no other
    loop can run there, which a run needs."""
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)


@pytest.fixture(scope="package")
def seeds_site(chromium: str, seeds_data: Path) -> Iterator[str]:
    """The address of the dashboard over the seeds."""
    with served(seeds_data) as base:
        yield base


@pytest.fixture(scope="package")
def hostile_site(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[str]:
    """200 stories of one article, 4 of 50, 200 sources, 200 runs: each field has every payload."""
    data = tmp_path_factory.mktemp("hostile") / "data"
    with served(fill(data, lambda number: PAYLOADS[number % 200], 200, 4, 50)) as base:
        yield base


@pytest.fixture(scope="package")
def harmless_site(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[str]:
    """60 stories of one article and one of 50; in each field an address, which is a link where addresses are."""
    data = tmp_path_factory.mktemp("harmless") / "data"
    with served(fill(data, lambda number: f"https://wire.example/{number % 200}", 60, 1, 50)) as base:
        yield base


OpenTab = Callable[..., Tab]


@pytest.fixture
def tab(browser: Browser, seeds_site: str) -> Iterator[OpenTab]:
    """Open a tab on the dashboard over the seeds, or on another `base`; fails the test for whatever no page may do."""
    tabs: list[Tab] = []

    def opened(base: str = seeds_site, **how: Any) -> Tab:
        tabs.append(open_tab(browser, base, **how))
        return tabs[-1]

    yield opened
    for one in tabs:
        one.page.wait_for_load_state()
        one.page.context.close()
    assert [trouble for one in tabs for trouble in one.troubles] == []
