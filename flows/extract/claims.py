"""Claims: who says that they did it, who denies it, whom somebody blames or suspects, and whom the outlet names.

Cues stand in seeds/lexicon/claims.csv, each with the side on which its actor stands; deeds told of an actor
(`deeds.find_deeds`) are the outlet's own report, or the blame of whoever is quoted with them. Both are patterns over
the letters of `claim_letters`.
"""

import polars as pl

from flows.extract.accusers import add_accusers
from flows.extract.actors import last_group, name_actors
from flows.extract.claim_letters import read_claim_layer
from flows.extract.deeds import ASIDE, SUBJECT, find_deeds, from_first_word, is_governed
from flows.extract.match import at, find_all, phrase
from flows.extract.messages import find_messages
from flows.extract.own_words import find_own_words
from flows.extract.suspects import find_suspects
from flows.extract.voices import find_voices, name_speakers

STANCES = {
    "1": "claimed",
    "2": "claimed",
    "3": "denied",
    "4": "blamed",
    "5": "blamed",
    "6": "suspected",
    "7": "suspected",
    "c": "claimed",
    "n": "denied",
    "H": "blamed",
}
GAP = r"(?:[^XBODSlfpN;1-7xq]|Sh?u|Pt?O{1,3})"
JOINED = r"'?M{0,2}(?:_[^_]{1,9}_)?(?:,t?[wO]{0,2}[XB]){0,2},?&t?[wO]{0,2}[XB]'?M{0,2}"
CUED = {
    "before": rf"{SUBJECT}(?P<gap>{GAP}{{0,12}})(?P<cue>[1346])",
    "after": r"(?P<cue>[257])(?P<gap>[^;XB1-7Sx]{0,12})(?P<actor>[XB])",
    "second": r"(?P<cue>[257])(?P<gap>[^;XB1-7Sx]{0,12}[XB]'?M{0,2}(?:_[^_]{1,9}_)?[&,]&?[twO]{0,3})(?P<actor>[XB])",
    "first": rf"(?P<actor>[XB])(?P<gap>{JOINED}{GAP}{{0,5}})(?P<cue>[1346])",
    "middle": rf"(?P<lead>[XB]'?M{{0,2}},)(?P<gap>t?[wO]{{0,2}})(?P<actor>[XB])(?P<rest>{JOINED}{GAP}{{0,5}})"
    r"(?P<cue>[1346])",
    "named_after": r"(?P<cue>1)(?P<gap>[^;XBS1-7x]{0,14}VF[tq]{0,2}[wOM]{0,2})(?P<actor>X)",
    "passive_after": r"(?P<to>R[^;X]{0,12})(?P<cue>c)(?P<gap>[^;XBS]{0,6}VF[tq]{0,2}[wOM]{0,2})(?P<actor>X)",
    "claimed_by": r"(?P<to>[Ee][^;X]{0,8}v)(?P<cue>c)(?P<gap>[^;XBSx]{0,14}y[tq]{0,2})(?P<actor>X)",
    "calling_itself": r"(?P<called>kd?t?q?)(?P<actor>[OwMGWKEp'F&]{1,6}?)(?P<gap>q?,?[bd]{0,2})(?P<cue>[13])",
    "by_calling_itself": r"(?P<cue>2)(?P<gap>[^;XB1-7x]{0,8}kd?t?q?)(?P<actor>[OwMGWKEp'F&]{1,6})"
    r"(?P<end>q?(?:[;,P]|$))",
    "attack": rf"{SUBJECT}(?P<gap>{GAP}{{0,6}})(?P<cue>c)(?P<to>[tdwNO']{{0,6}}[Ee](?:[,;_&PFTw]|$))",
    "split": rf"{SUBJECT}(?P<gap>{GAP}{{0,6}})(?P<cue>[cn])(?P<to>[^;]{{0,16}}R)",
    "held": r"(?P<cue>H)(?P<gap>[^;,XBH]{0,6})(?P<actor>[XB])(?P<to>[^;H]{0,5}R)",
    "held_new": r"(?P<cue>H)(?P<gap>t?)(?P<actor>(?:O{1,3}'?)?[GM]|O{1,4})(?P<to>[^;H]{0,2}R)",
    "body": rf"(?P<actor>O{{0,3}}w?G)(?P<aside>{ASIDE})(?P<gap>[bd]{{0,3}})(?P<cue>3)",
    "blamed_body": r"(?P<cue>5)(?P<gap>t?)(?P<actor>(?:O{1,3}'?)?G)",
    "pronoun": r"(?P<actor>u)(?P<gap>[bd]{0,3})(?P<cue>[13])",
    "quoted": r"(?P<open>q)(?P<actor>[OwMFEGWKp'&]{1,7})(?P<close>q)(?P<aside>(?:_[^_]{1,9}_)?,?)"
    r"(?P<gap>[wMbdv]{0,4})(?P<cue>[13])",
    "subject": rf"(?P<actor>O{{1,5}}(?:[F&]t?O{{1,4}})?M?)(?P<aside>{ASIDE})"
    r"(?P<gap>(?:,(?:t?[pw]{1,2})?)?[bdvzL]{0,3}(?:w&)?d?)(?P<cue>[1346])",
    "state": r"(?P<cue>5)(?P<actor>O)(?P<to>F[td]?[gEf])",
    "object": r"(?P<cue>[257])(?P<gap>t?)(?P<actor>O{2,5}(?:Ft?O{1,4})?M?)",
}
NEW = ["calling_itself", "by_calling_itself", "quoted", "subject", "object", "body", "blamed_body", "held_new", "state"]
BEFORE = ["calling_itself", "before", "first", "middle", "attack", "split", "subject", "quoted", "body", "pronoun"]
ALL_OF = ["first", "middle", "second"]  # beside another actor of the same cue
NAME = r"^\p{Lu}[\w'’-]*(?: (?:of|the|for|and|to|de|del|la|\p{Lu}[\w'’-]*))*$"
TOLD = pl.Schema(
    {
        "sentence": pl.UInt32,
        "row": pl.Int64,
        "n_last": pl.Int64,
        "stance": pl.String,
        "actor": pl.String,
        "asserted_by": pl.String,
        "attributed_via": pl.String,
    }
)
HARMFUL = r"[DEfgWK]"


def find_claims(
    tokens: pl.DataFrame, sentences: pl.DataFrame, units: pl.DataFrame, speech: pl.DataFrame, names: pl.DataFrame
) -> pl.DataFrame:
    """A row a claim: `sentence`, `row`, `n_last` (token rows of the claim's words), `stance`, `actor`, `asserted_by`,
    `attributed_via`. `names` is what `speakers.full_names` found."""
    tokens = name_actors(tokens, units)
    voices, speech = find_voices(tokens, units), name_speakers(speech, tokens)
    layer = read_claim_layer(tokens, voices)
    if layer.is_empty():
        return TOLD.to_frame()
    cued = _read_cues(tokens, layer, units, names)
    deeds = find_deeds(tokens, layer, units, speech, names)
    own = find_own_words(tokens, layer, speech, voices)
    messages = find_messages(tokens, layer, units, speech, cued, deeds)
    own = pl.concat([messages, own], how="diagonal").unique(["sentence", "actor"], keep="first", maintain_order=True)
    deeds = deeds.join(own, on=["sentence", "actor"], how="anti")
    # What a text that X speaks itself tells of X is X's own word.
    deeds = deeds.with_columns(unit=at(tokens, "unit", deeds["row"])).join(voices, on="unit", how="left")
    itself = (pl.col("voice") == pl.col("actor")).fill_null(False) & (pl.col("stance") == "reported")
    deeds = deeds.with_columns(stance=pl.when(itself).then(pl.lit("claimed")).otherwise("stance")).drop("unit", "voice")
    told = pl.concat([own, deeds, find_suspects(tokens, layer, units, names)], how="diagonal")
    # A caller's "X is responsible" is X's own word.
    cued = cued.join(messages, on=["sentence", "actor"], how="anti")
    told = told.join(cued.select("sentence", "actor"), on=["sentence", "actor"], how="anti")
    claims = pl.concat([cued, told], how="diagonal").sort("row", "n_last", "stance", "actor")
    claims = claims.unique(["sentence", "actor", "stance"], keep="first", maintain_order=True)
    return add_accusers(claims, tokens, sentences, units, speech)


def _read_cues(tokens: pl.DataFrame, layer: pl.DataFrame, units: pl.DataFrame, names: pl.DataFrame) -> pl.DataFrame:
    """`sentence`, `row`, `n_last`, `stance`, `actor`, `cue_row`, `side`: each cue with the actor on its side."""
    columns = ["actor", "actor_first", "actor_last", "cue", "cue_first"]
    hits = find_all(layer, "claim", CUED, columns).join(
        layer.select("sentence", "unit", "first", "claim"), on="sentence"
    )
    hits = from_first_word(hits, tokens)
    ahead = pl.col("claim").str.slice(0, pl.col("cue_first") - pl.col("first"))
    behind = pl.col("claim").str.slice(pl.col("cue_first") - pl.col("first") + 1)
    subject = pl.col("pattern").is_in(BEFORE)
    words = at(tokens, "word", hits["cue_first"])
    # "Stopped short of blaming", "it is too early to blame": nobody is blamed yet.
    of = (at(tokens, "word", hits["cue_first"] - 1) == "of") | (
        at(tokens, "word", hits["cue_first"] - 1).eq("to") & words.is_in(["blame", "accuse"])
    )
    hits = hits.with_columns(
        is_new=pl.col("pattern").is_in(NEW),
        strong=words.str.contains("responsib|blam|attribut|credit|authorship") | pl.col("cue").is_in(["c", "n", "H"]),
        short_of=of.fill_null(False),
        negated=ahead.str.contains(r"x[bdvmwu]{0,2}$"),
        harmful=behind.str.contains(HARMFUL)
        | ahead.str.contains(HARMFUL)
        | words.str.contains("gunman|shooter|attacker|killer|assailant"),
    )
    offset = pl.col("actor_first") - pl.col("first")
    accusation = pl.col("cue").is_in(["4", "5", "6", "7", "H"])
    # "A spokesman for the X claimed" speaks for it; "the leader of the X is accused" is accused himself.
    governed = subject & is_governed(pl.col("claim"), offset, "[Py257]")
    governed |= subject & accusation & is_governed(pl.col("claim"), offset, "F")
    # "The work of the X, who claimed it": the relative clause is of the X.
    governed &= accusation | ~pl.col("claim").str.contains("[XB]M?,?r[bd]{0,2}[13]")
    taken = (pl.col("pattern") != "attack") | words.str.contains("claim")
    hits = hits.filter(
        ~governed
        & taken
        & ~pl.col("negated")
        & ~(pl.col("short_of") & (pl.col("cue") == "5"))
        & (~accusation | pl.col("harmful") | (pl.col("strong") & ~pl.col("is_new")))
        & (~pl.col("is_new") | pl.col("harmful") | pl.col("strong"))
    )
    hits = hits.with_columns(
        known=at(tokens, "who", hits["actor_last"]).fill_null(_meant(hits, tokens)),
        worded=phrase(tokens, units, hits["actor_first"], hits["actor_last"]),
    )
    hits = hits.join(names, left_on=["unit", "worded"], right_on=["unit", "surname"], how="left", maintain_order="left")
    hits = hits.with_columns(actor=pl.when("is_new").then(pl.coalesce("full", "worded")).otherwise("known"))
    # What is called something has a name: capitals, and small words between them.
    is_name = pl.col("actor").str.contains(NAME) | ~pl.col("pattern").str.contains("calling_itself")
    hits = hits.filter(pl.col("actor").is_not_null() & is_name)
    old = hits.filter(~pl.col("is_new"))
    hits = hits.filter(~pl.col("is_new") | ~pl.col("cue_first").is_in(old["cue_first"].implode()))
    hits = hits.filter(pl.col("pattern").is_in(ALL_OF) | pl.struct("cue_first", "pattern").is_first_distinct())
    return hits.select(
        "sentence",
        row=pl.min_horizontal("cue_first", "actor_first"),
        n_last=pl.max_horizontal("cue_first", "actor_last"),
        stance=pl.col("cue").replace_strict(STANCES),
        actor="actor",
        cue_row="cue_first",
        side=pl.when(subject).then(pl.lit("before")).otherwise(pl.lit("after")),
    )


def _meant(hits: pl.DataFrame, tokens: pl.DataFrame) -> pl.Series:
    """Whom "it" and "they" stand for beside a cue: the group that the text named last."""
    is_they = at(tokens, "word", hits["actor_first"]).is_in(["it", "they"])
    last = last_group(tokens, hits["unit"], hits["actor_first"])
    return hits.select(pl.when((pl.col("pattern") == "pronoun") & is_they).then(last)).to_series()
