"""The console answers what analysts ask, and nothing that is typed there reaches further than its own process."""

import asyncio
import io
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import polars as pl
import pytest

from flows.dashboard import console as console_of
from flows.dashboard.app import dashboard
from flows.dashboard.console import LOADED, Console
from flows.dashboard.dictionary import EXAMPLES, tables_of
from flows.dashboard.guard import guard
from flows.warehouse.answered import as_list
from flows.warehouse.asked import answer, batches
from flows.warehouse.read import open_published
from tests.conftest import LONG
from tests.dashboard.served import serving
from tests.test_asking import REFUSED, SECRET, Place, files_of, place

__all__ = ["place"]
ENDLESS = "SELECT count(*) AS {mark} FROM range(1000000000000)"
FORMATS = ["/json/sql", "/sql.csv", "/sql.parquet"]


@pytest.fixture(scope="module")
def reader(seeds_data: Path) -> Iterator[httpx.Client]:
    app = guard(dashboard(seeds_data), "127.0.0.1", 1, None)
    with serving(app) as url, httpx.Client(base_url=url, timeout=60) as client:
        yield client


def ask(data: Path, sql: str, **how: Any) -> dict[str, Any]:
    return asyncio.run(Console(data).ask(sql, **how))


def processes(mark: str) -> list[str]:
    """The processes whose command has a mark."""
    commands = {}
    for file in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            commands[file.parent.name] = file.read_bytes()
        except OSError:  # it has just ended
            continue
    return [process for process, command in commands.items() if mark.encode() in command]


def test_a_statement_is_a_page_with_its_answer_and_the_dictionary(reader: httpx.Client) -> None:
    sql = "SELECT 23 AS rockets, '<script>alert(1)</script>' AS title, NULL AS unknown, [1, 2] AS list"

    page = reader.get("/sql", params={"q": sql}).text

    assert '<td class="n"><bdi>23</bdi></td>' in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;</bdi>" in page
    assert "<script>alert" not in page
    assert "NULL: not known" in page
    assert "[1, 2]" in page
    assert "1 row;" in page
    assert 'href="/sql?q=FROM+tolls+LIMIT+20"' in page
    assert "<summary><code>tolls</code>" in page


def test_without_a_statement_nothing_is_asked(reader: httpx.Client) -> None:
    page, data = reader.get("/sql"), reader.get("/json/sql").json()

    assert page.status_code == 200
    assert (data["rows"], data["error"]) == (None, None)
    tolls = data["tables"][0]
    assert (tolls["name"], tolls["columns"][0]["name"]) == ("tolls", "event_id")
    assert all(table["meaning"] for table in data["tables"])


def test_an_answer_is_the_same_in_each_format(reader: httpx.Client) -> None:
    asked = {
        "q": "SELECT 8 AS killed, '=HYPERLINK(\"http://h\")' AS title, TIMESTAMPTZ '2020-11-21 10:00:00+02' AS seen"
    }

    data, sheet, file = (reader.get(path, params=asked) for path in FORMATS)

    assert data.json()["rows"] == [[8, '=HYPERLINK("http://h")', "2020-11-21T08:00:00Z"]]
    assert sheet.text == 'killed,title,seen\n8,"\'=HYPERLINK(""http://h"")",2020-11-21T08:00:00Z\n'
    assert pl.read_parquet(io.BytesIO(file.content))["title"].to_list() == ['=HYPERLINK("http://h")']
    assert sheet.headers["content-disposition"] == 'attachment; filename="answer.csv"'


def test_more_rows_than_are_shown_are_not_hidden(reader: httpx.Client) -> None:
    data = reader.get("/json/sql", params={"q": "FROM range(501)"}).json()

    assert (len(data["rows"]), data["is_cut"]) == (500, True)


def test_an_error_is_told_before_anything_is_sent(reader: httpx.Client) -> None:
    late = "SELECT if(range < 400, range, error('too late')) AS n FROM range(401)"

    told = reader.get("/sql.csv", params={"q": late})

    assert told.status_code == 400
    assert "too late" in told.text
    assert told.text.count("\n") == 1


def test_a_download_that_would_be_a_part_is_none(reader: httpx.Client) -> None:
    told = reader.get("/sql.csv", params={"q": f"FROM range({LOADED.rows + 1})"})

    assert (told.status_code, told.text) == (400, "more than 1,000,000 rows; ask for fewer\n")


SOME = [refused for refused in REFUSED if refused[0].startswith(("COPY (", "FROM read_text"))]


@pytest.mark.parametrize(
    ("path", "refused"), [("/json/sql", SOME), pytest.param("/sql.csv", REFUSED, marks=LONG)], ids=["some", "all"]
)
def test_what_does_not_read_is_refused_here_too(
    reader: httpx.Client, place: Place, seeds_data: Path, path: str, refused: list[tuple[str, str]]
) -> None:
    published = (seeds_data / "news.duckdb").stat()
    before = files_of(place.folder)

    told = {sql: reader.get(path, params={"q": place.words(sql)}) for sql, _ in refused if 0 < len(sql) < 20_000}

    assert len(told) > 1
    for sql, named in refused:
        if sql in told:
            assert told[sql].status_code == 400, sql
            assert named.replace('"', "") in told[sql].text.replace('\\"', "").replace('"', ""), told[sql].text
            assert SECRET not in told[sql].text
    assert files_of(place.folder) == before
    assert (seeds_data / "news.duckdb").stat().st_mtime_ns == published.st_mtime_ns
    assert place.asked == []


@pytest.mark.parametrize(
    ("sql", "said"),
    [("SELECT '" + "x" * 20_000 + "'", "at most 20,000 characters"), ("SELECT 1\0; DROP TABLE counts", "zero bytes")],
)
def test_what_is_no_statement_is_not_even_asked(reader: httpx.Client, sql: str, said: str) -> None:
    told = reader.get("/json/sql", params={"q": sql})

    assert told.status_code == 400
    assert said in told.json()["error"]


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_another_page_cannot_make_the_server_work(reader: httpx.Client, site: str) -> None:
    told = [reader.get(path, params={"q": "SELECT 1"}, headers={"sec-fetch-site": site}) for path in FORMATS]
    page = reader.get("/sql", params={"q": "SELECT 4711 AS a"}, headers={"sec-fetch-site": site})

    assert [answer.status_code for answer in told] == [403] * 3
    assert "SELECT 4711 AS a</textarea>" in page.text
    assert "was not run" in page.text
    assert "<bdi>4711</bdi>" not in page.text


def test_time_runs_out_for_a_statement_not_for_the_server(seeds_data: Path) -> None:
    told = ask(seeds_data, ENDLESS.format(mark="over"), seconds=0.2)

    assert (told["status"], told["error"], told["rows"]) == (400, "not done in 0.2 seconds; ask for less", None)


def test_what_is_too_large_for_a_page_says_so(seeds_data: Path) -> None:
    told = ask(seeds_data, "SELECT repeat('x', 100000) FROM range(100)")

    assert "more than 5 MB" in told["error"]


def test_a_statement_ends_when_its_reader_goes_away(seeds_data: Path) -> None:
    seen: list[list[str]] = []

    async def goes() -> bool:
        seen.append(processes("reader_who_goes"))
        return True

    told = ask(seeds_data, ENDLESS.format(mark="reader_who_goes"), seconds=30, is_gone=goes)

    assert len(seen[0]) == 1
    assert processes("reader_who_goes") == []
    assert told["status"] == 499


def test_a_reader_who_hangs_up_ends_his_statement(reader: httpx.Client) -> None:
    with pytest.raises(httpx.ReadTimeout):
        reader.get("/json/sql", params={"q": ENDLESS.format(mark="hung_up")}, timeout=0.3)

    last = time.monotonic() + 9  # of the statement's ten seconds
    while processes("hung_up"):
        assert time.monotonic() < last


@pytest.mark.proof
def test_a_third_statement_at_once_hears_that_the_console_is_busy(
    seeds_data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(console_of, "PATIENCE", 0.1)

    async def at_once() -> list[dict[str, Any]]:
        console = Console(seeds_data)
        many = [console.ask(ENDLESS.format(mark="busy"), seconds=0.3) for _ in range(3)]
        return [*await asyncio.gather(*many), await console.ask("SELECT 1", seconds=10)]

    told = asyncio.run(at_once())

    assert [one["status"] for one in told] == [400, 400, 503, 200]
    assert told[2]["error"].startswith("the console is busy")


def test_pages_are_shown_while_a_statement_runs(reader: httpx.Client) -> None:
    async def meanwhile() -> tuple[int, bool]:
        async with httpx.AsyncClient(base_url=reader.base_url, timeout=30) as client:
            asked = asyncio.ensure_future(client.get("/json/sql", params={"q": "FROM range(3)"}))
            page = await client.get("/static/style.css")
            was_first = not asked.done()
            await asked
            return page.status_code, was_first

    assert asyncio.run(meanwhile()) == (200, True)


def check_answers(data: Path, statements: list[str]) -> None:
    with open_published(data) as con:
        for sql in statements:
            list(batches(con, as_list(answer(con, sql, 60).limit(1)), 60))


def test_every_question_to_begin_with_has_an_answer(seeds_data: Path) -> None:
    check_answers(seeds_data, [example["sql"] for example in EXAMPLES])


@pytest.mark.proof
def test_some_of_every_table_can_be_asked_for(seeds_data: Path) -> None:
    with open_published(seeds_data) as con:
        tables = tables_of(con)

    check_answers(seeds_data, [table["sql"] for table in tables])

    assert len(tables) > 100
