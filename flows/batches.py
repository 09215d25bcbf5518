"""Batches: a stage over some hundred documents, done once. What is done stays in a folder until the run has loaded it,
so that a run after a kill goes on from there; what hangs or blows up is cut out and refused, the rest goes on."""

import hashlib
import json
import shutil
import time
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any
from uuid import uuid4

import polars as pl

from flows import workers
from flows.schema import KEY, REJECTS
from flows.workers import UNLIMITED, Limits, Overrun, StageError

MANY = 10  # documents that cannot all be at fault
REASONS = {
    "clean": "the page was given up; the rest of its batch is loaded",
    "extract": "the article is loaded without facts",
}
FUNCTIONS = {"clean": "flows.stages:clean_rows", "extract": "flows.stages:extract_rows"}


@dataclass(frozen=True)
class Place:
    """Where and how batches are worked on: the folder that workers share, the run, what a document may take, the
    frozen lexicons and what their state is called; how many processes may work side by side on what is no batch."""

    folder: Path
    run_id: str
    limits: Limits
    lexicon: str
    rules: str
    threads: int = 1
    helpers: int = 1


@dataclass(frozen=True)
class Batch:
    """Files of one stage's input and how many of their rows are to be done; `due` names those of archive files."""

    name: str
    given: tuple[Path, ...]
    n_documents: int
    n_bytes: int
    due: Path | None = None


def name_batch(rules: str, given: tuple[Path, ...], due: pl.DataFrame) -> str:
    """A batch's name: the same rules, files and rows give the same one, in any run."""
    told = "\0".join([rules, *(path.name for path in given), *due["article_id"], *due["raw_sha256"]])
    return f"{given[0].stem}-{hashlib.sha256(told.encode()).hexdigest()[:12]}"


def clean_batch(batch: Batch, place: Place) -> Path:
    """Archived documents -> a folder of articles, removed lines and rejects."""
    return _do_once("clean", batch, place)


def extract_batch(given: Batch | tuple[Path, ...], place: Place) -> Path:
    """A batch of articles, or the folders that cleaning made of some batches -> a folder of facts and events."""
    if isinstance(given, Batch):
        return _do_once("extract", given, place)
    cleaned = [read_manifest(folder) for folder in given]
    names = "\0".join(one["batch"] for one in cleaned)
    batch = Batch(
        f"{cleaned[0]['batch']}-{hashlib.sha256(names.encode()).hexdigest()[:8]}",
        tuple(folder / "articles.parquet" for folder in given),
        sum(one["n_rows"] for one in cleaned),
        sum(one["n_bytes"] for one in cleaned),
    )
    return _do_once("extract", batch, place)


def link_articles(ledger: Path, index: Path, place: Place, again: Path | None = None) -> Path:
    """What linking finds in a ledger, with the index beside it: the folder of linking.link_ledger. Not a batch: no
    limit of a document holds. `again` is a file of articles whose facts were read anew."""
    out = place.folder / f"linked-{place.run_id}.part"
    arguments = {"ledger": str(ledger), "index": str(index), "out": str(out), "helpers": place.helpers}
    arguments |= {"again": str(again)} if again else {}
    try:
        workers.call("flows.linking:link_ledger", arguments, UNLIMITED, place.threads, place.lexicon)
    except Overrun as error:
        raise StageError(f"link: {error.reason}: {error.detail}") from error
    return out


def read_manifest(done: Path) -> dict[str, Any]:
    """What `done.json` says of a finished batch."""
    manifest: dict[str, Any] = json.loads((done / "done.json").read_text("utf-8"))
    return manifest


def finished(folder: Path) -> list[dict[str, Any]]:
    """What the finished batches of a folder say."""
    return [read_manifest(done.parent) for done in sorted(folder.glob("*/done.json")) if is_whole(done.parent)]


def _do_once(stage: str, batch: Batch, place: Place) -> Path:
    """One stage over one batch: the folder of its frames, with `done.json` (stage, batch, run_id, n_documents,
    n_bytes, n_rows, n_refused, seconds). Done before, it is not done again. Raises StageError."""
    done = place.folder / f"{batch.name}.{stage}"
    if is_whole(done):
        return done
    started = time.monotonic()
    part = place.folder / f"{done.name}.{uuid4().hex[:8]}.part"
    refused: dict[int, Overrun] = {}
    parts = _do_rows(stage, batch, place, (0, batch.n_documents), part, refused)
    faults = [error for error in refused.values() if error.reason in (workers.FAILED, "worker died")]
    if len(faults) == batch.n_documents >= MANY:
        raise StageError(f"{stage} fails on every one of {len(faults)} documents: {faults[0].detail}")
    told = [read_manifest(one) for one in parts]
    _join(parts, part)
    if refused:
        _refuse(stage, batch, refused, part)
    manifest = {
        "stage": stage,
        "batch": batch.name,
        "run_id": place.run_id,
        "n_documents": batch.n_documents,
        "n_bytes": batch.n_bytes,
        "n_rows": sum(one["n_rows"] for one in told),
        "n_refused": len(refused) + sum(one["n_refused"] for one in told),
        "seconds": time.monotonic() - started,
    }
    (part / "done.json").write_text(json.dumps(manifest), "utf-8")
    for one in parts:
        shutil.rmtree(one)
    _put(part, done)
    return done


def _put(part: Path, done: Path) -> None:
    """Give a finished folder its name; where another worker did the same batch meanwhile, its one stays."""
    try:
        part.rename(done)
    except OSError:
        if is_whole(done):
            shutil.rmtree(part)
            return
        shutil.rmtree(done)
        part.rename(done)


def is_whole(folder: Path) -> bool:
    """Whether a batch's folder is there and its files can be read: after a power cut a file may be torn."""
    if not (folder / "done.json").is_file():
        return False
    try:
        read_manifest(folder)
        for file in folder.glob("*.parquet"):
            pl.read_parquet_schema(file)
    except (ValueError, pl.exceptions.PolarsError, OSError):
        return False
    return True


def _do_rows(
    stage: str, batch: Batch, place: Place, rows: tuple[int, int], out: Path, refused: dict[int, Overrun]
) -> list[Path]:
    """The stage over the rows from first to before last, cut at each document that overruns; the parts' folders."""
    first, last = rows
    if first == last:
        return []
    part = Path(f"{out}.{first}-{last}")
    due = {"due": str(batch.due)} if batch.due else {}
    arguments = {"given": [str(path) for path in batch.given], "first": first, "last": last, "out": str(part)} | due
    try:
        told = workers.call(FUNCTIONS[stage], arguments, place.limits, place.threads, place.lexicon)
    except Overrun as error:
        shutil.rmtree(part, ignore_errors=True)
        if last - first == 1:
            refused[first] = error
            return []
        at = error.document
        cuts = [first, at, at + 1, last] if at is not None else [first, (first + last) // 2, last]
        return [
            one for start, end in pairwise(cuts) for one in _do_rows(stage, batch, place, (start, end), out, refused)
        ]
    (part / "done.json").write_text(json.dumps(told), "utf-8")
    return [part]


def _join(parts: list[Path], out: Path) -> None:
    """The parts' frames, one file a frame."""
    out.mkdir(parents=True)
    names = {file.name for part in parts for file in part.glob("*.parquet")}
    for name in names:
        if len(parts) == 1:
            (parts[0] / name).rename(out / name)
        else:
            pl.concat([pl.read_parquet(part / name) for part in parts]).write_parquet(out / name)


def _refuse(stage: str, batch: Batch, refused: dict[int, Overrun], out: Path) -> None:
    """A reject each for the documents that were cut out, beside those that the stage refused itself."""
    columns = ["input", "source_name", *KEY]
    files = pl.scan_parquet(list(batch.given)).select(columns)
    if batch.due:
        files = files.join(pl.scan_parquet(batch.due), on=KEY, how="semi", maintain_order="left")
    documents = files.collect()
    rows = [
        documents.row(number, named=True)
        | {"stage": stage, "reason": error.reason, "detail": f"{error.detail}; {REASONS[stage]}"}
        for number, error in sorted(refused.items())
    ]
    rejects = pl.DataFrame([{name: row[name] for name in REJECTS.names()} for row in rows], schema=REJECTS)
    path = out / "rejects.parquet"
    told = [pl.read_parquet(path)] if path.exists() else []
    pl.concat([*told, rejects]).write_parquet(path)
