"""Causes to tell somebody of: what holds now that did not at the last publication, and what happened since.

They are rows of `alerts`, raised within the transaction of the publication that shows them. Whom they go to is not
known here (deliveries): so an address that is named later hears of what is new then, not of all that stands.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

import duckdb
import polars as pl

from flows.alerting import Watch
from flows.schema import shape
from flows.warehouse.alert_texts import Cause, tell_conflicts, tell_tolls, tell_watch
from flows.warehouse.schema import meta, set_meta

RAISED = shape({"about": pl.String, "subject": pl.String, "event_id": pl.String, "title": pl.String, "text": pl.String})
# Told as an alert about its sources, one by one.
CHECKS_TOLD_ELSEWHERE = {"sources_are_heard"}
# Alerts with the event that theirs is today.
TOLD = """
CREATE OR REPLACE TEMP TABLE told_alerts AS
SELECT a.alert_id, a.about, a.subject, coalesce(i.new_id, a.event_id) AS event_id, a.ended_at
FROM alerts AS a LEFT JOIN built_event_aliases AS i ON i.old_id = a.event_id
"""
# What holds. may_begin: it is worth a message. A source that fails once or twice is not, nor one that nothing ever
# came of; figures over a period differ by nature.
HOLDING = """
CREATE OR REPLACE TEMP TABLE holding AS
SELECT 'source' AS about, source_name AS subject, NULL::VARCHAR AS event_id,
  n_failures >= 3 OR starts_with(wrong, 'gone') OR (coalesce(n_failures, 0) = 0 AND n_articles > 0) AS may_begin
FROM built_source_health
WHERE wrong IS NOT NULL
UNION ALL
SELECT DISTINCT 'conflict', d.kind, d.event_id, true
FROM built_disagreements AS d JOIN built_known_events AS e USING (event_id)
WHERE d.is_conflict AND NOT e.is_aggregate
"""
BEGUN = """
CREATE OR REPLACE TEMP TABLE begun AS
SELECT about, subject, event_id
FROM holding AS h
WHERE may_begin AND NOT EXISTS (
  FROM told_alerts AS t
  WHERE t.about = h.about AND t.subject = h.subject AND t.event_id IS NOT DISTINCT FROM h.event_id
    AND t.ended_at IS NULL
)
"""
ENDED = """
UPDATE alerts SET ended_at = $now
WHERE alert_id IN (
  SELECT alert_id FROM told_alerts AS t
  WHERE t.ended_at IS NULL AND t.about IN (SELECT unnest($asked)) AND NOT EXISTS (
    FROM holding AS h
    WHERE h.about = t.about AND h.subject = t.subject AND h.event_id IS NOT DISTINCT FROM t.event_id
  )
)
"""
# Events that a watch names and of which it was not told; stood: since before the last publication.
MATCHED = """
SELECT e.event_id, e.label, c.since_at <= $last_at AS stood
FROM built_events AS e JOIN built_coverage AS c USING (event_id)
WHERE NOT e.is_aggregate
  AND ($place IS NULL OR lower(e.place) = lower($place))
  AND ($country IS NULL OR lower(e.country) = lower($country))
  AND ($kind IS NULL OR e.kind = $kind)
  AND ($actor IS NULL OR e.event_id IN (
    SELECT r.event_id FROM built_responsibility AS r LEFT JOIN actors AS a USING (actor)
    WHERE lower(r.actor) = lower($actor) OR list_contains(list_transform(a.aliases, x -> lower(x)), lower($actor))
  ))
  AND e.event_id NOT IN (
    SELECT event_id FROM told_alerts WHERE about = 'watch' AND subject = $name AND event_id IS NOT NULL
  )
ORDER BY e.event_id
"""


def raise_alerts(
    con: duckdb.DuckDBPyConnection,
    number: int,
    run_id: str,
    now: datetime,
    broken: Sequence[tuple[str, str]] | None,
    watches: Sequence[Watch] = (),
) -> None:
    """Raise what publication `number` of a run gives cause to tell, end what holds no more. In the transaction of
    publish.finish_run: the tables are built, the tolls' changes noted. `broken`: the promises that the checks found
    broken, with what breaks them; None where nothing was checked."""
    is_first = number == 1
    con.execute(TOLD)
    con.execute(HOLDING)
    checks = {promise.partition(": ")[0]: (promise, row) for promise, row in broken or ()}
    for stem in checks.keys() - CHECKS_TOLD_ELSEWHERE:
        con.execute("INSERT INTO holding VALUES ('check', ?, NULL, true)", [stem])
    con.execute(BEGUN)
    is_pass = con.execute(
        "FROM runs WHERE run_id = ? AND (command = 'run' OR starts_with(command, 'rebuild'))", [run_id]
    ).fetchone()
    asked = ["source", "conflict"] + ["check"] * (broken is not None) + ["run"] * (is_pass is not None)
    con.execute(ENDED, {"now": now, "asked": asked})
    begun = con.execute("FROM begun WHERE about IN ('source', 'check') ORDER BY ALL").fetchall()
    causes = [_condition(con, about, subject, checks) for about, subject, _ in begun]
    _save(con, run_id, now, [*causes, *tell_tolls(con, number)])
    _save(con, run_id, now, tell_conflicts(con), None if is_first or meta(con, "alerts") else "stood before")
    set_meta(con, "alerts", "kept")
    for watch in watches:
        _match(con, watch, number, run_id, now)


def note_failure(
    con: duckdb.DuckDBPyConnection, run_id: str, now: datetime, message: str, checks: Sequence[tuple[str, str]]
) -> None:
    """Raise that a run failed, or, where it failed for them, that `checks` are broken (promise, what breaks it); what
    was raised and has not ended is not raised again."""
    causes = [_broken(promise.partition(": ")[0], promise, row) for promise, row in checks]
    if not causes:
        text = f"{message}\n\nWhat was published last stays. Look: newsledger status; newsledger doctor"
        causes = [Cause("run", "run", None, "a run failed", text)]
    is_open = "FROM alerts WHERE about = ? AND subject = ? AND ended_at IS NULL"
    new = [cause for cause in causes if not con.execute(is_open, [cause.about, cause.subject]).fetchone()]
    _save(con, run_id, now, new)


def _condition(con: duckdb.DuckDBPyConnection, about: str, subject: str, checks: dict[str, tuple[str, str]]) -> Cause:
    if about == "check":
        return _broken(subject, *checks[subject])
    health = "SELECT wrong, location, last_heard_at, last_new_at FROM built_source_health WHERE source_name = ?"
    row = con.execute(health, [subject]).fetchone()
    assert row
    heard, new = (f"{at:%Y-%m-%d %H:%M} UTC" if at else "never" for at in row[2:])
    text = f"{row[1]}\nlast heard: {heard}; last new: {new}\n\nLook: newsledger status"
    return Cause("source", subject, None, f"source {subject}: {row[0]}", text)


def _broken(stem: str, promise: str, row: str) -> Cause:
    text = f"It promises: {promise.partition(': ')[2]}\nWhat breaks it, e.g.: {row}\n\nLook: newsledger status"
    return Cause("check", stem, None, f"a check is broken: {stem}", text)


def _match(con: duckdb.DuckDBPyConnection, watch: Watch, number: int, run_id: str, now: datetime) -> None:
    """Raise the events that a watch names. Of one that is new to this ledger, those that stood before it are told as a
    sum."""
    last = con.execute('SELECT "at" FROM publications WHERE publication_no = ?', [number - 1]).fetchone()
    given = {key: getattr(watch, key) for key in ("name", "place", "country", "actor", "kind")}
    found = con.execute(MATCHED, given | {"last_at": last[0] if last else None}).fetchall()
    title = f"watch {watch.name} ({watch})"
    is_new = not con.execute("FROM alerts WHERE about = 'watch' AND starts_with(title, ?)", [title]).fetchone()
    old = [row for row in found if row[2] and is_new]
    if is_new:
        labels = [f"{label} ({event_id})" for event_id, label, _ in old]
        more = [f"and {len(old) - 10} more"] if len(old) > 10 else []
        one = Cause("watch", watch.name, None, f"{title}: {len(old)} known events match", "\n".join(labels[:10] + more))
        _save(con, run_id, now, [one], None if old else "nothing to tell")
    _save(con, run_id, now, [Cause("watch", watch.name, row[0], row[1], "") for row in old], "stood before")
    _save(con, run_id, now, tell_watch(con, watch.name, [row[0] for row in found if row not in old]))


def _save(
    con: duckdb.DuckDBPyConnection, run_id: str, now: datetime, causes: Iterable[Cause], state: str | None = None
) -> None:
    frame = pl.DataFrame(list(causes), schema=RAISED, orient="row")
    if frame.is_empty():
        return
    con.register("causes", frame)
    con.execute(
        """INSERT INTO alerts BY NAME
        SELECT 'alr_' || md5(concat_ws('|', about, subject, event_id, title, $run_id))[:16] AS alert_id, *,
          $now::TIMESTAMPTZ AS raised_at, $run_id AS run_id, $state AS state
        FROM causes""",
        {"run_id": run_id, "now": now, "state": state},
    )
    con.unregister("causes")
