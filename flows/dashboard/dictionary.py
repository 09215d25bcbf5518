"""What stands beside the console: questions to begin with, and what every table, view and macro means."""

import duckdb

from flows.report.dictionary import OBJECTS
from flows.warehouse.read import Row, rows

# Rows: name, column_name, type, meaning; in the order of the columns.
COLUMNS = """
SELECT table_name AS name, column_name, replace(data_type, 'TIMESTAMP WITH TIME ZONE', 'TIMESTAMPTZ') AS type,
  comment AS meaning
FROM duckdb_columns() WHERE NOT internal ORDER BY table_name, column_index
"""
MACROS = "SELECT DISTINCT function_name AS name, function_type, parameters FROM duckdb_functions() WHERE NOT internal"
FIRST = ("tolls", "disagreements", "responsibility", "toll_history", "counts", "claims", "quotes", "articles")
# What a macro of ours is asked with: now, and a line of text.
ASKED_WITH = {"t": "now()", "clock": "'published'", "line": "'Correction: an earlier version'"}
EXAMPLES = [
    {"question": question, "sql": " ".join(sql.split())}
    for question, sql in {
        "Where do reports conflict?": """
            SELECT label, kind, value, n_origins, speakers FROM disagreements
            WHERE is_conflict ORDER BY label, kind, value""",
        "The tolls of each event": """
            SELECT label, kind, low, best, high, is_open_high, n_articles, n_origins FROM tolls
            WHERE policy = 'independent' ORDER BY label, kind""",
        "Who blames whom, and who has answered?": """
            SELECT label, actor, stance, asserted_by, answer, n_origins, first_said_at FROM responsibility
            WHERE stance IN ('blamed', 'suspected', 'claimed', 'denied') ORDER BY label, actor, first_said_at""",
        "What changed lately, and why?": """
            SELECT "at", label, kind, low, best, high, change, cause FROM toll_history
            WHERE policy = 'independent' ORDER BY "at" DESC, label, kind LIMIT 100""",
        "One speaker behind many articles": """
            SELECT label, kind, best, n_articles, best_n_origins FROM tolls
            WHERE policy = 'independent' AND best_n_speakers = 1 AND best_n_origins >= 2 ORDER BY n_articles DESC""",
        "Whole tolls that nobody is named for": """
            SELECT a.publisher, c.kind, c.value, c.modifier, c.evidence
            FROM counts AS c JOIN articles AS a USING (article_id)
            WHERE c.attributed_to IS NULL AND c.scope = 'total' AND c.set_aside IS NULL ORDER BY a.publisher, c.kind""",
        "What was in print a day after the first report?": """
            SELECT label, kind, low, best, high, n_articles
            FROM tolls_as_of((SELECT min(published_at) + INTERVAL 1 day FROM articles), 'published')
            WHERE policy = 'independent' ORDER BY label, kind""",
        "Which sources are silent or failing?": """
            SELECT source_name, wrong, last_heard_at, last_new_at FROM source_health
            WHERE wrong IS NOT NULL ORDER BY last_heard_at NULLS FIRST""",
        "Deaths for a table of UCDP GED": """
            SELECT id, date_start, date_end, country, side_b, low, best, high, source_original FROM ucdp_ged
            ORDER BY date_start, id""",
    }.items()
]


def tables_of(con: duckdb.DuckDBPyConnection) -> list[Row]:
    """Every table, view and macro: `name`, `meaning`, a statement `sql` that shows some of it, `columns` (`name`,
    `type`, `meaning`; a macro has none); those to begin with first."""
    columns: dict[str, list[Row]] = {}
    for row in rows(con, COLUMNS):
        known = {"name": row["column_name"], "type": row["type"], "meaning": row["meaning"]}
        columns.setdefault(row["name"], []).append(known)
    macros = {row["name"]: row for row in rows(con, MACROS)}
    found = rows(con, OBJECTS)
    found.sort(key=lambda row: (FIRST.index(row["name"]) if row["name"] in FIRST else len(FIRST), row["name"]))
    return [
        {
            "name": row["name"],
            "meaning": row["comment"],
            "sql": _some_of(row["name"], macros.get(row["name"])),
            "columns": columns.get(row["name"], []),
        }
        for row in found
    ]


def _some_of(name: str, macro: Row | None) -> str:
    if macro is None:
        return f"FROM {name} LIMIT 20"
    call = f"{name}({', '.join(ASKED_WITH[parameter] for parameter in macro['parameters'])})"
    return f"FROM {call} LIMIT 20" if macro["function_type"] == "table_macro" else f"SELECT {call}"
