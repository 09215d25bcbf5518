"""Quotes: which passages between marks are somebody's words, and whose.

Scare quotes and titles of works (a few words that no mark of punctuation ends or whose words all have capitals, with no
verb of saying beside them) are no quotations. A quotation that goes on in the next paragraph (each opens a mark, only
the last closes) is a row a paragraph, all of one speaker.
"""

import numpy as np
import polars as pl

from flows.extract.marks import DOUBLE, pair_marks
from flows.extract.match import at, is_any, of_sentences
from flows.extract.neighbours import changes

MIN_WORDS = 8  # a passage this long is a quotation even where nothing ends it
REACH = 30  # tokens between a mark and its speaker's verb
SAYS = ["S", "E", "V", "G"]
WHO = ["speaker", "role", "actor", "actor_type"]
QUOTED = ["speaker", "speaker_role", "actor", "actor_type"]


def find_passages(tokens: pl.DataFrame, units: pl.DataFrame) -> pl.DataFrame:
    """`pair_marks`' rows that are quotations, with `text` (verbatim)."""
    passages = pair_marks(tokens).join(units.select("unit", whole="text"), on="unit", how="left", maintain_order="left")
    passages = passages.with_columns(text=pl.col("whole").str.slice("start", pl.col("end") - pl.col("start")))
    near = pl.DataFrame(
        {
            "before": at(tokens, "form", passages["mark"] - 1),
            "single": at(tokens, "form", passages["mark"]).is_in(["'", "‘"]),
            "said_1": at(tokens, "speech", passages["mark"] - 1),
            "said_2": at(tokens, "speech", passages["mark"] - 2),
            "starts": (at(tokens, "sentence", passages["mark"] - 1) != passages["sentence"]).fill_null(True),
            "told_later": _any_says(tokens, passages["last"] + 4) | _any_says(tokens, passages["last"] + 5),
            "told_1": at(tokens, "speech", passages["last"] + 2),
            "told_2": at(tokens, "speech", passages["last"] + 3),
        }
    )
    own = tokens.select("sentence", "speech").filter(of_sentences(tokens, passages["sentence"]))
    saying = own.filter(is_any(pl.col("speech"), SAYS))["sentence"].unique()
    passages = passages.drop("whole").hstack(near)
    passages = passages.with_columns(speaks=pl.col("sentence").is_in(saying.implode()))
    text = pl.col("text")
    n_words = text.str.count_matches(r"[\p{L}\p{N}]+(?:['’-]\p{L}+)*")
    lower = text.str.contains(r"^[….\[\s]*\p{Ll}")
    ended = text.str.contains(r"[,.!?…—–-]\s*$")
    capitals = text.str.contains(r"^\p{Lu}.*\s\p{Lu}") & ~text.str.contains(r"(?:^|\s)\p{Ll}{4,}")
    introduced = (pl.col("before") == ":") | pl.col("said_1").is_in(["S", "V", "G"]) | pl.col("said_2").is_in(SAYS)
    opened = ((pl.col("before") == ",") | pl.col("said_1").is_in(SAYS) | introduced).fill_null(False)
    told = pl.col("told_1").is_in(SAYS) | pl.col("told_2").is_in(SAYS)
    cued = (opened | told).fill_null(False)
    is_title = capitals & ~(introduced | told).fill_null(False) & (n_words <= 8)
    is_quotation = (
        pl.when((pl.col("before") == "=").fill_null(False) | is_title)  # the value of an attribute, a work's title
        .then(False)
        .when(n_words >= MIN_WORDS)
        .then(True)
        .when(pl.col("single").fill_null(False))
        .then(ended & (cued | (pl.col("told_later") & pl.col("starts"))))
        .when(lower & ~opened)
        .then(ended & (n_words >= 3) & pl.col("speaks"))
        .when(n_words == 1)
        .then(ended & (introduced | ((told | pl.col("told_later")) & pl.col("starts"))).fill_null(False))
        .otherwise(ended | cued)
    )
    return passages.filter(is_quotation).drop(*near.columns, "speaks")


def _any_says(tokens: pl.DataFrame, rows: pl.Series) -> pl.Series:
    return at(tokens, "speech", rows).is_in(SAYS).fill_null(False)


def add_speakers(passages: pl.DataFrame, tokens: pl.DataFrame, speech: pl.DataFrame) -> pl.DataFrame:
    """Add `speaker`, `speaker_role`, `actor`, `actor_type` (NULL: nobody fits).

    First whoever speaks right behind the closing mark; then before the opening mark in its sentence; then further
    behind; then in the sentence before it; else its sentence's subject ("Mayor Jo Reed welcomed “the first step”");
    else the speaker of the quotation before it in its paragraph; else, where a mark was left open or a colon ends the
    paragraph before, that paragraph's.
    """
    if passages.is_empty():
        return passages.with_columns(pl.lit(None, pl.String).alias(name) for name in QUOTED)
    quotes = passages.with_row_index("quote")
    quotes = quotes.with_columns(
        closing_sentence=at(tokens, "sentence", quotes["last"]),
        full_stop=at(tokens, "form", quotes["last"]).is_in(["."]).fill_null(False),
        previous=pl.col("last").shift(1).over("paragraph"),
        alone=_is_alone(quotes, tokens),
    )
    best = _nearest(quotes, speech, tokens)
    quotes = quotes.join(best, on="quote", how="left", maintain_order="left")
    return _carry(quotes).rename({"role": "speaker_role"}).select(*passages.columns, *QUOTED)


def _nearest(quotes: pl.DataFrame, speech: pl.DataFrame, tokens: pl.DataFrame) -> pl.DataFrame:
    """`quote`, WHO, `found`: the verb of saying (or colon) that a quotation belongs to."""
    last = np.append(np.flatnonzero(changes(tokens["paragraph"].to_numpy()))[1:], tokens.height) - 1
    ends_in_colon = tokens.select("paragraph", "form")[last].filter(pl.col("form") == ":")
    introducing = (
        speech.join(ends_in_colon.select("paragraph"), on="paragraph")
        .sort("say")
        .unique("paragraph", keep="last", maintain_order=True)
        .with_columns(pl.col("paragraph") + 1, introduces=True)
    )
    frames = pl.concat([speech.with_columns(introduces=False), introducing.select(*speech.columns, "introduces")])
    near = quotes.join(frames, on=["unit", "paragraph"], suffix="_said")
    begins, ends = pl.min_horizontal("np_first", "say"), pl.max_horizontal("np_last", "say")
    behind, ahead = begins - pl.col("last"), pl.col("first") - ends
    follows, precedes = begins > pl.col("last"), ends < pl.col("first")
    own, closing = pl.col("sentence_said") == pl.col("sentence"), pl.col("sentence_said") == pl.col("closing_sentence")
    just_before = pl.col("sentence_said") + 1 == pl.col("sentence")
    verb, according = pl.col("verb"), pl.col("form") == "according"
    between = pl.col("previous").is_null() | (begins > pl.col("previous"))
    told = verb.is_in(["S", "E"]) & ~according
    rank = (
        pl.when(verb == "D")
        .then(pl.when(precedes & own & (ahead <= REACH)).then(7))
        .when(pl.col("introduces"))
        .then(pl.when(pl.col("previous").is_null()).then(4))
        .when(follows & (behind <= 4) & ~verb.is_in(["G", ":"]) & ~pl.col("full_stop"))
        .then(0)
        .when(precedes & own & (ahead <= 9) & between & (verb != ":"))
        .then(1)
        .when(precedes & own & (ahead <= 2) & between)
        .then(2)
        .when(precedes & (own | (just_before & (ahead <= 4))) & (ahead <= REACH) & between & ~according & (verb != ":"))
        .then(2)
        .when(follows & closing & (behind <= REACH) & told)
        .then(3)
        .when(precedes & own & (ahead <= 2 * REACH) & ~according & (verb != ":"))
        .then(4)
        .when(precedes & just_before & between & told)
        .then(6)
    )
    return (
        near.with_columns(rank=rank, distance=pl.when(follows).then(behind).otherwise(ahead))
        .filter(pl.col("rank").is_not_null())
        .sort("quote", "rank", "distance")
        .unique("quote", keep="first", maintain_order=True)
        .select("quote", *WHO, found=pl.lit(True))
    )


def _is_alone(quotes: pl.DataFrame, tokens: pl.DataFrame) -> pl.Series:
    """Whether a quotation between double marks is all of its paragraph."""
    before, behind = quotes["mark"] - 1, quotes["last"] + 2
    own = quotes["paragraph"]
    opens = (at(tokens, "paragraph", before) != own).fill_null(True)
    ends = (at(tokens, "paragraph", behind) != own).fill_null(True)
    return opens & ends & at(tokens, "form", quotes["mark"]).is_in(DOUBLE)


def _carry(quotes: pl.DataFrame) -> pl.DataFrame:
    """Let a quotation without a speaker of its own take the one before it in its paragraph, or in the paragraph before
    where that one's mark was left open, any number of paragraphs.

    So does a paragraph that is nothing but a quotation, unless a question stands before it, whose answer it may be (12
    of 13 such had that speaker).
    """
    known = pl.col("found").fill_null(False)
    same = pl.col("paragraph") == pl.col("paragraph").shift(1)
    next_one = (pl.col("paragraph") == pl.col("paragraph").shift(1) + 1) & (pl.col("unit") == pl.col("unit").shift(1))
    asked = pl.col("text").str.contains(r"\?\W*$").shift(1)
    goes_on = next_one & (~pl.col("closed").shift(1) | (pl.col("alone") & ~asked))
    group = (known | ~(same | goes_on).fill_null(False)).cum_sum()
    return quotes.with_columns(pl.col(name).first().over(group) for name in WHO)
