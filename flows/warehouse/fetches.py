"""What was asked for and what became of it: the sources, each address in each run, and what failed for good."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

import duckdb

NO_BYTES = hashlib.sha256(b"").hexdigest()


def load_fetches(
    con: duckdb.DuckDBPyConnection,
    sources: Sequence[Mapping[str, object]],
    fetches: Path | None,
    now: datetime,
    rules: str,
) -> int:
    """The sources that were asked, and what became of each address; what failed for a reason that lasts is a reject
    too. Returns how many."""
    for source in sources:
        values = [source["name"], source["type"], source["location"], source["publisher"], now, now]
        con.execute(
            "INSERT INTO sources VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (source_name) DO UPDATE SET "
            "type = excluded.type, location = excluded.location, publisher = excluded.publisher, "
            "last_read_at = excluded.last_read_at",
            values,
        )
    if not fetches:
        return 0
    con.execute(
        """CREATE OR REPLACE TEMP TABLE new_fetches AS
        SELECT n.* FROM read_parquet(?) AS n ANTI JOIN fetches AS f USING (run_id, source_name, input)""",
        [str(fetches)],
    )
    con.execute("INSERT INTO fetches BY NAME FROM new_fetches ORDER BY run_id, fetched_at, source_name, input")
    row = con.execute(
        f"""INSERT INTO rejects BY NAME
        SELECT n.input, 'collect' AS stage, n.outcome AS reason, any_value(n.detail) AS detail,
          any_value(n.run_id) AS run_id, ?::TIMESTAMPTZ AS seen_at, '{NO_BYTES}' AS raw_sha256, ? AS rules_version,
          min(n.source_name) AS source_name
        FROM new_fetches AS n
        WHERE n.verdict IN ('gone', 'broken', 'refused') AND NOT EXISTS (
          FROM rejects AS r WHERE r.input = n.input AND r.stage = 'collect' AND r.reason = n.outcome)
        GROUP BY n.input, n.outcome ORDER BY ALL""",
        [now, rules],
    ).fetchone()
    return int(row[0]) if row else 0
