"""What a run takes of memory does not grow with what it is given."""

import subprocess
import sys
from pathlib import Path

import pytest

from flows.warehouse.file import open_ledger
from tests.conftest import LONG

A_MILLION_LINES = """
import json, resource, sys
from datetime import UTC, datetime
from pathlib import Path

from flows.collect.archive import Archive
from flows.collect.files import read_paths
from flows.sources import Source

folder = Path(sys.argv[1])
with (folder / "lines.jsonl").open("w") as lines:
    for number in range(1_000_000):
        print(json.dumps({"id": number, "text": f"Police in town {number} said three died on Monday."}), file=lines)
for _ in range(2):
    documents = read_paths(Source("lines", "jsonl", folder / "lines.jsonl"), datetime.now(UTC))
    steps = Archive(folder / "raw").add(documents, "run", 500, 24_000_000)
    print(*map(sum, zip(*((step.n_seen, step.keys.height) for step in steps))))
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1000)
"""


def test_a_writer_of_the_ledger_goes_on_on_disk_where_its_memory_is_full(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("flows.warehouse.file.MEGABYTES", 50)

    with open_ledger(tmp_path) as con:
        con.execute("CREATE TEMP TABLE rows AS SELECT hash(i) AS a, hash(-i) AS b FROM range(8_000_000) AS r(i)")
        held = con.execute("SELECT sum(memory_usage_bytes), sum(temporary_storage_bytes) FROM duckdb_memory()")

        (in_memory, on_disk) = held.fetchall()[0]
        assert in_memory < 50e6
        assert on_disk > 50e6
        assert con.execute("SELECT count(DISTINCT a) FROM rows").fetchall() == [(8_000_000,)]


@pytest.mark.proof
@LONG
def test_a_jsonl_of_a_million_lines_is_archived_and_known_again_in_less_than_a_gigabyte(tmp_path: Path) -> None:
    told = subprocess.run([sys.executable, "-c", A_MILLION_LINES, str(tmp_path)], capture_output=True, check=True)

    first, second, megabytes = told.stdout.decode().splitlines()
    assert (first, second) == ("1000000 1000000", "1000000 0")
    assert int(megabytes) < 1_000
