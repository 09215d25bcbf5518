"""What linking keeps of each article, in a file of its own (work/links.duckdb): marks, and how alike pairs are.

All of it follows from articles and rules: a file that is lost is made again, and what a killed run left in it is put
right by the next, which compares it with the articles that stand in the ledger (`article_id`, `raw_sha256`).
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import duckdb
import polars as pl

from flows.warehouse.file import SETTINGS, quoted

TABLES = """
CREATE TABLE IF NOT EXISTS profiles (
  no INTEGER NOT NULL, article_id VARCHAR NOT NULL, raw_sha256 VARCHAR NOT NULL,
  published_at TIMESTAMPTZ, date_low DATE, date_high DATE, date_precision VARCHAR, n_words INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS marks (
  no INTEGER NOT NULL, kind VARCHAR NOT NULL, mark UBIGINT NOT NULL, weight FLOAT NOT NULL, rarity FLOAT
);
CREATE TABLE IF NOT EXISTS keys (
  no INTEGER NOT NULL, mark UBIGINT NOT NULL, bucket INTEGER NOT NULL, weight FLOAT NOT NULL
);
CREATE TABLE IF NOT EXISTS bands (no INTEGER NOT NULL, band SMALLINT NOT NULL, hash UBIGINT NOT NULL);
CREATE TABLE IF NOT EXISTS edges ("left" VARCHAR NOT NULL, "right" VARCHAR NOT NULL, likeness DOUBLE NOT NULL);
CREATE TABLE IF NOT EXISTS inner_edges ("left" VARCHAR NOT NULL, "right" VARCHAR NOT NULL, likeness DOUBLE NOT NULL);
CREATE TABLE IF NOT EXISTS pending (article_id VARCHAR NOT NULL, links_no BIGINT NOT NULL);
"""
# Marks by which two articles meet. Words that fewer than a share of documents hold bring those together that were
# printed within NEAR days (or of which one has no date); rarer ones and names those within FAR days, so that what an
# article costs does not grow with the age of the archive. Measured on half a and b of the evaluation sets: benchmarks.
NEAR, FAR = 180, 1100
COMMON, COMMON_DATED, RARE = 0.05, 0.01, 0.002
NAMES = ("person", "aged", "street")
NAME_WEIGHT = 0.32  # its square is above TOGETHER: one name that two articles share is enough
KNOWN = 1e-5  # a name that as many documents hold, going by its words, brings together as a common word does
ANY_TIME, UNDATED = -1, -2  # in the place of a number of NEAR days since 1970
TOGETHER = 0.05  # sum of the products of the weights of the marks by which two articles meet


def index_path(data: Path) -> Path:
    """The file of what linking keeps; readers have no need of it."""
    return data / "work" / "links.duckdb"


@contextmanager
def open_index(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection to the index at `path`, which is made anew where it cannot be read: it holds nothing of its own."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        con = duckdb.connect(str(path), config=SETTINGS)
        con.execute(TABLES)
    except duckdb.Error:
        for file in (path, path.with_name(f"{path.name}.wal")):
            file.unlink(missing_ok=True)
        con = duckdb.connect(str(path), config=SETTINGS)
        con.execute(TABLES)
    try:
        con.execute("SET TimeZone = 'UTC'")
        yield con
    finally:
        con.close()


@contextmanager
def all_or_nothing(con: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """What the block does to the index stands as a whole, or a kill leaves nothing of it."""
    con.execute("BEGIN")
    yield
    con.execute("COMMIT")


def write_index_anew(source: Path, target: Path) -> None:
    """Write what stands in a copy of the index into a fresh file: pages of deleted rows stay behind."""
    part = target.with_suffix(".part")
    part.unlink(missing_ok=True)
    with duckdb.connect(config=SETTINGS) as con:
        con.execute(f"ATTACH '{quoted(source)}' AS old (READ_ONLY); ATTACH '{quoted(part)}' AS fresh")
        con.execute("COPY FROM DATABASE old TO fresh; DETACH fresh; DETACH old")
    part.replace(target)


def known_articles(con: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """`article_id`, `raw_sha256` of the articles whose marks are here."""
    return con.sql("SELECT article_id, raw_sha256 FROM profiles").pl()


def pending(con: duckdb.DuckDBPyConnection, links_no: int) -> list[str]:
    """The articles that were to be linked anew when the ledger's links were loaded for the `links_no`th time: what was
    found then is not in the ledger."""
    rows = con.execute("SELECT article_id FROM pending WHERE links_no = ? ORDER BY article_id", [links_no]).fetchall()
    return [row[0] for row in rows]


def set_pending(con: duckdb.DuckDBPyConnection, ids: Sequence[str], links_no: int) -> None:
    """Keep which articles are to be linked anew until the ledger's links are loaded once more."""
    con.execute("DELETE FROM pending")
    con.execute("INSERT INTO pending SELECT unnest(?::VARCHAR[]), ?", [list(ids), links_no])


def beside(con: duckdb.DuckDBPyConnection, ids: Sequence[str], least: float) -> list[str]:
    """The articles that an edge from `least` on ties to some."""
    with _frames(con, asked=_ids(ids)):
        rows = con.execute(
            """SELECT "right" FROM edges WHERE likeness >= $1 AND "left" IN (FROM asked)
            UNION SELECT "left" FROM edges WHERE likeness >= $1 AND "right" IN (FROM asked)""",
            [least],
        ).fetchall()
    return [row[0] for row in rows]


def add_articles(
    con: duckdb.DuckDBPyConnection, profiles: pl.DataFrame, marks: pl.DataFrame, signatures: pl.DataFrame
) -> None:
    """Keep the marks (link.marks: PROFILES with `raw_sha256`, MARKS) and the SIGNATURES (link.minhash) of articles that
    are not here."""
    with _frames(con, new_profiles=profiles, new_marks=marks, new_signatures=signatures):
        con.execute(
            "INSERT INTO profiles BY NAME SELECT *, (SELECT coalesce(max(no), 0) FROM profiles) + "
            "row_number() OVER (ORDER BY article_id) AS no FROM new_profiles ORDER BY no"
        )
        con.execute(
            "INSERT INTO marks BY NAME SELECT p.no, m.* EXCLUDE (article_id) "
            "FROM new_marks AS m JOIN profiles AS p USING (article_id) ORDER BY p.no, m.kind, m.mark"
        )
        con.execute(
            "INSERT INTO bands SELECT p.no, s.band, s.hash "
            "FROM new_signatures AS s JOIN profiles AS p USING (article_id) ORDER BY p.no, s.band"
        )
        con.execute(
            """INSERT INTO keys
            SELECT p.no, m.mark,
              CASE WHEN coalesce(m.rarity > -ln(if(m.kind = 'word', $2, $9)), true) THEN $6
                ELSE coalesce(date_diff('day', DATE '1970-01-01', p.published_at::DATE) // $5, $7) END,
              CASE m.kind WHEN 'word' THEN m.weight ELSE $1 END
            FROM new_marks AS m JOIN profiles AS p USING (article_id)
            WHERE m.kind = 'word' AND m.rarity > -ln(CASE WHEN p.published_at IS NULL THEN $3 ELSE $8 END)
              OR list_contains($4, m.kind)
            ORDER BY p.no, m.mark""",
            [NAME_WEIGHT, RARE, COMMON, NAMES, NEAR, ANY_TIME, UNDATED, COMMON_DATED, KNOWN],
        )


def drop_articles(con: duckdb.DuckDBPyConnection, ids: Sequence[str]) -> None:
    """Take articles out."""
    with _frames(con, going=_ids(ids)):
        con.execute("CREATE OR REPLACE TEMP TABLE gone AS SELECT no FROM profiles SEMI JOIN going USING (article_id)")
        for table in ("marks", "keys", "bands", "profiles"):
            con.execute(f"DELETE FROM {table} WHERE no IN (FROM gone)")
        for table in ("edges", "inner_edges"):
            con.execute(f'DELETE FROM {table} WHERE "left" IN (FROM going) OR "right" IN (FROM going)')


def find_pairs(con: duckdb.DuckDBPyConnection, ids: Sequence[str], together: float = TOGETHER) -> pl.DataFrame:
    """`left`, `right` (left < right): each of some articles with each article that it may be of one story with."""
    with _frames(con, asked=_ids(ids)):
        con.execute(
            """CREATE OR REPLACE TEMP TABLE asked_keys AS
            SELECT k.*, p.published_at::DATE AS day
            FROM keys AS k JOIN profiles AS p USING (no) SEMI JOIN asked USING (article_id)"""
        )
    return con.sql(
        """WITH looked_for AS (
          SELECT no, mark, weight, day, bucket, false AS is_common FROM asked_keys WHERE bucket = $any
          UNION ALL
          SELECT no, mark, weight, day, unnest([bucket - 1, bucket, bucket + 1, $undated]), true
          FROM asked_keys WHERE bucket >= 0
        ),
        shared AS (
          SELECT k.no AS one, o.no AS other, k.day, k.is_common, k.weight * o.weight AS product
          FROM looked_for AS k JOIN keys AS o ON o.mark = k.mark AND o.bucket = k.bucket
          UNION ALL
          SELECT k.no, o.no, k.day, true, k.weight * o.weight
          FROM asked_keys AS k JOIN keys AS o ON o.mark = k.mark
          WHERE k.bucket = $undated AND o.bucket <> $any
        ),
        met AS (
          SELECT one, other, day, is_common, sum(product) AS together
          FROM shared
          WHERE one <> other
          GROUP BY one, other, day, is_common
        ),
        pairs AS (
          SELECT m.one, m.other
          FROM met AS m JOIN profiles AS p ON p.no = m.other
          WHERE m.day IS NULL OR p.published_at IS NULL
            OR abs(m.day - p.published_at::DATE) <= CASE WHEN m.is_common THEN $near ELSE $far END
          GROUP BY m.one, m.other
          HAVING sum(m.together) >= $together
        )
        SELECT DISTINCT least(a.article_id, b.article_id) AS "left", greatest(a.article_id, b.article_id) AS "right"
        FROM pairs AS m JOIN profiles AS a ON a.no = m.one JOIN profiles AS b ON b.no = m.other
        ORDER BY ALL""",
        params={"near": NEAR, "far": FAR, "together": together - 1e-6, "any": ANY_TIME, "undated": UNDATED},
    ).pl()


def read_marks(con: duckdb.DuckDBPyConnection, ids: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """(PROFILES, MARKS) of some articles (`article_id`)."""
    with _frames(con, asked=ids):
        profiles = con.sql("SELECT p.* EXCLUDE (no, raw_sha256) FROM profiles AS p SEMI JOIN asked USING (article_id)")
        marks = con.sql(
            "SELECT p.article_id, m.* EXCLUDE (no) FROM marks AS m JOIN profiles AS p USING (no) "
            "SEMI JOIN asked USING (article_id)"
        )
        return profiles.pl(), marks.pl()


def share_band(con: duckdb.DuckDBPyConnection, ids: Sequence[str]) -> list[str]:
    """The articles that have a band of their signature in common with some."""
    with _frames(con, asked=_ids(ids)):
        rows = con.execute(
            """WITH own AS (
              SELECT DISTINCT b.band, b.hash
              FROM bands AS b JOIN profiles AS p USING (no) SEMI JOIN asked USING (article_id)
            ),
            found AS (SELECT DISTINCT b.no FROM bands AS b SEMI JOIN own USING (band, hash))
            SELECT p.article_id FROM found JOIN profiles AS p USING (no)"""
        ).fetchall()
    return [row[0] for row in rows]


def read_signatures(con: duckdb.DuckDBPyConnection, ids: Sequence[str]) -> pl.DataFrame:
    """SIGNATURES of some articles."""
    with _frames(con, asked=_ids(ids)):
        return con.sql(
            "SELECT p.article_id, b.band, b.hash FROM bands AS b JOIN profiles AS p USING (no) "
            "SEMI JOIN asked USING (article_id) ORDER BY ALL"
        ).pl()


def add_edges(con: duckdb.DuckDBPyConnection, edges: pl.DataFrame, is_inner: bool = False) -> None:
    """Keep how likely pairs are of one story (link.likeness: LIKENESS). Inner ones were found only because others tie
    their articles together: they weigh in that group, and connect nothing."""
    with _frames(con, new_edges=edges):
        con.execute(f"INSERT INTO {'inner_edges' if is_inner else 'edges'} BY NAME SELECT * FROM new_edges")


def connected(con: duckdb.DuckDBPyConnection, ids: Sequence[str], least: float) -> list[str]:
    """Some articles and all that edges from `least` on connect with them, however many steps away."""
    with _frames(con, asked=_ids(ids)):
        con.execute("CREATE OR REPLACE TEMP TABLE reached AS SELECT DISTINCT article_id FROM asked")
    con.execute("CREATE OR REPLACE TEMP TABLE front AS FROM reached")
    while con.execute("FROM front LIMIT 1").fetchone():
        con.execute(
            """CREATE OR REPLACE TEMP TABLE front AS
            SELECT "right" AS article_id FROM edges WHERE likeness >= $1 AND "left" IN (FROM front)
            UNION SELECT "left" FROM edges WHERE likeness >= $1 AND "right" IN (FROM front)
            EXCEPT FROM reached""",
            [least],
        )
        con.execute("INSERT INTO reached FROM front")
    return [row[0] for row in con.execute("FROM reached ORDER BY article_id").fetchall()]


def edges_among(con: duckdb.DuckDBPyConnection, ids: Sequence[str]) -> pl.DataFrame:
    """LIKENESS of the pairs among some articles that were compared, the inner ones too."""
    with _frames(con, asked=_ids(ids)):
        return con.sql(
            'FROM (FROM edges UNION ALL FROM inner_edges) WHERE "left" IN (FROM asked) AND "right" IN (FROM asked) '
            'ORDER BY "left", "right"'
        ).pl()


def _ids(ids: Sequence[str]) -> pl.DataFrame:
    return pl.DataFrame({"article_id": ids}, schema={"article_id": pl.String})


@contextmanager
def _frames(con: duckdb.DuckDBPyConnection, **frames: pl.DataFrame) -> Iterator[None]:
    """Let SQL name frames."""
    for name, frame in frames.items():
        con.register(name, frame)
    yield
    for name in frames:
        con.unregister(name)
