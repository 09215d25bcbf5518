"""The small ledger of tests/corrected_ledger.py, with three articles on one event."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from flows.warehouse.file import ledger_path, open_ledger
from flows.warehouse.schema import prepare
from tests.corrected_ledger import Con, add_article, add_count, add_telling


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Eight dead in two of the articles, nine in the third."""
    data = tmp_path_factory.mktemp("filled")
    with open_ledger(data) as con:
        prepare(con)
        for name, value in (("art_1", 8), ("art_2", 8), ("art_3", 9)):
            add_article(con, name)
            add_telling(con, name, "evt_1")
            add_count(con, f"cnt_{name[-1]}", name, value)
    return ledger_path(data)


@pytest.fixture
def small(tmp_path: Path, filled: Path) -> Iterator[Con]:
    """That ledger, within a transaction."""
    shutil.copyfile(filled, tmp_path / "ledger.duckdb")
    with open_ledger(tmp_path, tmp_path / "ledger.duckdb") as con:
        con.execute("BEGIN")
        yield con
