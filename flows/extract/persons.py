"""Whom "he" and "she" mean: the last person named as somebody who does something, of that gender, else nobody.

Genders come from titles ("Mr."), roles ("spokeswoman") and first names (seeds/lexicon/first_names.csv). A place, a body
or a name that nothing tells to be a person's is never taken: a wrong name in print is worse than none.
"""

import polars as pl

from flows.extract.match import at, find, phrase
from flows.lexicon import lexicon

MENTION = r"(?P<pre>[^OBXQRH']?)(?P<noun>[BXQ']{0,3})(?P<title>[RH]{0,2})(?P<name>O{1,4})(?P<next>(?:,[YNr]|.?))"
GOVERNS = "PFSEVGwDvgfKat"  # letters before a name that is not the subject
SUBORDINATES = "Chr"  # nor is it behind these, but at the head of its sentence
GOES_ON = ["added", "adds", "continued", "continues", "went on", "goes on", "concluded", "concludes"]
REACH = 3  # paragraphs between a pronoun and the person it means
MEN = [
    "mr",
    "mr.",
    "sir",
    "king",
    "prince",
    "congressman",
    "spokesman",
    "chairman",
    "father",
    "brother",
    "son",
    "husband",
]
WOMEN = [
    "mrs", "mrs.", "ms", "ms.", "miss", "lady", "queen", "princess", "congresswoman", "spokeswoman", "chairwoman",
    "mother", "sister", "daughter", "wife", "widow",
]  # fmt: skip


def find_persons(
    tokens: pl.DataFrame, sentences: pl.DataFrame, units: pl.DataFrame, names: pl.DataFrame
) -> pl.DataFrame:
    """A row a mention of a person outside of quotations: `unit`, `row`, `sentence`, `paragraph`, `person` (in full),
    `gender` (m, f, NULL where nothing tells), `acts` (no preposition or verb governs it, nor is it a possessive)."""
    columns = ["noun_first", "title", "title_first", "title_last", "name_first", "name_last", "next"]
    found = find(sentences, "talk", MENTION, columns)
    before = found.select(pl.coalesce("noun_first", "title_first", "name_first") - 1).to_series()
    same = (at(tokens, "sentence", before) == found["sentence"]).fill_null(False)
    found = found.with_columns(
        unit=at(tokens, "unit", found["name_first"]),
        paragraph=at(tokens, "paragraph", found["name_first"]),
        worded=phrase(tokens, units, found["name_first"], found["name_last"]),
        title_word=at(tokens, "word", found["title_last"]),
        before=at(tokens, "word", found["name_first"] - 1),
        lead=pl.when(same).then(at(tokens, "talk", before)).otherwise(pl.lit("")),
        is_topic=(at(tokens, "word", before) == "for") & (at(tokens, "word", before - 1) == "as"),
        starts=(at(tokens, "sentence", before - 1) != found["sentence"]).fill_null(True),
    )
    found = found.with_columns(surname=pl.col("worded").str.extract(r"(\S+)$"))
    found = found.join(names, on=["unit", "surname"], how="left", maintain_order="left")
    found = found.with_columns(person=pl.coalesce("full", "worded"))
    firsts = (
        lexicon("first_names")
        .select(first=pl.col("name").str.to_lowercase(), first_gender="gender", is_first=pl.lit(True))
        .unique("first", keep="first", maintain_order=True)
    )
    found = found.with_columns(first=pl.col("person").str.extract(r"^(\S+) ").str.to_lowercase()).join(
        firsts, on="first", how="left", maintain_order="left"
    )
    told = (
        pl.when(pl.col("title_word").is_in(MEN) | pl.col("before").is_in(MEN))
        .then(pl.lit("m"))
        .when(pl.col("title_word").is_in(WOMEN) | pl.col("before").is_in(WOMEN))
        .then(pl.lit("f"))
    )
    aged = pl.col("next").str.contains(r"^,.")
    known = pl.col("is_first").fill_null(False) | (pl.col("title") != "") | aged
    lead = pl.col("lead")
    governed = lead.str.contains(f"[{GOVERNS}]") & ((lead != "w") | (pl.col("title") == ""))
    governed = governed | (lead.str.contains(f"[{SUBORDINATES}]") & ~pl.col("starts"))
    who = ["unit", "person"]
    return (
        found.with_columns(
            told=told.drop_nulls().first().over(who),
            is_person=known.any().over(who),
        )
        .filter("is_person")
        .select(
            "unit",
            "sentence",
            "paragraph",
            "person",
            row="name_first",
            gender=pl.coalesce("told", "first_gender"),
            acts=(~governed | pl.col("is_topic").fill_null(False)) & ~pl.col("next").str.contains("['BR]"),
        )
        .sort("row")
    )


def resolve_pronouns(
    speeches: pl.DataFrame, tokens: pl.DataFrame, sentences: pl.DataFrame, units: pl.DataFrame, names: pl.DataFrame
) -> pl.DataFrame:
    """Let "he said" take the person it means; "they", "we", "it" and "I" stay open."""
    is_pronoun = pl.col("np") == "u"
    asking = speeches.filter(is_pronoun & pl.col("pronoun"))["unit"].unique()
    persons = find_persons(tokens, sentences.filter(pl.col("unit").is_in(asking.implode())), units, names)
    genders = persons.select("unit", "person", "gender", is_person=pl.lit(True)).unique(
        ["unit", "person"], keep="first", maintain_order=True
    )
    said = speeches.filter(~is_pronoun & pl.col("name").is_not_null())
    spoke = said.select("unit", "sentence", "paragraph", person="name", row="np_first")
    spoke = spoke.join(genders, on=["unit", "person"], how="left", maintain_order="left")
    # Who spoke and is not known to be a person bars those before: nobody is meant then rather than one of them.
    spoke = spoke.with_columns(person=pl.when("is_person").then("person"))
    wanted = speeches.filter(is_pronoun & pl.col("pronoun")).select("unit", "say_row", "np_first", "paragraph")
    wanted = wanted.with_columns(
        gender=at(tokens, "word", wanted["np_first"]).replace_strict({"he": "m", "she": "f"}, default=None),
        goes_on=at(tokens, "word", wanted["say_row"]).is_in(GOES_ON),
    ).sort("np_first")
    # In one sentence who speaks comes before who acts: "Reed won them over, Hale said. He left."
    acting = pl.concat([spoke, persons.filter("acts")], how="diagonal")
    meant = pl.concat(
        [
            _last_fitting(wanted.filter("goes_on"), spoke),
            _last_fitting(wanted.filter(~pl.col("goes_on")), acting),
        ]
    )
    return speeches.join(meant, on="say_row", how="left", maintain_order="left").with_columns(
        speaker=pl.when(is_pronoun).then("person").otherwise("speaker"),
        name=pl.when(is_pronoun).then("person").otherwise("name"),
    )


def _last_fitting(wanted: pl.DataFrame, persons: pl.DataFrame) -> pl.DataFrame:
    """`say_row`, `person`: the last of `persons` before each pronoun that is of its gender, or of none that is told."""
    fitting = [
        persons.filter(pl.col("gender").is_null() | (pl.col("gender") == gender))
        .with_columns(gender=pl.lit(gender))
        .unique("sentence", keep="first", maintain_order=True)
        for gender in ("m", "f")
    ]
    return (
        wanted.join_asof(
            pl.concat(fitting).sort("row").select("unit", "gender", "person", at_row="row", where="paragraph"),
            left_on="np_first",
            right_on="at_row",
            by=["unit", "gender"],
            strategy="backward",
            allow_exact_matches=False,
            check_sortedness=False,
        )
        .filter(pl.col("paragraph") - pl.col("where") <= REACH)
        .select("say_row", "person")
    )
