"""The commands as a user types them."""

import contextlib
import json
import os
import signal
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import duckdb
import polars as pl
import pytest
from typer.testing import CliRunner

from flows.cli.commands import app
from tests.conftest import ROOT


def newsledger(*words: str) -> tuple[int, str]:
    result = CliRunner(env={"COLUMNS": "160"}).invoke(app, list(words))
    return result.exit_code, result.output


def test_story_shows_at_once_where_the_reports_part(seeds_data: Path) -> None:
    _, stories = newsledger("query", "SELECT story_id FROM stories", "--format", "csv", "--data", str(seeds_data))

    code, shown = newsledger("story", stories.split()[1], "--data", str(seeds_data))

    assert code == 0
    flat = " ".join(shown.split())
    assert "conflict on killed: 22 / at least 22:" in flat
    assert "at least 35:" in flat
    assert "28: Islamic State, who claims the attack: its own number" in flat
    assert "left out: 5 killed, Health Ministry official: a part: one hospital's intake" in flat
    assert "Taliban denies it" in flat
    assert "Taliban is blamed by Afghan government" in flat
    assert "differ on wounded: more than 24:" in flat


def test_story_without_an_id_lists_the_stories(seeds_data: Path) -> None:
    code, shown = newsledger("story", "--data", str(seeds_data))

    assert code == 0
    assert "1 story;" in shown


def test_an_events_id_shows_the_story_that_tells_of_it(seeds_data: Path) -> None:
    query = "SELECT event_id FROM told_events WHERE NOT is_main"
    _, ids = newsledger("query", query, "--format", "csv", "--data", str(seeds_data))

    code, shown = newsledger("story", ids.split()[1], "--data", str(seeds_data))

    assert code == 0
    assert ids.split()[1] in shown
    assert "5 articles, 5 independent origins" in shown


def test_the_version_is_said() -> None:
    assert newsledger("--version") == (0, f"newsledger {version('newsledger')}\n")


def test_an_option_that_names_a_table_of_the_config_says_which() -> None:
    _, shown = newsledger("run", "--help")

    assert "[run]" in shown


def test_explain_leads_from_a_figure_to_the_hash_of_its_bytes(seeds_data: Path) -> None:
    query = "SELECT count_id FROM counts WHERE kind = 'munitions' AND value = 28"
    _, ids = newsledger("query", query, "--format", "csv", "--data", str(seeds_data))
    count_id = ids.split()[1]

    code, shown = newsledger("explain", count_id, "--data", str(seeds_data))

    assert code == 0
    flat = " ".join(shown.split())
    assert "28 Katyusha rockets fired by" in flat
    assert "said by Islamic State" in flat
    assert "sha256 dad" in flat or "sha256 " in flat
    file = next((ROOT / "seeds" / "articles").glob("000_*"))
    import hashlib

    assert hashlib.sha256(file.read_bytes()).hexdigest() in flat
    assert "date 2020-11-22 (dated_prefix)" in flat


def test_status_tells_runs_sources_and_languages(seeds_data: Path) -> None:
    code, shown = newsledger("status", "--data", str(seeds_data))

    assert code == 0
    for word in ("last runs", "done", "sources", "rejects by reason", "languages"):
        assert word in shown


def test_query_gives_every_format(seeds_data: Path) -> None:
    sql = "SELECT kind, count(*) AS n FROM counts GROUP BY kind ORDER BY kind"

    _, as_csv = newsledger("query", sql, "--format", "csv", "--data", str(seeds_data))
    _, as_json = newsledger("query", sql, "--format", "json", "--data", str(seeds_data))
    _, as_table = newsledger("query", sql, "--data", str(seeds_data))

    assert as_csv.splitlines()[0] == "kind,n"
    assert {row["kind"] for row in json.loads(as_json)} == {line.split(",")[0] for line in as_csv.splitlines()[1:]}
    assert "munitions" in as_table


def test_query_writes_parquet_to_its_output(seeds_data: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "flows", "query", "FROM tolls", "--format", "parquet", "--data", str(seeds_data)]

    done = subprocess.run(command, capture_output=True, check=True, cwd=ROOT)

    (tmp_path / "tolls.parquet").write_bytes(done.stdout)
    assert pl.read_parquet(tmp_path / "tolls.parquet").height > 0


@pytest.mark.parametrize(
    "sql",
    [
        "DROP TABLE revisions",
        "CREATE TABLE t (a INTEGER)",
        "COPY counts TO 'out.csv'",
        "SELECT * FROM read_csv('/etc/passwd')",
        "ATTACH 'other.duckdb'",
        "INSTALL httpfs",
        "SET enable_external_access = true",
    ],
)
def test_query_only_reads_what_is_published(seeds_data: Path, sql: str) -> None:
    code, shown = newsledger("query", sql, "--data", str(seeds_data))

    assert code == 2
    assert shown.startswith("newsledger: query:")


def test_sources_list_tells_what_is_configured() -> None:
    code, shown = newsledger("sources", "list")

    assert code == 0
    assert shown.startswith("kabul\tfolder\t")


@pytest.mark.proof
def test_run_works_against_the_server_that_prefect_api_url_names(prefect_server: None, tmp_path: Path) -> None:
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.filters import ArtifactFilter, ArtifactFilterKey
    from prefect.settings import PREFECT_API_URL

    url = PREFECT_API_URL.value()
    command = [sys.executable, "-m", "flows", "run", "--data", str(tmp_path / "data")]
    done = subprocess.run(
        command, capture_output=True, text=True, cwd=ROOT, env=os.environ | {"PREFECT_API_URL": str(url)}, check=True
    )

    assert "5 articles new" in done.stdout
    assert not (tmp_path / "data" / "prefect").exists()
    with get_client(sync_client=True) as client:
        wanted = ArtifactFilter(key=ArtifactFilterKey(any_=["ingest-run", "ingest-progress"]))
        artifacts = client.read_artifacts(artifact_filter=wanted)
        flow_runs = client.read_flow_runs()
    summaries = [artifact for artifact in artifacts if artifact.key == "ingest-run"]
    run_id = duckdb.connect(str(tmp_path / "data" / "news.duckdb")).execute("SELECT run_id FROM runs").fetchall()[0][0]
    assert any(run_id in str(artifact.data) for artifact in summaries)
    assert {artifact.key for artifact in artifacts} == {"ingest-run", "ingest-progress"}
    assert any(flow_run.state and flow_run.state.is_completed() for flow_run in flow_runs)


@pytest.mark.proof
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_and_sigterm_end_a_run_with_one_line_and_the_next_run_makes_it_whole(
    tmp_path: Path, number: signal.Signals
) -> None:
    data = tmp_path / "data"
    command = [sys.executable, "-m", "flows", "run", "--data", str(data)]
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PREFECT")}
    running = subprocess.Popen(
        command,
        cwd=ROOT,
        env=environment,
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    while running.poll() is None and not list((data / "raw").glob("*.parquet")):
        with contextlib.suppress(subprocess.TimeoutExpired):
            running.wait(timeout=0.05)
    if number == signal.SIGINT:  # of a terminal: all that it runs gets it
        os.killpg(running.pid, number)
    else:
        running.send_signal(number)
    _, said = running.communicate()

    assert running.returncode == 1
    assert said.strip().splitlines()[-1] == "newsledger: stopped; nothing is lost, the same command goes on from here"
    assert "Traceback" not in said
    assert json.loads((data / "work" / "last-run.json").read_text("utf-8"))["message"] == "stopped"
    again = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    assert "5 articles new" in again.stdout


@pytest.mark.proof
def test_a_wheel_installed_elsewhere_runs_the_seeds_with_no_server(tmp_path: Path) -> None:
    wheels, site, elsewhere = tmp_path / "wheels", tmp_path / "site", tmp_path / "elsewhere"
    elsewhere.mkdir()
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(wheels)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = wheels.glob("*.whl")
    install = [sys.executable, "-m", "uv", "pip", "install", "-q", "--no-deps", "--target", str(site), str(wheel)]
    subprocess.run(install, check=True, capture_output=True)
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PREFECT")}
    environment |= {"PYTHONPATH": str(site), "HOME": str(tmp_path / "home")}

    command = [sys.executable, "-P", "-m", "flows", "run"]
    done = subprocess.run(command, cwd=elsewhere, env=environment, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr
    assert "5 articles new" in done.stdout
    assert "conflict on killed" in done.stdout
    where = [sys.executable, "-P", "-c", "import flows; print(flows.__file__)"]
    found = subprocess.run(where, cwd=elsewhere, env=environment, capture_output=True, text=True, check=True)
    assert found.stdout.startswith(str(site))
    assert sorted(path.name for path in (elsewhere / "data").iterdir()) == [
        "news.duckdb",
        "prefect",
        "publications",
        "raw",
        "work",
    ]


def test_a_pass_comes_behind_other_programs_for_the_processor_however_often_it_says_so() -> None:
    twice = "import os; from flows.cli.passes import give_way; give_way(); give_way(); print(os.getpriority(0, 0))"

    said = subprocess.run([sys.executable, "-c", twice], cwd=ROOT, capture_output=True, text=True, check=True)

    assert int(said.stdout) == max(os.getpriority(os.PRIO_PROCESS, 0), 10)
