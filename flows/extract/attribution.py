"""Whose figure it is: the speaker of each count, and who passes it on."""

import polars as pl


def add_attribution(statements: pl.DataFrame, speech: pl.DataFrame, quotes: pl.DataFrame) -> pl.DataFrame:
    """The speaker of each figure: whose verb of saying stands before it in its sentence; else "according to" or a
    speaker behind a comma or a closing mark; else whoever is quoted with it. An outlet beside another is `via`."""
    statements = statements.with_row_index("statement")
    said = (
        statements.select("statement", "sentence", "row")
        .join(speech.filter(pl.col("verb").is_in(["S", "E", "G", "A"])).drop("unit", "paragraph"), on="sentence")
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
    quoted = pl.col("q_speaker").is_not_null()
    return joined.with_columns(
        attributed_to=pl.coalesce("q_speaker", "speaker"),
        attributed_role=pl.when(quoted).then("q_role").otherwise("role"),
        attributed_org=pl.when(quoted).then("q_org").otherwise("org"),
        actor_type=pl.when(quoted).then("q_type").otherwise("actor_type"),
        attributed_via=pl.when(pl.col("via") != pl.coalesce("q_speaker", "speaker")).then("via"),
    )
