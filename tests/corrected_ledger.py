"""A ledger of a few rows, filled by name: articles, what they state, and the events that they tell of."""

from datetime import UTC, datetime
from typing import Any

import duckdb

from flows.warehouse.anchoring import understand
from flows.warehouse.corrections import Correction, stored_corrections
from flows.warehouse.drafts import Draft
from flows.warehouse.ledger import take_in_corrections

Con = duckdb.DuckDBPyConnection
WORDS = ["bridge", "ferry", "harbour", "pilgrims", "drowned", "storm"]
NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
SPAN = {"event_no": 0, "field": "text", "evidence_start": 0, "char_start": 0, "char_end": 3}
READ = {"seen_at": NOW, "rules_version": "r"}


# One word of each sort, on the three articles that `filled` has and on `two_events`.
SAID: list[dict[str, Any]] = [
    {"action": "fix", "target": "cnt_1", "sets": "value=40; modifier=up_to"},
    {"action": "fix", "target": "cnt_1", "sets": "kind=wounded; attributed_to=Red Hand"},
    {"action": "drop", "target": "cnt_2"},
    {"action": "drop", "target": "clm_1"},
    {"action": "fix", "target": "clm_1", "sets": "stance=denied"},
    {"action": "mute", "target": "Outlet of art_5"},
    {"action": "merge", "target": "evt_1", "other": "evt_2"},
    {"action": "split", "target": "evt_1", "other": "art_3 art_4"},
]


def insert(con: Con, table: str, **row: Any) -> None:
    """One row, by name; what is not named is NULL."""
    names = ", ".join(f'? AS "{name}"' for name in row)
    con.execute(f"INSERT INTO {table} BY NAME SELECT {names}", list(row.values()))


def add_article(con: Con, name: str, revision: int = 1, publisher: str | None = None, source: str = "wire") -> None:
    """A revision, the current one; its text is the sentence of its counts."""
    stated = {
        "input": f"in-{name}",
        "text": "Eight people died.",
        "extractor": "plain",
        "facts_version": "r",
        "rules_version": "r",
    }
    insert(
        con,
        "revisions",
        **stated,
        article_id=name,
        revision=revision,
        source_name=source,
        publisher=publisher or f"Outlet of {name}",
        raw_sha256=f"{name}-{revision}",
        first_seen_at=NOW,
    )
    con.execute("INSERT OR REPLACE INTO current_revisions VALUES (?, ?)", [name, revision])
    con.execute("INSERT OR IGNORE INTO story_articles VALUES ('sto_1', ?)", [name])


def add_count(con: Con, count_id: str, article_id: str, value: int | None = 8, **row: Any) -> None:
    """A count of a revision, of the article's main event and for the whole toll unless it is said otherwise."""
    whole: dict[str, Any] = {"kind": "killed", "low": value, "high": value, "modifier": "exact", "scope": "total"}
    whole |= {"revision": 1, "evidence": "Eight people died.", "is_attacker": False} | SPAN | READ
    insert(con, "stated_counts", **whole | {"count_id": count_id, "article_id": article_id, "value": value} | row)


def add_claim(con: Con, claim_id: str, article_id: str, stance: str = "blamed", **row: Any) -> None:
    """A claim of a revision."""
    whole: dict[str, Any] = {"actor": "Red Hand", "asserted_by": "the mayor", "revision": 1, "evidence": "It was them."}
    whole |= SPAN | READ
    insert(con, "stated_claims", **whole | {"claim_id": claim_id, "article_id": article_id, "stance": stance} | row)


def add_telling(con: Con, article_id: str, event_id: str, event_no: int = 0, **row: Any) -> None:
    """An event as a revision tells it, and the event that linking found it to be."""
    is_main, revision = row.pop("is_main", event_no == 0), row.pop("revision", 1)
    key = {"article_id": article_id, "revision": revision, "event_no": event_no}
    whole = {"is_main": is_main, "is_aggregate": False, "kind": "attack", "words": []} | row
    insert(con, "local_events", **key, **whole)
    insert(con, "mentioned_events", **key, event_id=event_id, is_main=is_main, story_id="sto_1", happening_id=event_id)
    if not con.execute("FROM linked_events WHERE event_id = ?", [event_id]).fetchone():
        insert(
            con, "linked_events", event_id=event_id, label=f"label of {event_id}", is_aggregate=whole["is_aggregate"]
        )


def say(con: Con, action: str, target: str | None = None, **said: Any) -> Correction:
    """Take down one word of an analyst and apply it."""
    draft = Draft(**{"action": action, "target": target, "why": "a slip", "corrected_by": "Ann Reyes"} | said)
    there = stored_corrections(con)
    one = understand(con, draft, there, NOW)
    take_in_corrections(con, there if one in there else [*there, one])
    return one


def ask(con: Con, sql: str, *params: object) -> list[tuple[Any, ...]]:
    return con.execute(sql, list(params)).fetchall()


def states(con: Con) -> dict[str, str]:
    return dict(ask(con, "SELECT action, state FROM corrections"))


def two_events(con: Con) -> None:
    """A fourth article recalls another event, of which a fifth is."""
    add_article(con, "art_4")
    add_article(con, "art_5")
    add_telling(con, "art_4", "evt_1")
    add_telling(con, "art_4", "evt_2", 1, time_key="03-02", place="Arvento", words=WORDS)
    add_telling(con, "art_5", "evt_2")
    add_count(con, "cnt_5", "art_5", 12)
    add_count(con, "cnt_4", "art_4", 11, event_no=1)


def everything(con: Con, *views: str) -> dict[str, list[tuple[Any, ...]]]:
    """Some views, or every one that a reader has but for what was said and which ids are gone."""
    apart = {"applied_corrections", "event_aliases"}
    names = [name for (name,) in ask(con, "SELECT view_name FROM duckdb_views() WHERE NOT internal ORDER BY 1")]
    names = [name for name in names if name in (views or names)]
    return {name: sorted(ask(con, f"FROM {name}"), key=repr) for name in names if name not in apart}
