"""Quotation marks -> passages: where somebody else's words begin and end.

A mark opens or closes by what stands around it, for hands mix straight and curly ones and turn them round; where that
leaves it open, by its shape. A single mark is a quotation's only outside of double ones and where it cannot be an
apostrophe. Marks are paired within a paragraph; one that is not closed runs to the paragraph's end.
"""

import polars as pl

from flows.extract.match import at, find_all

DOUBLE = ["“", "”", "«", "»", "„", "‹", "›", '"']
OPENING, CLOSING = ["“", "«", "„", "‹"], ["”", "»", "›"]
# One letter a mark: o opens, c closes, a may do either; i opens and j closes a single pair.
PAIRS = {
    "double": r"(?P<mark>[oa])(?P<inner>(?:[ij]|o[ij]*c){0,8})(?P<close>[ca])",
    "single": r"(?P<mark>i)(?P<inner>i{0,3})(?P<close>j)",
}


def pair_marks(tokens: pl.DataFrame) -> pl.DataFrame:
    """A row a passage between marks, in reading order: `unit`, `paragraph`, `sentence` (of its opening mark), `mark`
    (row of that mark), `first`, `last` (rows of the tokens inside), `start`, `end` (characters, marks left out),
    `closed`."""
    marks = _read_marks(tokens)
    lines = (
        marks.with_row_index("first")
        .group_by("paragraph", maintain_order=True)
        .agg(pl.col("first").first(), pl.len().alias("n_tokens"), pl.col("mark").str.join(""))
        .rename({"paragraph": "sentence"})
    )
    found = find_all(lines, "mark", PAIRS, ["mark_first", "close_first"])
    pairs = pl.DataFrame(
        {"row": at(marks, "row", found["mark_first"]), "close": at(marks, "row", found["close_first"])},
        schema={"row": pl.Int64, "close": pl.Int64},
    )
    pairs = pl.concat([pairs, _unclosed(marks, pairs)]).sort("row")
    within = pl.col("row") < pl.col("close").shift(1).cum_max()
    return _with_offsets(pairs.filter(~within.fill_null(False)), tokens)


def _read_marks(tokens: pl.DataFrame) -> pl.DataFrame:
    """`row`, `paragraph`, `mark` (a letter of PAIRS), `last_row` (of the paragraph)."""
    form, after = pl.col("form"), pl.col("form").shift(-1)
    starts = (pl.col("paragraph") != pl.col("paragraph").shift(1)).fill_null(True)
    ends = (pl.col("paragraph") != pl.col("paragraph").shift(-1)).fill_null(True)
    spaced_before = pl.col("space") | starts
    spaced_after = pl.col("space").shift(-1).fill_null(True) | ends
    bracket = form.shift(1).is_in(["(", "[", "—", "–", "--", *OPENING, "‘"]).fill_null(False)
    worded = after.str.contains(r"^[\p{L}\p{N}\[($£€@#…‘'.-]").fill_null(False)
    opens = (spaced_before | bracket) & ~spaced_after & worded
    closes = ~spaced_before & (spaced_after | ~worded)
    inches = (form == '"') & form.shift(1).str.contains(r"^\d+$") & form.shift(2).is_in(["'", "’"])
    ended = form.shift(1).is_in([",", ".", "!", "?", "…", "..."]).fill_null(False)
    # Two single marks together are a double one that some archives' exports spell so: no single quotation is within.
    twice = form.is_in(["'"]) & (after == "'") & ~pl.col("space").shift(-1).fill_null(True)
    rows = tokens.select(
        pl.int_range(pl.len(), dtype=pl.Int64).alias("row"),
        "paragraph",
        mark=pl.when(form.is_in(DOUBLE))
        .then(
            pl.when(inches.fill_null(False))
            .then(None)
            .when(opens & ~closes)
            .then(pl.lit("o"))
            .when(closes & ~opens)
            .then(pl.lit("c"))
            .when(form.is_in(OPENING))
            .then(pl.lit("o"))
            .when(form.is_in(CLOSING))
            .then(pl.lit("c"))
            .otherwise(pl.lit("a"))
        )
        .when(twice)
        .then(pl.lit("x"))
        .when(form.is_in(["‘", "'"]) & opens & after.str.contains(r"^\p{L}"))
        .then(pl.lit("i"))
        .when(form.is_in(["’", "'"]) & closes & ended)
        .then(pl.lit("j")),
        last_row=pl.int_range(pl.len(), dtype=pl.Int64).last().over("paragraph"),
    )
    rows = rows.filter(pl.col("mark").is_not_null())
    spelt_out = pl.col("mark").is_in(["i", "j", "x"]) & (pl.col("mark") == "x").any().over("paragraph")
    return rows.filter(~spelt_out)


def _unclosed(marks: pl.DataFrame, pairs: pl.DataFrame) -> pl.DataFrame:
    """The last opening mark of a paragraph, where nothing closes it there: `close` is the paragraph's end."""
    double = marks.filter(pl.col("mark").is_in(["o", "c", "a"])).unique("paragraph", keep="last", maintain_order=True)
    return (
        double.filter(pl.col("mark") != "c")
        .join(pairs, left_on="row", right_on="close", how="anti", maintain_order="left")
        .join(pairs, on="row", how="anti", maintain_order="left")
        .select("row", close=pl.col("last_row") + 1)
    )


def _with_offsets(pairs: pl.DataFrame, tokens: pl.DataFrame) -> pl.DataFrame:
    first, last = pairs["row"] + 1, pairs["close"] - 1
    closed = at(tokens, "paragraph", pairs["close"]) == at(tokens, "paragraph", pairs["row"])
    return pl.DataFrame(
        {
            "unit": at(tokens, "unit", pairs["row"]),
            "paragraph": at(tokens, "paragraph", pairs["row"]),
            "sentence": at(tokens, "sentence", pairs["row"]),
            "mark": pairs["row"],
            "first": first,
            "last": last,
            "start": at(tokens, "start", first),
            "end": at(tokens, "end", last),
            "closed": closed.fill_null(False),
        }
    ).filter(pl.col("last") >= pl.col("first"))
