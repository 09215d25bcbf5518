"""Sources: how each is, what it yields, what was learnt of it, what was refused."""

from typing import Any

import duckdb

from flows.dashboard.errors import NotHere
from flows.dashboard.paging import n_pages
from flows.warehouse.read import rows

SHOWN = 200  # sources of a page, learnt lines of a source
EXAMPLES = 3

# What each gave on the 14 days up to the last one, for a line as long for all.
SOURCES = """
WITH last_days AS (
  SELECT unnest(range(max(day) - 13, max(day) + 1, INTERVAL 1 DAY))::DATE AS day FROM source_days
),
days AS (
  SELECT source_name, list(coalesce(n_new, 0) ORDER BY day) AS n_new
  FROM (SELECT source_name, day FROM sources CROSS JOIN last_days) LEFT JOIN source_days USING (source_name, day)
  GROUP BY source_name
),
yields AS (
  SELECT source_name,
    list({'measure': measure, 'recent': recent, 'usual': usual, 'direction': direction} ORDER BY measure) AS measures
  FROM source_yield GROUP BY source_name
),
refused AS (
  SELECT source_name, sum(n_week)::BIGINT AS n_week, bool_or(is_rising) AS is_rising FROM source_rejects
  GROUP BY source_name
),
muted AS (
  SELECT DISTINCT target AS source_name FROM corrections
  WHERE action = 'mute' AND type = 'source' AND state = 'holds'
)
SELECT
  h.*,
  s.publisher,
  s.first_seen_at,
  epoch(h.last_read_at - h.last_new_at) / 3600 AS quiet_hours,
  m.source_name IS NOT NULL AS is_muted,
  coalesce(d.n_new, []) AS new_by_day,
  coalesce(list_sum(d.n_new[-7:]), 0)::BIGINT AS n_new_week,
  coalesce(r.n_week, 0) AS n_rejects_week,
  coalesce(r.is_rising, false) AS is_rejected_more,
  coalesce(y.measures, []) AS yields
FROM source_health AS h
JOIN sources AS s USING (source_name)
LEFT JOIN days AS d USING (source_name)
LEFT JOIN yields AS y USING (source_name)
LEFT JOIN refused AS r USING (source_name)
LEFT JOIN muted AS m USING (source_name)
"""
TOTALS = """
SELECT
  count(*) AS n_sources,
  count(wrong) AS n_wrong,
  coalesce(sum(n_articles), 0)::BIGINT AS n_articles,
  count(*) FILTER (WHERE n_articles > 0) AS n_with_articles,
  (SELECT count(*) FROM rejects) AS n_rejects,
  (SELECT count(*) FROM recurring_lines WHERE decision = 'drop') AS n_lines_dropped,
  max(last_read_at) AS last_read_at
FROM source_health
"""
OWN_FETCHES = """
SELECT run_id, input, outcome, verdict, status, detail, final_url, n_documents, n_known, n_refused, n_bytes, seconds,
  fetched_at
FROM fetches
WHERE source_name = ? AND coalesce(is_source, true)
ORDER BY fetched_at DESC, input
LIMIT 20
"""
PAGES_BY_OUTCOME = """
SELECT outcome, any_value(verdict) AS verdict, count(*) AS n_fetches, median(seconds) AS seconds,
  max(fetched_at) AS last_at, arg_max(input, (fetched_at, input)) AS for_example
FROM fetches
WHERE source_name = $1 AND NOT is_source
  AND fetched_at > (SELECT max(started_at) - INTERVAL 7 DAYS FROM runs)
GROUP BY outcome
ORDER BY n_fetches DESC, outcome
"""
REJECTS = f"""
SELECT y.*, e.examples
FROM source_rejects AS y
JOIN (
  SELECT stage, reason,
    max({{'seen_at': seen_at, 'input': input, 'detail': detail, 'article_id': article_id, 'run_id': run_id}},
      {EXAMPLES}) AS examples
  FROM rejects WHERE source_name = $1 GROUP BY stage, reason
) AS e USING (stage, reason)
WHERE y.source_name = $1
ORDER BY y.n_week DESC, y.n_rejects DESC, y.stage, y.reason
"""
# Lines that recur at the publishers of its articles and stand in them; of each the articles where it went, first.
LINES = f"""
WITH own AS (
  SELECT article_id, revision, title, first_seen_at FROM articles WHERE source_name = $1
),
standing AS (
  SELECT
    l.outlet AS publisher,
    l.part,
    l.line_key,
    count(*) AS n_here,
    count(*) FILTER (WHERE l.is_taken) AS n_taken,
    max({{'is_taken': l.is_taken, 'seen_at': o.first_seen_at, 'article_id': l.article_id, 'title': o.title}},
      {EXAMPLES}) AS examples
  FROM article_lines AS l
  JOIN own AS o USING (article_id, revision)
  SEMI JOIN recurring_lines AS d ON d.publisher = l.outlet AND d.part = l.part AND d.line_key = l.line_key
  GROUP BY ALL
)
SELECT
  d.line_id, d.publisher, d.part, d.line, d.form, d.n_articles, d.n_head, d.n_body, d.n_tail, d.first_seen_at,
  d.last_seen_at, d.decision, d.reason, d.decided_by, d.decided_at, s.n_here, s.n_taken, s.examples
FROM recurring_lines AS d JOIN standing AS s USING (publisher, part, line_key)
ORDER BY d.decided_by, d.decision, d.n_articles DESC, d.line_id
LIMIT {SHOWN}
"""
REMOVED = """
SELECT r.rule, count(*) AS n_lines, count(DISTINCT r.article_id) AS n_articles,
  arg_max(r.text, r.article_id) AS for_example, max(r.article_id) AS article_id
FROM removed_lines AS r JOIN articles AS a USING (article_id)
WHERE a.source_name = ?
GROUP BY r.rule
ORDER BY n_articles DESC, n_lines DESC, r.rule
"""
DAYS = "SELECT * EXCLUDE (source_name) FROM source_days WHERE source_name = ? ORDER BY day"
YIELDS = "SELECT * EXCLUDE (source_name) FROM source_yield WHERE source_name = ? ORDER BY measure"
CORRECTIONS = """
SELECT correction_id, action, corrected_by, corrected_at, why, state
FROM corrections WHERE type = 'source' AND target = ? ORDER BY correction_no
"""
ALERTS = """
SELECT alert_id, title, text, raised_at, ended_at, state
FROM alerts WHERE about = 'source' AND subject = ? ORDER BY raised_at DESC, alert_id LIMIT 10
"""
NEWEST = """
SELECT article_id, title, publisher, url, input, published_at, published_precision, first_seen_at, word_count, language
FROM articles WHERE source_name = ? ORDER BY first_seen_at DESC, article_id LIMIT 10
"""


def sources(con: duckdb.DuckDBPyConnection, page: int = 1) -> dict[str, Any]:
    """The sources, those with something wrong first, `SHOWN` a page from 1 on; instants are UTC. `quiet_hours` is how
    long nothing new had come when it was last asked (NULL: nothing ever came); `new_by_day` are new articles on each of
    the last 14 days (UTC); `yields` has a measure a row, NULL `usual`: no habit yet."""
    totals = rows(con, TOTALS)[0]
    last = n_pages(totals["n_sources"], SHOWN)
    page = min(page, last)
    found = rows(
        con,
        f"""{SOURCES} ORDER BY h.wrong IS NULL, h.wrong LIKE 'nothing of it%', h.wrong LIKE 'failing: %', h.source_name
        LIMIT {SHOWN} OFFSET ?""",
        [(page - 1) * SHOWN],
    )
    return {
        "totals": totals,
        "sources": found,
        "page": page,
        "n_pages": last,
    }


def source(con: duckdb.DuckDBPyConnection, name: str) -> dict[str, Any]:
    """All that is known of a source: `source` is its row of `sources`, `by_day` what each day gave against the usual,
    `yields` its measures, `fetches` the last askings of its own address, `outcomes` its pages of 7 days, `rejects` by
    stage and reason with examples, `lines` those learnt at its publishers, `removed` what went by rule, `corrections`
    and `alerts` about it, `articles` its newest. Raises NotHere where no source has this name."""
    found = rows(con, f"{SOURCES} WHERE h.source_name = ?", [name])
    if not found:
        raise NotHere(f"No source is called {name}.")
    return {
        "source": found[0],
        "by_day": rows(con, DAYS, [name]),
        "yields": rows(con, YIELDS, [name]),
        "fetches": rows(con, OWN_FETCHES, [name]),
        "outcomes": rows(con, PAGES_BY_OUTCOME, [name]),
        "rejects": rows(con, REJECTS, [name]),
        "lines": rows(con, LINES, [name]),
        "removed": rows(con, REMOVED, [name]),
        "corrections": rows(con, CORRECTIONS, [name]),
        "alerts": rows(con, ALERTS, [name]),
        "articles": rows(con, NEWEST, [name]),
    }
