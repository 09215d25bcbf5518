"""Where a pattern's groups stand in a text of letters: the engine under match.py.

Lines of ASCII letters in one string, so that a pattern is searched once and not once a sentence. Polars' expressions
give no offsets of groups; they come from one trick: a match is replaced by its groups between marks that are no
letters, and groups that tile their match give their offsets by where the marks stand.
"""

import re
from functools import cache

import numpy as np
import polars as pl
from numpy.typing import NDArray

Offsets = NDArray[np.int64]

MARK = "\t"
# Polars compiles a pattern anew for each query, a fifth of a millisecond; Python's engine keeps it and is slower by
# 8 ns a letter: it is the faster one up to so many letters.
FEW = 20_000


def scan(text: str, patterns: dict[str, str]) -> dict[str, Offsets]:
    """Pattern's name -> a row a match: where each of its groups begins in `text`, and where the last one ends.

    `text` is ASCII, lines parted by "\\n" and without MARK; no match crosses two lines, `^` and `$` are a line's ends.
    """
    if len(text) <= FEW:
        return {name: _scan_few(text, pattern) for name, pattern in patterns.items()}
    marked = pl.DataFrame({"text": [text]}).select(_replacing(name, pattern) for name, pattern in patterns.items())
    found = zip(patterns.values(), marked.row(0), strict=True)
    return dict(zip(patterns, (_read_marks(pattern, text) for pattern, text in found), strict=True))


@cache
def groups_of(pattern: str) -> tuple[str, ...]:
    """The names of a pattern's groups, in their order."""
    return tuple(re.findall(r"\(\?P<(\w+)>", pattern))


def _scan_few(text: str, pattern: str) -> Offsets:
    groups = groups_of(pattern)
    found = [[*(match.start(group) for group in groups), match.end()] for match in _compiled(pattern).finditer(text)]
    return np.array(found, dtype=np.int64).reshape(len(found), len(groups) + 1)


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile("(?m)" + pattern.replace("[^", "[^\n"))


@cache
def _replacing(name: str, pattern: str) -> pl.Expr:
    return pl.col("text").str.replace_all(_within_ascii(pattern), _marks(pattern)).alias(name)


@cache
def _within_ascii(pattern: str) -> str:
    """The pattern within a line; without what lies beyond ASCII it compiles in less than half of the time."""
    return "(?m)" + pattern.replace("[^", r"[^\n\x{80}-\x{10ffff}")


@cache
def _marks(pattern: str) -> str:
    return MARK + "".join(f"${{{group}}}{MARK}" for group in groups_of(pattern))


def _read_marks(pattern: str, marked: str) -> Offsets:
    if MARK not in marked:
        marked = ""
    places = np.flatnonzero(np.frombuffer(marked.encode("ascii"), dtype=np.uint8) == ord(MARK))
    return (places - np.arange(len(places))).reshape(-1, len(groups_of(pattern)) + 1)
