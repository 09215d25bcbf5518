"""A small ledger filled by hand: who told what in which revision, seen when; the tables are filled by name."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb

from flows.warehouse.file import SETTINGS, ledger_path, open_ledger
from flows.warehouse.ledger import start_run
from flows.warehouse.origins import find_origins
from flows.warehouse.publish import finish_run, publish
from flows.warehouse.schema import prepare
from flows.warehouse.times import set_printed_at

START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
RULES = "r1"
Row = dict[str, Any]


def hour(number: float) -> datetime:
    """So many hours after the start."""
    return START + timedelta(hours=number)


def told(value: int | None, kind: str = "killed", **how: Any) -> Row:
    """A count of a whole toll, exact and said by nobody in particular unless `how` says otherwise."""
    return {"kind": kind, "value": value, "low": value, "high": value, "modifier": "exact", "scope": "total"} | how


def put(con: duckdb.DuckDBPyConnection, table: str, row: Row) -> None:
    """Insert a row by name; instants are UTC."""
    names = ", ".join(f"? AS {name}" for name in row)
    con.execute(f"INSERT INTO {table} BY NAME SELECT {names}", list(row.values()))


@cache
def empty_ledger() -> bytes:
    """A ledger's file without rows: making one takes half a second, most of it views."""
    with TemporaryDirectory() as folder:
        with open_ledger(Path(folder)) as con:
            prepare(con)
        return ledger_path(Path(folder)).read_bytes()


@dataclass
class SmallLedger:
    """A ledger in the folder `data`; each publication is a run of its own."""

    data: Path
    number: int = 0

    def __post_init__(self) -> None:
        ledger_path(self.data).parent.mkdir(parents=True, exist_ok=True)
        ledger_path(self.data).write_bytes(empty_ledger())
        self._open()

    def _open(self) -> None:
        self.con = duckdb.connect(str(ledger_path(self.data)), config=SETTINGS)  # shared with all that opens the file
        self.con.execute("SET TimeZone = 'UTC'; BEGIN")  # one transaction a publication: a third of the time

    def write(
        self,
        article: str,
        at: datetime,
        *counts: Row,
        claims: tuple[Row, ...] = (),
        event: str = "evt_1",
        text: str | None = None,
        removed: tuple[str, ...] = (),
        **how: Any,
    ) -> None:
        """One more revision of an article, seen first at an instant, and what it states, a sentence each; its text is
        those sentences unless given. `how` sets columns of `revisions`."""
        rules = how.pop("rules", RULES)
        facts = counts + claims
        sentences = [row.get("evidence") or f"{row.get('kind')} {row.get('value')}." for row in facts]
        body = text if text is not None else "\n".join(sentences) or "Nothing."
        con = self.con
        (revision,) = con.execute(
            "SELECT coalesce(max(revision), 0) + 1 FROM revisions WHERE article_id = ?", [article]
        ).fetchall()[0]
        key = {"article_id": article, "revision": revision}
        put(con, "revisions", key | {
            "input": article, "source_name": "wire", "text": body, "extractor": "plain",
            "raw_sha256": f"{article}-{revision}", "first_seen_at": at, "rules_version": rules,
            "facts_version": rules, "publisher": f"Outlet {article}",
        } | how)  # fmt: skip
        con.execute("INSERT OR REPLACE INTO current_revisions VALUES (?, ?)", [article, revision])
        con.execute("INSERT OR IGNORE INTO story_articles VALUES ('sto_1', ?)", [article])
        con.execute(
            "INSERT OR IGNORE INTO linked_events BY NAME SELECT ? AS event_id, 'blast' AS label, false AS is_aggregate",
            [event],
        )
        telling = {"event_no": 0, "event_id": event, "is_main": True, "story_id": "sto_1"}
        put(con, "mentioned_events", key | telling | {"happening_id": telling["event_id"]})
        for number, (row, sentence) in enumerate(zip(facts, sentences, strict=True)):
            start = body.index(sentence)
            span = {"evidence_start": start, "char_start": start, "char_end": start + len(sentence)}
            fact = key | span | {"event_no": 0, "field": "text", "evidence": sentence, "seen_at": at}
            fact |= {"rules_version": rules} | row
            if "stance" in row:
                put(con, "stated_claims", fact | {"claim_id": f"clm_{article}_{revision}_{number}"})
            else:
                own = {"count_id": f"cnt_{article}_{revision}_{number}"}
                put(con, "stated_counts", {"is_attacker": False} | fact | own)
        for line in removed:
            put(con, "removed_history", key | {"line_no": None, "text": line, "rule": "editor_note"})
        con.execute("CREATE OR REPLACE TEMP TABLE fresh AS SELECT ? AS article_id", [article])
        set_printed_at(con, "fresh")

    def link(self, article: str, event: str) -> None:
        """Linking finds that an article tells of another event."""
        con = self.con
        con.execute(
            "INSERT OR IGNORE INTO linked_events BY NAME SELECT ? AS event_id, 'blast' AS label, false AS is_aggregate",
            [event],
        )
        con.execute("UPDATE mentioned_events SET event_id = ? WHERE article_id = ?", [event, article])

    def copy(self, article: str, original: str) -> None:
        """Linking finds that an article is an exact copy of another, and settles whose words all count as."""
        put(self.con, "copies", {"article_id": article, "copy_of": original, "reason": "exact", "n_own_words": 0})
        find_origins(self.con)

    def execute(self, sql: str, *params: object) -> list[Any]:
        """Rows of a query, or a change that no other method makes."""
        return self.con.execute(sql, list(params)).fetchall()

    def hand_out(self) -> Path:
        """Let readers have the last publication; returns the data folder."""
        self.con.execute("COMMIT")
        self.con.close()
        publish(self.data, self.number, keep=1)
        self._open()
        return self.data

    def publish(
        self, at: datetime, command: str = "run", rules: str | None = None, watches: Any = ()
    ) -> list[tuple[Any, ...]]:
        """A publication; returns what it adds to the history: event, kind, policy, best, cause."""
        self.number += 1
        run_id = f"run-{self.number}"
        self.con.execute("COMMIT")
        start_run(self.data, run_id, at, command, "local", None, [])
        self.execute(
            "UPDATE runs SET state = 'loaded', n_new = 1, rules_version = ? WHERE run_id = ?", rules or RULES, run_id
        )
        finish_run(self.data, run_id, at, 0.0, watches)
        self.con.execute("BEGIN")
        return self.execute(
            "SELECT event_id, kind, policy, best, cause FROM toll_history WHERE run_id = ? ORDER BY ALL", run_id
        )
