"""The link stage: articles, what they tell and how alike they are -> copies, stories and events."""

from collections.abc import Sequence
from typing import NamedTuple, Protocol

import polars as pl

from flows.link.clusters import average_linkage, follow
from flows.link.compared import compare_texts, read_texts
from flows.link.copies import Copies, credited, find_copies, find_likely, part_likely
from flows.link.events import TELLINGS, tell_happenings
from flows.link.happenings import HAPPENINGS
from flows.schema import stable_id

# Mean likeness at which two groups of articles are one story; the likeness of two from which on they tie: groups are
# sought among what ties connect; what two must share (meeting.meet) to be weighed at all. Chosen on half a.
SAME_STORY, TIED, TOGETHER = 0.4, 0.5, 0.09
PART = 1_000  # articles whose texts or facts are held at once; more where one story or one text has more
OPENING = 200  # characters of a text, the first sentence of which names a story without titles
LEDE = r"^(.{1,160}?[.!?])(?:\s|$)"
STORIES = pl.Schema({"story_id": pl.String, "headline": pl.String})
FOLLOWERS = pl.Schema({"article_id": pl.String, "leader": pl.String})
STORY_ARTICLES = pl.Schema({"story_id": pl.String, "article_id": pl.String})


class Links(NamedTuple):
    """Frames of COPIES, OWN_PASSAGES, STORIES, STORY_ARTICLES, TELLINGS and HAPPENINGS of some articles."""

    copies: pl.DataFrame
    own_passages: pl.DataFrame
    stories: pl.DataFrame
    story_articles: pl.DataFrame
    tellings: pl.DataFrame
    happenings: pl.DataFrame


class Read(Protocol):
    """What is read of some articles, by their ids, when it is needed."""

    def texts(self, ids: Sequence[str]) -> pl.DataFrame:
        """`article_id`, `title`, `text`, `origin`, `publisher`, `published_at`."""

    def facts(self, ids: Sequence[str]) -> tuple[pl.DataFrame, pl.DataFrame]:
        """LOCAL_EVENTS and COUNTS."""


def link(
    standing: pl.DataFrame, edges: pl.DataFrame, signatures: pl.DataFrame, followers: pl.DataFrame, read: Read
) -> Links:
    """Articles (`article_id`, `title`, `opening`: OPENING characters of the text, `length` of it in characters,
    `origin`, `published_at`), `edges` among them (`left`, `right`: places among their ids in order, left < right;
    `likeness`), SIGNATURES, FOLLOWERS (`leader`: the article whose story theirs is), which have no edges, and what is
    to be read of them -> Links, whatever the order of rows. What is one part (warehouse.parts) must be given together,
    without edges to others.

    A story's id is that of its earliest article: by `published_at`, articles without one last, then by id.
    """
    standing = rank_articles(standing)
    groups = follow(average_linkage(standing["article_id"], edges, SAME_STORY, TIED), followers)
    rank = dict(standing.select("article_id", "rank").iter_rows())
    firsts = [min(group, key=lambda article_id: rank[article_id]) for group in groups]
    membership = pl.DataFrame(
        [
            (stable_id("sto", first), article_id)
            for first, group in zip(firsts, groups, strict=True)
            for article_id in group
        ],
        schema=STORY_ARTICLES,
        orient="row",
    ).sort("story_id", "article_id")
    printed = standing.select("article_id", "rank", "published_at")
    ranked = membership.join(printed, on="article_id", maintain_order="left")
    likely = find_likely(standing, _tied_in_stories(edges, membership), signatures)
    return Links(
        *_compare_parts(standing, likely, read),
        _stories(standing, membership),
        membership,
        *_tell_parts(ranked, read),
    )


def rank_articles(articles: pl.DataFrame) -> pl.DataFrame:
    """Articles in the order of publication, those without an instant last, with their `rank`."""
    return articles.sort(["published_at", "article_id"], nulls_last=True).with_row_index("rank")


def _tied_in_stories(edges: pl.DataFrame, membership: pl.DataFrame) -> pl.DataFrame:
    """`left`, `right` (ids) of the pairs of one story that tie."""
    placed = membership.sort("article_id")
    story = placed["story_id"].rank("dense")
    tied = edges.filter(pl.col("likeness") >= TIED)
    tied = tied.filter(story.gather(tied["left"]) == story.gather(tied["right"]))
    return tied.select(placed["article_id"].gather(tied[side]).alias(side) for side in ("left", "right"))


def _compare_parts(standing: pl.DataFrame, likely: pl.DataFrame, read: Read) -> Copies:
    """The Copies of articles by those that are likely, part by part: a part's texts are held at once."""
    found, rest = [], standing
    for some in part_likely(likely, PART):
        names = some.select(article_id=pl.col("ids").explode().unique().sort())
        rest = rest.join(names, on="article_id", how="anti", maintain_order="left")
        own = read.texts(names["article_id"].to_list())
        told = read_texts(some, own)
        found.append(find_copies(own, compare_texts(some, told), told))
    found.append(credited(rest))
    copies, passages = (pl.concat(frames) for frames in zip(*found, strict=True))
    return Copies(copies.sort("article_id", "reason"), passages.sort("article_id", "char_start"))


def _tell_parts(ranked: pl.DataFrame, read: Read) -> tuple[pl.DataFrame, pl.DataFrame]:
    """(TELLINGS, HAPPENINGS) of stories (`story_id`, `article_id`, `rank`, `published_at`; in the order of stories),
    some at a time."""
    found = [(TELLINGS.to_frame(), HAPPENINGS.to_frame())]
    firsts = (ranked["story_id"] != ranked["story_id"].shift(1)).fill_null(True).arg_true().to_list()
    begin = 0
    for end in [*firsts[1:], ranked.height]:
        if end - begin >= PART or end == ranked.height:
            some = ranked[begin:end]
            found.append(tell_happenings(*read.facts(some["article_id"].to_list()), some))
            begin = end
    tellings, happenings = (pl.concat(frames) for frames in zip(*found, strict=True))
    return tellings, happenings


def _stories(standing: pl.DataFrame, membership: pl.DataFrame) -> pl.DataFrame:
    """A story's headline is its first title; where no article has one, the first sentence of the first text."""
    told = membership.join(standing.select("article_id", "rank", "title", "opening"), on="article_id").sort("rank")
    lede = pl.col("opening").str.extract(LEDE)
    opening = pl.coalesce(lede, pl.col("opening").str.slice(0, 160))
    return (
        told.group_by("story_id")
        .agg(title=pl.col("title").drop_nulls().first(), opening=opening.first())
        .select("story_id", headline=pl.coalesce("title", "opening"))
        .sort("story_id")
    )
