"""Text -> tokens with offsets, and where sentences begin.

A `units` frame has a row a text to read: `unit` (UInt32, 0, 1, ...), `text`. A `tokens` frame has a row a token in
reading order; its row number is what everything downstream holds on to: `unit`, `form`, `word` (lower case), `start`,
`end` (characters of the unit's text, end exclusive), `space` (blanks before it), `paragraph`, `sentence` (global
numbers).
"""

from functools import cache

import polars as pl

from flows.extract.numbers import quantity_pattern
from flows.extract.tagset import actor_names, tag_table
from flows.lexicon import lexicon

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
NUMBER_WORD = r"(?:\d+|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|\w+ty(?:-\w+)?)"


def _any(words: list[str]) -> str:
    escaped = [w.replace(".", r"\.").replace("%", r"\%").replace(" ", r"\s+") for w in words]
    return "|".join(sorted(escaped, key=len, reverse=True))


@cache
def token_pattern() -> str:
    """One alternation, first match wins: what must stay whole comes before what it is made of."""
    phrases = [word for word in tag_table()["word"].to_list() if " " in word]
    relative = lexicon("dates")["phrase"].to_list()
    measure = _any(lexicon("measures")["word"].to_list())
    names = [alias for alias in actor_names()["form"].to_list() if " " in alias or "-" in alias or "." in alias]
    parts = [
        rf"\b{MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?\b(?:,?\s+\d{{4}}\b)?",
        rf"\b\d{{1,2}}(?:st|nd|rd|th)?\s+(?:of\s+)?{MONTH}\b(?:,?\s+\d{{4}}\b)?",
        rf"\b{MONTH},?\s+(?:of\s+)?\d{{4}}\b",
        r"\b\d{4}-\d{2}-\d{2}\b|\b\d{1,2}/\d{1,2}/\d{2,4}\b",
        rf"\b{WEEKDAY}\b|\b{MONTH}(?:\b|\s)",
        rf"(?i:\b(?:{_any(relative)})\b)",
        r"(?i:\b\d{1,2}:\d{2}(?:\s*[ap]\.?m\b\.?)?)",
        rf"(?i:\b{NUMBER_WORD}(?:-|\s)(?:year|month|week|day)s?(?:-|\s)old\b)|(?i:\baged?\s+\d{{1,3}}\b)",
        r"(?i:[$€£¥]\s?\d[\d,.]*(?:\s*(?:million|billion|thousand|m|bn|k)\b)?)",
        rf"(?i:\b(?:{quantity_pattern()})\s*-?(?:{measure})(?:\b|\B))",
        rf"(?i:\b(?:\d+|{NUMBER_WORD})(?:-\p{{L}}{{3,}})+)",
        r"(?i:\b\d+(?:st|nd|rd|th)\b)|\b\d+\.\d+\.\d+\b|[.]\d+-?cal\w*|#\d+",
        rf"(?:{_any(names)})",
        rf"(?i:\b(?:{_any(phrases)})\b)",
        rf"(?i:{quantity_pattern()})",
        rf"\b{ABBREVIATIONS}",
        r"\b(?:\p{Lu}\.){2,}|\b\p{Lu}\.",
        r"\p{L}[\p{L}\p{M}\p{N}]*(?:-[\p{L}\p{N}]+)*(?:n['’]t\b|['’]\p{Lu}\p{L}+|['’](?:t|ll|re|ve|d|m)\b)?",
        r"['’]s\b",
        r"--+|\.\.\.+",
        r"[ \t\x{a0}]+",
        r"(?s:.)",
    ]
    return "|".join(parts)


def read_tokens(units: pl.DataFrame) -> pl.DataFrame:
    """Units -> tokens, untagged: see the module's docstring for the columns."""
    pieces = (
        units.select("unit", form=pl.col("text").str.extract_all(token_pattern()))
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
        .pipe(_add_sentences)
    )


def _add_sentences(tokens: pl.DataFrame) -> pl.DataFrame:
    """A sentence ends at . ! ? … and the closing marks right behind it, and at the end of a paragraph or unit.

    A token in lower case opens none, so that "… the United States" and "Inc. said" stay together.
    """
    stop = pl.col("form").is_in([".", "!", "?", "…", "..."])
    closer = pl.col("form").is_in(["”", "’", '"', ")", "]", "»", "'"]) & ~pl.col("space")
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
