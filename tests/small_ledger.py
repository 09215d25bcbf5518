"""A ledger of a few rows, filled by name: articles, what they state, and the events that they tell of."""

from datetime import UTC, datetime
from typing import Any

import duckdb

from flows.warehouse.anchoring import understand
from flows.warehouse.corrections import Correction, stored_corrections
from flows.warehouse.drafts import Draft
from flows.warehouse.ledger import take_in_corrections

Con = duckdb.DuckDBPyConnection
NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
SPAN = {"event_no": 0, "field": "text", "evidence_start": 0, "char_start": 0, "char_end": 3}
READ = {"seen_at": NOW, "rules_version": "r"}


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
    insert(con, "mentioned_events", **key, event_id=event_id, is_main=is_main, story_id="sto_1")
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
