"""Commands: parse arguments, call a flow or a query, print."""

from flows.cli import passes, reading, sources, takedowns, upkeep
from flows.cli.common import app

__all__ = ["app", "passes", "reading", "sources", "takedowns", "upkeep"]
