"""What looks like a count and is none: who did it, what did not happen, a name inside a name, an aside on somebody.

Patterns see letters alone; what they cannot tell apart is told apart here, by the words beside.
"""

import polars as pl

from flows.extract.match import at
from flows.extract.new_groups import demonyms
from flows.extract.tagset import care, modals

SUBJECTS = [
    "subject",
    "single",
    "single_family",
    "single_definite",
    "single_named",
    "single_surname",
    "single_headline",
    "subject_and",
    "single_and",
]
NAMES = ["single_named", "single_surname", "single_outcome", "single_care"]
HAVE = ["has", "have", "had"]
OF_LIVING = ["killed", "wounded"]  # what befalls nothing that does not live


def tells_harm(statements: pl.DataFrame, tokens: pl.DataFrame) -> pl.Expr:
    """Whether a row of `statements` (`pattern`, groups of patterns.py, `cue_kind`) says that it happened to those."""
    pattern = pl.col("pattern")
    told = pattern.is_in(SUBJECTS)
    passive = pl.col("finite").str.contains("b")
    cue = at(tokens, "count", statements["cue_first"])
    before = at(tokens, "count", statements["n_first"] - 1)
    active = told & ~passive & pl.col("after").str.contains(r"^[NatOXpskl]$")
    # "Rebels who had kidnapped several": a perfect is active.
    one, two = (pl.Series(at(tokens, "word", statements["cue_first"] - step).is_in(HAVE)) for step in (1, 2))
    adverb = pl.Series(at(tokens, "count", statements["cue_first"] - 1) == "d")
    active = active | (told & (one | (adverb & two)).fill_null(False) & pl.Series(cue == "v"))
    # "The association, ACC, ...": a single name behind a comma is a second name of what stands before it.
    second = (pattern == "single_surname") & pl.Series(before == ",").fill_null(False)
    # "A boy who shot, …": a relative clause without an auxiliary is active.
    active = active | (told & pl.col("finite").str.contains("r") & ~passive & pl.Series(cue == "v").fill_null(False))
    denied = second | pl.col("finite").str.contains("x")
    known = pattern.is_in(["single_definite", *NAMES])
    unnamed = known & ~passive & pl.Series(cue == "v")
    inside = (
        pattern.is_in(NAMES)
        & pl.col("n").str.starts_with("O")
        & pl.Series(before.is_in(["t", "P", "F", "'", "O", "X"]))
    )
    # "Two AK-47s were seized" and "two films were shot": what is no person by the lexicon is at least alive.
    lifeless = (pattern == "unknown_noun") & ~pl.col("cue_kind").is_in(OF_LIVING)
    # "A father of three was shot": the three are no victims.
    of_one = pl.Series((before == "F") & at(tokens, "count", statements["n_first"] - 2).is_in(["s", "O"]))
    kin = (pattern.is_in(["subject", "outcome", "care"])) & of_one.fill_null(False)
    doing = (pattern == "passing") & ~pl.Series(at(tokens, "word", statements["doing_first"]).str.ends_with("ing"))
    # "A friend of the driver was shot": who stands behind "of" is told of within another's wording.
    person = at(tokens, "count", statements["n_first"] - 2).is_in(["s", "p", "l", "k"])
    owned = pattern.is_in(["single", "single_definite"]) & pl.Series((before == "F") & person).fill_null(False)
    owned = owned & ~((pl.col("finite") == "") & pl.Series(cue == "v"))  # "friends of a boy killed on Sunday"
    other = pl.Series(at(tokens, "word", statements["n_first"]) != "another")
    owned = owned | ((pattern == "single_another") & other)
    # "Seven of the nine soldiers": the nine are those of whom seven were hurt.
    two, three = (at(tokens, "count", statements["n_first"] - step) for step in (2, 3))
    whole = ((before == "t") & (two == "F") & (three == "N")) | ((before == "F") & (two == "N"))
    owned = owned | pl.Series(whole & at(tokens, "modifier", statements["n_first"]).is_not_null()).fill_null(False)
    # "Ruiz was shot": a surname alone tells again of somebody told before, mostly with what became of them.
    again = pattern.is_in(["single_surname", "single_definite_object"]) & (pl.col("cue_kind") == "casualties")
    owned = owned | again
    lifeless = lifeless | owned | kin | doing.fill_null(False)
    wrong = active | denied | unnamed | inside | lifeless | _is_passive_object(statements, tokens)
    wrong = wrong | _is_plural_name(statements, tokens) | _is_unreal(statements, tokens)
    wrong = wrong | _is_nobodys(statements, tokens)
    wrong = wrong | _is_no_headline(statements, tokens) | _is_no_pronoun(statements, tokens)
    return ~(wrong | _is_no_care(statements, tokens) | _is_no_outcome(statements, tokens)).fill_null(False)


def _is_no_care(statements: pl.DataFrame, tokens: pl.DataFrame) -> pl.Expr:
    """ "Were taken to the station": who was taken, and to where, stands in care.csv."""
    carried = pl.Series(at(tokens, "word", statements["cue_first"]).is_in(care("carried").implode()))
    near = [at(tokens, "word", statements["to_last"] + step).is_in(care("place").implode()) for step in (-1, 0, 1, 2)]
    place = pl.any_horizontal([series.fill_null(False).alias(str(no)) for no, series in enumerate(near)])
    return pl.col("pattern").str.contains("care") & ~(carried.fill_null(False) & place)


def _is_no_outcome(statements: pl.DataFrame, tokens: pl.DataFrame) -> pl.Expr:
    """ "Was shot ... and was pronounced dead": shot or in care first, and then dead or hurt, not shot once more."""
    shot = at(tokens, "harm_kind", statements["shot_first"]) == "casualties"
    carried = at(tokens, "word", statements["shot_first"]).is_in(care("carried").implode())
    first = pl.Series(shot.fill_null(False) | carried.fill_null(False))
    hurt = pl.Series((at(tokens, "harm_kind", statements["shot_first"]) == "wounded").fill_null(False))
    relative = (pl.col("pattern") == "single_relative") & ~((first | hurt) & (pl.col("cue_kind") == "killed"))
    return relative | (pl.col("pattern").str.contains("outcome") & ~(first & pl.col("cue_kind").is_in(OF_LIVING)))


def _is_nobodys(statements: pl.DataFrame, tokens: pl.DataFrame) -> pl.Expr:
    """ "The judge's killers" tell that the judge is dead, "the judge's attackers" do not; "along with two" shares their
    fate, "next to two" does not; "a Colombian" is a person, "a Monday" is none."""
    pattern = pl.col("pattern")
    killer = pl.Series(at(tokens, "word", statements["cue_first"]).str.contains("^(?:killer|murderer|assassin)s?$"))
    beside = pl.Series(at(tokens, "word", statements["n_first"] - 2).is_in(["along", "together"]))
    national = pl.Series(at(tokens, "word", statements["n_last"]).is_in(demonyms().implode()))
    return (
        (pattern.str.contains("killers") & ~killer.fill_null(False))
        | (pattern.str.contains("together") & ~beside.fill_null(False))
        | ((pattern == "single_national") & ~national.fill_null(False))
    )


def _is_no_headline(statements: pl.DataFrame, tokens: pl.DataFrame) -> pl.Expr:
    """ "Boy shot in park": a person without an article is one in a title alone, where a clause opens."""
    first = statements["n_first"]
    opens = (at(tokens, "sentence", first - 1) != statements["sentence"]).fill_null(True)
    opens = opens | at(tokens, "count", first - 1).is_in([";", "C", "q"]).fill_null(False)
    opens = opens | at(tokens, "word", first - 1).is_in(["after", "before", "as"]).fill_null(False)
    told = pl.col("in_title") & pl.Series(opens)
    return pl.col("pattern").str.contains("headline") & ~told


def _is_no_pronoun(statements: pl.DataFrame, tokens: pl.DataFrame) -> pl.Expr:
    """ "He was pronounced dead" tells of one person; "they died" of nobody knows how many."""
    one = pl.Series(at(tokens, "word", statements["n_first"]).is_in(["he", "she"])).fill_null(False)
    passive = pl.col("finite").str.contains("b") | pl.Series(at(tokens, "count", statements["cue_first"]) == "j")
    told = one & passive & (pl.col("cue_kind") == "killed")
    return (pl.col("pattern") == "single_pronoun") & ~told.fill_null(False)


def _is_passive_object(statements: pl.DataFrame, tokens: pl.DataFrame) -> pl.Expr:
    """ "Two were killed Michigan police said": a name behind a passive is no object of it."""
    one, two = (at(tokens, "count", statements["cue_first"] - step) for step in (1, 2))
    passive = (one == "b") | (one.is_in(["d", "x"]) & (two == "b"))
    objects = pl.col("pattern").is_in(["single_named_object", "single_definite_object"])
    return objects & pl.Series(passive & (at(tokens, "count", statements["cue_first"]) == "v")).fill_null(False)


def _is_plural_name(statements: pl.DataFrame, tokens: pl.DataFrame) -> pl.Expr:
    """ "The killing of Palestinians": one word of a name that ends in s may be many."""
    plural = pl.Series(at(tokens, "word", statements["n_last"]).str.ends_with("s"))
    many = pl.Series(at(tokens, "word", statements["finite_first"]).is_in(["were", "are", "have"])).fill_null(False)
    listed = pl.Series(at(tokens, "count", statements["n_first"] - 1).is_in(["&", ","])).fill_null(False)
    return ((pl.col("pattern") == "single_surname") & many & ~listed) | pl.col("pattern").str.contains(
        "named_(?:object|event)"
    ) & (pl.col("n") == "O") & plural


def _is_unreal(statements: pl.DataFrame, tokens: pl.DataFrame) -> pl.Expr:
    """ "Could have killed six", "a plot to kill the minister": what did not happen, as far as the wording goes."""
    one, two, three = (at(tokens, "word", statements["cue_first"] - step) for step in (1, 2, 3))
    words = modals().implode()
    perfect = ((one == "have") & two.is_in(words)) | ((one == "been") & (two == "have") & three.is_in(words))
    base = (at(tokens, "count", statements["cue_first"]) == "f") & (one.is_in(words) | (one == "to"))
    return pl.Series((perfect | base).fill_null(False)) & pl.col("cue_first").is_not_null()


def drop_asides(statements: pl.DataFrame, tokens: pl.DataFrame) -> pl.DataFrame:
    """Leave out who is told of inside another's wording: "Smith, a teacher, was killed" counts one, and so do "her two
    children" behind "a mother and". `statements` is sorted by `n_first`."""
    # "The mayor, Ana Ruiz, 50, was killed" is told by the name.
    named = statements.filter(pattern="single_named").select("cue_first", called="n_first")
    alone = ~at(tokens, "count", statements["n_first"] - 1).is_in(["&", ","]).fill_null(False)
    apposed = statements.filter((pl.col("pattern") == "single_definite") & alone).join(named, on="cue_first")
    apposed = apposed.filter(
        (pl.col("called") == pl.col("aside_first") + 1) & pl.col("aside").str.contains("^,O{2,4},(?:Y,)?$")
    )
    statements = statements.join(apposed, on=["cue_first", "n_first"], how="anti", maintain_order="left")
    aside = statements.select("cue_first", first="aside_first", last="aside_last")
    aside = aside.filter(pl.col("first").is_not_null() & ~statements["aside"].str.starts_with(",L"))
    family = statements.filter(pl.col("pattern").str.starts_with("single_family"))
    spans = pl.concat([aside, family.select("cue_first", first=pl.col("n_first") + 1, last="n_last")])
    inside = (
        statements.select("cue_first", "n_first")
        .join(spans, on="cue_first")
        .filter(pl.col("n_first").is_between("first", "last"))
    )
    return statements.join(inside, on=["cue_first", "n_first"], how="anti", maintain_order="left")
