"""Applying corrections: what they make of the facts and events of today, in tables that the views read. The tables of
facts and links stay as they were read and linked; what is made here is made anew each time."""

from collections.abc import Iterator, Sequence
from typing import Any

import duckdb
import polars as pl

from flows.warehouse import regrouping
from flows.warehouse.corrections import undone_ids
from flows.warehouse.fixes import fix_count, stored_sets

Con = duckdb.DuckDBPyConnection
Fact = dict[str, Any]
# type -> table, id, and what it is anchored by: its kind and its value, as the rules read them.
ANCHORS = {
    "count": ("stated_counts", "count_id", "f.kind", "coalesce(f.value::VARCHAR, concat(f.low, '..', f.high))"),
    "claim": ("stated_claims", "claim_id", "f.stance", "f.actor"),
    "quote": ("stated_quotes", "quote_id", "NULL::VARCHAR", "f.text"),
}
SPOKEN = ("attributed_to", "attributed_role", "attributed_org", "attributed_via", "actor_type")
SAID = ("kind", "value", "low", "high", "modifier", "is_attacker", "scope", "scope_reason", *SPOKEN, "victim_no")
KEPT = {"count": ("count_id", *SAID), "claim": ("claim_id", "stance", "actor", "asserted_by"), "quote": ("quote_id",)}
MADE = ("corrected_counts", "corrected_claims", "corrected_quotes", "muted_revisions")


def anchored(type: str) -> str:
    """SQL: the facts of a type in the articles of the table `asked` (article_id), each as read, with what it is found
    again by (`of_kind`, `of_value`, `evidence`, `nth`) and whether its revision `is_current`."""
    table, fact_id, kind, value = ANCHORS[type]
    return f"""
    SELECT f.*, f.{fact_id} AS fact_id, {kind} AS of_kind, {value} AS of_value,
      c.revision IS NOT NULL AS is_current,
      row_number() OVER (PARTITION BY f.article_id, f.revision, {kind}, {value}, f.evidence
        ORDER BY f.field, f.char_start, f.char_end, f.{fact_id})::INTEGER AS nth
    FROM {table} AS f
    SEMI JOIN asked USING (article_id)
    LEFT JOIN current_revisions AS c USING (article_id, revision)"""


def apply_corrections(con: Con) -> None:
    """Make anew what the corrections of the table make of what was read and linked, and say of each whether it holds.
    The caller has a transaction open."""
    for table in (*MADE, *regrouping.MADE):
        con.execute(f"DELETE FROM {table}")
    said = con.execute("SELECT correction_id, action, target FROM corrections ORDER BY correction_no").fetchall()
    if not said:
        return
    undone = undone_ids(said)
    con.register("undone", pl.DataFrame({"correction_id": sorted(undone)}, schema={"correction_id": pl.String}))
    con.execute("CREATE OR REPLACE TEMP TABLE standing AS FROM corrections ANTI JOIN undone USING (correction_id)")
    con.execute("UPDATE corrections SET state = 'lost'")
    con.execute("UPDATE corrections SET state = 'holds' WHERE action = 'undo'")
    types = {type for (type,) in con.execute("SELECT DISTINCT type FROM standing").fetchall()}
    if "source" in types:
        _mute(con)
    for type in sorted(ANCHORS.keys() & types):
        _correct_facts(con, type)
    regrouping.regroup(con)
    con.execute("UPDATE corrections SET state = 'undone' WHERE correction_id IN (FROM undone)")
    con.execute("DROP TABLE standing")
    con.unregister("undone")


def _mute(con: Con) -> None:
    """Every revision of a muted source or publisher, under the first word on it."""
    con.execute(
        """INSERT INTO muted_revisions BY NAME
        SELECT article_id, revision,
          arg_min('muted by ' || corrected_by || ': ' || why, correction_no) AS set_aside,
          arg_min(correction_id, correction_no) AS correction_id
        FROM (
          SELECT r.article_id, r.revision, s.* FROM revisions AS r
          JOIN (SELECT * EXCLUDE (article_id) FROM standing WHERE action = 'mute') AS s ON s.target = r.source_name
          UNION ALL
          SELECT r.article_id, r.revision, s.* FROM revisions AS r
          JOIN (SELECT * EXCLUDE (article_id) FROM standing WHERE action = 'mute') AS s ON s.target = r.publisher
        )
        GROUP BY article_id, revision"""
    )
    con.execute(
        """UPDATE corrections SET state = 'holds' WHERE action = 'mute'
        AND target IN (SELECT source_name FROM articles UNION SELECT publisher FROM articles)"""
    )


def _correct_facts(con: Con, type: str) -> None:
    con.execute("CREATE OR REPLACE TEMP TABLE asked AS SELECT DISTINCT article_id FROM standing WHERE type = ?", [type])
    con.execute(
        f"""CREATE OR REPLACE TEMP TABLE found AS
        SELECT s.correction_id, s.correction_no, s.action, s.sets, s.corrected_by, s.why, f.*
        FROM ({anchored(type)}) AS f
        JOIN standing AS s ON s.type = '{type}' AND s.article_id = f.article_id AND s.evidence = f.evidence
          AND s.value IS NOT DISTINCT FROM f.of_value AND s.kind IS NOT DISTINCT FROM f.of_kind AND s.nth = f.nth"""
    )
    con.execute(
        "UPDATE corrections SET state = 'holds' "
        "WHERE correction_id IN (SELECT correction_id FROM found WHERE is_current)"
    )
    made = list(_made(type, con.sql("FROM found ORDER BY fact_id, correction_no").pl().to_dicts()))
    if made:
        table = f"corrected_{type}s"
        columns = [*KEPT[type], "set_aside", "correction_ids"]
        rows = pl.DataFrame([{name: one[name] for name in columns} for one in made], infer_schema_length=None)
        con.register("made_rows", rows)
        con.execute(f"INSERT INTO {table} BY NAME FROM made_rows ORDER BY {KEPT[type][0]}")
        con.unregister("made_rows")


def _made(type: str, found: Sequence[Fact]) -> Iterator[Fact]:
    """Each corrected fact as it is after all that was said of it, in the order in which it was said."""
    facts: dict[str, Fact] = {}
    for one in found:
        fact = facts.setdefault(one["fact_id"], one | {"set_aside": None, "correction_ids": []})
        fact["correction_ids"].append(one["correction_id"])
        say(type, fact, one)
    yield from facts.values()


def say(type: str, fact: Fact, said: Fact) -> None:
    """Let a fact be what one correction (`action`, `sets`, `corrected_by`, `why`) says of it."""
    by, why = said["corrected_by"], said["why"]
    if said["action"] == "drop":
        fact["set_aside"] = f"dropped by {by}: {why}"
    elif type == "count":
        fix_count(fact, stored_sets(said["sets"]), by, why)
    else:
        fact |= stored_sets(said["sets"])
