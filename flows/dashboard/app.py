"""The dashboard's server: which address shows which page, and what is said when it cannot."""

import logging
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

import duckdb
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from flows.dashboard.article import article, fact
from flows.dashboard.charts import chart_of_days, chart_of_reports, chart_of_steps, map_of
from flows.dashboard.editions import Edition, Editions
from flows.dashboard.errors import Moved, NotHere
from flows.dashboard.paging import page_number
from flows.dashboard.render import Data, as_html, as_json, path_of, with_globals
from flows.dashboard.runs import at_work, run, runs
from flows.dashboard.sources import source, sources
from flows.dashboard.story import event, story
from flows.sources import UsageError
from flows.warehouse.file import LedgerError

STATIC = Path(__file__).parent / "static"
MOMENT = 1.0  # seconds that a page of the moment is the same for all who ask
log = logging.getLogger("newsledger.dashboard")


class Ask(NamedTuple):
    """What a page is asked: the edition and a connection to it, the parts of its path and of its query."""

    edition: Edition
    con: duckdb.DuckDBPyConnection
    path: dict[str, str]
    params: dict[str, str]


class Page(NamedTuple):
    """A page: its address, its template, where its data come from, and whether they are of the moment."""

    path: str
    template: str
    data: Callable[[Ask], Data]
    is_live: bool = False


def _runs(ask: Ask) -> Data:
    return runs(ask.con, page_number(ask.params)) | at_work(ask.con, ask.edition.data, datetime.now(UTC))


PAGES: Sequence[Page] = (
    Page("/stories/{story_id}", "story.html", lambda ask: story(ask.con, ask.path["story_id"])),
    Page("/events/{event_id}", "event.html", lambda ask: event(ask.con, ask.path["event_id"])),
    Page("/articles/{article_id}", "article.html", lambda ask: article(ask.con, ask.path["article_id"])),
    Page("/facts/{fact_id}", "fact.html", lambda ask: fact(ask.con, ask.path["fact_id"])),
    Page("/sources", "sources.html", lambda ask: sources(ask.con, page_number(ask.params))),
    Page("/sources/{name:path}", "source.html", lambda ask: source(ask.con, ask.path["name"])),
    Page("/runs", "runs.html", _runs, is_live=True),
    Page("/runs/{run_id}", "run.html", lambda ask: run(ask.con, ask.path["run_id"])),
)
with_globals(
    chart_of_days=chart_of_days, chart_of_reports=chart_of_reports, chart_of_steps=chart_of_steps, map_of=map_of
)


def dashboard(data: Path) -> Starlette:
    """The application over a data folder. Every page has its data as JSON at /json and its own path."""
    editions = Editions(data)
    routes: list[BaseRoute] = [
        Route("/", lambda request: RedirectResponse("/stories")),
        Mount("/static", StaticFiles(directory=STATIC)),
    ]
    for page in PAGES:
        routes += [
            Route(page.path, _answering(editions, page, is_json=False)),
            Route(f"/json{page.path}", _answering(editions, page, is_json=True)),
        ]

    @asynccontextmanager
    async def alive(app: Starlette) -> AsyncIterator[None]:
        yield
        editions.close()

    return Starlette(routes=routes, exception_handlers={HTTPException: _failed, Exception: _failed}, lifespan=alive)


def _answering(editions: Editions, page: Page, is_json: bool) -> Callable[[Request], Response]:
    """What answers a page's address."""

    def answer(request: Request) -> Response:
        try:
            with editions.read() as edition:
                return _from(edition, page, request, is_json)
        except Moved as moved:
            return RedirectResponse(("/json" if is_json else "") + path_of(*moved.parts))
        except (NotHere, UsageError, LedgerError) as error:
            status = 404 if isinstance(error, NotHere) else 400 if isinstance(error, UsageError) else 503
            return _told(request, status, str(error))

    return answer


def _from(edition: Edition, page: Page, request: Request, is_json: bool) -> Response:
    tag = f'"{edition.key}-{version("newsledger")}"'
    fresh = {"etag": tag, "cache-control": "private, no-cache"} if not page.is_live else {"cache-control": "no-store"}
    if not page.is_live and request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=fresh)
    moment = int(time.monotonic() / MOMENT) if page.is_live else 0
    address = f"{moment} {request.url.path}?{request.url.query}"
    body = edition.pages.get(address)
    if body is None:
        with edition.cursor() as con:
            data = page.data(Ask(edition, con, dict(request.path_params), dict(request.query_params)))
        body = as_json(data) if is_json else as_html(page.template, data | _frame(request))
        edition.pages.put(address, body)
    return Response(body, media_type="application/json" if is_json else "text/html", headers=fresh)


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
