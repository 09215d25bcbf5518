"""What the published views answer in, at a thousand, ten thousand and a hundred thousand articles.

    python -m benchmarks views [--size LARGEST]

The articles are those of benchmarks.linking; what tells of one day and place is one story and one event, as linking
finds them, which is measured there. Beside what linking reads they state what the views show: figures that differ with
who says them, parts, claims, quotes, second revisions, copies, and the runs and fetches that brought them. Each view is
asked as a user asks it (its rows of one event, fact, article, story or source) and counted.
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import duckdb

from benchmarks.linking import START, Press, load
from benchmarks.table import Row
from flows.lexicon import SQL
from flows.warehouse.file import SETTINGS, open_ledger
from flows.warehouse.origins import find_origins
from flows.warehouse.publish import finish_run, publish
from flows.warehouse.schema import prepare
from flows.warehouse.speakers import settle_speakers

SIZES = (1_000, 10_000, 100_000)
ROUNDS = 5
KEYS = ("fact_id", "event_id", "story_id", "article_id", "source_name", "id")

# `n` is an article's number. What a fact points at is the sentence that the article begins with.
MORE = """
CREATE OR REPLACE TEMP MACRO n(article_id) AS right(article_id, 16)::BIGINT;
CREATE OR REPLACE TEMP MACRO said_by(n) AS
  ['police', 'Health Ministry', 'hospital officials', 'witnesses', NULL][n % 5 + 1];
CREATE OR REPLACE TEMP MACRO type_of(n) AS ['police', 'government', 'hospital', 'witness', NULL][n % 5 + 1];

CREATE OR REPLACE TEMP TABLE happened AS
SELECT article_id, md5(concat(place, date_low)) AS id, 'Attack in ' || place AS label, e.* EXCLUDE (article_id)
FROM local_events AS e;
INSERT INTO story_articles SELECT 'sto_' || id[:16], article_id FROM happened;
INSERT INTO linked_stories
SELECT DISTINCT 'sto_' || id[:16], label, TIMESTAMPTZ '2020-01-01 00:00:00+00' FROM happened;
INSERT INTO linked_events BY NAME
SELECT DISTINCT ON (id) 'evt_' || id[:16] AS event_id, kind, label, place, country, lat, lon, where_precision, date_low,
  date_high, date_precision, is_aggregate
FROM happened;
INSERT INTO mentioned_events BY NAME
SELECT article_id, revision, event_no, 'evt_' || id[:16] AS event_id, is_main, 'sto_' || id[:16] AS story_id,
  'hap_' || id[:16] AS happening_id
FROM happened;

UPDATE revisions SET source_name = 'source-' || n(article_id) % 200, publisher = 'Outlet ' || n(article_id) % 200,
  first_seen_at = published_at + INTERVAL 10 MINUTE, printed_at = published_at;

CREATE OR REPLACE TEMP TABLE ledes AS
SELECT article_id, n(article_id) AS n, text[1 : instr(text, ' among them.') + 11] AS evidence,
  instr(text, ' said ') + 5 AS char_start, first_seen_at AS seen_at
FROM revisions;

UPDATE stated_counts SET count_id = 'cnt_' || md5(count_id)[:16],
  evidence = l.evidence, char_start = l.char_start, char_end = l.char_start + 2,
  value = value + l.n % 3, low = low + l.n % 3, high = CASE WHEN l.n % 7 > 0 THEN high + l.n % 3 END,
  modifier = CASE WHEN l.n % 7 = 0 THEN 'at_least' ELSE 'exact' END,
  scope = CASE WHEN l.n % 10 = 0 THEN 'part' ELSE 'total' END,
  scope_reason = CASE WHEN l.n % 10 = 0 THEN 'of a list' END, list_no = CASE WHEN l.n % 10 = 0 THEN 1 END,
  attributed_to = said_by(l.n), actor_type = type_of(l.n), seen_at = l.seen_at, is_more = false
FROM ledes AS l WHERE l.article_id = stated_counts.article_id;

INSERT INTO stated_counts BY NAME
SELECT c.* REPLACE (
  'cnt_' || md5(concat(count_id, k))[:16] AS count_id,
  CASE k WHEN 3 THEN 'killed' ELSE 'wounded' END AS kind,
  value + k AS value, low + k AS low, high + k AS high,
  CASE k WHEN 3 THEN 'part' ELSE scope END AS scope,
  CASE k WHEN 3 THEN 'a subgroup of those told' ELSE scope_reason END AS scope_reason
)
FROM stated_counts AS c, range(1, 4) AS r(k);

INSERT INTO stated_claims BY NAME
SELECT 'clm_' || md5(article_id)[:16] AS claim_id, article_id, 1 AS revision, 0 AS event_no, 'text' AS field, evidence,
  0 AS evidence_start, 0 AS char_start, 6 AS char_end,
  ['claimed', 'denied', 'blamed', 'suspected'][n % 4 + 1] AS stance, 'Group ' || n % 37 AS actor,
  said_by(n) AS asserted_by, seen_at, 'bench' AS rules_version
FROM ledes WHERE n % 2 = 0;

INSERT INTO stated_quotes BY NAME
SELECT 'quo_' || md5(article_id)[:16] AS quote_id, article_id, 1 AS revision, 0 AS event_no, 'text' AS field, evidence,
  0 AS evidence_start, 0 AS char_start, 6 AS char_end, evidence[1 : 6] AS text, 'Speaker ' || n % 53 AS speaker,
  seen_at, 'bench' AS rules_version
FROM ledes;

INSERT INTO removed_history SELECT article_id, 1, 0, 'Subscribe to our letter.', 'boilerplate' FROM ledes;
INSERT INTO candidate_history
SELECT article_id, 1, field, 'x', 'meta', 1, true FROM ledes, (VALUES ('title'), ('published_at'), ('url')) AS f(field);

INSERT INTO copies BY NAME
SELECT m.article_id, min(o.article_id) AS copy_of, 'near' AS reason, 0 AS n_own_words, 0.9 AS similarity
FROM mentioned_events AS m JOIN mentioned_events AS o USING (event_id)
WHERE n(m.article_id) % 25 = 0 AND n(o.article_id) < n(m.article_id) AND n(o.article_id) % 25 > 0
GROUP BY m.article_id;

CREATE OR REPLACE TEMP TABLE again AS SELECT article_id FROM ledes WHERE n % 20 = 1;
INSERT INTO revisions BY NAME
SELECT * REPLACE (2 AS revision, raw_sha256 || '-2' AS raw_sha256, first_seen_at + INTERVAL 1 HOUR AS first_seen_at)
FROM revisions SEMI JOIN again USING (article_id);
INSERT INTO stated_counts BY NAME
SELECT * REPLACE (2 AS revision, 'cnt_' || md5(count_id)[:16] AS count_id, value + 1 AS value, low + 1 AS low,
  high + 1 AS high) FROM stated_counts SEMI JOIN again USING (article_id);
INSERT INTO local_events BY NAME
SELECT * REPLACE (2 AS revision) FROM local_events SEMI JOIN again USING (article_id);
INSERT INTO mentioned_events BY NAME
SELECT * REPLACE (2 AS revision) FROM mentioned_events SEMI JOIN again USING (article_id);
UPDATE current_revisions SET revision = 2 WHERE article_id IN (FROM again);

INSERT INTO runs BY NAME
SELECT 'run-' || n // 100 AS run_id, min(seen_at) - INTERVAL 1 MINUTE AS started_at, max(seen_at) AS ended_at,
  'done' AS state, 'bench' AS rules_version, 100 AS n_new, 100 AS n_documents, 100 AS n_articles, n // 100 AS run_no,
  'run' AS command
FROM ledes GROUP BY n // 100;
INSERT INTO sources BY NAME
SELECT 'source-' || s AS source_name, 'feed' AS type, 'https://s' || s || '.example/feed' AS location,
  (SELECT min(started_at) FROM runs) AS first_seen_at, (SELECT max(started_at) FROM runs) AS last_read_at
FROM range(200) AS r(s);
INSERT INTO fetches BY NAME
SELECT run_id, source_name, location AS input, 'read' AS outcome, 5 AS n_documents, 0 AS n_refused,
  started_at AS fetched_at, CASE WHEN hash(run_id, source_name) % 9 = 0 THEN 'bad day' ELSE 'good' END AS verdict,
  0 AS n_known, true AS is_source
FROM runs, sources WHERE hash(run_id, source_name) % 10 = 0
UNION ALL BY NAME
SELECT 'run-' || l.n // 100 AS run_id, r.source_name, r.input, 'new' AS outcome, 1 AS n_documents, 0 AS n_refused,
  l.seen_at AS fetched_at, 'good' AS verdict, 0 AS n_known, false AS is_source
FROM ledes AS l JOIN revisions AS r USING (article_id) WHERE r.revision = 1;
INSERT INTO rejects BY NAME
SELECT 'https://s.example/' || article_id AS input, 'clean' AS stage, 'no article' AS reason, 'run-0' AS run_id,
  seen_at, article_id || '-r' AS raw_sha256
FROM ledes WHERE n % 50 = 0;
"""


def tell_more(con: duckdb.DuckDBPyConnection) -> None:
    """What the views show beside what linking reads."""
    con.execute("BEGIN")
    for statement in duckdb.extract_statements(MORE):
        con.execute(statement)
    find_origins(con)
    con.execute("CREATE OR REPLACE TEMP TABLE fresh AS SELECT article_id FROM current_revisions")
    settle_speakers(con)
    con.execute("COMMIT")


def build(data: Path, size: int) -> None:
    """A ledger of so many articles in a data folder, linked."""
    press = Press()
    with open_ledger(data) as con:
        prepare(con)
        for first in range(0, size, 10_000):
            load(con, press, min(10_000, size - first))
    with open_ledger(data) as con:
        tell_more(con)


def revise(con: duckdb.DuckDBPyConnection, number: int) -> None:
    """Some twenty articles say one more in a new revision."""
    con.execute("BEGIN")
    con.execute(
        "CREATE OR REPLACE TEMP TABLE picked AS SELECT article_id, revision FROM current_revisions "
        "WHERE hash(article_id, ?) % (SELECT greatest(count(*) // 20, 1) FROM current_revisions) = 0",
        [number],
    )
    changes = {
        "revisions": "raw_sha256 || '-next' AS raw_sha256, first_seen_at + INTERVAL 1 DAY AS first_seen_at",
        "stated_counts": "'cnt_' || md5(count_id)[:16] AS count_id, value + 1 AS value, low + 1 AS low, "
        "high + 1 AS high",
        "mentioned_events": "is_main AS is_main",
    }
    for table, change in changes.items():
        con.execute(
            f"INSERT INTO {table} BY NAME SELECT * REPLACE (revision + 1 AS revision, {change}) "
            f"FROM {table} SEMI JOIN picked USING (article_id, revision)"
        )
    con.execute(
        "UPDATE current_revisions SET revision = revision + 1 WHERE article_id IN (SELECT article_id FROM picked)"
    )
    con.execute("COMMIT")


def publish_seconds(data: Path, number: int) -> tuple[float, float]:
    """Another run that brought something new is published: seconds of its checks and changes, and of publishing."""
    run_id, now = f"bench-{number}", START + timedelta(days=3_000 + number)
    with open_ledger(data) as con:
        con.execute(
            "INSERT INTO runs BY NAME "
            "SELECT ? AS run_id, ? AS started_at, 'loaded' AS state, 'bench' AS rules_version, 1 AS n_new, "
            "1 AS n_documents, 1 AS n_articles, ? AS run_no, 'run' AS command",
            [run_id, now, 1_000_000 + number],
        )
    start = time.perf_counter()
    edition = finish_run(data, run_id, now, 0.0).number
    checked = time.perf_counter()
    publish(data, edition, keep=1)
    return checked - start, time.perf_counter() - checked


def view_seconds(published: Path) -> Iterator[tuple[str, str, float, float]]:
    """Of each view its name, the key that it is asked by, and the seconds of that and of counting its rows."""
    with duckdb.connect(str(published), read_only=True, config=SETTINGS) as con:
        asked = con.execute(
            "SELECT c.count_id, m.event_id, m.story_id, m.article_id, r.source_name, m.event_id "
            "FROM mentioned_events AS m JOIN stated_counts AS c USING (article_id, revision, event_no) "
            "JOIN revisions AS r USING (article_id, revision) ORDER BY md5(c.count_id) LIMIT 1"
        ).fetchall()[0]
        for view in sorted(file.stem for file in (SQL / "views").glob("*.sql")):
            columns = {name for name, *_ in con.execute(f"DESCRIBE {view}").fetchall()}
            key = next((key for key in KEYS if key in columns), None)
            lookup = f"SELECT * FROM {view}" + (f" WHERE {key} = '{asked[KEYS.index(key)]}'" if key else "")
            counted = f"SELECT count(*) FROM {view}"
            yield view, key or "whole", _seconds(con, lookup), _seconds(con, counted)


def _seconds(con: duckdb.DuckDBPyConnection, sql: str) -> float:
    """The middle of some timings; one alone where it takes long."""
    times: list[float] = []
    while len(times) < ROUNDS and sum(times) < 3:
        start = time.perf_counter()
        con.execute(sql).fetchall()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def measure(number: int) -> tuple[float, float, dict[str, float]]:
    """At so many articles: seconds of publishing what twenty revisions change, megabytes of the publication, and of
    each view the seconds of asking by its key; of counting its rows too on standard error."""
    with tempfile.TemporaryDirectory() as name:
        data = Path(name)
        build(data, number)
        for again in (1, 2):
            with open_ledger(data) as con:
                revise(con, again)
            took = sum(publish_seconds(data, again))
        asked = {}
        for view, key, lookup, counted in view_seconds(data / "news.duckdb"):
            asked[view] = lookup
            told = f"{view:<20} by {key:<12} {lookup * 1000:>9.1f} ms, counted {counted * 1000:>9.1f} ms"
            print(f"{number:>7,} {told}", file=sys.stderr, flush=True)
        return took, (data / "news.duckdb").stat().st_size / 1e6, asked


def rows(size: int = SIZES[-1]) -> list[Row]:
    """Publishing and asking at each size, up to `size`, over the smallest."""
    found: list[Row] = []
    least, base = 0.0, dict[str, float]()
    for number in [one for one in SIZES if one <= size]:
        took, megabytes, asked = measure(number)
        what = f"made-up press, {number:,} articles, {megabytes:.0f} MB"
        publishing, asking = f"publish 20 revised articles at {number:,}", f"rows of one key, median view at {number:,}"
        middle = statistics.median(asked.values()) * 1000
        if not base:
            least, base = took, asked
            found += [Row(publishing, took, "s", input=what), Row(asking, middle, "ms", rounds=ROUNDS, input=what)]
            continue
        grown = {view: seconds / base[view] for view, seconds in asked.items()}
        worst = max(grown, key=lambda view: grown[view])
        over, most = f" / at {SIZES[0]:,}", f"... of the view that grew most, {worst}"
        found += [
            Row(publishing + over, took, "s", took / least, "", 1, what),
            Row(asking + over, middle, "ms", statistics.median(grown.values()), "", ROUNDS, what),
            Row(most, asked[worst] * 1000, "ms", grown[worst], "≤ 5", ROUNDS, what),
        ]
    return found
