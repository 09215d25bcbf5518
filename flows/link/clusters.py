"""Groups: connected components, and average linkage inside each. Both give the same answer in any order."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from flows.joined import join_numbers

LARGEST = 3000  # articles that one linkage takes; a larger component is cut at a higher floor first

Numbers = NDArray[np.int64]


class Edges(NamedTuple):
    """Pairs of nodes by their numbers, and how alike they are."""

    left: Numbers
    right: Numbers
    likeness: NDArray[np.float64]

    def of(self, rows: NDArray[np.bool_] | Numbers) -> "Edges":
        """Some of them."""
        return Edges(self.left[rows], self.right[rows], self.likeness[rows])


def components(nodes: Iterable[str], pairs: Iterable[tuple[str, str]]) -> list[list[str]]:
    """Nodes that pairs connect, each group sorted, groups by their first node."""
    parent = {node: node for node in sorted(nodes)}

    def root(node: str) -> str:
        while parent[node] != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    for left, right in pairs:
        first, second = sorted((root(left), root(right)))
        parent[second] = first
    groups: dict[str, list[str]] = defaultdict(list)
    for node in parent:
        groups[root(node)].append(node)
    return sorted(groups.values())


def average_linkage(nodes: Iterable[str], edges: pl.DataFrame, threshold: float, tied: float) -> list[list[str]]:
    """Groups whose mean likeness, pairs that are not in `edges` (`left`, `right`: places among the nodes in order;
    `likeness`) as 0, stays at or above `threshold`, each of them connected by edges from `tied` on."""
    names = pl.Series(sorted(nodes), dtype=pl.String)
    given = Edges(*(edges[column].to_numpy() for column in Edges._fields))
    groups = _split(np.arange(len(names)), given, threshold, tied) if len(names) else []
    return sorted(names.gather(group).to_list() for group in groups)


def _split(nodes: Numbers, edges: Edges, threshold: float, tied: float) -> list[Numbers]:
    groups: list[Numbers] = []
    if len(nodes) <= LARGEST:
        for part, own in _parts(nodes, edges, tied - 1e-9):
            groups += _link(part, own, threshold) if len(part) > 1 else [part]
        return groups
    for part, own in _parts(nodes, edges, 0.0):
        if len(part) > LARGEST:
            own = own.of(own.likeness > np.median(own.likeness))
        groups += _split(part, own, threshold, tied)
    return groups


def _parts(nodes: Numbers, edges: Edges, floor: float) -> Iterator[tuple[Numbers, Edges]]:
    """What the edges from `floor` on connect of some nodes in order, each part with all edges that lie inside it."""
    left, right = np.searchsorted(nodes, edges.left), np.searchsorted(nodes, edges.right)
    connects = edges.likeness >= floor
    part_of = join_numbers(len(nodes), left[connects], right[connects])
    edges, inside = edges.of(part_of[left] == part_of[right]), part_of[left][part_of[left] == part_of[right]]
    members, order = np.argsort(part_of, kind="stable"), np.argsort(inside, kind="stable")
    firsts = np.unique(part_of)
    ends = np.searchsorted(part_of[members], firsts, "right"), np.searchsorted(inside[order], firsts, "right")
    for some, own in zip(np.split(members, ends[0][:-1]), np.split(order, ends[1][:-1]), strict=True):
        yield nodes[some], edges.of(own)


def _link(nodes: Numbers, edges: Edges, threshold: float) -> list[Numbers]:
    """Merge the two most alike groups again and again; ties go to the first nodes."""
    left, right = np.searchsorted(nodes, edges.left), np.searchsorted(nodes, edges.right)
    size = np.ones(len(nodes))
    sums = np.zeros((len(nodes), len(nodes)))
    sums[left, right] = sums[right, left] = edges.likeness
    groups = [[node] for node in nodes.tolist()]
    gone = np.zeros(len(nodes), dtype=bool)
    mean = sums.copy()
    np.fill_diagonal(mean, -1.0)
    nearest = mean.argmax(axis=1)
    best = mean.max(axis=1)
    while True:
        first = int(best.argmax())
        if best[first] < threshold - 1e-12:
            break
        first, second = sorted((first, int(nearest[first])))
        groups[first] += groups[second]
        gone[second] = True
        sums[first] += sums[second]
        sums[:, first] = sums[first]
        size[first] += size[second]
        mean[first] = np.where(gone, -1.0, sums[first] / (size[first] * size))
        mean[first, first] = -1.0
        mean[:, first] = mean[first]
        mean[second] = mean[:, second] = -1.0
        touched = np.flatnonzero((nearest == first) | (nearest == second) | (mean[first] > best))
        for row in {first, second, *touched.tolist()}:
            nearest[row] = mean[row].argmax()
            best[row] = mean[row].max()
    return [np.array(sorted(group)) for group, is_gone in zip(groups, gone, strict=True) if not is_gone]
