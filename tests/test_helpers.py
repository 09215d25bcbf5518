"""Helpers: what one of them does is done by several as well, in the same order."""

import pytest

from flows import workers
from flows.helpers import Helpers


@pytest.mark.parametrize("number", [1, 3])
def test_results_come_in_the_order_of_the_arguments(number: int) -> None:
    with Helpers(number) as helpers:
        found = list(helpers.each("builtins:dict", ({"n": n} for n in range(20))))

    assert found == [{"n": n} for n in range(20)]


def test_one_call_feeds_on_another_and_the_same_processes_do_both() -> None:
    with Helpers(2) as helpers:
        first = helpers.each("builtins:dict", [{"n": n} for n in range(10)])
        found = list(helpers.each("builtins:dict", ({"m": one["n"] + 1} for one in first)))
        n_processes = len(workers._all)

    assert [one["m"] for one in found] == list(range(1, 11))
    assert n_processes <= 2
    assert not workers._all


def test_a_job_that_fails_is_told_and_the_processes_end() -> None:
    with pytest.raises(workers.Overrun, match="Fraction"), Helpers(2) as helpers:
        list(helpers.each("fractions:Fraction", [{"numerator": 1, "denominator": 0}]))

    assert not workers._all
