"""Lists of victims: "a priest, a driver and two nuns were killed" is three figures of one cue.

What stands beside a figure in its list shares its cue: before a subject ("Ruiz and two others were shot"), behind an
object ("the murder of six priests and two women").
"""

import polars as pl

from flows.extract.match import at, find
from flows.extract.patterns import DEFINITE, NOUN, SINGLE, SUBGROUP
from flows.lexicon import lexicon

MEMBER = rf"(?P<n>N|{SINGLE}|{DEFINITE}|O{{1,4}})(?P<np>(?:F?t?[wOXYvj']{{0,3}}?{NOUN})?)"
BEFORE = rf"{MEMBER}(?P<noun>w?)(?P<aside>(?:,w?Y(?:,?&?Y){{0,3}})?(?:,?[FP][tawOX]{{1,4}}?)?)(?P<link>,?&|,)"
# "His wife and son", "her father and 6-year-old daughter": kin leave out the second "his" (kin.csv)
BEHIND = rf"(?P<link>,?&|,){MEMBER.replace('(?P<n>', '(?P<n>Y?s|', 1)}"
# "Two men, woman shot": headlines leave out "and" and the article
BARE_BEFORE = r"(?P<n>N|[wOXY]{0,3}?[sl])(?P<np>(?:[wOX]{0,2}?p)?)(?P<aside>(?:,Y)?)(?P<link>,)"
ENDS = [",", ";", "P", "T", "C", "q", "&", "_"]
SINGULAR = ["was", "is", "has"]
LONGEST = 5  # members of a list beside the one that its cue takes
OF_LIVING = ["killed", "wounded", "casualties", "missing", "abducted", "detained"]
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
    titles = sentences.join(statements.filter("in_title"), on="sentence", how="semi", maintain_order="left")
    before = pl.concat([_before(tokens, sentences), _before_bare(titles)])
    # "The murder of a nun and two boys was condemned": behind an event a verb may follow the list, behind a verb it is
    # the next one's own ("killed a nun and two boys were hurt").
    behind = _behind(tokens, sentences)
    events = pl.col("pattern").str.contains("_of$")
    added = [
        *_walk(subjects, before),
        *_walk(objects.filter(~events), behind.filter(~pl.col("has_verb")).drop("has_verb")),
        *_walk(objects.filter(events), behind.drop("has_verb")),
    ]
    members = pl.concat(added).with_columns(
        pattern=pl.when(pl.col("n").str.starts_with("N")).then(pl.lit("list")).otherwise(pl.lit("single_list"))
    )
    # "A 14-year-old boy": the noun behind the age tells the sex.
    noun = pl.Series(at(tokens, "count", members["np_last"]).is_in(["s", "l"])).fill_null(False)
    aged = pl.col("n").str.ends_with("Y") & noun & (pl.col("np_last") == pl.col("n_last") + 1)
    members = members.with_columns(n_last=pl.when(aged).then("np_last").otherwise("n_last"))
    members = members.join(statements, on="n_first", how="anti").unique("n_first", keep="first", maintain_order=True)
    return pl.concat([statements, members.select(statements.columns)]).sort("n_first", maintain_order=True)


def add_subgroups(statements: pl.DataFrame, tokens: pl.DataFrame, sentences: pl.DataFrame) -> pl.DataFrame:
    """Add a row for each "including three children" that has no cue of its own: a part of the harm told last before it
    in its sentence; `pattern` is "list". Sorted by `n_first`."""
    wholes = statements.filter(pl.col("n").str.starts_with("N") & pl.col("kind").is_in(OF_LIVING))
    parts = find(sentences, "count", SUBGROUP).join(statements, on="n_first", how="anti", maintain_order="left")
    parts = parts.select("sentence", *PLACES, before="n_first").sort("before")
    wholes = wholes.with_columns(whole_first="n_first", before="n_first").drop(PLACES).sort("before")
    parts = parts.join_asof(wholes, on="before", by="sentence", strategy="backward", check_sortedness=False)
    parts = parts.filter(pl.col("kind").is_not_null())
    fewer = at(tokens, "low", parts["n_first"]) < at(tokens, "low", parts["whole_first"])
    parts = parts.filter(fewer.fill_null(False)).with_columns(pattern=pl.lit("list"))
    return pl.concat([statements, parts.select(statements.columns)]).sort("n_first", maintain_order=True)


def _walk(statements: pl.DataFrame, members: pl.DataFrame) -> list[pl.DataFrame]:
    """The members reached from a statement, one step a frame; `opens`: reached from the statement itself."""
    found, frontier = [], statements
    for step in range(LONGEST):
        reached = members if step else members.filter("opens")
        frontier = frontier.drop(PLACES).join(reached.drop("opens"), on="beside", maintain_order="left")
        frontier = frontier.with_columns(beside="next").drop("next").select(statements.columns)
        found.append(frontier)
        if frontier.is_empty():
            break
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


def _before_bare(titles: pl.DataFrame) -> pl.DataFrame:
    """Members of a headline's list; none where a name and a comma open it ("Ana Diaz, champion, actress, dies")."""
    members = find(titles.filter(~pl.col("count").str.contains("O,[wOXY]{0,3}[sl],")), "count", BARE_BEFORE)
    return members.select(*PLACES, opens=pl.lit(True), beside=pl.col("link_last") + 1, next="n_first")


def _behind(tokens: pl.DataFrame, sentences: pl.DataFrame) -> pl.DataFrame:
    """Members behind a link: `beside` is where the one before the link ends, `next` where they end themselves. What
    goes on with a verb or a noun is no member, and after a comma only what an "and" follows."""
    members = find(sentences, "count", BEHIND)
    end = _end(members, tokens)
    after, second = at(tokens, "count", end + 1), at(tokens, "count", end + 2)
    ends = after.is_in([*ENDS, "b"]).fill_null(True) | (
        at(tokens, "sentence", end + 1) != members["sentence"]
    ).fill_null(True)
    nouns = lexicon("kin")["noun"].implode()
    kin = pl.Series(
        at(tokens, "word", members["n_last"]).is_in(nouns) & at(tokens, "word", members["link_first"] - 1).is_in(nouns)
    )
    ends = ends & (kin | ~members["n"].str.contains("^Y?s")).fill_null(False)
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
