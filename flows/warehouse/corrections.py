"""Corrections: an analyst's word as data. The file where they live, beside the archive, and its tables."""

import json
import os
from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from flows.schema import INSTANT, shape, stable_id
from flows.warehouse.fixes import stored_sets
from flows.warehouse.publish import sync

CORRECTIONS = shape(
    {
        "correction_id": pl.String,
        "correction_no": pl.Int64,
        "action": pl.String,
        "type": pl.String,
        "target": pl.String,
        "other": pl.String,
        "article_id": pl.String,
        "kind": pl.String,
        "value": pl.String,
        "evidence": pl.String,
        "nth": pl.Int32,
        "sets": pl.String,
        "corrected_by": pl.String,
        "corrected_at": INSTANT,
        "why": pl.String,
        "state": pl.String,
    }
)
TELLINGS = shape(
    {
        "correction_id": pl.String,
        "telling_no": pl.Int32,
        "part": pl.Int32,
        "article_id": pl.String,
        "is_main": pl.Boolean,
        "is_aggregate": pl.Boolean,
        "kind": pl.String,
        "time_key": pl.String,
        "place": pl.String,
        "words": pl.List(pl.String),
    }
)


# What each action corrects; a fact says itself which it is.
TYPES = {"fix": None, "drop": None, "merge": "event", "split": "event", "mute": "source", "undo": "correction"}


@dataclass(frozen=True)
class Telling:
    """How an event was told when it was corrected: `part` 1 is of the target, 2 of the other. `words` are the content
    words of the sentences that tell it; none for what an article is about, which is found without them."""

    part: int
    article_id: str
    is_main: bool
    is_aggregate: bool
    kind: str | None
    time_key: str | None
    place: str | None
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class Correction:
    """One word of an analyst; the columns are those of the table `corrections`, NULL where an action has none."""

    correction_id: str
    action: str
    type: str
    target: str | None
    other: str | None
    article_id: str | None
    kind: str | None
    value: str | None
    evidence: str | None
    nth: int | None
    sets: str | None
    corrected_by: str
    corrected_at: datetime
    why: str
    tellings: tuple[Telling, ...] = ()

    @property
    def anchor(self) -> tuple[object, ...]:
        """What it is about, however often it is read anew: a fact by what it says, all else by its id or name."""
        if self.type in ("count", "claim", "quote"):
            return self.type, self.article_id, self.kind, self.value, self.evidence, self.nth
        return self.type, self.target, self.other


def name_correction(action: str, anchor: Sequence[object], sets: str | None, by: str, why: str) -> str:
    """A correction's id: a hash of what it says, so that saying it again adds nothing."""
    return stable_id("cor", action, *anchor, sets, by, why)


def undone_ids(said: Sequence[tuple[str, str, str | None]]) -> set[str]:
    """What was taken back of (correction_id, action, target) in the order in which it was said; looked through from the
    last word to the first, for an undo may be undone."""
    undone: set[str] = set()
    for correction_id, action, target in reversed(said):
        if action == "undo" and target and correction_id not in undone:
            undone.add(target)
    return undone


def corrections_path(data: Path) -> Path:
    """The file of the corrections: one JSON object a line, in the order in which they were said; back it up."""
    return data / "corrections.jsonl"


def read_corrections(data: Path) -> list[Correction]:
    """Every correction in the order in which they were said. Raises OSError where the file is damaged."""
    file = corrections_path(data)
    if not file.exists():
        return []
    found: list[Correction] = []
    known: set[str] = set()
    for number, line in enumerate(file.read_bytes().splitlines(), 1):
        try:
            stated = json.loads(line)
            at = datetime.fromisoformat(stated["corrected_at"])
            tellings = tuple(read_telling(one) for one in stated["tellings"])
            one = Correction(**{**stated, "corrected_at": at, "tellings": tellings})
            stored_sets(one.sets)
            if one.correction_id in known or one.action not in TYPES:
                raise ValueError(f"{one.correction_id}: here already, or it does none of {', '.join(TYPES)}")
            known.add(one.correction_id)
            found.append(one)
        except (ValueError, KeyError, TypeError) as error:
            told = f"{file}: line {number} is no correction ({error}); put it right, or take the file from a backup"
            raise OSError(told) from error
    return found


def read_telling(stated: dict[str, Any]) -> Telling:
    """A telling of what JSON says of it. Raises TypeError, KeyError for what is none."""
    words = stated["words"]
    if not isinstance(words, list):
        raise TypeError("words of a telling are a list")
    return Telling(**{**stated, "words": tuple(map(str, words))})


def write_corrections(data: Path, corrections: Iterable[Correction]) -> None:
    """Put these corrections in the place of all that were there; they last through a power cut."""
    part = corrections_path(data).with_suffix(".part")
    with part.open("w", encoding="utf-8") as file:
        for one in corrections:
            row = asdict(one) | {"corrected_at": one.corrected_at.isoformat()}
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
        file.flush()
        os.fsync(file.fileno())
    part.replace(corrections_path(data))
    sync(data)


def without_articles(
    corrections: Iterable[Correction], ids: Collection[str], addresses: Collection[str] = ()
) -> list[Correction]:
    """What is left of corrections when all goes that tells of some articles: what corrects a fact of them or names
    them, the tellings of theirs, and an undo of what goes. A merge or split stays while both of its parts do."""
    left: list[Correction] = []
    gone: set[str] = set()
    named = {*ids, *addresses}
    for one in corrections:
        tellings = tuple(telling for telling in one.tellings if telling.article_id not in ids)
        is_torn = {telling.part for telling in tellings} != {telling.part for telling in one.tellings}
        is_theirs = one.article_id in ids or one.target in named or any(name in one.why for name in named)
        if is_theirs or is_torn or one.target in gone:
            gone.add(one.correction_id)
            continue
        other = one.other
        if one.action == "split" and other:
            other = " ".join(name for name in other.split() if name not in ids)
        left.append(replace(one, other=other, tellings=tellings))
    return left


def stored_corrections(con: duckdb.DuckDBPyConnection) -> list[Correction]:
    """Every correction as the tables have it, in the order in which they were said."""
    tellings: dict[str, list[Telling]] = {}
    for row in con.sql("FROM correction_tellings ORDER BY correction_id, telling_no").pl().to_dicts():
        told = {name: row[name] for name in row if name not in ("correction_id", "telling_no")}
        tellings.setdefault(row["correction_id"], []).append(read_telling(told))
    rows = con.sql("SELECT * EXCLUDE (correction_no, state) FROM corrections ORDER BY correction_no").pl().to_dicts()
    return [Correction(**row, tellings=tuple(tellings.get(row["correction_id"], []))) for row in rows]


def mirror_corrections(con: duckdb.DuckDBPyConnection, corrections: Sequence[Correction]) -> bool:
    """Let the tables say what the file says; returns whether they said something else. Their state is judged when they
    are applied."""
    rows = [asdict(one) | {"correction_no": number, "state": "holds"} for number, one in enumerate(corrections, 1)]
    tellings = [
        asdict(telling) | {"correction_id": one.correction_id, "telling_no": number, "words": list(telling.words)}
        for one in corrections
        for number, telling in enumerate(one.tellings)
    ]
    tables = (("corrections", CORRECTIONS, rows, "correction_no"), ("correction_tellings", TELLINGS, tellings, "ALL"))
    is_new = False
    for table, schema, said, order in tables:
        names = [name for name in schema.names() if name != "state"]
        told = pl.DataFrame([{name: row[name] for name in schema.names()} for row in said], schema=schema)
        con.register("told", told)
        columns = ", ".join(names)
        there, now = (con.sql(f"SELECT {columns} FROM {one} ORDER BY {order}").pl() for one in (table, "told"))
        if not there.equals(now):
            is_new = True
            con.execute(f"DELETE FROM {table}")
            con.execute(f"INSERT INTO {table} BY NAME SELECT * FROM told ORDER BY {order}")
        con.unregister("told")
    return is_new
