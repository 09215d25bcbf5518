"""The config's [alerts] table and its [[watch]] tables: who is told, of what, and what is watched for."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path

from flows.config import config_file, read_config, read_table
from flows.lexicon import lexicon
from flows.receivers import Receiver, read_receivers
from flows.sources import UsageError

ABOUT = ("source", "check", "toll", "conflict", "watch", "run")


@dataclass(frozen=True)
class Watch:
    """What is watched for: events of which all that is named here holds."""

    name: str
    place: str | None = None
    country: str | None = None  # ISO 3166, as in events.country
    actor: str | None = None  # under any name that the lexicon knows: who claims, denies, is blamed or suspected
    kind: str | None = None  # of event

    def __str__(self) -> str:
        return ", ".join(f"{key} {value}" for key in WATCHED if (value := getattr(self, key)))


WATCHED = [key.name for key in fields(Watch) if key.name != "name"]


@dataclass(frozen=True)
class Alerting:
    """Who is told of what: the config's [alerts] table, each key with its default, and the [[watch]] tables."""

    to: tuple[Receiver, ...] = ()  # apprise addresses; env:NAME takes one from the environment
    link: str | None = None  # a page on an event, {id} for its id
    about: tuple[str, ...] = ABOUT
    most: int = 20  # of more alerts of one kind in one pass, an address gets one message
    watches: tuple[Watch, ...] = field(default=())


def configured_alerting(config: Path | None) -> Alerting:
    """The [alerts] table of a config file and its [[watch]] tables. Raises UsageError, naming the key, never an
    address."""
    table = read_table(config, "alerts", Alerting, texts=("link",), lists=("to", "about"), but=("watches",))
    where = f"{config_file(config)}: [alerts]: key"
    if unknown := set(table.get("about", ())) - set(ABOUT):
        raise UsageError(f"{where} 'about': '{min(unknown)}' is none of {', '.join(ABOUT)}")
    if "{id}" not in table.get("link", "{id}"):
        raise UsageError(f"{where} 'link': where an event's id belongs, write {{id}}")
    given = [_from_environment(address, f"{where} 'to'") for address in table.get("to", ())]
    addresses = list(dict.fromkeys(given))  # one that is named twice is told once
    receivers = read_receivers(addresses)
    for number, (address, receiver) in enumerate(zip(addresses, receivers, strict=True), 1):
        if receiver is None:
            service = re.match(r"\w+://", address)
            told = f"{service[0]}..." if service else "without ://"
            raise UsageError(f"{where} 'to': address {number} ({told}) is none that apprise can read")
    to = tuple(one for one in receivers if one)
    return Alerting(**table | {"to": to, "about": tuple(table.get("about", ABOUT)), "watches": _watches(config)})


def _from_environment(address: str, where: str) -> str:
    name = address.removeprefix("env:")
    if name == address:
        return address
    if not (given := os.environ.get(name)):
        raise UsageError(f"{where}: the environment has no {name}")
    return given


def _watches(config: Path | None) -> tuple[Watch, ...]:
    file = config_file(config)
    entries = read_config(file).get("watch", [])
    if not isinstance(entries, list) or not all(isinstance(one, dict) for one in entries):
        raise UsageError(f"{file}: 'watch' is no list of tables; write [[watch]]")
    watches = tuple(_watch(entry, f"{file}: watch {number}") for number, entry in enumerate(entries, 1))
    names = [watch.name for watch in watches]
    if twice := {name for name in names if names.count(name) > 1}:
        raise UsageError(f"{file}: two watches are named '{min(twice)}'; what was told is known by the name")
    return watches


def _watch(entry: Mapping[str, object], where: str) -> Watch:
    known = [key.name for key in fields(Watch)]
    if unknown := set(entry) - set(known):
        raise UsageError(f"{where}: unknown key '{min(unknown)}'; known are {', '.join(known)}")
    for key in ["name", *entry]:
        if not isinstance(entry.get(key), str) or not entry[key]:
            raise UsageError(f"{where}: key '{key}' is missing or no text")
    if not set(entry) & set(WATCHED):
        raise UsageError(f"{where}: it watches for nothing; name one of {', '.join(WATCHED)}")
    watch = Watch(**{key: str(value) for key, value in entry.items()})
    kinds = sorted(lexicon("incidents")["kind"].unique()) if watch.kind else []
    if watch.kind and watch.kind not in kinds:
        raise UsageError(f"{where}: key 'kind': '{watch.kind}' is none of {', '.join(kinds)}")
    return watch
