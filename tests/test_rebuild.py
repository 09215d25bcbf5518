"""Rebuild: what today's rules read otherwise is done again, and nothing else; a dry run says what and why."""

import asyncio
import shutil
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from flows import lexicon as rules
from flows.rebuild import Rebuilt, run_rebuild
from tests.against_gold import read_ledger
from tests.conftest import LONG, ROOT, SEEDS, Command, Run
from tests.corpus import write_lines
from tests.tables import CLOCKS, HISTORY, tables_of

LEXICON = ROOT / "seeds" / "lexicon"
VERSIONS = CLOCKS | {"rules_version", "facts_version"}
ALIASES = {"story_aliases", "event_aliases"}


Lexicon = Callable[..., Path]


@pytest.fixture
def lexicon(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Lexicon]:
    """Let the rules rest on a copy of the lexicons without the rows of a file that begin in a way, and with rows put
    into files; without either, on the lexicons as they are."""

    def forget() -> None:
        for cached in (rules.lexicon, rules.rule_parts, rules.rules_version):
            cached.cache_clear()

    def take(out: dict[str, str] | None = None, into: dict[str, str] | None = None) -> Path:
        folder = tmp_path / f"lexicon-{len(list(tmp_path.iterdir()))}"
        shutil.copytree(LEXICON, folder)
        for file, beginning in (out or {}).items():
            lines = (folder / file).read_text("utf-8").splitlines(keepends=True)
            kept = [line for line in lines if not line.startswith(beginning)]
            assert len(kept) < len(lines)
            (folder / file).write_text("".join(kept), "utf-8")
        for file, row in (into or {}).items():
            (folder / file).write_text((folder / file).read_text("utf-8") + row + "\n", "utf-8")
        monkeypatch.setenv("NEWSLEDGER_LEXICON", str(folder))
        forget()
        return folder

    yield take
    monkeypatch.undo()
    forget()


def replay(data: Path, **how: Any) -> Rebuilt:
    return asyncio.run(run_rebuild(how.pop("first_stage", "clean"), data=str(data), **how))


def tables(data: Path) -> dict[str, list[tuple[object, ...]]]:
    """All that a rebuild must make as a first run under today's rules makes it."""
    return tables_of(data / "news.duckdb", HISTORY | ALIASES | {"sources"}, VERSIONS)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("rows", "redone"),
    [
        pytest.param(
            {"munitions.csv": "rockets,", "actors.csv": "Taliban,", "term_shares.csv": "attack"},
            {"extract": 5},
            marks=pytest.mark.proof,
        ),
        pytest.param(
            {"boilerplate.csv": "ad_marker,", "outlets.csv": "The New York Times,"},
            {"clean": 2},
            marks=[pytest.mark.proof, LONG],
        ),
    ],
)
def test_a_rebuild_gives_what_a_first_run_with_the_same_rules_gives(
    rows: dict[str, str], redone: dict[str, int], tmp_path: Path, run_pass: Run, lexicon: Lexicon, seeds_data: Path
) -> None:
    lexicon(out=rows)
    run_pass(tmp_path / "data", config=ROOT / "seeds" / "sources.toml")
    assert tables(tmp_path / "data") != tables(seeds_data)
    lexicon()

    done = replay(tmp_path / "data")

    assert done.n_redone == redone
    assert done.is_linked
    assert tables(tmp_path / "data") == tables(seeds_data)


@pytest.mark.proof
def test_only_what_a_change_touches_is_done_again(tmp_path: Path, run_pass: Run, lexicon: Lexicon) -> None:
    texts = [f"Police said {n} people were killed in town {n}." for n in range(3, 23)]
    texts[7] = "Police said five people were frobnicated in a blast on Monday."
    inbox = write_lines(tmp_path / "inbox.jsonl", [{"id": str(n), "text": text} for n, text in enumerate(texts)])
    run_pass(tmp_path / "data", inbox)
    nothing = replay(tmp_path / "data")
    lexicon(into={"harm.csv": "frobnicated,killed,participle,a test"})

    published = run_pass(tmp_path / "data", inbox)
    assert read_ledger(published, "SELECT value FROM counts WHERE evidence LIKE '%frobnicated%'") == []
    done = replay(tmp_path / "data")

    assert (nothing.n_redone, nothing.is_linked) == ({}, False)
    assert done.n_redone == {"extract": 1}
    assert read_ledger(published, "SELECT value FROM counts WHERE evidence LIKE '%frobnicated%'") == [{"value": 5}]
    versions = read_ledger(published, "SELECT facts_version, count(*) AS n FROM revisions GROUP BY ALL ORDER BY n")
    assert [row["n"] for row in versions] == [1, 19]


@pytest.mark.proof
@LONG
def test_a_rebuild_goes_no_further_back_than_it_is_told(tmp_path: Path, run_pass: Run, lexicon: Lexicon) -> None:
    run_pass(tmp_path / "data", SEEDS)
    lexicon(out={"munitions.csv": "rockets,"})

    later = replay(tmp_path / "data", since=date(2100, 1, 1), diff=True)
    stories = replay(tmp_path / "data", first_stage="stories", diff=True)
    facts = replay(tmp_path / "data", first_stage="facts", diff=True)

    assert (later.n_redone, stories.n_redone, facts.n_redone) == ({}, {}, {"extract": 4})
    assert stories.is_linked


@LONG
@pytest.mark.proof
def test_a_dry_run_lists_each_figure_and_the_row_that_does_it_and_changes_nothing(
    tmp_path: Path, run_pass: Run, command: Command, lexicon: Lexicon
) -> None:
    data = tmp_path / "data"
    run_pass(data, SEEDS)
    before, published = tables(data), (data / "news.duckdb").read_bytes()
    less = lexicon(out={"munitions.csv": "rockets,"}, into={"people.csv": "gadgets,plural,people,person,a test"})

    code, said = command("rebuild", "--diff", "--data", data, lexicon=less)

    assert code == 0, said
    assert "munitions, independent: 23 / 23 / 28 → 23 / 24 / 24" in said
    assert "because lexicon/munitions.csv - rockets,plural,fired" in said
    assert "munitions exact 28 Katyusha rockets (total) by Islamic State of its event 0 → nothing" in said
    assert "lexicon/munitions.csv - rockets,plural,fired: 4 articles" in said
    assert "gadgets" not in said
    assert (data / "news.duckdb").read_bytes() == published
    run_pass(data, SEEDS)
    assert tables(data) == before


@pytest.mark.proof
def test_what_was_published_before_a_rebuild_stays_in_toll_history(
    tmp_path: Path, run_pass: Run, lexicon: Lexicon
) -> None:
    published = run_pass(tmp_path / "data", SEEDS)
    lexicon(out={"munitions.csv": "rockets,"})

    replay(tmp_path / "data")

    history = read_ledger(
        published,
        "SELECT low, best, high, change, cause FROM toll_history "
        "WHERE kind = 'munitions' AND policy = 'independent' AND label LIKE '%2020-11-21%' ORDER BY publication_no",
    )
    assert [tuple(row.values()) for row in history] == [
        (23, 23, 28, "new", "new"),
        (23, 24, 24, "changed", "rules"),
    ]


@pytest.mark.proof
def test_a_rebuild_tries_again_what_was_refused(tmp_path: Path, run_pass: Run, lexicon: Lexicon) -> None:
    (tmp_path / "notice.txt").write_text("Please frobnicate below.\n", "utf-8")
    lexicon(into={"boilerplate.csv": "test_rule,^please frobnicate,any,a test"})
    published = run_pass(tmp_path / "data", tmp_path / "notice.txt")
    assert read_ledger(published, "SELECT reason FROM rejects") == [{"reason": "no article"}]
    lexicon()

    replay(tmp_path / "data")

    assert read_ledger(published, "SELECT count(*) AS n FROM rejects") == [{"n": 0}]
    assert read_ledger(published, "SELECT text, revision FROM articles") == [
        {"text": "Please frobnicate below.", "revision": 1}
    ]
