"""Receivers of alerts: addresses as apprise knows them, how they are named without their secrets, what they answer.

apprise is imported when the first address is read: with what it loads for one that takes half a second.
"""

import logging
import re
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote, urlsplit

if TYPE_CHECKING:
    from apprise import NotifyBase

LIMIT = (
    30.0  # seconds for one message; apprise itself waits 4 for a connection and 4 for a byte (cto, rto of an address)
)
# What apprise logs of a message that did not go out, in our words; whether it may have arrived all the same.
REASONS = (
    (re.compile(r"Connection refused"), "connection refused", False),
    (re.compile(r"Name or service not known|name resolution|getaddrinfo|nodename"), "no such host", False),
    (re.compile(r"ConnectTimeout|[Cc]onnect timeout"), "no connection in time", False),
    (re.compile(r"[Nn]o route to host|[Nn]etwork is unreachable"), "no way to this host", False),
    (re.compile(r"[Tt]imed? ?out|RemoteDisconnected|[Cc]onnection aborted|reset by peer"), "no answer in time", True),
)
STATUS = re.compile(r"error=(\d{3})")


@dataclass(frozen=True)
class Receiver:
    """An address: `name` is its service and host alone, with a number where another of the config has the same."""

    name: str
    plugin: "NotifyBase" = field(repr=False)
    secrets: tuple[str, ...] = field(repr=False)


class Answer(NamedTuple):
    """What became of a message: sent | refused (it did not arrive) | unknown (it may have), and why not sent (NULL)."""

    outcome: str
    detail: str | None = None


def read_receivers(addresses: Sequence[str]) -> list[Receiver | None]:
    """A receiver for each address, None for one that apprise does not know."""
    if not addresses:
        return []
    from apprise import Apprise, AppriseAsset, NotifyBase

    # No pictures: who shows a message would load them from apprise's site.
    asset = AppriseAsset(app_id="newsledger", app_desc="newsledger", app_url="", image_url_mask="", image_url_logo="")
    seen: Counter[str] = Counter()
    found: list[Receiver | None] = []
    for address in addresses:
        with _hearing():
            plugin = Apprise.instantiate(address, asset=asset)
        if not isinstance(plugin, NotifyBase):
            found.append(None)
            continue
        name = _name(plugin)
        seen[name] += 1
        words = re.split(r"[/:@?&=,#]+", unquote(address))[1:]
        secrets = tuple(word for word in words if len(word) > 2 and word not in name)
        found.append(Receiver(name if seen[name] == 1 else f"{name} ({seen[name]})", plugin, secrets))
    return found


def _name(plugin: "NotifyBase") -> str:
    """`service://host`: of what apprise shows without passwords and tokens, nothing behind the host."""
    parts = urlsplit(str(plugin.url(privacy=True)))  # type: ignore[no-untyped-call]
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"


def send(receiver: Receiver, title: str, text: str, is_bad: bool) -> Answer:
    """Send a message in plain text; `is_bad` marks it as a warning. Never raises, and ends within LIMIT."""
    answers: list[Answer] = []
    thread = threading.Thread(target=lambda: answers.append(_send(receiver, title, text, is_bad)), daemon=True)
    thread.start()
    thread.join(LIMIT)
    return answers[0] if answers else Answer("unknown", f"no answer within {LIMIT:.0f} s")


def _send(receiver: Receiver, title: str, text: str, is_bad: bool) -> Answer:
    from apprise import NotifyFormat, NotifyType

    kind = NotifyType.WARNING if is_bad else NotifyType.INFO
    with _hearing() as told:
        try:
            is_sent = receiver.plugin.notify(body=text, title=title, notify_type=kind, body_format=NotifyFormat.TEXT)
        except Exception as error:  # a plugin may raise what it likes; nothing of that ends a run
            return Answer("unknown", type(error).__name__)
    return Answer("sent") if is_sent else _why(receiver, told)


def _why(receiver: Receiver, told: Sequence[logging.LogRecord]) -> Answer:
    """Why a message was not sent, by apprise's log; without what is secret in the address."""
    said = "\n".join(record.getMessage() for record in told)
    if status := STATUS.search(said):
        return Answer("refused", f"HTTP {status[1]}")
    for pattern, reason, may_be_there in REASONS:
        if pattern.search(said):
            return Answer("unknown" if may_be_there else "refused", reason)
    last = next((one.getMessage() for one in reversed(told) if one.levelno >= logging.WARNING), "apprise says no more")
    for secret in receiver.secrets:
        last = last.replace(secret, "***")
    return Answer("refused", last[:200])


@contextmanager
def _hearing() -> Iterator[list[logging.LogRecord]]:
    """What apprise logs in this thread meanwhile; nobody else hears it, for it may hold secrets."""
    told: list[logging.LogRecord] = []
    thread = threading.get_ident()

    def keep(record: logging.LogRecord) -> bool:
        if record.thread == thread:
            told.append(record)
        return record.thread != thread

    logger = logging.getLogger("apprise")
    logger.setLevel(logging.DEBUG)
    logger.addFilter(keep)
    try:
        yield told
    finally:
        logger.removeFilter(keep)
