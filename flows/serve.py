"""The schedule: the DAG as a Prefect deployment that this process serves, one pass at a time.

A pass that comes due while another is at work is cancelled, never queued. What a killed process tree left with the
server (a run that seems to be running, runs that were missed) is settled at the start, for our own lock says who is at
work; what it left in the data folder the next pass takes up.
"""

import asyncio
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cronsim import CronSim
from prefect import flow
from prefect.client.orchestration import PrefectClient, get_client
from prefect.client.schemas.filters import (
    DeploymentFilter,
    DeploymentFilterId,
    FlowRunFilter,
    FlowRunFilterState,
    FlowRunFilterStateType,
)
from prefect.client.schemas.objects import ConcurrencyLimitConfig, ConcurrencyLimitStrategy, FlowRun, StateType
from prefect.runner import Runner
from prefect.schedules import Cron, Interval, Schedule
from prefect.settings import PREFECT_API_URL, temporary_settings
from prefect.states import Cancelled, Crashed
from prefect.types.entrypoint import EntrypointType

from flows.ingest import run_ingest
from flows.own_server import own_server
from flows.sources import UsageError
from flows.warehouse.file import LedgerError
from flows.warehouse.lock import Held, is_broken_off
from flows.warehouse.read import last_start
from flows.workers import StageError

LOOK_EVERY = 5.0  # seconds between two looks for a pass that is due
ALIVE = [StateType.RUNNING, StateType.PENDING, StateType.CANCELLING]
AT_ONCE = 200  # runs that Prefect's server lists in one answer


@flow(name="pass")
async def one_pass(
    config: str | None = None, data: str | None = None, engine: str | None = None, workers: int | None = None
) -> Any:
    """One scheduled pass of the DAG over every source of the config; prints a line on what it brought.

    Cancelled where something else is at work on the data folder. Raises what `ingest` does, after telling it.
    """
    try:
        done = await run_ingest(None, config, data, engine, workers)
    except Held as error:
        _say(f"left out: {error}")
        return Cancelled(message=str(error))
    except (LedgerError, StageError, OSError, UsageError) as error:
        _say(f"FAILED: {error}")
        raise
    told = ", ".join(f"{number} {name.removeprefix('n_')}" for name, number in done.tally.items())
    _say(f"run {done.run_id}: {told}; {done.seconds:.1f} s")
    for warning in done.warnings:
        _say(f"  warning: {warning}")
    return None


def _say(told: str) -> None:
    print(f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S} {told}", flush=True)


async def serve_schedule(
    schedule: Schedule, config: Path, data: Path, engine: str | None, workers: int | None, is_now: bool
) -> None:
    """Serve the deployment of a data folder until the process ends; `is_now`: the first pass is due at once."""
    deployment = await one_pass.ato_deployment(
        name=deployment_name(data),
        schedule=schedule,
        paused=False,
        concurrency_limit=ConcurrencyLimitConfig(limit=1, collision_strategy=ConcurrencyLimitStrategy.CANCEL_NEW),
        parameters={"config": str(config), "data": str(data), "engine": engine, "workers": workers},
        entrypoint_type=EntrypointType.MODULE_PATH,
    )
    runner = Runner(name=deployment.name, query_seconds=LOOK_EVERY, pause_on_shutdown=True)
    deployment_id = await runner.aadd_deployment(deployment)
    async with get_client() as client:
        await _settle(client, DeploymentFilter(id=DeploymentFilterId(any_=[deployment_id])))
        if is_now:
            await client.create_flow_run_from_deployment(deployment_id)
    serving = asyncio.create_task(runner.start())
    await asyncio.sleep(0)  # by now it handles SIGTERM, with a traceback; let it end as Ctrl-C does
    signal.signal(signal.SIGTERM, signal.getsignal(signal.SIGINT))
    await serving


@contextmanager
def server_for(data: Path, told: Path) -> Iterator[str]:
    """The address of the Prefect server that is set up; where none is, of one of our own, which ends with the block and
    is noted in the file `told`. Raises LedgerError where it does not come up."""
    if url := PREFECT_API_URL.value():
        yield url
        return
    with own_server(data / "work" / "serve.log") as url, temporary_settings({PREFECT_API_URL: url}):
        with told.open("a", encoding="utf-8") as file:
            file.write(f"{url}\n")
        yield url


def deployment_name(data: Path) -> str:
    """What the deployment of a data folder is called: its path, for a server may know several."""
    return str(data).strip("/").replace("/", "-").replace("%", "-")


async def _settle(client: PrefectClient, deployment: DeploymentFilter) -> None:
    """Close the runs whose processes are gone, which frees their place, and drop those that were missed meanwhile."""
    for run in await _runs(client, deployment, ALIVE):
        await client.set_flow_run_state(run.id, Crashed(message="killed with the process that served it"), force=True)
    for run in await _runs(client, deployment, [StateType.SCHEDULED]):
        if run.expected_start_time and run.expected_start_time <= datetime.now(UTC):
            await client.delete_flow_run(run.id)


async def _runs(client: PrefectClient, deployment: DeploymentFilter, types: list[StateType]) -> list[FlowRun]:
    """All runs of a deployment in states of these types."""
    states = FlowRunFilterState(type=FlowRunFilterStateType(any_=types))
    found: list[FlowRun] = []
    while len(found) % AT_ONCE == 0:
        some = await client.read_flow_runs(
            deployment_filter=deployment,
            flow_run_filter=FlowRunFilter(state=states),
            limit=AT_ONCE,
            offset=len(found),
        )
        if not some:
            break
        found += some
    return found


def every(interval: timedelta) -> Schedule:
    """A schedule of equal steps from now on."""
    return Interval(interval, anchor_date=datetime.now(UTC))


def by_cron(expression: str, zone: str) -> Schedule:
    """A schedule by the clock of a time zone."""
    return Cron(expression, timezone=zone)


def is_due(data: Path, expression: str | None, now: datetime) -> bool:
    """Whether the first pass is due when the serving starts. Where steps are equal always; by the clock (an
    `expression`, `now` in its zone) where the last pass was broken off, the clock passed one since it began, or
    what it published cannot be read."""
    if expression is None or is_broken_off(data):
        return True
    try:
        began = last_start(data)
    except LedgerError:  # of an older schema, or torn: the pass publishes anew
        return True
    return began is not None and next(CronSim(expression, began.astimezone(now.tzinfo))) <= now
