"""What linking keeps of each article, in a file of its own (work/links.duckdb): marks, and how alike pairs are.

All of it follows from articles and rules: a file that is lost is made again, and what a killed run left in it is put
right by the next, which compares it with the articles that stand in the ledger (`article_id`, `raw_sha256`).
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import duckdb
import numpy as np
import polars as pl
from numpy.typing import NDArray

from flows.joined import NEAR
from flows.warehouse.crowds import FOLLOWERS
from flows.warehouse.current import registered
from flows.warehouse.file import SETTINGS, bound_memory, quoted

TABLES = """
CREATE TABLE IF NOT EXISTS profiles (
  no INTEGER NOT NULL, article_id VARCHAR NOT NULL, raw_sha256 VARCHAR NOT NULL,
  published_at TIMESTAMPTZ, date_low DATE, date_high DATE, date_precision VARCHAR, n_words INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS marks (
  no INTEGER NOT NULL, kind UTINYINT NOT NULL, mark UBIGINT NOT NULL, weight FLOAT NOT NULL, rarity FLOAT
);
CREATE TABLE IF NOT EXISTS keys (no INTEGER NOT NULL, mark UBIGINT NOT NULL, weight FLOAT NOT NULL);
CREATE TABLE IF NOT EXISTS bands (no INTEGER NOT NULL, band SMALLINT NOT NULL, hash UBIGINT NOT NULL);
CREATE TABLE IF NOT EXISTS edges (
  "left" INTEGER NOT NULL, "right" INTEGER NOT NULL, likeness DOUBLE NOT NULL, is_inner BOOLEAN NOT NULL
);
CREATE TABLE IF NOT EXISTS near_texts ("left" INTEGER NOT NULL, "right" INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS followers (no INTEGER NOT NULL, leader INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS unweighed (article_id VARCHAR NOT NULL);
CREATE TABLE IF NOT EXISTS pending (article_id VARCHAR NOT NULL, links_no BIGINT NOT NULL);
"""
KEYS_OF = 100_000  # articles whose keys are read at once: some 40 each of 16 bytes
# Texts that share a band are compared with each other, wherever they stand.
TIES = f"""
SELECT "left", "right", likeness FROM edges WHERE likeness >= $1 AND NOT is_inner
UNION ALL SELECT "left", "right", {NEAR} FROM near_texts
"""
# Each article in `front` with the first of those that share a band of its signature: a star connects them as well as
# all pairs do, of which two thousand copies have two million.
NEAR_TEXTS = """
CREATE OR REPLACE TEMP TABLE near AS
WITH own AS (FROM bands SEMI JOIN front USING (no)),
firsts AS (
  SELECT band, hash, min(no) AS first
  FROM bands SEMI JOIN own USING (band, hash)
  GROUP BY band, hash
  HAVING count(*) > 1
)
SELECT f.first, o.no, count(*) AS n_bands
FROM own AS o JOIN firsts AS f USING (band, hash) WHERE f.first <> o.no GROUP BY ALL;
INSERT INTO near_texts SELECT first, no FROM near
"""


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
        bound_memory(con)
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
        bound_memory(con, part.with_suffix(".tmp"))
        con.execute(f"ATTACH '{quoted(source)}' AS old (READ_ONLY); ATTACH '{quoted(part)}' AS fresh")
        con.execute("COPY FROM DATABASE old TO fresh; DETACH fresh; DETACH old")
    part.replace(target)


def known_articles(con: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """`article_id`, `raw` (a number for its `raw_sha256`) of the articles whose marks are here. One that a kill left
    unweighed is none: its `raw` is NULL."""
    return con.sql(
        "SELECT article_id, if(u.article_id IS NULL, hash(raw_sha256), NULL) AS raw "
        "FROM profiles LEFT JOIN unweighed AS u USING (article_id)"
    ).pl()


def pending(con: duckdb.DuckDBPyConnection, links_no: int) -> pl.Series:
    """The articles that were to be linked anew when the ledger's links were loaded for the `links_no`th time: what was
    found then is not in the ledger."""
    return con.execute("SELECT article_id FROM pending WHERE links_no = ?", [links_no]).pl()["article_id"]


def set_pending(con: duckdb.DuckDBPyConnection, ids: pl.Series, links_no: int) -> None:
    """Keep which articles are to be linked anew until the ledger's links are loaded once more."""
    con.execute("DELETE FROM pending")
    with registered(con, due=ids.to_frame("article_id")):
        con.execute("INSERT INTO pending SELECT article_id, ? FROM due", [links_no])


def beside(con: duckdb.DuckDBPyConnection, ids: Sequence[str], least: float) -> pl.Series:
    """The articles that a tie (an edge from `least` on, or a band that two texts share) leads to from some."""
    _start_from(con, ids)
    return con.execute(
        f"""WITH ties AS ({TIES})
        SELECT article_id FROM profiles WHERE no IN (
          SELECT "right" FROM ties WHERE "left" IN (FROM front)
          UNION SELECT "left" FROM ties WHERE "right" IN (FROM front)
        )""",
        [least],
    ).pl()["article_id"]


def add_articles(
    con: duckdb.DuckDBPyConnection,
    profiles: pl.DataFrame,
    marks: pl.DataFrame,
    keys: pl.DataFrame,
    signatures: pl.DataFrame,
) -> None:
    """Keep the marks (link.marks: PROFILES with `raw_sha256`, MARKS), the keys (link.meeting: CHOSEN) and the
    SIGNATURES (link.minhash) of articles that are not here; they stand when they are weighed (`set_weighed`). Of those
    that follow another no marks and keys are kept."""
    marks = marks.with_columns(pl.col("kind").to_physical())
    frames = {"new_profiles": profiles, "new_marks": marks, "new_keys": keys, "new_bands": signatures}
    with all_or_nothing(con), registered(con, **frames):
        con.execute(
            "INSERT INTO profiles BY NAME SELECT *, (SELECT coalesce(max(no), 0) FROM profiles) + "
            "row_number() OVER (ORDER BY article_id) AS no FROM new_profiles ORDER BY no"
        )
        con.execute("INSERT INTO unweighed SELECT article_id FROM new_profiles")
        insert = (
            "INSERT INTO {0} BY NAME SELECT p.no, n.* EXCLUDE (article_id) FROM new_{0} AS n "
            "JOIN profiles AS p USING (article_id) WHERE p.no NOT IN (SELECT no FROM followers) ORDER BY p.no, {1}"
        )
        con.execute(insert.format("bands", "band"))
        _start_from(con, profiles["article_id"].to_list())
        con.execute(NEAR_TEXTS)
        con.execute(FOLLOWERS)
        con.execute(insert.format("marks", "kind, mark"))
        con.execute(insert.format("keys", "mark"))


def set_weighed(con: duckdb.DuckDBPyConnection, ids: Sequence[str]) -> None:
    """Keep that some articles were compared with all that they meet."""
    with registered(con, weighed=_ids(ids)):
        con.execute("DELETE FROM unweighed WHERE article_id IN (SELECT article_id FROM weighed)")


def drop_articles(con: duckdb.DuckDBPyConnection, ids: Sequence[str]) -> None:
    """Take articles out."""
    if not ids:
        return
    with registered(con, going=_ids(ids)):
        con.execute("CREATE OR REPLACE TEMP TABLE gone AS SELECT no FROM profiles SEMI JOIN going USING (article_id)")
    con.execute(
        'CREATE OR REPLACE TEMP TABLE front AS SELECT "right" AS no FROM near_texts WHERE "left" IN (FROM gone) '
        "EXCEPT FROM gone"
    )
    for table in ("marks", "keys", "bands", "profiles"):
        con.execute(f"DELETE FROM {table} WHERE no IN (FROM gone)")
    set_weighed(con, ids)
    con.execute("DELETE FROM followers WHERE no IN (FROM gone)")
    for table in ("edges", "near_texts"):
        con.execute(f'DELETE FROM {table} WHERE "left" IN (FROM gone) OR "right" IN (FROM gone)')
    con.execute(NEAR_TEXTS)


def read_keys(con: duckdb.DuckDBPyConnection, ids: Sequence[str]) -> tuple[pl.DataFrame, Iterator[pl.DataFrame]]:
    """KEYS (link.meeting) of some articles, and those of all articles that have a mark in common with one: of a run of
    numbers after the other."""
    with registered(con, asked=_ids(ids)):
        con.execute(
            "CREATE OR REPLACE TEMP TABLE asked_keys AS SELECT k.no, k.mark, k.weight "
            "FROM keys AS k JOIN profiles AS p USING (no) SEMI JOIN asked USING (article_id)"
        )
    last = con.execute("SELECT coalesce(max(no), 0) FROM profiles").fetchall()[0][0]
    known = "SELECT no, mark, weight FROM keys SEMI JOIN asked_keys USING (mark) WHERE no >= ? AND no < ?"
    runs = range(0, last + 1, KEYS_OF)
    return con.sql("FROM asked_keys").pl(), (con.execute(known, [first, first + KEYS_OF]).pl() for first in runs)


def printed(con: duckdb.DuckDBPyConnection, before: NDArray[np.float64] | None = None) -> NDArray[np.float64]:
    """The day on which each article was printed, by its number; NaN where that is not known. What it was `before` some
    articles were added is not read again."""
    first = 0 if before is None else len(before)
    rows = con.execute(
        "SELECT no, published_at::DATE - DATE '1970-01-01' AS day FROM profiles WHERE no >= ?", [first]
    ).fetchnumpy()
    days = np.full(rows["no"].max(initial=first - 1) + 1 - first, np.nan)
    days[rows["no"] - first] = np.ma.filled(rows["day"].astype(float), np.nan)
    return days if before is None else np.concatenate([before, days])


def as_pairs(con: duckdb.DuckDBPyConnection, met: pl.DataFrame) -> pl.DataFrame:
    """PAIRS (link.likeness) of link.meeting's MET, each once."""
    with registered(con, met=met):
        return con.sql(
            """SELECT DISTINCT if(a.article_id < b.article_id, a.no, b.no) AS "left",
              if(a.article_id < b.article_id, b.no, a.no) AS "right"
            FROM met AS m JOIN profiles AS a ON a.no = m.one JOIN profiles AS b ON b.no = m.other"""
        ).pl()


def numbers_of(con: duckdb.DuckDBPyConnection, ids: Sequence[str]) -> NDArray[np.int32]:
    """The numbers of some articles, in their order; -1 where the index has none."""
    with registered(con, asked=_ids(ids).with_row_index("place")):
        rows = con.sql("SELECT coalesce(no, -1) AS no FROM asked LEFT JOIN profiles USING (article_id) ORDER BY place")
        return np.asarray(rows.fetchnumpy()["no"], dtype=np.int32)


def read_marks(con: duckdb.DuckDBPyConnection, pairs: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """(PROFILES, MARKS) of the articles of some PAIRS, with `no` in the place of `article_id` and of a kind its place
    among KINDS."""
    asked = pl.concat([pairs["left"], pairs["right"]]).unique().sort().to_frame("no")
    with registered(con, asked=asked):
        profiles = con.sql("SELECT * EXCLUDE (article_id, raw_sha256) FROM profiles SEMI JOIN asked USING (no)")
        # Marks lie in the order of articles: what no pair is of is not gone through, behind old ones and before new.
        runs = [con.sql(f"FROM marks SEMI JOIN asked USING (no) WHERE {run}").pl() for run in _runs(asked["no"])]
        return profiles.pl(), pl.concat(runs)


def _runs(numbers: pl.Series) -> list[str]:
    """Conditions for the two runs of some numbers, in order, that the widest gap parts."""
    if len(numbers) < 2:
        return ["true"]
    gap = int(numbers.diff().arg_max() or 1)
    some = numbers[:gap], numbers[gap:]
    return [f"no BETWEEN {run[0]} AND {run[-1]}" for run in some]


def read_shared_bands(con: duckdb.DuckDBPyConnection, ids: Sequence[str]) -> pl.DataFrame:
    """SIGNATURES of some articles, without the bands that one of them alone has: nearly all."""
    with registered(con, asked=_ids(ids)):
        return con.sql(
            """WITH own AS (
              SELECT p.article_id, b.band, b.hash FROM bands AS b JOIN profiles AS p USING (no)
              SEMI JOIN asked USING (article_id)
            )
            FROM own SEMI JOIN (SELECT band, hash FROM own GROUP BY band, hash HAVING count(*) > 1) USING (band, hash)
            ORDER BY ALL"""
        ).pl()


def add_edges(con: duckdb.DuckDBPyConnection, edges: pl.DataFrame, is_inner: bool = False) -> None:
    """Keep how likely pairs are of one story (link.likeness: LIKENESS). Inner ones were found only because others tie
    their articles together: they weigh in that group, and connect nothing."""
    with registered(con, new_edges=edges):
        con.execute('INSERT INTO edges SELECT "left", "right", likeness, ? FROM new_edges', [is_inner])


def edges_among(con: duckdb.DuckDBPyConnection, ids: Sequence[str]) -> pl.DataFrame:
    """`left`, `right` (places among the ids in order, left < right), `likeness`, `is_inner` of the pairs among some
    articles that were compared."""
    with registered(con, asked=_ids(sorted(ids)).with_row_index("place")):
        con.execute(
            "CREATE OR REPLACE TEMP TABLE placed AS SELECT no, place FROM profiles JOIN asked USING (article_id)"
        )
    return con.sql(
        """SELECT a.place AS "left", b.place AS "right", e.likeness, e.is_inner
        FROM edges AS e JOIN placed AS a ON a.no = e."left" JOIN placed AS b ON b.no = e."right"
        ORDER BY ALL"""
    ).pl()


def _start_from(con: duckdb.DuckDBPyConnection, ids: Sequence[str]) -> None:
    """Let `front` hold the numbers of some articles."""
    with registered(con, asked=_ids(ids)):
        con.execute("CREATE OR REPLACE TEMP TABLE front AS SELECT no FROM profiles SEMI JOIN asked USING (article_id)")


def _ids(ids: Sequence[str]) -> pl.DataFrame:
    return pl.DataFrame({"article_id": ids}, schema={"article_id": pl.String})
