"""How asking for an address ends: the answer, and the table of outcomes that the docs print."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Verdict = Literal["good", "gone", "broken", "bad day", "refused", "deferred"]
Headers = tuple[tuple[str, str], ...]

# outcome, verdict (good; gone: for good; broken: asking again soon is no use; bad day: try next time; refused: we will
# not ask; deferred: later, by the host's wish or the run's end), what it means.
_TABLE: tuple[tuple[str, Verdict, str], ...] = (
    ("fetched", "good", "the whole answer came"),
    ("not modified", "good", "304: the same as when it was fetched last"),
    ("gone", "gone", "410: its site says that it will not come back"),
    ("not found", "broken", "404"),
    ("forbidden", "broken", "401, 403, 407 or 451"),
    ("HTTP error", "broken", "another status that is no answer to what was asked; the detail names it"),
    ("server error", "bad day", "a status from 500 on but 503"),
    ("asked to wait", "deferred", "429 or 503: the host is not asked again before `retry_at`"),
    ("left for the next run", "deferred", "the run's time was over before it was its turn"),
    (
        "host left alone",
        "bad day",
        "three requests to its host in a row got no answer; it is not asked again in this run",
    ),
    ("refused by robots.txt", "refused", "its site asks robots to stay away from it"),
    ("robots.txt unreachable", "bad day", "what the site allows is not known, so nothing is asked for"),
    (
        "private address",
        "refused",
        "it leads to an address of this machine, a private network or a cloud's own service",
    ),
    ("not http", "refused", "it is, or redirects to, something else than http and https"),
    ("not a URL", "broken", "no address that can be asked for"),
    ("too many redirects", "broken", "more of them than are followed"),
    ("redirect loop", "broken", "it redirects in a circle: so do sites that want a cookie, for none is kept"),
    ("redirect without target", "broken", "a redirect that does not say where to"),
    ("too large", "broken", "more bytes than are taken"),
    ("unpacks too large", "broken", "its compressed body grows beyond the limit"),
    ("broken encoding", "broken", "its body does not unpack, or is packed in a way that was not asked for"),
    ("broken answer", "broken", "what came is no HTTP"),
    ("not a page", "broken", "a content type that is no page of text"),
    ("not a listing", "broken", "a content type that is no feed and no sitemap"),
    ("empty", "bad day", "an answer without a body"),
    ("timed out", "bad day", "no byte or no end of the answer in time"),
    ("cut off", "bad day", "the connection ended before the answer did"),
    ("no such host", "broken", "its name does not exist"),
    ("name not resolved", "bad day", "no name server could say where its host is"),
    ("connection refused", "bad day", "its host is there, its port is closed"),
    ("not reachable", "bad day", "no way to its host, or no connection in time"),
    ("certificate not trusted", "broken", "self-signed, expired, or of another name"),
    ("TLS failed", "broken", "no secured connection came about"),
)
OUTCOMES: dict[str, Verdict] = {outcome: verdict for outcome, verdict, _ in _TABLE}
MEANINGS: dict[str, str] = {outcome: meaning for outcome, _, meaning in _TABLE}


@dataclass(frozen=True)
class Answer:
    """How asking for `url` ended. `outcome` and `verdict` stand in OUTCOMES, `detail` says more (None: nothing to say).
    `final_url` is the address where it ended, `hops` those that redirected there, in their order. `status` and
    `headers` (names in lower case) are the last answer's (None and empty: none came), `body` its bytes, unpacked (b''
    where none is kept). `asked_at` is when its first request began, `fetched_at` when it ended, `retry_at` before when
    its host wants not to be asked (None: no such wish); all UTC."""

    url: str
    final_url: str
    outcome: str
    verdict: Verdict
    detail: str | None
    status: int | None
    headers: Headers
    body: bytes
    asked_at: datetime
    fetched_at: datetime
    retry_at: datetime | None
    hops: tuple[str, ...]


@dataclass(frozen=True)
class Reply:
    """How one request ended, redirects not followed. `location` is where a redirect points (None: it is none), then
    without an outcome; `is_heard`: at least one byte came back."""

    outcome: str | None
    detail: str | None = None
    status: int | None = None
    headers: Headers = ()
    body: bytes = b""
    location: str | None = None
    is_heard: bool = False
    retry_at: datetime | None = None


class Unanswered(Exception):
    """What ends a request or an answer: `outcome` of OUTCOMES, `detail`, and `retry_at` where a host asked to wait."""

    def __init__(self, outcome: str, detail: str | None, retry_at: datetime | None = None) -> None:
        super().__init__(f"{outcome}: {detail}")
        self.outcome, self.detail, self.retry_at = outcome, detail, retry_at


def header(headers: Headers, name: str) -> str | None:
    """The value of the first header of that name (all are in lower case); None where there is none."""
    return next((value for key, value in headers if key == name), None)
