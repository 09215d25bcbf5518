"""The extract stage: a batch of articles -> counts, claims, quotes, mentions, and the events they tell."""

from collections.abc import Callable
from typing import NamedTuple

import polars as pl

from flows.extract.claims import find_claims
from flows.extract.counts import HARM, find_statements
from flows.extract.events import assign_events, describe_events
from flows.extract.match import at
from flows.extract.mentions import find_mentions
from flows.extract.quotes import find_quotes
from flows.extract.speakers import full_names
from flows.extract.speech import read_speech
from flows.extract.tags import read_sentences, tag_tokens
from flows.extract.tokens import read_tokens
from flows.schema import CLAIMS, COUNTS, LOCAL_EVENTS, MENTIONS, QUOTES, empty

PRESENT = ["attackers", "munitions", "troops"]  # who and what was there; every other kind tells what befell people
INTAKE, CHANGE = "intake", "change"


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
    sentences = read_sentences(tokens)
    names = full_names(tokens, sentences, units)
    speech = read_speech(tokens, sentences, units, names)
    statements = find_statements(tokens, sentences, units)
    claims = find_claims(tokens, sentences, units, speech, names)
    quotes = find_quotes(tokens, units, speech)
    told = pl.concat(
        [
            statements.select("sentence", is_harm=~pl.col("kind").is_in(PRESENT)),
            claims.select("sentence", is_harm=pl.lit(False)),
        ]
    )
    mentions, _ = find_mentions(tokens, units)
    sentences = assign_events(tokens, sentences, units, told)
    events = describe_events(tokens, sentences, units, docs)
    keys = units.select("unit", "doc", "field", "article_id", "raw_sha256", "text")
    place = _place_in_text(tokens, sentences, keys)
    counts = _add_scope(_add_attribution(statements, speech, quotes), tokens, sentences)
    return Facts(
        _settle_parts(place(counts)).select(COUNTS.names()).cast(COUNTS),
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
    return pl.concat([bodies, titles]).filter(pl.col("text").str.contains(r"\S")).with_row_index("unit")


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


def _add_attribution(statements: pl.DataFrame, speech: pl.DataFrame, quotes: pl.DataFrame) -> pl.DataFrame:
    """The speaker of each figure: whose verb of saying stands before it in its sentence; else "according to" or a
    speaker behind a comma or a closing mark; else whoever is quoted with it. An outlet beside another is `via`."""
    statements = statements.with_row_index("statement")
    said = (
        statements.select("statement", "sentence", "row")
        .join(speech.drop("unit"), on="sentence")
        .with_columns(is_media=pl.col("actor_type") == "media")
    )
    ahead, behind = pl.col("row") - pl.col("say"), pl.col("np_first") - pl.col("row")
    rank = (
        pl.when((pl.col("form") == "before") & (ahead > 0))
        .then(0)
        .when(pl.col("form") == "according")
        .then(1)
        .when((pl.min_horizontal("np_first", "say") > pl.col("row")) & pl.col("closes"))
        .then(2)
        .when((pl.col("form") == "after") & (ahead > 0))
        .then(3)
    )
    said = (
        said.with_columns(
            rank=rank + pl.col("is_media").fill_null(False).cast(pl.Int32) * 10,
            distance=pl.max_horizontal(ahead, behind),
        )
        .filter(pl.col("rank").is_not_null())
        .sort("statement", "rank", "distance")
    )
    best = said.unique("statement", keep="first", maintain_order=True)
    via = said.filter(pl.col("is_media") & (pl.col("form") == "according")).unique("statement", keep="first")
    inside = (
        statements.select("statement", "row")
        .join_where(
            quotes.select("first", "last", "speaker", "speaker_role", "actor", "actor_type"),
            pl.col("row") >= pl.col("first"),
            pl.col("row") <= pl.col("last"),
        )
        .unique("statement", keep="first")
        .select("statement", q_speaker="speaker", q_role="speaker_role", q_org="actor", q_type="actor_type")
    )
    joined = (
        statements.join(best.select("statement", "speaker", "role", "org", "actor_type"), on="statement", how="left")
        .join(via.select("statement", via="speaker"), on="statement", how="left")
        .join(inside, on="statement", how="left")
        .sort("statement")
    )
    spoken = pl.col("speaker").is_not_null()
    return joined.with_columns(
        attributed_to=pl.coalesce("speaker", "q_speaker"),
        attributed_role=pl.when(spoken).then("role").otherwise("q_role"),
        attributed_org=pl.when(spoken).then("org").otherwise("q_org"),
        actor_type=pl.when(spoken).then("actor_type").otherwise("q_type"),
        attributed_via=pl.when(pl.col("via") != pl.coalesce("speaker", "q_speaker")).then("via"),
    )


def _add_scope(counts: pl.DataFrame, tokens: pl.DataFrame, sentences: pl.DataFrame) -> pl.DataFrame:
    """total, unless the sentence says otherwise: a part by its wording, one hospital's intake, a sum over a period,
    troops that come or go."""
    cues = (
        tokens.filter(pl.col("scope_cue").is_not_null())
        .group_by("sentence")
        .agg(pl.col("scope_cue").unique().alias("cues"))
    )
    aggregate = sentences.select("sentence", in_aggregate="is_aggregate")
    counts = counts.join(cues, on="sentence", how="left", maintain_order="left").join(
        aggregate, on="sentence", how="left", maintain_order="left"
    )

    def has(cue: str) -> pl.Expr:
        return pl.col("cues").list.contains(cue).fill_null(False)

    dead_too = (pl.col("kind") == "killed").any().over("sentence")
    troops = pl.col("kind") == "troops"
    part = (
        pl.when(troops | pl.col("in_aggregate"))
        .then(None)
        .when((pl.col("kind") != "munitions") & pl.col("is_part"))
        .then(pl.lit("a subgroup of those told"))
        .when(pl.col("is_part"))
        .then(pl.lit("one of those told"))
        .when((has(INTAKE) & dead_too) | (pl.col("actor_type") == "hospital"))
        .then(pl.lit("one hospital's intake"))
    )
    return counts.with_columns(scope_reason=part).with_columns(
        scope=pl.when(troops & has(CHANGE))
        .then(pl.lit("change"))
        .when(troops)
        .then(pl.lit("level"))
        .when(pl.col("in_aggregate"))
        .then(pl.lit("cumulative"))
        .when(pl.col("scope_reason").is_not_null())
        .then(pl.lit("part"))
        .otherwise(pl.lit("total"))
    )


def _settle_parts(counts: pl.DataFrame) -> pl.DataFrame:
    """One among many, and none at one place, are parts where the article states more for the same event."""
    group = ["article_id", "event_no"]
    whole = pl.col("low").filter(pl.col("scope") == "total")
    more = whole.max().over([*group, "kind"]) > 1
    harmed = (pl.col("low").filter((pl.col("scope") == "total") & pl.col("kind").is_in(HARM))).max().over(group) > 0
    one_of_many = (pl.col("low") == 1) & more.fill_null(False)
    none_here = (pl.col("high") == 0) & harmed.fill_null(False)
    reason = (
        pl.when(pl.col("scope") != "total")
        .then("scope_reason")
        .when(one_of_many)
        .then(pl.lit("one of those told"))
        .when(none_here)
        .then(pl.lit("none at one place, where others were harmed"))
    )
    return counts.with_columns(scope_reason=reason).with_columns(
        scope=pl.when(pl.col("scope_reason").is_not_null()).then(pl.lit("part")).otherwise("scope")
    )
