"""Text -> tokens with offsets, and where sentences begin.

A `units` frame has a row a text to read: `unit` (UInt32, 0, 1, ...), `text`. A `tokens` frame has a row a token in
reading order; its row number is what everything downstream holds on to: `unit`, `form`, `word` (lower case), `start`,
`end` (characters of the unit's text, end exclusive), `space` (blanks before it), `paragraph`, `sentence` (global
numbers), `code` (a number of the form within the frame; NULL for phrases), `is_loud` (a word in capitals; NULL for what
is no word).
"""

from functools import cache
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from flows.extract.neighbours import Rows, before, behind, changes, is_one, read_letters
from flows.extract.numbers import quantity_pattern
from flows.extract.phrases import find_phrases, first_words, second_words

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
# Letters and figures beyond ASCII; a line without them may still have curly quotes and dashes.
ACCENTED = r"[[^\x00-\x7f]&&[\w\p{L}\p{M}\p{N}]]"
STOPS = ["!", "?", "…", "..."]
CLOSERS = ["”", "’", '"', ")", "]", "»", "›", "'"]
CLASSES = {r"\p{Lu}": "A-Z", r"\p{L}": "A-Za-z", r"\p{M}": "", r"\p{N}": "0-9"}


@cache
def token_pattern(letters: str = "any") -> str:
    """One alternation, first match wins: what must stay whole comes before what it is made of.

    `letters` is "latin" for lines in which nothing is FOREIGN: the same tokens, 62 ms a million characters and not 830;
    "plain" for those in which nothing is ACCENTED: 23 ms, for Unicode's word boundaries leave the engine's fast way at
    the first curly quote.
    """
    parts = [
        rf"(?i:\b{MONTH}) [0-9]{{1,2}}(?:st|nd|rd|th)?\b(?:,? [0-9]{{4}}\b)?",
        rf"\b[0-9]{{1,2}}(?:st|nd|rd|th)? (?:of )?(?i:{MONTH})\b(?:,? [0-9]{{4}}\b)?",
        rf"\b{MONTH},? (?:of )?[0-9]{{4}}\b",
        r"\b[0-9]{4}-[0-9]{2}-[0-9]{2}\b|\b[0-9]{1,2}/[0-9]{1,2}/[0-9]{2,4}\b",
        rf"\b{WEEKDAY}\b|\b{MONTH}(?:\b|\s)",
        r"(?i:\b(?:(?:about|around|approximately|roughly|nearly|almost|over|by) )?"
        r"(?:[0-9]{1,2}:[0-9]{2}(?: ?[ap]\.?m\b\.?)?|[0-9]{1,2} ?[ap]\.?m\b\.?))",
        rf"(?i:\b(?:another )?{NUMBER_WORD}[- ](?:year|month|week|day)s?[- ]old\b)|(?i:\baged? [0-9]{{1,3}}\b)",
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
    if letters == "plain":
        for unicode, ascii in CLASSES.items():
            pattern = pattern.replace(f"[{unicode}]", f"[{ascii}]").replace(unicode, ascii)
        return pattern.replace(r"\b", r"(?-u:\b)")
    for unicode in CLASSES if letters == "latin" else ():
        pattern = pattern.replace(unicode, rf"[{unicode}&&[\x00-\x{{24f}}]]")
    return pattern


def split_lines(lines: pl.Series) -> pl.Series:
    """Lines -> lists of forms, each with the blanks behind it; each line by the fastest pattern that reads it."""
    accented = lines.str.contains(ACCENTED)
    forms = lines.set(accented, None).str.extract_all(f"(?:{token_pattern('plain')}) *")
    if accented.any():
        foreign = lines.set(~accented, None).str.contains(FOREIGN).fill_null(False)
        for letters, these in (("latin", accented & ~foreign), ("any", foreign)):
            if these.any():
                other = lines.set(~these, None).str.extract_all(f"(?:{token_pattern(letters)}) *")
                forms = forms.zip_with(~these, other)
    return forms


def read_tokens(units: pl.DataFrame) -> pl.DataFrame:
    """Units -> tokens, untagged: see the module's docstring for the columns."""
    text = pl.col("text").str.replace_all(r"[\x{a0}\x{2007}\x{202f}\t]", " ")
    # A line keeps its break: a token may end in it, none goes on behind it.
    lines = units.select("unit", line=text.str.extract_all(r"[^\n]*\n|[^\n]+")).explode("line")
    raw = split_lines(lines["line"])
    forms, entry = _number_forms(raw.explode())
    length, size, is_spaced, is_break = (
        forms[name].to_numpy()[entry] for name in ("length", "size", "is_spaced", "is_break")
    )
    unit = lines["unit"].to_numpy().repeat(raw.list.len().to_numpy())
    opens = np.append(True, unit[1:] != unit[:-1])
    start = length.cumsum() - length
    start -= np.maximum.accumulate(np.where(opens, start, 0))
    space, paragraph = before(is_spaced, fill=True) | opens, (is_break | opens).cumsum() - 1
    kept = size > 0
    columns = {"unit": unit, "start": start, "end": start + size, "space": space, "paragraph": paragraph}
    return _add_sentences(*_join_phrases(forms, entry[kept], {name: values[kept] for name, values in columns.items()}))


def _number_forms(raw: pl.Series) -> tuple[pl.DataFrame, Rows]:
    """(`_describe_forms` of each distinct form, each token's row there)."""
    number = raw.cast(pl.Categorical(pl.Categories.random())).to_physical().to_numpy().astype(np.int64)
    first = np.zeros(number.max(initial=-1) + 1, dtype=np.int64)
    first[number] = np.arange(len(number))
    return _describe_forms(raw[first]), number


def _join_phrases(
    forms: pl.DataFrame, entry: Rows, columns: dict[str, NDArray[Any]]
) -> tuple[pl.DataFrame, Rows, dict[str, NDArray[Any]]]:
    """The same with each phrase as one token, a form of its own that has no `code`."""
    phrases = find_phrases(forms, entry, columns["space"], columns["paragraph"])
    row, last = phrases["row"].to_numpy(), phrases["last"].to_numpy()
    kept = np.full(len(entry), True)
    for step in range(1, max(last - row, default=0) + 1):
        kept[(row + step)[row + step <= last]] = False
    own = forms[entry[row]].with_columns(phrases["form", "word"], code=pl.lit(None, pl.UInt32))
    columns["end"][row] = columns["end"][last]
    entry = entry.copy()
    entry[row] = forms.height + np.arange(len(row))
    # In one piece, for fetching from two takes twice as long.
    return pl.concat([forms, own], rechunk=True), entry[kept], {name: values[kept] for name, values in columns.items()}


def _describe_forms(raw: pl.Series) -> pl.DataFrame:
    """A row each of distinct forms: what follows from the form alone is worked out once and not for each token.

    `raw` (with the blanks behind it), `length`, `size` (without them), `form`, `word`, `code` (numbers the forms),
    `begins` (a phrase may), `goes_on` (it may be a phrase's second word), `stops` (what it is to the end of a sentence:
    . a full stop, ! another, ) a mark that closes, m a clock's "p.m.", a lower case, T a capital, A capitals or a mark
    that opens; NULL for others), `is_loud` (a word in capitals; NULL for what is no word), `is_spaced`, `is_break`.
    """
    form, word = pl.col("form"), pl.col("word")
    word_of = form.str.to_lowercase().str.replace_all(r"\s+", " ").str.replace_all("’", "'")
    return (
        raw.alias("raw")
        .to_frame()
        .with_columns(form=pl.col("raw").str.strip_chars_end())
        .with_columns(word=word_of)
        .with_columns(
            length=pl.col("raw").str.len_chars().cast(pl.Int64),
            size=form.str.len_chars().cast(pl.Int32),
            code=form.cast(pl.Categorical(pl.Categories.random())).to_physical().cast(pl.UInt32),
            begins=word.is_in(first_words().implode()),
            goes_on=word.is_in(second_words().implode()),
            stops=pl.when(form == ".")
            .then(pl.lit("."))
            .when(form.is_in(STOPS))
            .then(pl.lit("!"))
            .when(form.is_in(CLOSERS))
            .then(pl.lit(")"))
            .when(word.is_in(["a.m.", "p.m."]))
            .then(pl.lit("m"))
            .when(form.str.contains(r"^\p{Ll}"))
            .then(pl.lit("a"))
            .when(form.str.contains(r"^\p{Lu}\p{Ll}"))
            .then(pl.lit("T"))
            .when(form.str.contains(r"^[\p{Lu}“]"))
            .then(pl.lit("A")),
            is_loud=pl.when(form.str.contains(r"^\p{L}{2}")).then(form.str.contains(r"^[^\p{Ll}]+$")),
            is_spaced=pl.col("raw").str.ends_with(" ") | (form == ""),
            is_break=pl.col("raw").str.starts_with("\n"),
        )
    )


def _add_sentences(forms: pl.DataFrame, entry: Rows, columns: dict[str, NDArray[Any]]) -> pl.DataFrame:
    """The tokens' frame with `sentence`: one ends at . ! ? … and the closing marks right behind it, and at the end of a
    paragraph or unit.

    A token in lower case opens none, so that "… the United States" and "Inc. said" stay together.
    """
    kind, space = read_letters(forms["stops"])[entry], columns["space"]
    ends = is_one(kind, ".!") | (is_one(kind, "m") & is_one(behind(kind), "T"))
    closer = is_one(kind, ")") & ~space
    for _ in range(2):
        ends = ends | (closer & before(ends))
    goes_on = is_one(kind, "am") & ~is_one(before(kind), ".")
    opens = before(ends) & ~ends & ~goes_on & (space | is_one(kind, "AT"))
    opens = opens | changes(columns["paragraph"]) | changes(columns["unit"])
    types = {"unit": pl.UInt32, "start": pl.Int32, "end": pl.Int32, "paragraph": pl.UInt32, "sentence": pl.UInt32}
    columns["sentence"] = opens.cumsum() - 1
    return forms.select("form", "word", "code", "is_loud")[entry].hstack(
        [pl.Series(name, values, dtype=types.get(name)) for name, values in columns.items()]
    )
