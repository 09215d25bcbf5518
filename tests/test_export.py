"""An export holds what readers see, all of one publication, and looks complete only when it is."""

import csv
import hashlib
import json
from pathlib import Path

import duckdb
import pytest
from typer.testing import CliRunner

from flows.cli.commands import app
from flows.warehouse import export as exporting
from flows.warehouse.read import open_published


def export(data: Path, folder: Path, format: str = "parquet") -> tuple[int, str]:
    result = CliRunner().invoke(app, ["export", str(folder), "--format", format, "--data", str(data)])
    return result.exit_code, result.output


@pytest.fixture(scope="module")
def parquet(seeds_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("exported") / "parquet"
    status, said = export(seeds_data, folder)
    assert status == 0, said
    return folder


def names_of(data: Path) -> list[str]:
    with open_published(data) as con:
        return [name for (name,) in con.execute("SELECT table_name FROM information_schema.tables").fetchall()]


def test_parquet_holds_every_table_and_view_with_its_types_and_rows(seeds_data: Path, parquet: Path) -> None:
    names = names_of(seeds_data)

    with duckdb.connect() as con:
        con.execute(f"SET TimeZone = 'UTC'; ATTACH '{seeds_data / 'news.duckdb'}' AS news (READ_ONLY)")
        for name in names:
            here, there = f'news."{name}"', f"'{parquet / name}.parquet'"
            types = [con.execute(f"DESCRIBE FROM {table}").fetchall() for table in (here, there)]
            assert [row[:2] for row in types[0]] == [row[:2] for row in types[1]], name
            for one, other in ((here, there), (there, here)):
                assert con.execute(f"FROM {one} EXCEPT ALL FROM {other}").fetchall() == [], name

    assert {"tolls", "articles", "revisions", "meta"} < set(names)
    assert {file.stem for file in parquet.glob("*.parquet")} == set(names)


def test_export_json_says_which_publication_it_is_and_vouches_for_each_file(seeds_data: Path, parquet: Path) -> None:
    about = json.loads((parquet / "export.json").read_text("utf-8"))

    with open_published(seeds_data) as con:
        last = con.execute("SELECT publication_no, run_id, rules_version FROM publications").fetchall()
        (n_counts,) = con.execute("SELECT count(*) FROM counts").fetchone() or (None,)
    assert [(about["publication_no"], about["run_id"], about["rules_version"])] == last
    assert about["schema_version"] == exporting_schema()
    assert about["published_at"].endswith("+00")
    assert about["files"]["counts.parquet"]["rows"] == n_counts
    for name, file in about["files"].items():
        content = (parquet / name).read_bytes()
        assert (file["bytes"], file["sha256"]) == (len(content), hashlib.sha256(content).hexdigest())
    assert {file.name for file in parquet.iterdir()} == {*about["files"], "dictionary.csv", "export.json"}


def exporting_schema() -> str:
    from flows.warehouse.versions import SCHEMA_VERSION

    return str(SCHEMA_VERSION)


def test_the_dictionary_has_every_table_and_column_with_its_type(seeds_data: Path, parquet: Path) -> None:
    with (parquet / "dictionary.csv").open(encoding="utf-8", newline="") as text:
        rows = list(csv.DictReader(text))

    tables = {row["table"]: row["type"] for row in rows if not row["column"]}
    types = {(row["table"], row["column"]): row["type"] for row in rows}
    assert set(tables) == set(names_of(seeds_data))
    assert tables["tolls"] == "view"
    assert types["actors", "aliases"] == "VARCHAR[]"
    assert types["articles", "published_at"] == "TIMESTAMP WITH TIME ZONE"


def test_csv_keeps_lists_instants_and_the_unknown_apart_from_the_empty(seeds_data: Path, tmp_path: Path) -> None:
    status, _ = export(seeds_data, tmp_path / "csv", "csv")

    assert status == 0
    read = f"read_csv('{tmp_path}/csv/NAME.csv', all_varchar = true, allow_quoted_nulls = false)"
    with duckdb.connect() as con:
        con.execute(f"SET TimeZone = 'UTC'; ATTACH '{seeds_data / 'news.duckdb'}' AS news (READ_ONLY)")
        aliases = con.execute(
            f"SELECT aliases FROM {read.replace('NAME', 'actors')} WHERE actor = 'Taliban'"
        ).fetchone()
        texts, there = (
            con.execute(f"SELECT article_id, text, url, published_at::TIMESTAMPTZ FROM {table} ORDER BY ALL").fetchall()
            for table in (read.replace("NAME", "articles"), "news.articles")
        )
        at = con.execute(f"SELECT first_seen_at FROM {read.replace('NAME', 'articles')}").fetchone()
    assert aliases
    assert "Taliban" in json.loads(aliases[0])
    assert texts == there
    assert at
    assert at[0].endswith("Z")


def test_an_earlier_export_is_replaced_as_a_whole(seeds_data: Path, tmp_path: Path) -> None:
    export(seeds_data, tmp_path / "out", "csv")

    status, said = export(seeds_data, tmp_path / "out")

    assert status == 0, said
    assert not list((tmp_path / "out").glob("counts.csv"))
    assert (tmp_path / "out" / "counts.parquet").exists()
    assert [file.name for file in tmp_path.iterdir()] == ["out"]


def test_a_folder_with_other_things_in_it_is_left_alone(seeds_data: Path, tmp_path: Path) -> None:
    export(seeds_data, tmp_path / "out")
    (tmp_path / "out" / "notes.txt").write_text("mine", "utf-8")
    (tmp_path / "file").write_text("mine", "utf-8")

    into_notes, into_file = export(seeds_data, tmp_path / "out"), export(seeds_data, tmp_path / "file")

    assert into_notes[0] == into_file[0] == 2
    assert "out/notes.txt: not of an export" in into_notes[1]
    assert "/file: not of an export" in into_file[1]
    assert (tmp_path / "out" / "notes.txt").read_text("utf-8") == "mine"


def test_an_export_that_is_stopped_leaves_the_earlier_one(
    seeds_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    export(seeds_data, tmp_path / "out")
    before = (tmp_path / "out" / "export.json").read_bytes()
    (tmp_path / "out.newsledger-part").mkdir()
    (tmp_path / "out.newsledger-part" / "counts.parquet").write_text("of a kill", "utf-8")

    def stopped(file: Path, n_rows: int) -> dict[str, object]:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(exporting, "_file", stopped)
        status, _ = export(seeds_data, tmp_path / "out", "csv")

    assert status == 1
    assert (tmp_path / "out" / "export.json").read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == ["out"]
