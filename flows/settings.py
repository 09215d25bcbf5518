"""Environment and sources.toml -> one frozen Settings."""

import os
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field, fields, replace
from importlib.util import find_spec
from pathlib import Path

from flows.lexicon import SEEDS

SOURCE_TYPES = ("folder", "file")  # what this version collects; a feed, a sitemap, a page and a WARC are to come
ENGINES = ("local", "dask")
SOURCE_KEYS = {"name", "type", "path", "publisher"}


class UsageError(Exception):
    """Wrong usage or configuration: the message names the key, path or command; the exit status is 2."""


@dataclass(frozen=True)
class Source:
    """One door in. `path` is absolute; `publisher` is NULL where the config names none."""

    name: str
    type: str
    path: Path
    publisher: str | None = None


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
class Settings:
    """One run's settings: where it writes, what it reads, how the work is done."""

    data: Path
    sources: tuple[Source, ...]
    run: Engine = field(default_factory=Engine)


def read_settings(
    given: Sequence[str], config: str | None, data: str | None, engine: str | None = None, workers: int | None = None
) -> Settings:
    """The settings of one run: SOURCEs of the command line, or every source of the config; its [run] table, which
    `engine` and `workers` of the command line overrule."""
    file = Path(config) if config else None
    sources = tuple(ad_hoc_source(one) for one in given) or configured_sources(file)
    run = configured_engine(file)
    if engine:
        run = replace(run, engine=engine, scheduler=run.scheduler if engine == "dask" else None)
    if workers is not None:
        run = replace(run, workers=workers)
    _check_engine(run, "--engine" if engine else "--workers")
    return Settings(data_folder(Path(data) if data else None), sources, run)


def configured_engine(config: Path | None) -> Engine:
    """The [run] table of a config file. Raises UsageError, naming the key."""
    file = _config_file(config)
    table = _read_config(file).get("run", {})
    if not isinstance(table, dict):
        raise UsageError(f"{file}: 'run' is no table; write [run]")
    known = {one.name: one for one in fields(Engine)}
    if unknown := set(table) - set(known):
        raise UsageError(f"{file}: [run]: unknown key '{min(unknown)}'; known are {', '.join(sorted(known))}")
    for key, value in table.items():
        if key in ("engine", "scheduler"):
            if not isinstance(value, str) or not value:
                raise UsageError(f"{file}: [run]: key '{key}' is no text")
        elif isinstance(value, bool) or not isinstance(value, int | float) or value <= 0:
            raise UsageError(f"{file}: [run]: key '{key}' is no number above 0")
        elif known[key].type is int and not isinstance(value, int):
            raise UsageError(f"{file}: [run]: key '{key}' is no whole number")
    run = Engine(**table)
    _check_engine(run, f"{file}: [run]: key 'engine'")
    return run


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


def ad_hoc_source(given: str) -> Source:
    """A SOURCE of the command line: a folder or a file, named by its last path component."""
    if "://" in given:
        raise UsageError(f"{given}: this version reads folders and files; web sources come with a later one")
    path = Path(given).absolute()
    if not path.exists():
        raise UsageError(f"{given}: no such file or folder")
    return Source(path.name, "folder" if path.is_dir() else "file", path)


def configured_sources(config: Path | None) -> tuple[Source, ...]:
    """The sources of a config file (default: seeds/sources.toml); paths in it are relative to its folder."""
    file = _config_file(config)
    document = _read_config(file)
    entries = document.get("source", [])
    if not isinstance(entries, list) or not entries:
        raise UsageError(f"{file}: no [[source]] table in it")
    sources = tuple(_source(entry, file, number) for number, entry in enumerate(entries, 1))
    names = [source.name for source in sources]
    if twice := {name for name in names if names.count(name) > 1}:
        raise UsageError(f"{file}: two sources are named '{min(twice)}'; a name must be unique, ids are made from it")
    return sources


def _config_file(config: Path | None) -> Path:
    return config or (local if (local := Path("seeds/sources.toml")).is_file() else SEEDS / "sources.toml")


def _read_config(file: Path) -> dict[str, object]:
    try:
        document = tomllib.loads(file.read_text("utf-8"))
    except OSError as error:
        raise UsageError(f"{file}: {error.strerror}; name a config file with --config") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"{file}: not a TOML file: {error}") from error
    if unknown := set(document) - {"source", "run"}:
        raise UsageError(f"{file}: unknown key '{min(unknown)}'; sources are [[source]] tables, settings a [run] table")
    return document


def _source(entry: dict[str, object], file: Path, number: int) -> Source:
    where = f"{file}: source {number}"
    if unknown := set(entry) - SOURCE_KEYS:
        raise UsageError(f"{where}: unknown key '{min(unknown)}'; known are {', '.join(sorted(SOURCE_KEYS))}")
    for key in ("name", "type", "path"):
        if not isinstance(entry.get(key), str) or not entry[key]:
            raise UsageError(f"{where}: key '{key}' is missing or no text")
    if entry["type"] not in SOURCE_TYPES:
        raise UsageError(f"{where}: type '{entry['type']}' is none of {', '.join(SOURCE_TYPES)}")
    if not isinstance(entry.get("publisher", ""), str):
        raise UsageError(f"{where}: key 'publisher' is no text")
    path = (file.parent / str(entry["path"])).resolve()
    if not path.exists():
        raise UsageError(f"{where}: path '{entry['path']}' does not exist ({path})")
    publisher = entry.get("publisher")
    return Source(str(entry["name"]), str(entry["type"]), path, str(publisher) if publisher else None)
