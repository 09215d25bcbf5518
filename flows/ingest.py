"""The DAG, a Prefect flow: collect -> raw archive -> clean -> extract -> load -> link -> publish.

Each stage is a task over a batch; tasks pass paths of Parquet files, never frames. It runs with no Prefect server
(Prefect starts one for itself) and against the one that PREFECT_API_URL names.
"""

import shutil
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
from prefect import flow, task
from prefect.artifacts import acreate_markdown_artifact, acreate_progress_artifact
from prefect.cache_policies import NO_CACHE

from flows import apart
from flows.alerts import told_failure
from flows.batches import Batch, Place, finished, name_batch
from flows.collect.archive import Archive
from flows.collect.memory import drop_loaded, open_memory
from flows.collect.remembered import Outcome
from flows.dag import Clock, Progress, Work, alert_task, check_task, link_task, load_task, own_workers, publish_task
from flows.dag import task_runner as engine_of
from flows.forget import finish_forgetting
from flows.gather import (
    Arrived,
    Row,
    gather_paths,
    gather_web,
    path_outcome,
    source_rows,
    write,
    write_fetches,
)
from flows.housekeeping import tidy_when_due
from flows.schema import KEY
from flows.settings import Settings, read_settings
from flows.warehouse import ledger
from flows.warehouse.attempts import told_attempt
from flows.warehouse.file import ledger_path
from flows.warehouse.links import load_links
from flows.warehouse.load import Loading
from flows.warehouse.lock import Hold, hold_run, new_run_id
from flows.warehouse.marks import index_path
from flows.workers import Limits


@dataclass
class Report:
    """What a run did: its id, what it loaded, what a user should know, where the publication is."""

    run_id: str
    tally: dict[str, int] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)
    published: Path | None = None
    seconds: float = 0.0  # from the first source to the publication; starting Prefect and this process apart


NO_CONTACT = "the config names no [collect] contact: sites that we ask cannot tell you what they mind"
collect_task = task(name="collect", cache_policy=NO_CACHE)(gather_paths)
collect_web_task = task(name="collect web", cache_policy=NO_CACHE)(gather_web)


async def run_ingest(
    given: list[str] | None = None,
    config: str | None = None,
    data: str | None = None,
    engine: str | None = None,
    workers: int | None = None,
    allow_private: bool = False,
) -> Report:
    """One pass on the engine that the config or the command line names."""
    settings = read_settings(given or [], config, data, engine, workers, allow_private)
    return await ingest.with_options(task_runner=engine_of(settings.run))(
        given, config, data, engine, workers, allow_private
    )


@flow(name="ingest")
async def ingest(
    given: list[str] | None = None,
    config: str | None = None,
    data: str | None = None,
    engine: str | None = None,
    workers: int | None = None,
    allow_private: bool = False,
) -> Report:
    """One pass of the DAG over the SOURCEs `given`, or over every source of the config.

    Raises settings.UsageError for a wrong source or config, warehouse.LedgerError where a promise breaks; what was
    archived and done until then is taken up by the next run.
    """
    settings = read_settings(given or [], config, data, engine, workers, allow_private)
    report = Report(new_run_id())
    now = datetime.now(UTC)
    attempt = told_attempt(settings.data, report.run_id, now)
    failing = told_failure(settings.data, settings.alerts, report.run_id)
    with hold_run(settings.data, report.run_id, now) as hold, attempt, failing:
        report.warnings = finish_forgetting(settings.data, hold)
        left, done = hold.left, finished(hold.batches)
        with ledger.closed_on_failure(settings.data, report.run_id):
            report.warnings += ledger.start_run(
                settings.data, report.run_id, now, "run", settings.run.engine, left, done
            )
            if any(source.url for source in settings.sources) and not settings.collecting.contact:
                report.warnings.append(NO_CONTACT)
            sources = await _run_stages(settings, report, hold)
    await acreate_markdown_artifact(key="ingest-run", markdown=_summary(report, sources))
    return report


def place_of(settings: Settings, run_id: str, hold: Hold) -> Place:
    """Where a run's batches are worked on, and the frozen rules that all of it reads."""
    limits = Limits(settings.run.seconds_per_document, settings.run.megabytes_per_worker)
    frozen = ledger.freeze_rules(settings.data, hold.lexicons)
    return Place(hold.batches, run_id, limits, str(frozen), frozen.name, helpers=settings.run.workers)


async def _run_stages(settings: Settings, report: Report, hold: Hold) -> list[Row]:
    """The stages in their order; fills `report`, returns a row a source."""
    place = place_of(settings, report.run_id, hold)
    clock = Clock()
    artifact = await acreate_progress_artifact(progress=0.0, key="ingest-progress")
    with Progress(artifact, hold) as progress, own_workers():
        work = Work(settings.run, place, progress)
        await progress.at("collect")
        sources, fetches = await _collect(settings, report.run_id, hold, work, clock)
        await progress.at("clean, extract")
        await work.finish()
        await progress.at("load")
        loading = Loading(
            report.run_id,
            datetime.now(UTC),
            place.rules,
            work.frames,
            sources,
            work.done,
            clock.stages,
            fetches,
        )
        spot = replace(place, folder=hold.scratch)
        report.tally, is_link_due = load_task(spot, settings.data, loading)
        drop_loaded(settings.data)
        shutil.rmtree(hold.batches)
        if is_link_due:
            await progress.at("link")
            with clock.on("link"):
                links = link_task.submit(ledger_path(settings.data), index_path(settings.data), spot).result()
            seconds = clock.stages["link"]
            apart.call(spot, load_links, settings.data, report.run_id, links, datetime.now(UTC), seconds)
        await progress.at("publish")
        watches = settings.alerts.watches
        checked = check_task(spot, settings.data, report.run_id, datetime.now(UTC), clock.all(), watches)
        report.published = publish_task(spot, settings.data, checked.number, settings.run.keep_publications)
        told = alert_task(settings.data, settings.alerts, report.run_id, checked.has_alerts)
        report.warnings += checked.warnings + told
        report.seconds = clock.all()
        await progress.at("done")
    report.warnings += tidy_when_due(settings, hold)
    return sources


async def _collect(settings: Settings, run_id: str, hold: Hold, work: Work, clock: Clock) -> tuple[list[Row], Path]:
    """What a killed run left, then every source, into the archive and to the workers; a row a source, and the file of
    what became of each address."""
    paths: list[Outcome] = []
    with clock.on("collect"):
        archive = Archive(settings.data / "raw")
        memory = open_memory(settings.data, archive, any(source.url for source in settings.sources))
        done = ledger.done_keys(settings.data)
        left = archive.contents.join(done, on=KEY, how="anti", maintain_order="left")
    for (path,), keys in left.group_by("path", maintain_order=True):
        await add_due(work, hold, (Path(str(path)),), keys, Path(str(path)).stat().st_size)

    async def take(arrived: Arrived) -> None:
        if arrived.refused:
            work.frames["rejects"].append(arrived.refused)
        if arrived.path:
            keys = pl.read_parquet(arrived.keys).join(done, on=KEY, how="anti", maintain_order="left")
            await add_due(work, hold, (arrived.path,), keys, arrived.n_bytes)

    for source in (source for source in settings.sources if source.path):
        n_seen = n_refused = 0
        for arrived in clock.each("collect", collect_task(archive, source, settings, run_id, hold.scratch)):
            n_seen, n_refused = n_seen + arrived.n_seen, n_refused + arrived.n_refused
            await take(arrived)
        paths.append(path_outcome(source, run_id, n_seen, n_refused))
    if memory:
        web = [source for source in settings.sources if source.url]
        for arrived in clock.each("collect", collect_web_task(archive, memory, web, settings, run_id, hold.scratch)):
            await take(arrived)
    fetches = write_fetches(paths, memory, hold.scratch)
    return source_rows(settings.sources, pl.read_parquet(fetches), run_id), fetches


async def add_due(work: Work, hold: Hold, raw: tuple[Path, ...], keys: pl.DataFrame, n_bytes: int) -> None:
    """The rows of some archive files that are due, as a batch."""
    if keys.is_empty():
        return
    name = name_batch(work.place.rules, raw, keys)
    due = write(keys.select("article_id", "raw_sha256"), hold.scratch / f"{name}-due.parquet")
    await work.add(Batch(name, raw, keys.height, n_bytes, due))


def _summary(report: Report, sources: list[Row]) -> str:
    lines = [f"# Run {report.run_id}", "", "| source | documents | refused |", "|---|--:|--:|"]
    lines += [f"| {row['name']} | {row['n_documents']} | {row['n_refused']} |" for row in sources]
    lines += ["", "| loaded | |", "|---|--:|"]
    lines += [f"| {name.removeprefix('n_')} | {number} |" for name, number in report.tally.items()]
    lines += ["", *(f"- warning: {warning}" for warning in report.warnings)]
    return "\n".join(lines)
