"""A typed statement in a process of its own: whatever it does, the server goes on."""

import asyncio
import os
import re
import signal
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from tempfile import TemporaryFile
from typing import BinaryIO, NamedTuple

import flows
from flows.dashboard.guard import TOKEN
from flows.warehouse.read import usual_megabytes

LONGEST = 20_000  # characters
LOOK = 0.2  # seconds between two looks at what it does
START = 10  # seconds: to start Python on a machine that is busy takes some
Gone = Callable[[], Awaitable[bool]]


class NotAnswered(Exception):
    """Why a statement has no answer, in a line for its author; `status`: that of HTTP."""

    def __init__(self, said: str, status: int = 400) -> None:
        super().__init__(said)
        self.status = status


class Most(NamedTuple):
    """What an answer may take: time to work it out, rows, bytes as sent."""

    seconds: float
    rows: int
    n_bytes: int


class Answered(NamedTuple):
    """An answer, whole: the file, at its beginning, how long it is, whether there were more rows, how long it took."""

    file: BinaryIO
    n_bytes: int
    is_cut: bool
    seconds: float


@asynccontextmanager
async def answered(data: Path, sql: str, options: list[str], most: Most, is_gone: Gone) -> AsyncIterator[Answered]:
    """The answer of the newest publication, as `newsledger query` with such options gives it. Raises NotAnswered;
    nothing of an answer that ends in an error is ever seen. It ends where `is_gone` says that nobody waits any more."""
    if len(sql) > LONGEST:
        raise NotAnswered(f"a statement has at most {LONGEST:,} characters, this one {len(sql):,}")
    if "\0" in sql:
        raise NotAnswered("a statement has no zero bytes")
    began = time.monotonic()
    with TemporaryFile() as out, TemporaryFile() as told:
        status = await _run(_command(data, sql, options, most), (out, told), most, is_gone)
        told.seek(0)
        said = told.read(100_000).decode("utf-8", "replace").splitlines()
        if status != 0:
            raise NotAnswered(_why(said))
        n_bytes = out.seek(0, os.SEEK_END)
        out.seek(0)
        yield Answered(out, n_bytes, any("there are more" in line for line in said), time.monotonic() - began)


def _command(data: Path, sql: str, options: list[str], most: Most) -> list[str]:
    megabytes = max(usual_megabytes() // 4, 100)
    limits = ["--seconds", f"{most.seconds}", "--rows", f"{most.rows}", "--megabytes", f"{megabytes}"]
    return [sys.executable, "-P", "-m", "flows", "query", *options, *limits, "--data", str(data), "--", sql]


async def _run(command: list[str], files: tuple[BinaryIO, BinaryIO], most: Most, is_gone: Gone) -> int:
    """The exit status of a command whose output and errors go into files; it never outlives this. Raises
    NotAnswered."""
    out, told = files
    ours = str(Path(flows.__file__).parent.parent)
    env = {name: value for name, value in os.environ.items() if name != TOKEN}
    env |= {"PYTHONPATH": os.pathsep.join([ours, *filter(None, [env.get("PYTHONPATH")])]), "PYTHONIOENCODING": "utf-8"}
    process = await asyncio.create_subprocess_exec(
        *command, stdin=asyncio.subprocess.DEVNULL, stdout=out, stderr=told, env=env, start_new_session=True
    )
    try:
        with suppress(ProcessLookupError):
            os.setpriority(os.PRIO_PROCESS, process.pid, 10)  # pages come first
        return await _watch(process, out, most, is_gone)
    except asyncio.CancelledError as error:
        raise NotAnswered("the server is stopping", 503) from error
    finally:
        if process.returncode is None:
            os.killpg(process.pid, signal.SIGKILL)
            with suppress(asyncio.CancelledError):  # a server that stops cancels twice
                await process.wait()


async def _watch(process: asyncio.subprocess.Process, out: BinaryIO, most: Most, is_gone: Gone) -> int:
    last = time.monotonic() + most.seconds + START
    ended = asyncio.ensure_future(process.wait())
    while not ended.done():
        await asyncio.wait([ended], timeout=LOOK)
        if os.fstat(out.fileno()).st_size > most.n_bytes:
            raise NotAnswered(f"more than {most.n_bytes / 1e6:,.0f} MB; ask for fewer rows or columns")
        if time.monotonic() > last:
            raise NotAnswered(f"not done in {most.seconds:g} seconds; ask for less")
        if await is_gone():
            raise NotAnswered("nobody waits for it any more", 499)
    return ended.result()


def _why(said: list[str]) -> str:
    """The line that `newsledger query` ended with, without what only its own user can do."""
    last = said[-1] if said else ""
    if not last.startswith("newsledger: "):
        return "it ended its process; ask for less"
    line = last.removeprefix("newsledger: ").removeprefix("query: ")
    return re.sub(r", or allow more with --\w+", "", line)
