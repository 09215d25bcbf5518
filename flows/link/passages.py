"""A copy with additions: which of its sentences are its own, and not those of the text that it took over."""

import re
from collections.abc import Iterable
from itertools import islice

import numpy as np

from flows.link.shingles import SHINGLE, Hashes, find_words, is_among, once, shingle

MOSTLY = 0.5  # of a sentence's words: from there on another text holds it, though a few are changed
SENTENCE = re.compile(r"[^\s](?:[^\n]*?(?:[.!?…]+[\"'”’»)\]]*(?=\s)|[。！？]+[”’」]*)|[^\n]*)")
OUTLETS = 500  # whose texts are held beside each other at once
Passage = tuple[int, int]


def held_by_many(texts: Iterable[tuple[str, Hashes]]) -> Hashes:
    """The shingles that stand in texts of two outlets or more, in order; `texts` are (outlet, shingles)."""
    by_outlet: dict[str, list[Hashes]] = {}
    for outlet, shingles in texts:
        by_outlet.setdefault(outlet, []).append(shingles)
    runs = iter(by_outlet.values())
    held = many = np.zeros(0, dtype=np.uint64)
    while some := [once(np.concatenate(own)) for own in islice(runs, OUTLETS)]:
        numbers, n_outlets = np.unique(np.concatenate([held, *some]), return_counts=True)
        many = once(np.concatenate([many, numbers[n_outlets > 1]]))
        held = numbers
    return many


def own_passages(text: str, held: Iterable[Hashes]) -> tuple[list[Passage], int]:
    """Runs of sentences (start, end; characters) that `held` shingles (each in order) do not make up, and how many
    words are in them.

    A word is held where a run of five held words goes over it; a sentence is own where less than half of its words
    are. Too many ends of sentences (after "Mr.") do no harm: what is own stays together.
    """
    starts, words = find_words(text)
    runs = shingle(words)
    is_run = np.any([is_among(runs, others) for others in held], axis=0)
    is_held = np.zeros(len(starts) + SHINGLE, dtype=bool)
    for at in range(SHINGLE):
        is_held[at : at + len(runs)] |= is_run
    until = np.concatenate([[0], np.cumsum(is_held[: len(starts)])])  # of the words before each, how many are held
    spans = [sentence.span() for sentence in SENTENCE.finditer(text)]
    passages: list[Passage] = []
    n_words, is_open = 0, False
    ends = np.searchsorted(starts, np.array(spans).reshape(-1, 2)).tolist()
    for (start, end), (first, last) in zip(spans, ends, strict=True):
        if first == last:
            continue
        if until[last] - until[first] >= MOSTLY * (last - first):
            is_open = False
            continue
        begin = passages.pop()[0] if is_open else start
        passages.append((begin, end))
        n_words, is_open = n_words + last - first, True
    return passages, n_words
