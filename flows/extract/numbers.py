"""Quantities as news writes them: a phrase such as "at least two dozen" -> value, inclusive range, modifier.

The ranges are those of CONTRACT.md: they follow the wording and nothing else, as the UCDP GED codebook's best, low and
high estimates keep apart what a report commits to from what is known.
"""

import re
from dataclasses import dataclass
from functools import cache

from flows.lexicon import lexicon


@dataclass(frozen=True)
class Quantity:
    """`value` is NULL where the wording names no single figure; an open end of the range is NULL."""

    value: int | None
    low: int | None
    high: int | None
    modifier: str


@cache
def _words() -> dict[str, int]:
    return dict(lexicon("numbers").select("word", "value").iter_rows())


@cache
def _quantifiers() -> dict[str, tuple[str, int | None]]:
    rows = lexicon("quantifiers").select("phrase", "modifier", "low").iter_rows()
    return {phrase: (modifier, low) for phrase, modifier, low in rows}


def _alternatives(words: list[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)).replace(r"\ ", " ")


@cache
def quantity_pattern() -> str:
    """A regular expression (Rust and Python alike, case-insensitive) for a whole quantity phrase.

    It takes any run of number words and digits and leaves it to `parse_quantity` to read them: a stricter grammar is
    ten times its size, and past a size Polars' engine falls to a thirtieth of its speed.
    """
    words = "|".join(f"{word}s?" if role == "scale" else word for word, role in _roles())
    scale = "|".join(word for word, role in _roles() if role == "scale")
    one = rf"(?:[0-9]{{1,3}}, [0-9]{{3}}|[0-9]+(?:,[0-9]+)*(?:\.[0-9]+)?|{words})"
    run = rf"{one}(?: (?:{scale}) and {one}|[- ]{one})*"  # "20 and 27" are two numbers
    vague = _alternatives([phrase for phrase, (_, low) in _quantifiers().items() if low is not None])
    before = _alternatives([phrase for phrase, (_, low) in _quantifiers().items() if low is None])
    whole = rf"(?:(?:half )?an? (?:{scale})|{run})(?:(?: ?[-–] ?| to | or ){run})?(?: or (?:more|so|fewer))?"
    many = rf"(?:several|a few) (?:{words})(?: of)?"
    return rf"\b(?:{many}|{vague})\b|\b(?:(?:{before}) )*(?:between {run} and {run}|{whole})\b"


def _roles() -> list[tuple[str, str]]:
    rows = lexicon("numbers").select("word", "role").iter_rows()
    return sorted(rows, key=lambda row: -len(row[0]))


def parse_number(text: str) -> int | None:
    """A bare number ("23", "2,500", "two dozen", "one hundred and five", "1.2 million"); NULL where it is none."""
    words = re.sub(r"(?<=\d), (?=\d{3}\b)", ",", text.lower().replace("-", " ")).split()  # "26, 000" is a slip
    total, current, seen = 0, 0.0, False
    for position, word in enumerate(words):
        if word in ("and", "of"):
            continue
        if word in ("a", "an"):
            if position + 1 < len(words):
                current = current or 1
            continue
        if word == "half":
            current = 0.5
            continue
        bare = word.replace(",", "")
        if re.fullmatch(r"\d+(?:\.\d+)?", bare):
            if (seen and words[position - 1] not in ("and", "of")) or re.match(r"0\d", bare):
                return None  # "one 15 and one 17" are ages of two
            current, seen = current + float(bare), True
            continue
        value = _words().get(word)
        if value is None:
            return None
        seen = True
        if value >= 1000:
            total, current = total + round((current or 1) * value), 0.0
        elif value == 100 or word in ("dozen", "score"):
            current = (current or 1) * value
        else:
            current += value
    return total + round(current) if seen and (current == round(current) or total) else None


def parse_quantity(phrase: str) -> Quantity | None:
    """A phrase that `quantity_pattern` found; NULL where it says no quantity after all."""
    text = re.sub(r"\s+", " ", phrase.lower().strip())
    if text in _quantifiers() and (known := _quantifiers()[text])[1] is not None:
        modifier, low = known
        if modifier == "several":
            return Quantity(None, low, None, modifier)
        return Quantity(low, low, low, "exact")
    modifier = "exact"
    rest = text
    while found := next((q for q in sorted(_quantifiers(), key=len, reverse=True) if rest.startswith(q + " ")), None):
        modifier = _quantifiers()[found][0] if modifier == "exact" else modifier
        rest = rest[len(found) + 1 :]
    if many := re.fullmatch(r"(?:several|a few) (\w+?)s?(?: of)?", text):
        scale = _words().get(many.group(1))
        return Quantity(None, 3 * scale, None, "several") if scale else None
    pair = re.fullmatch(r"(?:between )?(.+?)(?:\s*[-–]\s*| to | or | and )(.+)", rest)
    whole = None if re.search(r"\d\s*[-–]\s*\d", rest) else parse_number(rest)
    if whole is None and pair:
        if pair.group(2) in ("more", "fewer", "so"):
            ends = {"more": "at_least", "fewer": "up_to", "so": "about"}
            whole, modifier = parse_number(pair.group(1)), ends[pair.group(2)]
        else:
            low, high = parse_number(pair.group(1)), parse_number(pair.group(2))
            if low is None or high is None or low >= high:
                return None
            return Quantity(None, low, high, "between")
    if whole is None:
        return None
    return stated_range(whole, modifier)


def stated_range(value: int, modifier: str) -> Quantity:
    """The inclusive range that a modifier commits a value to: "more than 50" is 51 or more, "up to 40" 0 to 40."""
    low, high = {
        "at_least": (value, None),
        "more_than": (value + 1, None),
        "up_to": (0, value),
        "fewer_than": (0, value - 1),
        "exact": (value, value),
        "about": (value, value),
    }[modifier]
    return Quantity(value, low, high, modifier)
