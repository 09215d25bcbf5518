"""An http(s) address taken apart, each part as it is written canonically (RFC 3986, and what browsers do)."""

import re
from contextlib import suppress
from functools import cache
from typing import NamedTuple
from urllib.parse import unquote

import idna

from flows.lexicon import lexicon

HTTP = re.compile(r"https?:/{2,}([^/?#]*)([^?#]*)(?:\?([^#]*))?(?:#(.*))?", re.I | re.S)
ESCAPES = re.compile(r"%([0-9A-Fa-f]{2})|[^A-Za-z0-9\-._~!$&'()*+,;=:@/?]", re.S)
UNRESERVED = re.compile(r"[A-Za-z0-9\-._~]")
PORT = re.compile(r"(.*):0*([0-9]*)", re.S)


class Rules(NamedTuple):
    """The lexicon url_parameters, names in lower case; a value is a pattern of the whole value, None takes any."""

    prefixes: tuple[str, ...]
    dropped: dict[str, re.Pattern[str] | None]
    targets: frozenset[str]
    redirectors: frozenset[str]
    choices: frozenset[str]
    session: re.Pattern[str]


class Parts(NamedTuple):
    """An address taken apart: `host` with its port, `query` a list of `name=value`; none of them with its mark."""

    host: str
    path: str
    query: list[str]
    fragment: str


def parts_of(url: str) -> Parts | None:
    """An http(s) address taken apart, each part as it is written canonically; None for anything else."""
    match = HTTP.fullmatch(url)
    host = _host(match[1]) if match else ""
    if match is None or not host:
        return None
    return Parts(host, _path(match[2]), _query(match[3] or ""), _escape(match[4] or ""))


def _host(authority: str) -> str:
    """Lower case, ASCII, without credentials, final dot and the ports of http and https."""
    name, port = authority.rpartition("@")[2], ""
    if found := PORT.fullmatch(name):
        name, port = found[1], found[2]
    name = unquote(name).lower().strip(".")
    if not name.isascii():
        with suppress(UnicodeError):  # no name of a host: escaped below, it stays apart from others
            name = idna.encode(name, uts46=True).decode("ascii")
    name = re.sub(r"[^a-z0-9\-._~\[\]:!$&'()*+,;=]", lambda one: _percent(one[0]), name)
    return f"{name}:{port}" if name and port not in ("", "80", "443") else name


def _path(raw: str) -> str:
    """Escapes normalised, dot segments and double slashes resolved, session ids and the final slash off."""
    kept: list[str] = []
    for segment in rules().session.sub("", _escape(raw)).split("/"):
        if segment == "..":
            del kept[-1:]
        elif segment not in ("", "."):
            kept.append(segment)
    return "/" + "/".join(kept)


def _query(raw: str) -> list[str]:
    """The parameters that may choose the content, in their order; a blank is `%20`."""
    known = rules()
    kept = []
    for one in raw.replace("&amp;", "&").split("&"):
        name, _, value = (unquote(part).lower() for part in one.partition("="))
        is_dropped = name.startswith(known.prefixes)
        if name in known.dropped:
            pattern = known.dropped[name]
            is_dropped = pattern is None or bool(pattern.fullmatch(value))
        if one and not is_dropped:
            kept.append(_escape(one.replace("+", "%20")))
    return kept


def _escape(text: str) -> str:
    """RFC 3986: an escape that needs none is undone, others are in upper case, what needs one gets it."""
    return ESCAPES.sub(lambda one: _unescaped(one[1]) if one[1] else _percent(one[0]), text)


def _unescaped(digits: str) -> str:
    character = chr(int(digits, 16))
    return character if UNRESERVED.fullmatch(character) else f"%{digits.upper()}"


def _percent(character: str) -> str:
    return "".join(f"%{byte:02X}" for byte in character.encode("utf-8", "surrogatepass"))


@cache
def rules() -> Rules:
    rows = lexicon("url_parameters")
    by_role: dict[str, dict[str, str | None]] = {}
    for name, role, value in rows.select("name", "role", "value").iter_rows():
        by_role.setdefault(role, {})[name] = value
    dropped = by_role["tracking"] | by_role["amp"]
    return Rules(
        tuple(by_role["tracking_prefix"]),
        {name: re.compile(value) if value is not None else None for name, value in dropped.items()},
        frozenset(by_role["target"]),
        frozenset(by_role["redirector"]),
        frozenset(by_role["choice"]),
        re.compile(rf";(?:{'|'.join(by_role['path'])})=[^/;]*", re.I),
    )
