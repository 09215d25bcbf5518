"""What an analyst says, as worded, before it is known what it means: a row of a CSV, or a command. And back again."""

import csv
import json
import re
from collections.abc import Collection, Iterator
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from pathlib import Path
from typing import Any, TextIO

from flows.warehouse.correcting import ANCHORS
from flows.warehouse.corrections import TYPES, Correction, Telling, read_telling
from flows.warehouse.fixes import FIGURE, Sets, Unfit, complete, read_sets, split_sets, word_sets


@dataclass(frozen=True)
class Draft:
    """What an analyst says, NULL where nothing is said; the columns of a CSV, in its order (docs/corrections.md)."""

    correction_id: str | None = None
    action: str | None = None
    type: str | None = None
    target: str | None = None
    other: str | None = None
    sets: str | None = None
    why: str | None = None
    corrected_by: str | None = None
    corrected_at: str | None = None
    article_id: str | None = None
    kind: str | None = None
    value: str | None = None
    evidence: str | None = None
    nth: str | None = None
    tellings: str | None = None


COLUMNS = [field.name for field in fields(Draft)]


def read_drafts(file: Path) -> Iterator[tuple[int, Draft]]:
    """The rows of a CSV, each with the line that it begins in. Raises Unfit for a file that is no such CSV."""
    with file.open(encoding="utf-8-sig", newline="") as text:
        rows = csv.DictReader(text, strict=True)
        try:
            header = rows.fieldnames or []
            if unknown := [name for name in header if name not in COLUMNS]:
                raise Unfit(f"line 1: unknown column {', '.join(map(repr, unknown))}; known are {', '.join(COLUMNS)}")
            if missing := [name for name in ("action", "why") if name not in header]:
                raise Unfit(f"line 1: no column {', '.join(missing)}; known are {', '.join(COLUMNS)}")
            line = rows.line_num + 1
            for row in rows:
                if None in row or None in row.values():
                    raise Unfit(f"line {line}: not as many cells as the first line has columns")
                yield line, Draft(**{name: cell or None for name, cell in row.items()})
                line = rows.line_num + 1
        except (csv.Error, UnicodeDecodeError) as error:
            raise Unfit(f"line {rows.line_num + 1}: {error}; write it as CSV in UTF-8") from error


def write_drafts(corrections: list[Correction], out: TextIO) -> None:
    """The CSV that `read_drafts` reads, of what was said."""
    rows = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    rows.writeheader()
    for one in corrections:
        tellings = [asdict(telling) for telling in one.tellings]
        told = {
            "corrected_at": one.corrected_at.isoformat(),
            "tellings": json.dumps(tellings, ensure_ascii=False) if tellings else None,
        }
        rows.writerow({name: getattr(one, name) for name in COLUMNS} | told)


def write_out(draft: Draft, now: datetime, correction_id: str, known: dict[str, Any]) -> Correction:
    """A draft as a correction, with what is `known` of its columns."""
    columns = ("target", "other", "article_id", "kind", "value", "evidence", "nth", "sets")
    said = {"corrected_by": str(draft.corrected_by), "corrected_at": now, "why": str(draft.why)}
    whole: dict[str, Any] = {"correction_id": correction_id, "action": draft.action, "type": TYPES[str(draft.action)]}
    return Correction(**whole | dict.fromkeys(columns) | said | known)


def read_nth(text: str | None) -> int:
    """Which of several facts that read alike, from 1 on. Raises Unfit."""
    if not text:
        return 1
    if not re.fullmatch(r"[1-9]\d{0,5}", text):
        raise Unfit(f"nth {text!r}: no whole number from 1 on")
    return int(text)


def read_exported(draft: Draft, known: Collection[str], now: datetime) -> Correction:
    """A row that `correct list --format csv` wrote, taken at its word: what it corrects may not be here any more."""
    if not re.fullmatch(r"cor_[0-9a-f]{16}", draft.correction_id or ""):
        raise Unfit(f"correction_id {draft.correction_id!r}: none of ours; leave it empty in a row of your own")
    action, type = str(draft.action), TYPES[str(draft.action)] or draft.type or ""
    whole: dict[str, Any] = {"type": type, "target": draft.target, "other": draft.other}
    if action in ("fix", "drop"):
        if type not in ANCHORS or not (draft.article_id and draft.value and draft.evidence):
            raise Unfit(f"{draft.correction_id}: its type, article_id, value or evidence is missing")
        whole |= {"article_id": draft.article_id, "kind": draft.kind, "value": draft.value}
        whole |= {"evidence": draft.evidence, "nth": read_nth(draft.nth)}
        whole["sets"] = _whole_sets(type, draft.sets) if action == "fix" else None
    elif not draft.target or (action == "undo" and draft.target not in known):
        raise Unfit(f"{draft.correction_id}: target {draft.target!r} is empty or no correction that comes before it")
    if type == "event":
        whole["tellings"] = _told(draft)
    return write_out(draft, now, str(draft.correction_id), whole)


def _whole_sets(type: str, text: str | None) -> str:
    sets: Sets = read_sets(type, split_sets(text))
    nothing = dict.fromkeys((*FIGURE, "actor", "stance", "asserted_by"))
    if complete(type, sets, nothing) != sets:
        raise Unfit(f"sets {text!r}: not whole; leave correction_id empty in a row of your own")
    return word_sets(sets)


def _told(draft: Draft) -> tuple[Telling, ...]:
    try:
        tellings = tuple(read_telling(one) for one in json.loads(draft.tellings or ""))
    except (ValueError, KeyError, TypeError) as error:
        raise Unfit(f"{draft.correction_id}: its tellings are not as exported ({error})") from error
    if {telling.part for telling in tellings} != {1, 2}:
        raise Unfit(f"{draft.correction_id}: its tellings are not of two events")
    return tellings
