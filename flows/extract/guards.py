"""What looks like a count and is none: who did it, what did not happen, a name inside a name.

Patterns see letters alone; what they cannot tell apart is told apart here, by the words beside.
"""

import polars as pl

from flows.extract.care import OF_LIVING, is_no_care, is_no_hit, is_no_injury, is_no_outcome, is_no_survivor
from flows.extract.match import at, pick
from flows.extract.new_groups import demonyms
from flows.extract.patterns import CUED
from flows.extract.tagset import care, modals
from flows.extract.victims import KIN
from flows.lexicon import lexicon

SUBJECTS = [
    "subject",
    "single",
    "single_family",
    "single_definite",
    "single_named",
    "single_surname",
    "single_headline",
    "single_aged",
    "single_kin",
    "subject_and",
    "single_and",
]
NAMES = ["single_named", "single_surname", "single_outcome", "single_care"]
OBJECTS = ["him", "them", "me", "us", "himself", "herself", "themselves", "mr", "mr.", "mrs."]
ORDINALS = ["second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"]
COPULAS = ["was", "is", "became", "becomes", "be"]
HAVE = ["has", "have", "had"]


def may_count(sentences: pl.DataFrame, tokens: pl.DataFrame) -> pl.DataFrame:
    """The sentences that a pattern may find something in, one in eight: by the letters of CUED, or by a place of care
    where `is_no_care` would look for it."""
    places = pl.concat([care("place"), care("center")])
    rows = pick(tokens, pl.col("word").is_in(places.implode()))["row"]
    cared = pl.concat([at(tokens, "sentence", rows - step) for step in (-1, 0, 1, 2)]).unique()
    return sentences.filter(pl.col("count").str.contains(CUED) | pl.col("sentence").is_in(cared.implode()))


def tells_harm(statements: pl.DataFrame, tokens: pl.DataFrame) -> pl.Expr:
    """Whether a row of `statements` (`pattern`, groups of patterns.py, `cue_kind`) says that it happened to those."""
    pattern = pl.col("pattern")
    told = pattern.is_in([*SUBJECTS, "passing", "single_passing"])
    passive = pl.col("finite").str.contains("b")
    cue = at(tokens, "count", statements["cue_first"])
    before = at(tokens, "count", statements["n_first"] - 1)
    active = told & ~passive & pl.col("after").str.contains(r"^[NatOXpskl]$")
    # "Rebels who had kidnapped several": a perfect is active.
    one, two = (pl.Series(at(tokens, "word", statements["cue_first"] - step).is_in(HAVE)) for step in (1, 2))
    adverb = pl.Series(at(tokens, "count", statements["cue_first"] - 1) == "d")
    adverb = adverb | pl.Series(at(tokens, "word", statements["cue_first"] - 1).str.ends_with("ly"))
    active = active | (told & (one | (adverb & two)).fill_null(False) & pl.Series(cue == "v"))
    # "Two officers shot him": the letters do not know pronouns that are objects.
    behind = at(tokens, "word", statements["cue_first"] + 1).is_in(OBJECTS).fill_null(False)
    active = active | (told & ~passive & pl.Series(behind & (cue == "v")).fill_null(False))
    active = active | (told & ~passive & _is_aimed(statements, tokens) & pl.Series(cue == "v").fill_null(False))
    # "The association, ACC, ...": a single name behind a comma is a second name of what stands before it; behind a
    # number it is none ("four Peruvians died").
    second = (pattern == "single_surname") & pl.Series(before.is_in([",", "N"])).fill_null(False)
    # "A boy who shot, …": a relative clause without an auxiliary is active.
    active = active | (told & pl.col("finite").str.ends_with("r") & pl.Series(cue == "v").fill_null(False))
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
    lifeless = pattern.is_in(["unknown_noun", "single_attribute"]) & ~pl.col("cue_kind").is_in(OF_LIVING)
    # "A father of three was shot": the three are no victims.
    of_one = pl.Series((before == "F") & at(tokens, "count", statements["n_first"] - 2).is_in(["s", "O"]))
    kin = (pattern.is_in(["subject", "outcome", "care"])) & of_one.fill_null(False)
    # "The sister of the two boys, Ana Diaz, died": so are those behind a relative.
    of_them = (before == "t") & (at(tokens, "count", statements["n_first"] - 2) == "F")
    of_them = of_them & (at(tokens, "count", statements["n_first"] - 3) == "s")
    apart = pl.col("aside").fill_null("") != ""
    kin = kin | ((pattern == "subject") & pl.Series(of_them.fill_null(False)) & (apart | (pl.col("finite") != "")))
    doing = pattern.is_in(["passing", "single_passing"]) & ~pl.Series(
        at(tokens, "word", statements["doing_first"]).str.ends_with("ing")
    )
    # "A friend of the driver was shot": who stands behind "of" is told of within another's wording.
    person = at(tokens, "count", statements["n_first"] - 2).is_in(["s", "p", "l", "k"])
    owned = pattern.is_in(["single", "single_definite"]) & pl.Series((before == "F") & person).fill_null(False)
    # "Friends of a boy killed on Sunday", "the parents of a girl who was shot": a relative clause is of the last named.
    relative = ((pl.col("finite") == "") & pl.Series(cue == "v")) | pl.col("finite").str.contains("^,?r")
    owned = owned & ~relative
    each = at(tokens, "word", statements["n_first"] - 1) == "one"
    other = pl.Series((at(tokens, "word", statements["n_first"]) != "another") | each.fill_null(False))
    owned = owned | (pattern.str.starts_with("single_another") & other)
    # "A boy and 15-year-old girl were shot": without an article only beside one; "another 15-year-old" is one word.
    aged = at(tokens, "word", statements["n_first"]).str.starts_with("another ").fill_null(False)
    beside = pl.Series((before == "&").fill_null(False)) & (pl.col("n") != "Y")
    owned = owned | ((pattern == "single_aged") & ~(pl.Series(aged) | beside))
    # "His mother and grandmother were shot"
    nouns = lexicon("kin")["noun"].implode()
    both = [at(tokens, "word", statements["n_first"] - step).is_in(nouns).fill_null(False) for step in (0, 2)]
    owned = owned | ((pattern == "single_kin") & ~pl.Series(both[0] & both[1]))
    # "Seven of the nine soldiers": the nine are those of whom seven were hurt.
    two, three = (at(tokens, "count", statements["n_first"] - step) for step in (2, 3))
    whole = ((before == "t") & (two == "F") & (three == "N")) | ((before == "F") & (two == "N"))
    owned = owned | pl.Series(whole & at(tokens, "modifier", statements["n_first"]).is_not_null()).fill_null(False)
    # "Ruiz was shot", "he shot the man": they tell again of somebody told before, mostly with what became of them.
    relatives = pl.Series(at(tokens, "word", statements["n_first"]).is_in(KIN)).fill_null(False)
    # "Ana Diaz and Ruiz were shot": beside a full name it may be told for the first time.
    named = [at(tokens, "count", statements["n_first"] - step) == "O" for step in (2, 3)]
    listed = pl.Series(((before == "&") & named[0] & named[1]).fill_null(False))
    again = ((pattern == "single_surname") & ~listed) | ((pattern == "single_definite_object") & ~relatives)
    again = again | ((pattern == "single_named_object") & (pl.col("n") == "O"))
    again = again & (pl.col("cue_kind") == "casualties")
    again = again | ((pattern == "single_care") & (pl.col("n") == "O"))
    owned = owned | again
    lifeless = lifeless | owned | kin | doing.fill_null(False)
    wrong = active | denied | unnamed | inside | lifeless | _is_passive_object(statements, tokens)
    wrong = wrong | _is_plural_name(statements, tokens) | _is_unreal(statements, tokens)
    wrong = wrong | _is_nobodys(statements, tokens)
    wrong = wrong | _is_no_headline(statements, tokens) | _is_no_pronoun(statements, tokens)
    wrong = wrong | is_no_hit(statements, tokens) | _is_no_figure(statements, tokens)
    wrong = wrong | _is_no_inversion(statements, tokens) | is_no_survivor(statements, tokens)
    wrong = wrong | is_no_injury(statements, tokens)
    wrong = wrong | _is_begged(statements, tokens) | _is_one_more(statements, tokens)
    # "Police look for a woman after her daughter was shot": the daughter was.
    opens = pl.col("where").str.find(r"P[tawOXYd']{0,6}p$").cast(pl.Int64)
    clause = statements.select(pl.col("where_first") + opens).to_series()
    here = [at(tokens, "word", row).is_in(["after", "before", "since"]) for row in (statements["where_first"], clause)]
    wrong = wrong | (pl.Series(here[0].fill_null(False)) & pl.col("where").str.contains("[sl]").fill_null(False))
    wrong = wrong | pl.Series(here[1].fill_null(False))
    return ~(wrong | is_no_care(statements, tokens) | is_no_outcome(statements, tokens)).fill_null(False)


def _is_no_inversion(statements: pl.DataFrame, tokens: pl.DataFrame) -> pl.Expr:
    """ "Also killed were Ana Ruiz and two guards": the cue opens its sentence."""
    first = statements["cue_first"]
    opens = (at(tokens, "sentence", first - 1) != statements["sentence"]).fill_null(True)
    also = at(tokens, "word", first - 1) == "also"
    also = also & (at(tokens, "sentence", first - 2) != statements["sentence"]).fill_null(True)
    return pl.col("pattern").str.contains("inverted") & ~pl.Series(opens | also.fill_null(False))


def _is_no_figure(statements: pl.DataFrame, tokens: pl.DataFrame) -> pl.Expr:
    """ "Fired one shot", "was shot one time", "killing one another": a figure beside the noun, outside titles, one of
    times, or none."""
    noun = pl.Series((at(tokens, "word", statements["cue_first"]) == "shot").fill_null(False))
    beside = (pl.col("pattern") == "subject") & (pl.col("cue_first") == pl.col("n_first") + 1)
    one = pl.Series((at(tokens, "low", statements["n_first"]) == 1).fill_null(False)) & ~pl.col("in_title")
    times = pl.Series((at(tokens, "word", statements["n_first"] + 1) == "time").fill_null(False))
    each = pl.Series((at(tokens, "word", statements["n_first"] + 1) == "another").fill_null(False))
    # "An average of 12 deaths a day"
    two = at(tokens, "word", statements["n_first"] - 2)
    mean = pl.Series(((two == "average") & (at(tokens, "word", statements["n_first"] - 1) == "of")).fill_null(False))
    return (noun & beside & one) | ((pl.col("n") == "N") & (times | each)) | mean


def _is_begged(statements: pl.DataFrame, tokens: pl.DataFrame) -> pl.Expr:
    """ "Don't let my baby die": one person dies, has died or died, and "die" tells no more than a wish."""
    die = pl.Series((at(tokens, "word", statements["cue_first"]) == "die").fill_null(False))
    joined = pl.Series(at(tokens, "count", statements["n_first"] - 1).is_in(["&", ","]).fill_null(False))
    return (
        pl.col("pattern").is_in(["single", "single_definite", "single_named", "single_surname"])
        & die
        & ~joined
        & (pl.col("finite") == "")
    )


def _is_one_more(statements: pl.DataFrame, tokens: pl.DataFrame) -> pl.Expr:
    """ "She is the third child killed this year": one of a period's, told before."""
    first = statements["n_first"]
    ordinal = at(tokens, "word", first + 1).is_in(ORDINALS) & at(tokens, "word", first - 1).is_in(COPULAS)
    return pl.col("pattern").str.starts_with("single_definite") & pl.Series(ordinal.fill_null(False))


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


def _is_aimed(statements: pl.DataFrame, tokens: pl.DataFrame) -> pl.Expr:
    """ "Four youths shot at the policemen": persons behind "at" are who was shot at; "shot at a party" tells where."""
    cue = statements["cue_first"]
    persons = at(tokens, "count", cue + 2).is_in(["p", "k", "m", "N"]) | at(tokens, "count", cue + 3).is_in(
        ["p", "s", "k", "m", "l"]
    )
    owner = at(tokens, "count", cue + 4) == "'"  # "shot at his friend's house"
    aimed = (at(tokens, "word", cue + 1) == "at") & persons & ~owner.fill_null(False)
    return pl.lit(aimed.fill_null(False))


def _is_no_headline(statements: pl.DataFrame, tokens: pl.DataFrame) -> pl.Expr:
    """ "Boy shot in park": a person without an article is one in a title alone, where a clause opens."""
    first = statements["n_first"]
    opens = (at(tokens, "sentence", first - 1) != statements["sentence"]).fill_null(True)
    opens = opens | at(tokens, "count", first - 1).is_in([";", "C", "q"]).fill_null(False)
    opens = opens | at(tokens, "word", first - 1).is_in(["after", "before", "as"]).fill_null(False)
    # "Mother, boy shot": one of a list
    listed = at(tokens, "count", first - 1) == ","
    listed = listed & at(tokens, "count", first - 2).is_in(["s", "p", "l", "Y"])
    opens = opens | listed.fill_null(False)
    # "The shooting suspect", "shot dead by cousin" have no object.
    word = at(tokens, "word", statements["cue_first"])
    bare = (word.is_in(["shooting", "stabbing"]) | word.str.ends_with(" by")).fill_null(False)
    taken = (pl.col("pattern") == "single_headline_object") & ~pl.Series(bare)
    told = pl.col("in_title") & (pl.Series(opens) | taken)
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
    perfect = at(tokens, "word", statements["cue_first"] - 1).is_in(HAVE)  # "has killed her brother"
    passive = ((one == "b") & ~perfect) | (one.is_in(["d", "x"]) & (two == "b"))
    objects = pl.col("pattern").is_in(["single_named_object", "single_definite_object"])
    return objects & pl.Series(passive & (at(tokens, "count", statements["cue_first"]) == "v")).fill_null(False)


def _is_plural_name(statements: pl.DataFrame, tokens: pl.DataFrame) -> pl.Expr:
    """ "The killing of Palestinians": one word of a name that ends in s may be many."""
    plural = pl.Series(at(tokens, "word", statements["n_last"]).str.ends_with("s"))
    many = pl.Series(at(tokens, "word", statements["finite_first"]).is_in(["were", "are", "have"])).fill_null(False)
    listed = pl.Series(at(tokens, "count", statements["n_first"] - 1).is_in(["&", ","])).fill_null(False)
    people = pl.Series(at(tokens, "word", statements["np_last"]).str.ends_with("s").fill_null(False))
    one = (pl.col("pattern") == "people") & ~people  # "in Chapter 11 Smith died"
    return (
        one
        | ((pl.col("pattern") == "single_surname") & many & ~listed)
        | pl.col("pattern").str.contains("named_(?:object|event)") & (pl.col("n") == "O") & plural
    )


def _is_unreal(statements: pl.DataFrame, tokens: pl.DataFrame) -> pl.Expr:
    """ "Could have killed six", "a plot to kill the minister": what did not happen, as far as the wording goes."""
    one, two, three = (at(tokens, "word", statements["cue_first"] - step) for step in (1, 2, 3))
    words = modals().implode()
    perfect = ((one == "have") & two.is_in(words)) | ((one == "been") & (two == "have") & three.is_in(words))
    base = (at(tokens, "count", statements["cue_first"]) == "f") & (one.is_in(words) | (one == "to"))
    return pl.Series((perfect | base).fill_null(False)) & pl.col("cue_first").is_not_null()
