"""Lists of victims: "a priest, a driver and two nuns were killed" is three figures of one cue.

What stands beside a figure in its list shares its cue: before a subject ("Ruiz and two others were shot"), behind an
object ("the murder of six priests and two women").
"""

import polars as pl

from flows.extract.match import at, find
from flows.extract.patterns import DEFINITE, NOUN, SINGLE

MEMBER = rf"(?P<n>N|{SINGLE}|{DEFINITE}|O{{1,4}})(?P<np>(?:F?t?[wOXYvj']{{0,3}}?{NOUN})?)"
BEFORE = rf"{MEMBER}(?P<noun>w?)(?P<aside>(?:,Y)?(?:,?[FP][tawOX]{{1,4}}?)?)(?P<link>,?&|,)"
BEHIND = rf"(?P<link>,?&|,){MEMBER}"
ENDS = [",", ";", "P", "T", "C", "q", "&", "_"]
SINGULAR = ["was", "is", "has"]
LONGEST = 5  # members of a list beside the one that its cue takes
PLACES = ["n", "n_first", "n_last", "np_first", "np_last"]


def add_lists(statements: pl.DataFrame, tokens: pl.DataFrame, sentences: pl.DataFrame) -> pl.DataFrame:
    """Add a row for each further member of a list that `statements` has one member of; `pattern` is "list" or
    "single_list", the other columns are as there. Sorted by `n_first`."""
    is_one = pl.col("pattern").str.starts_with("single")
    singular = pl.Series(at(tokens, "word", statements["finite_first"]).is_in(SINGULAR)).fill_null(False)
    subjects = statements.filter(pl.col("is_subject") & ~(is_one & singular)).with_columns(beside="n_first")
    objects = statements.filter(
        pl.col("pattern").str.contains("object|event_of|bod(?:y|ies)_of|killers_of|together|national")
    )
    objects = objects.with_columns(beside=_end(objects, tokens))
    # "The murder of a nun and two boys was condemned": behind an event a verb may follow the list, behind a verb it is
    # the next one's own ("killed a nun and two boys were hurt").
    behind = _behind(tokens, sentences)
    events = pl.col("pattern").str.contains("_of$")
    added = [
        *_walk(subjects, _before(tokens, sentences)),
        *_walk(objects.filter(~events), behind.filter(~pl.col("has_verb")).drop("has_verb")),
        *_walk(objects.filter(events), behind.drop("has_verb")),
    ]
    members = pl.concat(added).with_columns(
        pattern=pl.when(pl.col("n").str.starts_with("N")).then(pl.lit("list")).otherwise(pl.lit("single_list"))
    )
    members = members.join(statements, on="n_first", how="anti").unique("n_first", keep="first", maintain_order=True)
    return pl.concat([statements, members.select(statements.columns)]).sort("n_first", maintain_order=True)


def _walk(statements: pl.DataFrame, members: pl.DataFrame) -> list[pl.DataFrame]:
    """The members reached from a statement, one step a frame; `opens`: reached from the statement itself."""
    found, frontier = [], statements
    for step in range(LONGEST):
        reached = members if step else members.filter("opens")
        frontier = frontier.drop(PLACES).join(reached.drop("opens"), on="beside", maintain_order="left")
        frontier = frontier.with_columns(beside="next").drop("next").select(statements.columns)
        found.append(frontier)
    return found


def _before(tokens: pl.DataFrame, sentences: pl.DataFrame) -> pl.DataFrame:
    """Members before a link: `beside` is where the one behind it begins, `next` where they begin themselves."""
    members = find(sentences, "count", BEFORE)
    before, word = (at(tokens, column, members["n_first"] - 1) for column in ("count", "word"))
    inside = before.is_in(["t", "P", "F", "'", "O", "X"]) | ((before == "N") & (word != "both"))
    named = pl.col("n").str.starts_with("O") & pl.Series(inside).fill_null(False)
    return members.filter(~named).select(
        *PLACES, opens=pl.col("link").str.ends_with("&"), beside=pl.col("link_last") + 1, next="n_first"
    )


def _behind(tokens: pl.DataFrame, sentences: pl.DataFrame) -> pl.DataFrame:
    """Members behind a link: `beside` is where the one before the link ends, `next` where they end themselves. What
    goes on with a verb or a noun is no member, and after a comma only what an "and" follows."""
    members = find(sentences, "count", BEHIND)
    end = _end(members, tokens)
    after, second = at(tokens, "count", end + 1), at(tokens, "count", end + 2)
    ends = after.is_in([*ENDS, "b"]).fill_null(True) | (
        at(tokens, "sentence", end + 1) != members["sentence"]
    ).fill_null(True)
    linked = pl.col("link").str.ends_with("&") | pl.Series((after == "&") | ((after == ",") & (second == "&")))
    members = members.with_columns(
        next=end, beside=pl.col("link_first") - 1, is_before_verb=(after == "b").fill_null(False)
    )
    return members.filter(pl.Series(ends) & linked.fill_null(False)).select(
        *PLACES, "beside", "next", opens=pl.lit(True), has_verb=pl.col("is_before_verb")
    )


def _end(rows: pl.DataFrame, tokens: pl.DataFrame) -> pl.Series:
    """The row of each one's last token: its noun's, and that of an age behind it ("Ruiz, 20,")."""
    last = rows.select(pl.max_horizontal("n_last", "np_last")).to_series()
    aged = (at(tokens, "count", last + 1) == ",") & (at(tokens, "count", last + 2) == "Y")
    return last + 2 * aged.fill_null(False).cast(pl.Int64)
