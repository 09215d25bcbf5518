"""How alike two articles are: weighted terms against a frozen table of how common words are."""

import numpy as np
import polars as pl

from flows.lexicon import lexicon

WORD = r"[a-z][a-z'’-]{2,}"
TERMS = 80  # an article's heaviest terms stand for it
RARE = 0.02  # terms that fewer than this share of documents hold bring two articles together
FLOOR = 0.10  # pairs below it are as good as strangers
PAIRS = pl.Schema({"left": pl.Int64, "right": pl.Int64, "likeness": pl.Float64})
CELLS = 4_000_000  # products and sums of one block of articles: some 200 MB
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
    apart = (pl.col("day") - pl.col("day_right")).dt.total_days().abs()
    soft = 1.0 - 0.4 * (apart.cast(pl.Float64) / 30.0).clip(0.0, 1.0)
    return (
        _cosines(terms)
        .join(days, left_on="left", right_on="article_id", how="left", maintain_order="left")
        .join(days, left_on="right", right_on="article_id", how="left", suffix="_right", maintain_order="left")
        .select("left", "right", likeness=pl.col("likeness") * soft.fill_null(1.0))
        .filter(pl.col("likeness") >= FLOOR)
    )


def _cosines(terms: pl.DataFrame) -> pl.DataFrame:
    """`left`, `right`, `likeness` of the articles that share a rare term, from FLOOR on, in order.

    Each holder of a term meets those behind it in the term's list; a block of lefts at a time, the products are summed
    into a table of lefts by articles. 2,100 near copies took 15 GB and 25 s as a join of strings, 0.3 s as a table.
    """
    names = terms["article_id"].unique().sort()
    held = (
        terms.select(
            pl.col("article_id").rank("dense").cast(pl.Int64) - 1, "term", "weight", is_rare=pl.col("share") < RARE
        )
        .sort("term", "article_id")
        .with_row_index("row")
        .with_columns(pl.col("row").cast(pl.Int64))
        .with_columns(n_behind=(pl.col("row").max() - pl.col("row")).over("term"))
    )
    cells = pl.col("n_behind") + names.len() / pl.len().over("article_id")
    lefts = held.sort("article_id", "row").with_columns(block=cells.cum_sum() // CELLS)
    lefts = lefts.with_columns(pl.col("block").max().over("article_id"))
    met = [_meet(held, block, names.len()) for block in lefts.partition_by("block", maintain_order=True)]
    pairs = pl.concat([pl.DataFrame(schema=PAIRS), *met])
    return pairs.with_columns(left=names.gather(pairs["left"]), right=names.gather(pairs["right"]))


def _meet(held: pl.DataFrame, lefts: pl.DataFrame, n_articles: int) -> pl.DataFrame:
    """`left`, `right` (numbers of articles), `likeness` for some rows of `held` on the left side."""
    article, weight, is_rare = (held[column].to_numpy() for column in ("article_id", "weight", "is_rare"))
    row, n_behind = lefts["row"].to_numpy(), lefts["n_behind"].to_numpy()
    low = article[row].min()
    here = np.repeat(row, n_behind)
    there = here + 1 + np.arange(len(here)) - np.repeat(np.cumsum(n_behind) - n_behind, n_behind)
    cell = (article[here] - low) * n_articles + article[there]
    cosine = np.bincount(cell, weight[here] * weight[there])
    together = np.zeros(len(cosine), dtype=bool)
    together[cell[is_rare[here]]] = True
    pairs = np.flatnonzero(together & (cosine >= FLOOR))
    found = {"left": pairs // n_articles + low, "right": pairs % n_articles, "likeness": cosine[pairs]}
    return pl.DataFrame(found, schema=PAIRS)  # without pairs numpy counts in whole numbers
