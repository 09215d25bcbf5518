"""The real dashboard, behind its guard, on a port of loopback."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flows.dashboard.app import dashboard
from flows.dashboard.guard import guard
from tests.dashboard.served import serving


@contextmanager
def served(data: Path) -> Iterator[str]:
    """The address of the dashboard over a data folder, for as long as the block lasts."""
    with serving(guard(dashboard(data), "127.0.0.1", 0, None)) as base:
        yield base
