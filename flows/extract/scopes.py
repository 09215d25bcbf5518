"""What of an article's figures covers the whole of an event, and what is a part of it.

total, part, cumulative, change, level are CONTRACT.md's. They follow the UCDP GED codebook in what a toll may add: an
incident's deaths once, never a period's sum beside its incidents.
"""

import polars as pl

from flows.extract.counts import HARM
from flows.extract.identities import follow_names, number_persons
from flows.extract.match import at, pick
from flows.lexicon import lexicon

OTHERS = "others than the dead"  # "a man died and three others were shot"
INTAKE, CHANGE, EARLIER, UPDATE, GRADE = "intake", "change", "earlier", "update", "grade"


def add_scope(counts: pl.DataFrame, tokens: pl.DataFrame, sentences: pl.DataFrame) -> pl.DataFrame:
    """total, unless the sentence says otherwise: a part by its wording, one hospital's intake, a sum over a period,
    troops that come or go."""
    cues = (
        pick(tokens, pl.col("scope_cue").is_not_null(), "sentence", "scope_cue")
        .group_by("sentence")
        .agg(pl.col("scope_cue").unique().alias("cues"))
    )
    aggregate = sentences.select("sentence", in_aggregate="is_aggregate")
    counts = counts.join(cues, on="sentence", how="left", maintain_order="left").join(
        aggregate, on="sentence", how="left", maintain_order="left"
    )

    def has(cue: str) -> pl.Expr:
        return pl.col("cues").list.contains(cue).fill_null(False)

    dead_too = (pl.col("kind") == "killed").any().over("sentence")
    troops = pl.col("kind") == "troops"
    part = (
        pl.when(troops | pl.col("in_aggregate"))
        .then(None)
        .when((pl.col("kind") != "munitions") & pl.col("is_part"))
        .then(pl.lit("a subgroup of those told"))
        .when(pl.col("is_part"))
        .then(pl.lit("one of those told"))
        .when((has(INTAKE) & dead_too) | (pl.col("actor_type") == "hospital"))
        .then(pl.lit("one hospital's intake"))
    )
    return counts.with_columns(
        scope_reason=part, is_earlier=has(EARLIER), is_update=has(UPDATE), is_graded=_is_graded(counts, tokens)
    ).with_columns(
        scope=pl.when(troops & has(CHANGE))
        .then(pl.lit("change"))
        .when(troops)
        .then(pl.lit("level"))
        .when(pl.col("in_aggregate"))
        .then(pl.lit("cumulative"))
        .when(pl.col("scope_reason").is_not_null())
        .then(pl.lit("part"))
        .otherwise(pl.lit("total"))
    )


def settle_parts(counts: pl.DataFrame) -> pl.DataFrame:
    """Add `victim_no` and `list_no`; settle `scope` and `scope_reason` by what else the article states of the event.

    Parts are: figures told together that only their sum makes whole (`list_no`), single persons beside others, one
    among many, none at one place, and those hurt where more were shot than are told hurt or dead. `counts` stands in
    the order of the text.
    """
    counts = follow_names(counts)
    # "He was pronounced dead" tells of who was shot before, and of nobody new where somebody else is told dead.
    event = ["article_id", "event_no"]
    told = ~pl.col("is_pronoun") & (pl.col("low") > 0)
    known = (told & pl.col("kind").is_in(HARM)).any().over(event) & ~told.any().over([*event, "kind"])
    counts = counts.filter(~pl.col("is_pronoun") | known)
    counts = counts.with_columns(
        victim_no=number_persons(counts),
        unit=pl.when(~pl.col("unit").str.to_lowercase().is_in(["he", "she"])).then("unit"),
    )
    return _mark_parts(_add_lists(counts)).pipe(_mark_grades).pipe(_mark_survivors).pipe(_mark_superseded)


def _add_lists(counts: pl.DataFrame) -> pl.DataFrame:
    """Add `list_no`: figures of one cue ("two women and a man were killed"), and one that says that it comes on top of
    the one before it ("two died there, another three in hospital")."""
    kind = ["article_id", "event_no", "kind"]
    whole = (pl.col("scope") == "total") & pl.col("low").is_not_null() & pl.col("kind").is_in(HARM)
    rows = counts.with_row_index("at").filter(whole)
    by_cue = pl.col("is_coordinated") & pl.col("cue").is_not_null()
    # "One dead, five others wounded": the others are others than the dead.
    event = ["article_id", "event_no"]
    before = pl.col("kind").shift(1).over(event) == pl.col("kind")
    since = pl.col("sentence") - pl.col("sentence").shift(1).over(kind)
    starts = pl.col("is_more") & before & ((since == 0) | ((since == 1) & pl.col("opens_sentence")))
    # "Killed his wife and two sons, then himself": the sum has him in it.
    starts = starts | ((pl.col("n") == "E") & (pl.col("kind") == "killed") & (since == 0))
    # A list goes on as long as rows of one kind share their cue or come on top of each other.
    goes_on = (by_cue & (pl.col("cue") == pl.col("cue").shift(1).over(kind))) | starts.fill_null(False)
    rows = rows.with_columns(goes_on=goes_on.fill_null(False))
    rows = rows.with_columns(
        in_list=pl.col("goes_on") | pl.col("goes_on").shift(-1).over(kind).fill_null(False),
        list_id=(~pl.col("goes_on")).cum_sum().over(kind),
    )
    lists = (
        rows.filter("in_list")
        .with_columns(at_first=pl.col("at").min().over(*kind, "list_id"))
        .with_columns(list_no=pl.col("at_first").rank("dense").over("article_id").cast(pl.Int32))
        .select("at", "list_no")
    )
    return counts.with_row_index("at").join(lists, on="at", how="left", maintain_order="left").drop("at")


def _mark_parts(counts: pl.DataFrame) -> pl.DataFrame:
    group = ["article_id", "event_no"]
    is_whole = (pl.col("scope") == "total") & pl.col("list_no").is_null()
    whole = pl.col("low").filter(is_whole)
    # "1 dead, 3 wounded" states both wholes, however many others the text tells dead elsewhere.
    beside_hurt = (pl.col("kind") == "wounded").any().over("sentence") & (pl.col("kind") == "killed")
    stated = (pl.col("n") == "N") & beside_hurt & ~pl.col("is_more")
    more = (whole.max().over([*group, "kind"]) > 1) & ~stated
    more = more | pl.col("list_no").is_not_null().any().over([*group, "kind"])
    harm = pl.col("low").filter((pl.col("scope") == "total") & pl.col("kind").is_in(HARM))
    unhurt = pl.col("kind") == "casualties"
    harmed = pl.when(unhurt).then(harm.max().over(group) > 0).otherwise(harm.max().over([*group, "kind"]) > 0)
    one_of_many = (pl.col("low") == 1) & more.fill_null(False)
    persons = pl.col("victim_no").filter(is_whole).n_unique().over([*group, "kind"])
    # "1 dead, 3 wounded" states the whole; whoever else the text tells dead died elsewhere, unless it says "another".
    one_stated = ((pl.col("n") == "N") & (pl.col("low") == 1) & is_whole & ~pl.col("is_more")).any()
    one_stated = (one_stated & ~(pl.col("is_more") & pl.col("victim_no").is_not_null()).any()).over([*group, "kind"])
    one_of_several = pl.col("victim_no").is_not_null() & (persons > 1) & ~one_stated
    none_here = (pl.col("high") == 0) & harmed.fill_null(False)
    dead = ((pl.col("kind") == "killed") & (pl.col("low") > 0)).any().over(group)
    # "Another three casualties" may be dead themselves.
    are_shot = ~pl.col("unit").fill_null("").str.to_lowercase().str.ends_with("casualties")
    others = unhurt & pl.col("is_more") & (pl.col("low") > 0) & dead & are_shot
    reason = (
        pl.when(pl.col("scope") != "total")
        .then("scope_reason")
        .when(pl.col("list_no").is_not_null())
        .then(pl.lit("told together with others"))
        .when(others)
        .then(pl.lit(OTHERS))
        .when(unhurt & pl.col("is_more") & (pl.col("low") < whole.max().over([*group, "kind"])))
        .then(pl.lit("others than one of those told"))
        .when(one_of_many)
        .then(pl.lit("one of those told"))
        .when(one_of_several)
        .then(pl.lit("one of several told singly"))
        .when(none_here)
        .then(pl.lit("none at one place, where others were harmed"))
    )
    return counts.with_columns(scope_reason=reason).with_columns(
        scope=pl.when(pl.col("scope_reason").is_not_null()).then(pl.lit("part")).otherwise("scope")
    )


def _is_graded(counts: pl.DataFrame, tokens: pl.DataFrame) -> pl.Series:
    """Whether the cue says how badly: "in critical condition", "seriously injured", "treated for ..."."""
    grades = lexicon("scopes").filter(scope=GRADE)["phrase"]
    words = at(tokens, "word", counts["cue"]).str.split(" ").list.eval(pl.element().is_in(grades.implode()).any())
    return words.list.first().fill_null(False)


def _mark_grades(counts: pl.DataFrame) -> pl.DataFrame:
    """Of "four were hurt", "two are in critical condition" are a part."""
    hurt = (pl.col("kind") == "wounded") & (pl.col("scope") == "total") & (pl.col("low") > 0)
    fewer = (
        hurt & pl.col("is_graded") & (pl.col("low") < pl.col("low").filter(hurt).max().over("article_id", "event_no"))
    )
    return counts.with_columns(
        scope=pl.when(fewer).then(pl.lit("part")).otherwise("scope"),
        scope_reason=pl.when(fewer).then(pl.lit("those hurt to one degree")).otherwise("scope_reason"),
    )


def _mark_survivors(counts: pl.DataFrame) -> pl.DataFrame:
    """Of "four were shot", one dead, "two in hospital" are a part of the three who live."""
    group = ["article_id", "event_no"]

    def most(kind: str) -> pl.Expr:
        is_whole = (pl.col("scope") == "total") & (pl.col("kind") == kind) & ~pl.col("is_more")
        return pl.col("low").filter(is_whole).max().over(group).fill_null(0)

    dead_persons = pl.col("victim_no").filter(pl.col("kind") == "killed").drop_nulls().n_unique().over(group)
    dead = pl.max_horizontal(most("killed"), dead_persons)
    fewer = (pl.col("kind") == "wounded") & (pl.col("scope") == "total") & (pl.col("high") > 0)
    fewer = fewer & (pl.max_horizontal(most("wounded"), "high") < most("casualties") - dead)
    # "Seven were shot, all seven are in stable condition": they are all of those shot, even where ten were elsewhere.
    shot = pl.col("low").filter((pl.col("kind") == "casualties") & (pl.col("scope") == "total")).implode().over(group)
    fewer = fewer & ~(pl.col("low").is_in(shot) | (pl.col("low") + dead).is_in(shot))
    return counts.with_columns(
        scope=pl.when(fewer).then(pl.lit("part")).otherwise("scope"),
        scope_reason=pl.when(fewer).then(pl.lit("fewer than those shot who live")).otherwise("scope_reason"),
    )


def _mark_superseded(counts: pl.DataFrame) -> pl.DataFrame:
    """ "Police initially said five", "the toll rose to 14": of an event's whole figures those that the text itself puts
    behind others. They stay total, for so much was known, and no toll rests on them."""
    kind = ["article_id", "event_no", "kind"]
    whole = (pl.col("scope") == "total") & (pl.col("low") > 0)
    newest = pl.col("low").filter(whole & pl.col("is_update") & ~pl.col("is_earlier")).max().over(kind)
    others = (whole & ~pl.col("is_earlier")).any().over(kind)
    old = whole & ((pl.col("is_earlier") & others) | (pl.col("low") < newest).fill_null(False))
    reason = pl.when(old).then(pl.lit("superseded in the same article")).otherwise("scope_reason")
    return counts.with_columns(scope_reason=reason)
