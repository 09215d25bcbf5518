"""What pairs of numbers connect, a million at a time."""

import numpy as np
from numpy.typing import NDArray


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
