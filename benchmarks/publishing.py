"""`python -m benchmarks.publishing DATA`: what publishing costs when a ledger is 1, 10 and 50 times as large.

Measured is the second publication, as of any run that brings something new; the first one has every toll to note.
"""

import shutil
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from flows.warehouse.file import open_ledger
from flows.warehouse.publish import finish_run, publish
from flows.warehouse.schema import prepare

TIMES = (1, 10, 50)
COPIED = {
    "revisions": "article_id",
    "current_revisions": "article_id",
    "story_articles": "article_id, story_id",
    "linked_stories": "story_id",
    "linked_events": "event_id",
    "mentioned_events": "article_id, event_id, story_id",
    "stated_counts": "article_id, count_id",
    "stated_claims": "article_id, claim_id",
    "stated_quotes": "article_id, quote_id",
    "local_events": "article_id",
}


def publishing(data: Path, times: int) -> tuple[float, float, float]:
    """Megabytes of a ledger multiplied, seconds of checks and changes of tolls, seconds of the copy."""
    with open_ledger(data) as con:
        prepare(con)
        con.execute("DELETE FROM toll_history")
        for table, keys in COPIED.items():
            renamed = ", ".join(f"{key} || '-' || i AS {key}" for key in keys.split(", "))
            con.execute(
                f"INSERT INTO {table} SELECT t.* REPLACE ({renamed}) FROM {table} AS t, range(1, {times}) AS r(i)"
            )
        run_id = con.execute("SELECT run_id FROM runs ORDER BY run_no DESC LIMIT 1").fetchall()[0][0]
        con.execute("UPDATE runs SET n_new = 1 WHERE run_id = ?", [run_id])
    finish_run(data, run_id, datetime.now(UTC), 0.0)
    start = time.perf_counter()
    number = finish_run(data, run_id, datetime.now(UTC), 0.0).number
    checked = time.perf_counter()
    published = publish(data, number, keep=1)
    return published.stat().st_size / 1e6, checked - start, time.perf_counter() - checked


def main() -> None:
    """Print a row a size."""
    for times in TIMES:
        with tempfile.TemporaryDirectory() as folder:
            data = Path(folder) / "data"
            shutil.copytree(Path(sys.argv[1]) / "work", data / "work", ignore=shutil.ignore_patterns("lock"))
            megabytes, checked, copied = publishing(data, times)
            print(
                f"{times:>3} times: {megabytes:>6.0f} MB, checks and tolls {checked:.2f} s, copy {copied:.2f} s",
                flush=True,
            )


if __name__ == "__main__":
    main()
