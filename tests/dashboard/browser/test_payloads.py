"""200 payloads in every field of every page: none runs, none becomes a part of a page, none breaks its layout."""

from collections.abc import Iterator

import pytest

from tests.dashboard.browser.conftest import OpenTab
from tests.dashboard.browser.crawl import Seen, crawl, folded
from tests.dashboard.browser.filled import fill
from tests.dashboard.browser.payloads import PAYLOADS
from tests.dashboard.browser.server import served

CROWDS = [f"/{sort}_c{number}" for number in range(4) for sort in ("stories/sto", "events/evt")]
pytestmark = pytest.mark.proof


@pytest.fixture(scope="module")
def hostile_site(tmp_path_factory: pytest.TempPathFactory, browser: object) -> Iterator[str]:
    """200 stories of one article, 4 of 50, 200 sources, 200 runs: each field has every payload."""
    data = tmp_path_factory.mktemp("hostile") / "data"
    with served(fill(data, lambda number: PAYLOADS[number % 200], 200, 4, 50)) as base:
        yield base


@pytest.fixture(scope="module")
def harmless_site(tmp_path_factory: pytest.TempPathFactory, browser: object) -> Iterator[str]:
    """The same fields with an address of the web in each, which where a link belongs is one."""
    data = tmp_path_factory.mktemp("harmless") / "data"
    with served(fill(data, lambda number: f"https://wire.example/{number % 200}", 60, 1, 50)) as base:
        yield base


@pytest.fixture(scope="module")
def harmless(browser: object, harmless_site: str) -> list[Seen]:
    """What the pages look like where nobody is hostile."""


def test_no_payload_runs_or_becomes_a_part_of_a_page(tab: OpenTab, hostile_site: str, harmless_site: str) -> None:
    harmless = list(crawl(tab(harmless_site), 4, CROWDS[:2]))
    kinds = {kind for seen in harmless for kind in seen.looks["kinds"]}

    hostile = list(crawl(tab(hostile_site), 8, CROWDS))

    assert {seen.path: added for seen in hostile if (added := set(seen.looks["kinds"]) - kinds)} == {}
    assert {seen.path: wrong for seen in [*harmless, *hostile] if (wrong := seen.looks["wrong"])} == {}
    shown = folded("".join(seen.text for seen in hostile))
    assert [payload for payload in PAYLOADS if folded(payload) not in shown] == []
