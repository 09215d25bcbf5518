"""The index of linking: what ties articles stands, whatever comes and goes."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import polars as pl
import pytest

from flows.link.likeness import LIKENESS
from flows.link.marks import MARKS, PROFILES
from flows.link.meeting import CHOSEN
from flows.link.minhash import SIGNATURES
from flows.warehouse.crowds import CROWD, followers
from flows.warehouse.marks import add_articles, add_edges, beside, drop_articles, open_index
from flows.warehouse.parts import fill, part_articles


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with open_index(tmp_path / "links.duckdb") as con:
        yield con


PRINTED = datetime(2026, 1, 5, tzinfo=UTC)


def add(kept: duckdb.DuckDBPyConnection, bands: dict[str, list[int]], published: datetime = PRINTED) -> None:
    """Articles with the hashes of their signatures' bands."""
    rows = [{"article_id": name, "n_words": 9, "published_at": published} for name in bands]
    profiles = pl.DataFrame(rows, schema=PROFILES)
    signed = [(name, band, number) for name, numbers in bands.items() for band, number in enumerate(numbers)]
    signatures = pl.DataFrame(signed, schema=SIGNATURES, orient="row")
    profiles = profiles.with_columns(raw_sha256=pl.col("article_id"))
    add_articles(kept, profiles, MARKS.to_frame(), CHOSEN.to_frame(), signatures)


def connected(kept: duckdb.DuckDBPyConnection, ids: list[str], least: float) -> list[str]:
    return fill(part_articles(kept, least), pl.Series(ids)).to_list()


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


def test_the_later_ones_of_a_crowd_that_has_one_text_follow_its_first(kept: duckdb.DuckDBPyConnection) -> None:
    crowd = {f"a{number:03d}": list(range(20)) for number in range(CROWD + 3)}
    add(kept, crowd)
    add(kept, {"late": list(range(20)), "near": [*range(10), *range(100, 110)], "other": list(range(200, 220))})

    found = followers(kept, ["a000"]).rows()

    assert found == [(name, "a000") for name in ("a101", "a102", "late")]
    assert kept.execute("SELECT count(*) FROM keys SEMI JOIN followers USING (no)").fetchone() == (0,)


def test_whoever_printed_a_crowds_text_in_another_month_follows_nobody(kept: duckdb.DuckDBPyConnection) -> None:
    add(kept, {f"a{number:03d}": list(range(20)) for number in range(CROWD + 3)})
    add(kept, {"late": list(range(20))}, published=datetime(2026, 3, 5, tzinfo=UTC))

    assert "late" not in followers(kept, ["a000"])["article_id"]
