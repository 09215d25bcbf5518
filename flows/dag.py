"""What the flows share: the stages as Prefect tasks, the engine they run on, the batches under way, how far it is."""

import asyncio
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar
from uuid import UUID

import rich.progress
from prefect import Task, task
from prefect.artifacts import aupdate_progress_artifact
from prefect.cache_policies import NO_CACHE
from prefect.exceptions import TerminationSignal
from prefect.futures import PrefectFuture
from prefect.task_runners import TaskRunner, ThreadPoolTaskRunner
from rich.console import Console

from flows import alerts, apart, workers
from flows.batches import Batch, Place, clean_batch, extract_batch, link_articles, read_manifest
from flows.settings import Engine
from flows.warehouse import load, publish
from flows.warehouse.lock import Hold

Item = TypeVar("Item")
Given = ParamSpec("Given")
Result = TypeVar("Result")
FRAMES = ("articles", "removed", "rejects", "lines", "candidates", "counts", "claims", "quotes", "mentions", "events")
TELL_EVERY = 1.0  # seconds between two calls of Prefect's server about the progress of batches
TOGETHER = 250  # articles that are extracted at once; joined batches of more would take half of a worker's memory
WINDOW = 4  # batches under way for each worker: enough to keep it busy, few enough to hold in mind


def _on_ledger(name: str, function: Callable[Given, Result]) -> Task[Concatenate[Place, Given], Result]:
    """What is done with the ledger, as a task: apart, in a place, where this process has grown."""

    def do(place: Place, *given: Given.args, **named: Given.kwargs) -> Result:
        return apart.call(place, function, *given, **named)

    return task(name=name, cache_policy=NO_CACHE)(do)


clean_task = task(name="clean", cache_policy=NO_CACHE)(clean_batch)
extract_task = task(name="extract", cache_policy=NO_CACHE)(extract_batch)
link_task = task(name="link", cache_policy=NO_CACHE)(link_articles)
load_task = _on_ledger("load", load.load_run)
check_task = _on_ledger("check", publish.finish_run)
publish_task = _on_ledger("publish", publish.publish)
alert_task = task(name="alert", cache_policy=NO_CACHE)(alerts.tell)


def task_runner(run: Engine) -> TaskRunner[Any]:
    """The engine as Prefect knows it: threads that each mind a worker process, or Dask workers that do."""
    if run.engine == "local":
        return ThreadPoolTaskRunner(max_workers=run.workers)
    from prefect_dask.task_runners import DaskTaskRunner  # the extra newsledger[dask]

    if run.scheduler:
        over_there: TaskRunner[Any] = DaskTaskRunner(address=run.scheduler)
        return over_there
    cluster = {"n_workers": run.workers, "threads_per_worker": 1, "processes": True, "dashboard_address": None}
    here: TaskRunner[Any] = DaskTaskRunner(cluster_kwargs=cluster)
    return here


@contextmanager
def own_workers() -> Iterator[None]:
    """The worker processes of this process: each is started when there is a job for it, all end with the run."""
    try:
        yield
    finally:
        workers.stop_idle()


class Work:
    """The batches of a run, some of them under way. What is done is kept in the order in which it was added."""

    def __init__(self, run: Engine, place: Place, progress: "Progress") -> None:
        self.place, self.progress, self.window = place, progress, WINDOW * run.workers
        self.cleaning: deque[PrefectFuture[Path]] = deque()
        self.extracting: deque[PrefectFuture[Path]] = deque()
        self.cleaned: list[Path] = []
        self.n_cleaned = 0
        self.frames: dict[str, list[Path]] = {name: [] for name in FRAMES}
        self.done: list[dict[str, Any]] = []
        self.n_added = 0

    async def add(self, batch: Batch) -> None:
        """Clean and extract a batch of archived documents as soon as a worker is free."""
        self.n_added += 1
        self.cleaning.append(clean_task.submit(batch, self.place))
        if len(self.cleaning) >= self.window:
            await self._clean_next()

    async def add_articles(self, batch: Batch) -> None:
        """Extract a batch of articles that are clean already."""
        self.n_added += 1
        await self._extract(batch)

    async def finish(self) -> None:
        """Wait for what is under way."""
        while self.cleaning:
            await self._clean_next()
        if self.cleaned:
            await self._extract_cleaned()
        while self.extracting:
            await self._take(self.extracting)

    async def _clean_next(self) -> None:
        folder = await self._take(self.cleaning)
        self.cleaned.append(folder)
        self.n_cleaned += self.done[-1]["n_rows"]
        if self.n_cleaned >= TOGETHER:
            await self._extract_cleaned()

    async def _extract_cleaned(self) -> None:
        given, self.cleaned, self.n_cleaned = tuple(self.cleaned), [], 0
        await self._extract(given)

    async def _extract(self, given: Batch | tuple[Path, ...]) -> None:
        self.extracting.append(extract_task.submit(given, self.place))
        if len(self.extracting) >= self.window:
            await self._take(self.extracting)

    async def _take(self, under_way: deque[PrefectFuture[Path]]) -> Path:
        # A future handed to the next task would do, but Prefect then asks the server for its state, each time.
        folder = await asyncio.to_thread(under_way.popleft().result)
        self.done.append(read_manifest(folder))
        for file in sorted(folder.glob("*.parquet")):
            self.frames[file.stem].append(file)
        await self.progress.at("clean, extract", self.n_added - len(self.extracting), self.n_added)
        return folder


class Clock:
    """Seconds by stage, on a clock that does not jump."""

    def __init__(self) -> None:
        self.started = time.monotonic()
        self.stages: dict[str, float] = {}

    @contextmanager
    def on(self, stage: str) -> Iterator[None]:
        """Add what the block takes to a stage."""
        started = time.monotonic()
        yield
        self.stages[stage] = self.stages.get(stage, 0.0) + time.monotonic() - started

    def each(self, stage: str, given: Iterator[Item]) -> Iterator[Item]:
        """Hand on what an iterator gives, adding what it takes to a stage."""
        while True:
            with self.on(stage):
                item = next(given, None)
            if item is None:
                return
            yield item

    def all(self) -> float:
        """Seconds since the start."""
        return time.monotonic() - self.started


class Progress:
    """Where a run is: a bar in the terminal (on stderr, only where it is one), a Prefect artifact, and the lock."""

    STAGES = ("collect", "clean, extract", "load", "link", "publish", "done")

    def __init__(self, artifact: UUID, hold: Hold) -> None:
        self.artifact, self.hold, self.told = artifact, hold, 0.0
        self.bar = rich.progress.Progress(
            rich.progress.TextColumn("{task.description:<14}"),
            rich.progress.BarColumn(),
            rich.progress.TaskProgressColumn(),
            rich.progress.TimeElapsedColumn(),
            console=Console(stderr=True),
            transient=True,
            disable=not Console(stderr=True).is_terminal,
        )

    def __enter__(self) -> "Progress":
        self.bar.start()
        self.row = self.bar.add_task("start", total=100)
        return self

    def __exit__(self, *_: object) -> None:
        self.bar.stop()

    async def at(self, stage: str, done: int = 0, of: int = 1) -> None:
        """A stage begins, or `done` of its `of` batches are."""
        share = 100.0 * (self.STAGES.index(stage) + done / of) / (len(self.STAGES) - 1)
        self.hold.at(stage if of == 1 else f"{stage} {done} of {of}")
        self.bar.update(self.row, description=stage, completed=share)
        if of == 1 or time.monotonic() - self.told > TELL_EVERY:
            self.told = time.monotonic()
            await aupdate_progress_artifact(self.artifact, progress=share)


@contextmanager
def ended_as_by_ctrl_c() -> Iterator[None]:
    """Let SIGTERM, of which Prefect makes an error of its own, end the block as Ctrl-C does."""
    try:
        yield
    except TerminationSignal as error:
        stop_own_server()
        raise KeyboardInterrupt from error


def stop_own_server() -> None:
    """End the server that Prefect started for this process, if it did, and every worker."""
    workers.stop_all()
    if server := sys.modules.get("prefect.server.api.server"):  # where Prefect started none, importing it takes seconds
        for own in list(server.SubprocessASGIServer._instances.values()):
            if own.server_process:
                own.server_process.kill()  # asked nicely it takes up to five seconds; its SQLite file takes a kill
