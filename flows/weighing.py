"""The first half of the link stage: the index holds what follows from each new article, and how alike it is to those
that it meets."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import polars as pl
from numpy.typing import NDArray

from flows.handed import put, take
from flows.helpers import Helpers
from flows.link.likeness import weigh_pairs
from flows.link.links import TOGETHER
from flows.link.marks import describe
from flows.link.meeting import PARTNERS, best_of, choose_keys, meet
from flows.link.minhash import sign_texts
from flows.link.shared import PAIR
from flows.warehouse import current, marks

AT_ONCE = 1_000  # articles that are described at once
MEET_AT_ONCE = 5_000  # new articles that meet all others at once: each time the keys of all are read
PAIRS_AT_ONCE = 50_000  # pairs of them whose articles' marks are held at once: some 20 bytes a mark, 190 an article
# Articles are read by going over all that the ledger holds: many are read at once where many are new, in some 20 jobs.
JOBS, MOST_READ = 20, 5_000


def weigh(kept: duckdb.DuckDBPyConnection, many: Helpers, missing: pl.Series, ledger: str, folder: Path) -> None:
    """Let the index hold some articles of a ledger and how alike they are to all that they meet; helpers find it, from
    files and to files of `folder`."""
    described = many.each("flows.weighing:describe_some", _describing(missing, ledger, folder))
    for weighed in many.each("flows.weighing:weigh_some", _weighing(kept, described, folder)):
        _add_edges(kept, **take(weighed["out"]))


def find_pairs(
    kept: duckdb.DuckDBPyConnection,
    ids: Sequence[str],
    printed: NDArray[np.float64],
    together: float = TOGETHER,
    most: int | None = PARTNERS,
) -> pl.DataFrame:
    """PAIRS: each of some articles with each article (`most` at most) that it may be of one story with; `printed` are
    the days of all (marks.printed)."""
    asked, runs = marks.read_keys(kept, ids)
    met = (meet(asked, known, together, printed, most) for known in runs)
    return marks.as_pairs(kept, best_of(met, printed, most))


def describe_some(ledger: str, ids: list[str], out: str) -> dict[str, list[str]]:
    """What the index keeps of some articles of a ledger (marks.add_articles), into files of folders, AT_ONCE each."""
    outs = []
    with current.look_into(ledger) as con:
        read = current.Current(con)
        texts, facts, all_mentions = read.texts(ids), read.facts(ids), read.mentions(ids)
    for first in range(0, texts.height, AT_ONCE):
        articles = texts[first : first + AT_ONCE]
        mentions, events, counts = (
            frame.join(articles, on="article_id", how="semi", maintain_order="left") for frame in (all_mentions, *facts)
        )
        profiles, found = describe(articles, mentions, events, counts)
        profiles = profiles.join(articles.select("article_id", "raw_sha256"), on="article_id")
        outs.append(f"{out}-{first}")
        put(outs[-1], profiles=profiles, marks=found, keys=choose_keys(found), signatures=sign_texts(articles))
    return {"outs": outs}


def weigh_some(out: str) -> dict[str, str]:
    """How alike the pairs are that _weighing left in the folder `out`, into a file there."""
    given = take(out)
    edges = weigh_pairs(given["pairs"], given["profiles"], given["marks"])
    put(out, edges=edges, weighed=given["weighed"])
    return {"out": out}


def read_at_once(number: int) -> int:
    """How many articles of so many a job reads."""
    return min(max(AT_ONCE, number // JOBS), MOST_READ)


def _describing(missing: pl.Series, ledger: str, folder: Path) -> Iterator[dict[str, Any]]:
    """Jobs of describe_some for some articles."""
    size = read_at_once(len(missing))
    for first in range(0, len(missing), size):
        some = missing[first : first + size].to_list()
        yield {"ledger": ledger, "ids": some, "out": str(folder / f"described-{first}")}


def _weighing(
    kept: duckdb.DuckDBPyConnection, described: Iterator[dict[str, list[str]]], folder: Path
) -> Iterator[dict[str, Any]]:
    """Let the index hold what describe_some told, and make jobs of weigh_some: each new article with those that are
    there."""
    for number, (pairs, ids) in enumerate(_meeting(kept, described)):
        # By the older of a pair: a job is of few old articles, each with many new ones.
        pairs = pairs.sort(pl.min_horizontal(PAIR), pl.max_horizontal(PAIR))
        for first in range(0, max(pairs.height, 1), PAIRS_AT_ONCE):
            some = pairs[first : first + PAIRS_AT_ONCE]
            profiles, held = marks.read_marks(kept, some)
            is_last = first + PAIRS_AT_ONCE >= pairs.height
            out = str(folder / f"pairs-{number}-{first}")
            put(out, pairs=some, profiles=profiles, marks=held, weighed=ids if is_last else ids.clear())
            yield {"out": out}


def _meeting(
    kept: duckdb.DuckDBPyConnection, described: Iterator[dict[str, list[str]]]
) -> Iterator[tuple[pl.DataFrame, pl.DataFrame]]:
    """The PAIRS of some new articles with all that are there then, and their `article_id`; all of the new ones in
    turn."""
    printed, ids = marks.printed(kept), current.IDS.to_frame()
    for described_in in (folder for done in described for folder in done["outs"]):
        found = take(described_in)
        marks.add_articles(kept, **found)
        printed, ids = marks.printed(kept, printed), ids.vstack(found["profiles"].select("article_id"))
        if ids.height >= MEET_AT_ONCE:
            yield find_pairs(kept, ids["article_id"].to_list(), printed), ids
            ids = ids.clear()
    if ids.height:
        yield find_pairs(kept, ids["article_id"].to_list(), printed), ids


def _add_edges(kept: duckdb.DuckDBPyConnection, edges: pl.DataFrame, weighed: pl.DataFrame) -> None:
    with marks.all_or_nothing(kept):
        marks.add_edges(kept, edges)
        marks.set_weighed(kept, weighed["article_id"].to_list())
