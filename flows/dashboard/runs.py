"""Runs: what each brought and took, what came to nothing, what is at work now; disk, rejects, alerts."""

from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

from flows.dashboard.errors import NotHere
from flows.dashboard.paging import n_pages
from flows.dashboard.prefect import prefect_pages
from flows.report.looks import needs_a_look
from flows.warehouse.attempts import Attempt, holder, last_attempt
from flows.warehouse.read import Row, rows

SHOWN = 100
FEW = 20

RUNS = """
WITH picked AS (
  SELECT run_id, run_no, started_at, ended_at, state, command, engine, seconds, rules_version, n_documents, n_new,
    n_articles, n_rejects, message
  FROM runs ORDER BY run_no DESC NULLS LAST, started_at DESC LIMIT ? OFFSET ?
),
stages AS (
  SELECT run_id, list({'stage': stage, 'seconds': seconds, 'n_batches': n_batches, 'n_reused': n_reused} ORDER BY rowid)
    AS stages
  FROM run_stages SEMI JOIN picked USING (run_id) GROUP BY run_id
),
warned AS (
  SELECT run_id, list({'promise': promise, 'broken_by': broken_by} ORDER BY promise) AS warnings
  FROM run_warnings SEMI JOIN picked USING (run_id) GROUP BY run_id
),
changed AS (
  SELECT run_id, count(*) AS n_tolls_changed
  FROM toll_history SEMI JOIN picked USING (run_id)
  WHERE change <> 'new' AND policy = 'independent' GROUP BY run_id
)
SELECT s.*, p.publication_no, p.at AS published_at, coalesce(t.stages, []) AS stages,
  coalesce(w.warnings, []) AS warnings, coalesce(c.n_tolls_changed, 0) AS n_tolls_changed
FROM picked AS s
LEFT JOIN publications AS p USING (run_id)
LEFT JOIN stages AS t USING (run_id)
LEFT JOIN warned AS w USING (run_id)
LEFT JOIN changed AS c USING (run_id)
ORDER BY s.run_no DESC NULLS LAST, s.started_at DESC
"""
REJECTS = """
SELECT stage, reason, sum(n_rejects)::BIGINT AS n_rejects, sum(n_week)::BIGINT AS n_week,
  sum(usual_week) AS usual_week, bool_or(is_rising) AS is_rising, max(last_at) AS last_at,
  arg_max(for_example, last_at) AS for_example, arg_max(source_name, last_at) AS source_name
FROM source_rejects GROUP BY stage, reason ORDER BY n_week DESC, n_rejects DESC, stage, reason
"""
SLOW = f"""
SELECT source_name, input, max(seconds) AS seconds, count(*) AS n_fetches, arg_max(outcome, seconds) AS outcome,
  arg_max(run_id, seconds) AS run_id
FROM slow_pages GROUP BY source_name, input ORDER BY seconds DESC, input LIMIT {FEW}
"""
ALERTS = f"""
WITH picked AS (
  FROM alerts
  WHERE alert_id IN (SELECT alert_id FROM alerts ORDER BY raised_at DESC, alert_id LIMIT {FEW})
)
SELECT a.*, coalesce(
  list({{'receiver': d.receiver, 'outcome': d.outcome, 'n_tries': d.n_tries, 'tried_at': d.tried_at,
    'detail': d.detail}} ORDER BY d.receiver) FILTER (WHERE d.receiver IS NOT NULL), []) AS deliveries
FROM picked AS a LEFT JOIN alert_deliveries AS d USING (alert_id)
GROUP BY ALL
ORDER BY raised_at DESC, about, title
"""
DISK = "SELECT * FROM disk ORDER BY part = 'free', n_bytes DESC, part"
FETCHES = """
SELECT outcome, verdict, count(*) AS n_fetches, count(*) FILTER (WHERE is_source) AS n_sources,
  sum(n_documents)::BIGINT AS n_documents, sum(n_known)::BIGINT AS n_known, sum(n_bytes)::BIGINT AS n_bytes,
  median(seconds) AS seconds, arg_max(input, (fetched_at, input)) AS for_example
FROM fetches WHERE run_id = ? GROUP BY outcome, verdict ORDER BY n_fetches DESC, outcome
"""
BATCHES = """
SELECT stage, count(*) AS n_batches, count(*) FILTER (WHERE worked_by <> run_id) AS n_reused,
  sum(n_documents)::BIGINT AS n_documents, sum(n_bytes)::BIGINT AS n_bytes, sum(n_rows)::BIGINT AS n_rows,
  sum(n_refused)::BIGINT AS n_refused, sum(seconds) AS seconds, median(seconds) AS median_seconds,
  max(seconds) AS most_seconds
FROM run_batches WHERE run_id = ? GROUP BY stage ORDER BY min(rowid)
"""
OF_RUN = {
    "warnings": "SELECT promise, broken_by FROM run_warnings WHERE run_id = ? ORDER BY promise",
    "stages": "SELECT stage, n_batches, n_reused, seconds FROM run_stages WHERE run_id = ? ORDER BY rowid",
    "batches": BATCHES,
    "fetches": FETCHES,
    "rejects": f"""SELECT input, source_name, stage, reason, detail, seen_at, article_id, raw_sha256
      FROM rejects WHERE run_id = ? ORDER BY stage, reason, input LIMIT {SHOWN}""",
    "alerts": f"""SELECT alert_id, about, subject, title, event_id, raised_at, ended_at, state
      FROM alerts WHERE run_id = ? ORDER BY about, title, alert_id LIMIT {SHOWN}""",
    "causes": """SELECT change, cause, count(*) AS n_changes, count(DISTINCT event_id) AS n_events
      FROM toll_history WHERE run_id = ? AND policy = 'independent' GROUP BY ALL
      ORDER BY n_changes DESC, change, cause""",
    "changes": f"""WITH picked AS (
        SELECT * FROM toll_history WHERE run_id = ? AND policy = 'independent'
        ORDER BY change = 'new', label, kind, event_id LIMIT {SHOWN}
      ),
      before AS (
        SELECT s.event_id, s.kind, max_by({{'low': h.low, 'best': h.best, 'high': h.high,
          'best_modifier': h.best_modifier, 'best_count_id': h.best_count_id}}, h.publication_no) AS was
        FROM picked AS s JOIN toll_history AS h USING (event_id, kind, policy)
        WHERE h.publication_no < s.publication_no
        GROUP BY s.event_id, s.kind
      )
      SELECT s.event_id, s.label, s.kind, s.change, s.cause, s.low, s.best, s.high, s.best_modifier, s.is_open_high,
        s.best_count_id, s.n_articles, s.n_origins, b.was
      FROM picked AS s LEFT JOIN before AS b USING (event_id, kind)
      ORDER BY s.change = 'new', s.label, s.kind, s.event_id""",
}


def runs(con: duckdb.DuckDBPyConnection, page: int = 1) -> dict[str, Any]:
    """The runs, newest first, `SHOWN` a page from 1 on, each with its stages, warnings, publication (NULL: it published
    nothing) and how many tolls it changed; disk, rejects by reason, the slowest pages of 7 days, the last alerts.
    Instants are UTC."""
    n_runs = rows(con, "SELECT count(*) AS n FROM runs")[0]["n"]
    last = n_pages(n_runs, SHOWN)
    page = min(page, last)
    return {
        "runs": rows(con, RUNS, [SHOWN, (page - 1) * SHOWN]),
        "n_runs": n_runs,
        "page": page,
        "n_pages": last,
        "disk": rows(con, DISK),
        "rejects": rows(con, REJECTS),
        "slow": rows(con, SLOW),
        "alerts": rows(con, ALERTS),
    }


def at_work(con: duckdb.DuckDBPyConnection, data: Path, now: datetime) -> dict[str, Any]:
    """What the data folder tells at `now` (UTC), beside what is published: `holder` is who is at work (NULL: nobody),
    `attempt` the last run whether or not it published (NULL: none told), `looks` what needs a look in plain words,
    `prefect` where Prefect shows its own pages."""
    attempt = last_attempt(data)
    return {
        "now": now,
        "holder": holder(data),
        "attempt": _as_data(attempt) if attempt else None,
        "looks": needs_a_look(con, attempt, now),
        "prefect": prefect_pages(data),
    }


def _as_data(attempt: Attempt) -> Row:
    """An attempt with its instants as such."""
    told = asdict(attempt)
    for name in ("started_at", "ended_at", "failed_since"):
        told[name] = datetime.fromisoformat(told[name]) if told[name] else None
    return told


def run(con: duckdb.DuckDBPyConnection, run_id: str) -> dict[str, Any]:
    """A run in full: `run` is its row, then its warnings, stages, batches by stage, fetches by outcome, rejects and
    alerts, the tolls that it changed (`changes`, by the default policy; `was` is NULL of a new one) and what they came
    of (`causes`, all of them). At most `SHOWN` rejects, alerts and changes. Raises NotHere where no run has this id."""
    found = rows(
        con,
        "SELECT r.*, p.publication_no, p.at AS published_at FROM runs AS r LEFT JOIN publications AS p USING (run_id) "
        "WHERE run_id = ?",
        [run_id],
    )
    if not found:
        raise NotHere(f"No run has the id {run_id}.")
    return {"run": found[0]} | {part: rows(con, sql, [run_id]) for part, sql in OF_RUN.items()}
