"""How alike two articles are: weighted terms against a frozen table of how common words are."""

import polars as pl

from flows.lexicon import lexicon

WORD = r"[a-z][a-z'’-]{2,}"
TERMS = 80  # an article's heaviest terms stand for it
RARE = 0.02  # terms that fewer than this share of documents hold bring two articles together
FLOOR = 0.10  # pairs below it are as good as strangers
TITLE = 2.0  # a word of the title counts as often in the text


def weigh_terms(articles: pl.DataFrame) -> pl.DataFrame:
    """`article_id`, `term`, `weight`, `share`: each article's heaviest terms, weights of unit length together.

    Weight: (1 + log tf) * log(1 / share), with the shares of seeds/lexicon/term_shares.csv; a word that is not in it
    takes half the smallest share there.
    """
    shares = lexicon("term_shares")
    rarest = shares.select(pl.col("share").min() / 2).item()

    def words(column: str) -> pl.Expr:
        return pl.col(column).fill_null("").str.to_lowercase().str.extract_all(WORD)

    terms = pl.concat(
        [
            articles.select("article_id", term=words("text"), times=pl.lit(1.0)),
            articles.select("article_id", term=words("title"), times=pl.lit(TITLE)),
        ]
    ).explode("term", empty_as_null=False)
    weighed = (
        terms.filter(pl.col("term").is_not_null())
        .group_by("article_id", "term")
        .agg(tf=pl.col("times").sum())
        .join(shares, left_on="term", right_on="word", how="left")
        .with_columns(share=pl.col("share").fill_null(rarest))
        .with_columns(weight=(1 + pl.col("tf").log()) * (1 / pl.col("share")).log())
        .sort(["article_id", "weight", "term"], descending=[False, True, False])
    )
    top = weighed.group_by("article_id", maintain_order=True).head(TERMS)
    return top.select(
        "article_id", "term", "share", weight=pl.col("weight") / (pl.col("weight") ** 2).sum().sqrt().over("article_id")
    )


def find_pairs(terms: pl.DataFrame, days: pl.DataFrame) -> pl.DataFrame:
    """`left`, `right` (article ids, left < right), `likeness` (0..1): cosine, less where their days are far apart.

    `days` has `article_id`, `day` (Date or NULL). Without both days the cosine stands.
    """
    rare = terms.filter(pl.col("share") < RARE).select("term", "article_id")
    together = (
        rare.join(rare, on="term", suffix="_right")
        .filter(pl.col("article_id") < pl.col("article_id_right"))
        .select(left="article_id", right="article_id_right")
        .unique()
    )
    weights = terms.select("article_id", "term", "weight")
    pairs = (
        together.join(weights, left_on="left", right_on="article_id")
        .join(weights, left_on=["right", "term"], right_on=["article_id", "term"], suffix="_right")
        .group_by("left", "right")
        .agg(likeness=(pl.col("weight") * pl.col("weight_right")).sum())
    )
    apart = (pl.col("day") - pl.col("day_right")).dt.total_days().abs()
    soft = 1.0 - 0.4 * (apart.cast(pl.Float64) / 30.0).clip(0.0, 1.0)
    return (
        pairs.join(days, left_on="left", right_on="article_id", how="left")
        .join(days, left_on="right", right_on="article_id", how="left", suffix="_right")
        .select("left", "right", likeness=pl.col("likeness") * soft.fill_null(1.0))
        .filter(pl.col("likeness") >= FLOOR)
        .sort("left", "right")
    )
