"""The history of the published tolls: each change of one, and what caused it.

Three readings of a toll are compared: what was published last (`was`), what today's rules and links make of the
revisions known then (`again_tolls`), and what they make of today's. What stands in the second already is our doing:
other rules, other links, an analyst's word. The rest is the doing of reports. The figure that moved is best, else
high, else low.
"""

from datetime import datetime

import duckdb

from flows.warehouse.built import in_part

TOLL = "event_id, kind, policy"

# A toll that reads otherwise than the last time it was published, or is gone.
CHANGED_TOLLS = f"""
WITH last AS (
  FROM toll_history SEMI JOIN piece_events USING (event_id)
  QUALIFY row_number() OVER (PARTITION BY {TOLL} ORDER BY publication_no DESC) = 1
),
now AS (FROM made_event_tolls SEMI JOIN piece_events USING (event_id) WHERE best IS NOT NULL OR low IS NOT NULL)
SELECT coalesce(n.event_id, l.event_id) AS event_id, coalesce(n.label, l.label) AS label,
  coalesce(n.kind, l.kind) AS kind, coalesce(n.policy, l.policy) AS policy,
  n.low, n.best, n.high, n.best_modifier, n.is_open_high, n.n_articles, n.n_origins, n.best_count_id,
  CASE WHEN l.event_id IS NULL OR l.change = 'gone' THEN 'new' WHEN n.event_id IS NULL THEN 'gone' ELSE 'changed' END
    AS change,
  n.is_derived,
  {{low: l.low, best: l.best, high: l.high, n_articles: l.n_articles, best_count_id: l.best_count_id}} AS was
FROM now AS n FULL JOIN last AS l
  ON l.event_id = n.event_id AND l.kind = n.kind AND l.policy = n.policy
WHERE (n.low, n.best, n.high, n.best_modifier, n.is_open_high, n.n_articles, n.n_origins, n.best_count_id)
  IS DISTINCT FROM (l.low, l.best, l.high, l.best_modifier, l.is_open_high, l.n_articles, l.n_origins, l.best_count_id)
  AND NOT (n.event_id IS NULL AND l.change = 'gone')
"""

# What the rules and links of today make of the revisions that were known when it was published last.
AGAIN_TOLLS = f"""
SELECT t.event_id, t.kind, t.policy, t.low, t.best, t.high, t.is_derived,
  (t.best_modifier, t.is_open_high, t.n_articles, t.n_origins, t.best_count_id)
    IS NOT DISTINCT FROM (c.best_modifier, c.is_open_high, c.n_articles, c.n_origins, c.best_count_id) AS is_as_now
FROM tolls_as_of(getvariable('last_at'), 'seen') AS t JOIN changed_here AS c USING ({TOLL})
WHERE t.best IS NOT NULL OR t.low IS NOT NULL
"""

# Who states which figure of a kind that changed, at a time; not `is_in`: it is left out of the toll.
STATED = """
SELECT event_id, kind, article_id, revision, figure, left_out_reason IS NULL AS is_in
FROM toll_reports_as_of({t}, 'seen') JOIN known_revisions({t}, 'seen') USING (article_id)
SEMI JOIN changed_here USING (event_id, kind)
WHERE figure IS NOT NULL
UNION
SELECT event_id, kind, article_id, revision, best, true
FROM article_tolls_as_of({t}, 'seen') JOIN known_revisions({t}, 'seen') USING (article_id)
SEMI JOIN changed_here USING (event_id, kind)
WHERE is_derived
"""

OF_THE_PAST = {
    "again_tolls": AGAIN_TOLLS,
    "stated_before": STATED.format(t="getvariable('last_at')"),
    "stated_now": STATED.format(t="'infinity'"),
}

# Events of which a rebuild has read a telling by other rules since; a row with NULL where it has read any.
READ_OTHERWISE = """
WITH again AS (
  SELECT r.article_id, r.revision
  FROM revisions AS r, runs AS u
  WHERE u.run_id = getvariable('this_run') AND starts_with(u.command, 'rebuild') AND r.facts_version = u.rules_version
    AND u.rules_version <> getvariable('last_rules') AND r.first_seen_at <= getvariable('last_at')
)
SELECT event_id FROM told_events JOIN again USING (article_id, revision)
UNION SELECT NULL FROM again
"""

# Events that an analyst's words bear on, or bore on until they were undone.
CORRECTED_EVENTS = """
WITH said AS (
  SELECT article_id FROM corrections
  UNION SELECT article_id FROM correction_tellings
  UNION SELECT r.article_id FROM corrections AS c JOIN revisions AS r ON r.source_name = c.target
  UNION SELECT r.article_id FROM corrections AS c JOIN revisions AS r ON r.publisher = c.target
)
SELECT event_id FROM told_events SEMI JOIN said USING (article_id)
UNION SELECT old_id FROM moved_events
"""

# figure_before, figure_now: the figure that moved; is_ours: it stands in again_tolls already.
MOVED_TOLLS = f"""
WITH compared AS (
  SELECT
    c.event_id, c.kind, c.policy, c.change, c.is_derived, c.n_articles, c.was, a.event_id IS NULL AS is_unread,
    (c.low, c.high) IS NOT DISTINCT FROM (c.was.low, c.was.high) AS is_same_range,
    CASE WHEN c.best IS DISTINCT FROM c.was.best THEN 'best' WHEN c.high IS DISTINCT FROM c.was.high THEN 'high'
      WHEN c.low IS DISTINCT FROM c.was.low THEN 'low' END AS moved,
    CASE moved WHEN 'best' THEN c.best WHEN 'high' THEN c.high WHEN 'low' THEN c.low END AS figure_now,
    CASE moved WHEN 'best' THEN a.best WHEN 'high' THEN a.high WHEN 'low' THEN a.low END AS figure_again,
    CASE moved WHEN 'best' THEN c.was.best WHEN 'high' THEN c.was.high WHEN 'low' THEN c.was.low END AS figure_was,
    a.is_as_now, a.is_derived AS was_derived
  FROM changed_tolls AS c LEFT JOIN again_tolls AS a USING ({TOLL})
)
SELECT *,
  coalesce(figure_again, figure_was) AS figure_before,
  CASE
    WHEN change = 'gone' THEN is_unread
    WHEN is_unread THEN false
    WHEN moved IS NULL THEN is_as_now
    ELSE figure_again IS NOT DISTINCT FROM figure_now
  END AS is_ours
FROM compared
"""

# Articles that stated the figure before and say something else in a newer revision.
TAKEN_BACK = f"""
WITH by_article AS (
  SELECT m.event_id, m.kind, m.policy, b.article_id,
    coalesce(bool_or(s.is_in AND s.figure = b.figure), false) AS is_kept,
    coalesce(bool_or(s.is_in), false) AS is_corrected,
    coalesce(bool_or(NOT s.is_in AND s.figure = b.figure), false) AS is_rescoped
  FROM moved_tolls AS m
  JOIN stated_before AS b ON b.event_id = m.event_id AND b.kind = m.kind AND b.figure = m.figure_before AND b.is_in
  JOIN current_revisions AS c ON c.article_id = b.article_id AND c.revision > b.revision
  LEFT JOIN stated_now AS s ON s.event_id = b.event_id AND s.kind = b.kind AND s.article_id = b.article_id
  GROUP BY ALL
)
SELECT {TOLL}, bool_or(is_corrected) AS is_corrected, bool_or(is_rescoped) AS is_rescoped
FROM by_article WHERE NOT is_kept GROUP BY ALL
"""

# The first rule that fits decides; sql/tables/08_publications.sql has them in words.
CAUSES = f"""
WITH marked AS (
  SELECT m.*, k.event_id IS NOT NULL AS is_taken_back, k.is_corrected, k.is_rescoped,
    getvariable('last_views') <> getvariable('views')
      OR coalesce(i.new_id, m.event_id) IN (SELECT event_id FROM read_otherwise WHERE event_id IS NOT NULL)
      OR (
        coalesce(i.new_id, m.event_id) NOT IN (SELECT event_id FROM told_events) AND EXISTS (FROM read_otherwise)
      ) AS is_other_reading,
    getvariable('is_corrected') AND m.event_id IN (FROM analysts_events) AS is_analysts,
    EXISTS (
      FROM stated_now AS s
      WHERE s.event_id = m.event_id AND s.kind = m.kind AND s.figure = m.figure_before AND NOT s.is_in
    ) AND NOT EXISTS (
      FROM stated_now AS s
      WHERE s.event_id = m.event_id AND s.kind = m.kind AND s.figure = m.figure_before AND s.is_in
    ) AS is_left_out_now,
    EXISTS (
      FROM stated_counts AS s JOIN revisions AS r ON r.article_id = s.article_id AND r.revision > s.revision
      WHERE s.count_id = m.was.best_count_id AND r.first_seen_at > getvariable('last_at')
    ) AS is_superseded,
    EXISTS (
      FROM stated_before AS b
      WHERE b.event_id = m.event_id AND b.kind = m.kind AND b.figure = m.figure_now AND b.is_in
    ) AS was_known
  FROM moved_tolls AS m
  LEFT JOIN taken_back AS k USING ({TOLL})
  LEFT JOIN event_aliases AS i ON i.old_id = m.event_id
)
SELECT {TOLL},
  CASE
    WHEN change = 'new' THEN 'new'
    WHEN is_ours AND is_analysts THEN 'analyst'
    WHEN is_ours AND is_other_reading THEN 'rules'
    WHEN is_ours AND moved = 'best' AND is_superseded THEN 'retraction'
    WHEN is_ours AND is_same_range AND n_articles = was.n_articles THEN 'support'
    WHEN is_ours THEN 'scope'
    WHEN change = 'gone' THEN 'retraction'
    WHEN moved IS NULL THEN 'support'
    WHEN is_derived <> was_derived THEN 'scope'
    WHEN is_corrected THEN 'correction'
    WHEN is_rescoped THEN 'scope'
    WHEN is_taken_back THEN 'retraction'
    WHEN is_left_out_now THEN 'scope'
    WHEN was_known THEN 'support'
    WHEN figure_now > figure_before THEN 'rise'
    WHEN figure_now < figure_before THEN 'fall'
    ELSE 'support'
  END AS cause
FROM marked
"""


def compare_tolls(con: duckdb.DuckDBPyConnection) -> None:
    """Find which tolls of a piece (built.build_pieces) read otherwise than the last publication says, and what was
    stated then and now: into temporary tables, for `note_changes`."""
    con.execute(f"CREATE OR REPLACE TEMP TABLE changed_here AS {CHANGED_TOLLS}")
    _add(con, "changed_tolls", "FROM changed_here")
    last = con.execute('SELECT "at" FROM publications ORDER BY publication_no DESC LIMIT 1').fetchone()
    if not last or not con.execute("FROM changed_here WHERE change <> 'new' LIMIT 1").fetchone():
        return
    con.execute("SET VARIABLE last_at = ?", [last[0]])
    for name, sql in OF_THE_PAST.items():
        with in_part(con):  # what asks for other times works the whole chain through: of these articles alone
            con.execute(f"CREATE OR REPLACE TEMP TABLE past AS {sql}")
        _add(con, name, "FROM past")


def note_changes(
    con: duckdb.DuckDBPyConnection, number: int, run_id: str, now: datetime, is_corrected: bool = False
) -> None:
    """Add to toll_history what publication `number` of a run changes, with the cause of each change. The publications
    up to it stand in `publications` already; what changes was found by `compare_tolls`, piece by piece.
    `is_corrected`: analysts have said something since the last one."""
    con.execute("SET VARIABLE is_corrected = ?", [is_corrected])
    _find_causes(con, number, run_id)
    con.execute(
        """INSERT INTO toll_history BY NAME
        SELECT p.publication_no, ?::TIMESTAMPTZ AS "at", p.run_id, p.rules_version,
          c.* EXCLUDE (is_derived, was), k.cause
        FROM changed_tolls AS c JOIN toll_causes AS k USING (event_id, kind, policy)
        JOIN publications AS p ON p.publication_no = ?
        ORDER BY ALL""",
        [now, number],
    )


def _find_causes(con: duckdb.DuckDBPyConnection, number: int, run_id: str) -> None:
    """The temporary table toll_causes: `cause` of each row of changed_tolls."""
    publications = 'SELECT "at", rules_version, views_version FROM publications WHERE publication_no = ?'
    last = con.execute(publications, [number - 1]).fetchone()
    this = con.execute(publications, [number]).fetchone()
    changed = con.execute("FROM changed_tolls WHERE change <> 'new' LIMIT 1").fetchone()
    if last is None or this is None or changed is None:
        con.execute(f"CREATE OR REPLACE TEMP TABLE toll_causes AS SELECT {TOLL}, 'new' AS cause FROM changed_tolls")
        return
    for name, value in zip(("last_at", "last_rules", "last_views"), last, strict=True):
        con.execute(f"SET VARIABLE {name} = ?", [value])
    con.execute("SET VARIABLE views = ?", [this[2]])
    con.execute("SET VARIABLE this_run = ?", [run_id])
    tables = {
        "read_otherwise": READ_OTHERWISE,
        "analysts_events": CORRECTED_EVENTS,
        "moved_tolls": MOVED_TOLLS,
        "taken_back": TAKEN_BACK,
        "toll_causes": CAUSES,
    }
    for name, sql in tables.items():
        con.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS {sql}")


def _add(con: duckdb.DuckDBPyConnection, name: str, sql: str) -> None:
    """Add rows to a temporary table, which the first ones make."""
    con.execute(f"CREATE TEMP TABLE IF NOT EXISTS {name} AS {sql} LIMIT 0; INSERT INTO {name} {sql}")
