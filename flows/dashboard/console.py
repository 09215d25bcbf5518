"""The SQL console: a statement, its answer as a table, JSON, CSV or Parquet, and beside it what every table holds."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Route
from starlette.types import Receive, Scope, Send

from flows.dashboard.apart import LONGEST, Answered, Gone, Most, NotAnswered, answered
from flows.dashboard.dictionary import EXAMPLES, tables_of
from flows.dashboard.editions import Edition, Editions
from flows.dashboard.render import Data, as_html, as_json, query_of, with_globals
from flows.report.words import clipped
from flows.warehouse.answered import NUMBERS
from flows.warehouse.file import LedgerError

SHOWN = Most(seconds=10, rows=500, n_bytes=5_000_000)
LOADED = Most(seconds=60, rows=1_000_000, n_bytes=500_000_000)
FORMATS = {
    "csv": (["--format", "csv", "--spreadsheet"], "text/csv; charset=utf-8"),
    "parquet": (["--format", "parquet"], "application/vnd.apache.parquet"),
}
AT_ONCE = 2
PATIENCE = 5  # seconds until one hears that the console is busy
SENDING = 600  # seconds that a download may take on its way
CHUNK = 250_000
CELL = 2_000  # characters shown
BUSY = "the console is busy with other statements; try again in a moment"
ELSEWHERE = "Another page asked this. Open /sql here, read the statement, and run it."


FRESH = {"cache-control": "no-store"}
NONE: Data = dict.fromkeys(("sql", "columns", "rows", "is_cut", "seconds", "error")) | {"status": 200}


async def _stays() -> bool:
    return False


@dataclass
class Console:
    """Where statements are asked, few at once. `data`: whose newest publication answers."""

    data: Path
    places: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))

    async def ask(
        self, sql: str, seconds: float = SHOWN.seconds, rows: int = SHOWN.rows, is_gone: Gone = _stays
    ) -> Data:
        """A statement's answer: `sql`, `columns` (`name`, `type` as SQL has it, `is_number`), `rows` (lists of values,
        lists and structs as themselves, instants as text in UTC), `is_cut` (there were more), `seconds`; `error`, in a
        line, and the rest NULL where there is none; `status`, that of HTTP."""
        most = Most(seconds, rows, SHOWN.n_bytes)
        try:
            async with self._place(), answered(self.data, sql, ["--format", "typed"], most, is_gone) as given:
                typed = await run_in_threadpool(_read, given)
        except NotAnswered as error:
            return NONE | {"sql": sql, "error": str(error), "status": error.status}
        return {"sql": sql} | typed

    @asynccontextmanager
    async def download(self, sql: str, format: str, is_gone: Gone = _stays) -> AsyncIterator[Answered]:
        """A statement's whole answer as a file of a format of FORMATS. Raises NotAnswered, also where there are more
        rows than LOADED gives: a part would be taken for the whole."""
        async with self._place(), answered(self.data, sql, FORMATS[format][0], LOADED, is_gone) as given:
            if given.is_cut:
                raise NotAnswered(f"more than {LOADED.rows:,} rows; ask for fewer")
            yield given

    @asynccontextmanager
    async def _place(self) -> AsyncIterator[None]:
        try:
            async with asyncio.timeout(PATIENCE):
                await self.places.acquire()
        except TimeoutError as error:
            raise NotAnswered(BUSY, 503) from error
        try:
            yield
        finally:
            self.places.release()


def routes(editions: Editions) -> list[BaseRoute]:
    """The console's addresses: /sql, /json/sql, /sql.csv, /sql.parquet, each with the statement as `q`."""
    console = Console(editions.data)

    async def page(request: Request) -> Response:
        sql, is_ours = _sql_of(request), _is_ours(request)
        asked = await console.ask(sql, is_gone=request.is_disconnected) if sql and is_ours else NONE | {"sql": sql}
        body = await run_in_threadpool(_html, editions, asked, bool(sql) and not is_ours)
        return Response(body, headers=FRESH, media_type="text/html")

    async def as_data(request: Request) -> Response:
        if not _is_ours(request):
            raise HTTPException(403, ELSEWHERE)
        if sql := _sql_of(request):
            asked = await console.ask(sql, is_gone=request.is_disconnected)
        else:
            asked = NONE | await run_in_threadpool(_unasked, editions)
        body = await run_in_threadpool(as_json, asked)
        return Response(body, asked["status"], headers=FRESH, media_type="application/json")

    loads: list[BaseRoute] = [Route(f"/sql.{format}", Download(console, format)) for format in FORMATS]
    return [Route("/sql", page), Route("/json/sql", as_data), *loads]


@dataclass
class Download:
    """An address that sends an answer as a file; an error is told before anything is sent, in one line."""

    console: Console
    format: str

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        if not _is_ours(request):
            raise HTTPException(403, ELSEWHERE)
        try:
            async with self.console.download(_sql_of(request), self.format, request.is_disconnected) as given:
                headers = FRESH | {
                    "content-length": str(given.n_bytes),
                    "content-disposition": f'attachment; filename="answer.{self.format}"',
                }
                media = FORMATS[self.format][1]
                async with asyncio.timeout(SENDING):
                    await StreamingResponse(_chunks(given.file), headers=headers, media_type=media)(
                        scope, receive, send
                    )
        except NotAnswered as error:
            await PlainTextResponse(f"{error}\n", error.status, headers=FRESH)(scope, receive, send)


async def _chunks(file: BinaryIO) -> AsyncIterator[bytes]:
    while chunk := await run_in_threadpool(file.read, CHUNK):
        yield chunk


def _sql_of(request: Request) -> str:
    return request.query_params.get("q", "").strip()


def _is_ours(request: Request) -> bool:
    """Whether the reader asks: no other page may make this server work in his name."""
    return request.headers.get("sec-fetch-site", "none") in ("same-origin", "none")


def _read(given: Answered) -> Data:
    """An answer in JSON as data. Raises NotAnswered."""
    try:
        typed: Data = json.load(given.file)
        json.dumps(typed["rows"])  # what is too deep fails here, not on the page
    except (RecursionError, ValueError) as error:  # a number of thousands of digits is a ValueError
        raise NotAnswered("no page can show this answer; cast the column to VARCHAR") from error
    for column in typed["columns"]:
        column["is_number"] = column["type"].partition("(")[0].lower() in NUMBERS
    return typed | {"seconds": round(given.seconds, 2), "error": None, "status": 200}


@contextmanager
def _reading(editions: Editions) -> Iterator[Edition]:
    """The newest publication. Raises HTTPException where there is none."""
    try:
        with editions.read() as edition:
            yield edition
    except LedgerError as error:
        raise HTTPException(503, str(error)) from error


def _html(editions: Editions, asked: Data, is_elsewhere: bool) -> bytes:
    """The page; without a statement it is worked out once for a publication."""
    with _reading(editions) as edition:
        if not asked["sql"] and (body := edition.pages.get("/sql")):
            return body
        frame = {
            "here": "/sql",
            "json_address": f"/json/sql{query_of({'q': asked['sql']})}",
            "is_elsewhere": is_elsewhere,
        }
        body = as_html("sql.html", asked | _beside(edition) | frame)
        if not asked["sql"]:
            edition.pages.put("/sql", body)
        return body


def _unasked(editions: Editions) -> Data:
    with _reading(editions) as edition:
        return _beside(edition)


def _beside(edition: Edition) -> Data:
    """What stands beside the console: `limits`, `examples`, `tables`."""

    def make() -> Data:
        limits = {"shown": SHOWN._asdict(), "loaded": LOADED._asdict(), "n_characters": LONGEST}
        with edition.cursor() as con:
            return {"limits": limits, "examples": EXAMPLES, "tables": tables_of(con)}

    return edition.once("console", make)


def cell_text(value: Any) -> str:
    """A value of an answer as the page shows it: at most CELL characters, lists and structs as JSON, NULL as a dash."""
    if value is None:
        return "–"
    return clipped(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False), CELL)


with_globals(cell_text=cell_text)
