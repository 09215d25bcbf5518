"""What alerts on events say: a title that tells the news, who says it, what to type to look at it. Plain text."""

from collections.abc import Collection
from typing import NamedTuple

import duckdb

CAUSES = {
    "rise": "a report states more",
    "fall": "a report states less",
    "correction": "an article corrected itself",
    "support": "more stands behind it than behind the other figures",
    "scope": "what counts as this event or its whole toll is read otherwise",
    "retraction": "who stated it states it no more",
    "rules": "read again with other rules",
    "analyst": "an analyst's word",
}
# Of this publication's changes: a figure of the policy independent, or the last official figure, is another one. Who
# else reports it, a first official figure and the policy conservative are nothing that an editor must know at once; a
# sum over a period changes daily; an event that became another has its tolls there.
CHANGED = """
WITH this AS (FROM toll_history WHERE publication_no = $number AND change <> 'new'),
was AS (
  FROM toll_history SEMI JOIN this USING (event_id, kind, policy)
  WHERE publication_no < $number
  QUALIFY row_number() OVER (PARTITION BY event_id, kind, policy ORDER BY publication_no DESC) = 1
)
SELECT t.event_id, t.label, t.kind, t.policy, t.cause, t.low, t.best, t.high, w.low, w.best, w.high
FROM this AS t
JOIN was AS w USING (event_id, kind, policy)
LEFT JOIN built_known_events AS e USING (event_id)
WHERE NOT coalesce(e.is_aggregate, false) AND t.event_id NOT IN (SELECT old_id FROM built_event_aliases)
  AND (
    (policy = 'independent' AND (t.low, t.best, t.high) IS DISTINCT FROM (w.low, w.best, w.high))
    OR (policy = 'latest_official' AND t.best <> w.best)
  )
ORDER BY t.event_id, t.kind <> 'killed', t.kind, t.policy
"""
# Who says a figure, those with most articles first: the speaker, else the outlet, else the title.
SPEAKERS = """
SELECT event_id, kind, figure, who
FROM (
  SELECT event_id, kind, figure, count(DISTINCT article_id) AS n_articles,
    CASE WHEN attributed_to IS NOT NULL THEN speaker
      ELSE coalesce(r.publisher, '"' || a.title || '"', 'an outlet without a name') END AS who
  FROM built_toll_reports AS r JOIN articles AS a USING (article_id)
  WHERE left_out_reason IS NULL AND figure IS NOT NULL AND event_id IN (SELECT unnest($ids))
  GROUP BY ALL
)
ORDER BY event_id, kind, figure, n_articles DESC, who
"""
STORIES = """
SELECT event_id, arg_min(story_id, (NOT is_main, story_id))
FROM built_told_events WHERE event_id IN (SELECT unnest($ids))
GROUP BY event_id
"""
CONFLICTS = """
SELECT event_id, kind, label, value, modifiers
FROM built_disagreements SEMI JOIN (FROM begun WHERE about = 'conflict') AS b
  ON b.event_id = built_disagreements.event_id AND b.subject = built_disagreements.kind
ORDER BY event_id, kind, value
"""
WATCHED = """
SELECT e.event_id, e.label, e.n_articles, t.kind, t.low, t.best, t.high
FROM built_events AS e
LEFT JOIN built_event_tolls AS t ON t.event_id = e.event_id AND t.policy = 'independent' AND t.best IS NOT NULL
WHERE e.event_id IN (SELECT unnest($ids))
ORDER BY e.event_id, t.n_articles DESC, t.kind
"""


class Cause(NamedTuple):
    """A row of `alerts`, as far as it says why it is raised."""

    about: str
    subject: str
    event_id: str | None
    title: str
    text: str


def tell_tolls(con: duckdb.DuckDBPyConnection, number: int) -> list[Cause]:
    """A cause for each event of which publication `number` changes a toll that matters."""
    by_event: dict[str, list[tuple[object, ...]]] = {}
    for row in con.execute(CHANGED, {"number": number}).fetchall():
        by_event.setdefault(row[0], []).append(row)
    speakers, looks = _speakers(con, by_event), _looks(con, by_event)
    causes = []
    for event_id, changed in by_event.items():
        heads: dict[object, str] = {}
        lines = []
        for _, _, kind, policy, cause, *figures in changed:
            low, best, high, was_low, was_best, was_high = figures
            what = str(kind) if policy == "independent" else f"{kind}, last official figure"
            moved = f"{_figure(was_best)} → {_figure(best)}"
            heads.setdefault(
                kind, f"{what} {moved if best != was_best else f'{_figure(best)}, now {_range(low, high)}'}"
            )
            was, now = _stated(was_best, was_low, was_high), _stated(best, low, high)
            lines.append(f"{what}: {was} → {now}: {CAUSES.get(str(cause), cause)}")
            if who := speakers.get((event_id, kind, best)):
                lines.append(f"  {_figure(best)}: {who}")
        title = f"{'; '.join([*heads.values()][:2])}{' ...' * (len(heads) > 2)}: {changed[0][1]}"
        causes.append(
            Cause("toll", ", ".join(map(str, heads)), event_id, title, "\n".join([*lines, "", looks[event_id]]))
        )
    return causes


def tell_conflicts(con: duckdb.DuckDBPyConnection) -> list[Cause]:
    """A cause for each conflict of the temporary table `begun`."""
    by_toll: dict[tuple[str, str], list[tuple[object, ...]]] = {}
    for row in con.execute(CONFLICTS).fetchall():
        by_toll.setdefault((row[0], row[1]), []).append(row)
    ids = [event_id for event_id, _ in by_toll]
    speakers, looks = _speakers(con, ids), _looks(con, ids)
    causes = []
    for (event_id, kind), figures in by_toll.items():
        values = [_worded(value, modifiers) for *_, value, modifiers in figures]
        lines = [
            f"{worded}: {speakers.get((event_id, kind, row[3]), 'nobody is named')}"
            for worded, row in zip(values, figures, strict=True)
        ]
        title = f"reports conflict on {kind}, {' | '.join(values)}: {figures[0][2]}"
        causes.append(Cause("conflict", kind, event_id, title, "\n".join([*lines, "", looks[event_id]])))
    return causes


def tell_watch(con: duckdb.DuckDBPyConnection, name: str, ids: Collection[str]) -> list[Cause]:
    """A cause for each of some events that a watch names."""
    by_event: dict[str, list[tuple[object, ...]]] = {}
    for row in con.execute(WATCHED, {"ids": list(ids)}).fetchall():
        by_event.setdefault(row[0], []).append(row)
    looks = _looks(con, by_event)
    causes = []
    for event_id, tolls in by_event.items():
        _, label, n_articles, *_ = tolls[0]
        lines = [f"{kind}: {_stated(best, low, high)}" for *_, kind, low, best, high in tolls if kind]
        told = "\n".join([f"articles: {n_articles}", *lines, "", looks[event_id]])
        causes.append(Cause("watch", name, event_id, f"watch {name}: {label}", told))
    return causes


def _speakers(con: duckdb.DuckDBPyConnection, ids: Collection[str]) -> dict[tuple[object, ...], str]:
    """The first two who say each figure of some events, and how many more do."""
    said: dict[tuple[object, ...], list[str]] = {}
    for *key, who in con.execute(SPEAKERS, {"ids": list(ids)}).fetchall():
        said.setdefault(tuple(key), []).append(who)
    return {
        key: "; ".join(who[:2]) + (f" and {len(who) - 2} more" if len(who) > 2 else "") for key, who in said.items()
    }


def _looks(con: duckdb.DuckDBPyConnection, ids: Collection[str]) -> dict[str, str]:
    """What to type to look at each of some events."""
    stories = dict(con.execute(STORIES, {"ids": list(ids)}).fetchall())
    told = {event_id: f"newsledger story {stories[event_id]}" for event_id in stories}
    return {event_id: f"Look: {told.get(event_id, 'newsledger story')} (event {event_id})" for event_id in ids}


def _figure(value: object) -> str:
    return "none" if value is None else f"{value:,}"


def _stated(best: object, low: object, high: object) -> str:
    """A best figure, with the range where there is one."""
    return _figure(best) if low == best == high else f"{_figure(best)} ({_range(low, high)})"


def _range(low: object, high: object) -> str:
    return _figure(low) if low == high else f"{_figure(low)} to {_figure(high)}"


SIGNS = {
    "at_least": "at least ",
    "more_than": "more than ",
    "about": "about ",
    "up_to": "up to ",
    "fewer_than": "under ",
}


def _worded(value: object, modifiers: object) -> str:
    """A figure with its wording, where all who state it word it alike."""
    only = modifiers[0] if isinstance(modifiers, list) and len(modifiers) == 1 else ""
    return f"{SIGNS.get(only, '')}{_figure(value)}"
