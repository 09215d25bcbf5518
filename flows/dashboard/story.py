"""A story's page, and an event's: what happened, and where the reports part."""

from collections.abc import Sequence

import duckdb

from flows.dashboard.errors import Moved, NotHere
from flows.dashboard.event import events_of, rows_named
from flows.dashboard.render import Data
from flows.warehouse.read import Row, rows

WHOLE = 6  # events that a story's page shows in full; the rest are a line each

STORY = """
  SELECT story_id, headline, first_published_at, last_published_at, first_seen_at, updated_at, n_articles, n_publishers,
    n_origins
  FROM stories WHERE story_id = ?"""
# Those that it is about first, then what most articles recall, sums over a period last.
TOLD = """
  SELECT t.event_id, bool_or(t.is_main) AS is_main, e.label, e.n_articles, e.is_aggregate
  FROM (SELECT DISTINCT article_id, event_id, is_main FROM told_events WHERE story_id = ?) AS t
  JOIN events AS e USING (event_id)
  GROUP BY ALL ORDER BY is_main DESC, e.is_aggregate, e.n_articles DESC, t.event_id"""
ARTICLES = """
  SELECT a.article_id, a.title, a.publisher, a.authors, a.url, a.input, a.origin, a.published_at, a.published_precision,
    a.first_seen_at, a.revision, o.independent_origin, c.copy_of, c.reason AS copy_reason, c.similarity
  FROM articles AS a
  JOIN article_origins AS o USING (article_id)
  LEFT JOIN copies AS c USING (article_id)
  WHERE a.article_id IN ($ids) AND o.article_id IN ($ids)
  ORDER BY coalesce(a.published_at, a.first_seen_at), a.article_id"""
PLACES = """
  WITH named AS MATERIALIZED (FROM mentions WHERE article_id IN ($ids))
  SELECT coalesce(canonical, name) AS place, country, lat, lon, count(DISTINCT article_id) AS n_articles
  FROM named
  WHERE type = 'place' AND lat IS NOT NULL
  GROUP BY ALL ORDER BY n_articles DESC, place LIMIT 60"""
MEMBERS = "SELECT article_id FROM story_articles WHERE story_id = ? ORDER BY article_id"
TELLING = "SELECT article_id FROM event_mentions WHERE event_id = ? ORDER BY article_id"
STORIES = """
  SELECT s.story_id, s.headline, s.n_articles, s.n_origins, bool_or(t.is_main) AS is_main
  FROM (SELECT DISTINCT story_id, is_main FROM told_events WHERE event_id = ?) AS t JOIN stories AS s USING (story_id)
  GROUP BY ALL ORDER BY is_main DESC, s.n_articles DESC, s.story_id LIMIT 20"""


def story(con: duckdb.DuckDBPyConnection, story_id: str) -> Data:
    """A story with its events (events.events_of; beyond WHOLE a line each), its articles by origin, its places. Raises
    Moved for an id that another took the place of, NotHere for one that nothing has."""
    found = rows(con, STORY, [story_id])
    if not found:
        raise_for(con, "story", story_id)
    told = rows(con, TOLD, [story_id])
    members = [row["article_id"] for row in rows(con, MEMBERS, [story_id])]
    is_main = {row["event_id"]: row["is_main"] for row in told}
    events = events_of(con, [row["event_id"] for row in told[:WHOLE]])
    return {
        "story": found[0],
        "events": [event | {"is_main": is_main[event["event_id"]]} for event in events],
        "more_events": told[WHOLE:],
        "origins": _by_origin(rows_named(con, ARTICLES, members)),
        "places": rows_named(con, PLACES, members),
    }


def event(con: duckdb.DuckDBPyConnection, event_id: str) -> Data:
    """An event as `story` shows it, with the stories that tell of it. Raises as `story` does."""
    found = events_of(con, [event_id])
    if not found:
        raise_for(con, "event", event_id)
    members = [row["article_id"] for row in rows(con, TELLING, [event_id])]
    return {
        "event": found[0],
        "stories": rows(con, STORIES, [event_id]),
        "origins": _by_origin(rows_named(con, ARTICLES, members)),
        "places": rows_named(con, PLACES, members),
    }


def _by_origin(articles: Sequence[Row]) -> list[Data]:
    """The articles under their independent origin: first what stands for itself, its copies behind."""
    origins: dict[str, list[Row]] = {}
    for article in articles:
        origins.setdefault(article["independent_origin"], []).append(article)
    return [
        {
            "origin": None if origin in {article["article_id"] for article in same} else origin,
            "articles": sorted(same, key=lambda article: article["copy_of"] is not None),
        }
        for origin, same in origins.items()
    ]


def raise_for(con: duckdb.DuckDBPyConnection, kind: str, wanted: str) -> None:
    """Raises what says where an id that no story or event has went."""
    room = {"story": "stories", "event": "events"}[kind]
    if moved := rows(con, f"SELECT new_id FROM {kind}_aliases WHERE old_id = ?", [wanted]):
        raise Moved(room, moved[0]["new_id"])
    raise NotHere(f"No {kind} has the id {wanted}.")
