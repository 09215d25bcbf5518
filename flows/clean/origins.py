"""Whose text it is: the outlet or agency that an article credits as its author. A photo's credit, a citation ("told
Reuters") and help that is thanked for ("with files from AFP") are none."""

from functools import cache

import polars as pl

from flows.lexicon import lexicon

WORD, JOINT = r"[\p{Lu}\d][\p{L}\d'’&.!/-]*", r"of|the|and|for|de|la|le|del|di|y|et|&"
DOMAIN = r"(?:www\.)?[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,8}"
SISTER = r"(?:(?:[Tt]he website of|[Oo]ur (?:sister|partner) (?:site|paper|publication|title|outlet),?) )?"
NAME = rf"{SISTER}(?P<name>(?:[Tt]he )?{WORD}(?: (?:{WORD}|{JOINT})){{0,7}}|{DOMAIN})"
REST = r"(?:,? (?:on|in|at|and|with|under|as|where|here|by)\b.*|[,.;:(–—].*)?"
CALL_SIGN = r"^[WK][A-Z]{2,3}(?:-(?:TV|FM|AM))?$"  # of a station in the United States
MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.?(?: \d.*)?"
NO_NAME = rf"^(?:{MONTH}|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b.*|[\d:./-]+(?: .*)?|(?:Page|Print|Here)\b.*)$"
CUES = [
    *(
        "publish",
        "appear",
        "print",
        "post",
        "report",
        "syndicat",
        "reproduc",
        "produc",
        "provid",
        "suppli",
        "distribut",
    ),
    *("source", "via", "courtesy", "from", "copyright", "©", "(c)", " ran "),
]
LONGEST = 160  # bytes of a line that credits
OPENS = r"^(?:\p{Lu}[^()\n.!?]{1,30}[^()\n!?]{0,40} )?\((?P<name>[^()\n]{2,40})\) ?(?:–|—|--|-|•|·|:) "
OPENS_BARE = r"^(?P<name>\p{Lu}[\p{L} -]{1,30})(?:, \p{Lu}[\p{L} ]{1,30})? ?(?:–|—|--| - )"
CLOSES = r"[.!?][\"'”’)]* ?[(\[–—-]+ ?(?P<name>\p{Lu}[\p{L} -]{1,30})[)\]]?$"
HOUSE = r"(?i) (?:staff|reporters?|correspondents?|writers?|news agency|news service)$"


def read_credits(lines: pl.DataFrame) -> pl.DataFrame:
    """`doc`, `credit`: the outlet that a line of the article names as its author, canonical where the lexicon knows it;
    of several lines the first. `lines` as `mark_lines` gives them, those that go included."""
    is_short = pl.col("seen").str.len_bytes() <= LONGEST
    has_cue = pl.col("seen").str.contains_any(CUES, ascii_case_insensitive=True)
    short = lines.filter(is_short & (has_cue | (pl.col("place") == "tail")))
    found = [
        short.filter((pl.col("place") == "tail") | pl.lit(place == "any"))
        .select("doc", "line_no", number=pl.lit(number), credit=credit)
        .drop_nulls("credit")
        for number, (place, credit) in enumerate(_credits())
    ]
    credits = pl.concat(found).sort("doc", "line_no", "number").unique("doc", keep="first", maintain_order=True)
    return credits.select("doc", "credit")


@cache
def _credits() -> list[tuple[str, pl.Expr]]:
    """Where a line of each kind may stand, and the outlet that it names. Groups are compiled where the expression is
    made, and not where it is used: a quarter of what a batch costs whatever its size."""
    found = []
    for pattern, place, names in lexicon("credits").select("pattern", "place", "names").iter_rows():
        whole = "^" + pattern.replace("{name}", NAME).replace("{rest}", REST) + "$"
        name = _plain(pl.col("seen").str.extract_groups(whole).struct.field("name"))
        found.append((place, _known(name, names)))
    return found


@cache
def text_credit() -> pl.Expr:
    """The agency that stands before or behind a text: "(Reuters) - ", "... said. (AFP)"."""
    ends = [
        pl.col("text").str.slice(0, 200).str.extract_groups(pattern).struct.field("name")
        for pattern in (OPENS, OPENS_BARE)
    ]
    closing = pl.col("text").str.slice(-80).str.extract_groups(CLOSES).struct.field("name")
    return pl.coalesce(_known(ends[0], "alias"), _known(ends[1], "agency"), _known(closing, "agency"))


def byline_credit() -> pl.Expr:
    """The outlet among `authors` or behind a person of `byline` ("By Ada Lo, Reuters")."""
    names = pl.concat_list(pl.col("authors").fill_null([]), "byline")
    behind = pl.element().str.replace(r"(?i)^.*(?:,| of| for) (?:the )?", "").str.replace(HOUSE, "")
    return names.list.eval(_known(behind, "alias").drop_nulls()).list.first()


def _plain(name: pl.Expr) -> pl.Expr:
    """A name without what stands around it; NULL for a day, a clock, a page."""
    plain = name.str.strip_chars(' ."”“,').str.replace(r"^the ", "")
    return pl.when(~plain.str.contains(NO_NAME)).then(plain)


def _known(name: pl.Expr, names: str) -> pl.Expr:
    """The name as the lexicon has it. `names`: any outlet (what the lexicon does not know as worded), an outlet by its
    alias, its ending, its domain or its call sign, an alias alone, an agency's alias alone. A longer alias may stand in
    any case of letters."""
    known = name.replace_strict(_aliases(names == "agency"), default=None)
    loud = name.str.to_lowercase().replace_strict(_aliases(names == "agency", any_case=True), default=None)
    known = pl.coalesce(known, loud)
    if names == "any":
        return pl.coalesce(known, name)
    endings = "|".join(lexicon("outlet_endings")["ending"])
    reads_so = name.str.contains(rf"\b(?:{endings})$|^{DOMAIN}$|{CALL_SIGN}")
    return pl.coalesce(known, pl.when(reads_so).then(name)) if names == "outlet" else known


@cache
def _aliases(agencies: bool, any_case: bool = False) -> dict[str, str]:
    rows = lexicon("outlets").filter((pl.col("kind") == "agency") | pl.lit(not agencies))
    pairs = rows.select("alias", "outlet").iter_rows()
    return {alias.lower() if any_case else alias: outlet for alias, outlet in pairs if len(alias) > 4 or not any_case}
