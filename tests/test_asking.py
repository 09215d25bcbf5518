"""A query cannot hurt: what analysts ask is answered, everything else is refused or cut off with one line."""

import csv
import io
import json
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest
from typer.testing import CliRunner

from flows.cli.commands import app
from flows.sources import UsageError
from flows.warehouse.asked import answer, batches
from flows.warehouse.read import open_published
from tests.conftest import ROOT

SECRET = "the-editors-home-number"
ONE = "one statement at a time"
READS = "only what reads is answered"
NOT_HERE = "() is not for queries"
# What is typed and what is said. {file}: a file with a secret; {url}: a server on loopback that counts who asks;
# {out}: a name in the folder that must stay as it is.
REFUSED = [
    ("INSERT INTO counts FROM counts", READS),
    ("UPDATE counts SET value = 0", READS),
    ("DELETE FROM counts", READS),
    ("DROP TABLE revisions", READS),
    ("TRUNCATE counts", READS),
    ("ALTER TABLE counts ADD COLUMN x INTEGER", READS),
    ("CREATE TABLE t (a INTEGER)", READS),
    ("CREATE TEMP TABLE t AS FROM range(10)", READS),
    ("CREATE TEMP MACRO now() AS 1", READS),
    ("CREATE VIEW v AS SELECT 1", READS),
    ("COMMENT ON TABLE counts IS 'mine'", READS),
    ("MERGE INTO counts USING counts AS c USING (count_id) WHEN MATCHED THEN DELETE", READS),
    ("COPY counts TO '{out}.csv'", READS),
    ("COPY (SELECT 1) TO '/dev/stdout'", READS),
    ("COPY counts FROM '{file}'", READS),
    ("COPY FROM DATABASE news TO memory", READS),
    ("EXPORT DATABASE '{out}'", READS),
    ("IMPORT DATABASE '{out}'", READS),
    ("ATTACH '{out}.duckdb'", READS),
    ("ATTACH ':memory:' AS m", READS),
    ("ATTACH '{url}/x.duckdb'", READS),
    ("DETACH news", READS),
    ("USE memory", READS),
    ("INSTALL httpfs", READS),
    ("FORCE INSTALL httpfs FROM '{url}'", READS),
    ("LOAD '{out}.duckdb_extension'", READS),
    ("SET enable_external_access = true", READS),
    ("RESET lock_configuration", READS),
    ("SET VARIABLE a = 1", READS),
    ("PRAGMA memory_limit = '1TB'", READS),
    ("PRAGMA enable_profiling = 'json'", READS),
    ("PRAGMA table_info('counts')", READS),
    ("CALL enable_logging(storage = 'stdout')", READS),
    ("CALL pragma_version()", READS),
    ("CREATE SECRET s (TYPE s3, KEY_ID 'a', SECRET 'b')", READS),
    ("PREPARE p AS SELECT 1", READS),
    ("EXECUTE p", READS),
    ("CHECKPOINT", READS),
    ("VACUUM", READS),
    ("BEGIN", READS),
    ("EXPLAIN ANALYZE COPY counts TO '{out}.csv'", READS),
    ("EXPLAIN ANALYZE DROP TABLE counts", READS),
    ("EXPLAIN (ANALYZE, FORMAT json) FROM enable_logging(storage = 'stdout')", f"enable_logging{NOT_HERE}"),
    ("EXPLAIN /* */ ANALYZE COPY counts TO '{out}.csv'", "syntax error"),
    ("SELECT 1; DROP TABLE counts", READS),
    ("SELECT 1; SELECT 2", ONE),
    ("SELECT 1 /* ; */ ; -- only one\n COPY counts TO '{out}.csv'", READS),
    ("", ONE),
    ("-- SELECT 1", ONE),
    ("SELECT * FROM read_csv('{file}')", f"read_csv{NOT_HERE}"),
    ("FROM read_text('{file}')", f"read_text{NOT_HERE}"),
    ("FROM read_blob('{file}')", f"read_blob{NOT_HERE}"),
    ("FROM Main.\"READ_TEXT\"('{file}')", f"read_text{NOT_HERE}"),
    ("FROM read_json('{url}/a.json')", f"read_json{NOT_HERE}"),
    ("FROM read_parquet('{url}/a.parquet')", f"read_parquet{NOT_HERE}"),
    ("FROM parquet_metadata('{file}')", f"parquet_metadata{NOT_HERE}"),
    ("FROM sniff_csv('{file}')", f"sniff_csv{NOT_HERE}"),
    ("FROM read_duckdb('{file}')", f"read_duckdb{NOT_HERE}"),
    ("FROM glob('/etc/*')", f"glob{NOT_HERE}"),
    ("FROM '{file}'", "file system operations are disabled"),
    ("FROM '{url}/a.parquet'", "file system operations are disabled"),
    ("FROM 's3://bucket/a.parquet'", "Error"),
    ("SUMMARIZE FROM read_csv('{file}')", f"read_csv{NOT_HERE}"),
    ("DESCRIBE '{file}'", "file system operations are disabled"),
    ("SELECT (SELECT content FROM read_text('{file}'))", f"read_text{NOT_HERE}"),
    ("FROM counts WHERE EXISTS (FROM read_text('{file}'))", f"read_text{NOT_HERE}"),
    ("FROM counts LIMIT (SELECT count(*) FROM read_text('{file}'))", f"read_text{NOT_HERE}"),
    ("WITH a AS (FROM read_text('{file}')) FROM a", f"read_text{NOT_HERE}"),
    ("FROM query('FROM read_te' || 'xt(''{file}'')')", f"query{NOT_HERE}"),
    ("FROM query_table('{file}')", f"query_table{NOT_HERE}"),
    ("FROM json_execute_serialized_sql(json_serialize_sql('SELECT 1'))", f"json_execute_serialized_sql{NOT_HERE}"),
    ("SELECT json_serialize_plan('FROM pandas_scan(NULL)')", f"json_serialize_plan{NOT_HERE}"),
    ("FROM pandas_scan(NULL)", f"pandas_scan{NOT_HERE}"),  # ends the process, where it is let through
    ("SELECT (FROM system.main.pandas_scan(NULL))", f"pandas_scan{NOT_HERE}"),
    ("FROM arrow_scan(NULL, NULL, NULL)", f"arrow_scan{NOT_HERE}"),
    ("FROM enable_logging(storage = 'file', storage_path = '{out}')", f"enable_logging{NOT_HERE}"),
    ("FROM duckdb_secrets()", f"duckdb_secrets{NOT_HERE}"),
    ("FROM which_secret('s3://a', 's3')", f"which_secret{NOT_HERE}"),
    ("SELECT getenv('HOME')", "getenv does not exist"),
    ("FROM frame", "frame does not exist"),  # a variable of the program
    ("FROM read_xlsx('{file}')", f"read_xlsx{NOT_HERE}"),
    ("SELECT " + "(" * 20_000 + "1" + ")" * 20_000, "memory exhausted"),
    ("SELECT " + "[" * 900 + "1" + "]" * 900, "nested too deeply"),
    ("SELECT " + "1 + " * 5_000 + "1", "Max expression depth"),
    ("SELECT repeat('x', 10000000000)", "maximum supported string size"),
    ("SELECT list_sum(range(10000000000))", "Lists larger than"),
    ("SELECT nothing FROM counts", 'Referenced column "nothing" not found'),
    ("FROM nothing", "nothing does not exist"),
    ("SELCT 1", 'syntax error at or near "SELCT"'),
]
# These would run for hours; a fraction of a second is theirs.
ENDLESS = [
    "SELECT count(*) FROM range(1000000000000)",
    "SELECT count(*) FROM counts a, counts b, counts c, counts d, range(1000000000)",
    "WITH RECURSIVE t(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM t) SELECT count(*) FROM t",
    "SELECT count(*) FROM repeat_row(1, num_rows = 1000000000000)",
    "FROM generate_series(TIMESTAMP '1900-01-01', TIMESTAMP '2900-01-01', INTERVAL '1us') AS t(x) WHERE x IS NULL",
    "EXPLAIN ANALYZE SELECT count(*) FROM range(1000000000000)",
]
# These would take all memory; each ends in a process of its own.
GREEDY = [
    "SELECT repeat('x', 4000000000)",
    "SELECT repeat('x', 1000000) FROM range(1000000)",
    "SELECT list(range) FROM range(1000000000)",
    "SELECT string_agg(repeat('x', 1000000), '') FROM range(100000)",
    "SELECT list_transform(range(100000000), x -> repeat('a', 1000))",
    "SELECT * FROM range(1000000000) AS t(x) ORDER BY hash(x)",
    "SELECT x, count(*) FROM range(1000000000) AS t(x) GROUP BY x",
    "SELECT count(DISTINCT x) FROM range(1000000000) AS t(x)",
    "SELECT len(range(2000000000))",
]


@dataclass
class Place:
    """A folder that must stay as it is, a file that must not be read, a server that must not be asked."""

    folder: Path
    url: str
    asked: list[str] = field(default_factory=list)

    def words(self, sql: str) -> str:
        for name, value in {"file": self.folder / "secret.csv", "out": self.folder / "out", "url": self.url}.items():
            sql = sql.replace(f"{{{name}}}", str(value))
        return sql


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    asked: list[str] = []

    class Counting(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

        do_HEAD = do_GET

    folder = tmp_path_factory.mktemp("place")
    (folder / "secret.csv").write_text(f"name,number\neditor,{SECRET}\n", "utf-8")
    with ThreadingHTTPServer(("127.0.0.1", 0), Counting) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield Place(folder, f"http://127.0.0.1:{server.server_address[1]}", asked)
        server.shutdown()


def ask(data: Path, sql: str, *options: str) -> tuple[int, str]:
    result = CliRunner(env={"COLUMNS": "200"}).invoke(app, ["query", *options, "--data", str(data), "--", sql])
    return result.exit_code, result.output


def files_of(folder: Path) -> dict[str, Any]:
    return {str(file): (file.stat().st_size, file.stat().st_mtime_ns) for file in folder.rglob("*")}


def test_what_does_not_read_or_reads_elsewhere_is_refused(
    seeds_data: Path, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(place.folder)
    before = files_of(place.folder) | files_of(seeds_data)

    said = {}
    with open_published(seeds_data) as con:
        for sql, _ in REFUSED:
            with pytest.raises(UsageError) as refused:
                list(batches(con, answer(con, place.words(sql), 60), 60))
            said[sql] = str(refused.value)

    assert len(REFUSED) > 50
    for sql, named in REFUSED:
        assert said[sql].startswith("query: ")
        assert named in said[sql], (sql[:200], said[sql])
        assert SECRET not in said[sql], sql
    assert files_of(place.folder) | files_of(seeds_data) == before
    assert place.asked == []


@pytest.mark.proof
def test_each_refusal_is_one_line_and_status_2(seeds_data: Path, place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(place.folder)
    before = files_of(place.folder) | files_of(seeds_data)

    answers = {sql: ask(seeds_data, place.words(sql)) for sql, _ in REFUSED}

    for sql, named in REFUSED:
        status, said = answers[sql]
        assert (status, said.count("\n")) == (2, 1), (sql[:200], said)
        assert said.startswith("newsledger: query: "), said
        assert named in said, (sql[:200], said)
        assert SECRET not in said, sql
    assert files_of(place.folder) | files_of(seeds_data) == before
    assert place.asked == []


def test_the_connection_itself_keeps_out_what_the_words_let_through(
    seeds_data: Path, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(place.folder)
    before = files_of(place.folder) | files_of(seeds_data)
    writing = (
        "INSERT|UPDATE|DELETE|DROP|TRUNCATE|ALTER|CREATE TABLE|CREATE VIEW|COMMENT|MERGE|COPY|SET en|RESET|PRAGMA m"
    )
    told = [sql for sql, _ in REFUSED if "{" in sql or re.match(writing, sql)]
    told.remove("FROM enable_logging(storage = 'file', storage_path = '{out}')")  # is let through, and ends the process

    with open_published(seeds_data) as con:
        for sql in told:
            with pytest.raises(duckdb.Error):
                con.execute(place.words(sql)).fetchall()

    assert len(told) > 40
    assert files_of(place.folder) | files_of(seeds_data) == before
    assert place.asked == []


@pytest.mark.parametrize("sql", ENDLESS)
def test_what_takes_too_long_is_cut_off(seeds_data: Path, sql: str) -> None:
    status, said = ask(seeds_data, sql, "--seconds", "0.2")

    assert (status, said) == (
        1,
        "newsledger: query: not done in 0.2 seconds; ask for less, or allow more with --seconds\n",
    )


MEASURED = (
    "import resource, subprocess, sys; ended = subprocess.run(sys.argv[1:], stderr=subprocess.STDOUT).returncode; "
    "print(ended, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024)"
)


def ask_apart(data: Path, sql: str, *options: str) -> tuple[int, str, int]:
    """Ask in a process of its own; returns its exit status, all that it said, and its largest size in MB."""
    command = [sys.executable, "-m", "flows", "query", *options, "--data", str(data), "--", sql]
    measured = [sys.executable, "-c", MEASURED, *command]
    said = subprocess.run(measured, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True).stdout
    *lines, last = said.splitlines(keepends=True)
    status, size = map(int, last.split())
    return status, "".join(lines), size


@pytest.mark.parametrize(
    "sql", [pytest.param(sql, marks=[pytest.mark.proof] if number else []) for number, sql in enumerate(GREEDY)]
)
def test_what_takes_too_much_memory_is_cut_off(seeds_data: Path, sql: str) -> None:
    status, said, size = ask_apart(seeds_data, sql, "--megabytes", "300", "--format", "csv")

    assert status == 1, said
    assert said.splitlines()[-1].startswith("newsledger: query: more memory than it may have"), said
    assert "Traceback" not in said
    assert size < 1_500


@pytest.mark.proof
def test_what_no_interrupt_reaches_ends_all_the_same(seeds_data: Path) -> None:
    sql = "SELECT levenshtein(repeat('a', 100000), repeat('b', 100000))"

    status, said, _ = ask_apart(seeds_data, sql, "--seconds", "0.5")

    assert (status, said.count("\n")) == (1, 1)
    assert "not done in 0.5 seconds" in said


def test_a_reader_who_leaves_early_hears_no_complaint(seeds_data: Path) -> None:
    command = [sys.executable, "-m", "flows", "query", "FROM range(3000000)", "--format", "csv"]

    with subprocess.Popen(
        [*command, "--data", str(seeds_data)], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as asked:
        assert asked.stdout
        assert asked.stderr
        asked.stdout.readline()
        asked.stdout.close()
        said = asked.stderr.read()

    assert said == ""


ORDINARY = [
    "SELECT kind, count(*) AS n FROM counts GROUP BY kind ORDER BY n DESC",
    "FROM tolls",
    "VALUES (1), (2)",
    "TABLE stories;",
    "WITH a AS (FROM counts WHERE kind = 'killed') SELECT value, title FROM a JOIN articles USING (article_id) -- x",
    "SELECT value, rank() OVER (PARTITION BY kind ORDER BY value DESC) AS place FROM counts QUALIFY place = 1",
    "FROM tolls_as_of('2020-11-22 06:00', 'published') WHERE policy = 'independent'",
    "FROM tolls_as_of(now() + INTERVAL 1 day, 'seen')",
    "DESCRIBE tolls",
    "DESCRIBE SELECT 1 AS a",
    "SHOW TABLES",
    "SHOW ALL TABLES",
    "SUMMARIZE counts",
    "EXPLAIN SELECT 1",
    "explain analyze FROM counts",
    "EXPLAIN (FORMAT json) SELECT 1",
    "PIVOT counts ON kind IN ('killed', 'wounded') USING count(*) GROUP BY article_id",
    "SELECT * FROM (SELECT unnest(aliases) AS alias FROM actors) WHERE alias ILIKE '%army%'",
    "FROM range(3) UNION ALL FROM generate_series(1, 3)",
    "SELECT table_name, comment FROM duckdb_tables()",
    "WITH RECURSIVE t(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM t WHERE x < 5) FROM t",
    "SELECT now(), [1, 2], {'a': 1}, 'infinity'::DATE, INTERVAL 1 day, 'a'::BLOB, uuid(), 1 AS a, 2 AS a, NULL",
    "SELECT 'SELECT 1; DROP TABLE counts' AS text",
]


@pytest.mark.parametrize("sql", ORDINARY)
def test_what_analysts_write_is_answered(seeds_data: Path, sql: str) -> None:
    status, said = ask(seeds_data, sql, "--format", "json")

    assert status == 0, said
    assert json.loads(said)


@pytest.mark.parametrize("format", ["table", "csv"])
def test_every_type_has_a_text(seeds_data: Path, format: str) -> None:
    status, said = ask(seeds_data, ORDINARY[-2], "--format", format)

    assert status == 0, said
    assert "infinity" in said


def test_each_format_says_what_is_there_and_what_is_not(seeds_data: Path) -> None:
    at = "TIMESTAMPTZ '2020-11-21 10:00:00+02'"
    sql = f"SELECT [1, NULL] AS list, '' AS empty, NULL AS unknown, {at} AS at, 'inf'::FLOAT AS f"

    _, as_csv = ask(seeds_data, sql, "--format", "csv")
    _, as_json = ask(seeds_data, sql, "--format", "json")
    _, none = ask(seeds_data, "FROM counts WHERE false", "--format", "csv")
    _, no_json = ask(seeds_data, "FROM counts WHERE false", "--format", "json")

    assert as_csv == 'list,empty,unknown,at,f\n"[1,null]","",,2020-11-21T08:00:00Z,inf\n'
    assert json.loads(as_json) == [
        {"list": [1, None], "empty": "", "unknown": None, "at": "2020-11-21T08:00:00Z", "f": None}
    ]
    assert none.startswith("count_id,article_id,")
    assert json.loads(no_json) == []


def test_a_table_shows_the_first_rows_and_says_how_to_get_all(seeds_data: Path) -> None:
    _, said = ask(seeds_data, "SELECT if(range = 0, repeat('x', 5000), '') AS x, range AS number FROM range(1000)")

    assert " 199 │" in said
    assert " 200 │" not in said
    assert said.endswith("the first 200 rows; all of them: --format csv, json or parquet\n")
    assert 1_990 < said.count("x") < 2_010


@pytest.mark.parametrize("format", ["table", "csv", "json", "typed", "parquet"])
def test_so_many_rows_are_given_and_the_answer_says_that_there_were_more(seeds_data: Path, format: str) -> None:
    told = CliRunner(env={"COLUMNS": "200"}).invoke(
        app,
        ["query", "FROM range(100, 1000000000000)", "--rows", "2", "--format", format, "--data", str(seeds_data)],
    )

    assert (told.exit_code, "there are more" in told.stderr) == (0, format != "table")
    if format == "parquet":
        assert pl.read_parquet(told.stdout_bytes)["range"].to_list() == [100, 101]
    else:
        assert re.findall(r"\b1\d\d\b", told.stdout) == ["100", "101"]


@pytest.mark.parametrize(("n_rows", "is_cut"), [(2, False), (3, True)])
def test_the_last_row_of_all_is_no_cut(seeds_data: Path, n_rows: int, is_cut: bool) -> None:
    words = ["query", f"FROM range({n_rows})", "--rows", "2", "--format", "typed", "--data", str(seeds_data)]

    told = CliRunner().invoke(app, words)

    assert json.loads(told.stdout)["is_cut"] is is_cut
    assert told.stderr == ("newsledger: the first 2 rows; there are more\n" if is_cut else "")


def test_typed_keeps_types_names_and_what_json_cannot_say(seeds_data: Path) -> None:
    sql = "SELECT 'inf'::FLOAT AS a, 0.1::FLOAT AS a, [1, NULL] AS list, TIMESTAMPTZ '2020-11-21 10:00:00+02' AS at"

    _, said = ask(seeds_data, sql, "--format", "typed")

    typed = json.loads(said)
    assert [(column["name"], column["type"]) for column in typed["columns"]] == [
        ("a", "FLOAT"),
        ("a", "FLOAT"),
        ("list", "INTEGER[]"),
        ("at", "TIMESTAMPTZ"),
    ]
    assert typed["rows"] == [["inf", 0.1, [1, None], "2020-11-21T08:00:00Z"]]


FORMULAS = {
    "=1+1": "'=1+1",
    "+1": "'+1",
    "-1": "'-1",
    "@SUM(A1)": "'@SUM(A1)",
    "\tx": "'\tx",
    "\rx": "'\rx",
    " \u200b=1": "' \u200b=1",
    "＝1": "'＝1",
    "a;=1;b": "a;'=1;b",
    "a\n =1": "a\n '=1",
    "a - b = c, d@e": "a - b = c, d@e",
}


def test_a_spreadsheet_finds_no_formula(seeds_data: Path) -> None:
    texts = ", ".join(f"$${text}$$ AS c{number}" for number, text in enumerate(FORMULAS))
    sql = f'SELECT {texts}, -5 AS number, INTERVAL (-1) day AS time, [-1] AS list, 1 AS "=1+1"'

    _, said = ask(seeds_data, sql, "--format", "csv", "--spreadsheet")

    names, values = csv.reader(io.StringIO(said, newline=""))
    assert values == [*FORMULAS.values(), "-5", "'-1 day", "[-1]", "1"]
    assert names[-1] == "'=1+1"


def test_rows_come_in_batches_in_their_order(seeds_data: Path) -> None:
    with open_published(seeds_data) as con:
        asked = answer(con, "SELECT range AS n FROM range(25000) ORDER BY n DESC", 60)

        parts = [pl.from_arrow(batch) for batch in batches(con, asked, 60)]

    assert len(parts) > 1
    assert [n for part in parts for n in part["n"]] == list(range(24999, -1, -1))


def test_two_readers_of_one_process_may_ask_at_once(seeds_data: Path) -> None:
    with open_published(seeds_data) as first, open_published(seeds_data) as second:
        counted = [con.execute("SELECT count(*) FROM counts").fetchall() for con in (first, second)]

    assert counted[0] == counted[1]


def test_no_zero_byte_hides_a_second_statement(seeds_data: Path) -> None:
    with open_published(seeds_data) as con, pytest.raises(UsageError, match=ONE):
        answer(con, "SELECT 1\0; DROP TABLE counts", 60)
