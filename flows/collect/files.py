"""Folder, file, jsonl and WARC: what a source holds, one document or one reject at a time."""

import gzip
import json
import zlib
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from flows.collect.documents import Document
from flows.collect.paths import refused, shown
from flows.collect.warc import read_warc
from flows.schema import stable_id
from flows.sources import Source

KIND_OF_SUFFIX = {".txt": "text", ".html": "html", ".htm": "html"}
LINES_SUFFIXES = (".jsonl", ".jsonl.gz")
WARC_SUFFIXES = (".warc", ".warc.gz")
MAX_LINE = 64 * 1024 * 1024  # a bulk line of more bytes is no article


def read_paths(source: Source, now: datetime) -> Iterator[Document]:
    """Every document of a source that has a path, files in the order of their names; `now` (UTC) is when its bytes
    were read."""
    assert source.path
    if source.type != "folder":
        yield from _read_file(source, source.path, source.path.name, now)
        return
    for path in sorted(source.path.rglob("*")):
        below = path.relative_to(source.path)
        if any(part.startswith(".") for part in below.parts) or (path.is_dir() and not path.is_symlink()):
            continue
        if not path.resolve().is_relative_to(source.path.resolve()):
            yield refused(source, path, "link leaves the folder", "copy the file into the folder to have it read")
            continue
        yield from _read_file(source, path, below.as_posix(), now)


def _read_file(source: Source, path: Path, below: str, now: datetime) -> Iterator[Document]:
    if path.is_file() and (source.type == "warc" or path.name.lower().endswith(WARC_SUFFIXES)):
        yield from read_warc(source, path, now)
        return
    if path.name.endswith(LINES_SUFFIXES):
        yield from _read_lines(source, path, now)
        return
    kind = KIND_OF_SUFFIX.get(path.suffix.lower())
    if kind is None:
        known = ", ".join([*KIND_OF_SUFFIX, *LINES_SUFFIXES, *WARC_SUFFIXES])
        yield refused(source, path, "not a file type that is read", f"'{path.suffix}' is none of {known}")
        return
    if not path.is_file():
        yield refused(source, path, "no plain file", "a folder under another name, a device or a pipe is not read")
        return
    try:
        body = path.read_bytes()
    except OSError as error:
        yield refused(source, path, "file cannot be read", error.strerror or str(error))
        return
    article_id = stable_id("art", source.name, below)
    yield Document(source.name, shown(path), body, kind, article_id, publisher=source.publisher, fetched_at=now)


def _read_lines(source: Source, path: Path, now: datetime) -> Iterator[Document]:
    """One document a line of a jsonl[.gz]; a broken line is refused with its number, the rest goes on."""
    number = 0
    try:
        with gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb") as lines:
            while line := lines.readline(MAX_LINE + 1):
                number += 1
                if len(line) > MAX_LINE:
                    where = f"line {number} is longer than {MAX_LINE >> 20} MiB"
                    yield refused(source, path, "line too long", where, line[:1000])
                    while line and not line.endswith(b"\n"):
                        line = lines.readline(MAX_LINE)
                elif line.strip():
                    yield _line(source, path, number, line.rstrip(b"\r\n"), now)
    except (OSError, EOFError, zlib.error) as error:
        detail = f"after line {number}: {error}; what came before it is loaded"
        yield refused(source, path, "file cannot be read to its end", detail)


def _line(source: Source, path: Path, number: int, body: bytes, now: datetime) -> Document:
    where = f"{shown(path)}:{number}"
    try:
        stated = json.loads(body.decode("utf-8"))
    except UnicodeDecodeError as error:
        return Document(source.name, where, body, reason="line is not UTF-8", detail=f"byte {error.start} of the line")
    except (json.JSONDecodeError, RecursionError) as error:
        return Document(source.name, where, body, reason="line is not JSON", detail=str(error))
    if not isinstance(stated, dict):
        return Document(source.name, where, body, reason="line is no JSON object", detail=type(stated).__name__)
    line_id = stated.get("id")
    if isinstance(line_id, bool) or not isinstance(line_id, str | int) or line_id == "":
        return Document(source.name, where, body, reason="line has no id", detail="'id' must be a text or a number")
    has_body = [key for key in ("html", "text") if isinstance(stated.get(key), str)]
    if not has_body:
        detail = "one of 'html' and 'text' must be a text"
        return Document(source.name, where, body, reason="line has no html or text", detail=detail)
    url = stated.get("url")
    return Document(
        source.name,
        f"{shown(path)}#{line_id}",
        body,
        "line",
        stable_id("art", source.name, line_id),
        url if isinstance(url, str) and url else None,
        source.publisher,
        now,
    )
