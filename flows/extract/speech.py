"""Who says it: speakers beside verbs of saying, with name, role, body and the type of actor.

The rules read the layer `talk` (letters in talk.py), in which quotations are blank, so that a speaker is never somebody
whom a quotation names. A speaker is a noun phrase that holds a name, a role, a body or a group, or one that opens with
an article ("one voter"). Whom it stands for is speakers.py's: "he", a surname, "the embassy", "the group".
"""

import polars as pl

from flows.extract.match import at, find_all
from flows.extract.naming import add_names, add_types
from flows.extract.persons import resolve_pronouns
from flows.extract.speakers import resolve_bodies, resolve_groups, resolve_persons

PHRASE = (
    r"(?:[atNY][wDY]{0,3}|[wDY]{0,2})~?(?:[OXBRQH]['_&~]?w{0,2}~?){0,9}[OXBRQ]"
    r"(?:[PF][at]?w{0,2}[OXBRQH']{0,4}[OXBRQ]){0,2}"
)
PLAIN = r"[atN][wDpsN'&OXBRQHF]{0,6}?[wpsNRBQ](?:[PF][at]?[wO'BRQ]{1,4})?"
PARENTHESIS = r"(?P<parenthesis>(?:_[^_]{1,9}_,?)?)"
ASIDE = r"(?:,[^.:;qz]{1,36}?[,;])?"
GAP = r"(?:[bdT]|P?T|w?d){0,3}"
VERB = "[SEV]"
OPENING = r"(?P<pre>^(?:[PCTdw][^,.:qz]{0,24},){0,2})"
# Of several that find the same verb the first has it.
FORMS = {
    "before": rf"(?P<np>{PHRASE}){PARENTHESIS}(?P<apposition>{ASIDE})(?P<gap>{GAP})(?P<say>{VERB})",
    "after": rf"(?P<pre>(?:^|[,q;.]))(?P<gap>d{{0,2}})(?P<say>[SV])(?P<np>{PHRASE}){PARENTHESIS}"
    r"(?P<apposition>(?:,[^.,:;qz]{1,24}[,;.:]?)?)",
    "according": rf"(?P<say>A)(?P<gap>(?:[at]?[wD]{{1,3}}P|[at]?w{{1,2}}SP)?)(?P<np>{PHRASE})",
    "pronoun": rf"(?P<np>u)(?P<gap>[bdT]{{0,2}})(?P<say>{VERB})",
    "pronoun_after": r"(?P<pre>[,q])(?P<say>[SV])(?P<np>u)",
    "plain": rf"(?P<pre>(?:^|[,q;.:r&C]))(?P<np>{PLAIN})(?P<apposition>{ASIDE})(?P<gap>{GAP})(?P<say>{VERB})",
    "plain_after": r"(?P<pre>[,q])(?P<say>[SV])(?P<np>[atN][wpsON'RB]{0,4}[wpsRB])",
    "with_saying": r"(?P<pre>P)(?P<np>H?O{1,4})(?P<gap>d{0,2})(?P<say>G)",
    "saying": rf"{OPENING}(?P<np>{PHRASE}|u)(?P<gap>[^.q]{{1,60}}?)(?P<say>G)",
    "mixed": rf"{OPENING}(?P<np>{PHRASE})(?P<apposition>{ASIDE})(?P<gap>[bd]{{0,2}})(?P<say>D)(?P<to>[^.:q]{{0,16}}q)",
    "saying_more": r"(?P<pre>.)(?P<say>G)",
    "label": rf"(?P<pre>(?:^|[;.,P]))(?P<np>H?[RB]?O{{1,4}}){PARENTHESIS}(?P<say>:)",
    "words": rf"(?P<np>{PHRASE})(?P<own>'[wdO]{{1,3}}b?)(?P<say>:)",
    "subject": rf"{OPENING}(?P<np>{PHRASE}|u)(?P<apposition>{ASIDE})(?P<gap>[^.:qz,;]{{1,30}})(?P<say>:)",
}
CUE = "[SEVGA:]|D.*q"  # every form needs one of these
AFTER = ["after", "pronoun_after", "plain_after"]
SAYING = ["saying", "saying_more"]
WHO = ["speaker", "role", "org", "actor", "actor_type"]
SPEECH = pl.Schema(
    {
        "unit": pl.UInt32,
        "sentence": pl.UInt32,
        "paragraph": pl.UInt32,
        "form": pl.String,  # before, after, according: where the speaker stands
        "verb": pl.String,  # its letter
        "closes": pl.Boolean,  # a comma or a mark stands before it: it may speak for what comes before
        "say": pl.Int64,
        "np_first": pl.Int64,
        "np_last": pl.Int64,
        "speaker": pl.String,
        "role": pl.String,
        "org": pl.String,
        "actor": pl.String,
        "actor_type": pl.String,
    }
)


def read_speech(
    tokens: pl.DataFrame, sentences: pl.DataFrame, units: pl.DataFrame, names: pl.DataFrame
) -> pl.DataFrame:
    """A row a verb of saying: columns of SPEECH, rows are token rows of `tokens`; `names` is what
    `speakers.full_names` found. `speaker` is NULL where the text does not tell whom it means."""
    speeches = _find_verbs(tokens, sentences)
    if speeches.is_empty():
        return SPEECH.to_frame()
    speeches = add_names(speeches, tokens, units)
    speeches = add_types(speeches, tokens, sentences, units)
    speeches = resolve_persons(speeches, names)
    speeches = resolve_groups(speeches, tokens)
    speeches = resolve_bodies(speeches, tokens, sentences, units)
    speeches = resolve_pronouns(speeches, tokens, sentences, units, names)
    form = pl.when(pl.col("form").is_in(AFTER)).then(pl.lit("after")).when(pl.col("form") != "according")
    return (
        _share_subjects(speeches)
        .with_columns(
            form=form.then(pl.lit("before")).otherwise("form"),
            say="say_row",
            verb=at(tokens, "talk", speeches["say_row"]),
        )
        .select(SPEECH.names())
        .cast(SPEECH)
        .sort("say")
        .with_columns(
            pl.coalesce(
                column,
                pl.when(pl.col("speaker").is_not_null()).then(
                    pl.col(column).drop_nulls().first().over("unit", "speaker")
                ),
            ).alias(column)
            for column in WHO[1:]
        )
    )


def _share_subjects(speeches: pl.DataFrame) -> pl.DataFrame:
    """Let "…, adding" have the subject of the verb of saying before it in its sentence, if there is one."""
    speeches = speeches.sort("say_row").with_row_index("speech_no")
    number = pl.col("speech_no")
    is_saying = pl.col("form").is_in(SAYING)
    leads = (~is_saying & (pl.col("form") != "according")).fill_null(False)

    def last(rows: pl.Expr) -> pl.Expr:
        return pl.when(rows).then(number).forward_fill().over("sentence")

    meant = speeches.select(
        pl.when(is_saying).then(pl.coalesce(last(leads), last(pl.col("form") == "saying"), number)).otherwise(number)
    ).to_series()
    return speeches.with_columns(speeches[name].gather(meant) for name in WHO).drop("speech_no")


def _find_verbs(tokens: pl.DataFrame, sentences: pl.DataFrame) -> pl.DataFrame:
    """`form`, `sentence`, `say_row`, `np`, `apposition`, their rows, `pronoun`, `closes`: a row a verb of saying."""
    columns = ["np", "np_first", "np_last", "apposition", "apposition_first", "apposition_last", "say_first"]
    told = sentences.filter(pl.col("talk").str.contains(CUE))
    speeches = (
        find_all(told, "talk", FORMS, columns)
        .rename({"pattern": "form", "say_first": "say_row"})
        .with_columns(
            pl.col("apposition", "np").fill_null(""),
            np_first=pl.coalesce("np_first", "say_row"),
            np_last=pl.coalesce("np_last", "say_row"),
        )
    )
    governs, governor = (at(tokens, layer, speeches["np_first"] - 1) for layer in ("talk", "word"))
    # "At a rally in Cleveland, Ohio, said Jo Reed": what a preposition governs is no subject, but of "with X saying".
    inside = governs.is_in(["P", "F", "'"]) & ~governor.is_in(["as", "from"])
    outside = ~(pl.col("form").is_in(["before", "words"]) & inside.fill_null(False))
    told_by = (pl.col("form") != "label") | (governs != "P") | governor.is_in(["from", "by"])
    speeches = speeches.filter(
        outside & told_by.fill_null(True) & ((pl.col("form") != "with_saying") | (governor == "with"))
    )
    speeches = speeches.unique("say_row", keep="first", maintain_order=True).sort("say_row")
    opening = pl.Series(speeches.select(pl.min_horizontal("np_first", "say_row") - 1).to_series())
    return speeches.with_columns(
        unit=at(tokens, "unit", speeches["say_row"]),
        paragraph=at(tokens, "paragraph", speeches["say_row"]),
        pronoun=at(tokens, "word", speeches["np_first"]).is_in(["he", "she"]),
        closes=at(tokens, "talk", opening).is_in([",", "q"]).fill_null(False),
    )
