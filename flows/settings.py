"""Environment and sources.toml -> one frozen Settings."""

import os
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from flows.lexicon import SEEDS

SOURCE_TYPES = ("folder", "file")  # what this version collects; a feed, a sitemap, a page and a WARC are to come
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
class Settings:
    """One run's settings: where it writes, what it reads, how many documents a batch holds."""

    data: Path
    sources: tuple[Source, ...]
    batch_size: int = 500


def read_settings(given: Sequence[str], config: str | None, data: str | None) -> Settings:
    """The settings of one run: SOURCEs of the command line, or every source of the config."""
    sources = tuple(ad_hoc_source(one) for one in given) or configured_sources(Path(config) if config else None)
    return Settings(data_folder(Path(data) if data else None), sources)


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
    file = config or (local if (local := Path("seeds/sources.toml")).is_file() else SEEDS / "sources.toml")
    try:
        document = tomllib.loads(file.read_text("utf-8"))
    except OSError as error:
        raise UsageError(f"{file}: {error.strerror}; name a config file with --config") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"{file}: not a TOML file: {error}") from error
    if unknown := set(document) - {"source"}:
        raise UsageError(f"{file}: unknown key '{min(unknown)}'; sources are [[source]] tables")
    entries = document.get("source", [])
    if not isinstance(entries, list) or not entries:
        raise UsageError(f"{file}: no [[source]] table in it")
    sources = tuple(_source(entry, file, number) for number, entry in enumerate(entries, 1))
    names = [source.name for source in sources]
    if twice := {name for name in names if names.count(name) > 1}:
        raise UsageError(f"{file}: two sources are named '{min(twice)}'; a name must be unique, ids are made from it")
    return sources


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
