"""Where a text turns to another happening by its wording alone: "in a separate shooting", "in a battle near ...", and
the paragraphs of a round-up, each with its own incident."""

import polars as pl

from flows.extract.match import at, find, is_any, of_sentences, pick
from flows.lexicon import lexicon

ROUND_UP = [
    "shooting",
    "stabbing",
    "killing",
    "accident",
    "incident",
    "disaster",
]  # kinds that come apart; attacks join
SPANNING = ["in", "over", "within", "amid", "during"]  # what stands before a span
HEAD = 5  # tokens from a sentence's start within which a turn is announced
HOUR = r"[0-9]:[0-9]{2}|[0-9] ?[ap]\.?m"
LISTED = 3  # incidents that a round-up tells one by one; two shootings of one night may be what an article is about
LEDE = 3  # sentences of the body that tell what the article is about
ANEW = r"(?P<by>P)(?P<article>a)(?P<gap>[wvjOT]{0,3}?)(?P<what>[we])"


def find_turns(tokens: pl.DataFrame, sentences: pl.DataFrame) -> pl.DataFrame:
    """Sentences that open another event by their wording: `sentence`, `turn` (String, a key of that event in its text).

    `sentences` has `sentence`, `doc`, `field`, `first`, `nth` (its number within its text, from 0), `is_harm`. Every
    turn opens an event of its own; the sentences behind it in its paragraph stay with it.
    """
    words = lexicon("apart")
    attributes, heads = (words.filter(form=form)["phrase"] for form in ("attribute", "head"))
    rows = pick(tokens, pl.col("word").is_in(pl.concat([attributes, heads]).implode()), "sentence", "word")
    ahead = pl.DataFrame(
        [
            at(tokens, column, rows["row"] + step).alias(f"{column}_{step}")
            for step in (1, 2, 3)
            for column in ("incident", "word")
        ]
    )
    rows = (
        rows.with_columns(
            ahead.select(
                incident_ahead=pl.any_horizontal(
                    pl.col(f"incident_{step}").is_not_null() & ~pl.col(f"word_{step}").str.ends_with("s")
                    for step in (1, 2, 3)
                )
            ),
            before=at(tokens, "word", rows["row"] - 1),
            two_before=at(tokens, "word", rows["row"] - 2),
            three_before=at(tokens, "word", rows["row"] - 3),
        )
        .join(sentences.select("sentence", "first", "field", "nth"), on="sentence")
        .filter(pl.col("field") == "text")
    )
    introduced = pl.any_horizontal(
        pl.col(name).is_in(["in", "from", "at", "during", "after"]) for name in ("before", "two_before", "three_before")
    )
    named = pl.col("word").is_in(attributes.implode()) & pl.col("incident_ahead").fill_null(False) & introduced
    opened = pl.col("word").is_in(heads.implode()) & (pl.col("row") - pl.col("first") <= 1)
    turns = rows.filter(named | opened).select("sentence", "nth")
    anew = find(sentences.filter(pl.col("field") == "text"), "count", ANEW)
    anew = anew.join(sentences.select("sentence", "first", "nth"), on="sentence")
    anew = anew.filter(
        (anew["by_first"] - anew["first"] <= HEAD)
        & (pl.col("nth") >= LEDE)
        & pl.Series(at(tokens, "incident", anew["what_first"]).is_not_null())
        & pl.Series(at(tokens, "word", anew["by_first"]) == "in")
    ).select("sentence", "nth")
    return (
        pl.concat([turns, anew, _find_sequels(tokens, sentences)])
        .unique("sentence", keep="first", maintain_order=True)
        .select("sentence", turn=pl.lit("turn:") + pl.col("nth").cast(pl.String))
    )


def _find_sequels(tokens: pl.DataFrame, sentences: pl.DataFrame) -> pl.DataFrame:
    """ "The shooting came a day after two men were killed": who stands behind "after" was harmed in another one."""
    came = pick(tokens, is_any(pl.col("word"), ["came", "comes"]), "sentence")
    one, two = (came["row"] - n for n in (1, 2))
    what = at(tokens, "incident", one).is_not_null() | at(tokens, "incident", two).is_not_null()
    what = what | at(tokens, "word", one).is_in(["this", "it"]) | (at(tokens, "word", two) == "this")
    after = pl.Series([False] * came.height, dtype=pl.Boolean)
    for n in range(1, 9):
        same = at(tokens, "sentence", came["row"] + n) == came["sentence"]
        after = after | (same & (at(tokens, "word", came["row"] + n) == "after")).fill_null(False)
    return (
        sentences.filter(pl.col("field") == "text")
        .join(came.filter(what.fill_null(False) & after), on="sentence", how="semi")
        .select("sentence", "nth")
    )


def find_round_ups(tokens: pl.DataFrame, sentences: pl.DataFrame, several: pl.DataFrame) -> pl.DataFrame:
    """The sentences of round-ups ("6 dead in weekend shootings") that tell of more than their first incident:
    `sentence`, `incident` (String, a key of the incident in its text), `is_sum` (it tells the sum of them all).

    A title or lede with several happenings makes a round-up. From there on a paragraph that names an hour or a day
    opens an incident; what comes before the next one belongs to it. The first incident is what the article is about.
    `several` is what `tell_several` found.
    """
    sums = several.filter((pl.col("field") == "title") | pl.col("nth").is_between(0, LEDE - 1))
    named = pick(tokens, is_any(pl.col("incident"), ROUND_UP), "sentence", "word")
    named = named.filter(pl.col("word").str.ends_with("s")).select("sentence")
    titles = sentences.filter(pl.col("field") == "title").join(named, on="sentence", how="semi")
    sums = pl.concat([sums, titles.join(sums, on="doc", how="semi")]).unique("sentence", maintain_order=True)
    rows = sentences.filter(pl.col("field") == "text").join(sums, on="doc", how="semi", maintain_order="left")
    rows = rows.join(sums, on="sentence", how="anti", maintain_order="left")
    inside = tokens.select("sentence", "count", "word").filter(of_sentences(tokens, rows["sentence"]))
    hours = inside.filter((pl.col("count") == "T") | pl.col("word").str.contains(HOUR))["sentence"].unique()
    opens = pl.col("is_harm") & pl.col("sentence").is_in(hours.implode())
    opens = opens & ~opens.shift(1).over("doc", "paragraph").fill_null(False)
    rows = rows.with_columns(n=opens.cast(pl.Int32).cum_sum().over("doc"))
    listed = rows.group_by("doc").agg(pl.col("n").max()).filter(pl.col("n") >= LISTED)["doc"].implode()
    later, sums = rows.filter((pl.col("n") > 1) & pl.col("doc").is_in(listed)), sums.filter(pl.col("doc").is_in(listed))
    return pl.concat(
        [
            later.select("sentence", incident=pl.format("incident:{}", "n"), is_sum=pl.lit(False)),
            sums.select("sentence", incident=pl.lit("sum:incidents"), is_sum=pl.lit(True)),
        ]
    )


def find_sums(tokens: pl.DataFrame, sentences: pl.DataFrame, several: pl.DataFrame) -> pl.DataFrame:
    """Behind what a text tells first, the sentences that add several happenings up ("in 12 separate shootings", "over
    an eight-hour stretch"): `sentence`, `added` (String, a key of such sums). `several`: what `tell_several` found."""
    spans = lexicon("apart").filter(form="span")["phrase"].implode()
    rows = pick(tokens, pl.col("word").is_in(spans), "sentence")
    introduced = pl.Series([False] * rows.height, dtype=pl.Boolean)
    for n in (1, 2, 3):
        introduced = introduced | at(tokens, "word", rows["row"] - n).is_in(SPANNING).fill_null(False)
    stretches = rows.filter(introduced).select("sentence")
    told = pl.concat([several.select("sentence"), stretches]).unique()
    in_text = pl.col("field") == "text"
    later = (in_text & pl.col("is_harm")).cast(pl.Int32).cum_sum().over("doc") > 1
    return (
        sentences.filter(in_text & later)
        .join(told, on="sentence", how="semi")
        .select("sentence", added=pl.lit("sum:incidents"))
    )


def tell_several(tokens: pl.DataFrame, sentences: pl.DataFrame) -> pl.DataFrame:
    """The sentences that name several happenings at once: "separate shootings", "three killings"."""
    attributes = lexicon("apart").filter(form="round_up")["phrase"].implode()
    told = pick(tokens, is_any(pl.col("incident"), ROUND_UP), "sentence", "incident", "word")
    told = told.filter(pl.col("word").str.ends_with("s"))
    several, clear = (pl.Series([value] * told.height, dtype=pl.Boolean) for value in (False, True))
    for n in range(1, 5):
        word = at(tokens, "word", told["row"] - n)
        clear = clear & (word != ",").fill_null(False)  # "Ruiz, 23, charged with the murders" counts none
        before = word.is_in(attributes) | (
            (at(tokens, "low", told["row"] - n) > 1) & clear & (told["incident"] != "killing")
        )
        several = several | before.fill_null(False)
    behind = at(tokens, "word", told["row"] + 1)
    several = several | behind.is_in(lexicon("apart").filter(form="spread")["phrase"].implode()).fill_null(False)
    return sentences.join(told.filter(several), on="sentence", how="semi")
