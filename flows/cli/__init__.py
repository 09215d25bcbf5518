"""Commands: parse arguments, call a flow or a query, print."""

from flows.cli import alerts, asking, corrections, dashboard, passes, reading, serving, sources, takedowns, upkeep
from flows.cli.common import app

__all__ = [
    "alerts",
    "app",
    "asking",
    "corrections",
    "dashboard",
    "passes",
    "reading",
    "serving",
    "sources",
    "takedowns",
    "upkeep",
]
