"""Loading what linking found: copies, stories and events of the articles it touched, aliases for ids that are gone."""

from datetime import datetime
from pathlib import Path

import duckdb

from flows.lexicon import rules_version
from flows.warehouse.correcting import apply_corrections
from flows.warehouse.current import links_no
from flows.warehouse.file import open_ledger, quoted
from flows.warehouse.origins import find_origins
from flows.warehouse.schema import set_meta
from flows.warehouse.speakers import settle_speakers

FOUND = (
    "touched",
    "regrouped",
    "copies",
    "own_passages",
    "linked_stories",
    "story_articles",
    "linked_events",
    "mentioned_events",
    "happenings",
    "happening_keys",
)
# What an older revision tells is the event that the current one tells under the same time, else under the same number.
OF_OLDER_REVISIONS = """
INSERT OR IGNORE INTO mentioned_events BY NAME
SELECT o.article_id, o.revision, o.event_no, m.event_id, o.is_main, m.story_id, m.happening_id
FROM local_events AS o
JOIN (SELECT DISTINCT article_id FROM new_mentioned_events) USING (article_id)
JOIN current_revisions AS c ON c.article_id = o.article_id AND c.revision <> o.revision
JOIN local_events AS n ON n.article_id = c.article_id AND n.revision = c.revision
  AND n.is_main = o.is_main AND n.is_aggregate = o.is_aggregate
JOIN mentioned_events AS m ON m.article_id = n.article_id AND m.revision = n.revision AND m.event_no = n.event_no
QUALIFY row_number() OVER (PARTITION BY o.article_id, o.revision, o.event_no ORDER BY
  n.time_key IS NOT DISTINCT FROM o.time_key DESC, n.event_no = o.event_no DESC, n.event_no) = 1
"""


def load_links(data: Path, run_id: str, links: Path, now: datetime, seconds: float, path: Path | None = None) -> None:
    """Load what linking found in `seconds` (the folder of linking.link_ledger) into the ledger, or its copy at
    `path`."""
    with open_ledger(data, path) as con:
        con.execute("BEGIN")
        replace_links(con, links, now)
        apply_corrections(con)
        settle_speakers(con)
        con.execute("INSERT INTO run_stages VALUES (?, 'link', 0, 0, ?)", [run_id, seconds])
        con.execute("COMMIT")


def replace_links(con: duckdb.DuckDBPyConnection, links: Path, now: datetime) -> None:
    """The touched articles' stories, events and copies as linking found them; ids that are gone stay resolvable."""
    for name in FOUND:
        files = quoted(links / name / "*.parquet")
        con.execute(f"CREATE OR REPLACE TEMP TABLE new_{name} AS FROM read_parquet('{files}')")
    con.execute(
        "CREATE OR REPLACE TEMP TABLE old_members AS FROM story_articles SEMI JOIN new_touched USING (article_id); "
        "CREATE OR REPLACE TEMP TABLE old_events AS FROM mentioned_events SEMI JOIN new_regrouped USING (event_id); "
        "CREATE OR REPLACE TEMP TABLE old_stories AS FROM linked_stories SEMI JOIN old_members USING (story_id)"
    )
    for name in ("copies", "own_passages", "story_articles"):
        con.execute(f"DELETE FROM {name} WHERE article_id IN (SELECT article_id FROM new_touched)")
    con.execute("DELETE FROM linked_stories WHERE story_id IN (SELECT story_id FROM old_members)")
    con.execute(
        "DELETE FROM happening_keys WHERE happening_id IN "
        "(SELECT happening_id FROM happenings SEMI JOIN new_regrouped USING (event_id))"
    )
    for name in ("mentioned_events", "linked_events", "happenings"):
        con.execute(f"DELETE FROM {name} WHERE event_id IN (SELECT event_id FROM new_regrouped)")
    for name in ("copies", "own_passages", "story_articles", "linked_events", "happenings", "happening_keys"):
        con.execute(f"INSERT INTO {name} BY NAME FROM new_{name}")
    con.execute(
        "INSERT INTO mentioned_events BY NAME "
        "SELECT m.*, c.revision FROM new_mentioned_events AS m JOIN current_revisions AS c USING (article_id)"
    )
    con.execute(OF_OLDER_REVISIONS)
    con.execute("CREATE OR REPLACE TEMP TABLE fresh AS SELECT article_id FROM new_touched WHERE is_new")
    find_origins(con, "new_touched")
    con.execute(
        """INSERT INTO linked_stories BY NAME
        WITH members AS (
          SELECT story_id, (count(*), bit_xor(hash(article_id))) AS ids, bool_or(t.is_new) AS is_new
          FROM new_story_articles JOIN new_touched AS t USING (article_id)
          GROUP BY story_id
        ),
        old AS (SELECT story_id, (count(*), bit_xor(hash(article_id))) AS ids FROM old_members GROUP BY story_id)
        SELECT n.story_id, n.headline,
          CASE WHEN m.ids = old.ids AND NOT m.is_new THEN s.updated_at ELSE ?::TIMESTAMPTZ END AS updated_at
        FROM new_linked_stories AS n
        JOIN members AS m USING (story_id)
        LEFT JOIN old USING (story_id) LEFT JOIN old_stories AS s USING (story_id)
        ORDER BY n.story_id""",
        [now],
    )
    _keep_aliases(
        con,
        "story_aliases",
        "SELECT o.story_id AS old_id, n.story_id AS new_id "
        "FROM old_members AS o JOIN story_articles AS n USING (article_id)",
        "SELECT story_id FROM linked_stories",
        now,
    )
    _keep_aliases(
        con,
        "linked_event_aliases",
        "SELECT o.event_id AS old_id, n.event_id AS new_id "
        "FROM old_events AS o JOIN mentioned_events AS n USING (article_id, revision, event_no)",
        "SELECT event_id FROM linked_events",
        now,
    )
    set_meta(con, "links_version", rules_version())
    set_meta(con, "links_no", str(links_no(con) + 1))
    set_meta(con, "link_due", "false")


def _keep_aliases(con: duckdb.DuckDBPyConnection, table: str, moved: str, living: str, now: datetime) -> None:
    """An id that is gone points at the id that most of its articles went to; older aliases follow."""
    con.execute(
        f"""CREATE OR REPLACE TEMP TABLE gone AS
        SELECT old_id, new_id FROM ({moved}) WHERE old_id NOT IN ({living})
        GROUP BY old_id, new_id
        QUALIFY row_number() OVER (PARTITION BY old_id ORDER BY count(*) DESC, new_id) = 1"""
    )
    con.execute(f"DELETE FROM {table} WHERE old_id IN ({living})")
    con.execute(f"UPDATE {table} SET new_id = g.new_id FROM gone AS g WHERE {table}.new_id = g.old_id")
    con.execute(f"INSERT OR REPLACE INTO {table} SELECT old_id, new_id, ?::TIMESTAMPTZ FROM gone", [now])
