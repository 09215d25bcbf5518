"""Groups: connected components, and average linkage inside each. Both give the same answer in any order."""

from collections import defaultdict
from collections.abc import Iterable

import numpy as np

LARGEST = 3000  # articles that one linkage takes; a larger component is cut at a higher floor first

Pair = tuple[str, str, float]


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


def average_linkage(nodes: Iterable[str], pairs: list[Pair], threshold: float, tied: float) -> list[list[str]]:
    """Groups whose mean likeness, pairs that are not listed as 0, stays at or above `threshold`, each of them connected
    by pairs from `tied` on."""
    return sorted(_split(sorted(nodes), pairs, threshold, tied))


def _split(nodes: list[str], pairs: list[Pair], threshold: float, tied: float) -> list[list[str]]:
    groups: list[list[str]] = []
    if len(nodes) <= LARGEST:
        for part, own in _parts(nodes, pairs, tied - 1e-9):
            groups += _link(part, own, threshold) if len(part) > 1 else [part]
        return groups
    for part, own in _parts(nodes, pairs, 0.0):
        if len(part) > LARGEST:
            floor = float(np.median([likeness for _, _, likeness in own]))
            own = [pair for pair in own if pair[2] > floor]
        groups += _split(part, own, threshold, tied)
    return groups


def _parts(nodes: list[str], pairs: list[Pair], floor: float) -> list[tuple[list[str], list[Pair]]]:
    """What the pairs from `floor` on connect, each part with all pairs that lie inside it."""
    parts = components(nodes, ((left, right) for left, right, likeness in pairs if likeness >= floor))
    part_of = {name: number for number, part in enumerate(parts) for name in part}
    inside: list[list[Pair]] = [[] for _ in parts]
    for pair in pairs:
        if part_of[pair[0]] == part_of[pair[1]]:
            inside[part_of[pair[0]]].append(pair)
    return list(zip(parts, inside, strict=True))


def _link(names: list[str], pairs: list[Pair], threshold: float) -> list[list[str]]:
    """Merge the two most alike groups again and again; ties go to the first names."""
    index = {name: number for number, name in enumerate(names)}
    size = np.ones(len(names))
    sums = np.zeros((len(names), len(names)))
    for left, right, likeness in pairs:
        sums[index[left], index[right]] = sums[index[right], index[left]] = likeness
    groups: list[list[str]] = [[name] for name in names]
    gone = np.zeros(len(names), dtype=bool)
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
    return [sorted(group) for group, is_gone in zip(groups, gone, strict=True) if not is_gone]
