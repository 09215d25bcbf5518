"""Every table, view, macro and column of a publication says what it means; the page in docs/ is made from that."""

import csv
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from typer.testing import CliRunner

from benchmarks.write_dictionary import PAGE, dictionary_page
from flows.cli.commands import app
from flows.warehouse.comments import ANYWHERE, COLUMNS, OBJECTS, add_comments, read_comments
from flows.warehouse.file import ledger_path, open_ledger
from flows.warehouse.schema import prepare
from tests.conftest import ROOT


@pytest.fixture
def published(seeds_data: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A client's plain connection."""
    with duckdb.connect(str(seeds_data / "news.duckdb"), read_only=True) as con:
        yield con


@pytest.mark.parametrize(
    "silent",
    [
        "SELECT table_name FROM duckdb_tables() WHERE comment IS NULL",
        "SELECT view_name FROM duckdb_views() WHERE NOT internal AND comment IS NULL",
        "SELECT function_name FROM duckdb_functions() WHERE NOT internal AND comment IS NULL",
        "SELECT table_name, column_name FROM duckdb_columns() WHERE NOT internal AND comment IS NULL",
    ],
)
def test_all_that_is_published_says_what_it_means(silent: str, published: duckdb.DuckDBPyConnection) -> None:
    assert published.execute(silent).fetchall() == [], "add a row to sql/comments"


def test_a_comment_that_is_there_is_not_written_again_and_one_that_changed_is(tmp_path: Path, seeds_data: Path) -> None:
    ledger_path(tmp_path).parent.mkdir()
    shutil.copyfile(ledger_path(seeds_data), ledger_path(tmp_path))
    whole = "SELECT list(comment ORDER BY table_name, column_name) FROM duckdb_columns() WHERE NOT internal"

    with open_ledger(tmp_path) as con:
        before = con.execute(whole).fetchall()
        add_comments(con)
        assert con.execute("SELECT wal_size FROM pragma_database_size()").fetchall() == [("0 bytes",)]

        con.execute("COMMENT ON TABLE stated_counts IS 'As it was.'")
        con.execute("COMMENT ON COLUMN built_toll_parts.event_id IS NULL")
        add_comments(con)
        assert con.execute(whole).fetchall() == before
        assert con.execute("FROM duckdb_tables() WHERE comment = 'As it was.'").fetchall() == []


def test_no_comment_is_of_something_that_is_not_there_and_one_of_all_places_is_of_several(
    published: duckdb.DuckDBPyConnection,
) -> None:
    said = read_comments()
    used = Counter((name, "") for name, *_ in published.execute(OBJECTS).fetchall())
    for table, column, _ in published.execute(COLUMNS).fetchall():
        used[(table, column) if (table, column) in said else (ANYWHERE, column)] += 1

    unused = [key for key in said if used[key] < (2 if key[0] == ANYWHERE else 1)]
    assert unused == []


def test_a_thing_is_said_once() -> None:
    names: Counter[tuple[str, str]] = Counter()
    for file in sorted((ROOT / "sql" / "comments").glob("*.csv")):
        with file.open(encoding="utf-8", newline="") as text:
            for row in csv.DictReader(text):
                assert list(row) == ["object", "column", "comment"], file.name
                assert row["comment"].endswith((".", ")")), row
                names.update((name, row["column"]) for name in row["object"].split())

    assert [key for key, times in names.items() if times > 1] == []


def test_the_page_is_the_one_that_would_be_made_today(published: duckdb.DuckDBPyConnection) -> None:
    published.execute("SET TimeZone = 'UTC'")

    assert PAGE.read_text("utf-8") == dictionary_page(published), "run `make dictionary`"


def test_describe_shows_a_table_with_what_its_columns_mean(seeds_data: Path) -> None:
    wide = CliRunner(env={"COLUMNS": "250"})

    everything = wide.invoke(app, ["describe", "--data", str(seeds_data)]).output
    one = wide.invoke(app, ["describe", "tolls", "--data", str(seeds_data)]).output
    macro = wide.invoke(app, ["describe", "tolls_as_of", "--data", str(seeds_data)]).output

    assert "│ copies " in everything
    assert "│ tolls_as_of " in everything
    assert one.startswith("An event, a kind and a policy")
    assert "│ n_sources_failed │ BIGINT " in one
    assert macro.startswith("tolls_as_of(t, clock): ")


def test_a_publication_that_takes_the_ledgers_place_can_still_be_changed(tmp_path: Path, seeds_data: Path) -> None:
    ledger_path(tmp_path).parent.mkdir()
    shutil.copyfile(seeds_data / "news.duckdb", ledger_path(tmp_path))

    with open_ledger(tmp_path) as con:
        prepare(con)
        con.execute("ALTER TABLE stated_counts ADD COLUMN another INTEGER; ALTER TABLE runs DROP COLUMN message")
        kept = con.execute("SELECT comment FROM duckdb_tables() WHERE table_name = 'stated_counts'").fetchall()
        views = con.execute("SELECT count(*) FROM duckdb_views() WHERE view_name = 'tolls'").fetchone()

    assert kept != [(None,)]
    assert views == (1,)
