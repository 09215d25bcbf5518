"""What is told anew where stories change: the happenings that linking found, and those of the ledger that may be of one
event with them. Temporary tables of the ledger's reader hold them, which DuckDB keeps in bounds; frames are parts."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import numpy as np
import polars as pl
from numpy.typing import NDArray

from flows.warehouse.current import registered
from flows.warehouse.file import quoted
from flows.warehouse.parts import cut_runs

Con = duckdb.DuckDBPyConnection
# Of events that are regrouped, what the touched articles' stories tell goes: those are told anew.
GATHER = """
CREATE OR REPLACE TEMP VIEW new_happenings AS FROM read_parquet('{found}/found_happenings/*.parquet');
CREATE OR REPLACE TEMP VIEW new_keys AS FROM read_parquet('{found}/found_keys/*.parquet');
CREATE OR REPLACE TEMP TABLE regrouped AS
  SELECT event_id FROM mentioned_events SEMI JOIN touched USING (article_id)
  UNION
  SELECT event_id FROM happenings WHERE happening_id IN
    (SELECT happening_id FROM happening_keys SEMI JOIN new_keys USING (key))
  UNION
  SELECT event_id FROM happenings ANTI JOIN mentioned_events USING (happening_id);
CREATE OR REPLACE TEMP TABLE old_happenings AS
  SELECT * EXCLUDE (event_id) FROM happenings
  SEMI JOIN regrouped USING (event_id)
  SEMI JOIN mentioned_events USING (happening_id)
  WHERE story_id NOT IN (SELECT story_id FROM story_articles SEMI JOIN touched USING (article_id));
CREATE OR REPLACE TEMP TABLE old_tellings AS
  SELECT e.* EXCLUDE (revision, words), r.published_at, m.story_id, m.happening_id
  FROM mentioned_events AS m
  SEMI JOIN old_happenings USING (happening_id)
  JOIN current_revisions USING (article_id, revision)
  JOIN revisions AS r USING (article_id, revision)
  JOIN local_events AS e USING (article_id, revision, event_no);
CREATE OR REPLACE TEMP VIEW told AS
  FROM read_parquet('{found}/found_tellings/*.parquet') UNION ALL BY NAME FROM old_tellings;
CREATE OR REPLACE TEMP TABLE told_happenings AS
  WITH every AS (FROM new_happenings UNION ALL BY NAME FROM old_happenings),
  numbers AS (SELECT happening_id, row_number() OVER (ORDER BY happening_id) - 1 AS no FROM every)
  SELECT numbers.no, every.* FROM every JOIN numbers USING (happening_id);
CREATE OR REPLACE TEMP TABLE told_keys AS
  FROM new_keys UNION ALL SELECT happening_id, key FROM happening_keys SEMI JOIN old_happenings USING (happening_id);
CREATE OR REPLACE TEMP TABLE met AS
  WITH held AS (SELECT key, no, is_main, story_id FROM told_keys JOIN told_happenings USING (happening_id)),
  shared AS (FROM held WHERE key IN (SELECT key FROM held GROUP BY key HAVING count(*) > 1 AND NOT bool_and(is_main)))
  SELECT DISTINCT a.no AS "left", b.no AS "right"
  FROM shared AS a JOIN shared AS b ON a.key = b.key AND a.no < b.no
  WHERE NOT (a.is_main AND b.is_main) AND a.story_id <> b.story_id
"""
PAIRS_AT_ONCE, TELLINGS_AT_ONCE = 50_000, 20_000


def gather_told(con: Con, found: Path, touched: pl.DataFrame) -> NDArray[np.bool_]:
    """Let the connection hold what is told anew, by the articles `touched` (`article_id`) and what the folder `found`
    has of their stories: files of TELLINGS, HAPPENINGS and their keys. Whether each happening, by its number, is what
    its story is about."""
    with registered(con, touched=touched):
        con.execute(GATHER.format(found=quoted(found)))
    return con.sql("SELECT is_main FROM told_happenings ORDER BY no").pl()["is_main"].to_numpy()


def read_met(con: Con) -> Iterator[tuple[pl.DataFrame, pl.DataFrame]]:
    """PAIRS of happenings of two stories that share a key, not both what their stories are about, some at a time, with
    the HAPPENINGS that these are, and their `no`."""
    for first, last in _ranges(con, 'SELECT "left" AS no, count(*) AS n FROM met GROUP BY ALL', PAIRS_AT_ONCE):
        pairs = con.execute('FROM met WHERE "left" BETWEEN ? AND ? ORDER BY ALL', [first, last]).pl()
        with registered(con, asked=pl.concat([pairs["left"], pairs["right"]]).unique().to_frame("no")):
            yield pairs, con.sql("FROM told_happenings SEMI JOIN asked USING (no)").pl()


def read_told(con: Con, event_of: NDArray[np.int64]) -> Iterator[tuple[pl.DataFrame, pl.DataFrame]]:
    """TELLINGS with the number of their `event`, in the order of these and of publication, and HAPPENINGS: all of some
    events at a time, once at least. `event_of` has each happening's, by its number."""
    with registered(con, given=pl.DataFrame({"no": np.arange(len(event_of)), "event": event_of})):
        con.execute(
            "CREATE OR REPLACE TEMP TABLE placed AS "
            "SELECT happening_id, event FROM told_happenings JOIN given USING (no)"
        )
    sizes = "SELECT event AS no, count(*) AS n FROM told JOIN placed USING (happening_id) GROUP BY ALL"
    for run in _ranges(con, sizes, TELLINGS_AT_ONCE) or [(0, 0)]:
        con.execute("CREATE OR REPLACE TEMP TABLE asked AS FROM placed WHERE event BETWEEN ? AND ?", run)
        tellings = con.sql(
            "SELECT told.*, event FROM told JOIN asked USING (happening_id) "
            "ORDER BY event, published_at NULLS LAST, article_id, event_no"
        )
        yield tellings.pl(), con.sql("FROM told_happenings SEMI JOIN asked USING (happening_id)").pl()


def _ranges(con: Con, sizes: str, most: int) -> list[tuple[int, int]]:
    """The first and the last number of runs of `most` rows or somewhat more; `sizes` asks for `no` and `n` rows."""
    found = con.sql(f"FROM ({sizes}) ORDER BY no").fetchnumpy()
    numbers, ends = found["no"], np.cumsum(found["n"])
    return [(int(numbers[first]), int(numbers[last - 1])) for first, last in cut_runs(ends, most)]


def write_rows(con: Con, folder: Path) -> None:
    """Write `regrouped` (`event_id`: the events that are told anew or gone) and `happening_keys` to files."""
    for name, rows in (("regrouped", "FROM regrouped"), ("happening_keys", "FROM told_keys")):
        (folder / name).mkdir()
        con.execute(f"COPY ({rows} ORDER BY ALL) TO '{quoted(folder / name / 'all.parquet')}'")
