"""What a change of the rules bears on: which rows of which lexicon, which articles, which published figures."""

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
import polars as pl

from flows.lexicon import lexicons, rule_parts, rules_version, stages_that_read
from flows.schema import ARTICLES
from flows.warehouse.file import ledger_path, open_ledger, quoted
from flows.warehouse.recurring import MISTAKEN_LINES

KEY_COLUMN = {
    "actors.csv": 1,
    "outlets.csv": 1,
    "boilerplate.csv": 1,
    "recurring_lines.csv": 1,
}  # of the others the first
TRANSIENT = ("too slow", "too much memory", "stage failed", "worker died")  # reasons that may not hold another time
OF_PAGES = {"markup.csv", "no_article.csv", "bylines.csv", "months.csv"}  # read in markup, which the ledger has not
LEARNT_LINES = "lexicon/recurring_lines.csv"  # a run's own lexicon: publisher, folded line, part, decision
CHUNK = 10_000
RULES = "split_part({}, '-', 1)"  # a version without what it says of the lines known to recur
DUE = pl.Schema({"article_id": pl.String, "raw_sha256": pl.String, "stage": pl.String})


@dataclass(frozen=True)
class RuleChange:
    """One row of a lexicon that came (+) or went (-), or a part of the rules that changed (~; `row` is NULL)."""

    part: str
    sign: str
    row: str | None = None

    def __str__(self) -> str:
        return f"{self.part} {self.sign} {self.row}" if self.row else f"{self.part} changed"

    @property
    def stages(self) -> set[str]:
        """The stages that it bears on."""
        return stages_that_read(self.part)

    def touches(self, texts: pl.Expr) -> pl.Expr:
        """Whether it can bear on a text: the row's pattern, or the longest word of its phrase, stands in it."""
        name = self.part.rpartition("/")[2]
        if self.row is None or name in OF_PAGES:
            return pl.lit(True)
        cells = next(csv.reader([self.row]))
        key = cells[KEY_COLUMN.get(name, 0)]
        if name in ("boilerplate.csv", "line_marks.csv"):
            return texts.str.replace_all(r"[^\S\n]+", " ").str.contains(f"(?im){key}", strict=False).fill_null(True)
        words = re.findall(r"\w+", key.lower())
        if not words:
            return pl.lit(True)
        return texts.str.to_lowercase().str.contains(max(words, key=len), literal=True)


def changes_since(con: duckdb.DuckDBPyConnection, version: str) -> list[RuleChange]:
    """What changed in the rules between a version and today's; a version that was never kept changed as a whole. The
    lines known to recur are apart: `learnt_since`."""
    version = version.partition("-")[0]
    if version == rules_version():
        return []
    before = dict(con.execute("SELECT part, sha256 FROM rules WHERE rules_version = ?", [version]).fetchall())
    if not before:
        return [RuleChange(f"{stage}/rules of {version}", "~") for stage in ("clean", "extract", "link")]
    now = rule_parts()
    changed: list[RuleChange] = []
    for part in sorted(before.keys() | now.keys()):
        if before.get(part) == now.get(part):
            continue
        row = con.execute("SELECT text FROM rule_texts WHERE sha256 = ?", [before.get(part)]).fetchone()
        if row is None or part not in now:
            changed.append(RuleChange(part, "~"))
            continue
        old = set(row[0].splitlines())
        new = set((lexicons() / part.removeprefix("lexicon/")).read_text("utf-8").splitlines())
        changed += [RuleChange(part, "-", line) for line in sorted(old - new)]
        changed += [RuleChange(part, "+", line) for line in sorted(new - old)]
    return changed


def learnt_since(con: duckdb.DuckDBPyConnection, articles: pl.DataFrame) -> list[RuleChange]:
    """What was learnt or undone of the lines of some revisions (`article_id`, `revision`) since they were cleaned."""
    con.register("wanted", articles.select("article_id", "revision"))
    found = con.sql(
        f"""SELECT DISTINCT d.publisher, d.folded, d.part, 'drop' AS decision, m.is_taken
        FROM (
          SELECT unnest(line_ids) AS line_id, is_taken FROM ({MISTAKEN_LINES}) JOIN wanted USING (article_id, revision)
        ) AS m JOIN recurring_lines AS d USING (line_id)
        WHERE m.is_taken = (d.decision = 'keep') ORDER BY ALL"""
    ).pl()
    con.unregister("wanted")
    rows = found.drop("is_taken").write_csv(include_header=False).splitlines()
    return [
        RuleChange(LEARNT_LINES, "-" if is_taken else "+", row)
        for row, is_taken in zip(rows, found["is_taken"], strict=True)
    ]


def without(change: RuleChange, folder: Path) -> None:
    """Take one change back in a folder of lexicons."""
    file = folder / change.part.removeprefix("lexicon/")
    lines = file.read_text("utf-8").splitlines()
    if change.sign == "+":
        lines.remove(str(change.row))
    else:
        lines.append(str(change.row))
    file.write_text("\n".join(lines) + "\n", "utf-8")


def find_due(con: duckdb.DuckDBPyConnection, first_stage: str, since: date | None) -> pl.DataFrame:
    """DUE: the revisions and rejects that today's rules may read otherwise, with the first stage to be done again.

    `first_stage` clean | facts | stories says how far back a rebuild may go; `since` leaves out what was seen first
    before that day (UTC).
    """
    found = [pl.DataFrame(schema=DUE)]
    stages = {"clean": ("clean", "extract"), "facts": ("extract",), "stories": ()}[first_stage]
    if not stages:
        return found[0]
    versions = [
        row[0]
        for row in con.execute(
            f"SELECT {RULES.format('rules_version')} FROM revisions UNION "
            f"SELECT {RULES.format('facts_version')} FROM revisions"
        ).fetchall()
    ]
    changes = {version: changes_since(con, version) for version in versions if version}
    for articles in _revisions(con, since):
        for version, group in articles.group_by("rules_version"):
            own = [change for change in changes[str(version[0])] if "clean" in change.stages]
            found.append(_touched(group, own, "clean", pl.concat_str("told", "rest", separator="\n")))
        for version, group in articles.group_by("facts_version"):
            own = [change for change in changes[str(version[0])] if "extract" in change.stages]
            found.append(_touched(group, own, "extract", pl.col("told")))
    found += [_rejects(con, since), _relearnt(con, since)]
    due = pl.concat(found).filter(pl.col("stage").is_in(stages))
    return due.sort("article_id", "raw_sha256", "stage").unique(
        ["article_id", "raw_sha256"], keep="first", maintain_order=True
    )


def _touched(articles: pl.DataFrame, changes: Sequence[RuleChange], stage: str, texts: pl.Expr) -> pl.DataFrame:
    if not changes:
        return pl.DataFrame(schema=DUE)
    is_touched = pl.any_horizontal(change.touches(texts) for change in changes)
    return articles.filter(is_touched).select("article_id", "raw_sha256", stage=pl.lit(stage))


def _revisions(con: duckdb.DuckDBPyConnection, since: date | None) -> Iterator[pl.DataFrame]:
    """Revisions under older rules: `told` is what facts are read from, `rest` what cleaning saw beside it."""
    reader = con.execute(
        f"""SELECT r.article_id, r.raw_sha256, {RULES.format("r.rules_version")} AS rules_version,
          {RULES.format("r.facts_version")} AS facts_version,
          concat_ws(chr(10), r.title, r.text) AS told,
          concat_ws(chr(10), array_to_string(r.authors, chr(10)), r.publisher, r.dateline, r.origin, m.lines) AS rest
        FROM revisions AS r
        LEFT JOIN (
          SELECT article_id, revision, string_agg(text, chr(10)) AS lines FROM removed_history GROUP BY ALL
        ) AS m USING (article_id, revision)
        WHERE ({RULES.format("r.rules_version")} <> $1 OR {RULES.format("r.facts_version")} <> $1)
          AND r.first_seen_at >= coalesce($2, r.first_seen_at)""",
        [rules_version(), since],
    ).to_arrow_reader(CHUNK)
    for batch in reader:
        frame = pl.from_arrow(batch)
        assert isinstance(frame, pl.DataFrame)
        yield frame


def _rejects(con: duckdb.DuckDBPyConnection, since: date | None) -> pl.DataFrame:
    """Rejects of archived documents under older rules, or for a reason that may not hold another time."""
    return con.sql(
        "SELECT DISTINCT article_id, raw_sha256, stage FROM rejects "
        f"WHERE article_id IS NOT NULL AND stage IN ('clean', 'extract') AND (reason IN {TRANSIENT} "
        f"OR {RULES.format('rules_version')} IS DISTINCT FROM $1) AND seen_at >= coalesce($2, seen_at)",
        params=[rules_version(), since],
    ).pl()


def _relearnt(con: duckdb.DuckDBPyConnection, since: date | None) -> pl.DataFrame:
    """Revisions with a line that was learnt, or undone, after they were cleaned."""
    return con.sql(
        f"SELECT DISTINCT article_id, raw_sha256, 'clean' AS stage FROM ({MISTAKEN_LINES}) "
        "JOIN revisions AS r USING (article_id, revision) WHERE r.first_seen_at >= coalesce($1, r.first_seen_at)",
        params=[since],
    ).pl()


def export_articles(data: Path, due: pl.DataFrame, folder: Path, size: int) -> list[Path]:
    """The articles of DUE rows as they stand, in Parquet files of `size` articles (ARTICLES)."""
    files: list[Path] = []
    columns = ", ".join(f"r.{name}" for name in ARTICLES.names())
    with open_ledger(data) as con:
        for number, keys in enumerate(due.iter_slices(size)):
            file = folder / f"articles-{number:06d}.parquet"
            con.register("wanted", keys)
            con.execute(
                f"COPY (SELECT {columns} FROM revisions AS r JOIN wanted USING (article_id, raw_sha256) "
                f"ORDER BY r.article_id, r.revision) TO '{quoted(file)}'"
            )
            con.unregister("wanted")
            files.append(file)
    return files


CHANGED_FIGURES = """
SELECT coalesce(n.event_id, o.event_id) AS event_id, coalesce(n.label, o.label) AS label,
  coalesce(n.kind, o.kind) AS kind, coalesce(n.policy, o.policy) AS policy,
  o.low AS low, o.best AS best, o.high AS high, n.low AS new_low, n.best AS new_best, n.high AS new_high
FROM old.tolls AS o FULL JOIN tolls AS n ON n.event_id = o.event_id AND n.kind = o.kind AND n.policy = o.policy
WHERE (o.low, o.best, o.high, o.best_modifier, o.is_open_high)
  IS DISTINCT FROM (n.low, n.best, n.high, n.best_modifier, n.is_open_high)
ORDER BY ALL
"""
FACT = "article_id, revision, field, char_start, char_end, evidence"
SHOWN = {
    "counts": "concat_ws(' ', kind, modifier, coalesce(value::VARCHAR, low || ' or more'), unit, '(' || scope || ')', "
    "'by ' || attributed_to, 'of its event ' || event_no)",
    "claims": "concat_ws(' ', stance, actor, 'by ' || asserted_by, 'via ' || attributed_via)",
    "quotes": "concat_ws(' ', 'quote', 'by ' || speaker, speaker_role)",
}
TABLES = {"counts": "stated_counts", "claims": "stated_claims", "quotes": "stated_quotes"}


def compare(data: Path, copy: Path) -> tuple[pl.DataFrame, pl.DataFrame]:
    """What a rebuilt copy of the ledger would publish otherwise: the tolls (`low`, `best`, `high`, and `new_*`), and
    the facts (`article_id`, `revision`, `evidence`, `before`, `after`; NULL where there is none)."""
    with open_ledger(data, copy) as con:
        con.execute(f"ATTACH '{quoted(ledger_path(data))}' AS old (READ_ONLY)")
        tolls = con.sql(CHANGED_FIGURES).pl()
        facts = []
        for name, table in TABLES.items():
            told = f"SELECT {FACT}, list_sort(list({SHOWN[name]})) AS told FROM {{}} GROUP BY ALL"
            facts.append(
                con.sql(
                    f"SELECT coalesce(n.article_id, o.article_id) AS article_id, "
                    "coalesce(n.revision, o.revision) AS revision, coalesce(n.evidence, o.evidence) AS evidence, "
                    "array_to_string(o.told, '; ') AS before, array_to_string(n.told, '; ') AS after "
                    f"FROM ({told.format('old.' + table)}) AS o FULL JOIN ({told.format(table)}) AS n "
                    "ON (o.article_id, o.revision, o.field, o.char_start, o.char_end) = "
                    "(n.article_id, n.revision, n.field, n.char_start, n.char_end) "
                    "WHERE o.told IS DISTINCT FROM n.told ORDER BY ALL"
                ).pl()
            )
        con.execute("DETACH old")
    return tolls, pl.concat(facts)
