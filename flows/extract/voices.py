"""Who speaks for a group: whose words a whole text is, and whose a sentence.

A text is a group's own where its opening or its signature says so ("[COMMUNIQUE] [Justice Brigade]", "[SIGNED] Justice
Brigade", a station of the group's in the dateline: seeds/lexicon/voices.csv). A speaker is a group where its phrase
names one ("the group's spokesman", "Red Dawn"), or where it is the group's own outlet.
"""

from functools import cache

import numpy as np
import polars as pl

from flows.extract.actors import last_group
from flows.extract.claim_letters import words_tagged
from flows.extract.match import at, find_all, pick
from flows.extract.neighbours import Rows, changes
from flows.lexicon import lexicon

DATELINE = 12  # tokens of a text that may say that it was broadcast clandestinely
SPELT_OUT = 12  # tokens behind an acronym within which it is spelt out
OPENING, ENDING = 60, 40  # tokens of a text that may say whose it is
HEAD = 200  # characters of it that may hold a dateline with the station's name
SIGNED = {
    "opened": r"(?P<kind>bge)(?P<gap>b[^be]{0,6})(?P<actor>[XB])",
    "issued": r"(?P<kind>^[tw]{0,3}g)(?P<gap>[wt]{1,2})(?P<actor>[XB])",
    "signed": r"(?P<kind>(?:^|[be;,])s)(?P<gap>[e;,]{0,2}[tw]{0,3})(?P<actor>[XB])",
}
SAYS_IT = ["it", "they"]
LONGEST = 20  # tokens of a speaker with what is said of him


def find_voices(tokens: pl.DataFrame, units: pl.DataFrame) -> pl.DataFrame:
    """`unit`, `voice`: texts that an actor speaks itself. `tokens` is what `name_actors` returned."""
    nth, left = _number_within(tokens["unit"].to_numpy())
    frames = [_signatures(tokens, nth, left), _stations(units), _clandestine(tokens, nth)]
    return pl.concat(frames).unique("unit", keep="first", maintain_order=True)


def _number_within(unit: Rows) -> tuple[Rows, Rows]:
    """(how many tokens of its text stand before each token, how many from it on)."""
    first = np.flatnonzero(changes(unit))
    ends = np.append(first, len(unit))[1:]
    sizes = ends - first
    row = np.arange(len(unit))
    return row - first.repeat(sizes), ends.repeat(sizes) - row


def _stations(units: pl.DataFrame) -> pl.DataFrame:
    """Texts whose dateline has in brackets a station that speaks for a group."""
    voices = lexicon("voices").select(name=pl.col("voice").str.to_lowercase(), voice="actor")
    bracket = pl.col("text").str.slice(0, HEAD).str.to_lowercase().str.extract(r"[(\[]([^()\[\]]{4,40})[)\]]")
    return units.select("unit", name=bracket.str.strip_prefix("clandestine ")).join(voices, on="name").drop("name")


def _clandestine(tokens: pl.DataFrame, nth: Rows) -> pl.DataFrame:
    """Texts that open as clandestine broadcasts and name one group, more than once: its own station's."""
    rows = np.flatnonzero(nth < DATELINE)
    broadcast = tokens["word"][rows].is_in(words_tagged("clandestine").implode())
    opens = tokens["unit"][rows].filter(broadcast).unique()
    groups = pick(tokens, pl.col("who").is_not_null() & ~pl.col("is_force"), "unit", "who")
    groups = groups.filter(pl.col("unit").is_in(opens.implode()))
    # "IRA [Institute of Regulation]": an acronym that the text spells out as something else is no group's.
    opened = at(tokens, "word", groups["row"] + 1).is_in(["[", "("]).fill_null(False)
    spelt = pl.any_horizontal(at(tokens, "who", groups["row"] + step).is_not_null() for step in range(2, SPELT_OUT))
    named = (
        groups.with_columns(is_other=opened & ~groups.select(spelt).to_series())
        .group_by("unit", maintain_order=True)
        .agg(
            voice=pl.col("who").first(), n=pl.len(), is_one=(pl.col("who").n_unique() == 1) & ~pl.col("is_other").any()
        )
    )
    return named.filter(pl.col("is_one") & (pl.col("n") > 1)).select("unit", "voice")


def _signatures(tokens: pl.DataFrame, nth: Rows, left: Rows) -> pl.DataFrame:
    """Texts whose first words or last words name who issued them."""
    is_end = (nth >= OPENING) & (left <= ENDING)
    part = tokens["unit"].to_numpy().astype(np.int64) * 2 + is_end
    near = is_end | (nth < OPENING)
    # Only parts that name an actor: the others hold no match.
    known = np.zeros(part.max(initial=-1) + 1, dtype=np.bool_)
    known[part[near & tokens["who"].is_not_null().to_numpy()]] = True
    row = np.flatnonzero(near & known[part])
    row = row[np.argsort(is_end[row], kind="stable")]
    layer = (
        tokens.select("unit", "row", "who", "is_force", "word", "count")[row]
        .with_columns(part=pl.Series(is_end[row]).cast(pl.Int32), letter=_letter())
        .group_by("unit", "part", maintain_order=True)
        .agg(first=pl.col("row").first(), n_tokens=pl.len(), letter=pl.col("letter").str.join(""))
        .with_row_index("sentence")
    )
    hits = find_all(layer, "letter", SIGNED, ["actor_first"]).join(
        layer.select("sentence", "unit", "part"), on="sentence"
    )
    hits = hits.filter((pl.col("pattern") == "signed") | (pl.col("part") == 0))
    return hits.select("unit", voice=at(tokens, "who", hits["actor_first"])).sort("unit")


@cache
def _letter() -> pl.Expr:
    word = pl.col("word")
    return (
        pl.when(pl.col("who").is_not_null())
        .then(pl.when("is_force").then(pl.lit("B")).otherwise(pl.lit("X")))
        .when(word.is_in(["[", "("]))
        .then(pl.lit("b"))
        .when(word.is_in(["]", ")"]))
        .then(pl.lit("e"))
        .when(pl.col("count").is_in([",", ";"]))
        .then(pl.col("count"))
        .when(word.is_in(words_tagged("issued").implode()))
        .then(pl.lit("g"))
        .when(word == "signed")
        .then(pl.lit("s"))
        .when(word == "the")
        .then(pl.lit("t"))
        .otherwise(pl.lit("w"))
    )


def name_speakers(speech: pl.DataFrame, tokens: pl.DataFrame) -> pl.DataFrame:
    """Let `actor` of speech be any actor that the speaker's phrase names, not of the lexicon alone, the group whose
    outlet it is, and for "it" and "they" the group named last."""
    outlets = lexicon("voices").select(outlet=pl.col("voice").str.to_lowercase(), own="actor")
    messages = words_tagged("message", "issued").implode()
    is_message = at(tokens, "word", speech["np_last"]).is_in(messages) | at(tokens, "word", speech["np_first"]).is_in(
        messages
    )
    reach = speech.select(
        "say", "np_last", is_message=is_message, row=pl.int_ranges("np_first", pl.max_horizontal("np_last", "say") + 1)
    )
    reach = reach.filter(pl.col("row").list.len() <= LONGEST).explode("row")
    reach = reach.with_columns(
        who=at(tokens, "who", reach["row"]),
        # In an apposition only whose spokesman somebody is: ", the group's spokesman,".
        speaks=(pl.col("row") <= pl.col("np_last"))
        | pl.col("is_message")
        | at(tokens, "speech", reach["row"] + 1).is_in(["'", "R"]),
        is_deed=at(tokens, "deed", reach["row"]).is_not_null() | at(tokens, "incident", reach["row"]).is_not_null(),
    )
    # "The air force bombing began": what is done speaks for nobody.
    named = reach.filter(pl.col("who").is_not_null() & pl.col("speaks") & ~pl.col("is_deed").any().over("say"))
    named = named.unique("say", keep="first", maintain_order=True).select("say", "who")
    is_it = at(tokens, "word", speech["np_first"]).is_in(SAYS_IT) & (speech["np_first"] == speech["np_last"])
    outlet = (
        pl.col("speaker")
        .str.to_lowercase()
        .str.replace("^the ", "")
        .str.replace("( news)? agency$|( tv| television)$", "")
    )
    return (
        speech.with_columns(is_it=is_it, outlet=outlet, last=last_group(tokens, speech["unit"], speech["np_first"]))
        .join(named, on="say", how="left", maintain_order="left")
        .join(outlets, on="outlet", how="left", maintain_order="left")
        .with_columns(actor=pl.coalesce("actor", "own", "who", pl.when("is_it").then("last")))
        .select(speech.columns)
        .sort("say")
    )
