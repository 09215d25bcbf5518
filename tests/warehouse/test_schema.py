"""Schema versions: every older ledger is brought up to date in place, a newer one is refused by name."""

import asyncio
import shutil
import tarfile
from pathlib import Path

import duckdb
import pytest

from flows.warehouse import schema
from flows.warehouse.file import LedgerError, open_ledger
from flows.warehouse.schema import upgrade
from flows.warehouse.versions import SCHEMA_VERSION, check_version
from tests.conftest import LONG, ROOT, SEEDS, Command, Run
from tests.tables import CLOCKS, HISTORY, tables_of

LEDGERS = ROOT / "tests" / "ledgers"  # a data folder each, made by the version that had the schema: seeds, one run
VERSIONS = CLOCKS | {"rules_version", "facts_version"}


def unpacked(version: int, folder: Path) -> Path:
    """The data folder of a schema version."""
    with tarfile.open(LEDGERS / f"schema-{version}.tar.xz") as archive:
        archive.extractall(folder, filter="data")
    return folder


def test_every_older_schema_has_a_folder_under_test() -> None:
    names = {file.name for file in LEDGERS.iterdir()}

    assert names == {f"schema-{version}.tar.xz" for version in range(1, SCHEMA_VERSION)}


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory, run_pass: Run) -> Path:
    """What a first run of today makes of the seeds."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(ROOT)
        return run_pass(tmp_path_factory.mktemp("fresh") / "data")


LAST = SCHEMA_VERSION - 1


@pytest.mark.proof
@pytest.mark.parametrize("version", [1, LAST, *(pytest.param(n, marks=LONG) for n in range(2, LAST))])
def test_a_folder_of_an_older_schema_is_brought_up_to_date_and_goes_on(
    version: int, tmp_path: Path, run_pass: Run, fresh: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from flows.rebuild import run_rebuild

    monkeypatch.chdir(ROOT)
    data = unpacked(version, tmp_path / "old")
    before = (data / "work" / "ledger.duckdb").read_bytes()

    published = run_pass(data)

    assert (data / "work" / f"ledger-schema-{version}.duckdb").read_bytes() == before
    with duckdb.connect(str(published), read_only=True) as con:
        runs = con.execute("SELECT run_no, state, n_articles FROM runs ORDER BY run_no").fetchall()
    assert runs == [(1, "done", 5), (2, "done", 0)]
    asyncio.run(run_rebuild("clean", data=str(data)))
    apart = HISTORY | {"sources", "story_aliases", "event_aliases"}
    assert tables_of(published, apart, VERSIONS) == tables_of(fresh, apart, VERSIONS)


def test_an_upgrade_that_breaks_off_leaves_the_ledger_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = unpacked(1, tmp_path / "data")
    sql = tmp_path / "sql"
    shutil.copytree(ROOT / "sql", sql)
    (sql / "migrations" / "2.sql").write_text("ALTER TABLE runs ADD COLUMN run_no BIGINT; SELECT nothing FROM nowhere;")
    monkeypatch.setattr(schema, "SQL", sql)
    path = data / "work" / "ledger.duckdb"

    with pytest.raises(duckdb.Error):
        upgrade(data, path, 1)

    with open_ledger(data) as con:
        assert check_version(con, path) == 1
        assert "run_no" not in [row[0] for row in con.execute("DESCRIBE runs").fetchall()]
        assert con.execute("SELECT count(*) FROM tolls").fetchone() != (0,)


def test_a_ledger_of_a_newer_schema_is_refused_with_the_version_that_it_needs(
    tmp_path: Path, seeds_data: Path, command: Command
) -> None:
    shutil.copytree(seeds_data, tmp_path / "data")
    with open_ledger(tmp_path / "data") as con:
        con.execute("UPDATE meta SET value = '99' WHERE key = 'schema_version'")
        con.execute("UPDATE meta SET value = '7.1.0' WHERE key = 'newsledger_version'")
        with pytest.raises(
            LedgerError, match=r"by newsledger 7\.1\.0, schema 99; .* install newsledger 7\.1\.0 or newer"
        ):
            check_version(con, tmp_path / "data" / "work" / "ledger.duckdb")

    code, said = command("run", SEEDS, "--data", tmp_path / "data")

    assert code == 1
    assert "install newsledger 7.1.0 or newer" in said
    assert len(said.strip().splitlines()) == 1


@pytest.mark.parametrize("version", [1, LAST])
def test_what_an_upgrade_can_know_of_older_rows_is_filled_in(version: int, tmp_path: Path) -> None:
    data = unpacked(version, tmp_path)

    upgrade(data, data / "work" / "ledger.duckdb", version)

    with open_ledger(data) as con:
        printed = con.execute("SELECT DISTINCT printed_at = coalesce(published_at, first_seen_at) FROM revisions")
        assert printed.fetchall() == [(True,)]
        causes = con.execute("SELECT DISTINCT change, cause FROM toll_history").fetchall()
    assert causes == ([] if version == 1 else [("new", "new")])
