"""The house keeps its floors: imports go down only, rules are data, files say what they hold."""

import ast
import csv
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

FLOWS = ROOT / "flows"
ROOMS = {"collect", "clean", "extract", "link", "warehouse"}
FLOOR = {
    "__main__": 9,
    "cli": 8,
    "dashboard": 7.5,
    "report": 7,
    "serve": 6,
    "rebuild": 6,
    "correct": 6,
    "ingest": 5,
    "causes": 5,
    "doctor": 5,
    "backup": 5,
    "lines": 5,
    "dag": 4,
    "alerts": 3.5,
    "gather": 4,
    "stages": 4,
    "linking": 4,
    "retelling": 3.5,
    "weighing": 3.5,
    "forget": 4,
    "own_server": 4,
    "housekeeping": 4,
    "prefect_rows": 3,
    "apart": 3.5,
    "batches": 3,
    "worker": 3,
    "helpers": 3,
    **dict.fromkeys(ROOMS, 3),
    "workers": 2,
    "settings": 2,
    "joined": 1,
    "handed": 1,
    "alerting": 1.5,
    "config": 1,
    "schema": 1,
    "receivers": 0,
    "sources": 0,
    "lexicon": 0,
}
MODULES = sorted(FLOWS.rglob("*.py"))
LEARNT = {"likeness.csv", "places.csv", "term_shares.csv"}  # made whole by a script of benchmarks/


def room_of(path: Path) -> str:
    below = path.relative_to(FLOWS)
    return below.parts[0].removesuffix(".py")


def imports_of(path: Path) -> list[str]:
    found: list[str] = []
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            deeper = (
                [f"{node.module}.{alias.name}" for alias in node.names] if node.module == "flows" else [node.module]
            )
            found += deeper
        elif isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
    return found


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(FLOWS)))
def test_imports_go_down_only(path: Path) -> None:
    room = room_of(path)
    if room == "__init__":
        return
    ours = [name.split(".")[1] for name in imports_of(path) if name.startswith("flows.")]

    for other in ours:
        assert other == room or FLOOR[other] < FLOOR[room], f"{room} imports {other}"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(FLOWS)))
def test_prefect_is_imported_where_stages_meet_and_nowhere_else(path: Path) -> None:
    uses = [name for name in imports_of(path) if name.split(".")[0] == "prefect"]

    assert not uses or room_of(path) in {"ingest", "rebuild", "dag", "serve"}


@pytest.mark.parametrize(
    ("module", "needless"),
    [
        ("flows.cli.commands", {"prefect", "trafilatura", "feedparser", "lxml", "fastwarc"}),
        ("flows.cli.asking", {"flows.cli.commands", "polars", "pyarrow", "numpy", "rich.console", "asyncio"}),
    ],
)
def test_a_command_does_not_pay_for_what_others_import(module: str, needless: set[str]) -> None:
    imported = f"import sys; import {module}; print(*sys.modules)"

    said = subprocess.run([sys.executable, "-c", imported], cwd=ROOT, capture_output=True, text=True, check=True)

    modules = set(said.stdout.split())
    assert module in modules
    assert not modules & needless


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(FLOWS)))
def test_no_module_outgrows_its_room(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= 300


def test_every_lexicon_row_is_whole_and_says_why() -> None:
    for file in sorted((ROOT / "seeds" / "lexicon").glob("*.csv")):
        with file.open(encoding="utf-8", newline="") as text:
            header, *rows = list(csv.reader(text))
        assert rows, file.name
        assert "reason" in header or file.name in LEARNT, file.name
        assert {len(row) for row in rows} == {len(header)}, file.name


def test_no_rule_is_tied_to_a_seed() -> None:
    seeds = " ".join(file.read_text("utf-8") for file in (ROOT / "seeds" / "articles").glob("*.txt"))
    people = set(re.findall(r"\b(?:Arian|Pompeo|Durden|Faramarz|Mujahid|Amiri|Frerichs|Dujarric|Koofi|Kabul)\b", seeds))
    rules = [*MODULES, *(ROOT / "sql").rglob("*.*"), *(ROOT / "seeds" / "lexicon").glob("*.csv")]
    gazetteer = ROOT / "seeds" / "lexicon" / "places.csv"  # every city of the world

    assert len(people) == 10
    for file in rules:
        if file == gazetteer:
            continue
        text = file.read_text("utf-8")
        told = {name for name in people if re.search(rf"\b{name}\b", text)}
        assert not told, f"{file.name} knows {told}"


def test_a_view_states_its_grain_and_bears_its_files_name() -> None:
    for file in sorted((ROOT / "sql" / "views").glob("*.sql")):
        text = file.read_text("utf-8")
        assert text.startswith("-- Grain: "), file.name
        assert f"CREATE OR REPLACE VIEW {file.stem} AS" in text, file.name


def test_a_macro_says_what_it_gives_and_bears_its_files_name() -> None:
    for file in sorted((ROOT / "sql" / "macros").glob("*.sql")):
        text = file.read_text("utf-8")
        is_table = text.startswith("-- Grain: ")
        assert is_table or text.startswith("-- Gives "), file.name
        assert f"CREATE OR REPLACE MACRO {file.stem}(t, clock) AS{' TABLE' if is_table else ''}\n" in text, file.name


def test_a_check_says_what_it_promises_and_whether_it_stops_a_run() -> None:
    for file in sorted((ROOT / "sql" / "checks").glob("*.sql")):
        assert re.match(r"-- (?:fail|warn): \w.+\n", file.read_text("utf-8")), file.name


def test_the_lock_pins_hashes_and_names_no_host() -> None:
    lock = (ROOT / "requirements.lock").read_text("utf-8")

    assert "://" not in lock
    pins = re.findall(r"^[\w.\-\[\],]+==\S+.*$", lock, re.M)
    assert len(pins) > 100
    assert all(pin.rstrip().endswith("\\") for pin in pins)
