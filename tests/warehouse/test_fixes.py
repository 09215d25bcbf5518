"""What may be set of a count or a claim, and what goes with it."""

import pytest

from flows.warehouse.fixes import Unfit, complete, read_sets, split_sets, word_sets

COUNT = {"value": 8, "low": 8, "high": 8, "modifier": "exact"}
VAGUE = {"value": None, "low": 10, "high": 14, "modifier": "between"}


@pytest.mark.parametrize(
    ("fact", "sets", "figure"),
    [
        (COUNT, "value=12", (12, 12, 12, "exact")),
        (COUNT, "modifier=at_least", (8, 8, None, "at_least")),
        (COUNT, "modifier=about", (8, 8, 8, "about")),
        (COUNT, "value=50; modifier=more_than", (50, 51, None, "more_than")),
        (COUNT, "value=40; modifier=up_to", (40, 0, 40, "up_to")),
        (COUNT, "modifier=fewer_than", (8, 0, 7, "fewer_than")),
        (COUNT, "value=; low=10; high=12", (None, 10, 12, "between")),
        (COUNT, "value=; low=3", (None, 3, None, "several")),
        (COUNT, "value=9; low=9; high=", (9, 9, None, "at_least")),
        (VAGUE, "low=12", (None, 12, 14, "between")),
        (VAGUE, "high=", (None, 10, None, "several")),
        (VAGUE, "value=11", (11, 11, 11, "exact")),
    ],
)
def test_a_figure_is_set_with_the_range_that_its_wording_commits_to(
    fact: dict[str, object], sets: str, figure: tuple[object, ...]
) -> None:
    whole = complete("count", read_sets("count", split_sets(sets)), fact)

    assert (whole["value"], whole["low"], whole["high"], whole["modifier"]) == figure
    assert read_sets("count", split_sets(word_sets(whole))) == whole


@pytest.mark.parametrize(
    ("sets", "told"),
    [
        ("value=nine", "value=nine: no whole number from 0 on"),
        ("value=-1", "value=-1: no whole number from 0 on"),
        ("value", "'value' sets nothing; write column=value"),
        ("", "nothing is set; write column=value"),
        ("colour=red", "'colour' of a count cannot be set; these can: value, low,"),
        ("actor=Red Hand", "'actor' of a count cannot be set"),
        ("value=1; value=2", "value is set twice"),
        ("kind=hurt", "kind=hurt: none of killed, wounded"),
        ("kind=", "kind cannot be left empty"),
        ("scope=all", "scope=all: none of total, part"),
        ("is_attacker=no", "is_attacker=no: none of true, false"),
        ("value=; low=", "modifier=several: it needs low and no high"),
        ("value=; low=9; high=9", "modifier=between: it needs low and a higher high"),
        ("modifier=between; value=9", "modifier=between: it has no value; write value= low=... high=..."),
        ("high=12", "high: of a value 8 that is exact it is 8; set the modifier too"),
        ("value=9; modifier=at_least; high=9", "high: of a value 9 that is at_least it is open"),
        ("value=0; modifier=fewer_than", "fewer_than 0: no number is below it"),
        ("value=; modifier=exact", "modifier=exact: say the value too"),
    ],
)
def test_what_does_not_fit_a_count_is_refused_with_what_would(sets: str, told: str) -> None:
    with pytest.raises(Unfit) as refused:
        complete("count", read_sets("count", split_sets(sets)), COUNT)

    assert told in str(refused.value)


@pytest.mark.parametrize(
    ("stance", "sets", "claim"),
    [
        ("blamed", "actor=Blue Hand", ("blamed", "Blue Hand", "the mayor")),
        ("blamed", "stance=claimed", ("claimed", "Red Hand", "Red Hand")),
        ("blamed", "stance=reported", ("reported", "Red Hand", None)),
        ("claimed", "stance=denied", ("denied", "Red Hand", "the mayor")),
        ("blamed", "asserted_by=", ("blamed", "Red Hand", None)),
    ],
)
def test_a_claim_is_set_with_the_speaker_that_its_stance_asks_for(
    stance: str, sets: str, claim: tuple[object, ...]
) -> None:
    fact = {"actor": "Red Hand", "stance": stance, "asserted_by": "the mayor"}

    whole = complete("claim", read_sets("claim", split_sets(sets)), fact)

    assert (whole["stance"], whole["actor"], whole["asserted_by"]) == claim


@pytest.mark.parametrize(
    ("type", "sets", "told"),
    [
        ("claim", "stance=reported; asserted_by=the mayor", "what an outlet reports by itself is asserted by nobody"),
        ("claim", "stance=hinted", "stance=hinted: none of claimed, denied"),
        ("quote", "text=Other", "a quote cannot be fixed, only dropped"),
    ],
)
def test_what_does_not_fit_a_claim_or_a_quote_is_refused(type: str, sets: str, told: str) -> None:
    fact = {"actor": "Red Hand", "stance": "blamed", "asserted_by": "the mayor"}

    with pytest.raises(Unfit) as refused:
        complete(type, read_sets(type, split_sets(sets)), fact)

    assert told in str(refused.value)
