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
STAMPED = re.compile(r"(?<=\w)[\s,–-]+(?:\w{3,10}\.? )?(?<!\d)\d{1,4}(?!\d).*$")  # "Ada Lo, May 14, 2024"
TIME = re.compile(r"\d{1,2}[:.]\d{2}|\b(?:19|20)\d{2}\b|\d{1,2}[./-]\d{1,2}[./-]\d{2}")
MARKS = re.compile(r"\s*(?:[;|•·\n\t／、・]|\s[&+]\s|\s/\s|(?<=[^\W\d_]{2})/(?=[^\W\d_]{2}))\s*")
PARTING = re.compile(r"\s*[,–—]\s*|\s+-\s+")
ASIDE = re.compile(r"\s*\([^)]*\)?")
EDGES = " \t,;:.|/*–—-•·()[]'\"“”„«»‹›\u200b\ufeff"
CJK = r"\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"
# before a first and a last name; behind a name in the scripts that write it there
ROLE_BESIDE = (
    rf"^(?:[^\s{CJK}]+ )?(?:{{}})\s+(?=\w\S*\s+\w)"
    rf"|^(?:{{}})\s+(?=[{CJK}])"
    rf"|(?<=[{CJK}])\s*(?:{{}})(?: 외 \d+명)?$"
)


def read_names(texts: Iterable[str]) -> list[str]:
    """People and desks in the order of the page, each once; none where the texts name nobody."""
    names: list[str] = []
    for text in texts:
        for name in _names_of(text):
            if name.casefold() not in {known.casefold() for known in names}:
                names.append(name)
    return names


def is_like_a_name(name: str) -> bool:
    """Whether a text from a page's markup is a person's name, or a desk's that the lexicon knows: a class "author"
    holds labels and sentences too. "Bo van der Ek" is, "View all posts", "amw" are not."""
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
    plain = _pattern("credit", r"(?<!\S)(?:{})\s*[:：].*").sub("", plain)
    plain = ASIDE.sub("", plain) or plain
    parts = [part for marked in MARKS.split(plain) for part in _apart(" ".join(marked.split()))]
    return [name for part in parts if (name := _name(part))]


def _apart(text: str) -> list[str]:
    """Names that stand in one text. A comma or an "and" parts them where a first and a last name stand on each side of
    it: "Ortega y Gasset" and "Lo, Ada" are one."""
    text = _pattern("degree", r"(?:,\s*(?:{}))+(?=\s*(?:,|$))").sub("", _without_opening(text))
    text = STAMPED.sub("", _without_roles(text))
    joint = _pattern("joint", r"\s+(?:{})\s+")
    found: list[str] = []
    for part in _listed(text):
        sides = joint.split(part)
        found += sides if all(" " in side for side in sides) else [part]
    return [name for one in found for name in _without_outlet(one)]


def _without_outlet(text: str) -> list[str]:
    """ "Ada Lo Associated Press", "Ada Lo of Reuters" are a person and a desk."""
    words = text.split()
    for at in range(2, len(words)):
        outlet = re.sub(r"^(?:(?:of|for|from) )?(?:the )?", "", " ".join(words[at:]), flags=re.I)
        if outlet in _outlets() and text not in _outlets() and not words[at - 1].islower():
            return [" ".join(words[:at]), outlet]
    return [text]


def _without_roles(text: str) -> str:
    """ "Ada Lo, Senior Correspondent" and "Senior Correspondent Ada Lo" are Ada Lo; a lone "Staff Writer" stays."""
    role = _pattern("role", rf"(?<!\w)(?:{{}})(?!\w)|(?<=[{CJK}])(?:{{}})")
    if not role.search(text):
        return text
    parts = [_pattern("role", ROLE_BESIDE).sub("", part) for part in PARTING.split(text)]
    return ", ".join([part for part in parts if not role.search(part)] or parts)


def _listed(text: str) -> list[str]:
    """The parts of a list with commas: "Ada Lo, AFP" are two; "Lo, Ada" and "AFP, MANILA", where nobody's whole name
    stands first, are one. A place behind a name ("Ada Lo, Lille") is told from a desk by no rule: it stays here, and
    `is_like_a_name` drops it from a page's markup."""
    first, *others = re.split(r"\s*[,，]\s*", text.strip(" ,"))
    if not _is_whole(first) and not (_is_desk(first) and any(map(_is_whole, others))):
        return [text]
    parts = [first]
    for part in others:
        if part.casefold() in _words("suffix"):
            parts[-1] += f", {part}"
        else:
            parts.append(part)
    return parts


def _is_desk(word: str) -> bool:
    """Whether one word is a desk: "AFP", "dpa", "Reuters"."""
    return word.isupper() or word.islower() or word in _outlets()


def _is_whole(text: str) -> bool:
    """Whether a text may be a first and a last name."""
    return " " in text or re.match(f"[{CJK}]", text) is not None


def _name(text: str) -> str | None:
    """One name without its title and role; NULL for what no author is called."""
    name = _without_opening(text).strip(EDGES)
    name = _pattern("title", r"^(?:(?:{})\s+)+(?=\S)").sub("", name).strip(EDGES)
    words = name.split()
    if not words or len(words) > NAME_WORDS or len(name) > NAME_LETTERS or not re.search(r"[^\W\d_]", name):
        return None
    if (
        TEMPLATE.search(name)
        or TIME.search(name)
        or _words("nobody").issuperset([name.casefold()])
        or _words("nobody").issuperset(name.casefold().split())
    ):
        return None
    return name


def _without_opening(text: str) -> str:
    """A byline without "By", "Von", "Tekst:". A word that may begin a name ("Di Wang", "Von der Heyden") is part of it
    where a lower-case word or a single one follows."""
    for kind, frame in (("opening", r"^\W*(?:{})(?:\s*[:：／/]\s*|\s+)(?=\S)"), ("particle", r"^(?:{})\s+(?=\S)")) * 2:
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
