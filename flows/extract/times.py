"""Times: what the time expressions of a text say, which lead away from the article's own day, and what that day is."""

from datetime import date

import polars as pl

from flows.extract.dates import When, read_when
from flows.extract.match import at, pick

LEDE = 3  # sentences that may set the article's own day
HEAD = 5  # tokens from a sentence's start within which it says when
CLOSE = 6  # tokens between what happened and its time


def read_times(tokens: pl.DataFrame, sentences: pl.DataFrame, units: pl.DataFrame) -> pl.DataFrame:
    """A row a time expression of the body: where it stands, what it says, whether it stands by what happened."""
    happened = pl.col("incident").is_not_null() | pl.col("harm_kind").is_not_null() | pl.col("stance").is_not_null()
    rows = pick(tokens, pl.col("count") == "T", "sentence", "word")
    told = pick(tokens, happened)
    before = told["row"].search_sorted(rows["row"], side="right").cast(pl.Int64) - 1
    after = told["row"].search_sorted(rows["row"], side="left")
    rows = (
        rows.with_columns(
            last_happened=at(told, "row", before),
            next_happened=at(told, "row", after),
            before=at(tokens, "word", rows["row"] - 1),
            names_it=(rows["row"] + 1).is_in(told["row"].implode()) | (rows["row"] + 2).is_in(told["row"].implode()),
        )
        .join(
            sentences.select(
                "sentence",
                "doc",
                "field",
                "unit",
                "first",
                "is_fact",
                "is_harm",
                "is_many",
                "is_new",
                final=pl.col("first") + pl.col("n_tokens") - 1,
            ),
            on="sentence",
        )
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
    ahead = (pl.col("next_happened") <= pl.col("final")) & (pl.col("next_happened") - pl.col("row") <= CLOSE)
    return rows.with_columns(by_it=head | behind.fill_null(False) | ahead.fill_null(False))


def find_away(times: pl.DataFrame, sentences: pl.DataFrame) -> pl.DataFrame:
    """The time that takes a sentence to another event: `sentence`, `away_key`, `is_aggregate`, `low`, `high`,
    `precision`."""
    own_day = (
        times.filter((pl.col("role") == "day") & (pl.col("nth") < LEDE))
        .sort("row")
        .unique("doc", keep="first", maintain_order=True)
        .select("doc", own_day="key")
    )
    day = pl.coalesce(pl.col("low").cast(pl.String), "key")
    own_now = (
        times.filter((pl.col("role") == "now") & pl.col("is_harm"))
        .sort("row")
        .unique("doc", keep="first", maintain_order=True)
        .filter(pl.col("nth") < LEDE)
        .select("doc", now_day=day)
    )
    times = times.join(own_now, on="doc", how="left")
    has_now = times.filter(pl.col("role") == "now").select("doc").unique().with_columns(has_now=pl.lit(True))
    times = times.join(own_day, on="doc", how="left").join(has_now, on="doc", how="left")
    perfect = sentences.select("sentence", perfect=pl.col("count").str.contains("bb[dv]|b[v]"))
    times = times.join(perfect, on="sentence", how="left")
    near = (pl.col("low") >= pl.col("published") - pl.duration(days=4)) & (
        pl.col("low") <= pl.col("published") + pl.duration(days=2)
    )
    introduced = pl.col("before").is_in(["in", "during", "since", "throughout"])
    # "Since the July slaying of two hikers", "her 2009 murder"
    named = pl.col("names_it").fill_null(False) & pl.col("before").is_in(
        ["the", "a", "his", "her", "their", "'s", "that"]
    )
    own_period = (pl.col("published") >= pl.col("low")) & (pl.col("published") <= pl.col("high"))
    # "A boy was shot this month" adds nothing up.
    sums_up = (
        pl.col("is_harm")
        & pl.col("is_many").fill_null(False)
        & (
            ((pl.col("role") == "period") & (pl.col("key").str.contains("^(?:year|month|week)")))
            | (pl.col("role").is_in(["month", "period"]) & introduced & pl.col("perfect"))
            | (pl.col("role").is_in(["month", "period", "day"]) & (pl.col("before") == "since"))
        )
    )
    # "In November" behind "on Nov. 3" leads nowhere else.
    around_own = pl.col("own_day").str.starts_with(pl.col("key")).fill_null(False)
    # "Just after 11 p.m. Friday, two men were shot": behind the lede, another day that somebody new is harmed on.
    early = (pl.col("nth") >= LEDE) & (pl.col("row") - pl.col("first") <= HEAD)
    other_day = (
        early & pl.col("is_new") & pl.col("precision").is_in(["day"]) & (day != pl.col("now_day")).fill_null(False)
    )
    other = (
        ((pl.col("role") == "recall") & pl.col("by_it"))
        | (pl.col("role").is_in(["month", "period"]) & introduced & pl.col("by_it") & ~own_period.fill_null(False))
        | (pl.col("role").is_in(["month", "period"]) & named & ~own_period.fill_null(False))
        | ((pl.col("role") == "now") & other_day)
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
        times.with_columns(is_aggregate=sums_up, away=sums_up | (other & ~around_own))
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


def own_days(times: pl.DataFrame, sentences: pl.DataFrame) -> pl.DataFrame:
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
