"""The link stage: articles, what they tell and how alike they are -> copies, stories and events."""

from typing import NamedTuple

import polars as pl

from flows.link.clusters import average_linkage
from flows.link.compared import COMPARED, compare_texts, read_texts
from flows.link.copies import Copies, find_copies, find_likely, part_likely
from flows.link.events import describe_events, tell_happenings
from flows.link.happenings import join_happenings
from flows.schema import stable_id

# Mean likeness at which two groups of articles are one story; the likeness of two from which on they tie: groups are
# sought among what ties connect; what two must share (meeting.meet) to be weighed at all. Chosen on half a.
SAME_STORY, TIED, TOGETHER = 0.4, 0.5, 0.09
TEXTS = 1_000  # whose words are held at once
STORIES = pl.Schema({"story_id": pl.String, "headline": pl.String})
STORY_ARTICLES = pl.Schema({"story_id": pl.String, "article_id": pl.String})


class Links(NamedTuple):
    """Frames of COPIES, OWN_PASSAGES, STORIES, STORY_ARTICLES, TELLINGS and HAPPENINGS of some articles."""

    copies: pl.DataFrame
    own_passages: pl.DataFrame
    stories: pl.DataFrame
    story_articles: pl.DataFrame
    tellings: pl.DataFrame
    happenings: pl.DataFrame


def link(
    articles: pl.DataFrame,
    events: pl.DataFrame,
    counts: pl.DataFrame,
    edges: pl.DataFrame,
    signatures: pl.DataFrame,
) -> Links:
    """Articles (article_id, title, text, origin, publisher, published_at), their LOCAL_EVENTS and COUNTS, `edges` among
    them (`left`, `right`: places among their ids in order, left < right; `likeness`) and SIGNATURES -> Links, whatever
    the order of rows. Articles that edges from TIED on connect, or a band of their signatures, must be given together.

    A story's id is that of its earliest article: by `published_at`, articles without one last, then by id.
    """
    articles = rank_articles(articles)
    groups = average_linkage(articles["article_id"], edges, SAME_STORY, TIED)
    rank = dict(articles.select("article_id", "rank").iter_rows())
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
    ranked = membership.join(articles.select("article_id", "rank"), on="article_id")
    names, tied = articles["article_id"].sort(), edges.filter(pl.col("likeness") >= TIED)
    pairs = tied.select(names.gather(tied[side]).alias(side) for side in ("left", "right"))
    likely = find_likely(articles, pairs, signatures)
    return Links(
        *_compare_parts(articles, likely),
        _stories(articles, ranked),
        membership,
        *tell_happenings(events, counts, ranked),
    )


def link_events(
    tellings: pl.DataFrame, happenings: pl.DataFrame, published: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """TELLINGS of some stories, and HAPPENINGS, those that share a key given together -> (EVENTS, MENTIONED).
    `published` has `article_id`, `published_at` of whose tellings these are."""
    ranked = tellings.drop("rank").join(rank_articles(published).select("article_id", "rank"), on="article_id")
    events, mentioned = describe_events(ranked, join_happenings(happenings))
    return events.sort("event_id"), mentioned.sort("article_id", "event_no")


def rank_articles(articles: pl.DataFrame) -> pl.DataFrame:
    """Articles in the order of publication, those without an instant last, with their `rank`."""
    return articles.sort(["published_at", "article_id"], nulls_last=True).with_row_index("rank")


def _compare_parts(articles: pl.DataFrame, likely: pl.DataFrame) -> Copies:
    """The Copies of articles by those that are likely, part by part: the words of a part's texts are held at once."""
    found = []
    for some in part_likely(likely, TEXTS):
        names = some.select(article_id=pl.col("ids").explode().unique())
        own, articles = (
            articles.join(names, on="article_id", how=how, maintain_order="left") for how in ("semi", "anti")
        )
        told = read_texts(some, own)
        found.append(find_copies(own, compare_texts(some, told), told))
    found.append(find_copies(articles, COMPARED.to_frame(), {}))
    copies, passages = (pl.concat(frames) for frames in zip(*found, strict=True))
    return Copies(copies.sort("article_id", "reason"), passages.sort("article_id", "char_start"))


def _stories(articles: pl.DataFrame, ranked: pl.DataFrame) -> pl.DataFrame:
    """A story's headline is its first title; where no article has one, the first sentence of the first text."""
    told = (
        ranked.drop("rank").join(articles.select("article_id", "rank", "title", "text"), on="article_id").sort("rank")
    )
    lede = pl.col("text").str.extract(r"^(.{1,160}?[.!?])(?:\s|$)")
    opening = pl.coalesce(lede, pl.col("text").str.slice(0, 160))
    return (
        told.group_by("story_id")
        .agg(title=pl.col("title").drop_nulls().first(), opening=opening.first())
        .select("story_id", headline=pl.coalesce("title", "opening"))
        .sort("story_id")
    )
