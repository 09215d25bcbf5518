"""What docs/asking.md promises: its questions are answered, its snippets run."""

import re
from pathlib import Path

import pytest

from flows.warehouse.asked import answer
from flows.warehouse.read import open_published
from tests.conftest import ROOT

PAGE = (ROOT / "docs" / "asking.md").read_text("utf-8")
QUESTIONS = re.findall(r"^### (.+?)\n\n```sql\n(.*?)```", PAGE, re.M | re.S)
SNIPPETS = re.findall(r"^```python\n(.*?)```", PAGE, re.M | re.S)
QUIET = {"source_health", "silent_edits"}  # of one run over sound sources nothing is wrong and nothing was edited


def test_each_question_is_answered(seeds_data: Path) -> None:
    assert len(QUESTIONS) == 13

    for title, sql in QUESTIONS:
        with open_published(seeds_data) as con:
            rows = answer(con, sql, 60).fetchall()
        assert rows or any(name in sql for name in QUIET), title


@pytest.mark.parametrize("code", SNIPPETS)
def test_each_snippet_runs(seeds_data: Path, monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    monkeypatch.chdir(seeds_data.parent)

    exec(code, {})
