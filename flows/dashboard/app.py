"""The dashboard's server: which address shows which page, and what is said when it cannot."""

import logging
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import duckdb
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from flows.dashboard import console
from flows.dashboard.editions import Edition, Editions
from flows.dashboard.errors import Moved, NotHere
from flows.dashboard.pages import PAGES, Ask, Page
from flows.dashboard.render import Data, as_html, as_json, path_of
from flows.dashboard.search import Search
from flows.sources import UsageError
from flows.warehouse.file import LedgerError

STATIC = Path(__file__).parent / "static"
MOMENT = 1.0  # seconds that a page of the moment is the same for all who ask
STARTED = time.time_ns()  # what a server of before made may look otherwise
OLDER = "What is published here was made by another version of newsledger; `newsledger run` publishes it anew."
log = logging.getLogger("newsledger.dashboard")


def dashboard(data: Path) -> Starlette:
    """The application over a data folder. Every page has its data as JSON at /json and its own path."""
    editions = Editions(data)
    search = Search(data, editions.cursor)
    routes: list[BaseRoute] = [
        Route("/", lambda request: RedirectResponse("/stories")),
        Mount("/static", StaticFiles(directory=STATIC)),
    ]
    for page in PAGES:
        routes += [
            Route(page.path, _answering(editions, search, page, is_json=False)),
            Route(f"/json{page.path}", _answering(editions, search, page, is_json=True)),
        ]

    routes += console.routes(editions)

    @asynccontextmanager
    async def alive(app: Starlette) -> AsyncIterator[None]:
        search.start()
        yield
        search.close()
        editions.close()

    return Starlette(routes=routes, exception_handlers={HTTPException: _failed, Exception: _failed}, lifespan=alive)


def _answering(editions: Editions, search: Search, page: Page, is_json: bool) -> Callable[[Request], Response]:
    """What answers a page's address."""

    def answer(request: Request) -> Response:
        try:
            with editions.read() as edition:
                return _from(edition, search, page, request, is_json)
        except Moved as moved:
            return RedirectResponse(("/json" if is_json else "") + path_of(*moved.parts))
        except duckdb.CatalogException:
            return _told(request, 503, OLDER)
        except (NotHere, UsageError, LedgerError) as error:
            status = 404 if isinstance(error, NotHere) else 400 if isinstance(error, UsageError) else 503
            return _told(request, status, str(error))

    return answer


def _from(edition: Edition, search: Search, page: Page, request: Request, is_json: bool) -> Response:
    tag = f'"{edition.key}-{STARTED}"'
    lasting, passing = {"etag": tag, "cache-control": "private, no-cache"}, {"cache-control": "no-store"}
    if request.headers.get("if-none-match") == tag:  # what does not last never had it
        return Response(status_code=304, headers=lasting)
    address = f"{request.url.path}?{request.url.query}"
    moment = f"{address} {int(time.monotonic() / MOMENT)}"
    kept, body = lasting, edition.pages.get(address)
    if body is None:
        kept, body = passing, edition.pages.get(moment)
    if body is None:
        with edition.cursor() as con:
            data = page.data(Ask(edition, con, search, dict(request.path_params), dict(request.query_params)))
        body = as_json(data) if is_json else as_html(page.template, data | _frame(request))
        is_lasting = page.is_lasting(data)
        kept = lasting if is_lasting else passing
        edition.pages.put(address if is_lasting else moment, body)
    return Response(body, media_type="application/json" if is_json else "text/html", headers=kept)


def _frame(request: Request) -> Data:
    """What every page's frame shows: where one is, and where the same is as JSON."""
    query = f"?{request.url.query}" if request.url.query else ""
    return {"here": request.url.path, "json_address": f"/json{request.url.path}{query}"}


def _failed(request: Request, error: Exception) -> Response:
    """A page for what no page answers."""
    if isinstance(error, HTTPException):
        said = {404: "There is no such page here.", 405: "This address is only read."}.get(
            error.status_code, str(error.detail)
        )
        return _told(request, error.status_code, said)
    log.error("%s: %s", request.url.path, error, exc_info=error)
    return _told(request, 500, "This page failed; the server's output says why. The data are untouched.")


def _told(request: Request, status: int, said: str) -> Response:
    if request.url.path.startswith("/json/"):
        return Response(as_json({"error": said}), status, media_type="application/json")
    data = {"status": status, "said": said, "here": request.url.path, "json_address": None}
    return Response(as_html("error.html", data), status, media_type="text/html")
