"""Which event a sentence tells of: what the article is about (0), something it recalls, or a sum over a period.

A time expression that points away from the article's own day opens another event, if it stands at the head of the
sentence or close behind what happened; "the attack" in the next sentence stays with it.
"""

from datetime import date

import polars as pl

from flows.extract.dates import When, read_when
from flows.extract.match import at, find, phrase

LEDE = 3  # sentences that may set the article's own day
CLOSE = 6  # tokens between what happened and its time
PLACE = r"(?P<by>P)(?P<lead>t?)(?P<name>O{1,3})"
RUN = r"(?P<name>O{2,4})"


def assign_events(
    tokens: pl.DataFrame, sentences: pl.DataFrame, units: pl.DataFrame, facts: pl.DataFrame
) -> pl.DataFrame:
    """Add to sentences `event_no` (Int32, within `doc`), `is_aggregate`, `time_key`, `date_low`, `date_high`,
    `date_precision`, `is_fact`.

    `units` has `doc`, `field`, `published` (Date or NULL); `facts` has `sentence`, `is_harm` (what befell people).
    """
    sentences = sentences.join(units.select("unit", "doc", "field"), on="unit", how="left", maintain_order="left")
    told = facts.group_by("sentence").agg(pl.col("is_harm").any())
    sentences = sentences.join(told, on="sentence", how="left", maintain_order="left").with_columns(
        is_fact=pl.col("is_harm").is_not_null(), is_harm=pl.col("is_harm").fill_null(False)
    )
    times = _read_times(tokens, sentences, units)
    away = _away(times, sentences)
    sentences = sentences.join(away, on="sentence", how="left", maintain_order="left")
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
    own = _own_days(times, sentences)
    return sentences.join(own, on="doc", how="left", maintain_order="left").with_columns(
        pl.col("event_no").fill_null(0),
        is_aggregate=pl.col("is_aggregate").fill_null(False) & pl.col("event_no").is_not_null(),
        time_key=pl.when(pl.col("event_no").is_not_null()).then("away_key").otherwise("own_key"),
        date_low=pl.when(pl.col("event_no").is_not_null()).then("low").otherwise("own_low"),
        date_high=pl.when(pl.col("event_no").is_not_null()).then("high").otherwise("own_high"),
        date_precision=pl.when(pl.col("event_no").is_not_null()).then("precision").otherwise("own_precision"),
    )


def _read_times(tokens: pl.DataFrame, sentences: pl.DataFrame, units: pl.DataFrame) -> pl.DataFrame:
    """A row a time expression of the body: where it stands, what it says, whether it stands by what happened."""
    happened = pl.col("incident").is_not_null() | pl.col("harm_kind").is_not_null() | pl.col("stance").is_not_null()
    rows = (
        tokens.with_row_index("row")
        .with_columns(
            row=pl.col("row").cast(pl.Int64),
            last_happened=pl.when(happened).then(pl.col("row").cast(pl.Int64)).forward_fill(),
            before=pl.col("word").shift(1),
        )
        .filter(pl.col("count") == "T")
        .select("row", "sentence", "word", "before", "last_happened")
        .join(sentences.select("sentence", "doc", "field", "unit", "first", "is_fact", "is_harm"), on="sentence")
        .join(units.select("unit", "published"), on="unit")
        .filter(pl.col("field") == "text")
        .sort("row")
    )
    first_of_doc = sentences.filter(pl.col("field") == "text").group_by("doc").agg(zero=pl.col("sentence").min())
    rows = rows.join(first_of_doc, on="doc").with_columns(nth=pl.col("sentence") - pl.col("zero"))
    known: dict[tuple[str, date | None], When | None] = {}
    for key in rows.select("word", "published").unique().iter_rows():
        known[key] = read_when(*key)
    whens = [known[key] for key in rows.select("word", "published").iter_rows()]
    rows = rows.with_columns(
        pl.Series("role", [w.role if w else None for w in whens], dtype=pl.String),
        pl.Series("key", [w.key if w else None for w in whens], dtype=pl.String),
        pl.Series("low", [w.low if w else None for w in whens], dtype=pl.Date),
        pl.Series("high", [w.high if w else None for w in whens], dtype=pl.Date),
        pl.Series("precision", [w.precision if w else None for w in whens], dtype=pl.String),
    ).filter(pl.col("role").is_not_null())
    head = pl.col("row") - pl.col("first") <= 2
    behind = (pl.col("last_happened") >= pl.col("first")) & (pl.col("row") - pl.col("last_happened") <= CLOSE)
    return rows.with_columns(by_it=head | behind.fill_null(False))


def _away(times: pl.DataFrame, sentences: pl.DataFrame) -> pl.DataFrame:
    """The time that takes a sentence to another event: `sentence`, `away_key`, `is_aggregate`, `low`, `high`,
    `precision`."""
    own_day = (
        times.filter((pl.col("role") == "day") & (pl.col("nth") < LEDE))
        .sort("row")
        .unique("doc", keep="first", maintain_order=True)
        .select("doc", own_day="key")
    )
    has_now = times.filter(pl.col("role") == "now").select("doc").unique().with_columns(has_now=pl.lit(True))
    times = times.join(own_day, on="doc", how="left").join(has_now, on="doc", how="left")
    perfect = sentences.select("sentence", perfect=pl.col("count").str.contains("bb[dv]|b[v]"))
    times = times.join(perfect, on="sentence", how="left")
    near = (pl.col("low") >= pl.col("published") - pl.duration(days=4)) & (
        pl.col("low") <= pl.col("published") + pl.duration(days=2)
    )
    introduced = pl.col("before").is_in(["in", "during", "since", "throughout"])
    own_period = (pl.col("published") >= pl.col("low")) & (pl.col("published") <= pl.col("high"))
    sums_up = pl.col("is_harm") & (
        ((pl.col("role") == "period") & (pl.col("key").str.contains("^(?:year|month|week)")))
        | (pl.col("role").is_in(["month", "period"]) & introduced & pl.col("perfect"))
        | (pl.col("role").is_in(["month", "period", "day"]) & (pl.col("before") == "since"))
    )
    other = (
        ((pl.col("role") == "recall") & pl.col("by_it"))
        | (pl.col("role").is_in(["month", "period"]) & introduced & pl.col("by_it") & ~own_period.fill_null(False))
        | (
            (pl.col("role") == "day")
            & pl.col("by_it")
            & (pl.col("key") != pl.col("own_day")).fill_null(
                pl.col("has_now").fill_null(False) | pl.col("published").is_not_null()
            )
            & ~near.fill_null(False)
        )
    )
    return (
        times.with_columns(is_aggregate=sums_up, away=sums_up | other)
        .filter("away")
        .sort("sentence", "is_aggregate", "row", descending=[False, True, False])
        .unique("sentence", keep="first", maintain_order=True)
        .select(
            "sentence",
            away_key=pl.when("is_aggregate").then(pl.lit("sum:") + pl.col("key")).otherwise("key"),
            is_aggregate="is_aggregate",
            low="low",
            high="high",
            precision="precision",
        )
    )


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


def _own_days(times: pl.DataFrame, sentences: pl.DataFrame) -> pl.DataFrame:
    """When what an article is about happened: the first day it gives near something that happened, never its stamp."""
    away = sentences.filter(pl.col("away_key").is_not_null())["sentence"]
    own = times.filter(
        pl.col("role").is_in(["now", "day"]) & ~pl.col("sentence").is_in(away.implode()) & (pl.col("nth") < 8)
    )
    return (
        own.sort("doc", "by_it", "row", descending=[False, True, False])
        .unique("doc", keep="first", maintain_order=True)
        .select("doc", own_key="key", own_low="low", own_high="high", own_precision="precision")
    )


def describe_events(
    tokens: pl.DataFrame, sentences: pl.DataFrame, units: pl.DataFrame, docs: pl.DataFrame
) -> pl.DataFrame:
    """A row an event that an article tells: LOCAL_EVENTS without the keys, by `doc`.

    `sentences` is what `assign_events` returned; `docs` has `doc` and `dateline`. An article's own event exists where
    it states a fact of it or names what happened in its title or first sentences.
    """
    keys = ["doc", "event_no"]
    where = sentences.select("sentence", *keys, "field", "is_fact", "unit")
    rows = tokens.select("sentence", "word", "form", "count", "incident").join(where, on="sentence", how="left")
    kinds = (
        rows.filter(pl.col("incident").is_not_null())
        .group_by([*keys, "incident"])
        .agg(pl.len().alias("n"))
        .sort([*keys, "n", "incident"], descending=[False, False, True, False])
        .unique(keys, keep="first", maintain_order=True)
        .select(*keys, kind="incident")
    )
    words = (
        rows.filter(pl.col("count").is_in(["w", "O"]) & (pl.col("word").str.len_chars() > 3))
        .group_by(keys)
        .agg(pl.col("word").unique().sort().alias("words"))
    )
    names = find(sentences, "count", RUN)
    names = names.with_columns(name=phrase(tokens, units, names["name_first"], names["name_last"])).join(
        where, on="sentence"
    )
    names = names.group_by(keys).agg(pl.col("name").unique().sort().alias("names"))
    found = find(sentences, "count", PLACE)
    found = found.with_columns(
        place=phrase(tokens, units, found["name_first"], found["name_last"]), by=at(tokens, "word", found["by_first"])
    ).join(where, on="sentence")
    places = (
        found.filter(pl.col("by").is_in(["in", "near", "at", "on", "outside", "across"]) & (pl.col("field") == "text"))
        .group_by([*keys, "place"], maintain_order=True)
        .agg(pl.len().alias("n"), pl.col("sentence").min())
        .sort([*keys, "n", "sentence"], descending=[False, False, True, False])
        .unique(keys, keep="first", maintain_order=True)
        .select(*keys, "place")
    )
    facts = sentences.group_by(keys).agg(
        pl.col("is_fact").any(),
        pl.col("is_aggregate").any(),
        *(pl.col(name).drop_nulls().first() for name in ("time_key", "date_low", "date_high", "date_precision")),
    )
    lede = rows.filter((pl.col("incident").is_not_null()) & (pl.col("event_no") == 0)).select("doc").unique()
    city = pl.col("dateline").str.extract(r"^([\p{L} .'’-]+)").str.strip_chars().str.to_titlecase()
    return (
        facts.filter(pl.col("is_fact") | ((pl.col("event_no") == 0) & pl.col("doc").is_in(lede["doc"].implode())))
        .join(kinds, on=keys, how="left")
        .join(words, on=keys, how="left")
        .join(names, on=keys, how="left")
        .join(places, on=keys, how="left")
        .join(docs.select("doc", city=city), on="doc", how="left")
        .with_columns(
            is_main=pl.col("event_no") == 0,
            place=pl.when(pl.col("event_no") == 0).then(pl.coalesce("city", "place")).otherwise("place"),
            words=pl.col("words").fill_null([]),
            names=pl.col("names").fill_null([]),
        )
        .sort(keys)
    )
