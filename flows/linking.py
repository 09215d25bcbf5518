"""The link stage over a ledger: only what is new, and what it touches, is compared and grouped again.

Runs in a worker process. The ledger says what stands; the index (work/links.duckdb) keeps what follows from each
article and pair, so that an article costs the same however many are there. Whatever the order in which articles came,
the groups are those of a ledger that is linked at once: likeness is a function of two articles, and average linkage
never crosses the components that it works in.
"""

from collections.abc import Sequence
from pathlib import Path

import duckdb
import numpy as np
import polars as pl
from numpy.typing import NDArray

from flows.joined import join_numbers
from flows.link import link, link_events
from flows.link.events import TELLINGS
from flows.link.happenings import find_keys
from flows.link.likeness import PAIR, PAIRS, weigh_pairs
from flows.link.links import OPENING, TIED, TOGETHER, Links
from flows.link.marks import describe
from flows.link.meeting import choose_keys, meet
from flows.link.minhash import sign_texts
from flows.warehouse import current, marks
from flows.warehouse.file import bound_memory, open_ledger
from flows.warehouse.parts import find_parts

EACH_MEGABYTES = 300  # for the ledger and for the index, beside the frames that are compared
ALL_PAIRS = 500  # articles of one group of which each is compared with each
PAIR_PLACES = pl.Schema({"left": pl.Int64, "right": pl.Int64})
AT_ONCE = 1_000  # articles that are described and compared at once


def link_ledger(ledger: str, index: str, out: str, again: str | None = None) -> dict[str, int]:
    """Write what linking finds to the folder `out`, a file a table: `touched` lists the articles that are linked anew
    or gone (`article_id`; `is_new`: something of it is), `regrouped` the events that are told anew or gone
    (`event_id`), the others hold what became of them.

    `again` is a file of articles (`article_id`) whose facts were read anew from the same bytes.
    """
    folder = Path(out)
    folder.mkdir(parents=True, exist_ok=True)
    redone = pl.read_parquet(again, columns=["article_id"])["article_id"].to_list() if again else []
    with open_ledger(Path(), Path(ledger)) as con, marks.open_index(Path(index)) as kept:
        for one in (con, kept):
            bound_memory(one, megabytes=EACH_MEGABYTES)
        due = _bring_up(con, kept, redone)
        touched = _close(con, kept, due)
        links, of_touched = _link_parts(con, kept, touched)
        keys = find_keys(links.happenings)
        regrouped = current.events_beside(con, touched, keys)
        happenings, tellings, published = current.read_happenings(con, regrouped, touched)
    happenings = pl.concat([links.happenings, happenings])
    events, mentioned = link_events(
        pl.concat([links.tellings, tellings.select(TELLINGS.names()).cast(TELLINGS)]),
        happenings,
        pl.concat([of_touched.select(published.columns), published]),
    )
    event_of = mentioned.select("happening_id", "event_id").unique()
    frames = {
        "touched": pl.DataFrame({"article_id": touched}, schema=current.IDS).with_columns(
            is_new=pl.col("article_id").is_in(due)
        ),
        "regrouped": pl.DataFrame({"event_id": regrouped}, schema={"event_id": pl.String}),
        "copies": links.copies,
        "own_passages": links.own_passages,
        "linked_stories": links.stories,
        "story_articles": links.story_articles,
        "linked_events": events,
        "mentioned_events": mentioned,
        "happenings": happenings.join(event_of, on="happening_id"),
        "happening_keys": pl.concat(
            [keys, find_keys(happenings.join(links.happenings, on="happening_id", how="anti"))]
        ),
    }
    for name, frame in frames.items():
        frame.write_parquet(folder / f"{name}.parquet")
    return {"n_rows": links.stories.height, "n_refused": 0}


def find_pairs(kept: duckdb.DuckDBPyConnection, ids: Sequence[str], together: float = TOGETHER) -> pl.DataFrame:
    """PAIRS: each of some articles with each article that it may be of one story with."""
    return marks.choose_pairs(kept, meet(*marks.read_keys(kept, ids), together), together)


def _close(con: duckdb.DuckDBPyConnection, kept: duckdb.DuckDBPyConnection, touched: list[str]) -> list[str]:
    """Some articles and all whose stories or copies are settled with theirs."""
    while True:
        found = marks.connected(kept, sorted({*touched, *current.story_mates(con, touched)}), TIED)
        if len(found) == len(touched):
            return touched
        touched = found


def _link_parts(
    con: duckdb.DuckDBPyConnection, kept: duckdb.DuckDBPyConnection, touched: list[str]
) -> tuple[Links, pl.DataFrame]:
    """The Links of some articles, those that ties connect at once and not many more, so that memory does not grow with
    their number; and `article_id`, `published_at` of those that stand."""
    found, published, read = [], [], current.Current(con)
    for some in find_parts(kept, touched, TIED, AT_ONCE):
        standing = read.standing(some, OPENING)
        edges = _compare_inside(kept, standing["article_id"].to_list())
        found.append(link(standing, edges, marks.read_signatures(kept, some), read))
        published.append(standing.select("article_id", "published_at"))
    return Links(*(pl.concat(frames) for frames in zip(*found, strict=True))), pl.concat(published)


def _compare_inside(kept: duckdb.DuckDBPyConnection, names: list[str]) -> pl.DataFrame:
    """`left`, `right` (places among `names`, which are in order), `likeness` of all pairs that edges tie together,
    those too that do not meet by a mark of their own: the mean likeness of two groups is to be that of all their pairs.
    In a group of more than ALL_PAIRS, most of it strangers, those that do not meet count as unlike."""
    edges = marks.edges_among(kept, names)
    strong = edges.filter(~pl.col("is_inner") & (pl.col("likeness") >= TIED))
    group_of = join_numbers(len(names), *(strong[side].to_numpy() for side in PAIR))
    sizes = np.bincount(group_of, minlength=len(names))
    inside = _pairs_of(group_of, np.flatnonzero((sizes > 2) & (sizes <= ALL_PAIRS)))
    inside = inside.join(edges.select(pl.col(PAIR).cast(pl.Int64)), on=PAIR, how="anti", maintain_order="left")
    numbers = marks.numbers_of(kept, names)
    pairs = pl.DataFrame({side: numbers[inside[side].to_numpy()] for side in PAIR}, schema=PAIRS)
    found = pairs.join(weigh_pairs(pairs, *marks.read_marks(kept, pairs)), on=PAIR, how="left")
    marks.add_edges(kept, found.with_columns(pl.col("likeness").fill_null(0.0)), is_inner=True)
    edges = marks.edges_among(kept, names)
    is_crowd = pl.Series(sizes[group_of[edges["left"].to_numpy()]] > ALL_PAIRS)
    return edges.filter(~(is_crowd & edges["is_inner"])).drop("is_inner")


def _pairs_of(group_of: NDArray[np.int64], groups: NDArray[np.int64]) -> pl.DataFrame:
    """`left` < `right`: all pairs inside each of some groups."""
    order = np.argsort(group_of, kind="stable")
    firsts, lasts = (np.searchsorted(group_of[order], groups, side) for side in ("left", "right"))
    found = [PAIR_PLACES.to_frame()]
    for first, last in zip(firsts, lasts, strict=True):
        left, right = np.triu_indices(last - first, 1)
        members = order[first:last]
        found.append(pl.DataFrame({"left": members[left], "right": members[right]}, schema=PAIR_PLACES))
    return pl.concat(found)


def _bring_up(con: duckdb.DuckDBPyConnection, kept: duckdb.DuckDBPyConnection, redone: Sequence[str]) -> list[str]:
    """Let the index hold what stands in the ledger; the articles that are to be linked anew for it: what came, what
    went or changed beside it, and what an earlier link found that was not loaded."""
    here, known = current.standing(con), marks.known_articles(kept)
    key = ["article_id", "raw_sha256"]
    stays = known.join(here, on=key, how="semi").filter(~pl.col("article_id").is_in(redone))
    gone = known.join(stays, on=key, how="anti")["article_id"].to_list()
    missing = here.join(stays, on=key, how="anti").sort("article_id")["article_id"].to_list()
    due = {*marks.pending(kept, current.links_no(con)), *gone, *missing, *marks.beside(kept, gone, TIED)}
    with marks.all_or_nothing(kept):
        marks.set_pending(kept, sorted(due), current.links_no(con))
        marks.drop_articles(kept, gone)
    read = current.Current(con)
    for first in range(0, len(missing), AT_ONCE):
        some = missing[first : first + AT_ONCE]
        articles = read.texts(some)
        profiles, found = describe(articles, read.mentions(some), *read.facts(some))
        shas = articles.select("article_id", "raw_sha256")
        with marks.all_or_nothing(kept):
            signatures = sign_texts(articles)
            marks.add_articles(kept, profiles.join(shas, on="article_id"), found, choose_keys(found), signatures)
            pairs = find_pairs(kept, some)
            marks.add_edges(kept, weigh_pairs(pairs, *marks.read_marks(kept, pairs)))
    return sorted(due)
