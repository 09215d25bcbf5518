"""Commands: parse arguments, call a flow or a query, print."""

from flows.cli import asking, corrections, passes, reading, serving, sources, takedowns, upkeep
from flows.cli.common import app

__all__ = ["app", "asking", "corrections", "passes", "reading", "serving", "sources", "takedowns", "upkeep"]
