"""Pictures of the dashboard's pages for the README: `python -m benchmarks.screenshots DATA`, a data folder of one run
over the seeds; made in docs/screenshots, by Debian's chromium, for a reader in UTC.
"""

import base64
import sys
from pathlib import Path
from typing import NamedTuple

import duckdb
from playwright.sync_api import Page, sync_playwright

from tests.dashboard.browser.conftest import ARGUMENTS, CHROMIUM
from tests.dashboard.browser.server import served
from tests.dashboard.browser.tab import Tab, open_tab

FOLDER = Path(__file__).parent.parent / "docs" / "screenshots"
QUALITY = 70  # of WebP: text stays sharp, a picture is 30 to 100 KB
QUESTION = "SELECT label, kind, low, best, high FROM tolls WHERE policy = 'independent' ORDER BY kind"


class Picture(NamedTuple):
    """A picture: its name, the page, what of it stands at the top (None: its beginning), how high, in which window."""

    name: str
    path: str
    top: str | None = None
    height: int = 900
    width: int = 1280
    scheme: str = "light"


def pictures(data: Path) -> list[Picture]:
    """What is pictured of the newest story of a data folder."""
    with duckdb.connect(str(data / "news.duckdb"), read_only=True) as con:
        found = con.execute(
            """SELECT s.story_id, t.event_id, t.best_count_id, f.article_id, a.source_name
            FROM stories AS s JOIN story_events USING (story_id) JOIN tolls AS t USING (event_id)
            JOIN facts AS f ON f.fact_id = t.best_count_id JOIN articles AS a USING (article_id)
            WHERE t.policy = 'independent' AND t.kind = 'killed'
            ORDER BY s.n_articles DESC, t.n_articles DESC LIMIT 1"""
        ).fetchone()
    assert found
    story, event, count, article, source = found
    return [
        Picture("stories", "/stories", height=620),
        Picture("story", f"/stories/{story}", height=1250),
        Picture("story-dark", f"/stories/{story}", height=1250, scheme="dark"),
        Picture("story-who", f"/stories/{story}", top="h3:has-text('Reports by outlet')", height=1150),
        Picture("story-articles", f"/stories/{story}", top="#articles", height=900),
        Picture("story-phone", f"/stories/{story}", height=1400, width=375),
        Picture("history", f"/events/{event}/history", height=900),
        Picture("evidence", f"/facts/{count}", height=1000),
        Picture("evidence-phone", f"/facts/{count}", height=1200, width=375),
        Picture("article", f"/articles/{article}", height=1000),
        Picture("sources", "/sources", height=800),
        Picture("source", f"/sources/{source}", height=1000),
        Picture("runs", "/runs", height=900),
        Picture("sql", f"/sql?q={QUESTION}", height=900),
    ]


def take(tab: Tab, picture: Picture) -> bytes:
    """The picture as WebP."""
    page = tab.visit(picture.path)
    page.wait_for_load_state("networkidle")
    top = 0.0
    if picture.top:
        box = page.locator(picture.top).first.bounding_box()
        top = box["y"] - 16 if box else 0.0
    _draw_charts(page)
    clip = {"x": 0, "y": top, "width": picture.width, "height": picture.height, "scale": 1}
    asked = {"format": "webp", "quality": QUALITY, "clip": clip, "captureBeyondViewport": True}
    with_protocol = page.context.new_cdp_session(page)
    return base64.b64decode(with_protocol.send("Page.captureScreenshot", asked)["data"])


def _draw_charts(page: Page) -> None:
    """Let every chart in the picture be drawn: the window is as high as the picture."""
    page.wait_for_function(
        "[...document.querySelectorAll('figure[data-chart]')].every("
        "one => one.dataset.drawn || one.getBoundingClientRect().top > innerHeight || !one.checkVisibility())"
    )


def main(data: Path) -> None:
    """Take all pictures, and say how large each is."""
    FOLDER.mkdir(exist_ok=True)
    with sync_playwright() as playwright, served(data) as base:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        for picture in pictures(data):
            window = {"width": picture.width, "height": 6000}
            tab = open_tab(browser, base, viewport=window, color_scheme=picture.scheme, timezone_id="UTC")
            body = take(tab, picture)
            (FOLDER / f"{picture.name}.webp").write_bytes(body)
            print(f"{picture.name}.webp: {len(body) / 1000:.0f} KB", *tab.troubles)
            tab.page.context.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
