"""Which event a sentence tells of: what the article is about (0), something it recalls, or a sum over a period.

A time expression that points away from the article's own day opens another event, if it stands at the head of the
sentence or close behind what happened; "the attack" in the next sentence stays with it.
"""

import polars as pl

from flows.extract.gazetteer import fold, no_places
from flows.extract.incidents import LEDE, find_round_ups, find_sums, find_turns, tell_several
from flows.extract.match import at, find, is_any, phrase
from flows.extract.times import find_away, own_days, read_times

PLACE = r"(?P<by>P)(?P<lead>t?)(?P<name>O{1,3})"
RUN = r"(?P<name>O{2,4})"


def assign_events(
    tokens: pl.DataFrame, sentences: pl.DataFrame, units: pl.DataFrame, facts: pl.DataFrame
) -> pl.DataFrame:
    """Add to sentences `event_no` (Int32, within `doc`), `is_aggregate`, `time_key`, `date_low`, `date_high`,
    `date_precision`, `is_fact`.

    `units` has `doc`, `field`, `published` (Date or NULL); `facts` has `sentence`, `is_harm` (what befell people),
    `is_many` (one of its figures is no single person), `is_new` (a figure, or somebody whom no name and no "the" makes
    known).
    """
    sentences = sentences.join(units.select("unit", "doc", "field"), on="unit", how="left", maintain_order="left")
    told = facts.group_by("sentence").agg(pl.col("is_harm", "is_many", "is_new").any())
    sentences = sentences.join(told, on="sentence", how="left", maintain_order="left").with_columns(
        is_fact=pl.col("is_harm").is_not_null(), is_harm=pl.col("is_harm").fill_null(False)
    )
    times = read_times(tokens, sentences, units)
    away = find_away(times, sentences)
    sentences = sentences.join(away, on="sentence", how="left", maintain_order="left")
    sentences = _take_home(sentences)
    sentences = _add_turns(sentences, tokens)
    sentences = _carry_on(sentences, tokens)
    recalled = sentences.filter(pl.col("away_key").is_not_null() & pl.col("is_fact"))
    numbers = (
        recalled.group_by("doc", "away_key", maintain_order=True)
        .agg(pl.col("sentence").min().alias("from_sentence"))
        .sort("doc", "from_sentence")
        .with_columns(event_no=pl.int_range(1, pl.len() + 1, dtype=pl.Int32).over("doc"))
        .drop("from_sentence")
    )
    sentences = sentences.join(numbers, on=["doc", "away_key"], how="left", maintain_order="left")
    own = own_days(times, sentences)
    is_away, is_home = pl.col("event_no").is_not_null(), pl.col("home_key").is_not_null()
    return sentences.join(own, on="doc", how="left", maintain_order="left").with_columns(
        pl.col("event_no").fill_null(0),
        is_aggregate=pl.col("is_aggregate").fill_null(False) & pl.col("event_no").is_not_null(),
        time_key=pl.when(is_away).then("away_key").otherwise(pl.coalesce("home_key", "own_key")),
        date_low=pl.when(is_away).then("low").when(is_home).then("home_low").otherwise("own_low"),
        date_high=pl.when(is_away).then("high").when(is_home).then("home_high").otherwise("own_high"),
        date_precision=pl.when(is_away)
        .then("precision")
        .when(is_home)
        .then("home_precision")
        .otherwise("own_precision"),
    )


def _take_home(sentences: pl.DataFrame) -> pl.DataFrame:
    """What the first sentences tell of first is what the article is about, however long ago it was: a trial's report
    ("convicted of last year's murder of two") recalls its own event. Adds `home_key`, `home_low`, `home_high` and
    `home_precision`: that time, NULL where the first sentences tell of the article's own day."""
    first = (
        sentences.filter(pl.col("is_harm") & (pl.col("field") == "text"))
        .sort("sentence")
        .unique("doc", keep="first", maintain_order=True)
    )
    start = sentences.filter(pl.col("field") == "text").group_by("doc").agg(zero=pl.col("sentence").min())
    home = (
        first.join(start, on="doc")
        .filter(pl.col("sentence") - pl.col("zero") < LEDE, ~pl.col("is_aggregate"))
        .select("doc", home_key="away_key", home_low="low", home_high="high", home_precision="precision")
    )
    sentences = sentences.join(home, on="doc", how="left", maintain_order="left")
    # "The November killing" and "on Nov. 3" are one time.
    inside = (pl.col("low") >= pl.col("home_low")) & (pl.col("high") <= pl.col("home_high"))
    one_time = (
        inside | pl.col("away_key").str.starts_with(pl.col("home_key")) | (pl.col("away_key") == pl.col("home_key"))
    )
    is_home = one_time.fill_null(False) & ~pl.col("is_aggregate").fill_null(False)
    away = ["away_key", "is_aggregate", "low", "high", "precision"]
    return sentences.with_columns(pl.when(~is_home).then(pl.col(column)).alias(column) for column in away)


def _add_turns(sentences: pl.DataFrame, tokens: pl.DataFrame) -> pl.DataFrame:
    """The text's own turns to another happening, where no time has taken the sentence there; they last to the end of
    the paragraph."""
    first = pl.col("sentence").filter(pl.col("field") == "text").min().over("doc")
    sentences = sentences.with_columns(nth=pl.col("sentence") - first)
    sentences = sentences.join(find_turns(tokens, sentences), on="sentence", how="left", maintain_order="left")
    several = tell_several(tokens, sentences)
    round_ups, sums = find_round_ups(tokens, sentences, several), find_sums(tokens, sentences, several)
    sentences = sentences.join(round_ups, on="sentence", how="left", maintain_order="left")
    sentences = sentences.join(sums, on="sentence", how="left", maintain_order="left")
    turn = pl.coalesce("incident", pl.col("turn").forward_fill().over("doc", "paragraph"))
    sentences = sentences.with_columns(incident=pl.coalesce("incident", "added"))
    is_sum = pl.col("is_sum").fill_null(False) | pl.col("added").is_not_null()
    return sentences.with_columns(
        away_key=pl.when(is_sum).then("incident").otherwise(pl.coalesce("away_key", turn)),
        is_aggregate=pl.when(is_sum)
        .then(True)
        .otherwise(pl.coalesce("is_aggregate", pl.when(turn.is_not_null()).then(False))),
    ).drop("turn", "incident", "is_sum", "added", "nth")


def _carry_on(sentences: pl.DataFrame, tokens: pl.DataFrame) -> pl.DataFrame:
    """ "The attack was also claimed by ISIS": the next sentence of a paragraph that takes the event up again."""
    first, second = (
        at(tokens, "word", sentences["first"].cast(pl.Int64)),
        at(tokens, "incident", sentences["first"].cast(pl.Int64) + 1),
    )
    takes_up = (first.is_in(["the", "that", "this"]) & second.is_not_null()) | (first == "it")
    sentences = sentences.with_columns(takes_up=takes_up.fill_null(False))
    columns = ["away_key", "is_aggregate", "low", "high", "precision"]
    for _ in range(2):
        before = (
            pl.col("takes_up") & pl.col("away_key").is_null() & (pl.col("paragraph") == pl.col("paragraph").shift(1))
        )
        before = before & ~pl.col("is_aggregate").shift(1).fill_null(True)
        sentences = sentences.with_columns(
            pl.when(before).then(pl.col(column).shift(1)).otherwise(column).alias(column) for column in columns
        )
    return sentences


def describe_events(
    tokens: pl.DataFrame, sentences: pl.DataFrame, units: pl.DataFrame, docs: pl.DataFrame
) -> pl.DataFrame:
    """A row an event that an article tells: LOCAL_EVENTS without the keys and where it lies (`locate` adds that), by
    `doc`; `region` is what the dateline says behind its city.

    `sentences` is what `assign_events` returned; `docs` has `doc` and `dateline`. An article's own event exists where
    it states a fact of it or names what happened in its title or first sentences.
    """
    keys = ["doc", "event_no"]
    where = sentences.select("sentence", *keys, "field", "is_fact", "unit")
    happened = pl.col("incident").is_not_null()
    tells = is_any(pl.col("count"), "wO") & (pl.col("word").str.len_chars() > 3)
    rows = tokens.select("sentence", "word", happened=happened, tells=tells, incident="incident")
    rows = rows.filter(pl.col("happened") | pl.col("tells"))
    rows = rows.join(where.select("sentence", *keys), on="sentence", how="left")
    kinds = (
        rows.filter("happened")
        .group_by([*keys, "incident"])
        .agg(pl.len().alias("n"))
        .sort([*keys, "n", "incident"], descending=[False, False, True, False])
        .unique(keys, keep="first", maintain_order=True)
        .select(*keys, kind="incident")
    )
    words = rows.filter("tells").group_by(keys).agg(pl.col("word").unique().sort().alias("words"))
    names = find(sentences, "count", RUN, ["name_first", "name_last"])
    names = names.with_columns(name=phrase(tokens, units, names["name_first"], names["name_last"])).join(
        where, on="sentence"
    )
    names = names.group_by(keys).agg(pl.col("name").unique().sort().alias("names"))
    found = find(sentences, "count", PLACE, ["by_first", "name_first", "name_last"])
    found = found.with_columns(
        place=phrase(tokens, units, found["name_first"], found["name_last"]), by=at(tokens, "word", found["by_first"])
    ).join(where, on="sentence")
    places = (
        found.filter(pl.col("by").is_in(["in", "near", "at", "on", "outside", "across"]) & (pl.col("field") == "text"))
        .group_by([*keys, "place"], maintain_order=True)
        .agg(pl.len().alias("n"), pl.col("name_first").min())
        .sort([*keys, "n", "name_first"], descending=[False, False, True, False])
        .unique(keys, keep="first", maintain_order=True)
        .select(*keys, "place")
    )
    facts = sentences.group_by(keys).agg(
        pl.col("is_fact").any(),
        pl.col("is_aggregate").any(),
        *(pl.col(name).drop_nulls().first() for name in ("time_key", "date_low", "date_high", "date_precision")),
    )
    lede = rows.filter(pl.col("happened") & (pl.col("event_no") == 0)).select("doc").unique()
    city = docs["dateline"].str.extract(r"^([\p{L} .'’-]+)").str.strip_chars().str.to_titlecase()
    city = city.set(fold(city).is_in(no_places().implode()), None)
    region = pl.col("dateline").str.extract(r"^[^,]+,\s*([\p{L} .]+)")
    return (
        facts.filter(pl.col("is_fact") | ((pl.col("event_no") == 0) & pl.col("doc").is_in(lede["doc"].implode())))
        .join(kinds, on=keys, how="left")
        .join(words, on=keys, how="left")
        .join(names, on=keys, how="left")
        .join(places, on=keys, how="left")
        .join(docs.select("doc", city=city, region=region), on="doc", how="left")
        .with_columns(
            is_main=pl.col("event_no") == 0,
            place=pl.when(pl.col("event_no") == 0).then(pl.coalesce("city", "place")).otherwise("place"),
            words=pl.col("words").fill_null([]),
            names=pl.col("names").fill_null([]),
            region=pl.when((pl.col("event_no") == 0) & pl.col("city").is_not_null()).then("region"),
        )
        .sort(keys)
    )
