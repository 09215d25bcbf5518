"""A copy with additions: which of its sentences are its own, and not those of the text that it took over."""

import re
from collections.abc import Iterable

import numpy as np

from flows.link.shingles import SHINGLE, WORD, Hashes, hash_word, hash_words, shingle

MOSTLY = 0.5  # of a sentence's words: from there on another text holds it, though a few are changed
SENTENCE = re.compile(r"[^\s](?:[^\n]*?(?:[.!?…]+[\"'”’»)\]]*(?=\s)|[。！？]+[”’」]*)|[^\n]*)")
Passage = tuple[int, int]


def held_by_many(texts: Iterable[tuple[str, str]]) -> Hashes:
    """The shingles that stand in texts of two outlets or more; `texts` are (outlet, text)."""
    by_outlet: dict[str, list[Hashes]] = {}
    for outlet, text in texts:
        by_outlet.setdefault(outlet, []).append(shingles_of(text))
    told = [np.unique(np.concatenate(runs)) for runs in by_outlet.values()]
    numbers, n_outlets = np.unique(np.concatenate(told), return_counts=True)
    return np.asarray(numbers[n_outlets > 1])


def shingles_of(text: str) -> Hashes:
    """A text's runs of five words."""
    return shingle(hash_words(text))


def own_passages(text: str, held: Hashes) -> tuple[list[Passage], int]:
    """Runs of sentences (start, end; characters) that `held` shingles do not make up, and how many words are in them.

    A word is held where a run of five held words goes over it; a sentence is own where less than half of its words
    are. Too many ends of sentences (after "Mr.") do no harm: what is own stays together.
    """
    found = list(WORD.finditer(text))
    runs = shingle(np.array([hash_word(word.group()) for word in found], dtype=np.uint64))
    is_held = np.zeros(len(found), dtype=bool)
    for at in np.flatnonzero(np.isin(runs, held)):
        is_held[at : at + SHINGLE] = True
    starts = np.array([word.start() for word in found])
    passages: list[Passage] = []
    n_words, is_open = 0, False
    for sentence in SENTENCE.finditer(text):
        first, last = np.searchsorted(starts, sentence.span())
        if first == last:
            continue
        if is_held[first:last].mean() >= MOSTLY:
            is_open = False
            continue
        begin = passages.pop()[0] if is_open else sentence.start()
        passages.append((begin, sentence.end()))
        n_words, is_open = n_words + int(last - first), True
    return passages, n_words
