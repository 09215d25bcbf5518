"""Writes docs/data-dictionary.md from the comments of a publication (`make dictionary`)."""

import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from flows.lexicon import ROOT
from flows.report.dictionary import COLUMNS, OBJECTS
from flows.warehouse.comments import read_comments
from flows.warehouse.ledger import start_run
from flows.warehouse.publish import finish_run, publish
from flows.warehouse.read import open_published, rows

PAGE = ROOT / "docs" / "data-dictionary.md"
# The topics of sql/comments in the order of the page; one that is not named here stands before the last.
SECTIONS = {
    "tolls": "Tolls",
    "facts": "Counts, claims, quotes",
    "articles": "Articles",
    "stories": "Stories and events",
    "history": "History",
    "corrections": "Corrections",
    "operation": "Operation",
    "internal": "Internal: what the tables above are made of",
}
HEAD = """# Data dictionary

What `news.duckdb` holds; `make dictionary` writes this page from it. The file says the same itself: `newsledger
describe [TABLE]` shows it, and in any DuckDB client `duckdb_tables()`, `duckdb_views()`, `duckdb_columns()` and
`duckdb_functions()` have a column `comment`. The words are in `sql/comments/*.csv`.

Instants (TIMESTAMPTZ) are UTC, dates are calendar days where it happened. Unknown is NULL, never an empty text or 0.
How to read the figures: [analyst.md](analyst.md).
"""


def dictionary_page(con: duckdb.DuckDBPyConnection) -> str:
    """The page for a publication: a section a topic, tables and views in the order of their topic's file."""
    said = read_comments()
    order = [(topic, name) for (name, column), (_, topic) in said.items() if not column]
    known = {row["name"]: row["comment"] for row in rows(con, OBJECTS)}
    *first, last = SECTIONS
    more = sorted({topic for topic, _ in order} - {*SECTIONS})
    lines = [HEAD]
    for topic in (*first, *more, last):
        lines.append(f"## {SECTIONS.get(topic, topic.capitalize())}\n")
        for name in [name for of, name in order if of == topic and name in known]:
            lines += [f"### {name}\n", f"{known[name]}\n", *_columns(con, name)]
    return "\n".join(lines)


def _columns(con: duckdb.DuckDBPyConnection, name: str) -> Iterator[str]:
    """The lines of a table of columns; none of a macro."""
    if columns := rows(con, COLUMNS, [name]):
        yield "| column | type | meaning |\n|---|---|---|"
        for row in columns:
            meaning = (row["comment"] or "").replace("|", "\\|")
            yield f"| {row['name']} | {row['type']} | {meaning} |"
        yield ""


def main() -> None:
    """Publish a ledger without articles, which has all tables and views, and write the page from it."""
    with tempfile.TemporaryDirectory() as folder:
        data, now = Path(folder), datetime.now(UTC)
        start_run(data, "dictionary", now, "run", "local", None, [])
        publish(data, finish_run(data, "dictionary", now, 0.0).number, 1)
        with open_published(data) as con:
            page = dictionary_page(con)
    PAGE.write_text(page, "utf-8")
    print(f"{PAGE.relative_to(ROOT)}: {len(page.splitlines())} lines")


if __name__ == "__main__":
    main()
