"""What pairs of numbers connect, a million at a time, and how that is cut where it is too much."""

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

LARGEST = 3000  # articles that one linkage takes; a larger component is cut at the next of FLOORS
NEAR = 2.0  # likeness of nodes that are never parted, more than that of any pair
FLOORS = (0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.998, 0.999)
Numbers = NDArray[np.int64]


class Edges(NamedTuple):
    """Pairs of nodes by their numbers, and how alike they are."""

    left: Numbers
    right: Numbers
    likeness: NDArray[np.float64]

    def of(self, rows: NDArray[np.bool_] | Numbers) -> "Edges":
        """Some of them."""
        return Edges(self.left[rows], self.right[rows], self.likeness[rows])

    def above(self, least: float) -> Iterator["Edges"]:
        """Those from a likeness on, as Ties."""
        yield self.of(self.likeness >= least)


Ties = Callable[[float], Iterable[Edges]]  # the edges from a likeness on, some at a time: all may be too many


def join_numbers(n: int, left: NDArray[np.integer], right: NDArray[np.integer]) -> NDArray[np.int64]:
    """Of the numbers below `n` the least that each is connected with, by pairs of `left` and `right`: each takes the
    least that its neighbours have, and what that one has, until nothing changes."""
    first, before = np.arange(n), np.array([-1])
    while not np.array_equal(first, before):
        before, lower = first.copy(), np.minimum(first[left], first[right])
        for end in (left, right):
            np.minimum.at(first, first[end], lower)
        first = first[first]
    return first


def cut(number: int, ties: Ties, least: float) -> Numbers:
    """Of `number` nodes the least of each one's part, whatever the order of edges: what ties from `least` on connect,
    but where that is more than LARGEST, what those from the next floor on do. What even the highest floor connects is
    cut by number into pieces of LARGEST, of more only where edges of NEAR hold it together."""
    part_of = _connect(number, ties(least))
    for floor in FLOORS:
        is_large = (np.bincount(part_of, minlength=number) > LARGEST)[part_of]
        if not is_large.any():
            return part_of
        part_of = np.where(is_large, _connect(number, ties(floor), is_large), part_of)
    held_by = _connect(number, ties(NEAR))
    sizes = np.bincount(held_by, minlength=number)
    for part in np.flatnonzero(np.bincount(part_of, minlength=number) > LARGEST):
        members = np.flatnonzero(part_of == part)
        firsts = np.unique(held_by[members])
        piece = (np.cumsum(sizes[firsts]) - 1) // LARGEST
        first_of = firsts[np.searchsorted(piece, piece)]
        part_of[members] = first_of[np.searchsorted(firsts, held_by[members])]
    return part_of


def _connect(number: int, given: Iterable[Edges], among: NDArray[np.bool_] | None = None) -> Numbers:
    """Of each node the least that it is connected with, by edges that begin `among` some nodes (None: all)."""
    first = np.arange(number)
    for edges in given:
        left, right = first[edges.left], first[edges.right]
        news = left != right if among is None else (left != right) & among[edges.left]
        if news.any():
            first = join_numbers(number, left[news], right[news])[first]
    return first
