"""Where Prefect shows its own pages, asked without importing Prefect."""

import os
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, urlsplit

from flows.dashboard.guard import is_loopback
from flows.warehouse.lock import served_at

PATIENCE = 0.3  # seconds that a page waits for the server of this machine


def prefect_pages(data: Path) -> dict[str, Any]:
    """`address`: of the pages of the Prefect server that serves this data folder, else of the one that PREFECT_API_URL
    names; NULL: none is set up, or its address says nothing of its pages. `state`: there | without pages | silent | not
    asked, for it is another machine's; NULL without an address."""
    parts = _web(served_at(data)) or _web(os.environ.get("PREFECT_UI_URL") or os.environ.get("PREFECT_API_URL"))
    if parts is None:
        return {"address": None, "state": None}
    return {"address": f"{parts.scheme}://{_host(parts)}{parts.path or '/'}", "state": _state(parts)}


def _web(url: str | None) -> SplitResult | None:
    """An address of the web without the /api at its end, what it is given to log in with, query and fragment."""
    try:
        parts = urlsplit((url or "").strip())
        if parts.scheme not in ("http", "https") or not parts.hostname or (parts.port or 1) < 1:
            return None
    except ValueError:
        return None
    path = parts.path.rstrip("/")
    if path.endswith("/api"):
        path = path.removesuffix("/api")
    elif "/api/" in path:  # of Prefect Cloud, whose pages are elsewhere
        return None
    return parts._replace(path=path, query="", fragment="")


def _host(parts: SplitResult) -> str:
    """Host and port, without a name and a password."""
    return parts.netloc.rpartition("@")[2]


def _state(parts: SplitResult) -> str:
    if not is_loopback(str(parts.hostname)):
        return "not asked"
    kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    con = kind(str(parts.hostname), parts.port, timeout=PATIENCE)
    try:
        con.request("GET", parts.path or "/")
        return "there" if con.getresponse().status < 400 else "without pages"
    except (OSError, HTTPException, ValueError):
        return "silent"
    finally:
        con.close()
