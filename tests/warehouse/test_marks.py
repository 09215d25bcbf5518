"""The index of linking: what ties articles stands, whatever comes and goes."""

import random
from collections.abc import Iterator
from pathlib import Path

import duckdb
import polars as pl
import pytest

from flows.link.likeness import LIKENESS
from flows.link.marks import MARKS, PROFILES
from flows.link.meeting import CHOSEN
from flows.link.minhash import SIGNATURES
from flows.warehouse.marks import add_articles, add_edges, beside, connected, drop_articles, open_index


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with open_index(tmp_path / "links.duckdb") as con:
        yield con


def add(kept: duckdb.DuckDBPyConnection, bands: dict[str, list[int]]) -> None:
    """Articles with the hashes of their signatures' bands."""
    profiles = pl.DataFrame([{"article_id": name, "n_words": 9} for name in bands], schema=PROFILES)
    rows = [(name, band, number) for name, numbers in bands.items() for band, number in enumerate(numbers)]
    signatures = pl.DataFrame(rows, schema=SIGNATURES, orient="row")
    profiles = profiles.with_columns(raw_sha256=pl.col("article_id"))
    add_articles(kept, profiles, MARKS.to_frame(), CHOSEN.to_frame(), signatures)


def test_copies_of_one_text_stay_tied_when_the_first_of_them_goes(kept: duckdb.DuckDBPyConnection) -> None:
    add(kept, {"a": [1, 2], "b": [1, 3]})
    add(kept, {"c": [1, 9], "d": [8, 3], "e": [7, 7]})

    left = beside(kept, ["a"], 0.5)
    drop_articles(kept, ["a"])

    assert sorted(left) == ["b", "c"]
    assert connected(kept, ["d"], 0.5) == ["b", "c", "d"]
    assert connected(kept, ["e"], 0.5) == ["e"]


@pytest.mark.parametrize("seed", range(3))
def test_articles_that_came_and_went_leave_the_ties_of_those_that_stayed(tmp_path: Path, seed: int) -> None:
    dice = random.Random(seed)
    bands = {f"a{number:02d}": [dice.randrange(12) for _ in range(2)] for number in range(30)}
    names = list(bands)
    going = dice.sample(names, 10)
    with open_index(tmp_path / "changed.duckdb") as changed, open_index(tmp_path / "fresh.duckdb") as fresh:
        for first in range(0, 30, 6):
            add(changed, {name: bands[name] for name in names[first : first + 6]})
        drop_articles(changed, going)
        add(changed, {name: bands[name] for name in going[:5]})
        add(fresh, {name: bands[name] for name in names if name not in going[5:]})

        ties = [[connected(con, [name], 0.5) for name in names if name not in going[5:]] for con in (changed, fresh)]

    assert ties[0] == ties[1]


def test_edges_connect_from_the_likeness_on_that_is_asked_and_inner_ones_never(kept: duckdb.DuckDBPyConnection) -> None:
    add(kept, {"a": [1], "b": [2], "c": [3], "d": [4]})
    numbers = dict(kept.execute("SELECT article_id, no FROM profiles").fetchall())

    def edge(left: str, right: str, likeness: float) -> pl.DataFrame:
        return pl.DataFrame([(numbers[left], numbers[right], likeness)], schema=LIKENESS, orient="row")

    add_edges(kept, edge("a", "b", 0.6))
    add_edges(kept, edge("b", "c", 0.4))
    add_edges(kept, edge("c", "d", 0.9), is_inner=True)

    assert connected(kept, ["a"], 0.5) == ["a", "b"]
    assert connected(kept, ["a"], 0.4) == ["a", "b", "c"]
