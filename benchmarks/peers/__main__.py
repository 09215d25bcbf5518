"""`make bench-peers`: other extractors and our clean stage over the same pages.

    python -m benchmarks.peers [--rounds N] [--pages N] [--out FILE]

The pages are those of eval/clean and eval/metadata, each tool a process of its own on one core, the tools in turns.
Pages a second are by processor time, so that other work on the machine does not count; start-up (imports and three
pages) is apart. What a tool finds goes into a table `articles`, as the sets' own scorer reads it: a page on which it
raises is an empty text.
"""

import argparse
import gzip
import importlib.util
import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import duckdb

from benchmarks.pages import EVAL
from benchmarks.peers.tool import PEERS
from benchmarks.table import head, markdown, shown

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
PYTHON = ROOT / ".venv-peers" / "bin" / "python"
SETS = ("clean", "metadata")
OURS = "newsledger"
COLUMNS = (
    "tool",
    "pages/s",
    "ours / it",
    "target",
    "peak memory",
    "start-up",
    "f1 of eval/clean",
    "eval/metadata: title, date, authors",
    "raised, no text",
)
TARGETS = {"newspaper4k": "≥ 4", "news-please": "≥ 7"}
LACKS = {"readability-lxml": ("date",), "resiliparse": ("date", "authors")}
NOTES = """Pages a second are a core's: seconds of processor, title, authors and date extracted with the text wherever a
tool has them ("none": it has not). Start-up, apart: seconds of processor for imports and three pages. Raised: pages on
which a tool raised (of ours: that it rejected), whose text counts as empty. newspaper4k has its extras for other
languages; the data that NLTK would download for Korean it has not, and no picture is fetched."""
SCHEMA = "article_id VARCHAR, input VARCHAR, title VARCHAR, authors VARCHAR[], published_at TIMESTAMPTZ"
SCHEMA += ", published_precision VARCHAR, text VARCHAR"


def write_inputs(folder: Path, number: int | None) -> tuple[int, int]:
    """The pages, or some of them drawn evenly, and the gold of these; how many pages, and their bytes. Raises
    FileNotFoundError where the evaluation sets are not there."""
    documents = [(name, row) for name in SETS for row in read_lines(EVAL / name / "docs.jsonl.gz")]
    step = len(documents) / min(number or len(documents), len(documents))
    picked = [documents[int(n * step)] for n in range(min(number or len(documents), len(documents)))]
    pages = folder / "pages"
    pages.mkdir()
    (pages / "addresses.json").write_text(json.dumps({row["id"]: row.get("url") or "" for _, row in picked}), "utf-8")
    n_bytes = sum((pages / f"{row['id']}.html").write_bytes(row["html"].encode()) for _, row in picked)
    for name in SETS:
        own = {row["id"] for told, row in picked if told == name}
        (folder / name).mkdir()
        with gzip.open(folder / name / "gold.jsonl.gz", "wt", encoding="utf-8") as file:
            file.writelines(
                json.dumps(row) + "\n" for row in read_lines(EVAL / name / "gold.jsonl.gz") if row["id"] in own
            )
    return len(picked), n_bytes


def read_lines(path: Path) -> list[dict[str, Any]]:
    """The rows of a packed file of JSON lines."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def run_tool(name: str, folder: Path) -> dict[str, Any]:
    """What a pass of a tool cost; its articles stand in `folder/NAME`. Raises CalledProcessError where it ends ill."""
    out = folder / name
    out.mkdir(exist_ok=True)
    python = sys.executable if name == OURS else str(PYTHON)
    environment = os.environ | {"PYTHONPATH": str(ROOT) if name == OURS else "", "POLARS_MAX_THREADS": "1"}
    words = [python, "-W", "ignore", str(HERE / "tool.py"), name, str(folder / "pages"), str(out)]
    with (out / "said.txt").open("w") as said:
        subprocess.run(words, env=environment, stdout=said, stderr=subprocess.STDOUT, check=True, cwd=folder)
    cost: dict[str, Any] = json.loads((out / "cost.json").read_text("utf-8"))
    return cost


def scores(name: str, folder: Path) -> dict[str, dict[str, float]]:
    """What the sets' own scorer says of a tool's articles, by set and metric."""
    articles = read_articles(folder / name)
    database = folder / name / "news.duckdb"
    with duckdb.connect(str(database)) as con:
        con.execute("SET TimeZone = 'UTC'")
        con.execute(f"CREATE TABLE articles ({SCHEMA})")
        for row in articles:
            told = [row[key] for key in ("title", "authors", "published", "precision", "text")]
            con.execute("INSERT INTO articles VALUES (?, ?, ?, ?, ?, ?, ?)", [row["name"], f"#{row['name']}", *told])
    return {
        set_: {metric: value for metric, (value, _) in scorer().score(set_, database, folder)[0].items()}
        for set_ in SETS
    }


def read_articles(folder: Path) -> list[dict[str, Any]]:
    """What a tool found."""
    return [json.loads(line) for line in (folder / "articles.jsonl").read_text("utf-8").splitlines()]


def scorer() -> ModuleType:
    """The sets' score.py as a module."""
    spec = importlib.util.spec_from_file_location("score", EVAL / "score.py")
    if spec is None or spec.loader is None:
        raise FileNotFoundError(EVAL / "score.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def cells(name: str, folder: Path, costs: dict[str, list[dict[str, Any]]], n_pages: int) -> Sequence[str]:
    """A tool's line: medians of its rounds; how much faster ours is, the median of the rounds' ratios."""
    own, ours = costs[name], costs[OURS]
    speed = n_pages / statistics.median(cost["seconds"] for cost in own)
    pairs = zip(own, ours, strict=True)
    faster = statistics.median(one["seconds"] / other["seconds"] for one, other in pairs)
    peak, start = (statistics.median(cost[what] for cost in own) for what in ("megabytes", "start_up"))
    found = scores(name, folder)
    articles = read_articles(folder / name)
    raised, empty = (
        sum(bool(article["error"]) for article in articles),
        sum(not article["text"] for article in articles),
    )
    metadata = [
        "none" if what in LACKS.get(name, ()) else f"{found['metadata'][what]:.3f}"
        for what in ("title", "date", "authors")
    ]
    label = f"{name} {own[0]['version']}"
    told = ("", "") if name == OURS else (shown(faster), TARGETS.get(name, ""))
    f1 = f"{found['clean']['f1']:.3f}"
    return (
        label,
        shown(speed),
        *told,
        f"{peak:.0f} MB",
        f"{start:.1f} s",
        f1,
        ", ".join(metadata),
        f"{raised}, {empty}",
    )


def main() -> None:
    """Run the tools in turns, print the page and write it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--pages", type=int, help="some pages instead of all 301")
    parser.add_argument("--out", type=Path, help="where the page is written too")
    given = parser.parse_args()
    if not PYTHON.exists():
        sys.exit("no .venv-peers: `make bench-peers` makes it")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        n_pages, n_bytes = write_inputs(folder, given.pages)
        costs: dict[str, list[dict[str, Any]]] = {tool: [] for tool in (OURS, *PEERS)}
        for number in range(given.rounds):
            for tool in costs:
                costs[tool].append(run_tool(tool, folder))
                print(f"round {number + 1}, {tool}: {costs[tool][-1]['seconds']:.1f} s", file=sys.stderr, flush=True)
        table = markdown(COLUMNS, (cells(tool, folder, costs, n_pages) for tool in costs))
    inputs = f"{n_pages} pages, {n_bytes / 1e6:.0f} MB; {given.rounds} rounds in turns, medians; processor time"
    page = (
        f"# Beside other extractors\n\n`make bench-peers`: {head()}\n{inputs}, one core each.\n\n{table}\n\n{NOTES}\n"
    )
    print(page)
    if given.out:
        given.out.write_text(page, "utf-8")


if __name__ == "__main__":
    main()
