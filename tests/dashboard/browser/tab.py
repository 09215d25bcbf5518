"""A tab of a real browser that notes whatever a page of the dashboard must never do."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from playwright.sync_api import Browser, Dialog, Page, Response

HERE = Path(__file__).parent
AXE = (HERE / "axe-core" / "axe.min.js").read_text("utf-8")
LOOKS = (HERE / "looks.js").read_text("utf-8")
WIDE = {"viewport": {"width": 1280, "height": 900}, "reduced_motion": "reduce"}
# Written by the browser itself before any script of the page: what a page is kept from is told as an error.
WATCH = """
document.addEventListener('securitypolicyviolation', told =>
  console.error(`kept from ${told.violatedDirective}: ${told.blockedURI} ${told.sample}`));
Object.defineProperty(window, '__ran', {value: number => console.error(`payload ${number} ran`)});
"""
UNFOLD = """async () => {
  const until = async (isDone, what) => {
    const end = performance.now() + 10000
    while (!isDone() && performance.now() < end) await new Promise(requestAnimationFrame)
    if (!isDone()) console.error(`not there in 10 seconds: ${what}`)
  }
  for (const folded of document.querySelectorAll('details')) folded.open = true
  for (const link of document.querySelectorAll('[data-include]')) {
    link.scrollIntoView()
    await until(() => !link.isConnected, link.textContent)
  }
  for (const history of document.querySelectorAll('[data-history]:has(form)'))
    await until(() => history.dataset.attached, history.dataset.history)
  for (const chart of document.querySelectorAll('[data-chart]')) {
    chart.scrollIntoView()
    await until(() => chart.dataset.drawn, chart.textContent.trim())
  }
}"""


@dataclass
class Tab:
    """One page in a context of its own; `troubles` is what it did that no page may do."""

    page: Page
    base: str
    troubles: list[str] = field(default_factory=list)
    expected: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        page, note = self.page, self.troubles.append
        page.on("request", lambda asked: self._note_request(asked.url))
        page.on("response", self._note_response)
        page.on("requestfailed", lambda asked: self._note_failure(asked.url, asked.failure))
        page.on("console", lambda said: self._note_console(said.type, said.text))
        page.on("pageerror", lambda error: note(f"error: {error}"))
        page.on("websocket", lambda socket: note(f"socket: {socket.url}"))
        page.on("popup", lambda other: note(f"another page: {other.url}"))
        page.on("dialog", self._note_dialog)

    def visit(self, path: str, status: int = 200) -> Page:
        """Go to a path of the server; the answer has this status and the browser stays where it was sent."""
        url = path if path.startswith(self.base) else self.base + path
        self.expected[unquote(url)] = status
        answer = self.page.goto(url)
        assert answer
        assert answer.status == status, f"{answer.status} {path}"
        return self.page

    def unfold(self) -> None:
        """Open whatever is folded, and let all be there that comes when it is looked at."""
        self.page.evaluate(UNFOLD)

    def violations(self) -> list[str]:
        """What axe-core finds wrong with the page as it stands, each with the first element that it finds it on."""
        if not self.page.evaluate("typeof axe === 'object'"):
            self.page.evaluate(AXE)
        found = self.page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        return [f"{one['id']}: {one['nodes'][0]['html'][:200]} {_why(one)}" for one in found["violations"]]

    def looks(self) -> dict[str, Any]:
        """What the page is made of and what sticks out of it: `looks.js` says what each part is."""
        found: dict[str, Any] = self.page.evaluate(LOOKS)
        return found

    def _note_dialog(self, dialog: Dialog) -> None:
        self.troubles.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def _note_request(self, url: str) -> None:
        if not url.startswith((self.base, "data:", "blob:")):
            self.troubles.append(f"left loopback: {url}")

    def _note_response(self, answer: Response) -> None:
        if answer.status >= 400 and self.expected.get(unquote(answer.url)) != answer.status:
            self.troubles.append(f"{answer.status} {answer.url}")

    def _note_failure(self, url: str, why: str | None) -> None:
        if why != "net::ERR_ABORTED":  # the page was left while it was being asked for
            self.troubles.append(f"{why}: {url}")

    def _note_console(self, kind: str, text: str) -> None:
        if kind == "error" and not text.startswith("Failed to load resource"):  # the answer itself is noted
            self.troubles.append(f"console: {text}")


def open_tab(browser: Browser, base: str, **how: Any) -> Tab:
    """A tab in a context of its own: no cookie, store or cache of another; `how` is what Playwright calls it."""
    context = browser.new_context(base_url=base, **(WIDE | how))
    context.set_default_timeout(15_000)
    context.add_init_script(WATCH)
    return Tab(context.new_page(), base)


def _why(violation: dict[str, Any]) -> str:
    return str(violation["nodes"][0].get("failureSummary", "")).replace("\n", " ")[:200]
