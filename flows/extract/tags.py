"""Tokens -> tags -> sentences whose tags stand in strings, one letter a token.

Layers: `count` (who, how many, what happened to them) and `speech` (who speaks). Beside the lexicons' letters: N a
quantity, O a proper word, X an actor of the lexicon, T a time, Y an age, q a quotation mark, ' a possessive, w other.
"""

import numpy as np
import polars as pl

from flows.extract.match import at
from flows.extract.neighbours import (
    Flags,
    Letters,
    before,
    behind,
    changes,
    first_of,
    is_one,
    read_letters,
    write_letters,
)
from flows.extract.shouting import joins_loud_names
from flows.extract.vocabulary import read_vocabulary

LISTED = 5  # ages in a row: "ages 13, 15, 17 and 19"
LAYERS = ("count", "speech", "talk")
CARRIED = [
    "value", "low", "high", "modifier", "actor", "harm_kind", "victim_class", "actor_type", "stance", "claim_side",
    "incident", "scope_cue", "deed",
]  # fmt: skip


def tag_tokens(tokens: pl.DataFrame) -> pl.DataFrame:
    """Add the layers `count` and `speech` (one letter a token), the quantity of quantity tokens (`value`, `low`,
    `high`, `modifier`), `shouts` (its text is in capitals), `actor` (canonical, where the form is an actor's name) and
    what the lexicon rows carry."""
    shouts = _find_shouting(tokens)
    vocabulary, entry = read_vocabulary(tokens, shouts)
    letters = {name: read_letters(vocabulary[name])[entry] for name in ("mark", "count", "speech")}
    flags = {
        name: vocabulary[name].to_numpy().take(entry)
        for name in vocabulary.columns
        if vocabulary.schema[name] == pl.Boolean
    }
    carried = vocabulary.select(CARRIED)[entry]  # as an expression it takes twice as long
    tokens = (
        tokens.drop("is_loud")
        .hstack(carried.get_columns())
        .with_columns(
            shouts=pl.Series(shouts),
            **{name: read_letters(vocabulary[name])[entry] for name in ("talk_sign", "talk_word")},
            **{name: flags[name] for name in ("may_name", "ends_in_s")},
        )
    )
    flags |= {"shouts": shouts, "spaced": tokens["space"].to_numpy()}
    mark = letters["mark"] = _mark_days_of_month(tokens, letters["mark"], flags["is_ordinal"])
    flags |= _find_proper(tokens, letters, flags)
    quantity = flags["is_quantity"] & ~flags["is_year"]
    other = np.where(flags["is_proper"], ord("O"), ord("w")).astype(np.uint8)
    said = letters["speech"]
    count = first_of(
        mark,
        (quantity & _is_measured(flags, quantity), "w"),
        (quantity & flags["is_few"] & _is_beside_age(flags), "Y"),
        (quantity, "N"),
        (flags["is_year"], "T"),
        letters["count"],
        other,
    )
    speech = first_of(
        mark,
        (flags["is_quantity"], "N"),
        np.where(is_one(said, "RBQHA"), said, 0).astype(np.uint8),
        (flags["is_name_of_verb"], "O"),
        said,
        (flags["is_cue"], "K"),
        other,
    )
    return tokens.with_columns(
        write_letters("count", count), write_letters("speech", _join_particles(speech, flags["is_particle"]))
    )


def _find_shouting(tokens: pl.DataFrame) -> Flags:
    """Whether a token's text is in capitals throughout, so that they tell nothing of names."""
    unit, loud = tokens["unit"].to_numpy(), tokens["is_loud"]
    n_loud = np.bincount(unit, weights=loud.fill_null(False).to_numpy())
    n_words = np.bincount(unit, weights=loud.is_not_null().to_numpy())
    shouts: Flags = (n_loud / np.maximum(n_words, 1) > 0.8)[unit]
    return shouts


def _mark_days_of_month(tokens: pl.DataFrame, mark: Letters, is_ordinal: Flags) -> Letters:
    """`mark` with a T for "on the 14th" that is the 14th of nothing."""
    numbers = np.flatnonzero(is_ordinal)
    rows = pl.Series(numbers)
    on_the = (at(tokens, "word", rows - 1) == "the") & (at(tokens, "word", rows - 2) == "on")
    joined = (at(tokens, "word", rows + 1) == "and").fill_null(False).to_numpy()
    days = on_the.fill_null(False).to_numpy() & ((behind(mark)[numbers] != 0) | joined)
    marked = mark.copy()
    marked[numbers[days]] = ord("T")
    return marked


def _is_measured(flags: dict[str, Flags], quantity: Flags) -> Flags:
    """Behind a token stands a measure, a hyphen without a blank or the mark of feet before another number."""
    hyphen, feet = (flags[name] & ~flags["spaced"] for name in ("is_hyphen", "is_feet"))
    return behind(flags["is_measure"] | hyphen | (feet & behind(quantity)))


def _is_beside_age(flags: dict[str, Flags]) -> Flags:
    """A number between commas, behind "ages", "both" or a name: "ages 20, 23 and 27", "Ana Ruiz, 24 was shot"."""
    comma, several = flags["is_comma"], before(flags["is_comma"]) & flags["is_several"]
    apart = before(flags["opens_age"]) & behind(flags["closes_age"])
    linked = before(flags["is_linking"])
    listed = before(flags["is_age"]) | (linked & before(flags["is_age"], 3)) | flags["is_aged"]
    # "Ages 20 and 27, and three women": what goes on with a noun is none.
    linked = linked & behind(flags["closes_age"] | flags["is_linking"])
    for _ in range(LISTED):
        listed = listed | (linked & (before(listed, 2) | (before(comma, 2) & before(listed, 3))))
    name = several & before(flags["is_proper"], 2) & behind(flags["is_auxiliary"])
    # Several are never followed by "was".
    one = several & behind(flags["is_singular"])
    return apart | listed | name | one | (before(flags["is_both"]) & behind(flags["is_stop"]))


def _find_proper(tokens: pl.DataFrame, letters: dict[str, Letters], flags: dict[str, Flags]) -> dict[str, Flags]:
    """`is_proper`: a capital that its place does not explain, at the head of a sentence one that stands before
    another or stands inside a sentence of the same text; and `is_name_of_verb`: a capital verb inside a sentence
    ("United States")."""
    capital, initial = flags["is_capital"], flags["is_initial"]
    unit = tokens["unit"].to_numpy()
    opens = changes(tokens["sentence"].to_numpy())
    head = opens | ((before(letters["mark"]) == ord("q")) & before(opens, fill=True))
    known = letters["count"] | letters["speech"] | letters["mark"]
    unknown = (known == 0) & ~flags["is_cue"]
    key = unit.astype(np.int64) * (1 << 32) + tokens["code"].cast(pl.Int64).fill_null(-1).to_numpy()
    named = np.unique(key[capital & ~head & unknown])
    doubtful = np.flatnonzero(capital & head & unknown & ~behind(capital | initial | flags["is_particle"]))
    proper = unknown & (capital | initial)
    proper[doubtful[~np.isin(key[doubtful], named)]] = False
    loud = flags["is_loud_name"] & unknown
    n_tokens = np.bincount(unit)
    headline = ((np.bincount(unit, weights=capital) > 0.5 * n_tokens) & (n_tokens < 40))[unit]
    verb = is_one(letters["speech"], "SGEVM")
    return {
        "is_proper": loud | (joins_loud_names(loud) & flags["is_link"] & flags["shouts"]) | proper,
        "is_name_of_verb": ~head & capital & verb & ~headline,
    }


def _join_particles(said: Letters, particle: Flags) -> Letters:
    """The layer `speech` in which "de la", "van der", "bin" between two proper words are proper too."""
    proper = said == ord("O")
    opened = particle & before(proper)
    opened = opened | (particle & before(opened))
    followed = behind(proper) | (behind(particle) & behind(proper, 2))
    return first_of((opened & followed, "O"), said)


def read_sentences(tokens: pl.DataFrame) -> pl.DataFrame:
    """A row a sentence: `sentence`, `unit`, `paragraph`, `first` (row of its first token), `n_tokens`, `start`, `end`,
    and the letters of each of LAYERS that the tokens have as one string. No sentence crosses two units."""
    opens = changes(tokens["sentence"].to_numpy())
    first = np.flatnonzero(opens)
    last = np.append(first, len(opens))[1:] - 1
    if (tokens["unit"][first] != tokens["unit"][last]).any():
        raise AssertionError("a sentence crosses two texts")
    layers = [_lines(tokens[layer], opens) for layer in LAYERS if layer in tokens.columns]
    return pl.DataFrame(
        [
            *(tokens[column][first] for column in ("sentence", "unit", "paragraph")),
            pl.Series("first", first, dtype=pl.UInt32),
            pl.Series("n_tokens", last - first + 1, dtype=pl.UInt32),
            tokens["start"][first],
            tokens["end"][last],
            *layers,
        ]
    )


def _lines(layer: pl.Series, opens: Flags) -> pl.Series:
    """A layer's letters as a string a sentence."""
    letters = read_letters(layer)
    lines = np.full(len(letters) + opens.sum(), ord("\n"), dtype=np.uint8)
    lines[np.arange(len(letters)) + opens.cumsum()] = letters
    return pl.Series(layer.name, [lines[1:].tobytes().decode("ascii")]).str.split("\n").explode()[: opens.sum()]
