"""What an analyst may set of a count or a claim, and what a fact is after it. A figure is set as a whole: its value,
range and wording go together, so that every correction stands by itself, whatever becomes of the others."""

from collections.abc import Iterable, Mapping
from typing import Any

from flows.lexicon import lexicon

Value = str | int | bool | None
Sets = dict[str, Value]
NUMBERS = ("value", "low", "high")
FIGURE = (*NUMBERS, "modifier")
CLAIM = ("actor", "stance", "asserted_by")
SPEAKER = ("attributed_to", "actor_type")
MAY_SET = {"count": (*FIGURE, "kind", "scope", *SPEAKER, "is_attacker"), "claim": CLAIM}
MODIFIERS = ("exact", "at_least", "more_than", "about", "up_to", "fewer_than", "between", "several")
SCOPES = ("total", "part", "cumulative", "change", "level")
STANCES = ("claimed", "denied", "blamed", "suspected", "reported")
ACTOR_TYPES = (
    "government",
    "police",
    "military",
    "hospital",
    "armed_group",
    "company",
    "international",
    "media",
    "witness",
    "other",
)
CORE_KINDS = (
    "killed",
    "wounded",
    "casualties",
    "missing",
    "detained",
    "abducted",
    "displaced",
    "attackers",
    "munitions",
    "troops",
)
MAY_BE_NULL = {"value", "low", "high", "attributed_to", "actor_type", "asserted_by"}


class Unfit(Exception):
    """What cannot be said of this fact, event or source; the message says why and what can."""


def read_sets(type: str, given: Iterable[str]) -> Sets:
    """ "column=value" each -> what is set; nothing behind the sign is NULL. Raises Unfit."""
    if type not in MAY_SET:
        raise Unfit(f"a {type} cannot be fixed, only dropped")
    found: Sets = {}
    for one in given:
        name, sign, text = (part.strip() for part in one.partition("="))
        if not sign:
            raise Unfit(f"{one!r} sets nothing; write column=value")
        if name not in MAY_SET[type]:
            raise Unfit(f"{name!r} of a {type} cannot be set; these can: {', '.join(MAY_SET[type])}")
        if name in found:
            raise Unfit(f"{name} is set twice")
        found[name] = _read(name, text)
    if not found:
        raise Unfit("nothing is set; write column=value")
    return found


def _read(name: str, text: str) -> Value:
    if not text:
        if name not in MAY_BE_NULL:
            raise Unfit(f"{name} cannot be left empty")
        return None
    known = {
        "modifier": MODIFIERS,
        "scope": SCOPES,
        "stance": STANCES,
        "actor_type": ACTOR_TYPES,
        "is_attacker": ("true", "false"),
    }
    if name in NUMBERS:
        if not text.isascii() or not text.isdigit() or len(text) > 18:
            raise Unfit(f"{name}={text}: no whole number from 0 on")
        return int(text)
    if name == "kind":
        known["kind"] = tuple(dict.fromkeys([*CORE_KINDS, *sorted(set(lexicon("harm")["kind"].drop_nulls()))]))
    if name in known and text not in known[name]:
        raise Unfit(f"{name}={text}: none of {', '.join(known[name])}")
    return text == "true" if name == "is_attacker" else text


def word_sets(sets: Mapping[str, Value]) -> str:
    """What is set, as `read_sets` reads it."""
    told = {True: "true", False: "false", None: ""}
    worded = {name: told[value] if value is None or isinstance(value, bool) else value for name, value in sets.items()}
    return "; ".join(f"{name}={worded[name]}" for name in (*MAY_SET["count"], *MAY_SET["claim"]) if name in worded)


def split_sets(text: str | None) -> list[str]:
    """ "a=1; b=2" -> its parts."""
    return [part for part in (text or "").split(";") if part.strip()]


def stored_sets(text: str | None) -> Sets:
    """What a correction that was taken down sets, whatever may be set today. Raises ValueError for what is none."""
    found: Sets = {}
    for one in split_sets(text):
        name, _, value = (part.strip() for part in one.partition("="))
        if name not in (*MAY_SET["count"], *MAY_SET["claim"]):
            raise ValueError(f"{name!r} cannot be set")
        found[name] = int(value) if value and name in NUMBERS else value or None
        if name == "is_attacker":
            found[name] = value == "true"
    return found


def complete(type: str, sets: Sets, fact: Mapping[str, Any]) -> Sets:
    """What is set, with what goes with it: the whole figure (an exact one where only the value is said), the whole
    claim, the speaker's type. `fact` is what the count or claim says until now. Raises Unfit where it does not fit."""
    if type == "claim":
        return _claim(sets, fact)
    whole = dict(sets)
    if any(name in sets for name in FIGURE):
        whole |= _figure(sets, fact)
    if "attributed_to" in sets:
        whole.setdefault("actor_type", None)
    return whole


def _claim(sets: Sets, fact: Mapping[str, Any]) -> Sets:
    """Who claims or denies speaks for himself unless it is said who speaks; an outlet's own voice has no accuser."""
    claim: Sets = {name: fact[name] for name in CLAIM} | sets
    if claim["stance"] == "reported":
        if sets.get("asserted_by") is not None:
            raise Unfit("asserted_by: what an outlet reports by itself is asserted by nobody; leave it out")
        claim["asserted_by"] = None
    elif claim["stance"] in ("claimed", "denied") and "asserted_by" not in sets:
        has_speaker = fact["stance"] in ("claimed", "denied") and fact["asserted_by"] not in (None, fact["actor"])
        claim["asserted_by"] = fact["asserted_by"] if has_speaker else claim["actor"]
    return claim


def _figure(sets: Sets, fact: Mapping[str, Any]) -> Sets:
    value = sets["value"] if "value" in sets else fact["value"]
    modifier = sets["modifier"] if "modifier" in sets else _wording(value, sets, fact)
    if modifier in ("between", "several"):
        return _vague(value, str(modifier), sets, fact)
    if value is None:
        raise Unfit(f"modifier={modifier}: say the value too")
    number = int(value)
    if modifier == "fewer_than" and number == 0:
        raise Unfit("fewer_than 0: no number is below it")
    ranges: dict[str, tuple[int, int | None]] = {
        "exact": (number, number),
        "about": (number, number),
        "at_least": (number, None),
        "more_than": (number + 1, None),
        "up_to": (0, number),
        "fewer_than": (0, number - 1),
    }
    low, high = ranges[str(modifier)]
    for name, end in (("low", low), ("high", high)):
        if name in sets and sets[name] != end:
            told = "open" if end is None else end
            raise Unfit(f"{name}: of a value {number} that is {modifier} it is {told}; set the modifier too")
    return {"value": number, "low": low, "high": high, "modifier": modifier}


def _wording(value: Value, sets: Sets, fact: Mapping[str, Any]) -> str:
    """The modifier of a figure of which only value or range is said."""
    if value is None:
        is_closed = (sets["high"] if "high" in sets else fact["high"] if fact["value"] is None else None) is not None
        return "between" if is_closed else "several"
    if "low" in sets and sets["low"] == value and "high" in sets and sets["high"] is None:
        return "at_least"
    return "exact"


def _vague(value: Value, modifier: str, sets: Sets, fact: Mapping[str, Any]) -> Sets:
    """A range without a value: "10 to 12", "several"."""
    if "value" in sets and value is not None:
        raise Unfit(
            f"modifier={modifier}: it has no value; write value= low=... " + "high=..." * (modifier == "between")
        )
    low = sets["low"] if "low" in sets else fact["low"]
    high = sets["high"] if "high" in sets else fact["high"] if modifier == "between" else None
    if low is None or (modifier == "between") != (high is not None) or (high is not None and int(low) >= int(high)):
        needs = "low and a higher high" if modifier == "between" else "low and no high"
        raise Unfit(f"modifier={modifier}: it needs {needs}")
    return {"value": None, "low": low, "high": high, "modifier": modifier}


def fix_count(fact: dict[str, Any], sets: Mapping[str, Value], by: str, why: str) -> None:
    """Let a count say what was set. Why it is a part, and who its new speaker is, only the analyst knows; a person
    counted singly is one."""
    fact |= sets
    if "scope" in sets:
        fact["scope_reason"] = f"so corrected by {by}: {why}" if sets["scope"] == "part" else None
    if "attributed_to" in sets:
        fact |= dict.fromkeys(("attributed_role", "attributed_org", "attributed_via"))
    if fact["value"] != 1:
        fact["victim_no"] = None
