"""The layer `talk`: who speaks outside of quotations. It is `speech` with what stands between marks taken out.

Letters beside those of `speech`: z a word of a quotation, q its mark, ~ another mark, . a sentence's end, : a colon,
d an adverb, D any other word in -ed or like one ("met"), O also a capital at a sentence's head before a verb of saying.
S is a verb that reports ("said"), E one behind whose subject stands who is told ("told"), V one that speaks only beside
a quotation ("pressed"), G a gerund; M ("found", "showed") reports only with "that" behind it, and is S there. The words
are those of seeds/lexicon/talk.csv and speech.csv.
"""

import polars as pl

from flows.lexicon import lexicon


def add_talk(tokens: pl.DataFrame, passages: pl.DataFrame) -> pl.DataFrame:
    """Add `talk`; `passages` has `mark`, `first`, `last`, `closed` (marks.pair_marks)."""
    inside = pl.concat(
        [
            passages.select(row=pl.int_ranges("first", pl.col("last") + 1), hides=pl.lit("z")).explode("row"),
            passages.select(row="mark", hides=pl.lit("q")),
            passages.filter("closed").select(row=pl.col("last") + 1, hides=pl.lit("q")),
        ]
    ).unique("row", keep="first", maintain_order=True)
    rows = tokens.select(row=pl.int_range(pl.len(), dtype=pl.Int64)).join(
        inside, on="row", how="left", maintain_order="left"
    )
    said, form, word = pl.col("speech"), pl.col("form"), pl.col("word")
    unknown = said == "w"
    adverb = unknown & word.str.ends_with("ly") & (word.str.len_bytes() > 4) & ~word.is_in(_words("no adverb"))
    adverb = adverb | (unknown & word.is_in(_words("adverb")))
    opens = said.shift(1).is_in([";", ",", "q"]) | (pl.col("sentence") != pl.col("sentence").shift(1)).fill_null(True)
    speaks = said.shift(-1).is_in(["S", "E", "V"])
    named = (
        unknown & speaks & ~(said.shift(-2).is_in(["S", "E", "V"]).fill_null(False)) & ~word.is_in(_words("no name"))
    )
    named = named & (((form != word) & ~pl.col("shouts")) | (pl.col("shouts") & opens))
    past = (word.str.ends_with("ed") & (word.str.len_bytes() > 4)) | word.is_in(_words("past"))
    past = past & unknown & (form == word)
    talk = pl.coalesce(
        rows["hides"],
        pl.when((said == ";") & form.is_in([".", "!", "?", "…", "..."])).then(pl.lit(".")),
        pl.when(form == ":").then(pl.lit(":")),
        pl.when(form.is_in(["'", "’"])).then(pl.lit("'")),
        pl.when(said == "q").then(pl.lit("~")),
        pl.when(named | (unknown & _loud_names(tokens))).then(pl.lit("O")),
        pl.when(said == "M").then(pl.when(said.shift(-1) == "h").then(pl.lit("S")).otherwise(pl.lit("b"))),
        pl.when(said.is_in(["S", "V"]) & speaks & word.str.ends_with("s")).then(pl.lit("w")),  # "reports said"
        pl.when(adverb).then(pl.lit("d")),
        pl.when(unknown & word.is_in(_words("determiner"))).then(pl.lit("t")),
        pl.when(past).then(pl.lit("D")),
        said,
    )
    return tokens.with_columns(talk=talk)


def _words(tag: str) -> pl.Series:
    return lexicon("talk").filter(tag=tag)["word"].implode()


def _loud_names(tokens: pl.DataFrame) -> pl.Series:
    """Whether a word of a text in capitals is of a person's name: first names, and up to two unknown words behind."""
    if not tokens["shouts"].any():
        return pl.repeat(False, tokens.height, eager=True)
    known = lexicon("first_names")["name"].str.to_lowercase().implode()
    unknown = pl.col("shouts") & (pl.col("speech") == "w") & (pl.col("count") == "w")
    unknown = unknown & pl.col("form").str.contains(r"^\p{Lu}{2}|^\p{Lu}\.$")
    first = unknown & pl.col("word").is_in(known)
    second = first | (unknown & first.shift(1))
    return tokens.select(second | (unknown & second.shift(1) & first.shift(2))).to_series().fill_null(False)
