"""Workers and batches: a document that hangs or blows up is cut out, the rest of its batch goes on."""

import os
import signal
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

from flows import batches, workers
from flows.batches import Batch, Place, clean_batch, extract_batch
from flows.clean import clean
from flows.collect.archive import frame_documents
from flows.collect.documents import Document
from flows.lexicon import lexicons
from flows.workers import Limits, Overrun, StageError

LIMITS = Limits(seconds=60.0, megabytes=700)
# On a busy machine the first batch of a new worker takes some seconds: the model of languages alone is half a second
# of a processor. Whoever waits for the limit waits longer than that.
SOON = Limits(seconds=10.0, megabytes=700)


@pytest.fixture(autouse=True)
def no_worker_is_left() -> Iterator[None]:
    yield
    workers.stop_idle()


def batch_of(folder: Path, texts: list[str]) -> Batch:
    now = datetime.now(UTC)
    raw = frame_documents(
        Document("test", f"doc-{n}", text.encode(), "text", f"art_{n}", fetched_at=now) for n, text in enumerate(texts)
    )
    raw.write_parquet(folder / "raw.parquet")
    raw.select("article_id", "raw_sha256").write_parquet(folder / "due.parquet")
    return Batch("batch", (folder / "raw.parquet",), raw.height, 1, folder / "due.parquet")


def place_of(folder: Path, limits: Limits = LIMITS) -> Place:
    (folder / "batches").mkdir(exist_ok=True)
    return Place(folder / "batches", "run", limits, str(lexicons()), "r0")


def report(n: int) -> str:
    return f"Police said {n + 3} people were killed in a blast in town number {n} on Monday."


@pytest.mark.parametrize(
    ("word", "reason", "detail"),
    [
        pytest.param("HANGS", "too slow", "cut off after 10 s", marks=pytest.mark.proof),
        pytest.param("GROWS", "too much memory", "cut off at 700 MB", marks=pytest.mark.proof),
        ("FAILS", "stage failed", "RuntimeError: the cleaner tripped"),
        pytest.param("DIES", "worker died", "SIGABRT", marks=pytest.mark.proof),
    ],
)
def test_a_document_that_goes_wrong_is_cut_out_and_the_other_199_load(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, word: str, reason: str, detail: str
) -> None:
    monkeypatch.setitem(batches.FUNCTIONS, "clean", "tests.patched:clean_rows")
    batch = batch_of(tmp_path, [word if n == 77 else report(n) for n in range(200)])

    done = clean_batch(batch, place_of(tmp_path, SOON if word == "HANGS" else LIMITS))

    articles, rejects = (pl.read_parquet(done / f"{name}.parquet") for name in ("articles", "rejects"))
    assert articles["article_id"].to_list() == [f"art_{n}" for n in range(200) if n != 77]
    assert rejects.select("input", "stage", "reason").rows() == [("doc-77", "clean", reason)]
    assert detail in rejects["detail"].item()


def test_what_was_cut_out_changes_nothing_for_the_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(batches.FUNCTIONS, "clean", "tests.patched:clean_rows")
    texts = ["FAILS" if n in (0, 5, 6, 19) else report(n) for n in range(20)]
    batch = batch_of(tmp_path, texts)

    done = clean_batch(batch, place_of(tmp_path))

    whole = clean(pl.read_parquet(tmp_path / "raw.parquet"))[0].filter(pl.col("text") != "FAILS")
    assert pl.read_parquet(done / "articles.parquet").equals(whole)


def test_an_article_whose_facts_cannot_be_read_stays_an_article(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(batches.FUNCTIONS, "extract", "tests.patched:extract_rows")
    texts = [report(n) + (" TRIPS" if n == 7 else "") for n in range(20)]
    place = place_of(tmp_path)

    cleaned = clean_batch(batch_of(tmp_path, texts), place)
    done = extract_batch((cleaned,), place)

    assert pl.read_parquet(cleaned / "articles.parquet").height == 20
    counts, rejects = pl.read_parquet(done / "counts.parquet"), pl.read_parquet(done / "rejects.parquet")
    assert counts["article_id"].to_list() == [f"art_{n}" for n in range(20) if n != 7]
    assert rejects.select("input", "stage").rows() == [("doc-7", "extract")]
    assert "the article is loaded without facts" in rejects["detail"].item()


def test_a_stage_that_fails_on_everything_is_the_programs_fault_not_the_documents(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(batches.FUNCTIONS, "clean", "tests.patched:clean_rows")
    batch = batch_of(tmp_path, ["FAILS"] * 12)

    with pytest.raises(StageError, match="clean fails on every one of 12 documents: RuntimeError: the cleaner tripped"):
        clean_batch(batch, place_of(tmp_path))


def test_a_finished_batch_is_not_done_again_and_a_torn_one_is(tmp_path: Path) -> None:
    batch, place = batch_of(tmp_path, [report(1)]), place_of(tmp_path)
    done = clean_batch(batch, place)
    first = (done / "done.json").stat().st_mtime_ns

    clean_batch(batch, place)
    assert (done / "done.json").stat().st_mtime_ns == first

    (done / "articles.parquet").write_bytes(b"PAR1 cut short")
    clean_batch(batch, place)
    assert pl.read_parquet(done / "articles.parquet").height == 1


def test_a_worker_that_somebody_kills_gets_a_second_chance() -> None:
    def kill_it() -> None:
        for worker in list(workers._all):
            os.kill(worker.process.pid, signal.SIGKILL)

    timer = threading.Timer(1.0, kill_it)
    timer.start()

    assert workers.call("tests.patched:sleep", {"seconds": 1.5}, LIMITS) == {}
    timer.join()


def test_a_worker_serves_one_job_after_another_and_ends_with_its_parent() -> None:
    first = workers.call("tests.patched:own_process", {}, LIMITS)
    second = workers.call("tests.patched:own_process", {}, LIMITS)
    (worker,) = workers._all

    worker.inbox.close()

    assert first == second
    assert worker.process.wait(timeout=60) == 0
    worker.inbox = open(os.devnull, "wb")  # noqa: SIM115 - for the one that puts it away


def test_a_worker_that_cannot_start_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers.sys, "executable", "/bin/false")

    with pytest.raises(OSError, match=r"a worker process could not start: exit status 1"):
        workers.call("tests.patched:own_process", {}, LIMITS)


def test_a_job_that_is_too_slow_is_told_with_its_limit() -> None:
    started = time.monotonic()

    with pytest.raises(Overrun) as told:
        workers.call("tests.patched:sleep", {"seconds": 60}, Limits(seconds=0.5))

    assert told.value.reason == "too slow"
    assert time.monotonic() - started < 30
