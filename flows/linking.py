"""The link stage over a ledger: only what is new, and what it touches, is compared and grouped again.

Runs in a worker process, which has what concerns some of the articles alone done by helpers. The ledger says what
stands; the index (work/links.duckdb) keeps what follows from each article and pair, so that an article costs the same
however many are there. Whatever the order in which articles came, the groups are those of a ledger that is linked at
once: likeness is a function of two articles, and average linkage never crosses the components that it works in. Only in
a crowd does the order show: which PARTNERS an article is weighed with, and whom the later copies of a text follow.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import polars as pl
from numpy.typing import NDArray

from flows.handed import put, take, take_out, write
from flows.helpers import Helpers
from flows.joined import join_numbers
from flows.link import link
from flows.link.happenings import find_keys
from flows.link.likeness import PAIRS, weigh_pairs
from flows.link.links import OPENING, TIED
from flows.link.shared import PAIR
from flows.retelling import retell
from flows.warehouse import current, marks
from flows.warehouse.crowds import followers, with_followers
from flows.warehouse.file import bound_memory
from flows.warehouse.parts import fill, find_jobs, part_articles
from flows.weighing import MOST_READ, read_at_once, weigh

ALL_PAIRS = 500  # articles of one group of which each is compared with each
PAIR_PLACES = pl.Schema({"left": pl.Int64, "right": pl.Int64})


def link_ledger(ledger: str, index: str, out: str, again: str | None = None, helpers: int = 1) -> dict[str, int]:
    """Write what linking finds to the folder `out`, a folder of files a table: `touched` lists the articles that are
    linked anew or gone (`article_id`; `is_new`: something of it is), `regrouped` the events that are told anew or gone
    (`event_id`), the others (warehouse.links.FOUND) hold what became of them.

    `again` is a file of articles (`article_id`) whose facts were read anew from the same bytes.
    """
    folder = Path(out)
    take_out(folder)
    redone = pl.read_parquet(again, columns=["article_id"])["article_id"] if again else pl.Series(dtype=pl.String)
    with current.look_into(ledger) as con:
        due, touched = _link_articles(con, ledger, index, folder, redone, helpers)
        news = due.to_frame("article_id").with_columns(is_new=True)
        rows = touched.to_frame("article_id").join(news, on="article_id", how="left", maintain_order="left")
        write(folder, 0, touched=rows.with_columns(pl.col("is_new").fill_null(False)))
        retell(con, folder, rows)
    return {"n_rows": len(touched)}


def _link_articles(
    con: duckdb.DuckDBPyConnection, ledger: str, index: str, folder: Path, redone: pl.Series, helpers: int
) -> tuple[pl.Series, pl.Series]:
    """The articles that are due, and those that are linked anew, in `folder` what is found of these."""
    parts = folder / "parts"
    with marks.open_index(Path(index)) as kept:
        bound_memory(kept, megabytes=current.EACH_MEGABYTES)
        due, missing = _settle(con, kept, redone)
        with Helpers(helpers if len(missing) > read_at_once(len(missing)) else 1) as many:
            weigh(kept, many, missing, ledger, parts)
            placed = part_articles(kept, TIED)
            touched = _close(con, placed, due)
            for _ in many.each("flows.linking:link_some", _linking(con, kept, placed, touched, ledger, folder)):
                pass
            return due, touched


def _close(con: duckdb.DuckDBPyConnection, placed: pl.DataFrame, touched: pl.Series) -> pl.Series:
    """Some articles and all whose stories or copies are settled with theirs, by PARTS."""
    while True:
        found = fill(placed, pl.concat([touched, current.story_mates(con, touched)]))
        if len(found) == len(touched):
            return touched
        touched = found


def link_some(ledger: str, given: str, number: int, out: str) -> dict[str, int]:
    """The Links of the articles that _linking left in the folder `given`, and the keys of their happenings, into files
    of this number in folders of `out`."""
    frames = take(given)
    with current.look_into(ledger) as con:
        read = current.Current(con)
        ids = frames["standing"]["article_id"].to_list()
        held = current.Held(read, ids) if len(ids) <= 2 * MOST_READ else read
        links = link(frames["standing"], frames["edges"], frames["signatures"], frames["followers"], held)
    found = {"found_tellings": links.tellings, "found_happenings": links.happenings}
    tables = {"copies": links.copies, "own_passages": links.own_passages}
    tables |= {"linked_stories": links.stories, "story_articles": links.story_articles}
    write(Path(out), number, **found, found_keys=find_keys(links.happenings), **tables)
    return {"n_rows": len(ids)}


def _linking(
    con: duckdb.DuckDBPyConnection,
    kept: duckdb.DuckDBPyConnection,
    placed: pl.DataFrame,
    touched: pl.Series,
    ledger: str,
    folder: Path,
) -> Iterator[dict[str, Any]]:
    """Jobs of link_some for some articles, those of one of PARTS at once and not many more, so that memory does not
    grow with their number."""
    read = current.Current(con)
    for number, parts in enumerate(find_jobs(placed, touched, read_at_once(len(touched)))):
        some = parts["article_id"].to_list()
        standing = read.standing(some, OPENING)
        edges = _compare_inside(kept, standing.join(parts, on="article_id", how="left", maintain_order="left"))
        bands = marks.read_shared_bands(kept, some)
        given = str(folder / "parts" / str(number))
        put(given, standing=standing, edges=edges, signatures=bands, followers=followers(kept, some))
        yield {"ledger": ledger, "given": given, "number": number, "out": str(folder)}


def _compare_inside(kept: duckdb.DuckDBPyConnection, given: pl.DataFrame) -> pl.DataFrame:
    """`left`, `right` (places among `given`: `article_id`, in order, `part`), `likeness` of all pairs of a part that
    edges tie together, those too that do not meet by a mark of their own: the mean likeness of two groups is to be that
    of all their pairs. In a group of more than ALL_PAIRS, most of it strangers, those that do not meet are unlike."""
    names = given["article_id"].to_list()
    edges = marks.edges_among(kept, names)
    edges = edges.filter(given["part"].gather(edges["left"]) == given["part"].gather(edges["right"]))
    strong = edges.filter(~pl.col("is_inner") & (pl.col("likeness") >= TIED))
    group_of = join_numbers(len(names), *(strong[side].to_numpy() for side in PAIR))
    sizes = np.bincount(group_of, minlength=len(names))
    is_crowd = pl.Series(sizes[group_of[edges["left"].to_numpy()]] > ALL_PAIRS)
    inside = _pairs_of(group_of, np.flatnonzero((sizes > 2) & (sizes <= ALL_PAIRS)))
    known = edges.filter(~is_crowd).select(pl.col(PAIR).cast(pl.Int64))
    inside = inside.join(known, on=PAIR, how="anti", maintain_order="left")
    edges = edges.filter(~(is_crowd & pl.col("is_inner"))).drop("is_inner")
    if inside.is_empty():
        return edges
    numbers = marks.numbers_of(kept, names)
    pairs = pl.DataFrame({side: numbers[inside[side].to_numpy()] for side in PAIR}, schema=PAIRS)
    found = pairs.join(weigh_pairs(pairs, *marks.read_marks(kept, pairs)), on=PAIR, how="left", maintain_order="left")
    found = found.with_columns(pl.col("likeness").fill_null(0.0))
    marks.add_edges(kept, found, is_inner=True)
    inside = inside.with_columns(found["likeness"]).cast(edges.schema)
    return pl.concat([edges, inside]).sort(PAIR)


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


def _settle(
    con: duckdb.DuckDBPyConnection, kept: duckdb.DuckDBPyConnection, redone: pl.Series
) -> tuple[pl.Series, pl.Series]:
    """Let the index hold nothing but what stands in the ledger. The articles that are to be linked anew, in order: what
    came, what went or changed beside it, and what an earlier link found that was not loaded; those that the index
    lacks."""
    here, known = current.standing(con), marks.known_articles(kept)
    key = ["article_id", "raw"]
    stays = known.join(here, on=key, how="semi").join(redone.to_frame("article_id"), on="article_id", how="anti")
    gone = with_followers(kept, known.join(stays, on=key, how="anti")["article_id"].to_list())
    stays = stays.filter(~pl.col("article_id").is_in(gone))
    missing = here.join(stays, on=key, how="anti")["article_id"].sort()
    not_loaded, left = marks.pending(kept, current.links_no(con)), marks.beside(kept, gone, TIED)
    due = pl.concat([not_loaded, pl.Series(gone, dtype=pl.String), missing, left]).unique().sort()
    with marks.all_or_nothing(kept):
        marks.set_pending(kept, due, current.links_no(con))
        marks.drop_articles(kept, gone)
    return due, missing
