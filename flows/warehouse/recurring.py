"""Lines that recur at a publisher: counted over all of its articles, decided, handed to later runs."""

import hashlib
from datetime import datetime

import duckdb
import polars as pl

from flows.warehouse.file import LedgerError

AT_LEAST = 4  # articles: what stands twice or three times on a site may be a price, a name, a series' heading
INSIDE = 5  # one in so many occurrences inside the text makes a label a subheading

KEY = "md5_number_lower({})"
# What touched lines stand for today. Copies of one text have the same longest line and count once. A sentence with
# another number in it is another sentence; one line's start says no more than the line.
COUNTED = """
SELECT t.outlet AS publisher, t.part, t.line_key, any_value(t.line) AS line, any_value(t.folded) AS folded,
  any_value(t.form) AS form,
  least(count(DISTINCT l.article_id), count(DISTINCT l.article_key)) AS n_articles,
  count(*) FILTER (WHERE l.place = 'head') AS n_head, count(*) FILTER (WHERE l.place = 'body') AS n_body,
  count(*) FILTER (WHERE l.place = 'tail') AS n_tail,
  min(r.first_seen_at) AS first_seen_at, max(r.first_seen_at) AS last_seen_at
FROM touched AS t
JOIN article_lines AS l ON l.outlet = t.outlet AND l.part = t.part AND l.line_key = t.line_key
JOIN revisions AS r ON r.article_id = l.article_id AND r.revision = l.revision
GROUP BY t.outlet, t.part, t.line_key
"""
EVIDENCE = f"""{COUNTED}
HAVING n_articles >= {AT_LEAST} AND (t.part = 'whole' OR count(DISTINCT l.whole_key) > 1)
  AND NOT (any_value(t.form) = 'sentence' AND contains(any_value(t.folded), '0'))
"""
DECISION = f"""
CASE WHEN form = 'marked' THEN 'drop' WHEN form IN ('sentence', 'dateline') THEN 'keep'
  WHEN n_body * {INSIDE} > n_head + n_body + n_tail THEN 'keep' ELSE 'drop' END
"""
REASON = f"""
CASE form WHEN 'marked' THEN 'speaks to the reader, or of the outlet, its staff or its rights'
  WHEN 'sentence' THEN 'reads as a sentence of the report' WHEN 'dateline' THEN 'reads as a dateline'
  ELSE CASE WHEN n_body * {INSIDE} > n_head + n_body + n_tail THEN 'stands inside the text, as a subheading does'
    ELSE 'no sentence, above or below the text' END END
"""


def load_lines(con: duckdb.DuckDBPyConnection, now: datetime) -> None:
    """From the temporary tables new_lines (LINES) and fresh: the articles' lines, and what is now known to recur.

    A line that an analyst decided on keeps that decision; its evidence goes on being counted.
    """
    con.execute(
        f"""INSERT INTO article_lines BY NAME
        SELECT n.article_id, f.revision, n.line_no, n.part, n.outlet, {KEY.format("n.folded")} AS line_key,
          {KEY.format("n.whole")} AS whole_key, n.place, {KEY.format("n.article_line")} AS article_key, n.is_taken
        FROM new_lines AS n JOIN fresh AS f USING (article_id, raw_sha256)
        QUALIFY n.arrival = min(n.arrival) OVER (PARTITION BY n.article_id, n.raw_sha256, n.part, n.folded)
        ORDER BY n.arrival"""
    )
    con.execute(
        f"""CREATE OR REPLACE TEMP TABLE touched AS
        SELECT outlet, part, {KEY.format("folded")} AS line_key, folded, form,
          CASE part WHEN 'whole' THEN line WHEN 'start' THEN folded || ' …' ELSE '… ' || folded END AS line
        FROM (
          SELECT n.outlet, n.part, n.folded, min(n.line) AS line, arg_min(n.form, n.line) AS form
          FROM new_lines AS n JOIN fresh AS f USING (article_id, raw_sha256) GROUP BY n.outlet, n.part, n.folded
        )"""
    )
    _learn(con, now)


def _learn(con: duckdb.DuckDBPyConnection, now: datetime) -> None:
    """Count the lines of the temporary table `touched` and decide on them."""
    con.execute(
        f"""INSERT INTO recurring_lines BY NAME
        SELECT 'lin_' || left(sha256(concat_ws(chr(31), publisher, part, folded)), 16) AS line_id, *,
          {DECISION} AS decision, {REASON} AS reason, 'rules' AS decided_by, ?::TIMESTAMPTZ AS decided_at
        FROM ({EVIDENCE}) ORDER BY ALL
        ON CONFLICT (line_id) DO UPDATE SET
          n_articles = excluded.n_articles, n_head = excluded.n_head, n_body = excluded.n_body,
          n_tail = excluded.n_tail, first_seen_at = excluded.first_seen_at, last_seen_at = excluded.last_seen_at,
          form = excluded.form,
          decision = CASE decided_by WHEN 'rules' THEN excluded.decision ELSE decision END,
          reason = CASE decided_by WHEN 'rules' THEN excluded.reason ELSE reason END,
          decided_at = CASE WHEN decided_by = 'rules' AND decision <> excluded.decision THEN excluded.decided_at
            ELSE decided_at END""",
        [now],
    )


def find_touched(con: duckdb.DuckDBPyConnection, condition: str) -> None:
    """A temporary table `touched` of the recurring lines that stand in some articles (a condition on article_lines)."""
    con.execute(
        f"""CREATE OR REPLACE TEMP TABLE touched AS
        SELECT publisher AS outlet, part, line_key, folded, form, line FROM recurring_lines
        WHERE (publisher, part, line_key) IN (SELECT (outlet, part, line_key) FROM article_lines WHERE {condition})"""
    )


def recount_lines(con: duckdb.DuckDBPyConnection, now: datetime) -> None:
    """Count the lines of the temporary table `touched` anew after articles went. What no longer recurs goes, but for an
    analyst's word on a line that some article still has. A wording that no article has any more is shown folded."""
    _learn(con, now)
    same = "t.outlet = d.publisher AND t.part = d.part AND t.line_key = d.line_key"
    con.execute(
        f"""DELETE FROM recurring_lines AS d USING touched AS t WHERE {same}
        AND (publisher, d.part, d.line_key) NOT IN (SELECT (publisher, part, line_key) FROM ({EVIDENCE}))
        AND (decided_by = 'rules'
          OR (publisher, d.part, d.line_key) NOT IN (SELECT (outlet, part, line_key) FROM article_lines))"""
    )
    con.execute(
        f"""UPDATE recurring_lines AS d SET n_articles = c.n_articles, n_head = c.n_head, n_body = c.n_body,
          n_tail = c.n_tail, first_seen_at = c.first_seen_at, last_seen_at = c.last_seen_at
        FROM ({COUNTED}) AS c WHERE c.publisher = d.publisher AND c.part = d.part AND c.line_key = d.line_key"""
    )
    con.execute(
        f"""UPDATE recurring_lines AS d SET line = d.folded FROM touched AS t WHERE {same} AND d.part = 'whole'
        AND NOT EXISTS (
          FROM article_lines AS l JOIN revisions AS r USING (article_id, revision)
          LEFT JOIN removed_history AS m USING (article_id, revision)
          WHERE l.outlet = d.publisher AND l.part = d.part AND l.line_key = d.line_key
            AND (contains(r.text, d.line) OR contains(m.text, d.line)))"""
    )


def known_lines(con: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """What a run is given: `publisher`, `line` (folded), `part`, `decision`: drop, or an analyst's keep."""
    return con.sql(
        "SELECT publisher, folded AS line, part, decision FROM recurring_lines "
        "WHERE decision = 'drop' OR decided_by = 'analyst' ORDER BY ALL"
    ).pl()


def name_lines(known: pl.DataFrame) -> str:
    """What they add to the name of the rules: nothing where nothing is known."""
    return f"-{hashlib.sha256(known.write_csv().encode()).hexdigest()[:6]}" if known.height else ""


# Lines that cleaning took and would not take today, or the other way round. An analyst's `keep` wins over any `drop`.
MISTAKEN_LINES = """
SELECT l.article_id, l.revision, l.line_no, bool_or(l.is_taken) AS is_taken,
  list(DISTINCT d.line_id) FILTER (WHERE d.line_id IS NOT NULL) AS line_ids
FROM article_lines AS l
LEFT JOIN recurring_lines AS d ON d.publisher = l.outlet AND d.part = l.part AND d.line_key = l.line_key
GROUP BY l.article_id, l.revision, l.line_no
HAVING bool_or(l.is_taken) <> (coalesce(bool_or(d.decision = 'drop'), false)
  AND NOT coalesce(bool_or(d.decision = 'keep' AND d.decided_by = 'analyst'), false))
"""


def decide(con: duckdb.DuckDBPyConnection, line_id: str, decision: str, reason: str, now: datetime) -> int:
    """Let an analyst's word stand for a line (keep | drop). Returns how many current articles `rebuild` will change.

    Raises LedgerError for an id that is none.
    """
    found = con.execute(
        "UPDATE recurring_lines SET decision = ?, reason = ?, decided_by = 'analyst', decided_at = ? WHERE line_id = ?",
        [decision, reason, now, line_id],
    ).fetchone()
    if not found or not found[0]:
        raise LedgerError(f"{line_id}: no recurring line has this id; `newsledger lines list` shows them")
    row = con.execute(f"SELECT count(DISTINCT article_id) FROM ({MISTAKEN_LINES})").fetchone()
    return int(row[0]) if row else 0
