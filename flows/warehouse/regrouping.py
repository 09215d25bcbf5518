"""Merged and split events: which event each telling is of, after an analyst's word on what linking found."""

from collections import defaultdict
from typing import Any, NamedTuple

import duckdb
import polars as pl

from flows.schema import stable_id

Con = duckdb.DuckDBPyConnection
MADE = ("moved_tellings", "moved_events", "split_events", "corrected_events")
SHARED = 0.5  # share of the shorter telling's words in common at which a recalled event is found again

# What an article is about is found as that; what it recalls by its time and place, else by its words.
FOUND_AGAIN = f"""
CREATE OR REPLACE TEMP TABLE found_again AS
SELECT t.correction_id, t.part, l.article_id, l.revision, l.event_no
FROM correction_tellings AS t
JOIN local_events AS l USING (article_id)
JOIN current_revisions AS c ON c.article_id = l.article_id AND c.revision = l.revision
WHERE l.is_main = t.is_main AND l.is_aggregate = t.is_aggregate AND (
  t.is_main
  OR (coalesce(t.time_key, t.place) IS NOT NULL AND l.time_key IS NOT DISTINCT FROM t.time_key
    AND l.place IS NOT DISTINCT FROM t.place AND l.kind IS NOT DISTINCT FROM t.kind)
  OR len(list_intersect(l.words, t.words)) >= {SHARED} * greatest(least(len(l.words), len(t.words)), 1)
)
QUALIFY row_number() OVER (PARTITION BY t.correction_id, t.telling_no ORDER BY
  l.time_key IS NOT DISTINCT FROM t.time_key DESC, l.place IS NOT DISTINCT FROM t.place DESC,
  l.kind IS NOT DISTINCT FROM t.kind DESC, len(list_intersect(l.words, t.words)) DESC, l.event_no) = 1
"""
DESCRIBED = """
INSERT INTO split_events BY NAME
WITH tellings AS (
  SELECT r.event_id, l.*, list_position(['day', 'week', 'month', 'year'], l.date_precision) AS fineness
  FROM regrouped AS r
  JOIN local_events AS l USING (article_id, revision, event_no)
  WHERE r.event_id IN (FROM their_splits)
),
most AS (
  SELECT event_id, 'kind' AS what, kind AS said, count(*) AS times FROM tellings WHERE kind IS NOT NULL GROUP BY ALL
  UNION ALL
  SELECT event_id, 'place', place, count(*) FROM tellings WHERE place IS NOT NULL GROUP BY ALL
),
said AS (
  SELECT event_id, max(said) FILTER (what = 'kind') AS kind, max(said) FILTER (what = 'place') AS place
  FROM (FROM most QUALIFY row_number() OVER (PARTITION BY event_id, what ORDER BY times DESC, said) = 1)
  GROUP BY event_id
),
spots AS (
  SELECT t.event_id, t.country, t.lat, t.lon, t.where_precision
  FROM tellings AS t JOIN said AS s ON s.event_id = t.event_id AND s.place = t.place
  WHERE t.country IS NOT NULL
  GROUP BY t.event_id, t.country, t.lat, t.lon, t.where_precision
  QUALIFY row_number() OVER (PARTITION BY t.event_id ORDER BY t.lat IS NULL, count(*) DESC, t.country, t.lat, t.lon) = 1
),
days AS (
  SELECT event_id, date_low, date_high, date_precision
  FROM tellings
  WHERE date_low IS NOT NULL
  GROUP BY event_id, date_low, date_high, date_precision
  QUALIFY row_number() OVER (PARTITION BY event_id ORDER BY min(fineness), count(*) DESC, date_low, date_high) = 1
),
every AS (SELECT event_id, bool_or(is_aggregate) AS is_aggregate FROM tellings GROUP BY event_id)
SELECT
  e.event_id, s.kind, s.place, p.country, p.lat, p.lon, p.where_precision, d.date_low, d.date_high, d.date_precision,
  e.is_aggregate,
  concat_ws(', ', CASE WHEN e.is_aggregate THEN 'sum over a period' ELSE coalesce(s.kind, 'event') END, s.place,
    CASE WHEN d.date_low IS NULL THEN 'date not stated' WHEN d.date_low = d.date_high THEN d.date_low::VARCHAR
      ELSE d.date_low || ' to ' || d.date_high END) AS label
FROM every AS e
LEFT JOIN said AS s USING (event_id)
LEFT JOIN spots AS p USING (event_id)
LEFT JOIN days AS d USING (event_id)
ORDER BY e.event_id
"""


class Done(NamedTuple):
    """What a correction did: ids that are gone, by what took their place, and the events that it bears on."""

    gone: dict[str, str]
    events: list[str]


def split_id(correction_id: str) -> str:
    """The id of the event that a split makes."""
    return stable_id("evt", "split", correction_id)


def regroup(con: Con) -> None:
    """Move the tellings of events that corrections of the table `standing` merge and split, one after the other, and
    say of each whether it holds. Ids that are gone are kept in moved_events; the tables of MADE are empty before."""
    if not con.execute("FROM corrections WHERE type = 'event' LIMIT 1").fetchone():
        return
    con.execute("CREATE OR REPLACE TEMP TABLE regrouped AS FROM mentioned_events")
    con.execute(FOUND_AGAIN)
    moved: dict[str, tuple[str, Any]] = {}
    touched: dict[str, list[str]] = defaultdict(list)
    for correction_id, action, at in con.execute(
        "SELECT correction_id, action, corrected_at FROM standing WHERE type = 'event' ORDER BY correction_no"
    ).fetchall():
        step = _merge if action == "merge" else _split
        if not (now := step(con, correction_id)):
            continue
        con.execute("UPDATE corrections SET state = 'holds' WHERE correction_id = ?", [correction_id])
        moved |= {gone: (new, at) for gone, new in now.gone.items()}
        for event_id in now.events:
            touched[event_id].append(correction_id)
    _keep_split_ids(con, moved)
    _save(con, moved, touched)


def _event_of(con: Con, correction_id: str, part: int) -> str | None:
    """The event that most of the tellings of one part are of now; None where none of them is found."""
    row = con.execute(
        "SELECT r.event_id FROM found_again AS f JOIN regrouped AS r USING (article_id, revision, event_no) "
        "WHERE f.correction_id = ? AND f.part = ? GROUP BY r.event_id ORDER BY count(*) DESC, r.event_id LIMIT 1",
        [correction_id, part],
    ).fetchone()
    return str(row[0]) if row else None


def _lives(con: Con, event_id: str) -> bool:
    return con.execute("FROM regrouped WHERE event_id = ? LIMIT 1", [event_id]).fetchone() is not None


def _merge(con: Con, correction_id: str) -> Done | None:
    stays, goes = _event_of(con, correction_id, 1), _event_of(con, correction_id, 2)
    if stays is None or goes is None:
        return None
    if stays == goes:
        return Done({}, [stays])
    con.execute("UPDATE regrouped SET event_id = ? WHERE event_id = ?", [stays, goes])
    return Done({goes: stays}, [stays])


def _split(con: Con, correction_id: str) -> Done | None:
    stays, goes, new = _event_of(con, correction_id, 1), _event_of(con, correction_id, 2), split_id(correction_id)
    if stays is None or goes is None:
        return None
    con.execute(
        "UPDATE regrouped SET event_id = ? WHERE event_id = ? AND article_id IN "
        "(SELECT article_id FROM correction_tellings WHERE correction_id = ? AND part = 2)",
        [new, stays, correction_id],
    )
    if not _lives(con, new):  # linking keeps them apart by itself now
        return Done({new: goes}, [stays, goes])
    return Done({}, [stays, new])


def _keep_split_ids(con: Con, moved: dict[str, tuple[str, Any]]) -> None:
    """The id of a split that holds no more leads to the event that its articles tell of."""
    for correction_id, at in con.execute(
        "SELECT correction_id, corrected_at FROM corrections WHERE action = 'split'"
    ).fetchall():
        new = split_id(correction_id)
        if not _lives(con, new) and new not in moved and (goes := _event_of(con, correction_id, 2)):
            moved[new] = (goes, at)


def _save(con: Con, moved: dict[str, tuple[str, Any]], touched: dict[str, list[str]]) -> None:
    con.execute(
        "INSERT INTO moved_tellings BY NAME SELECT article_id, revision, event_no, r.event_id FROM regrouped AS r "
        "JOIN mentioned_events AS m USING (article_id, revision, event_no) WHERE r.event_id <> m.event_id ORDER BY ALL"
    )

    def last(event_id: str) -> str:
        while event_id in moved:
            event_id = moved[event_id][0]
        return event_id

    for gone in sorted(moved):
        con.execute("INSERT INTO moved_events VALUES (?, ?, ?)", [gone, last(gone), moved[gone][1]])
    by_event: dict[str, list[str]] = defaultdict(list)
    for event_id, ids in sorted(touched.items()):
        by_event[last(event_id)] += ids
    for event_id, ids in by_event.items():
        con.execute("INSERT INTO corrected_events VALUES (?, ?)", [event_id, sorted(set(ids))])
    linked = {row[0] for row in con.execute("SELECT event_id FROM linked_events").fetchall()}
    splits = [split_id(row[0]) for row in con.execute("SELECT correction_id FROM corrections").fetchall()]
    new = pl.DataFrame({"event_id": sorted(set(splits) - linked)}, schema={"event_id": pl.String})
    con.register("their_splits", new)
    con.execute(DESCRIBED)
    con.unregister("their_splits")
