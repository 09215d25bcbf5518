"""Texts as words and runs of five words, hashed so that every version, machine and process gives the same numbers:
they are stored in ledgers."""

import hashlib
import re
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

SHINGLE = 5  # words
UNSPACED = "\u0e00-\u0e7f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff"  # scripts without blanks: each character is a word
WORD = re.compile(rf"[{UNSPACED}]|[^\W{UNSPACED}]+")
FOLD, FIRST, SECOND = (np.uint64(odd) for odd in (0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB))
Hashes = NDArray[np.uint64]


def hash_words(text: str) -> Hashes:
    """A number for each word of a text, in order, upper and lower case alike."""
    return np.array([hash_word(word) for word in WORD.findall(text)], dtype=np.uint64)


@lru_cache(maxsize=1 << 18)
def hash_word(word: str) -> int:
    """A word's number: the first eight bytes of its BLAKE2b."""
    letters = word.lower().encode("utf-8", "replace")
    return int.from_bytes(hashlib.blake2b(letters, digest_size=8).digest(), "little")


def shingle(words: Hashes, size: int = SHINGLE) -> Hashes:
    """A number for each run of `size` words, where it begins; one for all words where they are fewer."""
    size = min(size, len(words))
    runs = np.zeros(len(words) - size + 1 if size else 0, dtype=np.uint64)
    for at in range(size):
        runs = runs * FOLD + words[at : at + len(runs)]
    return stir(runs)


def stir(numbers: Hashes) -> Hashes:
    """Spread numbers over all 64 bits (the last steps of splitmix64; Steele, Lea and Flood 2014)."""
    numbers = (numbers ^ (numbers >> np.uint64(30))) * FIRST
    numbers = (numbers ^ (numbers >> np.uint64(27))) * SECOND
    return numbers ^ (numbers >> np.uint64(31))
