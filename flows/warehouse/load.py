"""Loading: a run's batches into the ledger, in one transaction."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

import duckdb

from flows.warehouse.ledger import open_ledger

ID = "'{prefix}_' || left(sha256(concat_ws(chr(31), {parts})), 16)"
SPAN = "f.field, f.char_start, f.char_end"
FACTS = {
    "counts": ("stated_counts", "count_id", "cnt", f"'counts', f.kind, {SPAN}"),
    "claims": ("stated_claims", "claim_id", "clm", f"'claims', f.stance, {SPAN}, f.actor"),
    "quotes": ("stated_quotes", "quote_id", "quo", f"'quotes', {SPAN}"),
}

Tally = dict[str, int]


def load_run(
    data: Path,
    run_id: str,
    now: datetime,
    rules: str,
    batches: Mapping[str, Sequence[Path]],
    links: Mapping[str, Path],
    sources: Sequence[Mapping[str, object]],
) -> Tally:
    """Load everything of a run or nothing.

    `batches`: Parquet files by frame (articles, removed, rejects, counts, claims, quotes, mentions, events), in the
    order of archiving; `links`: one file a linked frame, none where nothing is new; `sources`: a row a source read,
    with what it held. Returns what the run brought: n_documents, n_new, n_articles, n_rejects.
    """
    with open_ledger(data) as con:
        con.execute("BEGIN")
        n_articles = _load_revisions(con, batches, now, rules)
        _load_facts(con, batches, now, rules)
        n_rejects = _load_rejects(con, batches, run_id, now)
        if links:
            _replace_links(con, links, now)
        _load_sources(con, sources, run_id, now)
        tally = {
            "n_documents": sum(int(str(source["n_documents"])) for source in sources),
            "n_new": n_articles + n_rejects,
            "n_articles": n_articles,
            "n_rejects": n_rejects,
        }
        con.execute(
            "UPDATE runs SET state = 'done', ended_at = ?, n_documents = ?, n_new = ?, n_articles = ?, n_rejects = ?, "
            "message = NULL WHERE run_id = ?",
            [now, *tally.values(), run_id],
        )
        con.execute("COMMIT")
    return tally


def _scan(con: duckdb.DuckDBPyConnection, name: str, paths: Sequence[Path]) -> bool:
    """A temporary view `new_{name}` over the batches of a frame, `arrival` giving their order."""
    if not paths:
        return False
    files = ", ".join("'" + str(path).replace("'", "''") + "'" for path in paths)
    con.execute(
        f"CREATE OR REPLACE TEMP VIEW new_{name} AS SELECT * EXCLUDE (filename, file_row_number), "
        f"(list_position([{files}], filename), file_row_number) AS arrival "
        f"FROM read_parquet([{files}], filename = true, file_row_number = true)"
    )
    return True


def _load_revisions(
    con: duckdb.DuckDBPyConnection, batches: Mapping[str, Sequence[Path]], now: datetime, rules: str
) -> int:
    con.execute("CREATE OR REPLACE TEMP TABLE fresh (article_id VARCHAR, raw_sha256 VARCHAR, revision INTEGER)")
    if not _scan(con, "articles", batches["articles"]):
        return 0
    con.execute(
        """INSERT INTO fresh
        SELECT n.article_id, n.raw_sha256,
          coalesce(any_value(c.revision), 0) + row_number() OVER (PARTITION BY n.article_id ORDER BY min(n.arrival))
        FROM new_articles AS n LEFT JOIN current_revisions AS c USING (article_id)
        WHERE NOT EXISTS (FROM revisions AS r WHERE r.article_id = n.article_id AND r.raw_sha256 = n.raw_sha256)
        GROUP BY n.article_id, n.raw_sha256"""
    )
    con.execute(
        """INSERT INTO revisions BY NAME
        SELECT n.* EXCLUDE (arrival), f.revision, ?::TIMESTAMPTZ AS first_seen_at, ? AS rules_version
        FROM new_articles AS n JOIN fresh AS f USING (article_id, raw_sha256)
        QUALIFY row_number() OVER (PARTITION BY article_id, raw_sha256 ORDER BY arrival) = 1
        ORDER BY arrival""",
        [now, rules],
    )
    con.execute(
        """INSERT INTO current_revisions
        SELECT article_id, max(revision) FROM fresh GROUP BY article_id
        ON CONFLICT (article_id) DO UPDATE SET revision = excluded.revision"""
    )
    if _scan(con, "removed", batches["removed"]):
        con.execute(
            """INSERT INTO removed_history BY NAME
            SELECT DISTINCT n.article_id, f.revision, n.line_no, n.text, n.rule
            FROM new_removed AS n JOIN fresh AS f USING (article_id, raw_sha256)
            ORDER BY ALL"""
        )
    row = con.execute("SELECT count(*) FROM fresh").fetchone()
    return int(row[0]) if row else 0


def _load_facts(
    con: duckdb.DuckDBPyConnection, batches: Mapping[str, Sequence[Path]], now: datetime, rules: str
) -> None:
    for name, (table, id_name, prefix, parts) in FACTS.items():
        if not _scan(con, name, batches[name]):
            continue
        fact_id = ID.format(prefix=prefix, parts=f"f.article_id, f.revision, {parts}")
        con.execute(
            f"""INSERT INTO {table} BY NAME
            SELECT {fact_id} AS {id_name}, f.* EXCLUDE (raw_sha256, arrival), ?::TIMESTAMPTZ AS seen_at,
              ? AS rules_version
            FROM (SELECT n.*, fresh.revision FROM new_{name} AS n JOIN fresh USING (article_id, raw_sha256)) AS f
            QUALIFY row_number() OVER (PARTITION BY {id_name} ORDER BY arrival) = 1
            ORDER BY arrival""",
            [now, rules],
        )
    for name, table in (("mentions", "stated_mentions"), ("events", "local_events")):
        if _scan(con, name, batches[name]):
            version = ", ? AS rules_version" if name == "mentions" else ""
            con.execute(
                f"""INSERT INTO {table} BY NAME
                SELECT n.* EXCLUDE (raw_sha256, arrival), fresh.revision{version}
                FROM new_{name} AS n JOIN fresh USING (article_id, raw_sha256)
                QUALIFY n.arrival = min(n.arrival) OVER (PARTITION BY n.article_id, n.raw_sha256, {_key(name)})
                ORDER BY n.arrival""",
                [rules] if version else [],
            )


def _key(name: str) -> str:
    return "n.char_start" if name == "mentions" else "n.event_no"


def _load_rejects(
    con: duckdb.DuckDBPyConnection, batches: Mapping[str, Sequence[Path]], run_id: str, now: datetime
) -> int:
    """A reject stands once, with the run that saw it first."""
    if not _scan(con, "rejects", batches["rejects"]):
        return 0
    rows = con.execute(
        """INSERT INTO rejects BY NAME
        SELECT n.* EXCLUDE (arrival), ? AS run_id, ?::TIMESTAMPTZ AS seen_at
        FROM new_rejects AS n
        WHERE NOT EXISTS (FROM rejects AS r WHERE r.input = n.input AND r.stage = n.stage AND r.reason = n.reason
          AND r.raw_sha256 = n.raw_sha256)
        QUALIFY row_number() OVER (PARTITION BY n.input, n.stage, n.reason, n.raw_sha256 ORDER BY n.arrival) = 1
        ORDER BY n.arrival""",
        [run_id, now],
    ).fetchone()
    return int(rows[0]) if rows else 0


def _replace_links(con: duckdb.DuckDBPyConnection, links: Mapping[str, Path], now: datetime) -> None:
    """Stories, events and copies as linking found them; ids that are gone stay resolvable."""
    con.execute(
        "CREATE OR REPLACE TEMP TABLE old_members AS FROM story_articles; "
        "CREATE OR REPLACE TEMP TABLE old_stories AS FROM linked_stories; "
        "CREATE OR REPLACE TEMP TABLE old_events AS FROM mentioned_events"
    )
    for name in ("copies", "story_articles", "linked_events", "mentioned_events"):
        con.execute(f"DELETE FROM {name}")
        con.execute(f"INSERT INTO {name} BY NAME FROM read_parquet(?)", [str(links[name])])
    con.execute("DELETE FROM linked_stories")
    con.execute(
        """INSERT INTO linked_stories BY NAME
        WITH members AS (
          SELECT story_id, list(article_id ORDER BY article_id) AS ids FROM story_articles GROUP BY story_id
        ),
        old AS (SELECT story_id, list(article_id ORDER BY article_id) AS ids FROM old_members GROUP BY story_id)
        SELECT n.story_id, n.headline,
          CASE WHEN m.ids = old.ids AND NOT list_has_any(m.ids, (SELECT list(article_id) FROM fresh))
            THEN s.updated_at ELSE ?::TIMESTAMPTZ END AS updated_at
        FROM read_parquet(?) AS n
        JOIN members AS m USING (story_id)
        LEFT JOIN old USING (story_id) LEFT JOIN old_stories AS s USING (story_id)
        ORDER BY n.story_id""",
        [now, str(links["linked_stories"])],
    )
    _keep_aliases(
        con,
        "story_aliases",
        "SELECT o.story_id AS old_id, n.story_id AS new_id "
        "FROM old_members AS o JOIN story_articles AS n USING (article_id)",
        "SELECT story_id FROM linked_stories",
        now,
    )
    _keep_aliases(
        con,
        "event_aliases",
        "SELECT o.event_id AS old_id, n.event_id AS new_id "
        "FROM old_events AS o JOIN mentioned_events AS n USING (article_id, event_no)",
        "SELECT event_id FROM linked_events",
        now,
    )


def _keep_aliases(con: duckdb.DuckDBPyConnection, table: str, moved: str, living: str, now: datetime) -> None:
    """An id that is gone points at the id that most of its articles went to; older aliases follow."""
    con.execute(
        f"""CREATE OR REPLACE TEMP TABLE gone AS
        SELECT old_id, new_id FROM ({moved}) WHERE old_id NOT IN ({living})
        GROUP BY old_id, new_id
        QUALIFY row_number() OVER (PARTITION BY old_id ORDER BY count(*) DESC, new_id) = 1"""
    )
    con.execute(f"DELETE FROM {table} WHERE old_id IN ({living})")
    con.execute(f"UPDATE {table} SET new_id = g.new_id FROM gone AS g WHERE {table}.new_id = g.old_id")
    con.execute(f"INSERT OR REPLACE INTO {table} SELECT old_id, new_id, ?::TIMESTAMPTZ FROM gone", [now])


def _load_sources(
    con: duckdb.DuckDBPyConnection, sources: Sequence[Mapping[str, object]], run_id: str, now: datetime
) -> None:
    for source in sources:
        values = [source["name"], source["type"], source["location"], source["publisher"], now, now]
        con.execute(
            "INSERT INTO sources VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (source_name) DO UPDATE SET "
            "type = excluded.type, location = excluded.location, publisher = excluded.publisher, "
            "last_read_at = excluded.last_read_at",
            values,
        )
        con.execute(
            "INSERT INTO fetches VALUES (?, ?, ?, ?, ?, ?, ?)",
            [
                run_id,
                source["name"],
                source["location"],
                source["outcome"],
                source["n_documents"],
                source["n_refused"],
                now,
            ],
        )
