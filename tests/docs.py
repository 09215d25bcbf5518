"""README.md and docs/*.md as their reader meets them: fenced blocks with their language, words of commands, links.

A block is run unless an HTML comment just above it says why not: `<!-- not run: needs systemd -->`. An id that is left
open (`cnt_...`, `evt_1...`) is filled in from the ledger, and https://news.example is a site on loopback.
"""

import re
import shlex
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import duckdb
import typer

from flows.cli.commands import app
from tests.conftest import ROOT

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
SHOWN = {"", "text", "json", "csv", "diff", "yaml", "ini"}  # outputs and other programs' files: nothing to run
RUN = {"sh", "sql", "python", "toml"}
FENCE = re.compile(
    r"(?:^<!-- not run: (?P<why>.+?) -->\n+)?^(?P<indent> *)```(?P<language>\w*)\n(?P<text>.*?)^(?P=indent)```$",
    re.M | re.S,
)
OPEN_ID = re.compile(r"\b(art|clm|cnt|cor|evt|quo|sto)_\w*(?:\.\.\.|…)")
# The ids that stand for one that is left open: the first one for the first of its sort in a command, and so on.
IDS = {
    "art": "SELECT article_id FROM article_tolls GROUP BY ALL ORDER BY count(*) DESC, article_id",
    "clm": "SELECT claim_id FROM claims ORDER BY stance, claim_id",
    "cnt": "SELECT count_id FROM counts ORDER BY scope = 'total' DESC, value DESC NULLS LAST, count_id",
    "cor": "SELECT correction_id FROM corrections ORDER BY corrected_at DESC, correction_id",
    "evt": "SELECT event_id FROM events ORDER BY n_articles DESC, event_id",
    "quo": "SELECT quote_id FROM quotes ORDER BY quote_id",
    "sto": "SELECT story_id FROM stories ORDER BY n_articles DESC, story_id",
}


@dataclass(frozen=True)
class Block:
    """A fenced block: where its first line stands, its language and text, and why it is not run (NULL: it is)."""

    file: Path
    line: int
    language: str
    text: str
    why_not: str | None

    @property
    def where(self) -> str:
        return f"{self.file.relative_to(ROOT)}:{self.line}"

    @property
    def commands(self) -> list[str]:
        """The commands of a shell block, each with all of its lines."""
        found, held = [], ""
        for line in self.text.splitlines():
            held += f"{line}\n"
            try:
                words = shlex.split(held, comments=True)
            except ValueError:  # a quotation that goes on in the next line
                continue
            if line.endswith("\\"):
                continue
            if words:
                found.append(held.strip())
            held = ""
        assert not held.strip(), f"{self.where}: no end of {held!r}"
        return found


def blocks_of(file: Path) -> list[Block]:
    """The fenced blocks of a page."""
    text = file.read_text("utf-8")
    return [
        Block(
            file,
            text.count("\n", 0, found.start("text")) + 1,
            found["language"],
            re.sub(f"^{found['indent']}", "", found["text"], flags=re.M),
            found["why"],
        )
        for found in FENCE.finditer(text)
    ]


@cache
def all_blocks() -> list[Block]:
    """The blocks of README.md and docs/*.md."""
    return [block for file in PAGES for block in blocks_of(file)]


def prose_of(file: Path) -> str:
    """A page without its blocks; lines stay where they are."""
    return FENCE.sub(lambda found: "\n" * found[0].count("\n"), file.read_text("utf-8"))


def code_of(file: Path) -> list[str]:
    """What stands between single backticks in a page."""
    return [" ".join(span.split()) for span in re.findall(r"`([^`]+)`", prose_of(file))]


def with_ids(text: str, con: duckdb.DuckDBPyConnection) -> str:
    """A command or a query with ids of a ledger for those that are left open."""
    used: dict[str, int] = {}

    def fill(found: re.Match[str]) -> str:
        sort = found[1]
        ids = [str(row[0]) for row in con.execute(IDS[sort]).fetchall()]
        used[sort] = used.get(sort, 0) + 1
        assert len(ids) >= used[sort], f"{text}: the ledger has {len(ids)} ids of the sort {sort}_"
        return ids[used[sort] - 1]

    return OPEN_ID.sub(fill, text)


@cache
def cli_options() -> dict[str, set[str]]:
    """Every command of `newsledger` ("correct fix"), with its options; groups ("correct") have none."""

    def walk(command: object, name: str) -> dict[str, set[str]]:
        below = getattr(command, "commands", {})
        own = {option for one in getattr(command, "params", []) for option in one.opts if option.startswith("--")}
        told = {} if not name else {name: own | {"--help"}}
        for word, inner in below.items():
            told |= walk(inner, f"{name} {word}".strip())
        return told

    return walk(typer.main.get_command(app), "")


def wrong_words(command: str) -> str | None:
    """What is wrong with the words of a `newsledger` command as a page has it; NULL: all of them exist."""
    unquoted = re.sub(r"\"[^\"]*\"|'[^']*'", "TEXT", command.partition("newsledger")[2])
    words = re.split(r"[|;&>]", unquoted)[0].split()
    known = cli_options()
    names = [word for word in words[:2] if re.fullmatch(r"[a-z]+", word)]
    name = " ".join(names)
    if name not in known:
        name = names[0] if names else ""
    if name and name not in known:
        return f"no command '{name}'"
    is_group = any(one.startswith(f"{name} ") for one in known)
    if is_group and len(names) > 1:
        return f"no command '{' '.join(names)}'"
    options = {word.partition("=")[0] for word in words if re.match(r"--[a-z]", word)}
    strange = options - known[name] if name else options - {"--help", "--version"}
    return f"'{name}' has no option {min(strange)}" if strange else None
