"""The list of stories: newest first, by what a reader filters and searches for."""

import re
from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any, NamedTuple, Self

import duckdb

from flows.dashboard.search import Found
from flows.lexicon import lexicon
from flows.sources import UsageError
from flows.warehouse.read import Row, rows

A_PAGE = 50  # stories
OPTIONS = 200  # of each filter, the most frequent
NUMBER = re.compile(r"[1-9][0-9]{0,5}")
# What a filter asks of story_summaries; the values are bound.
CONDITIONS = {
    "place": "(list_contains([lower(one) for one in places], lower($place)) OR list_contains(countries, $country))",
    "actor": "list_contains([lower(one) for one in actors], lower($actor))",
    "kind": "list_contains(kinds, $kind)",
    "since": "coalesce(last_date, last_published_at::DATE, first_seen_at::DATE) >= $since",
    "until": "coalesce(first_date, first_published_at::DATE, first_seen_at::DATE) <= $until",
    "origins": "n_origins >= $origins",
    "disagreement": "n_conflicts > 0",
    "q": "story_id IN (SELECT story_id FROM story_articles "
    "WHERE article_id IN (SELECT unnest(string_split($found, ' '))))",
}
SHOWN = """rowid, story_id, headline, first_published_at, last_published_at, first_seen_at, updated_at, n_articles,
  n_publishers, n_origins, event_id, event_kind, label, place, country, date_low, date_high, kind, low, best, high,
  best_modifier, is_open_high, is_derived, n_conflicts"""
# Fifty ids as one text: to bind each, or a list, takes longer than to read all.
CHANGES = """SELECT event_id, max("at") FROM toll_history
  WHERE event_id IN (SELECT unnest(string_split(?, ' '))) GROUP BY event_id"""
NEWEST = "ORDER BY coalesce(last_published_at, first_seen_at) DESC, story_id"


class Filters(NamedTuple):
    """What a list of stories is narrowed to; NULL: not by that. All that is given must hold.

    place: an event that the story's articles are about happened there: a place as worded, or a country by its English
    name or ISO code, in any case. actor: one whom its articles name, by the canonical name, in any case. kind: of such
    an event ("attack"), or of figures reported of it ("killed"). since, until: such an event may have been on one of
    these days, where it happened; where none is told, the articles were published then (UTC). origins: at least so many
    independent ones. disagreement: reports on such an event conflict. q: see Search.find. page: from 1.
    """

    place: str | None = None
    actor: str | None = None
    kind: str | None = None
    since: date | None = None
    until: date | None = None
    origins: int | None = None
    disagreement: bool = False
    q: str | None = None
    page: int = 1

    @classmethod
    def of(cls, params: Mapping[str, str]) -> Self:
        """The filters of an address's query; what is empty is not given. Raises UsageError, naming the parameter."""
        given = {name: value.strip() for name, value in params.items() if name in cls._fields and value.strip()}
        told: dict[str, Any] = given | {
            name: _day(name, given[name]) if name in ("since", "until") else _number(name, given[name])
            for name in ("since", "until", "origins", "page")
            if name in given
        }
        if "disagreement" in given:
            if given["disagreement"] != "1":
                raise UsageError("disagreement: 1 shows stories with conflicting reports only; leave it out for all")
            told["disagreement"] = True
        return cls(**told)

    def params(self, page: int = 1) -> dict[str, str]:
        """The query of the address of a page of this list."""
        given = self._replace(page=page)._asdict()
        usual = Filters()._asdict()
        return {name: "1" if value is True else str(value) for name, value in given.items() if value != usual[name]}


def stories(con: duckdb.DuckDBPyConnection, filters: Filters, found: Found | None, options: Row) -> Row:
    """A page of the list: `stories` (rows of story_summaries without its lists, and `changed_at`, UTC: when the story
    or a toll of its main event last changed), `n_stories` that fit of `n_all`, the filters as given, `options` of
    offered_options, `search` (NULL: nothing was searched for), and the parameters of the previous and the next page
    (NULL: there is none)."""
    values = {name: value for name, value in filters._asdict().items() if value and name in CONDITIONS}
    where = " AND ".join([CONDITIONS[name] for name in values] or ["true"])
    bound: dict[str, object] = {name: value for name, value in values.items() if name not in ("disagreement", "q")}
    if filters.place:
        bound["country"] = country_code(filters.place)
    if filters.q:
        bound["found"] = " ".join(found.article_ids if found else [])  # a list of that many takes 0.3 s to bind
    these = con.execute(
        f"SELECT rowid, count(*) OVER () FROM story_summaries WHERE {where} {NEWEST} LIMIT {A_PAGE} OFFSET $skipped",
        bound | {"skipped": A_PAGE * (filters.page - 1)},
    ).fetchall()
    n_stories = these[0][1] if these else _number_of(con, where, bound)
    return {
        "stories": _with_changes(con, _listed(con, [rowid for rowid, _ in these])),
        "n_stories": n_stories,
        "n_all": _number_of(con, "true", {}) if values else n_stories,
        "filters": filters._asdict(),
        "options": options,
        "search": _told(con, found),
        "previous": filters.params(filters.page - 1) if filters.page > 1 else None,
        "next": filters.params(filters.page + 1) if filters.page * A_PAGE < n_stories else None,
    }


def offered_options(con: duckdb.DuckDBPyConnection) -> Row:
    """What the filters can be set to: `places`, `countries`, `actors`, `kinds`, each the most frequent first: `name`
    and `n_stories`."""
    told = {}
    for one in ("places", "countries", "actors", "kinds"):
        told[one] = rows(
            con,
            f"SELECT name, count(*) AS n_stories FROM (SELECT unnest({one}) AS name FROM story_summaries) "
            f"GROUP BY name ORDER BY n_stories DESC, name LIMIT {OPTIONS}",
        )
    for row in told["countries"]:
        row["name"] = country_names().get(row["name"], row["name"])
    return told


@cache
def country_names() -> dict[str, str]:
    """The English name of a country by its ISO code."""
    countries = lexicon("places").filter(kind="country")
    return {
        code: canonical or name for code, name, canonical in countries.select("country", "name", "canonical").rows()
    }


@cache
def _country_codes() -> dict[str, str]:
    countries = lexicon("places").filter(kind="country")
    named = {name.lower(): code for code, name in countries.select("country", "name").rows()}
    return named | {code.lower(): code for code in named.values()}


def country_code(name: str) -> str | None:
    """The ISO code of a country by its English name or code, in any case. NULL: it is none."""
    return _country_codes().get(name.lower())


def _number_of(con: duckdb.DuckDBPyConnection, where: str, bound: Mapping[str, object]) -> int:
    row = con.execute(f"SELECT count(*) FROM story_summaries WHERE {where}", dict(bound)).fetchone()
    assert row
    return int(row[0])


def _listed(con: duckdb.DuckDBPyConnection, rowids: list[int]) -> list[Row]:
    """Rows of story_summaries in the order of their places: so only these, and what is shown, are read."""
    found = rows(con, f"SELECT {SHOWN} FROM story_summaries WHERE rowid IN ({', '.join(map(str, rowids)) or 'NULL'})")
    by_rowid = {row.pop("rowid"): row for row in found}
    return [by_rowid[rowid] for rowid in rowids]


def _with_changes(con: duckdb.DuckDBPyConnection, listed: list[Row]) -> list[Row]:
    """The rows with `changed_at`."""
    events = " ".join(row["event_id"] for row in listed if row["event_id"])
    last = dict(con.execute(CHANGES, [events]).fetchall())
    return [
        row | {"changed_at": max(row["updated_at"], last.get(row["event_id"], row["updated_at"]))} for row in listed
    ]


def _told(con: duckdb.DuckDBPyConnection, found: Found | None) -> Row | None:
    """Of a search: how many articles it found, whether there are more, how far the index is, and whether it knows all
    of this publication (is_whole)."""
    if found is None:
        return None
    (newest,) = con.execute("SELECT max(publication_no) FROM publications").fetchall()[0]
    return {
        "n_found": len(found.article_ids),
        "is_capped": found.is_capped,
        "is_whole": found.publication_no == newest and found.n_indexed == found.n_articles,
        "n_indexed": found.n_indexed,
        "n_articles": found.n_articles,
    }


def _day(name: str, given: str) -> date:
    try:
        return date.fromisoformat(given)
    except ValueError:
        raise UsageError(f"{name}: '{given}' is no day; write it as 2026-11-20") from None


def _number(name: str, given: str) -> int:
    if not NUMBER.fullmatch(given):
        raise UsageError(f"{name}: '{given}' is no number from 1 to 999999")
    return int(given)
