"""What pairs of articles have in common, mark by mark."""

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import polars as pl
from numpy.typing import NDArray

from flows.link.marks import KINDS

PAIR = ["left", "right"]
WEIGHED = ("word", "lede", "proper", "killed", "wounded")
WORD = KINDS.index("word")
Numbers = NDArray[np.int64]


class Held:
    """The marks of some articles (MARKS with `no` in the place of `article_id`, of a kind its place among KINDS), each
    article's beside each other. `totals`: `no`, how many of each kind it has (`n_`), its words' `rarity_word`."""

    def __init__(self, marks: pl.DataFrame) -> None:
        no, kind, mark = (marks[name].to_physical().to_numpy() for name in ("no", "kind", "mark"))
        order = _in_order(no, kind, mark)
        no, self.kind, self.mark = no[order], kind[order], mark[order]
        self.weight = marks["weight"].to_numpy()[order]
        self.rarity = marks["rarity"].fill_null(0.0).to_numpy()[order]
        self.first = np.flatnonzero(np.diff(no, prepend=-1))
        self.nos, self.last = no[self.first], np.append(self.first[1:], len(no)).astype(np.int64)
        self.totals = self._tell()

    def _tell(self) -> pl.DataFrame:
        article = np.repeat(np.arange(len(self.nos)), self.last - self.first)
        size = len(self.nos) * len(KINDS)
        n = np.bincount(article * len(KINDS) + self.kind, minlength=size).astype(float)
        rare = np.where(self.kind == WORD, self.rarity, 0.0)
        columns = {f"n_{kind}": n[at :: len(KINDS)] for at, kind in enumerate(KINDS)}
        rarity = np.bincount(article, rare, minlength=len(self.nos))
        return pl.DataFrame({"no": self.nos, **columns, "rarity_word": rarity})

    def share(self, pairs: pl.DataFrame) -> pl.DataFrame:
        """`left`, `right`, how many marks of each kind both have (`n_`), for WEIGHED kinds the sum of the products of
        their weights (`dot_`), and of their words the `rarity_`; a row a pair.

        The marks of the article that is in more pairs stand in a table by mark, where those of all its partners look
        them up: joins of two columns take five times as long.
        """
        left, right = (pairs[side].to_numpy() for side in PAIR)
        n_pairs = np.bincount(np.concatenate([left, right]))
        is_left = n_pairs[left] >= n_pairs[right]
        own, other = np.where(is_left, left, right), np.where(is_left, right, left)
        order = np.lexsort((other, own))
        n, dots, rare = self._look_up(own[order], other[order])
        columns: dict[str, NDArray[np.generic]] = {"left": left[order], "right": right[order]}
        columns |= {f"n_{kind}": n[:, at] for at, kind in enumerate(KINDS)}
        columns |= {f"dot_{kind}": dots[:, KINDS.index(kind)] for kind in WEIGHED}
        return pl.DataFrame(columns | {"rarity_word": rare})

    def _look_up(
        self, owns: Numbers, others: Numbers
    ) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
        ids, number = self._number(np.unique(owns))
        place_of = np.full(number + 1, -1, dtype=np.int32)  # of a mark in the arrays, for one own article at a time
        n, dots = np.zeros((2, len(owns), len(KINDS)))
        rare = np.zeros(len(owns))
        their_first, their_last = self._spans(others)
        own_first, own_last = self._spans(owns)
        for one, last in _runs(owns):
            here = slice(own_first[one], own_last[one])
            place_of[ids[here]] = np.arange(here.start, here.stop)
            lengths = their_last[one:last] - their_first[one:last]
            theirs = np.arange(lengths.sum())
            theirs += np.repeat(their_first[one:last] - np.cumsum(lengths) + lengths, lengths)
            ours = place_of[ids[theirs]]
            met = np.flatnonzero(ours >= 0)
            pair = np.repeat(np.arange(last - one), lengths)[met]
            theirs, ours = theirs[met], ours[met]
            kinds = self.kind[theirs]
            cell = pair * len(KINDS) + kinds
            products = self.weight[ours].astype(float) * self.weight[theirs].astype(float)
            size = (last - one) * len(KINDS)
            n[one:last] = np.bincount(cell, minlength=size).reshape(-1, len(KINDS))
            dots[one:last] = np.bincount(cell, products, minlength=size).reshape(-1, len(KINDS))
            words = np.flatnonzero(kinds == WORD)
            rare[one:last] = np.bincount(pair[words], self.rarity[theirs[words]], minlength=last - one)
            place_of[ids[here]] = -1
        return n, dots, rare

    def _number(self, owns: Numbers) -> tuple[NDArray[np.int32], int]:
        """Numbers from 0 for the marks of some articles, and one more for all others."""
        spans = zip(*self._spans(owns), strict=True)
        own = pl.Series("mark", np.concatenate([self.mark[:0], *(self.mark[first:last] for first, last in spans)]))
        numbers = own.unique().to_frame().with_row_index("id")
        found = pl.DataFrame({"mark": self.mark}).join(numbers, on="mark", how="left", maintain_order="left")
        return found["id"].fill_null(numbers.height).cast(pl.Int32).to_numpy(), numbers.height

    def _spans(self, nos: Numbers) -> tuple[Numbers, Numbers]:
        """Where the marks of articles begin and end."""
        if not len(self.nos):
            return np.zeros(len(nos), dtype=np.int64), np.zeros(len(nos), dtype=np.int64)
        places = np.minimum(np.searchsorted(self.nos, nos), len(self.nos) - 1)
        first = self.first[places]
        return first, np.where(self.nos[places] == nos, self.last[places], first)


def _in_order(no: Numbers, kind: Numbers, mark: NDArray[np.uint64]) -> Numbers:
    """The order by article, kind and mark of marks that nearly are in it, as the index gives them: sums are taken in
    it, so that they are the same whoever asks."""
    order = np.argsort(no, kind="stable")
    no, kind, mark = no[order], kind[order], mark[order]
    falls = (kind[1:] < kind[:-1]) | ((kind[1:] == kind[:-1]) & (mark[1:] < mark[:-1]))
    mixed = np.unique(no[1:][falls & (no[1:] == no[:-1])])
    if len(mixed):
        rows = np.flatnonzero(np.isin(no, mixed))
        order[rows] = order[rows][np.lexsort((mark[rows], kind[rows], no[rows]))]
    return order


def _runs(numbers: Numbers) -> Iterator[tuple[int, int]]:
    """Where each run of equal numbers begins and ends."""
    bounds = [*np.flatnonzero(np.diff(numbers, prepend=-1)).tolist(), len(numbers)]
    return pairwise(bounds)
