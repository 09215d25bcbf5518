"""The command that runs passes by a schedule: `serve`."""

import asyncio
import re
from datetime import UTC, datetime, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import typer
from cronsim import CronSim, CronSimError

from flows.cli.common import STOPPED, ConfigOption, DataOption, EngineOption, WorkersOption, app, told_errors
from flows.cli.passes import give_way, interruptible, keep_prefect_quiet
from flows.config import config_file
from flows.settings import read_settings
from flows.sources import UsageError
from flows.warehouse.lock import hold_service

UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
LEAST = timedelta(seconds=10)


@app.command()
def serve(
    every: Annotated[
        str | None, typer.Option(metavar="15m", help="A pass at equal steps: 90s, 15m, 1h30m, 1d.")
    ] = None,
    cron: Annotated[
        str | None, typer.Option(metavar="EXPRESSION", help="Passes by the clock: '0 6-22 * * 1-5'.")
    ] = None,
    zone: Annotated[str, typer.Option(metavar="ZONE", help="The time zone of --cron, as Europe/Berlin.")] = "UTC",
    config: ConfigOption = None,
    data: DataOption = None,
    engine: EngineOption = None,
    workers: WorkersOption = None,
) -> None:
    """The DAG on a schedule, as a Prefect deployment: one pass at a time, until it is stopped."""
    with told_errors():
        step, now = _schedule(every, cron, zone)
        settings = read_settings([], str(config) if config else None, str(data) if data else None, engine, workers)
        with hold_service(settings.data) as told:
            give_way()
            keep_prefect_quiet(settings.data, settings.keep.prefect_days)
            from flows import serve as schedule  # importing Prefect costs a second
            from flows.dag import stop_own_server

            is_now = schedule.is_due(settings.data, cron, now)
            with schedule.server_for(settings.data, told) as url:
                first = "now" if is_now else f"at {next(CronSim(str(cron), now)):%Y-%m-%d %H:%M %Z}"
                how = f"every {every}" if every else f"by '{cron}' ({zone})"
                typer.echo(f"newsledger: a pass {how}, the first {first}; Ctrl-C stops it. Prefect: {url}")
                when = schedule.by_cron(cron, zone) if cron else schedule.every(step)
                file = config_file(config).absolute()
                try:
                    with interruptible(stop_own_server, status=0):
                        asyncio.run(schedule.serve_schedule(when, file, settings.data, engine, workers, is_now))
                except KeyboardInterrupt:  # how serving ends
                    typer.echo(STOPPED, err=True)


def _schedule(every: str | None, cron: str | None, zone: str) -> tuple[timedelta, datetime]:
    """The step between passes (of --every), and the time now in the zone of --cron. Raises UsageError."""
    if (every is None) == (cron is None):
        raise UsageError("serve: say how often, with --every 15m or --cron '0 * * * *'")
    try:
        now = datetime.now(UTC).astimezone(ZoneInfo(zone))
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise UsageError(f"--zone {zone}: no time zone; write it as Europe/Berlin") from error
    if cron is not None:
        try:
            next(CronSim(cron, now))
        except CronSimError as error:
            raise UsageError(f"--cron {cron}: {error}; five fields, as '*/15 * * * *'") from error
        return timedelta(0), now
    if not every or not re.fullmatch(r"(\d+[smhd])+", every):
        raise UsageError(f"--every {every}: not a time; write it as 90s, 15m, 1h30m or 1d")
    step = timedelta(seconds=sum(int(number) * UNITS[unit] for number, unit in re.findall(r"(\d+)([smhd])", every)))
    if step < LEAST:
        raise UsageError(f"--every {every}: at least 10s")
    return step, now
