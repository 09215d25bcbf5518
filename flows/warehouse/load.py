"""Loading: a run's batches into the ledger, in one transaction."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import duckdb

from flows.warehouse.batched import Batches
from flows.warehouse.correcting import apply_corrections
from flows.warehouse.fetches import load_fetches
from flows.warehouse.file import ledger_path, open_ledger
from flows.warehouse.ledger import save_batches
from flows.warehouse.recurring import load_lines
from flows.warehouse.repeats import keep_repeats, set_repeats_aside
from flows.warehouse.schema import meta, set_meta
from flows.warehouse.times import set_printed_at

ID = "'{prefix}_' || left(sha256(concat_ws(chr(31), {parts})), 16)"
SPAN = "f.field, f.char_start, f.char_end"
FACTS = {
    "counts": ("stated_counts", "count_id", "cnt", f"'counts', f.kind, {SPAN}"),
    "claims": ("stated_claims", "claim_id", "clm", f"'claims', f.stance, {SPAN}, f.actor"),
    "quotes": ("stated_quotes", "quote_id", "quo", f"'quotes', {SPAN}"),
}
OF_CLEANING = ("revisions", "removed_history", "article_lines", "candidate_history")
SAME_REVISION = "t.article_id = o.article_id AND t.revision = o.revision"

Tally = dict[str, int]


@dataclass(frozen=True)
class Loading:
    """What a run brings. `batches`: Parquet files by frame (articles, removed, rejects, lines, candidates, counts,
    claims, quotes, mentions, events), in the order of archiving; `sources`: a row a source asked, with what it held;
    `done`: a row a batch (`done.json`, `stage`, `batch`); `stages`: seconds by stage; `fetches`: a file of FETCHES.
    `redone`: a file of what a rebuild did again (`article_id`, `raw_sha256`, and `stage`: from clean on, or from
    extract on), NULL in a run.
    """

    run_id: str
    now: datetime
    rules: str
    batches: Mapping[str, Sequence[Path]]
    sources: Sequence[Mapping[str, object]]
    done: Sequence[Mapping[str, Any]]
    stages: Mapping[str, float]
    fetches: Path | None = None
    redone: Path | None = None


class Loaded(NamedTuple):
    """What a run brought (`tally`: n_documents, n_new, n_articles, n_rejects), and whether articles were loaded since
    links were: those of this run, or of one that was killed between the two."""

    tally: Tally
    is_link_due: bool


def load_run(data: Path, loading: Loading, path: Path | None = None) -> Loaded:
    """Load everything of a run or nothing, into the ledger or into the copy of it at `path`."""
    started = time.monotonic()
    pieces = TemporaryDirectory(prefix="load-", dir=ledger_path(data).parent)
    with open_ledger(data, path) as con, pieces as folder:
        con.execute("BEGIN")
        con.execute(
            "CREATE OR REPLACE TEMP TABLE fresh "
            "(article_id VARCHAR, raw_sha256 VARCHAR, revision INTEGER, seen_at TIMESTAMPTZ)"
        )
        if loading.redone:
            _take_out(con, loading)
        batches = Batches(con, loading.batches, Path(folder))
        _load_revisions(con, loading, batches)
        set_printed_at(con, "fresh", *(["redone"] if loading.redone else []))
        _load_facts(con, loading, batches)
        n_rejects = _load_rejects(con, loading, batches)
        apply_corrections(con)
        n_rejects += load_fetches(con, loading.sources, loading.fetches, loading.now, loading.rules)
        row = con.execute("SELECT count(*) FROM fresh").fetchone()
        n_articles = int(row[0]) if row else 0
        tally = {
            "n_documents": sum(int(str(source["n_documents"])) for source in loading.sources),
            "n_new": n_articles + n_rejects,
            "n_articles": n_articles,
            "n_rejects": n_rejects,
        }
        if n_articles or loading.redone:
            set_meta(con, "link_due", "true")
        save_batches(con, loading.run_id, loading.done)
        _save_stages(con, loading, time.monotonic() - started)
        con.execute(
            "UPDATE runs SET state = 'loaded', n_documents = ?, n_new = ?, n_articles = ?, n_rejects = ? "
            "WHERE run_id = ?",
            [*tally.values(), loading.run_id],
        )
        con.execute("COMMIT")
        return Loaded(tally, meta(con, "link_due") == "true")


def _save_stages(con: duckdb.DuckDBPyConnection, loading: Loading, load_seconds: float) -> None:
    """Rows of run_stages: `seconds` of clean and extract are of all workers together, of the others by the clock."""
    rows = [("collect", 0, 0, loading.stages.get("collect"))]
    for stage in ("clean", "extract"):
        own = [batch for batch in loading.done if batch["stage"] == stage]
        here = [batch["seconds"] for batch in own if batch["run_id"] == loading.run_id]
        rows.append((stage, len(own), len(own) - len(here), sum(here)))
    rows.append(("load", 0, 0, load_seconds))
    con.executemany("INSERT INTO run_stages VALUES (?, ?, ?, ?, ?)", [[loading.run_id, *row] for row in rows])


def _take_out(con: duckdb.DuckDBPyConnection, loading: Loading) -> None:
    """Take out what a rebuild did again; what it gives back goes in under the same revision and the same instant."""
    con.execute(
        """CREATE OR REPLACE TEMP TABLE redone AS
        SELECT article_id, raw_sha256, r.revision, r.first_seen_at AS seen_at, d.stage
        FROM read_parquet(?) AS d LEFT JOIN revisions AS r USING (article_id, raw_sha256)""",
        [str(loading.redone)],
    )
    for table in [table for table, *_ in FACTS.values()] + ["stated_mentions", "local_events"]:
        con.execute(f"DELETE FROM {table} AS t USING redone AS o WHERE {SAME_REVISION}")
    con.execute(
        "DELETE FROM rejects AS t USING redone AS o WHERE t.article_id = o.article_id "
        "AND t.raw_sha256 = o.raw_sha256 AND t.stage IN (o.stage, 'extract')"
    )
    for table in OF_CLEANING:
        con.execute(f"DELETE FROM {table} AS t USING redone AS o WHERE o.stage = 'clean' AND {SAME_REVISION}")
    from_clean = "(SELECT article_id FROM redone WHERE stage = 'clean')"
    con.execute(f"DELETE FROM current_revisions WHERE article_id IN {from_clean}")
    con.execute(
        "INSERT INTO current_revisions SELECT article_id, max(revision) FROM revisions "
        f"WHERE article_id IN {from_clean} GROUP BY article_id"
    )
    con.execute("INSERT INTO fresh SELECT * EXCLUDE (stage) FROM redone WHERE stage = 'extract'")
    con.execute(
        "UPDATE revisions SET facts_version = ? FROM fresh AS f "
        "WHERE f.article_id = revisions.article_id AND f.revision = revisions.revision",
        [loading.rules],
    )


def _load_revisions(con: duckdb.DuckDBPyConnection, loading: Loading, batches: Batches) -> None:
    for _ in batches.each("articles"):
        _load_articles(con, loading)
    for _ in batches.each("removed"):
        con.execute(
            """INSERT INTO removed_history BY NAME
            SELECT DISTINCT n.article_id, f.revision, n.line_no, n.text, n.rule
            FROM new_removed AS n JOIN fresh AS f USING (article_id, raw_sha256)
            ORDER BY ALL"""
        )
    for _ in batches.each("candidates"):
        con.execute(
            """INSERT INTO candidate_history BY NAME
            SELECT DISTINCT n.article_id, f.revision, n.field, n.value, n.source, n.rank, n.is_chosen
            FROM new_candidates AS n JOIN fresh AS f USING (article_id, raw_sha256)
            ORDER BY ALL"""
        )
    for _ in batches.each("lines", is_whole=True):
        load_lines(con, loading.now)


def _load_articles(con: duckdb.DuckDBPyConnection, loading: Loading) -> None:
    redone = "redone" if loading.redone else "fresh"
    if not loading.redone:
        set_repeats_aside(con)
    con.execute(
        f"""INSERT INTO fresh
        SELECT n.article_id, n.raw_sha256,
          coalesce(any_value(o.revision), coalesce(any_value(c.revision), 0)
            + row_number() OVER (PARTITION BY n.article_id, any_value(o.revision) IS NULL ORDER BY min(n.arrival))),
          coalesce(any_value(o.seen_at), ?::TIMESTAMPTZ)
        FROM new_articles AS n
        LEFT JOIN current_revisions AS c USING (article_id)
        LEFT JOIN {redone} AS o USING (article_id, raw_sha256)
        WHERE NOT EXISTS (FROM revisions AS r WHERE r.article_id = n.article_id AND r.raw_sha256 = n.raw_sha256)
        GROUP BY n.article_id, n.raw_sha256""",
        [loading.now],
    )
    con.execute(
        """INSERT INTO revisions BY NAME
        SELECT n.* EXCLUDE (arrival), f.revision, f.seen_at AS first_seen_at, $1 AS rules_version,
          $1 AS facts_version
        FROM new_articles AS n JOIN fresh AS f USING (article_id, raw_sha256)
        QUALIFY row_number() OVER (PARTITION BY article_id, raw_sha256 ORDER BY arrival) = 1
        ORDER BY arrival""",
        [loading.rules],
    )
    con.execute(
        """INSERT INTO current_revisions
        SELECT article_id, max(revision) FROM fresh GROUP BY article_id
        ON CONFLICT (article_id) DO UPDATE SET revision = greatest(current_revisions.revision, excluded.revision)"""
    )
    if not loading.redone:
        keep_repeats(con, loading.now)


def _load_facts(con: duckdb.DuckDBPyConnection, loading: Loading, batches: Batches) -> None:
    for name, (table, id_name, prefix, parts) in FACTS.items():
        fact_id = ID.format(prefix=prefix, parts=f"f.article_id, f.revision, {parts}")
        for _ in batches.each(name):
            con.execute(
                f"""INSERT INTO {table} BY NAME
                SELECT {fact_id} AS {id_name}, f.* EXCLUDE (raw_sha256, arrival), ? AS rules_version
                FROM (
                  SELECT n.*, r.revision, r.seen_at FROM new_{name} AS n JOIN fresh AS r USING (article_id, raw_sha256)
                ) AS f
                QUALIFY row_number() OVER (PARTITION BY {id_name} ORDER BY arrival) = 1
                ORDER BY arrival""",
                [loading.rules],
            )
    for name, table in (("mentions", "stated_mentions"), ("events", "local_events")):
        for _ in batches.each(name):
            version = ", ? AS rules_version" if name == "mentions" else ""
            con.execute(
                f"""INSERT INTO {table} BY NAME
                SELECT n.* EXCLUDE (raw_sha256, arrival), fresh.revision{version}
                FROM new_{name} AS n JOIN fresh USING (article_id, raw_sha256)
                QUALIFY n.arrival = min(n.arrival) OVER (PARTITION BY n.article_id, n.raw_sha256, {_key(name)})
                ORDER BY n.arrival""",
                [loading.rules] if version else [],
            )


def _key(name: str) -> str:
    return "n.char_start" if name == "mentions" else "n.event_no"


def _load_rejects(con: duckdb.DuckDBPyConnection, loading: Loading, batches: Batches) -> int:
    """A reject stands once, with the run that saw it first."""
    n_rejects = 0
    for _ in batches.each("rejects", is_whole=True):
        row = con.execute(
            """INSERT INTO rejects BY NAME
            SELECT n.* EXCLUDE (arrival), ? AS run_id, ?::TIMESTAMPTZ AS seen_at, ? AS rules_version
            FROM new_rejects AS n
            WHERE NOT EXISTS (FROM rejects AS r WHERE r.input = n.input AND r.stage = n.stage AND r.reason = n.reason
              AND r.raw_sha256 = n.raw_sha256)
            QUALIFY row_number() OVER (PARTITION BY n.input, n.stage, n.reason, n.raw_sha256 ORDER BY n.arrival) = 1
            ORDER BY n.arrival""",
            [loading.run_id, loading.now, loading.rules],
        ).fetchone()
        n_rejects = int(row[0]) if row else 0
    return n_rejects
