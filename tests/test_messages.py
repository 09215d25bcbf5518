"""Every message that a user can get for a mistake of theirs: one line, the file, key or command to look at, status 2
(or 1 where the data folder is at fault, not the words)."""

import ast
import shutil
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from flows import settings
from flows.cli.commands import app
from flows.sources import UsageError
from flows.warehouse.file import open_ledger
from flows.warehouse.lock import hold_run
from flows.warehouse.read import open_published
from tests.conftest import ROOT
from tests.dashboard.asked import ask as open_pages

SOURCE = "[[source]]\nname = 'a'\ntype = 'folder'\npath = '.'\n"
FEED = "[[source]]\nname = 'f'\ntype = 'feed'\nurl = 'http://news.example/feed'\n"
# What the user typed, what the message must name. {data}: a folder with a publication; {new}: a folder without.
WORDS = [
    (["run", "no/such/folder"], "no/such/folder: no such file or folder"),
    (["run", "page.html"], "page.html: no such file or folder\n"),
    (
        ["run", "news.example/feed"],
        "news.example/feed: no such file or folder; did you mean https://news.example/feed ?",
    ),
    (["run", "mine.toml"], "mine.toml: a config is no source; name it with --config"),
    (["run", "ftp://news.example/feed"], "ftp://news.example/feed: only http and https are fetched, not 'ftp'"),
    (["run", "https:///feed"], "https:///feed: https:///feed names no host"),
    (["run", "https://news.example:x/"], "https://news.example:x/: Port could not be cast"),
    (["run", "--config", "no.toml"], "no.toml: No such file or directory; name a config file with --config"),
    (["run", "--engine", "spark"], "--engine: engine 'spark' is none of local, dask"),
    (["run", "--workers", "0"], "--workers: 0 workers; at least one must work"),
    (["rebuild", "--from", "start"], "--from start: none of clean, facts, stories"),
    (["rebuild", "--since", "yesterday"], "--since yesterday: not a day; write it as 2026-11-20"),
    (["rebuild", "--data", "{new}"], "{new}: nothing to rebuild yet; `newsledger run` comes first"),
    (["tidy", "--data", "{new}"], "{new}: nothing to tidy yet; `newsledger run` comes first"),
    (["query", "SELECT 1", "--format", "xml", "--data", "{data}"], "--format xml: none of table, csv, json, typed"),
    (["query", "SELECT 1", "--rows", "0", "--data", "{data}"], "--rows 0: at least 1"),
    (["query", "SELECT 1", "--spreadsheet", "--data", "{data}"], "--spreadsheet goes with --format csv"),
    (["query", "SELECT 1", "--seconds", "0", "--data", "{data}"], "--seconds must be above 0, --megabytes 100 or more"),
    (["query", "SELECT nothing", "--data", "{data}"], 'query: Binder Error: Referenced column "nothing"'),
    (["query", "SELCT 1", "--data", "{data}"], 'query: syntax error at or near "SELCT"'),
    (["query", "SELECT 1; SELECT 2", "--data", "{data}"], "query: one statement at a time"),
    (["query", "FROM glob('*')", "--data", "{data}"], "query: glob() is not for queries: the published tables are all"),
    (["query", "SELECT " + "[" * 900 + "1" + "]" * 900, "--data", "{data}"], "query: nested too deeply"),
    (
        ["query", "SELECT INTERVAL 1 day AS i", "--format", "parquet", "--data", "{data}"],
        "query: --format parquet: Unhandled type",
    ),
    (["export", "{new}/out", "--format", "xlsx", "--data", "{data}"], "--format xlsx: none of parquet, csv"),
    (["export", "{data}", "--data", "{data}"], "{data}/news.duckdb: not of an export; name a folder that is new"),
    (
        ["query", "FROM tolls_as_of(now(), 'printed')", "--data", "{data}"],
        "the clock is 'seen' or 'published', not 'printed'",
    ),
    (
        ["query", "BEGIN", "--data", "{data}"],
        "query: only what reads is answered: SELECT, FROM, WITH,",
    ),
    (
        ["describe", "toll", "--data", "{data}"],
        "toll: no table, view or macro has this name; `newsledger describe` lists them",
    ),
    (["story", "sto_none", "--data", "{data}"], "sto_none: no story has this id; `newsledger story` lists them"),
    (["explain", "cnt_none", "--data", "{data}"], "cnt_none: no count, claim, quote or article has this id"),
    (["status", "--data", "{new}"], "{new}/news.duckdb: nothing published yet; `newsledger run` makes it"),
    (["serve", "--data", "{new}"], "serve: say how often, with --every 15m or --cron '0 * * * *'"),
    (["serve", "--every", "15m", "--cron", "0 * * * *", "--data", "{new}"], "serve: say how often"),
    (["serve", "--every", "soon", "--data", "{new}"], "--every soon: not a time; write it as 90s, 15m, 1h30m or 1d"),
    (["serve", "--every", "5s", "--data", "{new}"], "--every 5s: at least 10s"),
    (["serve", "--cron", "61 * * * *", "--data", "{new}"], "--cron 61 * * * *: Bad minute; five fields, as"),
    (["serve", "--cron", "0 0 31 2 *", "--data", "{new}"], "--cron 0 0 31 2 *: Bad day-of-month; five fields, as"),
    (["serve", "--cron", "0 6 * * *", "--zone", "Berlin"], "--zone Berlin: no time zone; write it as Europe/Berlin"),
    (["sources", "check", "nobody"], "nobody: neither an address (https://...) nor the name of a configured source"),
    (["doctor", "--data", "{new}/gone"], "{new}/gone: no such folder; name one with --data"),
    (["backup", "{new}/copy", "--data", "{new}"], "{new}: nothing published yet; `newsledger run` comes first"),
    (["backup", "{data}/copy", "--data", "{data}"], "{data}/copy: a backup lies outside the data folder"),
    (["backup", "tests", "--data", "{data}"], "tests: not empty, and no backup; name a new folder"),
    (["forget", "art_x", "--why", "x", "--data", "{new}/none"], "{new}/none: no such folder; name one with --data"),
    (["forget", "art_x", "--why", " ", "--data", "{data}"], "--why: say why in some words; they stand beside"),
    (["forget", "art_x", "--why", "x", "--data", "{data}"], "art_x: no article has this id or input"),
    (["correct", "list", "--format", "xml", "--data", "{data}"], "--format xml: none of table, csv"),
    (
        ["correct", "drop", "cnt_x", "--why", "x", "--data", "{data}"],
        "cnt_x: no count, claim or quote of an article as it",
    ),
    (
        ["correct", "drop", "cnt_x", "--why", " ", "--data", "{data}"],
        "say why in some words; they stand beside what is",
    ),
    (["correct", "mute", "x", "--why", "x", "--by", " ", "--data", "{data}"], "say by whom; a name stands beside what"),
    (["correct", "merge", "evt_x", "evt_y", "--why", "x", "--data", "{data}"], "evt_x: no event has this id"),
    (["correct", "load", "{new}/gone.csv", "--data", "{data}"], "{new}/gone.csv: no such file"),
    (["dashboard", "--data", "{new}/none"], "{new}/none: no such folder; `newsledger run` makes it"),
    (["dashboard", "--host", "192.0.2.1", "--data", "{data}"], "192.0.2.1:8484: Cannot assign requested address; name"),
    (["alerts", "test", "--config", "seeds/sources.toml"], "seeds/sources.toml: [alerts] has no address to try"),
    (["correct", "load", "Makefile", "--data", "{data}"], "Makefile: line 1: unknown column '# Two commands"),
]
# A config, what the message must name beside the file.
CONFIGS = [
    ("[[source]]\nname = 'a'\ntype = 'folder'\n", "source 1: key 'path' is missing or no text"),
    (
        SOURCE.replace("folder", "pigeon"),
        "source 1: type 'pigeon' is none of folder, file, jsonl,",
    ),
    (SOURCE.replace("'.'", "'gone'"), "source 1: path 'gone' does not exist"),
    (
        SOURCE + "colour = 'red'\n",
        "source 1: unknown key 'colour'; known are allow_private, keep_days,",
    ),
    (SOURCE + "publisher = 3\n", "source 1: key 'publisher' is no text"),
    (SOURCE * 2, "two sources are named 'a'; a name must be unique"),
    (SOURCE.replace("folder", "feed"), "source 1: key 'path': a source of type 'feed' has a url instead"),
    (FEED + "keep_days = -1\n", "source 1: key 'keep_days' is no number of days; 0 keeps for ever"),
    ("[keep]\nmonths = 3\n" + SOURCE, "[keep]: unknown key 'months'; known are bytes_days,"),
    (FEED.replace("http", "gopher"), "source 1: key 'url': only http and https are fetched, not 'gopher'"),
    (FEED + "allow_private = 'yes'\n", "source 1: key 'allow_private' is neither true nor false"),
    (FEED + FEED.replace("'f'", "'g'"), "two sources have the address http://news.example/feed"),
    ("[collect]\ncontact = 'nobody'\n" + SOURCE, "[collect]: key 'contact' is no mail address and no http(s) address"),
    (
        "[collect]\npoll_least_minutes = 9\npoll_most_minutes = 5\n" + SOURCE,
        "[collect]: key 'poll_least_minutes' is above 'poll_most_minutes'",
    ),
    ("sources = 3\n", "unknown key 'sources'; known are [[source]]"),
    ("", "no [[source]] table in it"),
    ("name = ", "not a TOML file"),
    ("run = 3\n" + SOURCE, "'run' is no table; write [run]"),
    ("[run]\ncores = 3\n" + SOURCE, "[run]: unknown key 'cores'; known are batch_documents,"),
    ("[run]\nworkers = 0\n" + SOURCE, "[run]: key 'workers' is no number above 0"),
    ("[run]\nworkers = 1.5\n" + SOURCE, "[run]: key 'workers' is no whole number"),
    ("[run]\nengine = ''\n" + SOURCE, "[run]: key 'engine' is no text"),
    ("[alerts]\nto = 'json://h'\n" + SOURCE, "[alerts]: key 'to' is no list of texts"),
    (
        "[alerts]\nto = ['pigeon://h/t0ken']\n" + SOURCE,
        "key 'to': address 1 (pigeon://...) is none that apprise can read",
    ),
    ("[alerts]\nto = ['env:NO_SUCH_NAME']\n" + SOURCE, "[alerts]: key 'to': the environment has no NO_SUCH_NAME"),
    ("[alerts]\nabout = ['toll', 'tolls']\n" + SOURCE, "[alerts]: key 'about': 'tolls' is none of source, check,"),
    ("[alerts]\nlink = 'https://h/'\n" + SOURCE, "[alerts]: key 'link': where an event's id belongs, write"),
    ("[alerts]\nwatches = 3\n" + SOURCE, "[alerts]: unknown key 'watches'; known are about, link, most, to"),
    ("watch = 'fire'\n" + SOURCE, "'watch' is no list of tables; write [[watch]]"),
    ("[[watch]]\nname = 'w'\ncity = 'Rome'\n" + SOURCE, "watch 1: unknown key 'city'; known are name, place,"),
    ("[[watch]]\nplace = 'Rome'\n" + SOURCE, "watch 1: key 'name' is missing or no text"),
    ("[[watch]]\nname = 'w'\n" + SOURCE, "watch 1: it watches for nothing; name one of place, country, actor, kind"),
    ("[[watch]]\nname = 'w'\nkind = 'wedding'\n" + SOURCE, "watch 1: key 'kind': 'wedding' is none of abduction,"),
    ("[[watch]]\nname = 'w'\nkind = 'attack'\n" * 2 + SOURCE, "two watches are named 'w'; what was told is known by"),
    ("[run]\nengine = 'spark'\n" + SOURCE, "[run]: key 'engine': engine 'spark' is none of local, dask"),
]

# A page's address, what it must name.
ADDRESSES = [
    ("/stories?since=yesterday", "since: 'yesterday' is no day; write it as 2026-11-20"),
    ("/stories?origins=0", "origins: '0' is no number from 1 to 999999"),
    ("/stories?disagreement=no", "disagreement: 1 shows stories with conflicting reports only; leave it out for all"),
    ("/stories?q=-storm", "q: name a word to look for; with - before it a word is left out"),
    (f"/stories?q={'x' * 301}", "q: longer than 300 characters; a few words will do"),
    ("/events/{event}/history?clock=printed", "clock=printed: none of published, seen"),
    ("/events/{event}/history?at=noon", "at=noon: no instant, such as 2026-01-31T12:00:00Z"),
]


@dataclass(frozen=True)
class Told:
    """What a mistake was answered with: exit status, output, and the lines of ours that raised a UsageError."""

    status: int
    said: str
    raised_at: frozenset[tuple[str, int]]


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory, seeds_data: Path) -> dict[str, Path]:
    return {"data": seeds_data, "new": tmp_path_factory.mktemp("new")}


@contextmanager
def noted() -> Iterator[set[tuple[str, int]]]:
    """The lines that raise a UsageError meanwhile."""
    raised: set[tuple[str, int]] = set()

    def note(error: UsageError, *args: object) -> None:
        frame = [line for line in traceback.extract_stack() if line.filename != __file__][-1]
        raised.add((frame.filename, frame.lineno or 0))
        Exception.__init__(error, *args)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(UsageError, "__init__", note)
        yield raised


def ask(words: list[str]) -> Told:
    """Type a command in this process and note where its UsageErrors come from."""
    with noted() as raised:
        result = CliRunner(env={"COLUMNS": "300"}).invoke(app, words)
    return Told(result.exit_code, result.output, frozenset(raised))


def look(data: Path, address: str) -> Told:
    """Open a page that cannot be shown."""
    with open_published(data) as con:
        ((event,),) = con.execute("SELECT min(event_id) FROM events").fetchall()
    with noted() as raised:
        (page,) = open_pages(data, f"/json{address.format(event=event)}")
    assert page.status_code == 400
    return Told(2, f"newsledger: {page.json()['error']}", frozenset(raised))


@pytest.fixture(scope="module")
def answers(places: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Told]:
    """Every mistake of the tables, made once."""
    told = {}
    for words, named in WORDS:
        told[named] = ask([word.format(**places) for word in words])
    told |= {named: look(places["data"], address) for address, named in ADDRESSES}
    for number, (text, named) in enumerate(CONFIGS):
        config = tmp_path_factory.mktemp("config") / f"sources-{number}.toml"
        config.write_text(text, "utf-8")
        one = ask(["run", "--config", str(config), "--data", str(places["new"])])
        assert str(config) in one.said, one.said
        told[named] = one
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(settings, "find_spec", lambda _: None)
        told["dask"] = ask(["run", "--engine", "dask"])
        patch.setenv("NEWSLEDGER_TOKEN", "secret")
        told["token"] = ask(["dashboard", "--port", "0", "--data", str(places["data"])])
    return told


@pytest.mark.parametrize("named", [named for _, named in [*WORDS, *CONFIGS, *ADDRESSES]])
def test_a_mistake_gets_one_line_that_names_what_to_look_at(
    named: str, answers: dict[str, Told], places: dict[str, Path]
) -> None:
    told = answers[named]

    assert told.status == 2
    assert told.said.startswith("newsledger: ")
    assert named.format(**places) in told.said if "{" in named else named in told.said
    assert "Traceback" not in told.said


def test_an_extra_that_is_not_installed_is_named_with_its_command(answers: dict[str, Told]) -> None:
    assert "engine 'dask' is not installed: pip install 'newsledger[dask]'" in answers["dask"].said


def test_a_token_that_can_be_guessed_is_not_taken(answers: dict[str, Told]) -> None:
    assert answers["token"].status == 2
    assert "NEWSLEDGER_TOKEN: a token has 16 letters, digits and signs of ASCII or more" in answers["token"].said


def test_no_message_is_left_out_of_the_tables(answers: dict[str, Told]) -> None:
    seen = {place for told in answers.values() for place in told.raised_at}

    def raises() -> Iterator[tuple[str, int, int]]:
        for file in sorted((ROOT / "flows").rglob("*.py")):
            for node in ast.walk(ast.parse(file.read_text("utf-8"))):
                if isinstance(node, ast.Raise) and "UsageError(" in ast.unparse(node):
                    yield str(file), node.lineno, node.end_lineno or node.lineno

    left_out = [
        f"{file}:{first}"
        for file, first, last in raises()
        if not any(where == file and first <= line <= last for where, line in seen)
    ]
    assert left_out == []


def test_a_data_folder_that_is_in_use_or_unreadable_is_named_and_the_status_is_1(
    tmp_path: Path, seeds_data: Path
) -> None:
    data = tmp_path / "data"
    shutil.copytree(seeds_data, data)

    with hold_run(data, "first-run", datetime(2026, 11, 20, 9, 30, tzinfo=UTC)):
        in_use = ask(["doctor", "--data", str(data)])
    with open_ledger(data, data / "news.duckdb") as con:
        con.execute("UPDATE meta SET value = '1' WHERE key = 'schema_version'")
    older = ask(["status", "--data", str(data)])
    (data / "news.duckdb").write_bytes(b"torn")
    torn = ask(["status", "--data", str(data)])

    assert [told.status for told in (in_use, older, torn)] == [1, 1, 1]
    assert f"{data}: run first-run, process" in in_use.said
    assert "since 2026-11-20 09:30:00 UTC, at start, is at work here" in in_use.said
    assert (
        f"{data}/news.duckdb: published with schema 1, an older one; `newsledger run` publishes it anew" in older.said
    )
    assert f"{data}/news.duckdb: " in torn.said
    assert "`newsledger doctor` mends it" in torn.said
