"""What an actor is told to have done: "X attacked", "was killed by the X", "an X attack", and what X says of itself.

Patterns over the letters of `claim_letters`. A deed counts with an object ("killed in combat" is what befell
the actor), a light verb ("carried out") with an attack as its object; plurals ("attacks by X") tell a habit.
"""

import polars as pl

from flows.extract.claim_letters import words_tagged
from flows.extract.match import at, find_all, phrase

ASIDE = r"(?:_[^_]{1,10}_)?(?:,[^,;]{1,22},|;[^;]{1,22};,?)?"
GAP = r"(?:Pt?O{1,3})?[^XBOvDlfSxq,;_y1-7Chj]{0,6}"
SUBJECT = rf"(?P<actor>[XB])(?P<tail>'?[wO]{{0,2}}M{{0,2}})(?P<aside>{ASIDE})"
OBJECT = r"d?[tNOXBpMEWuw]"
SAID = r"(?P<say>S)(?P<gap>(?:P[twV]{1,3})?h?(?:u|[tu]?'?w?M{1,2})[bdzL]{0,3})"
ATTACK = r"[tNdwOzLMq']{0,6}[EWKf]"  # f: "the bomb"
OR = r"q?M{0,2}(?:_[^_]{1,9}_)?&[twOq]{0,4}"
NAMES = r"[NtdwkOzLMFBq'_&]{0,9}"
DEEDS = {
    "active": rf"{SUBJECT}(?P<gap>{GAP})(?P<deed>D)(?P<object>(?:&d?[DwO])?{OBJECT})",
    "seized": rf"(?P<actor>X)(?P<tail>'?[wO]{{0,2}}M{{0,2}})(?P<aside>{ASIDE})"
    rf"(?P<gap>{GAP})(?P<deed>s)(?P<object>{OBJECT})",
    "seized_by": rf"(?P<deed>s)(?P<gap>[^,;qySxh1-7DlEs]{{0,8}})(?P<by>y)(?P<lead>{NAMES})(?P<actor>X)",
    "staged": rf"{SUBJECT}(?P<gap>{GAP})(?P<deed>l)(?P<object>{ATTACK})",
    "tried": rf"{SUBJECT}(?P<gap>{GAP}aP)(?P<deed>[fE])(?P<object>{OBJECT})",
    "passive": rf"(?P<deed>[Dl])(?P<gap>[^,;qySxh1-7DlE]{{0,8}})(?P<by>y)(?P<lead>{NAMES})(?P<actor>[XB])",
    "noun": rf"(?P<deed>E)(?P<gap>[^,;qySxh1-7DlEvbmu]{{0,9}})(?P<by>y)(?P<lead>{NAMES})(?P<actor>[XB])",
    "or": rf"(?P<deed>[DlE])(?P<gap>[^,;qySxh1-7DlE]{{0,8}}y{NAMES}[XB]{OR})(?P<actor>[XB])",
    "nominal": r"(?P<actor>[XB])(?P<tail>(?:_[^_]{1,9}_)?'?[MW]{0,2})(?P<deed>E)",
    "gunmen": r"(?P<actor>X)(?P<tail>w?)(?P<deed>M)",
    "admitted": rf"(?P<actor>[XB]|O{{1,4}})(?P<aside>{ASIDE})(?P<gap>[bd]{{0,2}})"
    r"(?P<say>[Swn])(?P<to>P?[hwd]?u?b?[wd]?)(?P<deed>[gDE])",
    "own_said": rf"{SUBJECT}(?P<gap>[bd]{{0,2}})(?P<say>S)(?P<to>(?:P[twV]{{1,3}})?h?t?)(?P<echo>[uXM])"
    rf"(?P<time>M?[bdzL]{{0,3}})(?P<deed>D)(?P<object>{OBJECT})",
    "own_had_staged": rf"{SUBJECT}(?P<gap>[bd]{{0,2}})(?P<say>S)(?P<to>(?:P[twV]{{1,3}})?h?t?)(?P<echo>[uXM])"
    rf"(?P<time>M?[bdzL]{{0,3}})(?P<deed>l)(?P<object>{ATTACK})",
    "we": rf"(?P<actor>u)(?P<gap>[bd]{{0,3}})(?P<deed>D)(?P<object>{OBJECT})",
    "we_staged": rf"(?P<actor>u)(?P<gap>[bd]{{0,3}})(?P<deed>l)(?P<object>{ATTACK})",
    "own": rf"{SAID}(?P<deed>D)(?P<object>{OBJECT})",
    "own_staged": rf"{SAID}(?P<deed>l)(?P<object>{ATTACK})",
    "believed": rf"{SUBJECT}(?P<gap>b{{0,2}}vd?zPb?)(?P<deed>[Df])(?P<object>{OBJECT})",
    "person": rf"(?P<actor>O{{1,4}})(?P<aside>{ASIDE})(?P<gap>b?[dzL]{{0,2}})(?P<deed>D)"
    r"(?P<object>[tN]{1,3}[wdNO']{0,3}[pM]|dO|O|u)",
}  # fmt: skip
BY_A_PERSON = (
    "^(?:shot|killed|murdered|stabbed|strangled|beheaded|opened fire|gunned down|shot and|shot dead|fatally|beaten to)"
)
HEDGED = r"[zmL]"


def is_governed(letters: pl.Expr, offset: pl.Expr, by: str = "[PFy257]") -> pl.Expr:
    """Whether the name at `offset` hangs on a preposition ("a raid on the X"), and is no "members of the X" nor whoever
    speaks in a message ("a call from the X", "signed by the X")."""
    ahead = letters.str.slice(0, offset)
    modifiers = r"t?[NzLwO'q]{0,3}$"
    members = r"[MN](?:Ft?[NwO]{1,3})?F" + modifiers
    voices = r"V[^,;XBSDE]{0,5}[PFy]" + modifiers
    return ahead.str.contains(by + modifiers) & ~ahead.str.contains(members) & ~ahead.str.contains(voices)


def from_first_word(hits: pl.DataFrame, tokens: pl.DataFrame) -> pl.DataFrame:
    """Let a name that `name_actors` read begin at its first word: the letter of an actor stands at the last."""
    first = at(tokens, "who_first", hits["actor_first"])
    is_name = pl.col("actor_first") == pl.col("actor_last")
    return hits.with_columns(
        actor_first=pl.when(is_name).then(pl.coalesce(first, "actor_first")).otherwise("actor_first")
    )


def find_deeds(
    tokens: pl.DataFrame, layer: pl.DataFrame, units: pl.DataFrame, speech: pl.DataFrame, names: pl.DataFrame
) -> pl.DataFrame:
    """`sentence`, `row`, `n_last`, `stance` (reported; hedged: suspected; of oneself: claimed, denied), `actor`."""
    columns = ["actor", "actor_first", "actor_last", "deed", "deed_first", "say_first", "echo_first"]
    hits = find_all(layer, "claim", DEEDS, columns).join(
        layer.select("sentence", "unit", "first", "claim"), on="sentence"
    )
    hits = from_first_word(hits, tokens).with_columns(
        known=at(tokens, "who", hits["actor_last"]),
        echo=at(tokens, "who", hits["echo_first"]),
        word=at(tokens, "word", hits["deed_first"]),
        said=at(tokens, "word", hits["say_first"]),
        attacker=at(tokens, "count", hits["deed_first"]).is_in(["k", "l"]),
    )
    subject = pl.col("pattern").is_in(
        [
            "active",
            "seized",
            "staged",
            "tried",
            "believed",
            "person",
            "nominal",
            "admitted",
            "own_said",
            "own_had_staged",
        ]
    )
    governed = is_governed(pl.col("claim"), pl.col("actor_first") - pl.col("first"))
    governed &= pl.col("pattern") != "nominal"
    one_attack = ~pl.col("word").str.ends_with("s")
    ahead = pl.col("claim").str.slice(0, pl.col("deed_first") - pl.col("first"))
    tells = (
        pl.when((pl.col("deed") == "E") & ~pl.col("pattern").is_in(["admitted", "tried"]))
        .then(one_attack)
        .when(pl.col("pattern") == "gunmen")
        .then(pl.col("attacker") & pl.col("claim").str.contains("[DE]"))
        .when((pl.col("deed") == "l") & pl.col("pattern").is_in(["passive", "or"]))
        .then(ahead.str.contains("[EWD]"))
        .when(pl.col("pattern") == "person")
        .then(pl.col("word").str.contains(BY_A_PERSON))
        .when(pl.col("pattern") == "admitted")
        .then(pl.col("said").is_in(words_tagged("admit", "deny").implode()))
        .otherwise(True)
    )
    none = pl.col("pattern").is_in(["passive", "noun", "seized_by"]) & ahead.str.contains("x[^,;XB]{0,5}$")
    hits = hits.filter(tells.fill_null(False) & ~none & ~(subject & governed).fill_null(False))
    hits = pl.concat([_known(hits), _persons(hits, tokens, units, names), _own(hits, tokens, speech)])
    begin = pl.min_horizontal("actor_first", "deed_first") - pl.col("first")
    end = pl.max_horizontal("actor_first", "deed_first") - pl.col("first") + 1
    within = pl.col("claim").str.slice(begin, end - begin)
    ahead = pl.col("claim").str.slice(0, begin).str.extract("([zL]h?t?|[zLm][bdv]{0,3})$").fill_null("")
    hedges = pl.concat_str(ahead, within).str.extract_all(HEDGED).list.unique()
    return hits.select(
        "sentence",
        row=pl.min_horizontal("actor_first", "deed_first"),
        n_last=pl.max_horizontal("actor_last", "deed_first"),
        stance=pl.when(pl.col("pattern") == "admitted")
        .then(
            pl.when(pl.col("said").is_in(words_tagged("deny").implode()))
            .then(pl.lit("denied"))
            .otherwise(pl.lit("claimed"))
        )
        .when(pl.col("pattern").str.contains("^(?:own|we)"))
        .then(pl.lit("claimed"))
        .when(hedges.list.len() > 0)
        .then(pl.lit("suspected"))
        .otherwise(pl.lit("reported")),
        actor="known",
        is_alleged=hedges == ["L"],
    )


def _known(hits: pl.DataFrame) -> pl.DataFrame:
    """Deeds of actors that `name_actors` knows; what X says of Y is not X's own."""
    others = pl.col("echo").is_not_null() & (pl.col("echo") != pl.col("known"))
    return hits.filter(pl.col("known").is_not_null() & (pl.col("pattern") != "person") & ~others)


def _persons(hits: pl.DataFrame, tokens: pl.DataFrame, units: pl.DataFrame, names: pl.DataFrame) -> pl.DataFrame:
    """ "Hall shot two people": a person whom the text names in full."""
    hits = hits.filter(pl.col("pattern").is_in(["person", "admitted"]) & pl.col("known").is_null())
    hits = hits.with_columns(worded=phrase(tokens, units, hits["actor_first"], hits["actor_last"]))
    hits = hits.join(names, left_on=["unit", "worded"], right_on=["unit", "surname"], how="left", maintain_order="left")
    full = pl.coalesce("full", pl.when(pl.col("worded").str.contains(" ")).then("worded"))
    return hits.with_columns(known=full).filter(pl.col("known").is_not_null()).drop("worded", "full", "is_first")


def _own(hits: pl.DataFrame, tokens: pl.DataFrame, speech: pl.DataFrame) -> pl.DataFrame:
    """ "X said its fighters killed three", "We killed three, X said": the speaker's own deed, where it is an actor."""
    speakers = speech.filter(pl.col("actor").is_not_null())
    own = hits.filter(pl.col("pattern").is_in(["own", "own_staged"])).join(
        speakers.select("actor", say_first="say").unique("say_first"), on="say_first"
    )
    we = hits.filter(pl.col("pattern").is_in(["we", "we_staged"]))
    we = we.filter(pl.Series(at(tokens, "word", we["actor_first"]) == "we", dtype=pl.Boolean))
    we = we.join(speakers.select("sentence", "actor").unique("sentence", keep="first"), on="sentence")
    own = own.with_columns(actor_first=pl.col("say_first"), actor_last=pl.col("say_first"))
    return pl.concat([own.with_columns(known="actor_right"), we.with_columns(known="actor_right")]).select(hits.columns)
