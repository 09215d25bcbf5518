"""Lines that recur: what stands in many articles of one publisher is boilerplate, unless it reads as journalism.

Cleaning tells of each short line what it would take to know it again, and how it reads; the ledger counts in how many
articles of the publisher it stands and decides (`warehouse.recurring`); a later run gets the decided lines with its
lexicons, as `recurring_lines.csv` (LEARNT: `line` is folded, `decision` drop, or keep where an analyst said so), and
takes them out.

How a line reads (`form`), the first that fits:
- marked: with a word of seeds/lexicon/line_marks.csv it speaks to the reader, or of the outlet, its staff, its rights;
- dateline: a place, an agency or a day before a dash or in capitals;
- sentence: it ends as one does. "The investigation continues." may close every report of a desk: it stays;
- label: neither sentence nor dateline. It goes where it stands above or below the text, not inside, as subheadings do.
"""

import polars as pl

from flows.lexicon import lexicon, lexicons, pattern_of
from flows.schema import LINES

MOST_WORDS = 40  # boilerplate is short; longer lines are not kept for counting
ENDS = 4  # words at either end of a marked line by which its variants are known
LEARNT = pl.Schema({"publisher": pl.String, "line": pl.String, "part": pl.String, "decision": pl.String})
PARTS = {"whole": "folded", "start": "starts", "end": "ends"}
RULE = "recurring_line"
DAY = r"(?:,? \p{L}{3,9}\.? \d{1,2}(?:, \d{4})?|,? \d{1,2} \p{L}{3,9}\.?(?: \d{4})?)?"
AGENCY = r"(?: ?\([^)]{2,40}\))?"
DATELINE = (
    r"^(?:\p{Lu}[\p{Lu}.'’-]+(?: \p{Lu}[\p{Lu}.'’-]+){0,3}(?:, \p{Lu}[\p{L}. ]{1,30})?"  # LYON, France
    r"|\p{Lu}[\p{L}.'’-]+(?: \p{Lu}[\p{L}.'’-]+){0,3}, \p{Lu}[\p{L}. ]{1,30}"  # Lyon, France
    rf"|\p{{Lu}}[\p{{L}}.'’ -]{{1,40}}{DAY}{AGENCY} ?[–—-]+"  # Lyon, Nov. 21 (Agency) -
    rf"){AGENCY} ?[–—:-]*$"
)
ENDS_SENTENCE = r"[\p{L}\p{N})%][.?…][”\"’')\]]*$|[.?!][”\"’]$"


def fold_words(text: pl.Expr) -> pl.Expr:
    """A text as it is compared: lower case, words parted by one blank, nothing but letters and digits."""
    return text.str.to_lowercase().str.replace_all(r"[^\p{L}\p{N}]+", " ").str.strip_chars()


def fold(column: str) -> pl.Expr:
    """A line as it is known again: folded, and every number as 0."""
    return fold_words(pl.col(column).str.replace_all(r"\d+(?:[.,:]\d+)*", "0"))


def outlet_of(publisher: str, url: str) -> pl.Expr:
    """Whose lines are counted together: the publisher, else the host of the address; NULL where neither is known."""
    return pl.coalesce(publisher, pl.col(url).str.to_lowercase().str.extract(r"^https?://(?:www\.)?([^/:?#]+)"))


def mark_recurring(lines: pl.DataFrame) -> pl.DataFrame:
    """Add `folded` and `is_learnt`: the run knows the line, or how it starts or ends, as its outlet's boilerplate.

    `lines` has `outlet` and `seen`; lines of no outlet, and long ones, are never known.
    """
    is_short = pl.col("outlet").is_not_null() & (pl.col("words") <= MOST_WORDS)
    lines = lines.with_columns(folded=pl.when(is_short).then(fold("seen"))).with_columns(_end(True), _end(False))
    learnt = _learnt()
    for part, column in PARTS.items():
        own = learnt.filter(pl.col("part") == part).select(
            pl.col("line").alias(column), outlet="publisher", **{f"{part}_is": "decision"}
        )
        lines = lines.join(own, on=["outlet", column], how="left", maintain_order="left")
    said = [pl.col(f"{part}_is") for part in PARTS]
    is_learnt = pl.any_horizontal(one == "drop" for one in said).fill_null(False)
    is_kept = (said[0] == "keep").fill_null(False)
    return lines.with_columns(is_learnt=is_learnt & ~is_kept).drop(f"{part}_is" for part in PARTS)


def tell_lines(lines: pl.DataFrame) -> pl.DataFrame:
    """LINES but for the keys, with `doc`: a row a short line of an outlet, and one each for the ends of a marked one.

    A line that another rule took tells nothing: it goes without being learnt.
    """
    is_taken = (pl.col("rule") == RULE).fill_null(False)
    lines = lines.filter(pl.col("outlet").is_not_null() & (pl.col("rule").is_null() | is_taken))
    # Half of the text is in longer lines: no pattern reads it.
    short = pl.when(pl.col("words") <= MOST_WORDS).then("seen")
    lines = lines.with_columns(is_taken=is_taken, line="text", short=short).with_columns(form=_form())
    weight = pl.col("words") + pl.when(pl.col("form") == "marked").then(0).otherwise(MOST_WORDS)
    longest = pl.col("seen").sort_by(weight, descending=True, maintain_order=True).first().over("doc")
    told = lines.with_columns(article_line=longest).filter(pl.col("folded").str.contains(r"\p{L}"))
    parts = [
        told.with_columns(pl.col(column).alias("folded"), whole="folded", part=pl.lit(part)).filter(
            (pl.col("part") == "whole") | ((pl.col("form") == "marked") & pl.col("folded").is_not_null())
        )
        for part, column in PARTS.items()
    ]
    columns = [name for name in LINES.names() if name not in ("article_id", "raw_sha256")]
    return pl.concat(parts).select("doc", *columns).unique(["doc", "part", "folded"], keep="first", maintain_order=True)


def _learnt() -> pl.DataFrame:
    """LEARNT: what the run knows, a later row before an earlier one; nothing where it was given nothing."""
    file = lexicons() / "recurring_lines.csv"
    known = pl.read_csv(file, schema=LEARNT) if file.exists() else pl.DataFrame(schema=LEARNT)
    return known.unique(["publisher", "line", "part"], keep="last", maintain_order=True)


def _end(is_start: bool) -> pl.Expr:
    """The first or the last words of a line that has more of them."""
    name, pattern = ("starts", rf"^((?:\S+ ){{{ENDS}}})\S") if is_start else ("ends", rf"\S((?: \S+){{{ENDS}}})$")
    return pl.col("folded").str.extract(pattern).str.strip_chars().alias(name)


def _form() -> pl.Expr:
    marks = [pattern_of(text) for text in lexicon("line_marks")["pattern"]]
    return (
        pl.when(pl.any_horizontal(pl.col("short").str.contains(mark) for mark in marks))
        .then(pl.lit("marked"))
        .when(pl.col("short").str.contains(DATELINE))
        .then(pl.lit("dateline"))
        .when(pl.col("short").str.contains(ENDS_SENTENCE) & (pl.col("words") >= 3))
        .then(pl.lit("sentence"))
        .otherwise(pl.lit("label"))
    )
