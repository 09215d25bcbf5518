"""Groups: connected components, and average linkage inside each. Both give the same answer in any order."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

import numpy as np
import polars as pl

from flows.joined import Edges, Numbers, cut


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
    if names.is_empty():
        return []
    groups: list[Numbers] = []
    for part, own in _parts(cut(len(names), given.above, tied - 1e-9), given):
        groups += _link(part, own, threshold) if len(part) > 1 else [part]
    return sorted(names.gather(group).to_list() for group in groups)


def follow(groups: list[list[str]], followers: pl.DataFrame) -> list[list[str]]:
    """The groups, but those (`article_id`) that follow another (`leader`), each a group of its own so far, are in the
    group of that one, or of the one that it follows itself."""
    leader_of = dict(followers.select("article_id", "leader").iter_rows())
    found = [[*group] for group in groups if group[0] not in leader_of]
    place_of = {name: place for place, group in enumerate(found) for name in group}
    for name, leader in leader_of.items():
        while leader in leader_of:
            leader = leader_of[leader]
        found[place_of[leader]].append(name)
    return sorted(sorted(group) for group in found)


def _parts(part_of: Numbers, edges: Edges) -> Iterator[tuple[Numbers, Edges]]:
    """Each part's nodes, with all edges that lie inside it."""
    edges = edges.of(part_of[edges.left] == part_of[edges.right])
    inside = part_of[edges.left]
    members, order = np.argsort(part_of, kind="stable"), np.argsort(inside, kind="stable")
    firsts = np.unique(part_of)
    ends = np.searchsorted(part_of[members], firsts, "right"), np.searchsorted(inside[order], firsts, "right")
    for some, own in zip(np.split(members, ends[0][:-1]), np.split(order, ends[1][:-1]), strict=True):
        yield some, edges.of(own)


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
