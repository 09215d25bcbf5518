"""Events: the tolls and every report of them, who claims, denies and blames, what was said, left out and corrected."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

import duckdb

from flows.dashboard.render import Data, host_of
from flows.report.corrections import told
from flows.warehouse.read import Row

STANCES = ("claimed", "denied", "blamed", "suspected", "reported")

EVENTS = """
  SELECT e.event_id, e.kind, e.label, e.place, e.country, e.lat, e.lon, e.where_precision, e.date_low, e.date_high,
    e.date_precision, e.is_aggregate, e.n_articles, e.n_publishers, e.n_origins
  FROM events AS e WHERE e.event_id IN ($ids)"""
TOLLS = """
  SELECT event_id, kind, policy, low, best, high, low_modifier, best_modifier, high_modifier, is_open_high, is_derived,
    n_counts, n_articles, n_publishers, n_origins, n_speakers, best_n_origins, best_n_speakers, low_count_id,
    best_count_id, high_count_id, killed_attackers, correction_ids
  FROM tolls WHERE event_id IN ($ids) ORDER BY event_id, n_articles DESC, kind, policy"""
REPORTS = """
  WITH r AS MATERIALIZED (FROM toll_reports WHERE event_id IN ($ids) AND left_out_reason IS NULL)
  SELECT r.event_id, r.kind, r.figure, r.low, r.high, r.modifier, r.scope, r.is_attacker, r.count_id, r.article_id,
    r.attributed_to, r.speaker, r.actor_type, r.publisher, r.independent_origin, r.published_at, r.left_out_reason,
    r.correction_id, a.title, a.url, a.input, c.evidence
  FROM r
  JOIN (FROM articles WHERE article_id IN (SELECT article_id FROM r)) AS a USING (article_id)
  JOIN counts AS c ON c.event_id = r.event_id AND c.count_id = r.count_id
  ORDER BY r.event_id, r.kind, r.figure NULLS LAST, r.published_at NULLS LAST, r.article_id, r.char_start"""
CONFLICTS = """
  SELECT event_id, kind, bool_or(is_conflict) AS is_conflict FROM disagreements
  WHERE event_id IN ($ids) GROUP BY ALL"""
RESPONSIBILITY = """
  SELECT event_id, actor, stance, asserted_by, answer, attributed_via, n_articles, n_origins, first_said_at,
    last_said_at, claim_ids, correction_ids
  FROM responsibility WHERE event_id IN ($ids) ORDER BY event_id, actor, asserted_by NULLS LAST"""
QUOTES = """
  SELECT q.event_id, q.quote_id, q.speaker, q.speaker_role, q.text, q.article_id, a.title, a.publisher, a.url, a.input
  FROM quotes AS q JOIN articles AS a USING (article_id)
  WHERE q.event_id IN ($ids) AND q.set_aside IS NULL
  ORDER BY q.event_id, q.speaker NULLS LAST, a.published_at NULLS LAST, q.article_id, q.char_start"""
LEFT_OUT = """
  SELECT l.event_id, l.kind, l.value, l.low, l.high, l.modifier, l.scope, l.attributed_to, l.reason, l.count_id,
    l.article_id, l.correction_id, a.title, a.publisher, a.url, a.input
  FROM left_out AS l JOIN articles AS a USING (article_id)
  WHERE l.event_id IN ($ids) ORDER BY l.event_id, l.reason, l.kind, l.value NULLS LAST, l.count_id"""
CHANGES = """
  SELECT event_id, publication_no, "at", kind, low, best, high, best_modifier, is_open_high, n_articles, n_origins,
    change, cause
  FROM toll_history WHERE policy = 'independent' AND event_id IN ($ids)
  ORDER BY event_id, kind, publication_no"""
COVERAGE = "SELECT * FROM coverage WHERE event_id IN ($ids)"
CORRECTIONS = """
  WITH applied AS (
    SELECT event_id, correction_id FROM applied_corrections WHERE event_id IN ($ids)
    UNION
    SELECT f.event_id, a.correction_id FROM facts AS f JOIN applied_corrections AS a USING (fact_id)
    WHERE f.event_id IN ($ids) AND f.correction_id IS NOT NULL
  )
  SELECT a.event_id, c.* FROM corrections AS c JOIN applied AS a USING (correction_id)
  ORDER BY a.event_id, correction_no"""


def events_of(con: duckdb.DuckDBPyConnection, ids: Sequence[str]) -> list[Data]:
    """Each event with all that is published of it, in the order of `ids`: its own columns, `tolls` by kind (each with
    its `reports`, `policies` beside the default one), `matrix` (figures by outlet), `responsibility` by actor and
    stance, `quotes` by speaker, `changes` (what was published, toll_history), `left_out`, `coverage`, `corrections`."""

    def read(sql: str) -> dict[str, list[Row]]:
        return _by(rows_named(con, sql, ids), "event_id")

    found = {row["event_id"]: row for row in rows_named(con, EVENTS, ids)}
    tolls, reports, conflicts = read(TOLLS), read(REPORTS), read(CONFLICTS)
    changes, coverage, corrections = read(CHANGES), read(COVERAGE), read(CORRECTIONS)
    claims, quotes, left_out = read(RESPONSIBILITY), read(QUOTES), read(LEFT_OUT)
    return [
        found[event_id]
        | {
            "tolls": _tolls(tolls[event_id], reports[event_id], conflicts[event_id]),
            "matrix": _matrix(reports[event_id]),
            "responsibility": _responsibility(claims[event_id]),
            "quotes": [
                {"speaker": speaker, "speaker_role": same[0]["speaker_role"], "said": same}
                for speaker, same in _by(quotes[event_id], "speaker").items()
            ],
            "changes": changes[event_id],
            "left_out": left_out[event_id],
            "coverage": next(iter(coverage[event_id]), None),
            "corrections": [row | {"told": told(row)} for row in corrections[event_id]],
        }
        for event_id in ids
        if event_id in found
    ]


def rows_named(con: duckdb.DuckDBPyConnection, sql: str, ids: Sequence[str]) -> list[Row]:
    """The rows of a query that asks for `$ids`; of articles also their `outlet`. Each id is a parameter: by those DuckDB
    uses an index and skips what it can, a list is joined with all there is."""
    marks = ", ".join(f"${number}" for number in range(1, len(ids) + 1)) or "NULL"
    cursor = con.execute(sql.replace("$ids", marks), list(ids))
    names = [column[0] for column in cursor.description or []]
    found = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    return [row | {"outlet": outlet_of(row)} for row in found] if "input" in names else found


def _by(found: Iterable[Row], column: str) -> dict[str, list[Row]]:
    groups: defaultdict[str, list[Row]] = defaultdict(list)
    for row in found:
        groups[row[column]].append(row)
    return groups


def _tolls(found: list[Row], reports: list[Row], conflicts: list[Row]) -> list[Data]:
    """A toll a kind: its figures under the default policy, the other policies' beside, its reports."""
    parting = {row["kind"]: row["is_conflict"] for row in conflicts}
    of_kind = _by(reports, "kind")
    tolls = []
    for kind, same in _by(found, "kind").items():
        by_policy = {row["policy"]: row for row in same}
        toll = by_policy["independent"]
        ends = [one[end] for one in [toll, *of_kind[kind]] for end in ("figure", "low", "high", "best") if one.get(end)]
        tolls.append(
            toll
            | {
                "differs": kind in parting,
                "is_conflict": parting.get(kind, False),
                "most": max(ends, default=0),
                "policies": [by_policy[name] for name in ("latest_official", "conservative") if name in by_policy],
                "reports": _told_once(of_kind[kind]),
            }
        )
    return sorted(tolls, key=lambda toll: (toll["best"] is None, -toll["n_articles"], toll["kind"]))


def _matrix(reports: list[Row]) -> Data:
    """What each outlet reports: `kinds`, and `outlets` with the figures of each kind, in that order."""
    kinds = list(dict.fromkeys(row["kind"] for row in reports))
    outlets = _by(reports, "outlet")
    return {
        "kinds": kinds,
        "outlets": [
            {
                "outlet": outlet,
                "article_id": same[0]["article_id"],
                "figures": [_unique([row for row in same if row["kind"] == kind]) for kind in kinds],
            }
            for outlet, same in outlets.items()
        ],
    }


def _unique(reports: list[Row]) -> list[Data]:
    """Each figure once, with the first count that states it."""
    figures: dict[tuple[object, ...], Data] = {}
    for row in reports:
        stated = {name: row[name] for name in ("figure", "low", "high", "modifier", "count_id")}
        figures.setdefault((row["figure"], row["low"], row["high"], row["modifier"]), stated)
    return list(figures.values())


def _told_once(reports: list[Row]) -> list[Data]:
    """Reports, those of one article and speaker with one figure as the first of them, which has their `count_ids`."""
    first: dict[tuple[object, ...], Data] = {}
    for row in reports:
        same = tuple(row[name] for name in ("article_id", "attributed_to", "figure", "low", "high", "modifier"))
        first.setdefault(same, row | {"count_ids": []})["count_ids"].append(row["count_id"])
    return list(first.values())


def outlet_of(row: Row) -> str:
    """Who publishes an article: the outlet; where none is named its host, else its title, else the end of its path."""
    return str(row["publisher"] or host_of(row["url"]) or row["title"] or row["input"].rsplit("/", 1)[-1])


def _responsibility(found: list[Row]) -> list[Data]:
    """An actor and a stance once, with everybody who asserts it."""
    groups: dict[tuple[str, str], list[Row]] = {}
    for row in sorted(found, key=lambda row: (STANCES.index(row["stance"]), row["actor"])):
        groups.setdefault((row["actor"], row["stance"]), []).append(row)
    return [
        {
            "actor": actor,
            "stance": stance,
            "answer": same[0]["answer"],
            "asserted": same,
        }
        for (actor, stance), same in groups.items()
    ]
