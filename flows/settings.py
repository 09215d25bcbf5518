"""Environment and sources.toml -> one frozen Settings."""

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, fields, replace
from importlib.util import find_spec
from pathlib import Path

from flows.alerting import Alerting, configured_alerting
from flows.config import config_file, read_config, read_table
from flows.sources import Source, UsageError, ad_hoc_source, read_source_table

ENGINES = ("local", "dask")
MAY_BE_0 = (
    "pause_seconds",
    "wait_seconds",
    "redirects",
    "poll_least_minutes",
    "poll_most_minutes",
    "recheck_least_minutes",
    "recheck_days",
    "full_hours",
)
CONTACT = re.compile(r"[^\s@()<>]+@[^\s@()<>]+\.[^\s@()<>]+|https?://[^\s()<>]+")


@dataclass(frozen=True)
class Engine:
    """How the work is done: the config's [run] table, each key with its default."""

    engine: str = "local"  # local: this machine's cores; dask: a scheduler's workers, or a local cluster of processes
    workers: int = field(default_factory=lambda: os.cpu_count() or 1)
    scheduler: str | None = None  # of dask: tcp://host:8786; NULL: a local cluster
    batch_documents: int = 500
    batch_megabytes: float = 24.0
    seconds_per_document: float = 30.0
    megabytes_per_worker: int = 1024
    keep_publications: int = 3


@dataclass(frozen=True)
class Collecting:
    """How the web is asked: the config's [collect] table, each key with its default; a megabyte is 10^6 bytes."""

    contact: str | None = None  # an address or a page, in the User-Agent: whom a site can turn to
    connections: int = 32  # hosts that are asked at the same time; each has one connection
    pause_seconds: float = 1.0  # between two requests to one host; a longer Crawl-delay of its robots.txt wins
    connect_seconds: float = 10.0
    read_seconds: float = 20.0  # without a byte
    whole_seconds: float = 60.0  # for one answer, its redirects included
    wait_seconds: float = 30.0  # what a host may ask us to wait within a run; asked for more, it is left for the next
    run_minutes: float = 30.0  # of collecting; what is left then, the next run fetches
    page_megabytes: float = 8.0  # on the wire
    unpacked_megabytes: float = 32.0
    listing_megabytes: float = 64.0  # of a feed or a sitemap, unpacked
    redirects: int = 5
    listed_items: int = 50_000  # of one feed or sitemap, the first ones
    poll_least_minutes: float = 5.0  # how often a feed is asked, by how often it changes
    poll_most_minutes: float = 360.0
    recheck_least_minutes: float = 60.0  # a page is asked again for a change, less often as it ages
    recheck_days: float = 7.0  # ... and not any more after that
    full_hours: float = 24.0  # after that, ask for the whole even if the site says that nothing changed: feeds lie


@dataclass(frozen=True)
class Keep:
    """How long what no figure rests on is kept: the config's [keep] table, each key with its default; 0 is for ever."""

    bytes_days: float = 0.0  # raw bytes of documents; a source's own `keep_days` wins
    listing_days: float = 90.0  # feeds and sitemaps as they were
    run_days: float = 400.0  # what runs did: their stages, batches, warnings and fetches
    copy_days: float = 30.0  # the ledger as it was before an upgrade
    prefect_days: float = 7.0  # what Prefect's own server, below the data folder, knows of runs


@dataclass(frozen=True)
class Settings:
    """One run's settings: where it writes, what it reads, how the work is done."""

    data: Path
    sources: tuple[Source, ...]
    run: Engine = field(default_factory=Engine)
    collecting: Collecting = field(default_factory=Collecting)
    alerts: Alerting = field(default_factory=Alerting)
    keep: Keep = field(default_factory=Keep)
    are_named: bool = False  # the sources stand on the command line: all of them are asked, not only what is due


def read_settings(
    given: Sequence[str],
    config: str | None,
    data: str | None,
    engine: str | None = None,
    workers: int | None = None,
    allow_private: bool = False,
) -> Settings:
    """The settings of one run: SOURCEs of the command line, or every source of the config; its [run] table, which
    `engine` and `workers` of the command line overrule."""
    file = Path(config) if config else None
    sources = tuple(ad_hoc_source(one, allow_private) for one in given) or configured_sources(file)
    run = configured_engine(file)
    if engine:
        run = replace(run, engine=engine, scheduler=run.scheduler if engine == "dask" else None)
    if workers is not None:
        run = replace(run, workers=workers)
    _check_engine(run, "--engine" if engine else "--workers")
    folder = data_folder(Path(data) if data else None)
    collecting, alerts, keep = configured_collecting(file), configured_alerting(file), configured_keep(file)
    return Settings(folder, sources, run, collecting, alerts, keep, bool(given))


def configured_engine(config: Path | None) -> Engine:
    """The [run] table of a config file. Raises UsageError, naming the key."""
    run = Engine(**read_table(config, "run", Engine, texts=("engine", "scheduler")))
    _check_engine(run, f"{config_file(config)}: [run]: key 'engine'")
    return run


def configured_collecting(config: Path | None) -> Collecting:
    """The [collect] table of a config file. Raises UsageError, naming the key."""
    table = read_table(config, "collect", Collecting, texts=("contact",), may_be_0=MAY_BE_0)
    told = Collecting(**table)
    if told.poll_least_minutes > told.poll_most_minutes:
        raise UsageError(f"{config_file(config)}: [collect]: key 'poll_least_minutes' is above 'poll_most_minutes'")
    if told.contact and not CONTACT.fullmatch(told.contact):
        raise UsageError(f"{config_file(config)}: [collect]: key 'contact' is no mail address and no http(s) address")
    return told


def configured_keep(config: Path | None) -> Keep:
    """The [keep] table of a config file. Raises UsageError, naming the key."""
    names = [one.name for one in fields(Keep)]
    return Keep(**read_table(config, "keep", Keep, texts=(), may_be_0=names))


def _check_engine(run: Engine, where: str) -> None:
    if run.engine not in ENGINES:
        raise UsageError(f"{where}: engine '{run.engine}' is none of {', '.join(ENGINES)}")
    if run.workers < 1:
        raise UsageError(f"{where}: {run.workers} workers; at least one must work")
    if run.engine == "dask" and find_spec("prefect_dask") is None:
        raise UsageError(f"{where}: engine 'dask' is not installed: pip install 'newsledger[dask]'")


def data_folder(given: Path | None) -> Path:
    """`--data`, else NEWSLEDGER_DATA, else data/; absolute."""
    return (given or Path(os.environ.get("NEWSLEDGER_DATA") or "data")).absolute()


def configured_sources(config: Path | None) -> tuple[Source, ...]:
    """The sources of a config file (default: seeds/sources.toml); paths in it are relative to its folder."""
    file = config_file(config)
    document = read_config(file)
    entries = document.get("source", [])
    if not isinstance(entries, list) or not entries:
        raise UsageError(f"{file}: no [[source]] table in it")
    sources = tuple(read_source_table(entry, file, number) for number, entry in enumerate(entries, 1))
    names = [source.name for source in sources]
    if twice := {name for name in names if names.count(name) > 1}:
        raise UsageError(f"{file}: two sources are named '{min(twice)}'; a name must be unique, ids are made from it")
    urls = [source.url for source in sources if source.url]
    if twice := {url for url in urls if urls.count(url) > 1}:
        raise UsageError(f"{file}: two sources have the address {min(twice)}; one is enough, it is asked once")
    return sources
