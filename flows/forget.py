"""Forgetting: a takedown. One article goes for good, from the archive, every table, history and kept publication.

The tombstones are written first: whatever ends the work early, the next `forget`, run, rebuild or doctor finishes it
before anything else. The ledger is erased in a copy that takes its place, as a rebuild does.
"""

import re
import shutil
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import polars as pl

from flows import workers
from flows.batches import Place, finished, link_articles
from flows.collect.erasing import ADDRESSES, ErasedRaw, archived_addresses, erase_raw, ids_at
from flows.collect.forgotten import Tombstone, mark_erased, read_tombstones, write_tombstones
from flows.collect.memory import forget_pages
from flows.collect.urls import web_id
from flows.lexicon import lexicons, rules_version
from flows.sources import UsageError
from flows.warehouse import erasing, ledger
from flows.warehouse.corrections import (
    Correction,
    mirror_corrections,
    read_corrections,
    without_articles,
    write_corrections,
)
from flows.warehouse.file import LedgerError, ledger_path, open_ledger
from flows.warehouse.links import load_links
from flows.warehouse.lock import Hold, hold_run, new_run_id
from flows.warehouse.marks import index_path, write_index_anew
from flows.warehouse.publish import finish_run, publish
from flows.warehouse.schema import prepare


@dataclass(frozen=True)
class Erased:
    """What went: of the archive, rows by table, editions that were kept."""

    raw: ErasedRaw
    n_rows: dict[str, int]
    n_editions: int


@dataclass(frozen=True)
class Forgotten:
    """What `forget` did: the tombstones of what was asked for, of which `is_new` says whether they came now; what was
    erased (NULL: nothing was left of it); the files of its own that the user still has; addresses that other articles
    have too, so that they are still collected; articles of the same text, which stay."""

    tombstones: list[Tombstone]
    is_new: bool
    erased: Erased | None
    own_files: list[str] = field(default_factory=list)
    shared: list[str] = field(default_factory=list)
    copies: list[str] = field(default_factory=list)


def forget(data: Path, wanted: str, why: str) -> Forgotten:
    """Erase the article with an id, or those at an address or of an input, and let none of them come in again.

    Raises UsageError for what is no article and no address, LedgerError while a run is at work, OSError for an archive
    or a file of tombstones that is damaged.
    """
    now = datetime.now(UTC)
    with hold_run(data, new_run_id(), now) as hold:
        before = {one.article_id: one for one in read_tombstones(data)}
        addresses = _addresses(data)
        asked = {wanted} if re.fullmatch(r"art_[0-9a-f]{16}", wanted) else ids_at(addresses, wanted)
        own, shared = _own_addresses(addresses, asked)
        if own.is_empty() and not asked & before.keys() and "://" not in wanted:
            told = "no article has this id or input; both stand in the view `articles`, and an address begins with https://"
            raise UsageError(f"{wanted}: {told}")
        ids = asked | {web_id(one) for one in own["address"] if "://" in one and one not in shared}
        fresh = [Tombstone(one, now, why) for one in sorted(ids - before.keys())]
        if fresh:
            write_tombstones(data, [*before.values(), *fresh])
        copies = _copies(data, asked)
        erased = _erase(data, hold, "forget") if fresh or _is_due(data) else None
        files = sorted(one for one in own["address"].unique() if "://" not in one)
        mine = [one for one in read_tombstones(data) if one.article_id in ids]
    return Forgotten(mine, bool(fresh), erased, files, shared, copies)


def finish_forgetting(data: Path, hold: Hold, in_archive: bool = False) -> list[str]:
    """Erase what a killed `forget` left, and what came back with a backup of the ledger or, where it is asked to look
    there, of the archive; let a new ledger know what is forgotten. The caller holds the data folder.

    Returns what the user should know. Raises LedgerError, and OSError for a damaged archive or file of tombstones.
    """
    ids = [one.article_id for one in read_tombstones(data)]
    is_back = pl.col("article_id").is_in(ids)
    came_back = in_archive and archived_addresses(data / "raw").filter(is_back).first().collect().height > 0
    if not ids or not (came_back or _is_due(data)):
        return []
    erased = _erase(data, hold, "forget: what was left")
    n_rows = sum(erased.n_rows.values())
    if not n_rows and not erased.raw.n_documents:
        return []
    return [
        f"articles that were to be forgotten were still here: {erased.raw.n_documents} documents of the archive and "
        f"{n_rows} rows of the ledger are erased now"
    ]


def _addresses(data: Path) -> pl.LazyFrame:
    """ADDRESSES of the archive and the ledger."""
    found = [archived_addresses(data / "raw")] if (data / "raw").is_dir() else []
    if ledger_path(data).exists():
        with open_ledger(data) as con:
            found.append(erasing.stored_addresses(con).drop_nulls().lazy())
    return pl.concat([pl.LazyFrame(schema=ADDRESSES), *found]).unique()


def _own_addresses(addresses: pl.LazyFrame, ids: set[str]) -> tuple[pl.DataFrame, list[str]]:
    """ADDRESSES of some articles, and those of the addresses that are other articles' too."""
    own = addresses.filter(pl.col("article_id").is_in(list(ids))).collect()
    web = {one: web_id(one) for one in own["address"].unique() if "://" in one}
    others = addresses.filter(~pl.col("article_id").is_in(list(ids)))
    is_theirs = pl.col("address").is_in(own["address"].unique().to_list())
    theirs = others.filter(is_theirs | pl.col("article_id").is_in(list(web.values()))).collect()
    shared = set(theirs["address"]) & web.keys() | {
        one for one, name in web.items() if name in set(theirs["article_id"])
    }
    return own, sorted(shared)


def _copies(data: Path, ids: set[str]) -> list[str]:
    if not ledger_path(data).exists():
        return []
    with open_ledger(data) as con:
        return erasing.copies_of(con, sorted(ids))


def _is_due(data: Path) -> bool:
    """Whether something of the forgotten articles may still be here, or the ledger does not know of them."""
    tombstones = read_tombstones(data)
    if any(one.erased_at is None for one in tombstones) or not ledger_path(data).exists():
        return True
    said = read_corrections(data)
    if said != without_articles(said, {one.article_id for one in tombstones}):
        return True
    with open_ledger(data) as con:
        return not erasing.is_forgotten_here(con, _frame(tombstones))


def _frame(tombstones: list[Tombstone]) -> pl.DataFrame:
    rows = [(one.article_id, one.at, one.why) for one in tombstones]
    return pl.DataFrame(rows, schema=erasing.FORGOTTEN, orient="row")


def _erase(data: Path, hold: Hold, command: str) -> Erased:
    """Erase all that has a tombstone; the ledger first, for its rows and the archive's name the addresses that go."""
    run_id, now = new_run_id(), datetime.now(UTC)
    hold.at("forget")
    ids = {one.article_id for one in read_tombstones(data)}
    _erase_corrections(data, ids, ())
    n_rows: dict[str, int] = {}
    if ledger_path(data).exists():
        with ledger.closed_on_failure(data, run_id):
            ledger.start_run(data, run_id, now, command, "local", hold.left, finished(hold.batches))
            n_rows = _erase_ledger(data, hold, run_id, now, ids)
            raw = erase_raw(data / "raw", frozenset(ids))
            _remove_leftovers(data, hold)
            forget_pages(data, ids)
            n_editions = _publish(data, run_id, now)
    else:
        raw = erase_raw(data / "raw", frozenset(ids))
        _remove_leftovers(data, hold)
        forget_pages(data, ids)
        is_pending = any(one.erased_at is None for one in read_tombstones(data))
        n_editions = erasing.remove_publications(data) if is_pending else 0
        with open_ledger(data) as con:
            prepare(con)
            erasing.save_forgotten(con, _frame(read_tombstones(data)))
    mark_erased(data, ids, datetime.now(UTC))
    return Erased(raw, n_rows, n_editions)


def _erase_corrections(data: Path, ids: set[str], addresses: Collection[str]) -> list[Correction]:
    """What analysts said without what tells of some articles; the file holds no more than that."""
    said = read_corrections(data)
    left = without_articles(said, ids, addresses)
    if left != said:
        write_corrections(data, left)
    return left


def _erase_ledger(data: Path, hold: Hold, run_id: str, now: datetime, ids: set[str]) -> dict[str, int]:
    """The ledger without some articles, their stories and events linked anew without them. Returns rows by table."""
    own, shared = _own_addresses(_addresses(data), ids)
    going = {one for one in own["address"] if one not in shared}
    going |= {str(Path(one).absolute()) for one in going if "://" not in one}  # a source of one file has its whole path
    copy = hold.scratch / "forgetting.duckdb"
    shutil.copyfile(ledger_path(data), copy)
    with open_ledger(data, copy) as con:
        going |= {one for one in erasing.stored_urls(con) if web_id(one) in ids}
        n_rows = erasing.erase_articles(con, ids, going, now)
        mirror_corrections(con, _erase_corrections(data, ids, going))
        erasing.save_forgotten(con, _frame(read_tombstones(data)))
    index = hold.scratch / "links.duckdb"
    if index_path(data).exists():
        shutil.copyfile(index_path(data), index)
    place = Place(hold.scratch, run_id, workers.UNLIMITED, str(lexicons()), rules_version())
    try:
        links = link_articles(copy, index, place)
    finally:
        workers.stop_idle()
    load_links(data, run_id, links, now, (datetime.now(UTC) - now).total_seconds(), copy)
    with open_ledger(data, copy) as con:
        erasing.drop_dead_aliases(con)
    index_path(data).unlink(missing_ok=True)  # a kill in between: it is made again, from the new ledger
    erasing.write_anew(data, copy)
    write_index_anew(index, index_path(data))
    copy.unlink()
    return n_rows


def _remove_leftovers(data: Path, hold: Hold) -> None:
    """What runs left that are over: their batches are done again, their lexicons frozen again; ledgers as they were."""
    for folder in (hold.batches, hold.lexicons):
        shutil.rmtree(folder, ignore_errors=True)
    hold.batches.mkdir()
    work = data / "work"
    old = ("ledger-schema-*", "ledger.duckdb.damaged*", "collecting.sqlite.damaged", "*.part")
    for file in [*(file for name in old for file in work.glob(name)), *data.glob("*.part")]:
        file.unlink()


def _publish(data: Path, run_id: str, now: datetime) -> int:
    """Publish the ledger as it is now and remove every other edition; returns how many those were. Where a promise
    breaks nothing stays published: what was, held what is to be forgotten."""
    try:
        number = finish_run(data, run_id, now, (datetime.now(UTC) - now).total_seconds()).number
    except LedgerError as error:
        erasing.remove_publications(data)
        raise LedgerError(f"{error} (what was published is removed: it held what is forgotten)") from error
    publish(data, number, keep=1)
    return erasing.remove_publications(data, data / "publications" / f"news-{number:08d}.duckdb")
