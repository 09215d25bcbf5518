"""docs/developer.md is followed to the letter in a copy of the house: its rows, files and changes."""

import mailbox
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path

import pytest

from tests.against_gold import read_ledger
from tests.conftest import ROOT

PAGE = (ROOT / "docs" / "developer.md").read_text("utf-8")
STEP = re.compile(r"(Add to|New file|Change) `([\w/.-]+)`:\n\n(?:<!--.*?-->\n)?```\w+\n(.*?)```", re.S)
READ = re.findall(r"^\| (.+?) \| (\d+ \w+|–|removed: \w+) \|$", PAGE, re.M)


def add_rows(file: Path, rows: str) -> None:
    """Rows at the end of a lexicon."""
    file.write_text(file.read_text("utf-8") + rows, "utf-8")


def write_file(file: Path, text: str) -> None:
    """A file that was not there."""
    assert not file.exists(), file
    file.write_text(text, "utf-8")


def change_lines(file: Path, diff: str) -> None:
    """Lines with a minus, each group of which must be there once, as the lines with a plus behind it."""
    text = file.read_text("utf-8")
    for old, new in re.findall(r"((?:^-.*\n)+)((?:^\+.*\n)+)", diff, re.M):
        before, after = re.sub("^-", "", old, flags=re.M), re.sub(r"^\+", "", new, flags=re.M)
        assert text.count(before) == 1, f"{file}: {before}"
        text = text.replace(before, after)
    file.write_text(text, "utf-8")


STEPS: dict[str, Callable[[Path, str], None]] = {"Add to": add_rows, "New file": write_file, "Change": change_lines}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the house with all that the page tells to do."""
    copy = tmp_path_factory.mktemp("house")
    for room in ("flows", "sql", "seeds"):
        shutil.copytree(ROOT / room, copy / room, ignore=shutil.ignore_patterns("__pycache__"))
    for verb, name, text in STEP.findall(PAGE):
        STEPS[verb](copy / name, text)
    return copy


def test_every_recipe_is_found_in_the_page() -> None:
    assert [name for _, name, _ in STEP.findall(PAGE)] == [
        "seeds/lexicon/numbers.csv",
        "seeds/lexicon/boilerplate.csv",
        "seeds/lexicon/harm.csv",
        "seeds/lexicon/people.csv",
        "flows/collect/mailboxes.py",
        "flows/sources.py",
        "flows/collect/files.py",
        "sql/views/kinds_told.sql",
        "sql/checks/kinds_are_words.sql",
    ]
    assert len(READ) == 4


@pytest.mark.proof
def test_the_recipes_give_what_the_page_says(house: Path, tmp_path: Path, prefect_server: None) -> None:
    from prefect.settings import PREFECT_API_URL

    mail = EmailMessage()
    mail["Message-ID"], mail["Subject"], mail["Date"] = (
        "<7@desk>",
        "A day in Lower Town",
        "Tue, 03 Mar 2026 08:00:00 +0000",
    )
    mail.set_content("\n\n".join(text for text, _ in READ))
    letters = mailbox.mbox(tmp_path / "letters.mbox")
    letters.add(mail)
    letters.add(EmailMessage())
    letters.close()
    (tmp_path / "desk.toml").write_text('[[source]]\nname = "letters"\ntype = "mailbox"\npath = "letters.mbox"\n')
    environment = {
        **os.environ,
        "PYTHONPATH": str(house),
        "PREFECT_API_URL": str(PREFECT_API_URL.value()),
        "NEWSLEDGER_DATA": str(tmp_path / "data"),
    }
    command = [sys.executable, "-P", "-m", "flows", "run", "--config", "desk.toml"]

    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout + done.stderr
    news = tmp_path / "data" / "news.duckdb"
    counts = read_ledger(news, "SELECT evidence, value, kind FROM counts")
    removed = read_ledger(news, "SELECT text, rule FROM removed_lines")
    told = {row["evidence"]: f"{row['value']} {row['kind']}" for row in counts}
    told |= {row["text"]: f"removed: {row['rule']}" for row in removed}
    assert {text: told.get(text, "–") for text, _ in READ} == dict(READ)
    assert read_ledger(news, "FROM kinds_told ORDER BY kind") == [
        {"kind": "killed", "n_articles": 1, "n_counts": 1},
        {"kind": "vaccinated", "n_articles": 1, "n_counts": 1},
    ]
    (article,) = read_ledger(news, "SELECT title, CAST(published_at AS DATE) AS day FROM articles")
    assert (article["title"], str(article["day"])) == ("A day in Lower Town", "2026-03-03")
    (reject,) = read_ledger(news, "SELECT reason FROM rejects")
    assert reject["reason"] == "no id or no text in a message"
