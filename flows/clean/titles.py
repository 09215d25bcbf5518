"""Headlines: which of a page's titles is the article's, and what of it is the site's name."""

import html
import re
from collections.abc import Iterable, Sequence

PARTED = re.compile(r"\s*[|•·–—:：»«]\s*|\s+[-‐~/]+\s+")
BARS = ("|", "•", "·")  # no colon and no dash: behind those may stand the other half of a headline
GENERIC = re.compile(r"\b(?:the|online|news|digital|e-?paper)\b", re.I)  # in one spelling of a name, not in another
STAMP = re.compile(r"\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|\d{4}-\d{2}-\d{2}")
DOMAIN = re.compile(r"^(?:https?://)?(?:www\.)?|\.[a-z]{2,10}(?:\.[a-z]{2})?/?$", re.I)
MARKS, LETTERS = re.compile(r"[\W_]+"), re.compile(r"[\w\0]+")
NO_TITLE = re.compile(r"\{\{|\}\}|^\W*$|^(?:null|undefined|none|untitled|home|homepage|https?://\S+)$", re.I)


def plain_title(text: str) -> str:
    """A title in one line, unescaped."""
    return " ".join(html.unescape(html.unescape(text)).split()) if "&" in text else " ".join(text.split())


def read_title(words: str, sites: Sequence[str], headings: Sequence[str]) -> str | None:
    """A title without the site's name at its ends: a name that the page states, or whatever stands behind a heading of
    the page and a bar. NULL where nothing else is left, and for a placeholder."""
    title = plain_title(words)
    names = {letters_of(name) for site in sites for name in (site, DOMAIN.sub("", site))}
    names.discard("")
    for heading in headings:
        if len(heading) < len(title) and _is_heading_of(heading, title, names):
            title = title[: len(heading)]
    if letters_of(title) in names or NO_TITLE.search(title):
        return None
    return _without_names(title, names)


def _is_heading_of(heading: str, title: str, names: set[str]) -> bool:
    """Whether a title is a heading (half of it or more, or several words) and then a bar or what ends in a site's
    name."""
    if not title.startswith(heading):
        return False
    is_long = len(heading) > len(title) / 2 or (len(heading) > 15 and " " in heading)
    behind = letters_of(title[len(heading) :])
    return is_long and (title[len(heading) :].lstrip()[:1] in BARS or any(map(behind.endswith, names)))


def _without_names(title: str, names: set[str]) -> str:
    """A title without the names, and without a day between the two."""
    parted = list(PARTED.finditer(title))
    ends = [mark for mark in parted if letters_of(title[mark.end() :]) in names]
    if ends:
        title = title[: ends[0].start()]
    starts = [mark for mark in parted if mark.end() < len(title) and letters_of(title[: mark.start()]) in names]
    if starts:
        title = title[starts[-1].end() :]
    return title


def letters_of(text: str) -> str:
    """A name as it is compared: "The Courier" is "courier online"."""
    return bare(GENERIC.sub("", STAMP.sub("", text)))


def bare(text: str) -> str:
    """A text as it is compared letter by letter: no case, no blanks, no marks."""
    return MARKS.sub("", text.casefold())


def bare_each(texts: Iterable[str]) -> list[str]:
    """`bare` of many texts at once: finding letters takes half of the time that taking out marks does."""
    return "".join(LETTERS.findall("\0".join(texts).casefold().replace("_", ""))).split("\0")


def is_cut_from(title: str, heading: str) -> bool:
    """Whether a title is the beginning of a heading ("Bridge falls in ...")."""
    short = plain_title(title).rstrip(".… ")
    return len(short) > 20 and title.rstrip().endswith(("...", "…")) and plain_title(heading).startswith(short)


def is_handle_of(handle: str, name: str) -> bool:
    """Whether a word in lower case or a domain is a name without its blanks: "dailycourier", "courier.example"."""
    stem = DOMAIN.sub("", handle)
    is_handle = handle.islower() and " " not in handle and name != handle and "." not in name
    return is_handle and stem in bare(name)
