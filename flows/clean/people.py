"""Bylines: what stands where a page names its authors -> people and desks, without what stands around their names."""

import html
import re
from collections.abc import Iterable
from functools import cache

from flows.lexicon import lexicon

LONGEST = 300  # characters of a byline; past it the text is a biography
NAME_WORDS, NAME_LETTERS = 7, 60
ADDRESS = re.compile(r"\(?\b\S*(?:https?:|www\.)\S*|\(?\S+@\S+\.\w+\)?|(?<!\w)@\w+")
TEMPLATE = re.compile(r"[{}<>\[\]=]|%[A-Za-z(]|\.(?:com|org|net|html?|php)\b")
TIME = re.compile(r"\d{1,2}[:.]\d{2}|\b(?:19|20)\d{2}\b|\d{1,2}[./-]\d{1,2}[./-]\d{2}")
LISTED = re.compile(r"\w\S*(?: \w\S*){1,3}(?:, ?\w\S*(?: \w\S*){1,3})+")  # "Ada Lo, Bo Ek Ray"
MARKS = re.compile(r"\s*(?:[;|•·\n\t／、・]|\s[&+]\s|\s/\s|(?<=[^\W\d_]{2})/(?=[^\W\d_]{2}))\s*")
PARTING = re.compile(r"\s*[,–—]\s*|\s+-\s+")
ASIDE = re.compile(r"\s*\([^)]*\)?")
EDGES = " \t,;:.|/*–—-•·()[]'\"“”„«»‹›\u200b\ufeff"
CJK = r"\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"
ROLE_BESIDE = (
    rf"^(?:[^\s{CJK}]+ )?(?:{{}})\s+(?=\w\S*\s+\w)|^(?:{{}})\s+(?=[{CJK}])|(?<=[{CJK}])\s*(?:{{}})(?: 외 \d+명)?$"
)  # before a first and a last name; behind a name in scripts that write it there


def read_names(texts: Iterable[str]) -> list[str]:
    """People and desks in the order of the page, each once; none where the texts name nobody."""
    names: list[str] = []
    for text in texts:
        for name in _names_of(text):
            if name.casefold() not in {known.casefold() for known in names}:
                names.append(name)
    return names


def is_like_a_name(name: str) -> bool:
    """Whether a text from a page's markup is a person's name, or a desk's that the lexicon knows: a class "author" holds
    labels and sentences too. "Bo van der Ek" is, "View all posts", "amw" are not."""
    if re.search(f"[{CJK}]", name) or name in _outlets():
        return len(name.split()) <= 3
    words = name.split()
    if len(words) < 2:
        return name.isupper() and len(name) > 1
    capital = [not word[0].islower() for word in words]
    between = all(is_capital or len(word) <= 4 for word, is_capital in zip(words, capital, strict=True))
    return capital[0] and capital[-1] and between and len(words) <= 5 and sum(capital) > 1


def _names_of(text: str) -> list[str]:
    plain = ADDRESS.sub("; ", html.unescape(html.unescape(text)).replace("\xa0", " "))
    if len(plain) > LONGEST:
        return []
    plain = ASIDE.sub("", _pattern("credit", r"(?<=\S)\s+(?:{})\s*[:：].*").sub("", plain)) or plain
    parts = [part for marked in MARKS.split(plain) for part in _apart(" ".join(marked.split()))]
    return [name for part in parts if (name := _name(part))]


def _apart(text: str) -> list[str]:
    """Names that stand in one text. A comma or an "and" parts them where a first and a last name stand on each side of
    it: "Ortega y Gasset" and "Lo, Ada" are one."""
    text = _without_roles(_without_opening(text))
    joint = _pattern("joint", r"\s+(?:{})\s+")
    halves = re.split(r",\s*", text) if LISTED.fullmatch(joint.sub(", ", text)) else _without_place(text)
    found: list[str] = []
    for half in halves:
        sides = joint.split(half)
        found += sides if all(len(side.split()) > 1 for side in sides) else [half]
    return found


def _without_roles(text: str) -> str:
    """"Ada Lo, Senior Correspondent" and "Senior Correspondent Ada Lo" are Ada Lo; a lone "Staff Writer" stays."""
    role = _pattern("role", rf"(?<!\w)(?:{{}})(?!\w)|(?<=[{CJK}])(?:{{}})")
    if not role.search(text):
        return text
    parts = [_pattern("role", ROLE_BESIDE).sub("", part) for part in PARTING.split(text)]
    return ", ".join([part for part in parts if not role.search(part)] or parts)


def _without_place(text: str) -> list[str]:
    """"Ada Lo, Lille" is Ada Lo, who wrote from there; "Ada Lo, AFP" are two."""
    name, _, behind = (part.strip() for part in text.rpartition(","))
    if len(name.split()) < 2 or len(behind.split()) != 1 or behind.casefold() in _words("suffix") | _words("title"):
        return [text]
    is_desk = behind.isupper() or behind.islower() or behind in _outlets()
    return [name, behind] if is_desk else [name]


def _name(text: str) -> str | None:
    """One name without its title and role; NULL for what no author is called."""
    name = _without_opening(text).strip(EDGES)
    name = _pattern("title", r"^(?:(?:{})\s+)+(?=\S)|,?\s+(?:{})$").sub("", name).strip(EDGES)
    words = name.split()
    if not words or len(words) > NAME_WORDS or len(name) > NAME_LETTERS or not re.search(r"[^\W\d_]", name):
        return None
    if TEMPLATE.search(name) or TIME.search(name) or name.casefold() in _words("nobody"):
        return None
    return name


def _without_opening(text: str) -> str:
    """A byline without "By", "Von", "Tekst:". A word that may begin a name ("Di Wang", "Von der Heyden") is part of it
    where a lower-case word or a single one follows."""
    for kind, frame in (("opening", r"^\W*(?:{})(?:\s*[:：]\s*|\s+)(?=\S)"), ("particle", r"^(?:{})\s+(?=\S)")) * 2:
        rest = _pattern(kind, frame).sub("", text, count=1)
        is_one = len(rest.split()) < 2
        if rest != text and not (is_one if kind == "particle" else rest[0].islower() and not is_one):
            text = rest
    return text


@cache
def _outlets() -> frozenset[str]:
    return frozenset(lexicon("outlets")["alias"])


@cache
def _words(kind: str) -> frozenset[str]:
    return frozenset(word for word, of, *_ in lexicon("bylines").iter_rows() if of == kind)


@cache
def _pattern(kind: str, frame: str) -> re.Pattern[str]:
    """A frame around the words of a kind, the longest first."""
    words = "|".join(re.escape(word) for word in sorted(_words(kind), key=len, reverse=True))
    return re.compile(frame.replace("{}", words), re.I)
