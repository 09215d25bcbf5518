"""Commands: parse arguments, call a flow or a query, print."""

from flows.cli import alerts, corrections, passes, reading, sources, takedowns, upkeep
from flows.cli.common import app

__all__ = ["alerts", "app", "corrections", "passes", "reading", "sources", "takedowns", "upkeep"]
