"""What the benchmarks print and draw is what they hold."""

from pathlib import Path

import pytest

from benchmarks import chart
from benchmarks.__main__ import page_of
from benchmarks.parts import PARTS, run_part
from benchmarks.peers.__main__ import COLUMNS as OF_PEERS
from benchmarks.peers.tool import batches, one_by_one, told
from benchmarks.table import COLUMNS, Row, rows_table
from tests.conftest import ROOT

BENCHMARKS = ROOT / "benchmarks"


def cells_of(page: str) -> list[list[str]]:
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in page.splitlines() if line.startswith("|")]


def test_the_chart_is_what_the_history_says() -> None:
    assert chart.CHART.read_text("utf-8") == chart.draw(), "draw it anew: python -m benchmarks.chart"


def test_a_row_says_what_stands_beside_what_with_its_target_and_input() -> None:
    table = rows_table(
        [Row("pass / pool", 1234.5, "pages/s", 0.987, "≥ 1.2", 5, "5,000 pages"), Row("peak", 0.053, "s")]
    )

    _, _, ratio, figure = cells_of(table)
    assert ratio == ["pass / pool", "1,234 pages/s", "0.99", "≥ 1.2", "5", "5,000 pages"]
    assert figure == ["peak", "0.053 s", "", "", "1", ""]


@pytest.mark.parametrize(("file", "columns"), [("LATEST.md", COLUMNS), ("PEERS.md", OF_PEERS)])
def test_the_page_that_is_kept_has_the_tables_columns(file: str, columns: tuple[str, ...]) -> None:
    header, _, *rows = cells_of((BENCHMARKS / file).read_text("utf-8"))

    assert tuple(header) == columns
    assert rows
    assert {len(row) for row in rows} == {len(columns)}


def test_a_part_that_is_not_there_is_left_out_and_the_page_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(PARTS, "tides", "benchmarks.tides")

    rows, reason = run_part("tides", {})

    assert rows == []
    assert "Left out: tides: ModuleNotFoundError: No module named 'benchmarks.tides'." in page_of(rows, [reason])


def test_a_page_on_which_an_extractor_raises_is_an_empty_text_and_the_rest_is_read() -> None:
    def read(url: str, html: str) -> dict[str, object]:
        if not html:
            raise ValueError("no page")
        return told("Flood", ["", "A. Reporter"], None, html)

    bad, good = one_by_one(read)([("one", "", ""), ("two", "", "Rain.")])

    assert (bad["text"], bad["error"]) == ("", "ValueError: no page")
    assert (good["text"], good["error"], good["authors"]) == ("Rain.", None, ["A. Reporter"])


def test_pages_are_read_in_batches_of_so_many_bytes(tmp_path: Path) -> None:
    (tmp_path / "addresses.json").write_text('{"a": "u", "b": "u", "c": "u"}')
    for name in "abc":
        (tmp_path / f"{name}.html").write_text("12345")

    assert [[name for name, _, _ in pages] for pages in batches(tmp_path, 8)] == [["a", "b"], ["c"]]
