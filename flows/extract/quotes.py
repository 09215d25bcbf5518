"""Quotes: what stands between marks and is somebody's words, and whose.

Marks are paired within a paragraph; one that is not closed runs to the paragraph's end. Scare quotes and titles (a few
words that no mark of punctuation ends and no verb of saying opens) are no quotations.
"""

import polars as pl

from flows.extract.match import at

OPEN, CLOSE = ["“", "«"], ["”", "»"]
MIN_WORDS = 6  # a passage this long is a quotation even where nothing ends it
REACH = 30  # tokens between a mark and its speaker's verb


def find_quotes(tokens: pl.DataFrame, units: pl.DataFrame, speech: pl.DataFrame) -> pl.DataFrame:
    """A row a quotation: `sentence` (of its opening mark), `first`, `last` (rows of the tokens inside), `start`, `end`
    (characters, marks left out), `text` (verbatim), `speaker`, `speaker_role`, `actor`, `actor_type` (NULL: nobody
    fits)."""
    quotes = _pair_marks(tokens)
    if quotes.is_empty():
        return quotes.with_columns(
            *(
                pl.lit(None, pl.String).alias(name)
                for name in ("text", "speaker", "speaker_role", "actor", "actor_type")
            ),
        )
    inside = quotes.join(units.select("unit", whole="text"), on="unit", how="left", maintain_order="left")
    quotes = inside.with_columns(text=pl.col("whole").str.slice(pl.col("start"), pl.col("end") - pl.col("start"))).drop(
        "whole"
    )
    opened_by = at(tokens, "form", quotes["first"] - 2)
    verb_before = at(tokens, "speech", quotes["first"] - 2).is_in(["S", "G"]) | at(
        tokens, "speech", quotes["first"] - 3
    ).is_in(["S", "G"])
    words = pl.col("text").str.count_matches(r"[\p{L}\p{N}]+")
    ended = pl.col("text").str.contains(r"[,.!?…—–-]\s*$")
    quotes = quotes.with_columns(
        opened=(opened_by.is_in([":", ","]) | verb_before).fill_null(False), n_words=words, ended=ended
    ).filter(
        (pl.col("n_words") >= MIN_WORDS)
        | (pl.col("ended") & (pl.col("n_words") >= 2))
        | (pl.col("opened") & (pl.col("n_words") >= 4))
    )
    return _add_speaker(quotes.with_row_index("quote"), tokens, speech).drop("quote", "opened", "n_words", "ended")


def _pair_marks(tokens: pl.DataFrame) -> pl.DataFrame:
    marks = (
        tokens.with_row_index("row")
        .with_columns(pl.col("row").cast(pl.Int64), last_row=pl.col("row").cast(pl.Int64).max().over("paragraph"))
        .filter(pl.col("form").is_in([*OPEN, *CLOSE, '"']))
        .with_columns(nth=(pl.col("form") == '"').cum_sum().over("paragraph"))
    )
    opens = pl.col("form").is_in(OPEN) | ((pl.col("form") == '"') & (pl.col("nth") % 2 == 1))
    marks = marks.with_columns(opens=opens)

    def follows(column: str) -> pl.Expr:
        return pl.col(column).shift(-1).over("paragraph")

    closed = follows("opens").not_()
    marks = marks.with_columns(
        last=pl.when(closed.fill_null(False)).then(follows("row") - 1).otherwise("last_row"),
        end=pl.when(closed.fill_null(False)).then(follows("start")),
        reopened=follows("opens").fill_null(False),
    ).filter(pl.col("opens") & ~pl.col("reopened") & (pl.col("last") > pl.col("row")))
    return _with_offsets(marks, tokens)


def _with_offsets(marks: pl.DataFrame, tokens: pl.DataFrame) -> pl.DataFrame:
    last_end = at(tokens, "end", marks["last"])
    own_end = at(tokens, "end", marks["row"])
    return marks.with_columns(start=own_end, end=pl.coalesce(pl.col("end"), last_end)).select(
        "unit", "paragraph", "sentence", first=pl.col("row") + 1, last="last", start="start", end="end"
    )


def _add_speaker(quotes: pl.DataFrame, tokens: pl.DataFrame, speech: pl.DataFrame) -> pl.DataFrame:
    """Nearest first: right behind the closing mark, before the opening mark in its sentence, further behind; else the
    speaker of the quotation before it in the same paragraph."""
    closing = quotes.with_columns(sentence=at(tokens, "sentence", quotes["last"]))
    near = pl.concat([ends.join(speech.drop("unit"), on="sentence") for ends in (closing, quotes)])
    behind = pl.min_horizontal("np_first", "say") - pl.col("last")
    ahead = pl.col("first") - pl.max_horizontal("say", "np_last")
    outside = (behind > 0) | (ahead > 0)
    rank = (
        pl.when((behind > 0) & (behind <= 3))
        .then(0)
        .when((ahead > 0) & (ahead <= REACH))
        .then(1)
        .when((behind > 0) & (behind <= REACH))
        .then(2)
    )
    distance = pl.when(behind > 0).then(behind).otherwise(ahead)
    best = (
        near.filter(outside & (pl.col("form") != "according"))
        .with_columns(rank=rank, distance=distance)
        .filter(pl.col("rank").is_not_null())
        .sort("quote", "rank", "distance")
        .unique("quote", keep="first", maintain_order=True)
        .select("quote", "speaker", "role", "actor", "actor_type")
    )
    quotes = quotes.join(best, on="quote", how="left", maintain_order="left")
    carried = [
        pl.coalesce(pl.col(name), pl.col(name).forward_fill().over("unit", "paragraph")).alias(name)
        for name in ("speaker", "role", "actor", "actor_type")
    ]
    return quotes.with_columns(carried).rename({"role": "speaker_role"})
