"""Sources: the doors that news comes in through, as a config's [[source]] tables or a command line name them."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

OF_PATHS = ("folder", "file", "jsonl", "warc")
OF_URLS = ("feed", "sitemap", "page")
SOURCE_TYPES = (*OF_PATHS, *OF_URLS)
FILE_SUFFIXES = (".txt", ".html", ".htm", ".jsonl", ".warc", ".gz")
SOURCE_KEYS = {"name", "type", "path", "url", "publisher", "allow_private", "keep_days"}


class UsageError(Exception):
    """Wrong usage or configuration: the message names the key, path or command; the exit status is 2."""


@dataclass(frozen=True)
class Source:
    """One door in. `type` is one of SOURCE_TYPES, or `url` for an address of the command line, which shows by its
    answer what it is. Of `path` (absolute) and `url` one is set; `publisher` is NULL where the config names none;
    `allow_private`: addresses of this machine and of private networks may be asked. `keep_days` is how long raw bytes
    are kept on which no figure rests (0: for ever; NULL: as the config's [keep] says)."""

    name: str
    type: str
    path: Path | None = None
    publisher: str | None = None
    url: str | None = None
    allow_private: bool = False
    keep_days: float | None = None

    @property
    def location(self) -> str:
        """Where it lies: the path or the address."""
        return str(self.path or self.url)


def ad_hoc_source(given: str, allow_private: bool = False) -> Source:
    """A SOURCE of the command line, named by its last path component. Raises UsageError."""
    if "://" in given:
        _check_url(given, given)
        parts = urlsplit(given)
        name = parts.path.rstrip("/").rpartition("/")[2] or parts.netloc.rpartition("@")[2]
        return Source(name, "url", url=given, allow_private=allow_private)
    path = Path(given).absolute()
    if path.suffix == ".toml":
        raise UsageError(f"{given}: a config is no source; name it with --config")
    if not path.exists():
        host, slash, _ = given.partition("/")
        is_host = "." in host.strip(".") and (slash or path.suffix not in FILE_SUFFIXES)
        raise UsageError(f"{given}: no such file or folder{f'; did you mean https://{given} ?' if is_host else ''}")
    return Source(path.name, "folder" if path.is_dir() else "file", path)


def read_source_table(entry: Mapping[str, object], file: Path, number: int) -> Source:
    """A [[source]] table; a path in it is relative to the config's folder. Raises UsageError, naming the key."""
    where = f"{file}: source {number}"
    if unknown := set(entry) - SOURCE_KEYS:
        raise UsageError(f"{where}: unknown key '{min(unknown)}'; known are {', '.join(sorted(SOURCE_KEYS))}")
    for key in ("name", "type"):
        _text_of(entry, key, where)
    kind = str(entry["type"])
    if kind not in SOURCE_TYPES:
        raise UsageError(f"{where}: type '{kind}' is none of {', '.join(SOURCE_TYPES)}")
    for key in entry.keys() & {"publisher", "path", "url"}:
        if not isinstance(entry[key], str):
            raise UsageError(f"{where}: key '{key}' is no text")
    if not isinstance(entry.get("allow_private", False), bool):
        raise UsageError(f"{where}: key 'allow_private' is neither true nor false")
    days = entry.get("keep_days", 0)
    if isinstance(days, bool) or not isinstance(days, int | float) or not 0 <= days < float("inf"):
        raise UsageError(f"{where}: key 'keep_days' is no number of days; 0 keeps for ever")
    keep_days = float(days) if "keep_days" in entry else None
    needed, needless = ("path", "url") if kind in OF_PATHS else ("url", "path")
    if needless in entry:
        raise UsageError(f"{where}: key '{needless}': a source of type '{kind}' has a {needed} instead")
    _text_of(entry, needed, where)
    publisher = str(entry["publisher"]) if entry.get("publisher") else None
    if kind in OF_URLS:
        _check_url(str(entry["url"]), f"{where}: key 'url'")
        private = bool(entry.get("allow_private", False))
        return Source(str(entry["name"]), kind, None, publisher, str(entry["url"]), private, keep_days)
    path = (file.parent / str(entry["path"])).resolve()
    if not path.exists():
        raise UsageError(f"{where}: path '{entry['path']}' does not exist ({path})")
    return Source(str(entry["name"]), kind, path, publisher, keep_days=keep_days)


def _text_of(entry: Mapping[str, object], key: str, where: str) -> None:
    if not isinstance(entry.get(key), str) or not entry[key]:
        raise UsageError(f"{where}: key '{key}' is missing or no text")


def _check_url(url: str, where: str) -> None:
    """An address that can be asked: http or https, with a host."""
    try:
        parts = urlsplit(url)
        port_is_sound = parts.port is None or parts.port > 0
    except ValueError as error:
        raise UsageError(f"{where}: {url}: {error}") from error
    if parts.scheme.lower() not in ("http", "https"):
        raise UsageError(f"{where}: only http and https are fetched, not '{parts.scheme}'")
    if not parts.hostname or not port_is_sound:
        raise UsageError(f"{where}: {url} names no host")
