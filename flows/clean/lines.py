"""Lines: what trafilatura leaves of a page, and what plain text brings along. An ordered table of rules, first wins.

A `lines` frame has a row a line: `doc` (UInt32), `line_no` (Int32, as it came in, from 0), `text` (without its outer
blanks), `seen` (the same with every kind of blank as a space: what rules read), `title` (the page's own, or NULL),
`outlet` (whose lines are counted together, or NULL).
"""

import polars as pl

from flows.clean.dates import line_stamp, reads_as_stamp
from flows.clean.recurring import RULE, fold_words, mark_recurring
from flows.lexicon import lexicon, pattern_of

DATED_PREFIX = r"^((?i:date|published|posted|updated)[: ]+\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2})?)?)\s+"
NAME = r"^(?:(?i:by)\s+)?\p{Lu}[\p{L}.'’-]*(?:\s+(?:\p{Lu}[\p{L}.'’-]*|de|van|von|bin|al)){1,3}$"
DOMAIN = r"^(?:https?://)?(?:www\.)?[\w-]+(?:\.[\w-]+)*\.[a-z]{2,8}/?$"
TITLE_CASE = r"^(?:[\p{Lu}\d][\p{L}\d'’&.-]*)(?:\s+(?:[\p{Lu}\d][\p{L}\d'’&.-]*|of|the|and|&|for|in)){0,4}$"
MOST_DOUBLED = 0.3  # of a text's words: where more stands twice, the text itself was doubled
LONGEST_RESIDUE = 600  # bytes: no rule reads a longer line, and most of a text is in longer ones
ENDS_SENTENCE = r"[.!?…][”\"’')\]]*$"


def split_lines(texts: pl.DataFrame) -> pl.DataFrame:
    """`doc`, `text`, `title`, `outlet` a document -> a row a line that holds more than blanks."""
    blanks = r"[\x{a0}\x{2007}\x{202f}\x{feff}\t]"
    line = pl.col("text").str.strip_chars().str.strip_chars("\ufeff\u00a0 ")
    return (
        texts.with_columns(pl.col("text").str.split("\n"))
        .explode("text")
        .with_columns(line_no=pl.int_range(pl.len(), dtype=pl.Int32).over("doc"), text=line)
        .with_columns(seen=pl.col("text").str.replace_all(blanks, " "))
        .filter(pl.col("text") != "")
    )


def mark_lines(lines: pl.DataFrame) -> pl.DataFrame:
    """Add `rule` (why a line goes; NULL stays), `prefix` (a part that goes alone), `stamp` and `role` (what it tells).

    `role`: headline | author | stamp | NULL. Order: rules of the lexicon, repeated lines, then what the head and the
    tail of the text hold, which are the lines before the first and after the last sentence that stays.
    """
    lines = lines.with_columns(
        prefix=pl.col("seen").str.extract(DATED_PREFIX), words=pl.col("seen").str.split(" ").list.len()
    )
    is_body = (pl.col("words") >= 8) & pl.col("seen").str.contains(ENDS_SENTENCE)
    lines = mark_recurring(lines.with_columns(rule=_lexicon_rule(("any",))))
    lines = lines.with_columns(rule=pl.coalesce("rule", pl.when("is_learnt").then(pl.lit(RULE))))
    lines = _add_place(lines, is_body)
    placed = _lexicon_rule(("head",)), _lexicon_rule(("tail",))
    lines = lines.with_columns(
        rule=pl.coalesce(
            "rule",
            pl.when(pl.col("place") == "head").then(placed[0]),
            pl.when(pl.col("place") == "tail").then(placed[1]),
        )
    )
    lines = _mark_repeats(lines)
    lines = _mark_head(lines)
    return _mark_site_name(lines)


def _lexicon_rule(places: tuple[str, ...]) -> pl.Expr:
    """The first rule of the lexicon that takes a line; patterns read upper and lower case alike but for a `(?-i)`."""
    rows = lexicon("boilerplate").filter(pl.col("place").is_in(places))
    residue = pl.when(pl.col("seen").str.len_bytes() <= LONGEST_RESIDUE).then("seen")
    found = [
        pl.when(residue.str.contains(pattern_of(pattern))).then(pl.lit(rule))
        for rule, pattern in rows.select("rule", "pattern").iter_rows()
    ]
    return pl.coalesce(found)


def _add_place(lines: pl.DataFrame, is_body: pl.Expr) -> pl.DataFrame:
    kept = is_body & pl.col("rule").is_null()
    first = pl.col("line_no").filter(kept).min().over("doc")
    last = pl.col("line_no").filter(kept).max().over("doc")
    place = pl.when(pl.col("line_no") < first).then(pl.lit("head")).when(pl.col("line_no") > last).then(pl.lit("tail"))
    return lines.with_columns(place=place.otherwise(pl.lit("body")))


def _mark_repeats(lines: pl.DataFrame) -> pl.DataFrame:
    """A caption stands twice in a row (picture and its label): both go, if the text beside them is the larger part by
    far; of any other long line that stands just twice the first stays. What comes more often is a refrain: an
    interview's question, a step of a plan."""
    same_as_last = (pl.col("seen") == pl.col("seen").shift(1)) & (pl.col("doc") == pl.col("doc").shift(1))
    twice = pl.col("rule").is_null() & (pl.col("words") >= 4)
    doubled = same_as_last.fill_null(False)
    again = (pl.int_range(pl.len()).over("doc", "seen") == 1) & (pl.len().over("doc", "seen") == 2)
    lines = lines.with_columns(
        doubled=twice & (pl.col("place") != "tail") & (doubled | doubled.shift(-1).fill_null(False)),
        again=twice & again,
    ).with_columns(share=pl.col("words").filter("doubled").sum().over("doc") / pl.col("words").sum().over("doc"))
    return lines.with_columns(
        rule=pl.when(pl.col("doubled") & (pl.col("share") <= MOST_DOUBLED))
        .then(pl.lit("doubled_caption"))
        .when(pl.col("again") & (pl.col("words") >= 8))
        .then(pl.lit("repeated_line"))
        .otherwise(pl.col("rule"))
    ).drop("doubled", "again", "share")


def _mark_head(lines: pl.DataFrame) -> pl.DataFrame:
    """Headline, date stamp and author of the lines above the body.

    The headline is what the page states, or else the first line of the head that reads as one: three words or more,
    no full stop, at most 25 words. It is no headline where the document has no body below it.
    """
    # A stamp has a digit: looking for stamps in every short line is a sixth of the time that the lines take.
    short = (pl.col("words") <= 10) & pl.col("seen").str.contains(r"\d")
    told = lines.select(pl.when(short).then("seen")).to_series().to_list()
    stamped = [text is not None and reads_as_stamp(text) for text in told]
    stamps = [line_stamp(text) if is_stamp else None for text, is_stamp in zip(told, stamped, strict=True)]
    lines = lines.with_columns(
        stamp=pl.Series([s.at if s else None for s in stamps], dtype=pl.Datetime("us", "UTC")),
        stamp_precision=pl.Series([s.precision if s else None for s in stamps], dtype=pl.String),
        stamped=pl.Series(stamped, dtype=pl.Boolean),
    )
    open_head = pl.col("rule").is_null() & (pl.col("place") == "head")
    is_stamp = pl.col("stamped") & pl.col("rule").is_null() & (pl.col("place") != "body")
    reads_as_title = (
        open_head
        & ~is_stamp
        & pl.col("words").is_between(3, 25)
        & ~pl.col("seen").str.contains(r"[.:;,]$")
        & ~pl.col("seen").str.contains(r"^(?i:by) ")
    )
    first_title = pl.col("seen").filter(reads_as_title).first().over("doc")
    headline = pl.coalesce(pl.col("title"), first_title)
    lines = lines.with_columns(headline=headline).with_columns(
        role=pl.when((pl.col("place") != "tail") & (fold_words(pl.col("seen")) == fold_words(pl.col("headline"))))
        .then(pl.lit("headline"))
        .when(is_stamp)
        .then(pl.lit("stamp"))
    )
    near = pl.col("role").is_not_null().cast(pl.Int8)
    beside = (near.shift(1).fill_null(0) + near.shift(-1).fill_null(0)) > 0
    by = pl.col("seen").str.contains(r"^(?i:by)\s+\p{Lu}") & (pl.col("words") <= 8)
    is_author = open_head & pl.col("role").is_null() & ((pl.col("seen").str.contains(NAME) & beside) | by)
    return lines.with_columns(role=pl.when(is_author).then(pl.lit("author")).otherwise(pl.col("role"))).with_columns(
        rule=pl.coalesce(
            "rule",
            pl.col("role").replace_strict(
                {"headline": "repeated_headline", "stamp": "date_stamp", "author": "byline"}, default=None
            ),
        )
    )


def _mark_site_name(lines: pl.DataFrame) -> pl.DataFrame:
    """A short line in title case below the body, beside lines that go, is the site's name or a label of it."""
    gone = pl.col("rule").is_not_null()
    beside = [gone.shift(step) & (pl.col("doc") == pl.col("doc").shift(step)) for step in (1, -1)]
    is_name = (
        (pl.col("place") == "tail")
        & pl.col("rule").is_null()
        & pl.any_horizontal(beside).fill_null(False)
        & pl.col("seen").str.contains(f"{TITLE_CASE}|{DOMAIN}")
    )
    return lines.with_columns(rule=pl.when(is_name).then(pl.lit("site_name")).otherwise(pl.col("rule")))
