"""Quotation marks -> passages: where somebody else's words begin and end.

A mark opens or closes by what stands around it, for hands mix straight and curly ones and turn them round; where that
leaves it open, by its shape. A single mark is a quotation's only outside of double ones and where it cannot be an
apostrophe. Marks are paired within a paragraph; one that is not closed runs to the paragraph's end.
"""

import polars as pl

from flows.extract.match import at, find_all, pick

DOUBLE = ["“", "”", "«", "»", "„", "‹", "›", '"']
SINGLE = ["‘", "’", "'"]
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
    pairs = pl.concat([pairs, _unclosed(marks, pairs, tokens)]).sort("row")
    within = pl.col("row") < pl.col("close").shift(1).cum_max()
    return _with_offsets(pairs.filter(~within.fill_null(False)), tokens)


def _read_marks(tokens: pl.DataFrame) -> pl.DataFrame:
    """`row`, `paragraph`, `mark` (a letter of PAIRS), `last_row` (of the paragraph)."""
    form, after = pl.col("form"), pl.col("form_after")
    starts = (pl.col("paragraph") != pl.col("paragraph_before")).fill_null(True)
    ends = (pl.col("paragraph") != pl.col("paragraph_after")).fill_null(True)
    spaced_before = pl.col("space") | starts
    spaced_after = pl.col("space_after").fill_null(True) | ends
    bracket = pl.col("form_before").is_in(["(", "[", "—", "–", "--", *OPENING, "‘"]).fill_null(False)
    worded = after.str.contains(r"^[\p{L}\p{N}\[($£€@#…‘'.-]").fill_null(False)
    opens = (spaced_before | bracket) & ~spaced_after & worded
    closes = ~spaced_before & (spaced_after | ~worded)
    inches = (form == '"') & pl.col("form_before").str.contains(r"^\d+$") & pl.col("form_ahead").is_in(["'", "’"])
    twofold = (form == '"') & after.is_in(OPENING) & ~spaced_after  # the inner one opens
    ended = pl.col("form_before").is_in([",", ".", "!", "?", "…", "..."]).fill_null(False)
    # Two single marks together are a double one that some archives' exports spell so: no single quotation is within.
    twice = form.is_in(["'"]) & (after == "'") & ~pl.col("space_after").fill_null(True)
    rows = _neighbours(tokens).select(
        "row",
        "paragraph",
        mark=pl.when(form.is_in(DOUBLE))
        .then(
            pl.when((inches | twofold).fill_null(False))
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
    )
    rows = rows.filter(pl.col("mark").is_not_null())
    spelt_out = pl.col("mark").is_in(["i", "j", "x"]) & (pl.col("mark") == "x").any().over("paragraph")
    return rows.filter(~spelt_out)


def _neighbours(tokens: pl.DataFrame) -> pl.DataFrame:
    """The tokens that may be marks, with `row` and what stands around them."""
    marks = pick(tokens, pl.col("form").is_in([*DOUBLE, *SINGLE]), "form", "space", "paragraph")
    row = marks["row"]
    return marks.with_columns(
        form_before=at(tokens, "form", row - 1),
        form_ahead=at(tokens, "form", row - 2),
        form_after=at(tokens, "form", row + 1),
        space_after=at(tokens, "space", row + 1),
        paragraph_before=at(tokens, "paragraph", row - 1),
        paragraph_after=at(tokens, "paragraph", row + 1),
    )


def _unclosed(marks: pl.DataFrame, pairs: pl.DataFrame, tokens: pl.DataFrame) -> pl.DataFrame:
    """The last opening mark of a paragraph, where nothing closes it there: `close` is the paragraph's end."""
    number = pl.int_range(pl.len(), dtype=pl.Int64)
    change = pl.col("paragraph") != pl.col("paragraph").shift(-1)
    ends = tokens.select("paragraph", last_row=number).filter(change.fill_null(True))
    double = marks.filter(pl.col("mark").is_in(["o", "c", "a"])).unique("paragraph", keep="last", maintain_order=True)
    return (
        double.filter(pl.col("mark") != "c")
        .join(pairs, left_on="row", right_on="close", how="anti", maintain_order="left")
        .join(pairs, on="row", how="anti", maintain_order="left")
        .join(ends, on="paragraph", how="left", maintain_order="left")
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
