"""Namesakes: which of the places that bear a name the text means.

More people make a place likelier; so do the region or country right beside its name, and the countries and regions that
the article names otherwise. Where two namesakes stay as likely, what they do not share is NULL.
"""

import polars as pl

from flows.extract.gazetteer import hints
from flows.extract.match import pick

BESIDE, CONTEXT, REGION = 5.0, 2.5, 1.2
CLEAR = 0.5  # a tenth more of log10: three times as many people
ALONE = 2.2  # a city that leads by more speaks for its country; a lesser lead would only speak for itself
KNOWN_ANYWHERE = 2_000_000
SURE = 3  # votes that make an article's countries certain
FAR = 1.0  # degrees between namesakes that are two places


def read_hints(tokens: pl.DataFrame, units: pl.DataFrame) -> pl.DataFrame:
    """`row`, `doc`, `hint`, `hint_country`, `hint_region`: demonyms and abbreviations of states."""
    table = hints()
    folded = table.with_columns(form=pl.col("form").str.to_uppercase(), hint="hint").filter(hint="demonym")
    forms = pl.concat([table["form"], folded["form"]])
    rows = pick(tokens, pl.col("form").is_in(forms.implode()), "unit", "form")
    both = pl.concat([table, folded]).unique("form", keep="first")
    return rows.join(both, on="form").join(units.select("unit", "doc"), on="unit")


def score_namesakes(options: pl.DataFrame, hits: pl.DataFrame, told: pl.DataFrame) -> pl.DataFrame:
    """Add `score` and `is_beside` (its region or country stands right beside it) to the namesakes of each name."""
    options = options.with_columns(
        score=pl.col("prior")
        + pl.when(pl.col("kind_wanted") == "region")
        .then(pl.col("kind").is_in(["region", "county"]).cast(pl.Float64) * 3)
        .when(pl.col("kind_wanted") == "city")
        .then((pl.col("kind") == "city").cast(pl.Float64) * 3)
        .otherwise(0.0)
    )
    beside = _beside(options, hits, told)
    options = options.join(beside, on=["hit", "country"], how="left", maintain_order="left").with_columns(
        is_beside=(
            pl.col("beside_region").list.contains(pl.col("region")) | pl.col("beside_region").list.contains("")
        ).fill_null(False)
        & pl.col("kind").is_in(["city", "county", "region"])
    )
    options = options.with_columns(score=pl.col("score") + pl.col("is_beside").cast(pl.Float64) * BESIDE)
    votes, region_votes = _votes(options, told)
    told_of = votes.group_by("doc").agg(weight=pl.col("weight").sum())
    return (
        options.join(votes.drop("weight"), on=["doc", "country"], how="left", maintain_order="left")
        .join(told_of, on="doc", how="left", maintain_order="left")
        .join(region_votes, on=["doc", "country", "region"], how="left", maintain_order="left")
        .with_columns(pl.col("share", "region_share").fill_null(0.0))
        .with_columns(score=pl.col("score") + CONTEXT * pl.col("share").sqrt() + REGION * pl.col("region_share").sqrt())
    )


def _beside(options: pl.DataFrame, hits: pl.DataFrame, told: pl.DataFrame) -> pl.DataFrame:
    """`hit`, `country`, `beside_region` (a list; '' is the country itself): what a name's neighbour says of it: "Paris,
    Texas", "Tyler (Texas)", "Mosul in Iraq", "Afghanistan's Helmand"."""
    wide = options.filter(pl.col("kind").is_in(["country", "region"])).select(
        "hit", "country", region=pl.when(pl.col("kind") == "region").then("region").otherwise(pl.lit(""))
    )
    here = hits.select("hit", "row", "last", "after", "before")
    next_to = pl.concat(
        [
            here.filter(pl.col("after").is_in([",", "(", "in"])).select(hit="hit", row=pl.col("last") + 2),
            here.filter(pl.col("after").is_in([","])).select(hit="hit", row=pl.col("last") + 1),
        ]
    )
    named = next_to.join(hits.select("row", other="hit"), on="row").join(wide, left_on="other", right_on="hit")
    owned = (
        here.filter(pl.col("before") == "'s")
        .select("hit", last=pl.col("row") - 2)
        .join(hits.select("last", other="hit"), on="last")
        .join(wide, left_on="other", right_on="hit")
    )
    short = next_to.join(told.filter(pl.col("hint_region").is_not_null()), on="row").select(
        "hit", country="hint_country", region="hint_region"
    )
    found = [part.select("hit", "country", "region") for part in (named, owned, short)]
    return pl.concat(found).group_by("hit", "country").agg(beside_region=pl.col("region").unique())


def _votes(options: pl.DataFrame, told: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The share of an article's evidence that each country has (`doc`, `country`, `share`), and each region within its
    country (`region_share`): countries, states, demonyms, names with the state behind, large cities without rival."""
    ranked = options.sort("hit", "score", descending=[False, True])
    lead = ranked.group_by("hit", maintain_order=True).agg(
        pl.col("doc", "country", "region", "kind", "is_beside", "population").first(),
        gap=pl.col("score").first() - pl.col("score").get(1, null_on_oob=True).fill_null(0.0),
    )
    clear = pl.col("gap") >= 1
    large = (pl.col("kind") == "city") & (pl.col("population") >= 300_000) & (pl.col("gap") >= ALONE)
    sure = lead.filter(pl.col("is_beside") | large | (pl.col("kind").is_in(["country", "region"]) & clear))
    weight = pl.when(pl.col("kind") == "city").then(0.5).otherwise(1.0)
    cast = pl.concat(
        [
            sure.select("doc", "country", region=pl.when(clear).then("region"), weight=weight),
            told.select("doc", country="hint_country", region="hint_region", weight=pl.lit(1.0)),
        ]
    )
    by_country = cast.group_by("doc", "country").agg(pl.col("weight").sum())
    share = pl.col("weight") / pl.col("weight").sum().over("doc")
    regions = (
        cast.filter(pl.col("region").is_not_null()).group_by("doc", "country", "region").agg(pl.col("weight").sum())
    )
    of_region = pl.col("weight") / pl.col("weight").sum().over("doc", "country")
    return (
        by_country.select("doc", "country", "weight", share=share),
        regions.select("doc", "country", "region", region_share=of_region),
    )


def choose_namesakes(options: pl.DataFrame) -> pl.DataFrame:
    """The likeliest namesake of each name; a rival elsewhere that is nearly as likely leaves the coordinates open, and
    in another country the country and canonical name too."""
    order = ["hit", "score", "population", "country", "lat", "lon"]
    near = options.filter(pl.col("score") > pl.col("score").max().over("hit") - CLEAR)
    chosen = near.sort(order, descending=[False, True, True, False, False, False]).unique(
        "hit", keep="first", maintain_order=True
    )
    rivals = near.join(chosen.select("hit", best="country", best_lat="lat", best_lon="lon"), on="hit")
    apart = ((pl.col("lat") - pl.col("best_lat")).abs() + (pl.col("lon") - pl.col("best_lon")).abs()) > FAR
    doubts = rivals.group_by("hit").agg(is_open=apart.any(), is_abroad=(pl.col("country") != pl.col("best")).any())
    several = options.group_by("hit").agg(several=pl.len() > 1)
    chosen = chosen.join(doubts, on="hit", maintain_order="left").join(several, on="hit", maintain_order="left")
    # A namesake in a country that the article says nothing of, where it says enough of others.
    stray = pl.col("several") & (pl.col("share") == 0) & (pl.col("weight") >= SURE) & ~pl.col("is_beside")
    stray = (stray & (pl.col("kind") == "city") & (pl.col("population") < KNOWN_ANYWHERE)).fill_null(False)
    chosen = chosen.with_columns(is_open=pl.col("is_open") | stray, is_abroad=pl.col("is_abroad") | stray)
    return chosen.select(
        "hit",
        "kind",
        "population",
        "share",
        "is_beside",
        "weight",
        canonical=pl.when(~pl.col("is_abroad") & ~pl.col("is_open")).then("canonical"),
        country=pl.when(~pl.col("is_abroad")).then("country"),
        lat=pl.when(~pl.col("is_open")).then("lat"),
        lon=pl.when(~pl.col("is_open")).then("lon"),
    )
