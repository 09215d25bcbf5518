"""The extract stage: a batch of articles -> counts, claims, quotes, mentions, and the events they tell."""

from collections.abc import Callable
from typing import NamedTuple

import polars as pl

from flows.extract.attribution import add_attribution
from flows.extract.claims import find_claims
from flows.extract.counts import find_statements
from flows.extract.events import assign_events, describe_events
from flows.extract.match import at
from flows.extract.mentions import find_mentions
from flows.extract.munitions import drop_unused
from flows.extract.quotes import add_speakers, find_passages
from flows.extract.scopes import add_scope, settle_parts
from flows.extract.speakers import full_names
from flows.extract.speech import read_speech
from flows.extract.tags import read_sentences, tag_tokens
from flows.extract.talk import add_talk
from flows.extract.tokens import read_tokens
from flows.extract.whereabouts import locate
from flows.schema import CLAIMS, COUNTS, LOCAL_EVENTS, MENTIONS, QUOTES, empty

PRESENT = ["attackers", "munitions", "troops"]  # who and what was there; every other kind tells what befell people


class Facts(NamedTuple):
    """What a batch of articles states: frames of COUNTS, CLAIMS, QUOTES, MENTIONS and LOCAL_EVENTS."""

    counts: pl.DataFrame
    claims: pl.DataFrame
    quotes: pl.DataFrame
    mentions: pl.DataFrame
    events: pl.DataFrame


def extract(articles: pl.DataFrame) -> Facts:
    """ARTICLES -> Facts. Articles in other languages than English state none; titles are read as field `title`."""
    docs = articles.filter(pl.col("language") == "en").with_row_index("doc")
    units = _units(docs)
    if units.is_empty():
        return Facts(empty(COUNTS), empty(CLAIMS), empty(QUOTES), empty(MENTIONS), empty(LOCAL_EVENTS))
    tokens = tag_tokens(read_tokens(units))
    passages = find_passages(tokens, units)
    tokens = add_talk(tokens, passages)
    sentences = read_sentences(tokens)
    names = full_names(tokens, sentences, units)
    speech = read_speech(tokens, sentences, units, names)
    statements = drop_unused(find_statements(tokens, sentences, units), tokens)
    claims = find_claims(tokens, sentences, units, speech, names)
    quotes = add_speakers(passages, tokens, speech)
    # "X was arrested on May 8" opens no other event, whatever its day; it belongs to what its article is about.
    lone_arrest = ((pl.col("kind") == "detained") & (pl.col("high") <= 1)).fill_null(False)
    told = pl.concat(
        [
            statements.filter(~lone_arrest).select(
                "sentence",
                is_harm=~pl.col("kind").is_in(PRESENT),
                is_many=(pl.col("low") > 1).fill_null(True),
                is_new=pl.col("n").str.contains("^[aN]") & ~pl.col("kind").is_in(PRESENT),
            ),
            claims.select("sentence", is_harm=pl.lit(False), is_many=pl.lit(False), is_new=pl.lit(False)),
        ]
    )
    mentions, places = find_mentions(tokens, units)
    arrests = statements.filter(lone_arrest)["sentence"].implode()
    sentences = assign_events(tokens, sentences, units, told).with_columns(
        pl.col("is_fact") | pl.col("sentence").is_in(arrests)
    )
    events = locate(describe_events(tokens, sentences, units, docs), places, tokens, units, sentences)
    keys = units.select("unit", "doc", "field", "article_id", "raw_sha256", "text")
    place = _place_in_text(tokens, sentences, keys)
    counts = add_scope(add_attribution(statements, speech, quotes), tokens, sentences)
    return Facts(
        settle_parts(place(counts)).select(COUNTS.names()).cast(COUNTS),
        place(claims).select(CLAIMS.names()).cast(CLAIMS),
        _place_quotes(quotes, sentences, keys).select(QUOTES.names()).cast(QUOTES),
        mentions.select(MENTIONS.names()).cast(MENTIONS),
        events.join(docs.select("doc", "article_id", "raw_sha256"), on="doc")
        .select(LOCAL_EVENTS.names())
        .cast(LOCAL_EVENTS),
    )


def _units(docs: pl.DataFrame) -> pl.DataFrame:
    """A row a text to read: titles after bodies, so that an article's facts keep the order of its text."""
    published = pl.col("published_at").dt.date()
    keep = ["doc", "article_id", "raw_sha256"]
    bodies = docs.select(*keep, "text", field=pl.lit("text"), published=published)
    titles = docs.filter(pl.col("title").is_not_null()).select(
        *keep, pl.col("title").alias("text"), field=pl.lit("title"), published=published
    )
    return pl.concat([bodies, titles]).filter(pl.col("text").str.contains(r"\S")).rechunk().with_row_index("unit")


def _place_in_text(
    tokens: pl.DataFrame, sentences: pl.DataFrame, keys: pl.DataFrame
) -> Callable[[pl.DataFrame], pl.DataFrame]:
    """A function that adds to rows with `sentence`, `row`, `n_last` the keys, the event, the evidence and the span."""
    texts = keys.rename({"unit": "unit_no", "text": "whole"})
    where = sentences.select(
        "sentence", "event_no", "is_aggregate", unit_no="unit", evidence_start="start", evidence_end="end"
    )

    def place(rows: pl.DataFrame) -> pl.DataFrame:
        rows = rows.with_columns(
            char_start=at(tokens, "start", rows["row"]), char_end=at(tokens, "end", rows["n_last"])
        )
        rows = rows.join(where, on="sentence", how="left").join(texts, on="unit_no", how="left")
        length = pl.col("evidence_end") - pl.col("evidence_start")
        return rows.with_columns(evidence=pl.col("whole").str.slice(pl.col("evidence_start"), length)).sort("row")

    return place


def _place_quotes(quotes: pl.DataFrame, sentences: pl.DataFrame, keys: pl.DataFrame) -> pl.DataFrame:
    """A quotation's evidence is its sentence and, where it runs on, all of itself."""
    where = sentences.select("sentence", "event_no", evidence_start="start", evidence_end="end")
    rows = quotes.join(where, on="sentence", how="left").join(keys.rename({"text": "whole"}), on="unit", how="left")
    rows = rows.with_columns(evidence_end=pl.max_horizontal("evidence_end", "end"), char_start="start", char_end="end")
    length = pl.col("evidence_end") - pl.col("evidence_start")
    return rows.with_columns(evidence=pl.col("whole").str.slice(pl.col("evidence_start"), length)).sort("unit", "start")
