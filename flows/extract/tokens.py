"""Text -> tokens with offsets -> tags -> sentences whose tags stand in strings, one letter a token.

A `units` frame has a row a text to read: `unit` (UInt32, 0, 1, ...), `text`. A `tokens` frame has a row a token in
reading order; its row number is what everything downstream holds on to: `unit`, `form`, `word` (lower case), `start`,
`end` (characters of the unit's text, end exclusive), `space` (blanks before it), `paragraph`, `sentence` (global
numbers). Tags come from the lexicons, a column a layer: `count`, `speech`.
"""

from functools import cache

import polars as pl

from flows.extract.numbers import parse_quantity, quantity_pattern
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
    names = [alias for alias in _names()["form"].to_list() if " " in alias or "-" in alias or "." in alias]
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


@cache
def _names() -> pl.DataFrame:
    """`form`, `actor`: actors' names, told apart by case ("IS" is no "is")."""
    return lexicon("actors").select(form="alias", actor="actor").unique("form", keep="first")


@cache
def tag_table() -> pl.DataFrame:
    """One row a lower-case word or phrase: its letter in each layer and what it carries.

    Columns: `word`, `count`, `speech`, `harm_kind`, `victim_class`, `actor_type`, `stance`, `claim_side`, `incident`,
    `scope_cue`.
    """
    letters = {
        "count": {
            "plural": "p",
            "single": "s",
            "participle": "v",
            "gerund": "g",
            "base": "f",
            "state": "j",
            "noun": "n",
            "toll": "z",
            "unharmed": "w",
        },
        "grammar": {
            "article": "a",
            "determiner": "t",
            "pronoun": "u",
            "relative": "r",
            "auxiliary": "b",
            "adverb": "d",
            "preposition": "P",
            "conjunction": "C",
            "of": "F",
            "and": "&",
            "including": "L",
            "negation": "x",
            "that": "h",
        },
        "speech": {"finite": "S", "gerund": "G", "according": "A"},
        "role": {"role": "R", "body": "B", "group": "Q", "honorific": "H"},
    }
    harm = lexicon("harm").select("word", count=pl.col("form").replace_strict(letters["count"]), harm_kind="kind")
    people = lexicon("people").select(
        word="noun",
        count=pl.when(pl.col("group") == "attacker")
        .then(pl.when(pl.col("number") == "single").then(pl.lit("l")).otherwise(pl.lit("k")))
        .when(pl.col("group") == "troops")
        .then(pl.lit("y"))
        .when(pl.col("group") == "body")
        .then(pl.lit("c"))
        .otherwise(pl.col("number").replace_strict(letters["count"])),
        victim_class="victim_class",
    )
    munitions = lexicon("munitions").select(
        word="noun", count=pl.when(pl.col("number") == "single").then(pl.lit("i")).otherwise(pl.lit("m"))
    )
    grammar = lexicon("grammar").select("word", grammar=pl.col("tag").replace_strict(letters["grammar"]))
    speech = lexicon("speech").select("word", speech=pl.col("form").replace_strict(letters["speech"]))
    roles = lexicon("roles").select(
        word="noun", role=pl.col("tag").replace_strict(letters["role"]), actor_type="actor_type"
    )
    claims = lexicon("claims").select(word="phrase", stance="stance", claim_side="side")
    incidents = lexicon("incidents").select(word="noun", incident="kind")
    scopes = lexicon("scopes").select(word="phrase", scope_cue="scope")
    table = pl.DataFrame(schema={"word": pl.String})
    for part in (harm, people, munitions, grammar, speech, roles, claims, incidents, scopes):
        part = part.unique("word", keep="first", maintain_order=True)
        table = table.join(part, on="word", how="full", coalesce=True, suffix="_more")
        twins = [name for name in table.columns if name.endswith("_more")]
        table = table.with_columns(
            pl.coalesce(t.removesuffix("_more"), t).alias(t.removesuffix("_more")) for t in twins
        )
        table = table.drop(twins)
    return table.select(
        "word",
        pl.coalesce("count", "grammar"),
        pl.coalesce("role", "speech", "grammar").alias("speech"),
        "harm_kind",
        "victim_class",
        "actor_type",
        "stance",
        "claim_side",
        "incident",
        "scope_cue",
    )


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


def tag_tokens(tokens: pl.DataFrame) -> pl.DataFrame:
    """Add the layers `count` and `speech` (one letter a token), the quantity of quantity tokens (`value`, `low`,
    `high`, `modifier`), `actor` (canonical, where the form is an actor's name) and what the lexicon rows carry."""
    tokens = tokens.join(tag_table(), on="word", how="left", maintain_order="left")
    tokens = tokens.join(_names(), on="form", how="left", maintain_order="left")
    tokens = tokens.join(_quantities(tokens), on="word", how="left", maintain_order="left")
    is_date = pl.col("form").str.contains(
        rf"^(?:{MONTH}(?:,?\s+(?:of\s+)?\d.*)?|{WEEKDAY}|\d{{1,2}}(?:st|nd|rd|th)?\s+(?:of\s+)?{MONTH}.*|\d{{4}}-\d{{2}}-\d{{2}}|\d{{1,2}}/\d{{1,2}}/\d{{2,4}})$"
    ) | pl.col("word").is_in(lexicon("dates")["phrase"].to_list())
    is_age = pl.col("word").str.contains(r"(?:-|\s)(?:year|month|week|day)s?(?:-|\s)old$|^aged? \d")
    year = pl.col("word").str.contains(r"^(?:19|20)\d\d$")
    capital = pl.col("form").str.contains(r"^\p{Lu}") & ~pl.col("form").str.contains(r"^\p{Lu}\.$")
    opens = pl.col("sentence") != pl.col("sentence").shift(1).fill_null(2**32 - 1)
    quote_opens = pl.col("form").shift(1).is_in(["“", '"', "‘", "«"]) & opens.shift(1).fill_null(False)
    initial = pl.col("form").str.contains(r"^\p{Lu}\.$")
    unknown = pl.col("count").is_null() & pl.col("speech").is_null() & pl.col("stance").is_null()
    followed = pl.col("form").shift(-1).str.contains(r"^\p{Lu}\p{L}|^\p{Lu}\.$").fill_null(False)
    seen = pl.col("form").is_in(tokens.filter(capital & ~opens & ~quote_opens & unknown)["form"].unique().implode())
    headline = (capital.cast(pl.Float64).mean().over("unit") > 0.5) & (pl.len().over("unit") < 40)
    inside = ~(opens | quote_opens)
    proper = unknown & ((capital & (inside | followed | seen)) | initial)
    punctuation = (
        pl.when(pl.col("form").is_in(["“", "”", '"', "«", "»"]))
        .then(pl.lit("q"))
        .when(pl.col("form") == ",")
        .then(pl.lit(","))
        .when(pl.col("form") == "'s")
        .then(pl.lit("'"))
        .when(pl.col("form") == "’s")
        .then(pl.lit("'"))
        .when(pl.col("form").is_in(["(", ")", "[", "]"]))
        .then(pl.lit("_"))
        .when(~pl.col("form").str.contains(r"[\p{L}\p{N}]"))
        .then(pl.lit(";"))
    )
    shared = (
        pl.when(pl.col("actor").is_not_null())
        .then(pl.lit("X"))
        .when(is_date)
        .then(pl.lit("T"))
        .when(is_age)
        .then(pl.lit("Y"))
    )
    return tokens.with_columns(
        count=pl.coalesce(
            shared,
            pl.when(pl.col("modifier").is_not_null() & ~year).then(pl.lit("N")),
            pl.when(year).then(pl.lit("T")),
            "count",
            punctuation,
            pl.when(proper).then(pl.lit("O")),
            pl.lit("w"),
        ),
        speech=pl.coalesce(
            shared,
            pl.when(pl.col("modifier").is_not_null() | year).then(pl.lit("N")),
            pl.when(pl.col("speech").is_in(["R", "B", "Q", "H", "A"])).then(pl.col("speech")),
            pl.when(inside & capital & pl.col("speech").is_in(["S", "G", "w"]) & ~headline).then(pl.lit("O")),
            "speech",
            pl.when(pl.col("stance").is_not_null()).then(pl.lit("K")),
            punctuation,
            pl.when(proper).then(pl.lit("O")),
            pl.lit("w"),
        ),
    )


def _quantities(tokens: pl.DataFrame) -> pl.DataFrame:
    """Each distinct quantity phrase, parsed once."""
    words = tokens["word"].unique()
    found = words.filter(words.str.contains(rf"^(?i:{quantity_pattern()})$"))
    rows = [(word, parse_quantity(word)) for word in found]
    return pl.DataFrame(
        [(word, q.value, q.low, q.high, q.modifier) for word, q in rows if q],
        schema={"word": pl.String, "value": pl.Int64, "low": pl.Int64, "high": pl.Int64, "modifier": pl.String},
        orient="row",
    )


def read_sentences(tokens: pl.DataFrame) -> pl.DataFrame:
    """A row a sentence: `sentence`, `unit`, `paragraph`, `first` (row of its first token), `n_tokens`, `start`, `end`,
    and each layer's letters as one string. No sentence crosses two units."""
    sentences = (
        tokens.with_row_index("row")
        .group_by("sentence", maintain_order=True)
        .agg(
            pl.col("unit").first(),
            pl.col("unit").n_unique().alias("n_units"),
            pl.col("paragraph").first(),
            pl.col("row").first().alias("first"),
            pl.len().alias("n_tokens"),
            pl.col("start").first(),
            pl.col("end").last(),
            pl.col("count").str.join(""),
            pl.col("speech").str.join(""),
        )
    )
    if (sentences["n_units"] > 1).any():
        raise AssertionError("a sentence crosses two texts")
    return sentences.drop("n_units")
