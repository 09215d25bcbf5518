"""What README.md and docs/*.md show is true: every block runs, every command, option, key and file exists."""

import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import duckdb
import pytest
from typer.testing import CliRunner

from flows.cli.commands import app
from flows.config import TABLES
from flows.settings import Engine, read_settings
from flows.sources import SOURCE_KEYS, UsageError
from flows.warehouse.read import open_published
from tests.conftest import ROOT
from tests.docs import PAGES, RUN, SHOWN, Block, all_blocks, cli_options, code_of, prose_of, with_ids, wrong_words
from tests.newsroom import Newsroom, Reply, open_newsroom, write_article

HOST = "https://news.example"
READING = {"query", "story", "explain", "status", "sources", "describe", "list"}
FLOWS = {"run", "rebuild"}
SHELL = set("|<>&;()") | {"&&", "||", ">>"}


def words_of(block: Block) -> list[list[str]]:
    """The words of a block's commands; what is the shell's (a pipe) is a word too."""
    return [list(shlex.shlex(command, posix=True, punctuation_chars=True)) for command in block.commands]


def needs_a_shell(words: list[str]) -> bool:
    """Whether a command is more than newsledger in this process: another program, a pipe, a variable, a flow."""
    is_shells = bool(SHELL & set(words)) or any("$" in word for word in words)
    return words[0] != "newsledger" or is_shells or bool(FLOWS & set(words[1:2]))


def only_reads(block: Block) -> bool:
    """Whether a block leaves the data folder as it is."""
    return all(words[0] == "newsledger" and READING & set(words[1:3]) for words in words_of(block))


def blocks(language: str) -> list[Any]:
    """The blocks of a language that are run, as parameters. What writes takes its time: a proof."""
    found = [block for block in all_blocks() if block.language == language and not block.why_not]
    slow = {block for block in found if language == "sh" and not only_reads(block)}
    return [pytest.param(block, id=block.where, marks=[pytest.mark.proof] * (block in slow)) for block in found]


@pytest.fixture(scope="module")
def site() -> Iterator[Newsroom]:
    """What https://news.example stands for: a front page, a feed of two articles."""
    with open_newsroom() as room:
        room.pages["/"] = Reply(b"<html><link rel=alternate type=application/rss+xml href=/world.rss><p>News")
        for number in range(2):
            room.write(f"/news/{number}", write_article(number))
            room.listed.append(f"/news/{number}")
        room.pages["/world.rss"] = room.feed()
        yield room


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, site: Newsroom) -> Path:
    """The folder that a reader types in: the seeds' config, and the files that pages speak of."""
    monkeypatch.chdir(tmp_path)
    shutil.copytree(ROOT / "seeds", "seeds", ignore=shutil.ignore_patterns("lexicon"))
    config = Path("seeds/sources.toml")
    config.write_text(config.read_text("utf-8") + "\n[collect]\npause_seconds = 0\n", "utf-8")
    Path("inbox/wire").mkdir(parents=True)
    Path("inbox/tips.jsonl").touch()
    (seed, *_) = sorted(Path("seeds/articles").glob("*.txt"))
    Path("articles").mkdir()
    shutil.copy(seed, "articles")
    Path("page.html").write_text(write_article(7), "utf-8")
    (own, *_) = [block.text for block in all_blocks() if block.file.name == "README.md" and block.language == "toml"]
    Path("mine.toml").write_text(at_home(own, site).replace('/world.rss"', '/world.rss"\nallow_private = true'))
    return tmp_path


def at_home(text: str, site: Newsroom) -> str:
    """A command or a config with the site on loopback for the one that is made up."""
    if HOST not in text:
        return text
    asked = re.sub(r"newsledger (?:run|sources (?:find|check))", r"\g<0> --allow-private", text)
    return asked.replace(HOST, site.url)


def type_here(block: Block, data: Path, site: Newsroom) -> None:
    """Type the commands of a block that is newsledger's alone, in this process."""
    for command in block.commands:
        with open_published(data) as con:
            typed = at_home(with_ids(command, con), site)

        result = CliRunner(env={"COLUMNS": "120"}).invoke(app, shlex.split(typed, comments=True)[1:])

        assert result.exit_code == 0, f"{block.where}: {typed}\n{result.output}"


def type_in_a_shell(block: Block, data: Path, site: Newsroom, folder: Path) -> None:
    """Type the lines of a block in a shell that stops at the first failure."""
    from prefect.settings import PREFECT_API_URL

    own = folder / "bin" / "newsledger"
    own.parent.mkdir()
    own.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m flows "$@"\n')
    own.chmod(0o755)
    with open_published(data) as con:
        typed = at_home("".join(f"{with_ids(command, con)}\n" for command in block.commands), site)
    environment = {key: value for key, value in os.environ.items() if key != "PREFECT_LOGGING_LEVEL"} | {
        "PATH": f"{own.parent}:{Path(sys.executable).parent}:{os.environ['PATH']}",
        "PREFECT_API_URL": str(PREFECT_API_URL.value()),
        "PYTHONPATH": str(ROOT),
        "COLUMNS": "120",
    }
    script = f"set -euo pipefail\ntrap 'echo \"failed: $BASH_COMMAND\"' ERR\n{typed}"

    done = subprocess.run(
        ["bash", "-c", script],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )

    assert done.returncode == 0, f"{block.where}:\n{done.stdout}"


@pytest.mark.parametrize("block", blocks("sh"))
def test_a_shell_block_runs_as_it_stands(
    block: Block, desk: Path, site: Newsroom, seeds_data: Path, prefect_server: None
) -> None:
    if only_reads(block):
        (desk / "data").symlink_to(seeds_data)
    else:
        shutil.copytree(seeds_data, desk / "data")

    if any(needs_a_shell(words) for words in words_of(block)):
        type_in_a_shell(block, desk / "data", site, desk)
    else:
        type_here(block, desk / "data", site)


@pytest.mark.parametrize("block", blocks("sql"))
def test_a_query_runs_as_it_stands(block: Block, seeds_data: Path) -> None:
    with open_published(seeds_data) as con:
        for statement in duckdb.extract_statements(with_ids(block.text, con)):
            try:
                con.execute(statement).fetchall()
            except duckdb.Error as error:
                pytest.fail(f"{block.where}: {statement.query.strip()}\n{error}")


@pytest.mark.parametrize("block", blocks("python"))
def test_a_python_block_runs_as_it_stands(block: Block, desk: Path, seeds_data: Path) -> None:
    (desk / "data").symlink_to(seeds_data)

    exec(compile(block.text, block.where, "exec"), {})


@pytest.mark.parametrize("block", blocks("toml"))
def test_a_config_is_read_as_it_stands(block: Block, desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in re.findall(r"\benv:(\w+)", block.text):
        monkeypatch.setenv(name, "json://hook.example/alerts")
    shown = re.sub(r"^# (?=\w+ = )", "", block.text, flags=re.M)  # a key that is shown as a comment exists too
    needed = "" if "[[source]]" in shown else "\n[[source]]\nname = 'desk'\ntype = 'folder'\npath = 'articles'\n"
    Path("shown.toml").write_text(shown + needed, "utf-8")

    try:
        read_settings([], "shown.toml", None)
    except UsageError as error:
        pytest.fail(f"{block.where}: {error}")


def test_every_key_of_the_run_table_stands_in_the_docs_with_its_default() -> None:
    (shown,) = [block for block in all_blocks() if block.text.startswith("[run]\n")]
    told = tomllib.loads(re.sub(r"^# (?=\w+ = )", "", shown.text, flags=re.M))["run"]

    assert told | {"workers": 2, "scheduler": None} == asdict(Engine(workers=2))


def test_every_table_and_key_of_a_source_stands_in_the_docs() -> None:
    text = (ROOT / "docs" / "configuration.md").read_text("utf-8")

    assert [one for one in TABLES if f"| `{one}` |" not in text] == []
    assert [one for one in SOURCE_KEYS if not re.search(rf"^{one} = ", text, re.M)] == []


def test_every_block_is_of_a_known_language() -> None:
    strange = [f"{block.where}: ```{block.language}" for block in all_blocks() if block.language not in RUN | SHOWN]

    assert not strange, f"write ```{', ```'.join(sorted(RUN))}, or ```text for what a program prints: {strange}"


def test_no_command_stands_where_it_is_not_run() -> None:
    for file in PAGES:
        for number, line in enumerate(prose_of(file).splitlines(), 1):
            assert not re.match(r"(?: {4}|\t)\$? ?newsledger ", line), (
                f"{file.name}:{number}: fence it as ```sh: {line}"
            )


def told_commands(file: Path) -> list[tuple[str, str]]:
    """(where, command) of each `newsledger ...` in code of a page."""
    spans = [(f"{file.name}: `{one}`", one) for one in code_of(file) if re.search(r"\bnewsledger [a-z]", one)]
    typed = [
        (block.where, one)
        for block in all_blocks()
        if block.file == file and block.language == "sh"
        for command in block.commands
        for one in re.findall(
            r"(?:^|[|;&(]\s*|\b\w+=\S+ )(?:\S*/)?(newsledger [a-z](?:\"[^\"]*\"|[^|;&#\n])*)", command, re.M
        )
    ]
    return spans + typed


@pytest.mark.parametrize("file", PAGES, ids=lambda file: file.name)
def test_every_command_and_option_that_is_named_exists(file: Path) -> None:
    for where, command in told_commands(file):
        assert not wrong_words(command), f"{where}: {wrong_words(command)}"
    every = set().union(*cli_options().values())
    for option in [one.split()[0] for one in code_of(file) if one.startswith("--")]:
        assert option.partition("=")[0] in every, f"{file.name}: no command has the option {option}"


@pytest.mark.parametrize(
    ("command", "wrong"),
    [
        ("newsledger story sto_...", None),
        ("newsledger correct fix cnt_... --set value=9 --why '...'", None),
        ("newsledger correct", None),
        ("newsledger storys", "no command 'storys'"),
        ("newsledger correct mend cnt_...", "no command 'correct mend'"),
        ("newsledger run --dta x", "'run' has no option --dta"),
        ("newsledger correct fix --because x", "'correct fix' has no option --because"),
    ],
)
def test_a_command_or_option_that_does_not_exist_is_found(command: str, wrong: str | None) -> None:
    assert wrong_words(command) == wrong


def test_every_command_stands_in_the_docs() -> None:
    text = "\n".join(file.read_text("utf-8") for file in PAGES)
    groups = {name.rpartition(" ")[0] for name in cli_options()}

    untold = [name for name in cli_options() if name not in groups and not re.search(rf"\b{name}\b", text)]

    assert not untold, f"README.md and docs/*.md say nothing of {untold}"


@pytest.mark.parametrize("file", PAGES, ids=lambda file: file.name)
def test_every_link_and_file_that_is_named_exists(file: Path) -> None:
    text = prose_of(file)
    for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", text):
        assert (file.parent / target).exists(), f"{file.name}: no file {target}"
    for named in re.findall(r"(?<!New file )`((?:flows|sql|seeds|tests|docs|benchmarks)/[\w./*-]+)`", text):
        assert list(ROOT.glob(named.rstrip("/"))), f"{file.name}: no file {named}"


def test_every_page_that_is_named_elsewhere_exists() -> None:
    places = [ROOT / "CHANGELOG.md", ROOT / "seeds" / "sources.toml", *(ROOT / "flows").rglob("*.py")]
    for file in places:
        for named in re.findall(r"\bdocs/[\w-]+\.md", file.read_text("utf-8")):
            assert (ROOT / named).exists(), f"{file.relative_to(ROOT)}: no file {named}"


def test_the_story_that_the_readme_shows_is_the_one_that_a_run_prints(seeds_data: Path) -> None:
    (shown, *_) = [block for block in all_blocks() if block.file.name == "README.md" and not block.language]
    with open_published(seeds_data) as con:
        words = ["story", with_ids("sto_...", con), "--data", str(seeds_data)]

    said = CliRunner(env={"COLUMNS": "120"}).invoke(app, words).output

    printed = {" ".join(line.split()) for line in said.splitlines()}
    for line in shown.text.splitlines():
        assert any(one.startswith(" ".join(line.split())) for one in printed), f"README.md: not printed: {line}"
