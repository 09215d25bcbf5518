"""Where a text turns to another happening by its wording alone: "in a separate shooting", "in a battle near ...", and
the paragraphs of a round-up, each with its own incident."""

import polars as pl

from flows.extract.match import at, find
from flows.lexicon import lexicon

HEAD = 5  # tokens from a sentence's start within which a turn is announced
LEDE = 3  # sentences of the body that tell what the article is about
ANEW = r"(?P<by>P)(?P<article>a)(?P<gap>[wvjOT]{0,3}?)(?P<what>[we])"


def find_turns(tokens: pl.DataFrame, sentences: pl.DataFrame) -> pl.DataFrame:
    """Sentences that open another event by their wording: `sentence`, `turn` (String, a key of that event in its text).

    `sentences` has `sentence`, `doc`, `field`, `first`, `nth` (its number within its text, from 0), `is_harm`. Every turn
    opens an event of its own; the sentences behind it in its paragraph stay with it.
    """
    words = lexicon("apart")
    attributes = words.filter(form="attribute")["phrase"].implode()
    heads = words.filter(form="head")["phrase"].implode()
    is_incident = pl.col("incident").is_not_null()
    rows = (
        tokens.with_row_index("row")
        .select(
            "sentence",
            pl.col("row").cast(pl.Int64),
            "word",
            incident_ahead=is_incident.shift(-1) | is_incident.shift(-2) | is_incident.shift(-3),
            before=pl.col("word").shift(1),
            two_before=pl.col("word").shift(2),
            three_before=pl.col("word").shift(3),
        )
        .filter(pl.col("word").is_in(attributes) | pl.col("word").is_in(heads))
        .join(sentences.select("sentence", "first", "field", "nth"), on="sentence")
        .filter((pl.col("field") == "text") & (pl.col("row") - pl.col("first") <= HEAD))
    )
    introduced = pl.any_horizontal(
        pl.col(name).is_in(["in", "from", "at", "during", "after"]) for name in ("before", "two_before", "three_before")
    )
    named = pl.col("word").is_in(attributes) & pl.col("incident_ahead").fill_null(False) & introduced
    opened = pl.col("word").is_in(heads) & (pl.col("row") - pl.col("first") <= 1)
    turns = rows.filter(named | opened).select("sentence", "nth")
    anew = find(sentences.filter(pl.col("field") == "text"), "count", ANEW)
    anew = anew.join(sentences.select("sentence", "first", "nth"), on="sentence")
    anew = anew.filter(
        (anew["by_first"] - anew["first"] <= 2)
        & (pl.col("nth") >= LEDE)
        & pl.Series(at(tokens, "incident", anew["what_first"]).is_not_null())
        & pl.Series(at(tokens, "word", anew["by_first"]) == "in")
    ).select("sentence", "nth")
    return (
        pl.concat([turns, anew])
        .unique("sentence", keep="first", maintain_order=True)
        .select("sentence", turn=pl.lit("turn:") + pl.col("nth").cast(pl.String))
    )
