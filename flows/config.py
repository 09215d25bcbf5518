"""The config file, sources.toml: where it lies, its tables, each key of them known and of its type."""

import tomllib
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flows.lexicon import SEEDS
from flows.sources import UsageError

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

TABLES = ("[[source]]", "[run]", "[collect]", "[keep]", "[alerts]", "[[watch]]")


def config_file(config: Path | None) -> Path:
    """The file that is read: the one that is named, else seeds/sources.toml here, else the shipped one."""
    return config or (local if (local := Path("seeds/sources.toml")).is_file() else SEEDS / "sources.toml")


def read_config(file: Path) -> dict[str, Any]:
    """A config file as TOML, without tables that nobody reads. Raises UsageError, naming the file or the key."""
    try:
        document = tomllib.loads(file.read_text("utf-8"))
    except OSError as error:
        raise UsageError(f"{file}: {error.strerror}; name a config file with --config") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"{file}: not a TOML file: {error}") from error
    if unknown := set(document) - {name.strip("[]") for name in TABLES}:
        raise UsageError(f"{file}: unknown key '{min(unknown)}'; known are {', '.join(TABLES)}")
    return document


def read_table(
    config: Path | None,
    name: str,
    shape: "type[DataclassInstance]",
    texts: Sequence[str],
    may_be_0: Sequence[str] = (),
    lists: Sequence[str] = (),
    but: Sequence[str] = (),
) -> dict[str, Any]:
    """A table of the config, each key of it known and of the type that `shape` gives it: `texts` are that, `lists` are
    of texts; `but`: fields of the shape that are no keys."""
    file = config_file(config)
    table = read_config(file).get(name, {})
    if not isinstance(table, dict):
        raise UsageError(f"{file}: '{name}' is no table; write [{name}]")
    known = {one.name: one for one in fields(shape) if one.name not in but}
    if unknown := set(table) - set(known):
        raise UsageError(f"{file}: [{name}]: unknown key '{min(unknown)}'; known are {', '.join(sorted(known))}")
    for key, value in table.items():
        where = f"{file}: [{name}]: key '{key}'"
        if key in texts:
            if not isinstance(value, str) or not value:
                raise UsageError(f"{where} is no text")
        elif key in lists:
            if not isinstance(value, list) or not all(isinstance(one, str) and one for one in value):
                raise UsageError(f"{where} is no list of texts")
        elif not _is_number(value) or (value == 0 and key not in may_be_0):
            raise UsageError(f"{where} is no number above 0")
        elif known[key].type is int and not isinstance(value, int):
            raise UsageError(f"{where} is no whole number")
    return table


def _is_number(value: object) -> bool:
    return not isinstance(value, bool) and isinstance(value, int | float) and 0 <= value < float("inf")
