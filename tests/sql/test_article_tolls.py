"""What one article says in sum: one toll a kind, however many ways it is told."""

import json
import shutil
from pathlib import Path

import duckdb
import pytest

from tests.against_gold import read_ledger
from tests.conftest import Run
from tests.tables import differing

Toll = dict[str, tuple[int, bool]]  # kind -> best, is_derived
TOLD: dict[str, tuple[str, Toll]] = {
    "stated": (
        "A blast in Arvento killed eight people and wounded 31. The dead were mourned on Monday.",
        {"killed": (8, False), "wounded": (31, False)},
    ),
    "told five ways": (
        "Eight people were killed in Tarvo. The blast killed eight. Eight dead, officials said. At least eight died. "
        "One of the victims was killed in a car.",
        {"killed": (8, False)},
    ),
    "named one by one": (
        "Maria Lopez, 34, was killed in the fire in Orsola. Ramon Diaz, 51, was killed too.",
        {"killed": (2, True)},
    ),
    "told again": (
        "A man was killed in Belluno. The 34-year-old man was killed in his car.",
        {"killed": (1, False)},
    ),
    "a list": (
        "Two women and a boy were killed in the crash near Senna.",
        {"killed": (3, True)},
    ),
    "another": (
        "Two miners were killed in the pit at Corvo and another three were killed on the way out.",
        {"killed": (5, True)},
    ),
    "others than the dead": (
        "One woman was killed and five others were wounded in Lucera. Police sealed off the street.",
        {"killed": (1, False), "wounded": (5, False)},
    ),
    "shot": (
        "Four people were shot in Marsala, one fatally. One man was killed, police said.",
        {"killed": (1, False), "casualties": (4, False), "wounded": (3, True)},
    ),
    "an update": (
        "The death toll rose to 14 on Tuesday after the blast in Trani. The blast killed 12, officials had said. "
        "The blast in the port killed 12.",
        {"killed": (14, False)},
    ),
    "a first report": (
        "Eight people were killed in Cosenza. Police initially said that five people were killed. Five were killed, "
        "officials originally said.",
        {"killed": (8, False)},
    ),
    "the killer among the dead": (
        "A man shot and killed his wife and two sons before killing himself in Urbino.",
        {"killed": (4, True)},
    ),
    "others shot than the dead": (
        "A man was killed and three others were shot in Lerici. Police closed the street.",
        {"killed": (1, False), "wounded": (3, True)},
    ),
    "one of those shot": (
        "Four people were shot in Imola. One of them died in hospital.",
        {"killed": (1, True), "casualties": (4, False), "wounded": (3, True)},
    ),
    "shot and among the dead": (
        "Four people were found dead in a house in Noto. A boy was shot in bed, police said.",
        {"killed": (4, False), "casualties": (1, False)},
    ),
    "shot and beside the dead": (
        "Ana Diaz, 40, was killed in a house in Noto. A boy was shot in bed, police said.",
        {"killed": (1, False), "casualties": (1, False), "wounded": (1, True)},
    ),
    "hurt to one degree": (
        "Two men were in critical condition after the crash in Vasto. Four people were injured in all. Two are in "
        "serious condition.",
        {"wounded": (4, False)},
    ),
    "some of the hurt": (
        "Five people were shot in Pavia. Two people were wounded in the leg.",
        {"casualties": (5, False), "wounded": (5, True)},
    ),
}  # fmt: skip

ALIKE = "Ann Olsen, 35, was killed on her way home. Ida Olsen, 37, was killed too."  # where the title's count stands


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory, run_pass: Run) -> Path:
    folder = tmp_path_factory.mktemp("article_tolls")
    lines = [json.dumps({"id": name, "text": text}) for name, (text, _) in TOLD.items()]
    lines.append(json.dumps({"id": "alike", "title": "Ann Olsen, 35, was killed in Pavia", "text": ALIKE}))
    (folder / "wire.jsonl").write_text("\n".join(lines), "utf-8")
    return run_pass(folder / "data", folder / "wire.jsonl")


@pytest.mark.parametrize("name", TOLD)
def test_an_article_has_one_toll_a_kind(published: Path, name: str) -> None:
    rows = read_ledger(
        published,
        "SELECT t.* FROM article_tolls AS t JOIN articles USING (article_id) "
        f"WHERE is_main AND split_part(input, '#', 2) = '{name}'",
    )

    assert {row["kind"]: (row["best"], row["is_derived"]) for row in rows} == TOLD[name][1]


def test_every_toll_points_at_the_counts_that_it_rests_on(published: Path) -> None:
    missing = read_ledger(
        published,
        "SELECT u.id FROM (SELECT unnest(count_ids) AS id FROM article_tolls) AS u ANTI JOIN counts ON count_id = u.id",
    )
    empty = read_ledger(published, "FROM article_tolls WHERE len(count_ids) = 0")

    assert missing == empty == []


@pytest.mark.parametrize("table", ["stated_counts", "mentioned_events", "revisions"])
def test_no_view_depends_on_the_order_in_which_rows_were_loaded(table: str, published: Path, tmp_path: Path) -> None:
    other = tmp_path / "reversed.duckdb"
    shutil.copy(published, other)
    with duckdb.connect(str(other)) as con:
        con.execute(f"CREATE TEMP TABLE kept AS SELECT *, row_number() OVER () AS loaded FROM {table}")
        con.execute(f"DELETE FROM {table}")
        con.execute(f"INSERT INTO {table} SELECT * EXCLUDE (loaded) FROM kept ORDER BY loaded DESC")

    assert differing(published, other) == {}
