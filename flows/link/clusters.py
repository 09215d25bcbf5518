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


def average_linkage(nodes: Iterable[str], pairs: list[Pair], threshold: float) -> list[list[str]]:
    """Groups whose mean likeness, pairs that are not listed as 0, stays at or above `threshold`."""
    groups: list[list[str]] = []
    for component in components(nodes, ((left, right) for left, right, _ in pairs)):
        groups += _split(component, pairs, threshold)
    return sorted(groups)


def _split(component: list[str], pairs: list[Pair], threshold: float) -> list[list[str]]:
    if len(component) == 1:
        return [component]
    inside = set(component)
    own = [pair for pair in pairs if pair[0] in inside and pair[1] in inside]
    if len(component) > LARGEST:
        floor = float(np.median([likeness for _, _, likeness in own]))
        kept = [pair for pair in own if pair[2] > floor]
        parts = components(component, ((left, right) for left, right, _ in kept))
        return [group for part in parts for group in _split(part, kept, threshold)]
    return _link(component, own, threshold)


def _link(names: list[str], pairs: list[Pair], threshold: float) -> list[list[str]]:
    """Merge the two most alike groups again and again; ties go to the first names."""
    index = {name: number for number, name in enumerate(names)}
    size = np.ones(len(names))
    sums = np.zeros((len(names), len(names)))
    for left, right, likeness in pairs:
        sums[index[left], index[right]] = sums[index[right], index[left]] = likeness
    groups: list[list[str] | None] = [[name] for name in names]
    mean = sums.copy()
    np.fill_diagonal(mean, -1.0)
    nearest = mean.argmax(axis=1)
    best = mean.max(axis=1)
    while True:
        first = int(best.argmax())
        if best[first] < threshold - 1e-12:
            break
        first, second = sorted((first, int(nearest[first])))
        groups[first] = (groups[first] or []) + (groups[second] or [])
        groups[second] = None
        sums[first] += sums[second]
        sums[:, first] = sums[first]
        size[first] += size[second]
        gone = np.array([group is None for group in groups])
        mean[first] = np.where(gone, -1.0, sums[first] / (size[first] * size))
        mean[first, first] = -1.0
        mean[:, first] = mean[first]
        mean[second] = mean[:, second] = -1.0
        touched = np.flatnonzero((nearest == first) | (nearest == second) | (mean[first] > best))
        for row in {first, second, *touched.tolist()}:
            nearest[row] = mean[row].argmax()
            best[row] = mean[row].max()
    return [sorted(group) for group in groups if group]
