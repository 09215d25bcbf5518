"""How an event's tolls came to be: what tolls_as_of makes of each instant, and what was published when.

`tolls_as_of` works through the whole ledger. Here temporary tables, of a connection of their own, take the place of
those that it reads: in them stand just the rows that bear on one event. Each macro of the chain is worked out once,
for all instants together, and reads the table that the one below it left.
"""

from typing import NamedTuple

import duckdb

from flows.warehouse.built import by_need, texts
from flows.warehouse.read import Row, rows

# How many instants of a clock are asked for: as many as a slider has use for, fewer where an event has so many counts,
# of all revisions, that this many in all would be read (700 articles with four each: 1 s of a core, not 5 s).
MOST_INSTANTS, LEAST_INSTANTS, COUNTS_READ = 60, 12, 20_000

# What the chain reads, as far as it bears on the event $1. Where one reads another, it reads that part of it.
PART = {
    "known_events": "FROM known_events WHERE event_id = $1",
    "counts_history": "FROM counts_history WHERE event_id = $1",
    "speakers": "FROM speakers WHERE event_id = $1",
    "corrected_counts": "FROM corrected_counts SEMI JOIN counts_history USING (count_id)",
    "told_events": "FROM told_events SEMI JOIN counts_history USING (article_id) WHERE event_id = $1",
    "own_facts": "FROM own_facts SEMI JOIN counts_history USING (article_id)",
    "linked_origins": "FROM linked_origins SEMI JOIN counts_history USING (article_id)",
    # An original that tells nothing of the event bears on whose words its copies are.
    "part_articles": "SELECT article_id FROM counts_history UNION SELECT first_id FROM linked_origins",
    "revisions": "SELECT * EXCLUDE (text) FROM revisions SEMI JOIN part_articles USING (article_id)",
}

# Every instant at which something of it entered. Of more than $1 those are kept at which the share of $1 - 1 even steps
# that lie behind grows by one: the first, the last, and what lies evenly between.
MOMENTS = """
WITH entered AS (
  SELECT 'seen' AS clock, first_seen_at AS "at" FROM revisions
  UNION
  SELECT 'published', printed_at FROM revisions
),
numbered AS (
  SELECT
    *,
    row_number() OVER (PARTITION BY clock ORDER BY "at") AS nth,
    count(*) OVER (PARTITION BY clock) AS n_instants
  FROM entered
  WHERE "at" IS NOT NULL
)
SELECT row_number() OVER (ORDER BY clock, "at") AS moment, clock, "at", n_instants
FROM numbered
WHERE nth = 1 OR (nth - 1) * ($1 - 1) // (n_instants - 1) > (nth - 2) * ($1 - 1) // (n_instants - 1)
"""

FIGURES = ("low", "best", "high", "low_modifier", "best_modifier", "high_modifier", "is_open_high", "n_articles",
  "n_origins", "best_n_origins", "best_n_speakers")  # fmt: skip
STEPS = f"""
WITH asked AS (
  SELECT m.*, k.kind, k.policy, {{{", ".join(f"{name}: t.{name}" for name in FIGURES)}}} AS now
  FROM moments AS m
  CROSS JOIN (SELECT DISTINCT kind, policy FROM asked_tolls) AS k
  LEFT JOIN asked_tolls AS t ON t.moment = m.moment AND t.kind = k.kind AND t.policy = k.policy
),
changed AS (
  SELECT *, lag(now) OVER (PARTITION BY clock, kind, policy ORDER BY moment) AS before
  FROM asked
)
SELECT clock, "at", kind, policy, unnest(now)
FROM changed
WHERE now IS DISTINCT FROM before AND (now.n_articles IS NOT NULL OR before.n_articles IS NOT NULL)
ORDER BY clock DESC, "at", kind, policy
"""


class TollSteps(NamedTuple):
    """What `toll_steps` gives."""

    steps: list[Row]
    clocks: list[Row]


def toll_steps(con: duckdb.DuckDBPyConnection, event_id: str, most: int | None = None) -> TollSteps:
    """The tolls of an event as today's rules read them at each instant at which one of its articles entered.

    `con` may be read-only; it is left as it was. Nothing is found of an id that no event has.

    steps, by clock (seen first), instant, kind and policy; a row only where it differs from the instant before:
    clock (seen: in the ledger; published: in print), at (UTC), kind, policy, low, best, high, low_modifier,
    best_modifier, high_modifier, is_open_high, n_articles, n_origins, best_n_origins, best_n_speakers, as in
    `tolls_as_of`. All of these are NULL where the toll is gone: nobody reports it any more.

    clocks, a row each: clock, n_instants, n_asked, first_at, last_at (UTC). Of more than `most` instants (None: 60, and
    down to 12 for an event of very many counts) those are asked for that lie evenly between the first and the last, by
    their number; a step between is told at the next one asked.
    """
    with con.cursor() as own:
        own.execute("SET TimeZone = 'UTC'")
        for name, sql in PART.items():
            own.execute(f"CREATE TEMP TABLE {name} AS {sql}", [event_id] if "$1" in sql else [])
        own.execute(f"CREATE TEMP TABLE moments AS {MOMENTS}", [most or _affordable(own)])
        _ask(own)
        clocks = rows(
            own,
            'SELECT clock, any_value(n_instants) AS n_instants, count(*) AS n_asked, min("at") AS first_at, '
            'max("at") AS last_at FROM moments GROUP BY clock ORDER BY clock DESC',
        )
        return TollSteps(rows(own, STEPS), clocks)


def _affordable(con: duckdb.DuckDBPyConnection) -> int:
    """How many instants of a clock a reader does not wait long for."""
    ((n_counts,),) = con.execute("SELECT count(*) FROM counts_history").fetchall()
    return max(LEAST_INSTANTS, min(MOST_INSTANTS, COUNTS_READ // max(int(n_counts), 1)))


def _ask(con: duckdb.DuckDBPyConnection) -> None:
    """Make the tables `asked_` and a macro's name: what it gives at each of `moments`. Their number stands for time and
    clock: all but known_revisions only hand them on. A macro's arguments are put in as text, hence the full names."""
    for macro in by_need({}, texts("macros")):
        if macro == "asked_time":
            continue
        asked = 'moments."at", moments.clock' if macro == "known_revisions" else "moments.moment, NULL"
        name = f"asked_{macro.removesuffix('_as_of')}"
        con.execute(f"CREATE TEMP TABLE {name} AS SELECT moments.moment, x.* FROM moments, {macro}({asked}) AS x")
        con.execute(
            f"CREATE TEMP MACRO {macro}(t, clock) AS TABLE "
            f"SELECT * EXCLUDE (moment) FROM {name} WHERE {name}.moment = t"
        )
