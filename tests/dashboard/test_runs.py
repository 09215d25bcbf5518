"""The pages of runs: what came to nothing is told beside what was published, and each run leads to its detail."""

import contextlib
import fcntl
import http.server
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import duckdb
import pytest

from flows.dashboard.errors import NotHere
from flows.dashboard.prefect import prefect_pages
from flows.dashboard.runs import at_work, run, runs
from flows.warehouse.attempts import holder, told_attempt
from flows.warehouse.lock import hold_run, hold_service
from flows.warehouse.read import open_published
from tests.dashboard.asked import ask
from tests.dashboard.watched import NOW


@pytest.fixture(scope="module")
def con(watched_data: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with open_published(watched_data) as con:
        yield con


def test_runs_stand_newest_first_with_what_they_took_and_published(con: duckdb.DuckDBPyConnection) -> None:
    told = runs(con)

    last, before, failed = told["runs"]
    assert [row["run_id"] for row in told["runs"]] == ["run-2", "run-1", "run-0"]
    assert [(stage["stage"], stage["seconds"]) for stage in last["stages"][:2]] == [("collect", 2.0), ("clean", 6.0)]
    assert (before["publication_no"], last["publication_no"]) == (1, 2)
    assert (failed["state"], failed["message"], failed["publication_no"]) == ("failed", "OSError: no space left", None)
    assert (told["n_runs"], told["page"], told["n_pages"]) == (3, 1, 1)


def test_a_page_beyond_the_last_is_the_last(con: duckdb.DuckDBPyConnection) -> None:
    assert runs(con, 10**6)["page"] == 1


def test_rejects_slow_pages_disk_and_alerts_stand_beside_the_runs(con: duckdb.DuckDBPyConnection) -> None:
    told = runs(con)

    assert [(row["reason"], row["n_rejects"], row["source_name"]) for row in told["rejects"]] == [
        ("no article", 5, "wire")
    ]
    assert [row["seconds"] for row in told["slow"]][:2] == [4.5, 3.5]
    assert told["disk"][-1]["part"] == "free"
    about_source = next(row for row in told["alerts"] if row["alert_id"] == "alr_1")
    assert [(one["receiver"], one["outcome"]) for one in about_source["deliveries"]] == [("desk.example", "refused")]


def test_a_run_shows_what_it_asked_refused_took_and_changed(con: duckdb.DuckDBPyConnection) -> None:
    told = run(con, "run-2")

    assert [(row["outcome"], row["n_fetches"]) for row in told["fetches"]] == [
        ("new", 5),
        ("read", 1),
        ("timed out", 1),
    ]
    assert [row["detail"] for row in told["rejects"]][:2] == ["only 0 words", "only 1 words"]
    (clean,) = told["batches"]
    assert (clean["n_batches"], clean["n_reused"], clean["n_documents"], clean["seconds"]) == (2, 1, 10, 6.0)
    (change,) = told["changes"]
    assert (change["kind"], change["was"]["high"], change["high"]) == ("killed", 7, 12)
    assert sum(row["n_changes"] for row in told["causes"]) == 1
    assert "alr_1" in [row["alert_id"] for row in told["alerts"]]


def test_the_first_publication_changed_nothing_that_was(con: duckdb.DuckDBPyConnection) -> None:
    (change,) = run(con, "run-1")["changes"]

    assert (change["change"], change["was"]) == ("new", None)


def test_an_id_that_no_run_has_is_not_here(con: duckdb.DuckDBPyConnection) -> None:
    with pytest.raises(NotHere, match="No run has the id run-9"):
        run(con, "run-9")


def test_a_run_that_came_to_nothing_is_told_of_first(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    (tmp_path / "work").mkdir()
    with contextlib.suppress(ValueError), told_attempt(tmp_path, "run-x", NOW):
        raise ValueError("no rules")

    told = at_work(con, tmp_path, NOW + timedelta(hours=1))

    assert told["looks"][0].startswith("run run-x failed, since 2026-03-06 12:00 UTC: ValueError: no rules")
    assert told["looks"][1].startswith("1 of 3 sources needs a look")
    assert (told["attempt"]["state"], told["attempt"]["failed_since"]) == ("failed", NOW)
    assert told["holder"] is None


def test_what_is_at_work_now_is_told(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    with hold_run(tmp_path, "run-y", NOW) as hold:
        hold.at("clean 3 of 10")
        told = at_work(con, tmp_path, NOW)

    assert told["holder"].startswith("run run-y, process ")
    assert told["holder"].endswith(", at clean 3 of 10")


def test_a_folder_that_no_run_told_of_says_nothing(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    told = at_work(con, tmp_path, NOW)

    assert (told["attempt"], told["holder"]) == (None, None)


def test_a_look_at_the_lock_keeps_no_run_from_beginning(tmp_path: Path) -> None:
    (tmp_path / "work").mkdir()
    with (tmp_path / "work" / "lock").open("a+") as looking:
        fcntl.flock(looking, fcntl.LOCK_SH)
        threading.Timer(0.01, fcntl.flock, (looking, fcntl.LOCK_UN)).start()

        with hold_run(tmp_path, "run-y", NOW):
            assert "run run-y" in str(holder(tmp_path))


class Pages(http.server.BaseHTTPRequestHandler):
    """A server that has pages at /ui alone."""

    def do_GET(self) -> None:
        self.send_response(200 if self.path == "/ui" else 404)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def served() -> Iterator[str]:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Pages) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.mark.parametrize(
    ("url", "address", "state"),
    [
        ("{}/ui/api", "{}/ui", "there"),
        ("{}/api", "{}/", "without pages"),
        ("http://127.0.0.1:9/api", "http://127.0.0.1:9/", "silent"),
        ("https://ana:secret@prefect.example/api", "https://prefect.example/", "not asked"),
        ("https://api.prefect.example/api/accounts/1", None, None),
        ("javascript:alert(1)", None, None),
        ("http://[", None, None),
        ("", None, None),
    ],
)
def test_prefects_own_pages_are_linked_where_they_are(
    url: str, address: str | None, state: str | None, served: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PREFECT_API_URL", url.format(served))

    assert prefect_pages(tmp_path) == {"address": address and address.format(served), "state": state}


def test_the_server_of_the_schedule_goes_before_the_one_that_is_set_up(
    served: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PREFECT_API_URL", "https://prefect.example/api")
    with hold_service(tmp_path) as told:
        told.write_text(f"process 1\n{served}/ui/api\n", "utf-8")

        assert prefect_pages(tmp_path) == {"address": f"{served}/ui", "state": "there"}


def test_the_pages_of_runs_tell_of_the_moment(watched_data: Path) -> None:
    before, again, one, none = ask(watched_data, "/runs", "/runs", "/runs/run-2", "/runs/run-9")
    with hold_run(watched_data, "run-y", NOW):
        (during,) = ask(watched_data, "/runs")

    assert 'At work now: <span class="none">nobody</span>' in before.text
    assert "run run-y, process" in during.text
    assert {answer.headers["cache-control"] for answer in (before, again, during)} == {"no-store"}
    assert "etag" in one.headers
    assert "only 4 words" in one.text
    assert (none.status_code, "No run has the id run-9." in none.text) == (404, True)


@pytest.mark.parametrize("page", ["1", "2", "0", "-1", "x", "", "9" * 30, "²"])
def test_any_page_number_leads_to_a_page(watched_data: Path, page: str) -> None:
    answers = ask(watched_data, f"/runs?page={page}", f"/sources?page={page}")

    assert [answer.status_code for answer in answers] == [200, 200]
