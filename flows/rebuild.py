"""Replay, a Prefect flow: the stages again with today's rules, from the raw archive; nothing is fetched.

Everything happens in a copy of the ledger, which takes its place at the end: a kill leaves the ledger as it was. A dry
run compares the copy with the ledger instead, and says which rule does it.
"""

import shutil
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl
from prefect import flow
from prefect.artifacts import acreate_progress_artifact

from flows import apart
from flows.alerts import told_failure
from flows.batches import Batch, finished, name_batch
from flows.causes import Cause, find_causes
from flows.collect.archive import Archive
from flows.dag import Clock, Progress, Work, alert_task, check_task, link_task, load_task, own_workers, publish_task
from flows.dag import task_runner as engine_of
from flows.forget import finish_forgetting
from flows.gather import write
from flows.ingest import add_due, place_of
from flows.schema import KEY
from flows.settings import Settings, read_settings
from flows.warehouse import ledger, replay
from flows.warehouse.file import ledger_path, open_ledger
from flows.warehouse.links import load_links
from flows.warehouse.load import Loading
from flows.warehouse.lock import Hold, hold_run, new_run_id
from flows.warehouse.marks import index_path
from flows.warehouse.schema import meta


@dataclass
class Rebuilt:
    """What a rebuild did, or would do: how many documents from which stage, and, of a dry run, which tolls (`low`,
    `best`, `high`, `new_*`) and facts (`before`, `after`) would change and which rule does it, article by article."""

    run_id: str
    n_redone: dict[str, int] = field(default_factory=dict)
    is_linked: bool = False
    is_linked_anew: bool = False  # all articles, not those alone that were read again
    warnings: list[str] = field(default_factory=list)
    tolls: pl.DataFrame | None = None
    facts: pl.DataFrame | None = None
    causes: list[Cause] = field(default_factory=list)
    seconds: float = 0.0


async def run_rebuild(
    first_stage: str,
    since: date | None = None,
    diff: bool = False,
    config: str | None = None,
    data: str | None = None,
    engine: str | None = None,
    workers: int | None = None,
) -> Rebuilt:
    """One replay on the engine that the config or the command line names."""
    settings = read_settings([], config, data, engine, workers)
    on_engine = rebuild.with_options(task_runner=engine_of(settings.run))
    return await on_engine(first_stage, since, diff, config, data, engine, workers)


@flow(name="rebuild")
async def rebuild(
    first_stage: str,
    since: date | None = None,
    diff: bool = False,
    config: str | None = None,
    data: str | None = None,
    engine: str | None = None,
    workers: int | None = None,
) -> Rebuilt:
    """What today's rules read otherwise, done again from `first_stage` (clean | facts | stories) on; `since` (a day,
    UTC) leaves older articles alone; `diff` changes nothing and says what would change.

    Raises settings.UsageError, warehouse.LedgerError.
    """
    settings = read_settings([], config, data, engine, workers)
    now = datetime.now(UTC)
    done = Rebuilt(new_run_id())
    command = f"rebuild --from {first_stage}" + (f" --since {since}" if since else "") + " --diff" * diff
    failing = told_failure(settings.data, settings.alerts, done.run_id)
    with hold_run(settings.data, done.run_id, now) as hold, failing:
        done.warnings = finish_forgetting(settings.data, hold)
        batches = finished(hold.batches)
        with ledger.closed_on_failure(settings.data, done.run_id):
            done.warnings += ledger.start_run(
                settings.data, done.run_id, now, command, settings.run.engine, hold.left, batches
            )
            artifact = await acreate_progress_artifact(progress=0.0, key="rebuild-progress")
            place = place_of(settings, done.run_id, hold)
            with Progress(artifact, hold) as progress, own_workers():
                work = Work(settings.run, place, progress)
                await _replay(settings, hold, work, done, first_stage, since, diff)
    return done


async def _replay(
    settings: Settings, hold: Hold, work: Work, done: Rebuilt, first_stage: str, since: date | None, diff: bool
) -> None:
    clock = Clock()
    await work.progress.at("collect")
    archive = Archive(settings.data / "raw")
    archived = archive.contents
    due = _find_due(settings, archive, done, first_stage, since)
    redone = write(due, hold.scratch / "redone.parquet")
    await work.progress.at("clean, extract")
    await _add_batches(settings, hold, work, archived, due)
    await work.finish()
    copy, index = hold.scratch / "ledger.duckdb", hold.scratch / "links.duckdb"
    shutil.copyfile(ledger_path(settings.data), copy)
    await work.progress.at("load")
    now = datetime.now(UTC)
    loading = Loading(done.run_id, now, work.place.rules, work.frames, [], work.done, clock.stages, redone=redone)
    spot = replace(work.place, folder=hold.scratch)
    load_task(spot, settings.data, loading, copy)
    if done.is_linked:
        await work.progress.at("link")
        if not done.is_linked_anew and index_path(settings.data).exists():
            shutil.copyfile(index_path(settings.data), index)
        with clock.on("link"):
            links = link_task.submit(copy, index, spot, redone).result()
        apart.call(spot, load_links, settings.data, done.run_id, links, now, clock.stages["link"], copy)
    if diff:
        done.tolls, done.facts = replay.compare(settings.data, copy)
        done.causes = find_causes(settings.data, done.facts, work.place, hold.scratch)
        ledger.end_dry_run(settings.data, done.run_id, clock.all())
    else:
        if done.is_linked:
            index_path(settings.data).unlink(
                missing_ok=True
            )  # a kill in between: it is made again, from the new ledger
        copy.replace(ledger_path(settings.data))
        if done.is_linked:
            index.replace(index_path(settings.data))
        shutil.rmtree(hold.batches)
        await work.progress.at("publish")
        watches = settings.alerts.watches
        checked = check_task(spot, settings.data, done.run_id, datetime.now(UTC), clock.all(), watches)
        publish_task(spot, settings.data, checked.number, settings.run.keep_publications)
        told = alert_task(settings.data, settings.alerts, done.run_id, checked.has_alerts)
        done.warnings += checked.warnings + told
    done.seconds = clock.all()
    await work.progress.at("done")


def _find_due(
    settings: Settings, archive: Archive, done: Rebuilt, first_stage: str, since: date | None
) -> pl.DataFrame:
    """DUE rows whose raw bytes are in the archive, where they are needed; and whether linking is due."""
    with open_ledger(settings.data) as con:
        due = replay.find_due(con, first_stage, since)
        linked_with = meta(con, "links_version")
        link_changed = any("link" in change.stages for change in replay.changes_since(con, linked_with or "none"))
    gone = due.filter(pl.col("stage") == "clean").join(archive.contents, on=KEY, how="anti")
    if gone.height:
        n_let_go = gone.join(archive.let_go, on=KEY, how="semi").height
        let_go = f", {n_let_go} of them let go by [keep]" if n_let_go else ""
        done.warnings.append(
            f"{gone.height} documents are no longer in the archive (raw/){let_go}: they stay as they are"
        )
    due = due.join(gone, on=KEY, how="anti", maintain_order="left")
    done.n_redone = dict(due.group_by("stage").len().sort("stage").iter_rows())
    done.is_linked_anew = link_changed or first_stage == "stories"
    done.is_linked = due.height > 0 or done.is_linked_anew
    return due


async def _add_batches(settings: Settings, hold: Hold, work: Work, archived: pl.DataFrame, due: pl.DataFrame) -> None:
    """What is due from clean on, some archive files a batch; and what is due from extract on, out of the ledger."""
    size = settings.run.batch_documents
    found = archived.join(due.filter(pl.col("stage") == "clean"), on=KEY, how="semi", maintain_order="left")
    files: list[Path] = []
    keys: list[pl.DataFrame] = []
    for (path,), group in found.group_by("path", maintain_order=True):
        if files and sum(one.height for one in keys) + group.height > size:
            await add_due(work, hold, tuple(files), pl.concat(keys), sum(file.stat().st_size for file in files))
            files, keys = [], []
        files.append(Path(str(path)))
        keys.append(group)
    if files:
        await add_due(work, hold, tuple(files), pl.concat(keys), sum(file.stat().st_size for file in files))
    facts = due.filter(pl.col("stage") == "extract")
    for file in replay.export_articles(settings.data, facts, hold.scratch, size):
        articles = pl.read_parquet(file, columns=KEY)
        name = name_batch(work.place.rules, (file,), articles)
        await work.add_articles(Batch(name, (file,), articles.height, file.stat().st_size))
