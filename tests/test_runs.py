"""Runs: a second one changes nothing, bad input becomes a reject with a reason, a broken promise is not published."""

import gzip
import json
import shutil
from pathlib import Path

import pytest

from flows.warehouse import batched
from tests.against_gold import read_ledger
from tests.conftest import LONG, ROOT, SEEDS, Run
from tests.corpus import seed_lines, write_lines
from tests.tables import HISTORY, tables_of


def test_a_second_run_changes_no_row_and_no_id(tmp_path: Path, run_pass: Run) -> None:
    told_of_each_run = HISTORY | {"sources"}
    before = tables_of(run_pass(tmp_path / "data", SEEDS), told_of_each_run, clocks=set())

    published = run_pass(tmp_path / "data", SEEDS)

    assert tables_of(published, told_of_each_run, clocks=set()) == before
    assert read_ledger(published, "SELECT count(*) AS n FROM runs WHERE state = 'done'") == [{"n": 2}]
    assert read_ledger(published, "SELECT count(DISTINCT publication_no) AS n FROM toll_history") == [{"n": 1}]


def test_what_is_loaded_in_pieces_is_what_is_loaded_at_once(
    tmp_path: Path, run_pass: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = write_lines(tmp_path / "articles.jsonl", [*seed_lines(2), {"id": "no words", "text": "Share"}])
    at_once = tables_of(run_pass(tmp_path / "once", lines))

    monkeypatch.setattr(batched, "PIECE", 2)
    in_pieces = tables_of(run_pass(tmp_path / "pieces", lines))

    assert len(at_once["articles"]) == 10
    assert in_pieces == at_once


@LONG
@pytest.mark.proof
def test_ids_do_not_depend_on_the_folder_that_data_lies_in_or_on_when_it_came(
    tmp_path: Path, run_pass: Run, seeds_data: Path
) -> None:
    folder = tmp_path / "articles"
    folder.mkdir()
    config = Path(shutil.copy(ROOT / "seeds" / "sources.toml", tmp_path))
    for file in sorted(SEEDS.glob("*.txt"), reverse=True):
        (folder / file.name).write_bytes(file.read_bytes())
        published = run_pass(tmp_path / "data", config=config)

    for table, key in (("counts", "count_id"), ("claims", "claim_id"), ("quotes", "quote_id"), ("tolls", "event_id")):
        query = f"SELECT {key} FROM {table} ORDER BY 1"
        assert read_ledger(published, query) == read_ledger(seeds_data / "news.duckdb", query), table


@LONG
@pytest.mark.proof
def test_every_id_ever_published_stays_resolvable(tmp_path: Path, run_pass: Run) -> None:
    folder = tmp_path / "articles"
    folder.mkdir()
    stories, events = set(), set()
    for file in sorted(SEEDS.glob("*.txt"), reverse=True):
        (folder / file.name).write_bytes(file.read_bytes())
        published = run_pass(tmp_path / "data", folder)
        stories |= {row["story_id"] for row in read_ledger(published, "SELECT story_id FROM stories")}
        events |= {row["event_id"] for row in read_ledger(published, "SELECT event_id FROM events")}

    def living(kind: str, table: str) -> set[str]:
        query = (
            f"SELECT {kind}_id AS id FROM {table} UNION "
            f"SELECT old_id FROM {kind}_aliases JOIN {table} ON new_id = {kind}_id"
        )
        return {row["id"] for row in read_ledger(published, query)}

    assert stories <= living("story", "stories")
    assert events <= living("event", "events")


@pytest.fixture(scope="module")
def bad_input(tmp_path_factory: pytest.TempPathFactory, run_pass: Run) -> Path:
    folder = tmp_path_factory.mktemp("bad")
    inbox = folder / "inbox"
    inbox.mkdir()
    (inbox / "good.txt").write_text("Police said three people were killed in a fire in Lyon on Monday.\n", "utf-8")
    (inbox / "empty.txt").write_bytes(b"")
    (inbox / "blank.txt").write_bytes(b" \n\n")
    (inbox / "binary.txt").write_bytes(b"\x89PNG\0\0\0" * 40)
    (inbox / "latin.txt").write_bytes("Zürich: vier Männer getötet\n".encode("latin-1"))
    (inbox / "picture.png").write_bytes(b"\x89PNG")
    (inbox / "menu.html").write_text("<html><body><nav><a href='/'>Home</a></nav></body></html>", "utf-8")
    (inbox / "ads.txt").write_text("[ad_1]\nAdvertisement\n", "utf-8")
    lines = [
        json.dumps({"id": "a", "text": "Two people were killed in a crash near Lima, officials said."}),
        '{"id": "b", "text": "cut sho',
        json.dumps(["no", "object"]),
        json.dumps({"text": "no id"}),
        json.dumps({"id": "c"}),
        "",
        json.dumps({"id": 7, "html": "<p>", "title": "nothing in it"}),
        json.dumps({"id": "d", "text": "A bus crash killed nine people on Friday, the ministry said."}),
    ]
    (inbox / "lines.jsonl").write_bytes("\n".join(lines).encode() + b"\n\xff\xfe\n")
    others = [json.dumps({"id": f"z{n}", "text": f"Report {n}: a quake injured {n + 2} people."}) for n in range(400)]
    whole = gzip.compress("\n".join(others).encode())
    (inbox / "cut.jsonl.gz").write_bytes(whole[: len(whole) // 2])
    return run_pass(folder / "data", inbox)


@pytest.mark.parametrize(
    ("name", "reason", "helps"),
    [
        ("empty.txt", "empty", "no bytes"),
        ("blank.txt", "empty", "blanks"),
        ("binary.txt", "binary", "NUL byte"),
        ("latin.txt", "not UTF-8", "iconv"),
        ("picture.png", "not a file type that is read", ".jsonl"),
        ("menu.html", "no article", "no text in the page"),
        ("ads.txt", "no article", "boilerplate"),
        ("lines.jsonl:2", "line is not JSON", "Unterminated"),
        ("lines.jsonl:3", "line is no JSON object", "list"),
        ("lines.jsonl:4", "line has no id", "'id'"),
        ("lines.jsonl:5", "line has no html or text", "'html'"),
        ("lines.jsonl#7", "no article", "no HTML elements"),
        ("lines.jsonl:9", "line is not UTF-8", "byte 0"),
        ("cut.jsonl.gz", "file cannot be read to its end", "what came before it is loaded"),
    ],
)
def test_bad_input_becomes_a_reject_with_a_reason_that_helps(
    bad_input: Path, name: str, reason: str, helps: str
) -> None:
    rejects = read_ledger(bad_input, "SELECT input, reason, detail FROM rejects")

    own = [row for row in rejects if row["input"].endswith(name)]
    assert [row["reason"] for row in own] == [reason]
    assert helps in own[0]["detail"]


def test_the_rest_of_bad_input_loads(bad_input: Path) -> None:
    rows = read_ledger(bad_input, "SELECT input, text FROM articles")

    names = sorted(Path(row["input"]).name for row in rows)
    assert "good.txt" in names
    assert {"lines.jsonl#a", "lines.jsonl#d"} <= set(names)


def test_every_document_ends_as_a_row_or_as_a_reject(bad_input: Path) -> None:
    (run,) = read_ledger(bad_input, "SELECT * FROM runs")
    (fetch,) = read_ledger(bad_input, "SELECT * FROM fetches")

    same_id_again = run["n_documents"] - run["n_articles"] - run["n_rejects"]
    assert run["state"] == "done"
    assert fetch["n_documents"] == run["n_documents"]
    assert same_id_again >= 0
    assert run["n_articles"] > 3


@pytest.mark.proof
def test_a_changed_file_is_a_new_revision_and_the_old_one_stays(tmp_path: Path, run_pass: Run) -> None:
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    report = inbox / "report.txt"
    report.write_text("A blast in Quetta on Monday killed five people, police said.\n", "utf-8")
    run_pass(tmp_path / "data", inbox)

    report.write_text("A blast in Quetta on Monday killed seven people, police said.\n", "utf-8")
    published = run_pass(tmp_path / "data", inbox)

    assert [row["value"] for row in read_ledger(published, "SELECT value FROM counts WHERE kind = 'killed'")] == [7]
    history = read_ledger(published, "SELECT revision, value FROM counts_history WHERE kind = 'killed' ORDER BY 1")
    assert [(row["revision"], row["value"]) for row in history] == [(1, 5), (2, 7)]
    assert [row["revision"] for row in read_ledger(published, "SELECT revision FROM articles")] == [2]


@pytest.mark.proof
def test_two_runs_never_overlap_and_the_second_says_who_is_at_work(tmp_path: Path, run_pass: Run) -> None:
    from datetime import UTC, datetime

    from flows.warehouse.file import LedgerError
    from flows.warehouse.lock import hold_run

    with (
        hold_run(tmp_path / "data", "first-run", datetime(2026, 11, 20, 9, 30, tzinfo=UTC)),
        pytest.raises(
            LedgerError, match=r"run first-run, process .* since 2026-11-20 09:30:00 UTC, at start, is at work"
        ),
    ):
        run_pass(tmp_path / "data", SEEDS)

    assert run_pass(tmp_path / "data", SEEDS).exists()


@pytest.mark.proof
def test_what_a_killed_run_archived_is_taken_up_by_the_next(
    tmp_path: Path, run_pass: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    from flows import ingest

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(ingest, "name_batch", stop)
        with pytest.raises(KeyboardInterrupt):
            run_pass(tmp_path / "data", SEEDS)
    empty = tmp_path / "empty"
    empty.mkdir()

    published = run_pass(tmp_path / "data", empty)

    assert read_ledger(published, "SELECT count(*) AS n FROM articles") == [{"n": 5}]
    assert [row["state"] for row in read_ledger(published, "SELECT state FROM runs ORDER BY run_no")] == [
        "failed",
        "done",
    ]
