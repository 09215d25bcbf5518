"""The layer `talk`: who speaks outside of quotations. It is `speech` with what stands between marks taken out.

Letters beside those of `speech`: z a word of a quotation, q its mark, ~ another mark, . a sentence's end, : a colon,
d an adverb, D any other word in -ed or like one ("met"), O also a capital at a sentence's head before a verb of saying.
S is a verb that reports ("said"), E one behind whose subject stands who is told ("told"), V one that speaks only beside
a quotation ("pressed"), G a gerund; M ("found", "showed") reports only with "that" behind it, and is S there. The words
are those of seeds/lexicon/talk.csv and speech.csv.
"""

import polars as pl

from flows.extract.match import is_any
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
    said, sign = pl.col("speech"), pl.col("talk_sign")
    unknown = said == "w"
    opens = is_any(said.shift(1), ";,q") | (pl.col("sentence") != pl.col("sentence").shift(1)).fill_null(True)
    speaks = is_any(said, "SEV")
    speaks_next, speaks_then = speaks.shift(-1), speaks.shift(-2)
    named = unknown & speaks_next & ~speaks_then.fill_null(False) & pl.col("may_name") & (~pl.col("shouts") | opens)
    talk = pl.coalesce(
        rows["hides"],
        pl.when((sign != ".") | (said == ";")).then(sign),
        pl.when(said == "q").then(pl.lit("~")),
        pl.when(named | (unknown & _loud_names(tokens))).then(pl.lit("O")),
        pl.when(said == "M").then(pl.when(said.shift(-1) == "h").then(pl.lit("S")).otherwise(pl.lit("b"))),
        pl.when(is_any(said, "SV") & speaks_next & pl.col("ends_in_s")).then(pl.lit("w")),  # "reports said"
        pl.when(unknown).then("talk_word"),
        said,
    )
    return tokens.with_columns(talk=talk).drop("talk_sign", "talk_word", "may_name", "ends_in_s")


def describe_words(forms: pl.DataFrame) -> pl.DataFrame:
    """Add to distinct forms (`form`, `word`, `shouts`) what `add_talk` asks of each, which drops it: `talk_sign`, the
    letter of a sign; `talk_word`, that of a word that no lexicon has; `may_name`; `ends_in_s`."""
    form, word = pl.col("form"), pl.col("word")
    adverb = word.str.ends_with("ly") & (word.str.len_bytes() > 4) & ~word.is_in(_words("no adverb"))
    past = (word.str.ends_with("ed") & (word.str.len_bytes() > 4)) | word.is_in(_words("past"))
    return forms.with_columns(
        talk_sign=pl.when(form.is_in([".", "!", "?", "…", "..."]))
        .then(pl.lit("."))
        .when(form == ":")
        .then(pl.lit(":"))
        .when(form.is_in(["'", "’"]))
        .then(pl.lit("'")),
        talk_word=pl.when(adverb | word.is_in(_words("adverb")))
        .then(pl.lit("d"))
        .when(word.is_in(_words("determiner")))
        .then(pl.lit("t"))
        .when(past & (form == word))
        .then(pl.lit("D")),
        may_name=((form != word) | pl.col("shouts")) & ~word.is_in(_words("no name")),
        ends_in_s=word.str.ends_with("s"),
    )


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
