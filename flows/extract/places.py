"""Places: names of the gazetteer in the text, told from people and ordinary words, each the likeliest of its namesakes.

A name is taken where enough speaks for it: a preposition of place, a country or state behind a comma, a noun that
stands beside places, how many live there, the article's country (Lieberman and Samet, "Multifaceted toponym
recognition for streaming news", SIGIR 2011, has the same families of evidence).
"""

from functools import cache

import numpy as np
import polars as pl

from flows.extract.gazetteer import are_names, beginnings, cue_words, fold, namesakes_of
from flows.extract.match import at, once
from flows.extract.namesakes import SURE, choose_namesakes, read_hints, score_namesakes
from flows.extract.neighbours import Flags
from flows.lexicon import lexicon

LONGEST = 4  # tokens of a name; of 93,800 names 300 have more
ENOUGH = 2.0
PLACES = pl.Schema(
    {
        "unit": pl.UInt32,
        "sentence": pl.UInt32,
        "row": pl.Int64,
        "last": pl.Int64,
        "canonical": pl.String,
        "kind": pl.String,
        "country": pl.String,
        "lat": pl.Float64,
        "lon": pl.Float64,
    }
)


def find_places(tokens: pl.DataFrame, units: pl.DataFrame, people: pl.DataFrame) -> pl.DataFrame:
    """A row a mention of a place: columns of PLACES. `units` has `unit`, `doc`; `people` is what find_people found."""
    hits = _find_names(tokens)
    if hits.is_empty():
        return PLACES.to_frame()
    hits = _add_surroundings(hits, tokens, people).join(units.select("unit", "doc"), on="unit", how="left")
    row, named = namesakes_of(hits["gram"])
    options = hits.select("hit", "doc", "gram", "kind_wanted")[row].hstack(named.drop("gram"))
    options = score_namesakes(options, hits, read_hints(tokens, units))
    best = choose_namesakes(options)
    hits = hits.join(best, on="hit", how="inner", maintain_order="left")
    return once(hits.lazy().filter(_evidence() >= ENOUGH)).sort("row").select(PLACES.names()).cast(PLACES)


def _find_names(tokens: pl.DataFrame) -> pl.DataFrame:
    """`hit`, `row`, `last`, `n`, `gram`, `unit`, `sentence`: the longest names of the gazetteer that capitals begin."""
    words, begins = _read_forms(tokens)
    capital = pl.Series(np.flatnonzero(begins[tokens["code"].fill_null(len(begins) - 1).to_numpy()]))
    row = capital.filter(~at(tokens, "count", capital).is_in(["T", "X", "N"])).alias("row")
    starts = pl.DataFrame([row, row.alias("last"), at(tokens, "unit", row), at(tokens, "sentence", row)]).with_columns(
        n=pl.lit(1), gram=words[at(tokens, "code", row)]
    )
    longer = [starts]
    for n in range(2, LONGEST + 1):
        more = longer[-1].with_columns(last=pl.col("last") + 1, n=pl.lit(n))
        word = words.gather(at(tokens, "code", more["last"]), null_on_oob=True)
        same = at(tokens, "sentence", more["last"]) == more["sentence"]
        more = more.with_columns(gram=more["gram"] + " " + word).filter(same.fill_null(False))
        known = beginnings(n)
        goes_on = [gram in known for gram in more["gram"].to_list()]
        longer.append(more.filter(pl.Series(goes_on, dtype=pl.Boolean)))
    found = pl.concat(reversed(longer))
    found = found.filter(are_names(found["gram"])).unique("row", keep="first", maintain_order=True).sort("row")
    free = (pl.col("row") > pl.col("last").shift(1).cum_max()).fill_null(True)
    return found.filter(free).with_row_index("hit")


def _read_forms(tokens: pl.DataFrame) -> tuple[pl.Series, Flags]:
    """By the number of a form: its letters as names are compared, and whether a name may begin with it; the last is
    what has no number."""
    code = tokens["code"].cast(pl.Int64).fill_null(-1).to_numpy()
    row = np.full(code.max(initial=-1) + 2, -1)
    row[code] = np.arange(len(code))
    row[-1] = -1
    forms, words = at(tokens, "form", pl.Series(row)), at(tokens, "word", pl.Series(row))
    words = fold(words)
    capital = (forms.str.contains(r"^\p{Lu}") & (forms.str.len_bytes() > 1)).fill_null(False)
    known = beginnings(1)
    begins = np.array([word in known for word in words.to_list()], dtype=np.bool_)
    return words, begins & capital.to_numpy()


def _add_surroundings(hits: pl.DataFrame, tokens: pl.DataFrame, people: pl.DataFrame) -> pl.DataFrame:
    """What stands beside each name, what kind of place the words ask for, and whether it is a person's name."""
    row, last = hits["row"], hits["last"]
    inside = people.select(row=pl.int_ranges("row", pl.col("last") + 1)).explode("row")["row"]
    same_sentence = (at(tokens, "sentence", row - 1) == hits["sentence"]).fill_null(False)
    hits = hits.with_columns(
        word=at(tokens, "word", row),
        before=at(tokens, "word", row - 1).set(~same_sentence, None),
        before_2=at(tokens, "word", row - 2).set(~same_sentence, None),
        after=at(tokens, "word", last + 1),
        letter_after_2=at(tokens, "count", last + 2),
        letter=at(tokens, "count", row),
        letter_before=at(tokens, "count", row - 1).set(~same_sentence, None),
        form=at(tokens, "form", row),
        tag=at(tokens, "speech", row),
        tag_before=at(tokens, "speech", row - 1).set(~same_sentence, None),
        tag_after=at(tokens, "speech", last + 1),
        form_after=at(tokens, "form", last + 1),
        shouts=at(tokens, "shouts", row),
        is_person=row.is_in(inside.implode()),
        is_given=_given(at(tokens, "form", row)) | _given(at(tokens, "form", row - 1)),
    )
    town, region = cue_words("town").implode(), cue_words("region").implode()
    of = pl.col("before") == "of"
    return hits.with_columns(
        kind_wanted=pl.when(pl.col("after").is_in(region) | (of & pl.col("before_2").is_in(region)))
        .then(pl.lit("region"))
        .when((pl.col("after") == "city") | (of & pl.col("before_2").is_in(town)))
        .then(pl.lit("city")),
        is_of=of & (pl.col("before_2").is_in(town) | pl.col("before_2").is_in(region)),
        is_ordinary=(pl.col("n") == 1) & _ordinary(),
    )


def _given(forms: pl.Series) -> pl.Series:
    """Where a form is a given name."""
    return forms.str.to_titlecase().is_in(lexicon("first_names")["name"].implode()).fill_null(False)


def _ordinary() -> pl.Expr:
    """A word of other senses too; in text of capitals also whatever the other lexicons know."""
    known = pl.col("letter").is_in(["O", "w"]) & pl.col("tag").is_in(["O", "w"])
    acronym = ~pl.col("shouts") & pl.col("form").str.contains(r"^[^\p{Ll}]+$")
    listed = pl.col("gram").is_in(lexicon("ordinary_words")["word"].implode())
    return (listed | ~known.fill_null(True)) & ~acronym.fill_null(False)


@cache
def _evidence() -> pl.Expr:
    """What speaks for a place and against, in points; ENOUGH is needed."""
    wide = pl.col("kind").is_in(["country"]) | ((pl.col("kind") == "region") & (pl.col("population") > 500_000))
    known = wide | (pl.col("population") >= 500_000)
    strong = pl.col("before").is_in(cue_words("in").implode()) | pl.col("is_of")
    side = pl.col("before").is_in(cue_words("side").implode())
    weak = pl.col("before").is_in(cue_words("toward").implode())
    facility = pl.col("after").is_in(cue_words("facility").implode())
    elsewhere = (pl.col("share") == 0) & (pl.col("weight") >= SURE) & (pl.col("population") < 500_000)
    follower = pl.col("after").is_in(cue_words("follower", "town", "region").implode())
    points = [
        (pl.col("n") > 1, 1.0),
        (known, 2.0),
        (~known & (pl.col("population") >= 100_000), 1.0),
        (~known & pl.col("population").is_between(15_000, 99_999), 0.5),
        (strong, 2.0),
        (~strong & (weak | side), 0.8),
        (pl.col("is_beside"), 3.0),
        (follower, 1.0),
        (pl.col("share") >= 0.3, 1.0),
        (pl.col("is_ordinary"), -2.0),
        (pl.col("is_ordinary") & (pl.col("shouts") | (pl.col("tag") != "O")), -2.0),
        (pl.col("shouts") & (pl.col("n") == 1) & ~known, -1.0),
        (pl.col("is_person"), -1.0),
        (pl.col("is_person") & ~(strong & (pl.col("n") == 1)), -2.0),
        # A capital that its place at the head of a sentence explains.
        (~known & ~pl.col("shouts") & (pl.col("n") == 1) & (pl.col("tag") == "w"), -1.0),
        ((pl.col("tag_before") == "O") & ~side, -4.0),
        ((pl.col("tag_after") == "O") & ~follower & ~facility, -4.0),
        ((pl.col("after") == ",") & (pl.col("letter_after_2") == "Y"), -4.0),
        (facility & pl.col("form_after").str.contains(r"^\p{Lu}"), -1.0),
        (elsewhere, -1.5),
        # In capitals "JULIO CESAR" and "SANTIAGO X" are no runs of proper words, and "US" and "LA" are words.
        (pl.col("shouts") & ~strong & pl.col("is_given"), -3.0),
        (pl.col("shouts") & (pl.col("gram").str.len_bytes() < 3), -4.0),
        # "His son Jordan".
        ((pl.col("n") == 1) & (pl.col("letter_before") == "s"), -3.0),
        (pl.col("after").is_in(cue_words("thing").implode()) & pl.col("form_after").str.contains(r"^\p{Lu}"), -4.0),
        (pl.col("tag_before").is_in(["H"]), -4.0),
        ((pl.col("tag_after") == "S") & ~known, -1.0),
    ]
    return pl.sum_horizontal(
        pl.when(condition.fill_null(False)).then(value).otherwise(0.0) for condition, value in points
    )
