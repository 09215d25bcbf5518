"""Text -> tokens with offsets, and where sentences begin.

A `units` frame has a row a text to read: `unit` (UInt32, 0, 1, ...), `text`. A `tokens` frame has a row a token in
reading order; its row number is what everything downstream holds on to: `unit`, `form`, `word` (lower case), `start`,
`end` (characters of the unit's text, end exclusive), `space` (blanks before it), `paragraph`, `sentence` (global
numbers).
"""

from functools import cache

import polars as pl

from flows.extract.numbers import quantity_pattern
from flows.extract.phrases import join_phrases

MONTH = (
    r"(?:Jan(?:uary|\.)?|Feb(?:ruary|\.)?|Mar(?:ch|\.)?|Apr(?:il|\.)?|May|June?|July?|Aug(?:ust|\.)?|Sept?(?:ember|\.)?|"
    r"Oct(?:ober|\.)?|Nov(?:ember|\.)?|Dec(?:ember|\.)?)"
)
WEEKDAY = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
ABBREVIATIONS = (
    r"(?:Mr|Mrs|Ms|Dr|Prof|Sen|Rep|Gov|Gen|Col|Maj|Lt|Sgt|Capt|Cpl|Cmdr|Supt|Det|Insp|Rev|Hon|St|Jr|Sr|No|vs|Co|Corp|"
    r"Inc|Ltd|Ave|Blvd|Rd|Mt|Ft|Fla|Calif|Tenn|Ala|Ariz|Ark|Colo|Conn|Del|Ill|Ind|Kan|Ky|La|Mass|Md|Mich|Minn|Miss|Mo|"
    r"Mont|Neb|Nev|Okla|Ore|Pa|Tex|Va|Vt|Wash|Wis|Wyo)\."
)
NUMBER_WORD = (
    r"(?:[0-9]+|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|[a-z]+teen|[a-z]+ty(?:-[a-z]+)?)"
)


# Letters beyond Latin's own blocks. Unicode's whole classes are more states than the regex engine keeps.
FOREIGN = r"[[^\x00-\x{24f}]&&[\w\p{N}]]"
CLASSES = (r"\p{Lu}", r"\p{L}", r"\p{M}", r"\p{N}")


@cache
def token_pattern(latin: bool = False) -> str:
    """One alternation, first match wins: what must stay whole comes before what it is made of.

    `latin` is for lines in which nothing is FOREIGN: the same tokens, 62 ms a million characters and not 830.
    """
    parts = [
        rf"(?i:\b{MONTH}) [0-9]{{1,2}}(?:st|nd|rd|th)?\b(?:,? [0-9]{{4}}\b)?",
        rf"\b[0-9]{{1,2}}(?:st|nd|rd|th)? (?:of )?(?i:{MONTH})\b(?:,? [0-9]{{4}}\b)?",
        rf"\b{MONTH},? (?:of )?[0-9]{{4}}\b",
        r"\b[0-9]{4}-[0-9]{2}-[0-9]{2}\b|\b[0-9]{1,2}/[0-9]{1,2}/[0-9]{2,4}\b",
        rf"\b{WEEKDAY}\b|\b{MONTH}(?:\b|\s)",
        r"(?i:\b(?:(?:about|around|approximately|roughly|nearly|almost|over|by) )?"
        r"(?:[0-9]{1,2}:[0-9]{2}(?: ?[ap]\.?m\b\.?)?|[0-9]{1,2} ?[ap]\.?m\b\.?))",
        rf"(?i:\b{NUMBER_WORD}[- ](?:year|month|week|day)s?[- ]old\b)|(?i:\baged? [0-9]{{1,3}}\b)",
        r"[$€£¥] ?[0-9][[0-9],.]*(?: ?(?:million|billion|thousand|m|bn|k)\b)?",
        rf"(?i:\b{NUMBER_WORD}(?:-[\p{{L}}]{{3,}})+)",
        r"\b[0-9]+[\p{L}]+\b|\b[0-9]+\.[0-9]+\.[0-9]+\b|[.][0-9]+-?cal[a-z]*|#[0-9]+",
        rf"(?i:{quantity_pattern()})",
        rf"\b{ABBREVIATIONS}|\b[ap]\.m\.|\b[DRI]-(?:(?:[A-Z]\.)+|[A-Z][a-z]{{1,4}}\.)",
        r"\b(?:[\p{Lu}]\.){2,}|\b[\p{Lu}]\.",
        r"[\p{L}][\p{L}\p{M}\p{N}]*(?:-[\p{L}\p{N}]+)*"
        r"(?:n['’]t\b|['’][\p{Lu}][\p{L}]+|['’](?:[tT]|ll|re|ve|[dD]|[mM])\b)?",
        r"['’][sS]\b",
        r"--+|\.\.\.+",
        r" +",
        r"(?s:.)",
    ]
    pattern = "|".join(parts)
    for letters in CLASSES if latin else ():
        pattern = pattern.replace(letters, rf"[{letters}&&[\x00-\x{{24f}}]]")
    return pattern


def split_lines(lines: pl.Series) -> pl.Series:
    """Lines -> lists of forms, each line by one pattern; the slow one costs 4 ms even where no line needs it."""
    foreign = lines.str.contains(FOREIGN)
    forms = lines.set(foreign, None).str.extract_all(token_pattern(latin=True))
    return (
        forms.zip_with(~foreign, lines.set(~foreign, None).str.extract_all(token_pattern())) if foreign.any() else forms
    )


def read_tokens(units: pl.DataFrame) -> pl.DataFrame:
    """Units -> tokens, untagged: see the module's docstring for the columns."""
    text = pl.col("text").str.replace_all(r"[\x{a0}\x{2007}\x{202f}\t]", " ")
    # A line keeps its break: a token may end in it, none goes on behind it.
    lines = units.select("unit", line=text.str.extract_all(r"[^\n]*\n|[^\n]+")).explode("line")
    pieces = (
        lines.with_columns(form=split_lines(lines["line"]))
        .drop("line")
        .explode("form")
        .filter(pl.col("form").is_not_null())
        .with_columns(length=pl.col("form").str.len_chars().cast(pl.Int32))
    )
    ends = pl.col("length").cum_sum()
    pieces = pieces.with_columns(end=ends.over("unit"), text=pl.col("form").str.strip_chars_end())
    pieces = pieces.with_columns(start=pl.col("end") - pl.col("length"))
    blank = pl.col("text") == ""
    line_break = pl.col("form") == "\n"
    unit_change = pl.col("unit") != pl.col("unit").shift(1)
    return (
        pieces.with_columns(
            space=blank.shift(1).fill_null(True)
            | unit_change.fill_null(True)
            | (pl.col("form").shift(1).str.ends_with(" ")).fill_null(False),
            paragraph=(line_break | unit_change.fill_null(False)).cum_sum().cast(pl.UInt32),
        )
        .filter(~blank)
        .select(
            "unit",
            pl.col("text").alias("form"),
            pl.col("text").str.to_lowercase().str.replace_all(r"\s+", " ").str.replace_all("’", "'").alias("word"),
            "start",
            (pl.col("start") + pl.col("text").str.len_chars().cast(pl.Int32)).alias("end"),
            "space",
            "paragraph",
        )
        .pipe(join_phrases)
        .pipe(_add_sentences)
    )


def _add_sentences(tokens: pl.DataFrame) -> pl.DataFrame:
    """A sentence ends at . ! ? … and the closing marks right behind it, and at the end of a paragraph or unit.

    A token in lower case opens none, so that "… the United States" and "Inc. said" stay together.
    """
    clock = pl.col("word").is_in(["a.m.", "p.m."]) & pl.col("form").shift(-1).str.contains(r"^\p{Lu}\p{Ll}")
    stop = pl.col("form").is_in([".", "!", "?", "…", "..."]) | clock.fill_null(False)
    closer = pl.col("form").is_in(["”", "’", '"', ")", "]", "»", "›", "'"]) & ~pl.col("space")
    tokens = tokens.with_columns(ends=stop)
    for _ in range(2):
        tokens = tokens.with_columns(ends=pl.col("ends") | (closer & pl.col("ends").shift(1).fill_null(False)))
    apart = (pl.col("paragraph") != pl.col("paragraph").shift(1)) | (pl.col("unit") != pl.col("unit").shift(1))
    lower = pl.col("form").str.contains(r"^\p{Ll}")
    opens = apart.fill_null(True) | (
        pl.col("ends").shift(1).fill_null(False)
        & ~pl.col("ends")
        & ~(lower & (pl.col("form").shift(1) != "."))
        & (pl.col("space") | pl.col("form").str.contains(r"^[\p{Lu}“]"))
    )
    return tokens.with_columns(sentence=(opens.cast(pl.UInt32).cum_sum() - 1)).drop("ends")
