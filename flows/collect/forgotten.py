"""What was forgotten: the tombstones of articles that were taken down, and whether a document is one of theirs."""

import html
import json
import os
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from flows.collect.documents import Document
from flows.collect.members import unpack_members
from flows.collect.urls import web_id

ADDRESS = re.compile(r"https?://[^\s\"'<>\\]+", re.I)
LISTINGS = ("feed", "sitemap")  # kinds of documents that name articles
UNPACKED = 256 * 1024 * 1024  # bytes of a .gz sitemap that are looked through; none that is read has more


@dataclass(frozen=True)
class Tombstone:
    """An article that was taken down, when and why. It bears neither address nor title nor text, so that it tells
    nothing of what was taken down. `erased_at` NULL: something of it may still be in the data folder."""

    article_id: str
    at: datetime
    why: str
    erased_at: datetime | None = None


def tombstones_path(data: Path) -> Path:
    """The file of the tombstones: one JSON object a line, beside the archive; the user may read and back it up."""
    return data / "forgotten.jsonl"


def read_tombstones(data: Path) -> list[Tombstone]:
    """Every tombstone, the oldest first. Raises OSError where the file is damaged: without it nothing is collected."""
    file = tombstones_path(data)
    if not file.exists():
        return []
    found = []
    for number, line in enumerate(file.read_bytes().splitlines(), 1):
        try:
            stated = json.loads(line)
            at, erased_at = (stated[name] and datetime.fromisoformat(stated[name]) for name in ("at", "erased_at"))
            found.append(Tombstone(str(stated["article_id"]), at, str(stated["why"]), erased_at))
        except (ValueError, KeyError, TypeError) as error:
            told = f"{file}: line {number} is no tombstone ({error}); put it right, or take the file from a backup"
            raise OSError(told) from error
    return found


def write_tombstones(data: Path, tombstones: Iterable[Tombstone]) -> None:
    """Put these tombstones in the place of all that were there; they last through a power cut."""
    data.mkdir(parents=True, exist_ok=True)
    part = tombstones_path(data).with_suffix(".part")
    with part.open("w", encoding="utf-8") as file:
        for one in tombstones:
            erased_at = one.erased_at.isoformat() if one.erased_at else None
            row = {"article_id": one.article_id, "at": one.at.isoformat(), "why": one.why, "erased_at": erased_at}
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
        file.flush()
        os.fsync(file.fileno())
    part.replace(tombstones_path(data))
    sync_folder(data)


def mark_erased(data: Path, article_ids: Iterable[str], now: datetime) -> None:
    """Let the tombstones of some articles say that nothing of them is left."""
    erased = set(article_ids)
    tombstones = read_tombstones(data)
    write_tombstones(data, [replace(one, erased_at=now) if one.article_id in erased else one for one in tombstones])


def forgotten_ids(data: Path) -> frozenset[str]:
    """The ids of the articles that are not collected any more. Raises OSError where the file is damaged."""
    return frozenset(one.article_id for one in read_tombstones(data))


def is_forgotten(document: Document, forgotten: frozenset[str]) -> bool:
    """Whether a document is of a forgotten article: by its id, by an address, or a feed or sitemap that names one."""
    if not forgotten:
        return False
    addresses = [one for one in (document.url, document.final_url) if one]
    if document.article_id in forgotten or any(web_id(one) in forgotten for one in addresses):
        return True
    return document.kind in LISTINGS and not forgotten.isdisjoint(named_ids(document.body))


def named_ids(body: bytes) -> set[str]:
    """The ids of the articles whose addresses stand in a feed or a sitemap (.gz too), plain or escaped as XML or JSON
    is; of one that is cut short or damaged, those before the break."""
    for _ in range(2):  # as its reader does: packed by the site, and packed again by its server
        body, _flaw = unpack_members(body, UNPACKED)
    marked = body[:2] in (b"\xff\xfe", b"\xfe\xff")
    text = body.decode("utf-16" if marked else "utf-8", "replace")
    plain = html.unescape(text.replace("\\/", "/").replace("\\u0026", "&"))
    found = {address for one in (text, plain) for address in ADDRESS.findall(one)}
    return {web_id(one) for one in found | {address.rstrip("])}.,;") for address in found}}


def sync_folder(folder: Path) -> None:
    """Make a file's new name last through a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
