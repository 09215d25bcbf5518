"""Who may have done it: armed groups by any of their names, armies, and "the group" that was named before.

A group that the text itself names in full with its acronym is known by both from then on.
"""

from functools import cache
from itertools import accumulate

import numpy as np
import polars as pl
from numpy.typing import NDArray

from flows.extract.match import at, is_any, phrase, pick
from flows.extract.new_groups import find_new_groups
from flows.lexicon import lexicon

ORDINAL = r"^\d+(?:st|nd|rd|th|d)$"
CLOSE = 60  # tokens between a group's name and the "it" that stands for it
LONGEST = 10  # words of a name that its acronym's letters stand for
SMALL = ["of", "the", "for", "and", "in", "de", "del", "la", "el", "y", "against", "to"]


@cache
def force_names() -> pl.DataFrame:
    """`gram` (lower case, parted by blanks), `n`, `last`, `force`: armies, polices and agencies of the lexicon."""
    names = lexicon("actors").filter(pl.col("actor_type") != "armed_group")
    return names.select(
        gram=pl.col("alias").str.to_lowercase().str.replace_all("’", "'"),
        n=pl.col("alias").str.count_matches(" ") + 1,
        force="actor",
    ).unique("gram", keep="first", maintain_order=True)


@cache
def _force_endings() -> tuple[dict[str, str | None], pl.Series]:
    """(the last tokens of each name of a force, parted by blanks -> the force, if they are a whole name; the last
    tokens alone)."""
    whole = dict(force_names().select("gram", "force").iter_rows())
    pieces = [gram.split(" ") for gram in whole]
    parts = {" ".join(words[first:]): None for words in pieces for first in range(1, len(words))}
    return {**parts, **whole}, pl.Series([words[-1] for words in pieces]).unique()


def name_actors(tokens: pl.DataFrame, units: pl.DataFrame) -> pl.DataFrame:
    """Tokens with `row`, `who` (the canonical actor at the last token of its name, else NULL), `who_first` (row of the
    name's first token), `is_force`; an army without its country is the one named before it in the text."""
    tokens = tokens.with_row_index("row").with_columns(pl.col("row").cast(pl.Int64))
    known = pick(tokens, pl.col("actor").is_not_null(), "actor").select("row", who="actor")
    aliases = _acronyms(tokens, units)
    unnamed = pl.col("actor").is_null()
    forms = pick(tokens, pl.col("form").is_in(aliases["form"].implode()) & unnamed, "unit", "form")
    meant = forms.join(aliases, on=["unit", "form"]).select("row", who="alias")
    groups = pl.concat([known, meant]).with_columns(who_first="row", is_force=pl.lit(False))
    forces = pl.concat([_listed_forces(tokens), _worded_forces(tokens, units)])
    forces = forces.select("row", who="force", who_first="force_first", is_force=pl.lit(True))
    new = find_new_groups(tokens, units).select("row", who="new", who_first="new_first", is_force=pl.lit(False))
    # "The Army of Truth" is no army.
    inside = new.select(row=pl.int_ranges("who_first", "row")).explode("row")
    forces = forces.join(inside, on="row", how="anti")
    named = pl.concat([groups, forces, new]).unique("row", keep="first", maintain_order=True)
    actors = pl.concat([named, _meant_groups(tokens, named, groups)]).unique("row", keep="first", maintain_order=True)
    entry = np.full(tokens.height, actors.height)
    entry[actors["row"].to_numpy()] = np.arange(actors.height)
    return tokens.hstack(
        [actors[column].gather(entry, null_on_oob=True) for column in actors.columns if column != "row"]
    )


def last_group(tokens: pl.DataFrame, units: pl.Series, rows: pl.Series) -> pl.Series:
    """The group that a text (one of `units`) named last, at most CLOSE tokens before each of `rows`; NULL where it
    named none there. `tokens` is what `name_actors` returned."""
    named = pick(tokens, pl.col("who").is_not_null() & ~pl.col("is_force"), "unit", "who").rename({"row": "named_at"})
    asked = pl.DataFrame([units.alias("unit"), rows.alias("row")]).with_row_index("nth").sort("row")
    meant = asked.join_asof(
        named,
        left_on="row",
        right_on="named_at",
        by="unit",
        strategy="backward",
        tolerance=CLOSE,
        check_sortedness=False,
    )
    return meant.sort("nth")["who"]


def _meant_groups(tokens: pl.DataFrame, named: pl.DataFrame, groups: pl.DataFrame) -> pl.DataFrame:
    """Rows of "the group", the one named last before it, and of "the rebels", those of the only one named so far; of
    `groups`, which are known or spelt out, for a name that only looks like a group's would take their place."""
    tags = lexicon("members").filter(pl.col("tag").is_in(["group", "armed"])).select(word="noun", tag="tag")
    groups = groups.select("row", "who").sort("row")
    groups = groups.with_columns(unit=at(tokens, "unit", groups["row"]))
    groups = groups.with_columns(n=pl.struct("unit", "who").is_first_distinct().cum_sum().over("unit"))
    heads = pick(tokens, pl.col("word").is_in(tags["word"].implode()), "unit", "word")
    heads = heads.join(named.select("row"), on="row", how="anti").join(tags, on="word").sort("row")
    one, two = at(tokens, "word", heads["row"] - 1), at(tokens, "word", heads["row"] - 2)
    after, is_name = at(tokens, "word", heads["row"] + 1), at(tokens, "count", heads["row"] - 1).is_in(["X", "O"])
    the = one.is_in(["the", "this", "that"]) | (two.is_in(["the", "this", "that"]) & ~is_name)
    own = the & ~after.is_in(["of", "for", "leader", "member"]) & ~one.is_in(["other", "another"])
    meant = heads.filter(own.fill_null(False)).join_asof(
        groups, on="row", by="unit", strategy="backward", check_sortedness=False
    )
    meant = meant.filter(((pl.col("tag") == "group") | (pl.col("n") == 1)) & pl.col("who").is_not_null())
    return meant.select("row", "who", who_first="row", is_force=pl.lit(False))


def _listed_forces(tokens: pl.DataFrame) -> pl.DataFrame:
    """`row`, `force`, `force_first`: names of the lexicon, the longest that ends at a token."""
    known, ends = _force_endings()
    here = pick(tokens, pl.col("word").is_in(ends.implode()) & pl.col("actor").is_null(), "unit", "word")
    here = here.select("row", "unit", gram="word", force_first="row")
    found = []
    while here.height:
        here = here.filter(pl.Series([gram in known for gram in here["gram"].to_list()], dtype=pl.Boolean))
        force = pl.Series("force", [known[gram] for gram in here["gram"].to_list()], dtype=pl.String)
        upper = at(tokens, "form", here["force_first"]).str.contains(r"^\p{Lu}")
        found.append(here.select("row", force, "force_first").filter(upper & force.is_not_null()))
        here = here.with_columns(force_first=here["force_first"] - 1)
        here = here.with_columns(gram=at(tokens, "word", here["force_first"]) + " " + here["gram"])
        here = here.filter(at(tokens, "unit", here["force_first"]) == here["unit"])
    schema = {"row": pl.Int64, "force": pl.String, "force_first": pl.Int64}
    found = [pl.DataFrame(schema=schema), *reversed(found)]
    return pl.concat(found).unique("row", keep="first", maintain_order=True)


def _worded_forces(tokens: pl.DataFrame, units: pl.DataFrame) -> pl.DataFrame:
    """`row`, `force`, `force_first`: "Ruritanian navy", "3d Infantry Brigade" as worded; "the army" the one so named
    before, else as worded."""
    nouns = lexicon("members").filter(pl.col("tag") == "force")["noun"]
    heads = pick(tokens, pl.col("word").is_in(nouns.implode()), "unit", "word", "sentence")
    arms = lexicon("members").filter(pl.col("tag") == "arm")["noun"].implode()
    proper = [
        (
            at(tokens, "count", row).eq("O")
            | at(tokens, "word", row).str.contains(ORDINAL)
            | at(tokens, "word", row).is_in(arms)
        )
        & (at(tokens, "sentence", row) == heads["sentence"])
        for row in (heads["row"] - 1, heads["row"] - 2, heads["row"] - 3)
    ]
    one, two, three = (flag.fill_null(False) for flag in proper)
    n = one.cast(pl.Int64) + (one & two).cast(pl.Int64) + (one & two & three).cast(pl.Int64)
    heads = heads.with_columns(force_first=heads["row"] - n, is_named=n > 0)
    heads = heads.with_columns(force=phrase(tokens, units, heads["force_first"], heads["row"]))
    named = pl.when("is_named").then("force").forward_fill().over("unit", "word")
    some = at(tokens, "word", heads["row"] - 1).is_in(["a", "an", "another", "any", "no", "occupation"])
    part = pl.col("word").is_in(["brigade", "battalion", "regiment"]) & ~pl.col("is_named")
    adjective = (pl.col("word") == "military") & at(tokens, "speech", heads["row"] + 1).is_in(["w", "R", "O", "B"])
    heads = heads.filter(~(some | part | adjective).fill_null(False))
    return heads.with_columns(force=pl.coalesce(named, "force")).select("row", "force", "force_first")


def _acronyms(tokens: pl.DataFrame, units: pl.DataFrame) -> pl.DataFrame:
    """`unit`, `form`, `alias`: "Popular Front for Truth (PFT)" and "PFT [Popular Front for Truth]" make PFT that group
    in this text, if the letters fit and a word of the name says that it is a group; an acronym behind a known name
    stands for it, whatever its letters."""
    schema = pl.Schema({"unit": pl.UInt32, "form": pl.String, "alias": pl.String})
    opens = tokens.select(pl.arg_where(is_any(pl.col("form"), "(["))).to_series().cast(pl.Int64)
    is_short = pl.col("form").str.contains(r"^\p{Lu}[\p{Lu}\d-]{1,9}$") & pl.col("actor").is_null()
    short = [
        tokens.select("unit", "form", "row", "actor")[(opens + step).clip(0, tokens.height - 1)].filter(is_short)
        for step in (1, -1)
    ]
    closed = at(tokens, "form", short[0]["row"] + 1).is_in([")", "]"]).fill_null(False)
    inside = short[0].filter(closed).with_columns(edge=pl.col("row") - 2)
    ahead = short[1].with_columns(edge=pl.col("row") + 2)
    if inside.is_empty() and ahead.is_empty():
        return pl.DataFrame(schema=schema)
    known = inside.with_columns(alias=at(tokens, "actor", inside["edge"]))
    known = known.filter(pl.col("alias").is_not_null()).select("unit", "form", "alias")
    new = [_spelt_out(tokens, units, inside, -1), _spelt_out(tokens, units, ahead, 1)]
    found = pl.concat([known, *new]).cast(schema)
    return found.unique(["unit", "form"], keep="first", maintain_order=True)


def _spelt_out(tokens: pl.DataFrame, units: pl.DataFrame, short: pl.DataFrame, side: int) -> pl.DataFrame:
    """`unit`, `form`, `alias`: the name whose words, counted from `edge`, begin with the acronym's letters; a word a
    column of the arrays, the nearest first."""
    groups = lexicon("members").filter(pl.col("tag").is_in(["group", "force", "name", "member"]))["noun"]
    row = short["edge"].to_numpy()[:, None] + side * np.arange(LONGEST)
    reached = pl.Series(row.ravel())
    words = pl.DataFrame({"word": at(tokens, "word", reached).fill_null(""), "unit": at(tokens, "unit", reached)})
    word, own = pl.col("word"), pl.Series(short["unit"].to_numpy().repeat(LONGEST))
    inside = ~word.is_in(SMALL) & (pl.col("unit") == own).fill_null(False)
    told = words.select(
        is_initial=inside & word.str.contains(r"^\p{L}"),
        letter=word.str.slice(0, 1).str.to_uppercase(),
        is_group=word.is_in(groups.implode()),
    )
    is_initial, letter, is_group = (told[name].to_numpy().reshape(row.shape) for name in told.columns)
    initials = np.where(is_initial, letter, "").astype(object)
    spelt = np.add.accumulate(initials, axis=1) if side > 0 else _from_behind(initials)
    letters = short["form"].str.replace_all("[^A-Za-z]", "").str.to_uppercase().to_numpy()
    fits = (spelt == letters[:, None]) & np.logical_or.accumulate(is_group, axis=1) & is_initial
    step, one = np.nonzero(fits.T)
    edges = pl.Series(row[one, 0]), pl.Series(row[one, step])
    return short[one].select("unit", "form", alias=phrase(tokens, units, *edges[::side]))


def _from_behind(letters: NDArray[np.object_]) -> NDArray[np.object_]:
    """What letters spell from each column back to the first."""
    spelt: NDArray[np.object_] = np.array([list(accumulate(row, lambda told, one: one + told)) for row in letters])
    return spelt.reshape(letters.shape)
