"""Every command, in the app that they are added to."""

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
