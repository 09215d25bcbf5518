"""Texts as words and runs of five words, hashed so that every version, machine and process gives the same numbers:
they are stored in ledgers."""

import re
from functools import cache

import numpy as np
from numpy.typing import NDArray

SHINGLE = 5  # words
UNSPACED = "\u0e00-\u0e7f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff"  # scripts without blanks: each character is a word
ALONE_WORD = re.compile(f"[{UNSPACED}]")
WORD = re.compile(rf"[{UNSPACED}]|[^\W{UNSPACED}]+")
BEYOND = 0x20000  # planes of rare ideographs, and nothing with a case
INSIDE, ALONE = 1, 2
FOLD, FIRST, SECOND = (np.uint64(odd) for odd in (0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB))
Hashes = NDArray[np.uint64]


def stir(numbers: Hashes) -> Hashes:
    """Spread numbers over all 64 bits (the last steps of splitmix64; Steele, Lea and Flood 2014)."""
    numbers = (numbers ^ (numbers >> np.uint64(30))) * FIRST
    numbers = (numbers ^ (numbers >> np.uint64(27))) * SECOND
    return numbers ^ (numbers >> np.uint64(31))


PLACES = stir(np.arange(1, 65, dtype=np.uint64) * SECOND) | np.uint64(1)


def hash_words(text: str) -> Hashes:
    """A number for each word of a text, in order, upper and lower case alike."""
    return find_words(text)[1]


def find_words(text: str) -> tuple[NDArray[np.int64], Hashes]:
    """Where each word of a text begins (WORD; characters), and its number: the sum of a random one of each letter times
    one of its place (multilinear hashing; Carter and Wegman 1979), spread over all 64 bits."""
    kinds, numbers = _letters()
    codes = np.frombuffer(text.encode("utf-32-le", "replace"), dtype=np.uint32)
    near = np.minimum(codes, BEYOND)
    kind = kinds[near]
    is_start = kind > 0
    is_start[1:] &= (kind[1:] == ALONE) | (kind[:-1] != INSIDE)
    letters = np.flatnonzero(kind)
    firsts = np.flatnonzero(is_start[letters])
    if not len(firsts):
        return firsts, firsts.astype(np.uint64)
    place = np.arange(len(letters))
    place -= firsts[np.cumsum(is_start[letters]) - 1]
    own = numbers[near[letters]]
    if (far := codes[letters] >= BEYOND).any():
        own[far] = stir(codes[letters][far].astype(np.uint64))
    own *= PLACES[place & (len(PLACES) - 1)]
    return letters[firsts], stir(np.add.reduceat(own, firsts))


@cache
def _letters() -> tuple[NDArray[np.uint8], Hashes]:
    """What each character before BEYOND is to WORD: INSIDE words, a word ALONE or 0; and a random number of its lower
    case, where that is one character too. What lies beyond is taken for letters without a case."""
    every = "".join(map(chr, range(BEYOND)))
    kinds = np.zeros(BEYOND + 1, dtype=np.uint8)
    for run in WORD.finditer(every):
        kinds[slice(*run.span())] = ALONE if ALONE_WORD.match(run.group()) else INSIDE
    kinds[BEYOND] = INSIDE
    codes = np.arange(BEYOND + 1)
    for code in codes[:BEYOND][kinds[:BEYOND] == INSIDE].tolist():
        lower = every[code].lower()
        codes[code] = ord(lower) if len(lower) == 1 else code
    return kinds, stir(codes.astype(np.uint64) * FOLD)


def shingle(words: Hashes, size: int = SHINGLE) -> Hashes:
    """A number for each run of `size` words, where it begins; one for all words where they are fewer."""
    size = min(size, len(words))
    runs = np.zeros(len(words) - size + 1 if size else 0, dtype=np.uint64)
    for at in range(size):
        runs = runs * FOLD + words[at : at + len(runs)]
    return stir(runs)


def once(numbers: Hashes) -> Hashes:
    """Each number once, in order (numpy's own `unique` hashes first: thirteen times as slow for a text)."""
    ordered = np.sort(numbers)
    is_first = np.ones(len(ordered), dtype=bool)
    is_first[1:] = ordered[1:] != ordered[:-1]
    return ordered[is_first]


def is_among(numbers: Hashes, known: Hashes) -> NDArray[np.bool_]:
    """Which of some numbers are among `known`, which are in order."""
    if not len(known):
        return np.zeros(len(numbers), dtype=bool)
    places = np.searchsorted(known, numbers)
    return np.asarray(known[np.minimum(places, len(known) - 1)] == numbers)
