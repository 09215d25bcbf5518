"""Who is told of inside another's wording and counts nobody: an apposition, an aside, who did it."""

import polars as pl

from flows.extract.match import at


def drop_asides(statements: pl.DataFrame, tokens: pl.DataFrame) -> pl.DataFrame:
    """Leave out who is told of inside another's wording: "Smith, a teacher, was killed" counts one, and so do "her two
    children" behind "a mother and", "his wife Ana Diaz". `statements` is sorted by `n_first`."""
    # "The mayor, Ana Ruiz, 50, was killed" is told by the name.
    named = statements.filter(pattern="single_named").select("cue_first", called="n_first")
    alone = ~at(tokens, "count", statements["n_first"] - 1).is_in(["&", ","]).fill_null(False)
    apposed = statements.filter((pl.col("pattern") == "single_definite") & alone).join(named, on="cue_first")
    apposed = apposed.filter(
        (pl.col("called") == pl.col("aside_first") + 1) & pl.col("aside").str.contains("^,O{2,4},(?:Y,)?$")
    )
    statements = statements.join(apposed, on=["cue_first", "n_first"], how="anti", maintain_order="left")
    # "A mother who was shot by her son has died": of one verb's two singles, the one behind "by" did it.
    by = statements.filter(pl.Series((at(tokens, "word", statements["n_first"] - 1) == "by").fill_null(False)))
    by = by.filter(pl.col("pattern").str.starts_with("single")).select("cue_first", "n_first")
    hit = statements.filter(pl.col("shot_first").is_not_null()).select("cue_first", "shot_first")
    by = by.join(hit, on="cue_first").filter(pl.col("n_first") > pl.col("shot_first"))
    statements = statements.join(by, on=["cue_first", "n_first"], how="anti", maintain_order="left")
    aside = statements.select("cue_first", first="aside_first", last="aside_last")
    aside = aside.filter(pl.col("first").is_not_null() & ~statements["aside"].str.starts_with(",L"))
    single = statements.filter(pl.col("pattern").str.starts_with("single") & (pl.col("n_last") > pl.col("n_first")))
    spans = pl.concat([aside, single.select("cue_first", first=pl.col("n_first") + 1, last="n_last")])
    inside = (
        statements.select("cue_first", "n_first")
        .join(spans, on="cue_first")
        .filter(pl.col("n_first").is_between("first", "last"))
    )
    return statements.join(inside, on=["cue_first", "n_first"], how="anti", maintain_order="left")
