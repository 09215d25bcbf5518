"""An analyst's word as a user gives it: on the command line and in a CSV, and what readers see of it."""

import asyncio
import csv
import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from flows import lexicon as rules
from flows.cli.commands import app
from flows.rebuild import run_rebuild
from flows.warehouse.corrections import corrections_path, read_corrections
from tests.against_gold import read_ledger
from tests.conftest import LONG, ROOT, Run
from tests.corpus import write_lines
from tests.tables import CLOCKS, HISTORY, tables_of

BLAST = "An explosion at the Orsola cement works in Arvento on Monday killed {} people, {} said. The kiln hall fell in."
FERRY = "A ferry sank off Lerici on Sunday and 14 passengers drowned, the coast guard said. Divers looked for the hull."
TOLD = {
    "a": ("Arvento Post", "2026-03-02T08:00:00Z", BLAST.format("five", "police")),
    "b": (
        "Radio Sud",
        "2026-03-02T12:00:00Z",
        BLAST.format("seven", "Mayor Livia Tarsi") + " Crews searched the kiln.",
    ),
    "c": ("Il Faro", "2026-03-02T13:00:00Z", BLAST.format("nine", "a rescuer") + " The mayor came."),
    "d": ("Lerici Bote", "2026-05-11T13:00:00Z", FERRY),
}
TOLL = """SELECT low, best, high FROM tolls WHERE kind = 'killed' AND policy = 'independent' AND event_id IN (
  SELECT event_id FROM event_mentions JOIN articles USING (article_id) WHERE input LIKE '%#a')"""


def lines(told: dict[str, tuple[str, str, str]] = TOLD) -> list[dict[str, str]]:
    return [
        {"id": name, "publisher": publisher, "published_at": at, "text": text}
        for name, (publisher, at, text) in told.items()
    ]


def newsledger(*words: object) -> str:
    result = CliRunner(env={"COLUMNS": "300"}).invoke(app, [str(word) for word in words])
    assert result.exit_code == 0, result.output
    return " ".join(result.output.split())


def value_of(data: Path, sql: str) -> Any:
    """The one value of the one row that a query has."""
    (row,) = read_ledger(data / "news.duckdb", sql)
    return next(iter(row.values()))


def count_of(data: Path, name: str) -> str:
    """The killed of one article."""
    return str(
        value_of(
            data,
            "SELECT count_id FROM counts JOIN articles USING (article_id) "
            f"WHERE kind IN ('killed', 'wounded') AND input LIKE '%#{name}' ORDER BY count_id LIMIT 1",
        )
    )


def article_of(data: Path, name: str) -> str:
    return str(value_of(data, f"SELECT article_id FROM articles WHERE input LIKE '%#{name}'"))


def told_in(data: Path) -> dict[str, list[tuple[object, ...]]]:
    """All that other rules must leave as it is."""
    return tables_of(data / "news.duckdb", HISTORY | {"local_events"}, CLOCKS | {"rules_version", "facts_version"})


def main_event_of(data: Path, name: str) -> str:
    mentions = f"SELECT event_id FROM event_mentions WHERE is_main AND article_id = '{article_of(data, name)}'"
    return str(value_of(data, mentions))


def toll(data: Path) -> tuple[object, ...]:
    (row,) = read_ledger(data / "news.duckdb", TOLL)
    return tuple(row.values())


@contextmanager
def other_rules(folder: Path) -> Iterator[None]:
    """Rules with a munition more, so that what tells of kilns is read again."""
    shutil.copytree(ROOT / "seeds" / "lexicon", folder)
    with (folder / "munitions.csv").open("a", encoding="utf-8") as rows:
        rows.write("kiln,single,thrown\n")
    cached = (rules.lexicon, rules.rule_parts, rules.rules_version)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NEWSLEDGER_LEXICON", str(folder))
        for one in cached:
            one.cache_clear()
        yield
    for one in cached:
        one.cache_clear()


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory, run_pass: Run) -> Path:
    folder = tmp_path_factory.mktemp("corrected")
    run_pass(folder / "data", write_lines(folder / "wire.jsonl", lines()))
    return folder


@pytest.fixture
def data(ran: Path, tmp_path: Path) -> Path:
    shutil.copytree(ran / "data", tmp_path / "data")
    return tmp_path / "data"


@pytest.mark.proof
def test_a_fixed_figure_shows_wherever_it_is_shown_and_an_undo_gives_back_what_was(data: Path) -> None:
    before, count_id = tables_of(data / "news.duckdb"), count_of(data, "c")
    story_id = value_of(data, f"SELECT story_id FROM story_articles WHERE article_id = '{article_of(data, 'c')}'")

    newsledger("correct", "fix", count_id, "--set", "value=19", "--why", "a slip", "--by", "Ann Reyes", "--data", data)
    history = "SELECT high || ' ' || cause FROM toll_history WHERE change = 'changed' AND policy = 'independent'"
    fixed = toll(data)
    explained, told = newsledger("explain", count_id, "--data", data), newsledger("story", story_id, "--data", data)
    listed = newsledger("correct", "list", "--data", data)
    correction_id = value_of(data, "SELECT correction_id FROM corrections")
    changed = value_of(data, history)
    newsledger("correct", "undo", correction_id, "--why", "no slip", "--data", data)

    assert (fixed, changed) == ((5, 19, 19), "19 analyst")
    for shown in (explained, told, listed):
        assert "as read killed 9; now value=19; low=19; high=19; modifier=exact, by Ann Reyes, 2" in shown
        assert f": a slip ({correction_id})" in shown
    assert "killed (corrected)" in told
    after = tables_of(data / "news.duckdb", HISTORY | {"corrections"})
    assert after == {name: rows for name, rows in before.items() if name != "corrections"}
    assert "corrections: 1 holding, 1 undone" in newsledger("status", "--data", data)


@pytest.mark.proof
@LONG
def test_a_whole_day_of_corrections_holds_through_a_rebuild_and_a_new_ledger(
    data: Path, run_pass: Run, ran: Path
) -> None:
    evt, ferry = main_event_of(data, "a"), main_event_of(data, "d")
    say = ("--why", "seen on the spot", "--by", "Ann Reyes", "--data", data)
    newsledger("correct", "fix", count_of(data, "a"), "--set", "value=6", *say)
    newsledger("correct", "drop", count_of(data, "b"), *say)
    newsledger("correct", "split", evt, article_of(data, "c"), *say)
    split = value_of(data, "SELECT event_id FROM split_events")
    newsledger("correct", "merge", ferry, split, *say)
    newsledger("correct", "mute", "Il Faro", *say)
    expected = told_in(data)

    with other_rules(data.parent / "lexicon"):
        done = asyncio.run(run_rebuild("clean", data=str(data)))
    rebuilt = told_in(data)
    anew = data.parent / "anew"
    anew.mkdir()
    shutil.copyfile(corrections_path(data), corrections_path(anew))
    run_pass(anew, ran / "wire.jsonl")

    assert toll(data) == (6, 6, 6)
    left_out = read_ledger(data / "news.duckdb", "SELECT value, reason FROM left_out ORDER BY value")
    assert [tuple(row.values()) for row in left_out] == [
        (7, "dropped by Ann Reyes: seen on the spot"),
        (9, "muted by Ann Reyes: seen on the spot"),
    ]
    assert value_of(data, f"SELECT new_id FROM event_aliases WHERE old_id = '{split}'") == ferry
    assert value_of(data, f"SELECT n_articles FROM events WHERE event_id = '{ferry}'") == 2
    assert done.n_redone == {"extract": 3}
    assert rebuilt == expected
    assert told_in(anew) == expected


@pytest.mark.proof
def test_a_revision_that_no_longer_says_it_is_told_in_status_and_warned_of(
    data: Path, run_pass: Run, ran: Path
) -> None:
    newsledger("correct", "fix", count_of(data, "c"), "--set", "value=19", "--why", "a slip", "--data", data)
    updated = TOLD | {"c": (*TOLD["c"][:2], BLAST.format("eleven", "a rescuer"))}

    run_pass(data, write_lines(data.parent / "wire.jsonl", lines(updated)))

    assert toll(data)[2] == 11
    assert value_of(data, "SELECT promise FROM run_warnings").startswith("corrections_find_what_they_correct")
    status = newsledger("status", "--data", data)
    assert (
        "corrections: 1 finding nothing any more finds nothing any more: fixed: as read killed 9; now value=19"
        in status
    )


@pytest.mark.proof
def test_a_word_that_a_kill_left_in_the_file_alone_is_published_by_the_next_run(
    data: Path, run_pass: Run, ran: Path
) -> None:
    other = data.parent / "other"
    shutil.copytree(data, other)
    newsledger("correct", "fix", count_of(data, "c"), "--set", "value=19", "--why", "a slip", "--data", data)

    shutil.copyfile(corrections_path(data), corrections_path(other))
    run_pass(other, ran / "wire.jsonl")

    assert toll(other) == (5, 19, 19)
    changed = "SELECT count(*) FROM toll_history WHERE change = 'changed' AND policy = 'independent' AND high = 19"
    assert value_of(other, changed) == 1


@pytest.mark.proof
def test_a_csv_is_loaded_whole_or_not_at_all_and_twice_adds_nothing(data: Path) -> None:
    count_a, count_b = count_of(data, "a"), count_of(data, "b")
    rows = [
        ["action", "target", "sets", "why"],
        ["drop", count_a, "", "a slip, said\nthe\u2028desk"],
        ["mute", "Nobody", "", "x"],
    ]
    rows += [["fix", count_b, "value=eight", "x"]]
    file = data.parent / "desk.csv"
    with file.open("w", encoding="utf-8", newline="") as text:
        csv.writer(text).writerows(rows)

    refused = CliRunner(env={"COLUMNS": "300"}).invoke(app, ["correct", "load", str(file), "--data", str(data)])
    left = read_corrections(data)
    file.write_text(file.read_text("utf-8").replace("Nobody", "Il Faro").replace("eight", "8"), "utf-8")
    newsledger("correct", "load", file, "--by", "Ann Reyes", "--data", data)
    again = newsledger("correct", "load", file, "--by", "Ann Reyes", "--data", data)

    assert refused.exit_code == 2
    assert "nothing is loaded: line 4: Nobody: no article is of a source" in refused.output
    assert "; line 5: value=eight: no whole number" in refused.output
    assert left == []
    assert again.count("said already") == 3
    assert len(list((data / "publications").iterdir())) == 1
    assert [one.why for one in read_corrections(data)] == ["a slip, said\nthe\u2028desk", "x", "x"]
    assert toll(data) == (8, 8, 8)


@pytest.mark.proof
def test_a_file_of_corrections_that_is_gone_is_written_anew_and_a_damaged_one_is_named(data: Path) -> None:
    words = ("--why", "a slip", "--by", "Ann Reyes", "--data", data)
    newsledger("correct", "drop", count_of(data, "c"), *words)
    before = corrections_path(data).read_text("utf-8")
    corrections_path(data).unlink()

    newsledger("correct", "drop", count_of(data, "b"), *words)
    anew = corrections_path(data).read_text("utf-8")
    corrections_path(data).write_text(anew + "{", "utf-8")
    examined = CliRunner(env={"COLUMNS": "300"}).invoke(app, ["doctor", "--data", str(data)])

    assert anew.startswith(before)
    assert anew.count("\n") == 2
    assert toll(data) == (5, 5, 5)
    assert examined.exit_code == 1
    assert f"{corrections_path(data)}: line 3 is no correction" in examined.output


@pytest.mark.proof
def test_what_tells_of_a_forgotten_article_is_erased_from_the_corrections_too(data: Path) -> None:
    taken, evt = article_of(data, "c"), value_of(data, "SELECT event_id FROM events ORDER BY n_articles DESC LIMIT 1")
    newsledger("correct", "drop", count_of(data, "c"), "--why", "x", "--data", data)
    newsledger("correct", "drop", count_of(data, "a"), "--why", f"as {taken} says", "--data", data)
    newsledger("correct", "split", evt, taken, article_of(data, "b"), "--why", "x", "--data", data)

    newsledger("forget", taken, "--why", "a court's order", "--data", data)

    (left,) = read_corrections(data)
    assert (left.action, left.other) == ("split", article_of(data, "b"))
    assert taken not in corrections_path(data).read_text("utf-8")
    assert json.loads(corrections_path(data).read_text("utf-8"))["corrected_by"]
    assert value_of(data, "SELECT count(*) FROM corrections") == 1
    assert value_of(data, "SELECT state FROM corrections") == "holds"
