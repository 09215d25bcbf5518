"""The link stage: all current articles and what they tell -> copies, stories and events."""

from typing import NamedTuple

import polars as pl

from flows.link.clusters import average_linkage
from flows.link.compared import compare_texts
from flows.link.copies import COPIES, OWN_PASSAGES, find_copies, find_likely
from flows.link.events import EVENTS, MENTIONED, link_events
from flows.link.terms import find_pairs, weigh_terms
from flows.schema import stable_id

SAME_STORY = 0.22  # mean likeness at which two groups of articles are one story
STORIES = pl.Schema({"story_id": pl.String, "headline": pl.String})
STORY_ARTICLES = pl.Schema({"story_id": pl.String, "article_id": pl.String})


class Links(NamedTuple):
    """Frames of COPIES, STORIES, STORY_ARTICLES, EVENTS, MENTIONED and OWN_PASSAGES: the whole archive's, not the
    batch's."""

    copies: pl.DataFrame
    stories: pl.DataFrame
    story_articles: pl.DataFrame
    events: pl.DataFrame
    mentioned: pl.DataFrame
    own_passages: pl.DataFrame


def link(articles: pl.DataFrame, local_events: pl.DataFrame) -> Links:
    """Articles (article_id, title, text, origin, publisher, published_at) and LOCAL_EVENTS -> Links, whatever the order
    of rows.

    A story's id is that of its earliest article: by `published_at`, articles without one last, then by id.
    """
    articles = articles.sort(["published_at", "article_id"], nulls_last=True).with_row_index("rank")
    if articles.is_empty():
        frames = (COPIES, STORIES, STORY_ARTICLES, EVENTS, MENTIONED, OWN_PASSAGES)
        return Links(*(pl.DataFrame(schema=schema) for schema in frames))
    terms = weigh_terms(articles.select("article_id", "title", "text"))
    pairs = find_pairs(terms, articles.select("article_id", day=pl.col("published_at").dt.date()))
    groups = average_linkage(articles["article_id"], list(pairs.iter_rows()), SAME_STORY)
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
    events, mentioned = link_events(local_events, ranked)
    copies, passages = find_copies(articles, compare_texts(find_likely(articles, pairs), articles))
    return Links(
        copies,
        _stories(articles, ranked),
        membership,
        events.sort("event_id"),
        mentioned.sort("article_id", "event_no"),
        passages,
    )


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
