"""The pages: the address of each, its template, and where its data come from."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

import duckdb

from flows.dashboard.article import article, fact
from flows.dashboard.charts import chart_of_days, chart_of_reports, chart_of_steps, map_of
from flows.dashboard.editions import Edition
from flows.dashboard.history import history
from flows.dashboard.paging import page_number
from flows.dashboard.render import Data, with_globals
from flows.dashboard.runs import at_work, run, runs
from flows.dashboard.search import Search
from flows.dashboard.sources import source, sources
from flows.dashboard.stories import Filters, offered_options, stories
from flows.dashboard.story import event, story


class Ask(NamedTuple):
    """What a page is asked: the edition, a connection to it, the index over its texts, the parts of path and query."""

    edition: Edition
    con: duckdb.DuckDBPyConnection
    search: Search
    path: dict[str, str]
    params: dict[str, str]


class Page(NamedTuple):
    """A page: its address, its template, where its data come from, and whether these stay as long as the edition."""

    path: str
    template: str
    data: Callable[[Ask], Data]
    is_lasting: Callable[[Data], bool] = lambda data: True


def _stories(ask: Ask) -> Data:
    filters = Filters.of(ask.params)
    found = ask.search.find(filters.q) if filters.q else None
    return stories(ask.con, filters, found, ask.edition.once("options", lambda: offered_options(ask.con)))


def _is_searched(data: Data) -> bool:
    return data["search"] is None or bool(data["search"]["is_whole"])


def _runs(ask: Ask) -> Data:
    return runs(ask.con, page_number(ask.params)) | at_work(ask.con, ask.edition.data, datetime.now(UTC))


PAGES: Sequence[Page] = (
    Page("/stories", "stories.html", _stories, _is_searched),
    Page("/stories/{story_id}", "story.html", lambda ask: story(ask.con, ask.path["story_id"])),
    Page("/events/{event_id}", "event.html", lambda ask: event(ask.con, ask.path["event_id"])),
    Page("/events/{event_id}/history", "history.html", lambda ask: history(ask.con, ask.path["event_id"], ask.params)),
    Page("/articles/{article_id}", "article.html", lambda ask: article(ask.con, ask.path["article_id"])),
    Page("/facts/{fact_id}", "fact.html", lambda ask: fact(ask.con, ask.path["fact_id"])),
    Page("/sources", "sources.html", lambda ask: sources(ask.con, page_number(ask.params))),
    Page("/sources/{name:path}", "source.html", lambda ask: source(ask.con, ask.path["name"])),
    Page("/runs", "runs.html", _runs, lambda data: False),  # what is at work now
    Page("/runs/{run_id}", "run.html", lambda ask: run(ask.con, ask.path["run_id"])),
)
with_globals(
    chart_of_days=chart_of_days, chart_of_reports=chart_of_reports, chart_of_steps=chart_of_steps, map_of=map_of
)
