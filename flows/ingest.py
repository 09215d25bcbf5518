"""The DAG, a Prefect flow: collect -> raw archive -> clean -> extract -> link -> load -> publish.

Each stage is a task over a batch; tasks pass paths of Parquet files, never frames. It runs with no Prefect server
(Prefect starts one for itself) and against the one that PREFECT_API_URL names.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

import polars as pl
import rich.progress
from prefect import flow, task
from prefect.artifacts import acreate_markdown_artifact, acreate_progress_artifact, aupdate_progress_artifact
from prefect.cache_policies import NO_CACHE
from rich.console import Console

from flows.clean import clean
from flows.collect import Archive, read_source
from flows.extract import extract
from flows.lexicon import rules_version
from flows.link import link
from flows.schema import LOCAL_EVENTS, RAW
from flows.settings import Settings, read_settings
from flows.warehouse import ledger, load, publish

Paths = dict[str, list[Path]]
FRAMES = ("articles", "removed", "rejects", "counts", "claims", "quotes", "mentions", "events")
LINKED = ("copies", "linked_stories", "story_articles", "linked_events", "mentioned_events")


@dataclass
class Report:
    """What a run did: its id, what it loaded, what the checks warn of, where the publication is."""

    run_id: str
    tally: dict[str, int] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)
    published: Path | None = None


def collect_sources(settings: Settings, run_id: str, folder: Path) -> tuple[list[dict[str, object]], list[Path]]:
    """Read every source into the archive. Returns a row a source (what it held) and the files of what was refused."""
    archive = Archive(settings.data / "raw")
    rows: list[dict[str, object]] = []
    refused: list[Path] = []
    for number, source in enumerate(settings.sources):
        seen = n_refused = 0
        documents = read_source(source, datetime.now(UTC))
        for n_seen, rejects in archive.add(documents, run_id, settings.batch_size):
            seen, n_refused = seen + n_seen, n_refused + rejects.height
            if rejects.height:
                refused.append(_write(rejects, folder / f"refused-{number}-{len(refused)}.parquet"))
        rows.append(
            {
                "name": source.name,
                "type": source.type,
                "location": str(source.path),
                "publisher": source.publisher,
                "outcome": "read" if seen else "empty",
                "n_documents": seen,
                "n_refused": n_refused,
            }
        )
    return rows, refused


def find_due(settings: Settings, folder: Path) -> tuple[Path, list[Path]]:
    """What is archived and neither a revision nor a reject yet: a file of keys, and the files that hold it."""
    due = ledger.undone(settings.data, Archive(settings.data / "raw").contents())
    files = [Path(path) for path in due["path"].unique().sort()]
    return _write(due.select("article_id", "raw_sha256"), folder / "due.parquet"), files


def clean_batch(raw: Path, due: Path, folder: Path) -> dict[str, Path]:
    """One archive file -> its articles, removed lines and rejects, those that are due."""
    documents = pl.read_parquet(raw).join(
        pl.read_parquet(due), on=["article_id", "raw_sha256"], how="semi", maintain_order="left"
    )
    articles, removed, rejects = clean(documents.select(RAW.names()))
    frames = {"articles": articles, "removed": removed, "rejects": rejects}
    return {name: _write(frame, folder / f"{raw.stem}-{name}.parquet") for name, frame in frames.items()}


def extract_batch(articles: Path, folder: Path) -> dict[str, Path]:
    """One batch of articles -> its facts and the events it tells."""
    facts = extract(pl.read_parquet(articles))
    stem = articles.stem.removesuffix("-articles")
    return {name: _write(frame, folder / f"{stem}-{name}.parquet") for name, frame in facts._asdict().items()}


def link_articles(settings: Settings, batches: Paths, folder: Path) -> dict[str, Path]:
    """The ledger's current articles and the new ones -> copies, stories and events over all of them."""
    current, current_events = ledger.export_current(settings.data, folder)
    columns = ["article_id", "title", "text", "origin", "published_at"]
    new = pl.concat([pl.read_parquet(path) for path in batches["articles"]])
    new = new.unique("article_id", keep="last", maintain_order=True)
    events = pl.concat([pl.read_parquet(path) for path in batches["events"]])
    events = events.join(new, on=["article_id", "raw_sha256"], how="semi")
    kept = pl.read_parquet(current).join(new, on="article_id", how="anti")
    kept_events = pl.read_parquet(current_events).join(new, on="article_id", how="anti")
    links = link(
        pl.concat([kept.select(columns).cast(new.select(columns).schema), new.select(columns)]),
        pl.concat([kept_events.select(LOCAL_EVENTS.names()).cast(LOCAL_EVENTS), events]),
    )
    return {name: _write(frame, folder / f"{name}.parquet") for name, frame in zip(LINKED, links, strict=True)}


def _write(frame: pl.DataFrame, path: Path) -> Path:
    frame.write_parquet(path)
    return path


def publish_ledger(settings: Settings) -> tuple[list[str], Path]:
    """The checks, then the copy that readers see. Returns the warnings and the published file."""
    return publish.run_checks(settings.data), publish.publish(settings.data)


collect_task = task(name="collect", cache_policy=NO_CACHE)(collect_sources)
due_task = task(name="due", cache_policy=NO_CACHE)(find_due)
clean_task = task(name="clean", cache_policy=NO_CACHE)(clean_batch)
extract_task = task(name="extract", cache_policy=NO_CACHE)(extract_batch)
link_task = task(name="link", cache_policy=NO_CACHE)(link_articles)
load_task = task(name="load", cache_policy=NO_CACHE)(load.load_run)
publish_task = task(name="publish", cache_policy=NO_CACHE)(publish_ledger)


@flow(name="ingest")
async def ingest(given: list[str] | None = None, config: str | None = None, data: str | None = None) -> Report:
    """One pass of the DAG over the SOURCEs `given`, or over every source of the config.

    Raises settings.UsageError for a wrong source or config, warehouse.LedgerError where a promise breaks; what was
    archived until then is taken up by the next run.
    """
    settings = read_settings(given or [], config, data)
    now = datetime.now(UTC)
    report = Report(f"{now:%Y%m%dT%H%M%S}-{uuid4().hex[:6]}")
    with ledger.hold_run(settings.data, report.run_id, now) as folder:
        ledger.start_run(settings.data, report.run_id, now, rules_version())
        try:
            sources = await _run_stages(settings, report, folder)
        except BaseException as error:
            ledger.fail_run(settings.data, report.run_id, datetime.now(UTC), f"{type(error).__name__}: {error}")
            raise
    await acreate_markdown_artifact(key="ingest-run", markdown=_summary(report, sources))
    return report


async def _run_stages(settings: Settings, report: Report, folder: Path) -> list[dict[str, object]]:
    """The stages in their order; fills `report`, returns a row a source."""
    with Progress(await acreate_progress_artifact(progress=0.0, key="ingest-progress")) as progress:
        await progress.at("collect")
        sources, refused = collect_task(settings, report.run_id, folder)
        due, files = due_task(settings, folder)
        batches: Paths = {name: [] for name in FRAMES} | {"rejects": list(refused)}
        for number, raw in enumerate(files):
            await progress.at("clean, extract", number, len(files))
            cleaned = clean_task(raw, due, folder)
            for name, path in (cleaned | extract_task(cleaned["articles"], folder)).items():
                batches[name].append(path)
        await progress.at("link")
        links = link_task(settings, batches, folder) if files else {}
        await progress.at("load")
        now = datetime.now(UTC)
        report.tally = load_task(settings.data, report.run_id, now, rules_version(), batches, links, sources)
        await progress.at("publish")
        report.warnings, report.published = publish_task(settings)
        await progress.at("done")
    return sources


def stop_own_server() -> None:
    """End the server that Prefect started for this process, if it did."""
    from prefect.server.api.server import SubprocessASGIServer

    SubprocessASGIServer().stop()


class Progress:
    """Where a run is: a bar in the terminal (on stderr, only where it is one) and a Prefect artifact."""

    STAGES = ("collect", "clean, extract", "link", "load", "publish", "done")

    def __init__(self, artifact: UUID) -> None:
        self.artifact = artifact
        self.bar = rich.progress.Progress(
            rich.progress.TextColumn("{task.description:<14}"),
            rich.progress.BarColumn(),
            rich.progress.TaskProgressColumn(),
            rich.progress.TimeElapsedColumn(),
            console=Console(stderr=True),
            transient=True,
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
        self.bar.update(self.row, description=stage, completed=share)
        await aupdate_progress_artifact(self.artifact, progress=share)


def _summary(report: Report, sources: list[dict[str, object]]) -> str:
    lines = [f"# Run {report.run_id}", "", "| source | documents | refused |", "|---|--:|--:|"]
    lines += [f"| {row['name']} | {row['n_documents']} | {row['n_refused']} |" for row in sources]
    lines += ["", "| loaded | |", "|---|--:|"]
    lines += [f"| {name.removeprefix('n_')} | {number} |" for name, number in report.tally.items()]
    lines += ["", *(f"- warning: {warning}" for warning in report.warnings)]
    return "\n".join(lines)
