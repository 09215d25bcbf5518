"""What is touched since the publication's tables were built, and a small ledger of just the articles that it takes.

What a view shows of an article, an event or a story follows from rows that name it. Of each of these units a hash
over its rows is kept, in `built_inputs`; a unit is touched where the hash is another one. So nothing that writes to the
ledger must say what it changed. What is touched is worked through in pieces, so that it takes no more memory where it
is everything.
"""

from collections.abc import Iterator, Mapping

import duckdb

from flows.warehouse.file import hash_pieces

# The tables that such views rest on, by what their rows name.
OF_ARTICLES = (
    "revisions",
    "current_revisions",
    "removed_history",
    "candidate_history",
    "stated_counts",
    "stated_claims",
    "stated_quotes",
    "stated_mentions",
    "story_articles",
    "mentioned_events",
    "moved_tellings",
    "muted_revisions",
    "linked_origins",
    "own_facts",
    "speakers",
)
OF_FACTS = {
    "corrected_counts": ("stated_counts", "count_id"),
    "corrected_claims": ("stated_claims", "claim_id"),
    "corrected_quotes": ("stated_quotes", "quote_id"),
}
OF_EVENTS = {
    "linked_events": "event_id",
    "split_events": "event_id",
    "corrected_events": "event_id",
    "moved_events": "old_id",
}
OF_STORIES = {"linked_stories": "story_id"}
TOUCHED = {"article": "touched_articles", "event": "touched_events", "story": "touched_stories"}
PIECE = {"article": "piece_articles", "event": "piece_events", "story": "piece_stories"}

_HASHES = {
    "article": [f"SELECT article_id AS id, hash('{table}', t) AS h FROM {table} AS t" for table in OF_ARTICLES]
    + [
        f"SELECT f.article_id, hash('{table}', t) FROM {table} AS t JOIN {facts} AS f USING ({fact_id})"
        for table, (facts, fact_id) in OF_FACTS.items()
    ],
    "event": [
        f"SELECT {event_id} AS id, hash('{table}', t) AS h FROM {table} AS t" for table, event_id in OF_EVENTS.items()
    ],
    "story": [
        f"SELECT {story_id} AS id, hash('{table}', t) AS h FROM {table} AS t" for table, story_id in OF_STORIES.items()
    ],
}
# Of an article also the events and stories that it tells of, in any revision: where it is touched, so are they.
INPUTS = f"""
INSERT INTO inputs_now
WITH told AS (
  SELECT 'article' AS unit, article_id AS id, list_sort(list(event_id)) AS event_ids
  FROM (SELECT DISTINCT article_id, event_id FROM told_events WHERE hash(article_id) % $n_pieces = $piece)
  GROUP BY article_id
),
placed AS (
  SELECT 'article' AS unit, article_id AS id, list_sort(list(story_id)) AS story_ids
  FROM (
    SELECT article_id, story_id FROM told_events WHERE hash(article_id) % $n_pieces = $piece
    UNION SELECT article_id, story_id FROM story_articles WHERE hash(article_id) % $n_pieces = $piece
  )
  GROUP BY article_id
),
hashed AS (
  {
    " UNION ALL ".join(
        f"SELECT '{unit}' AS unit, id, sum(h)::HUGEINT AS inputs FROM ({' UNION ALL '.join(parts)}) "
        "WHERE hash(id) % $n_pieces = $piece GROUP BY id"
        for unit, parts in _HASHES.items()
    )
}
)
SELECT unit, id, h.inputs, t.event_ids, p.story_ids
FROM hashed AS h LEFT JOIN told AS t USING (unit, id) LEFT JOIN placed AS p USING (unit, id)
"""
HASHED_AT_ONCE = 200_000  # articles
DIFFERING = """
CREATE OR REPLACE TEMP TABLE differing AS
SELECT coalesce(n.unit, o.unit) AS unit, coalesce(n.id, o.id) AS id,
  list_concat(n.event_ids, o.event_ids) AS event_ids, list_concat(n.story_ids, o.story_ids) AS story_ids
FROM inputs_now AS n FULL JOIN built_inputs AS o ON o.unit = n.unit AND o.id = n.id
WHERE (n.inputs, n.event_ids, n.story_ids) IS DISTINCT FROM (o.inputs, o.event_ids, o.story_ids)
"""
# An article that copies a touched one may count as other words (article_origins): it is touched too. So is a story by
# the events that it is about, whose tolls it shows. Where nothing is built, every event that was ever published is
# touched: it may be gone.
FOUND = {
    "touched_articles": """
    WITH own AS (SELECT id AS article_id FROM differing WHERE unit = 'article')
    FROM own UNION SELECT article_id FROM linked_origins WHERE first_id IN (FROM own)""",
    "touched_events": """
    SELECT id AS event_id FROM differing WHERE unit = 'event'
    UNION SELECT unnest(event_ids) FROM differing
    UNION SELECT event_id FROM told_events WHERE article_id IN (FROM touched_articles)
    UNION SELECT event_id FROM toll_history WHERE NOT EXISTS (FROM built_inputs)""",
    "touched_stories": """
    SELECT id AS story_id FROM differing WHERE unit = 'story'
    UNION SELECT unnest(story_ids) FROM differing
    UNION SELECT story_id FROM told_events WHERE article_id IN (FROM touched_articles)
    UNION SELECT story_id FROM told_events WHERE is_main AND event_id IN (FROM touched_events)
    UNION SELECT story_id FROM story_articles WHERE article_id IN (FROM touched_articles)""",
}
# What the units of a piece take: all that tells of them, and of the events and stories that their articles tell of.
TAKEN = {
    "part_events": """
    FROM piece_events
    UNION SELECT event_id FROM told_events WHERE article_id IN (FROM piece_articles)""",
    "part_stories": """
    FROM piece_stories
    UNION SELECT story_id FROM told_events WHERE article_id IN (FROM piece_articles)
    UNION SELECT story_id FROM told_events WHERE is_main AND event_id IN (FROM part_events)
    UNION SELECT story_id FROM story_articles WHERE article_id IN (FROM piece_articles)""",
    "part_articles": """
    WITH telling AS (
      FROM piece_articles
      UNION SELECT article_id FROM told_events WHERE event_id IN (FROM part_events)
      UNION SELECT article_id FROM told_events WHERE story_id IN (FROM part_stories)
      UNION SELECT article_id FROM story_articles WHERE story_id IN (FROM part_stories)
      UNION SELECT article_id FROM told_events WHERE event_id IN (
        SELECT event_id FROM told_events WHERE is_main AND story_id IN (FROM part_stories)
      )
    )
    FROM telling
    UNION SELECT first_id FROM linked_origins WHERE first_id IS NOT NULL AND article_id IN (FROM telling)""",
}
# Stories lie whole in a piece, in the order of their first printing: what recalls an event is mostly not far from it.
PIECE_OF = """
CREATE OR REPLACE TEMP TABLE piece_of AS
WITH placed AS (
  SELECT article_id, coalesce(min(s.story_id), article_id) AS story_id, min(r.published_at) AS printed_at
  FROM part_articles LEFT JOIN story_articles AS s USING (article_id) LEFT JOIN revisions AS r USING (article_id)
  GROUP BY article_id
),
stories AS (SELECT story_id, min(printed_at) AS printed_at, count(*) AS n FROM placed GROUP BY story_id),
cut AS (
  SELECT story_id, (sum(n) OVER earlier - n)::BIGINT // $at_once AS piece FROM stories
  WINDOW earlier AS (ORDER BY printed_at, story_id ROWS UNBOUNDED PRECEDING)
),
named AS (
  SELECT 'story' AS unit, story_id AS id, piece FROM cut
  UNION ALL SELECT 'article', article_id, piece FROM placed JOIN cut USING (story_id)
  UNION ALL
  SELECT 'event', event_id, arg_min(piece, (NOT is_main, piece)) FROM told_events JOIN cut USING (story_id)
  GROUP BY event_id
)
SELECT unit, id, coalesce(n.piece, 0) AS piece
FROM (
  SELECT 'article' AS unit, article_id AS id FROM touched_articles
  UNION ALL SELECT 'event', event_id FROM touched_events
  UNION ALL SELECT 'story', story_id FROM touched_stories
) LEFT JOIN named AS n USING (unit, id)
"""
AT_ONCE = 5_000  # articles of a piece: what is worked out of them at once takes some 300 MB


def find_touched(con: duckdb.DuckDBPyConnection) -> bool:
    """Make the temporary tables of TOUCHED, the units whose rows are others than when the tables were built; whether
    there are any."""
    con.execute(
        "CREATE TABLE IF NOT EXISTS built_inputs "
        "(unit VARCHAR, id VARCHAR, inputs HUGEINT, event_ids VARCHAR[], story_ids VARCHAR[])"
    )
    con.execute("CREATE OR REPLACE TEMP TABLE inputs_now AS FROM built_inputs LIMIT 0")
    for piece in hash_pieces(con, "current_revisions", HASHED_AT_ONCE):
        con.execute(INPUTS, piece)
    con.execute(DIFFERING)
    for name, sql in FOUND.items():
        con.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS {sql}")
    return any(con.execute(f"FROM {table} LIMIT 1").fetchone() for table in TOUCHED.values())


def find_pieces(con: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """The touched units piece by piece, each unit in one: the temporary tables of PIECE have those of the piece, and
    `part_articles` all that tells of them: some AT_ONCE and the rest of their stories and events."""
    _take(con, {unit: f"FROM {table}" for unit, table in TOUCHED.items()})
    row = con.execute("SELECT count(*) FROM part_articles").fetchone()
    if not row or row[0] <= AT_ONCE:
        yield
        return
    con.execute(PIECE_OF, {"at_once": AT_ONCE})
    for (piece,) in con.execute("SELECT DISTINCT piece FROM piece_of ORDER BY piece").fetchall():
        own = f"FROM piece_of WHERE piece = {piece} AND unit ="
        _take(con, {unit: f"SELECT id AS {unit}_id {own} '{unit}'" for unit in TOUCHED})
        yield


def _take(con: duckdb.DuckDBPyConnection, units: Mapping[str, str]) -> None:
    """Let a piece be these units."""
    for unit, sql in units.items():
        con.execute(f"CREATE OR REPLACE TEMP TABLE {PIECE[unit]} AS {sql}")
    for name, sql in TAKEN.items():
        con.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS {sql}")


def keep_inputs(con: duckdb.DuckDBPyConnection) -> None:
    """Let `built_inputs` say what the tables are built from now."""
    con.execute("DELETE FROM built_inputs WHERE (unit, id) IN (SELECT unit, id FROM differing)")
    con.execute("INSERT INTO built_inputs FROM inputs_now WHERE (unit, id) IN (SELECT unit, id FROM differing)")


def fill_part(con: duckdb.DuckDBPyConnection) -> None:
    """Give the empty database `part` the ledger's tables, with those rows that the units of a piece take."""
    these = dict.fromkeys(OF_ARTICLES, "article_id IN (FROM part_articles)")
    these |= {
        table: f"{fact_id} IN (SELECT {fact_id} FROM {facts} WHERE article_id IN (FROM part_articles))"
        for table, (facts, fact_id) in OF_FACTS.items()
    }
    told = "SELECT event_id FROM told_events WHERE article_id IN (FROM part_articles) UNION FROM part_events"
    these |= {table: f"{event_id} IN ({told})" for table, event_id in OF_EVENTS.items()}
    these |= {table: f"{story_id} IN (FROM part_stories)" for table, story_id in OF_STORIES.items()}
    tables = con.execute(
        "SELECT table_name FROM duckdb_tables() WHERE database_name = current_database() AND NOT temporary "
        "AND NOT starts_with(table_name, 'built_') ORDER BY table_name"
    ).fetchall()
    for (table,) in tables:
        con.execute(f"CREATE TABLE part.{table} AS FROM {table} WHERE {these.get(table, 'false')}")
