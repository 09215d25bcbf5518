"""The layer `talk`: who speaks outside of quotations. It is `speech` with what stands between marks taken out.

Letters beside those of `speech`: z a word of a quotation, q its mark, ~ another mark, . a sentence's end, : a colon,
d an adverb, D any other word in -ed or like one ("met"), O also a capital at a sentence's head before a verb of saying.
S is a verb that reports ("said"), E one behind whose subject stands who is told ("told"), V one that speaks only beside
a quotation ("pressed"), G a gerund; M ("found", "showed") reports only with "that" behind it, and is S there. The words
are those of seeds/lexicon/talk.csv and speech.csv.
"""

import numpy as np
import polars as pl

from flows.extract.neighbours import Letters, before, behind, changes, first_of, is_one, read_letters, write_letters
from flows.lexicon import lexicon


def add_talk(tokens: pl.DataFrame, passages: pl.DataFrame) -> pl.DataFrame:
    """Add `talk`; `passages` has `mark`, `first`, `last`, `closed` (marks.pair_marks)."""
    said = read_letters(tokens["speech"])
    sign, word = (tokens[name].to_numpy() for name in ("talk_sign", "talk_word"))
    may_name, ends_in_s, shouts = (tokens[name].to_numpy() for name in ("may_name", "ends_in_s", "shouts"))
    unknown = said == ord("w")
    opens = is_one(before(said), ";,q") | changes(tokens["sentence"].to_numpy())
    speaks = is_one(said, "SEV")
    speaks_next = behind(speaks)
    named = unknown & speaks_next & ~behind(speaks, 2) & may_name & (~shouts | opens)
    talk = first_of(
        _hide_quotations(passages, tokens.height),
        np.where((sign != ord(".")) | (said == ord(";")), sign, np.uint8(0)),
        (said == ord("q"), "~"),
        (named | (unknown & _loud_names(tokens).to_numpy()), "O"),
        ((said == ord("M")) & (behind(said) == ord("h")), "S"),
        (said == ord("M"), "b"),
        (is_one(said, "SV") & speaks_next & ends_in_s, "w"),  # "reports said"
        np.where(unknown, word, np.uint8(0)),
        said,
    )
    return tokens.drop("talk_sign", "talk_word", "may_name", "ends_in_s").with_columns(write_letters("talk", talk))


def _hide_quotations(passages: pl.DataFrame, n_tokens: int) -> Letters:
    """z for the words of quotations, q for their marks."""
    first, last = passages["first"].to_numpy(), passages["last"].to_numpy()
    inside = np.zeros(n_tokens + 1, dtype=np.int64)
    np.add.at(inside, first, 1)
    np.add.at(inside, last + 1, -1)
    hides = np.zeros(n_tokens, dtype=np.uint8)
    hides[passages["mark"].to_numpy()] = ord("q")
    hides[last[passages["closed"].to_numpy()] + 1] = ord("q")
    hides[inside.cumsum()[:-1] > 0] = ord("z")
    return hides


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
