"""Erasing rows: what rests on a forgotten article goes or is counted anew, what is of others stays."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from flows.warehouse.erasing import erase_articles, write_anew
from flows.warehouse.file import ledger_path, open_ledger
from flows.warehouse.schema import prepare

NOW = datetime(2026, 11, 20, tzinfo=UTC)
FOOT = "The Tribune · first since 1888"
FOLDED = "the tribune · first since 0"
Con = duckdb.DuckDBPyConnection


@pytest.fixture(scope="module")
def empty_ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = tmp_path_factory.mktemp("empty")
    with open_ledger(data) as con:
        prepare(con)
    return ledger_path(data)


@pytest.fixture
def data(tmp_path: Path, empty_ledger: Path) -> Path:
    ledger_path(tmp_path).parent.mkdir()
    shutil.copyfile(empty_ledger, ledger_path(tmp_path))
    return tmp_path


@pytest.fixture
def con(data: Path) -> Iterator[Con]:
    with open_ledger(data) as con:
        yield con


def add_article(con: Con, name: str, text: str = "A text.", url: str | None = None) -> None:
    con.execute(
        "INSERT INTO revisions BY NAME SELECT ? AS article_id, 'in-' || ? AS input, ? AS url, 's' AS source_name, "
        "? AS text, 'plain' AS extractor, 'sha' AS raw_sha256, 1 AS revision, ?::TIMESTAMPTZ AS first_seen_at, "
        "'r' AS rules_version, 'r' AS facts_version",
        [name, name, url, text, NOW],
    )
    con.execute("INSERT INTO current_revisions VALUES (?, 1)", [name])


def add_lines(con: Con, names: list[str], decided_by: str = "rules") -> None:
    """Articles with one line in common, and what was learnt of it; the first has it as it is worded."""
    for number, name in enumerate(names):
        add_article(con, name, f"A text.\n{FOOT}" if number == 0 else f"A text.\n{FOOT.replace('1888', '1900')}")
        con.execute(
            "INSERT INTO article_lines VALUES (?, 1, 1, 'whole', 'Tribune', 7, 7, 'tail', ?, false)", [name, number]
        )
    con.execute(
        "INSERT INTO recurring_lines VALUES ('lin_' || left(sha256(concat_ws(chr(31), 'Tribune', 'whole', ?)), 16), "
        "'Tribune', 'whole', ?, ?, 7, 'label', ?, 0, 0, ?, ?, ?, 'drop', 'no sentence', ?, ?)",
        [FOLDED, FOOT, FOLDED, len(names), len(names), NOW, NOW, decided_by, NOW],
    )


@pytest.mark.parametrize(
    ("n_articles", "decided_by", "left"),
    [(6, "rules", [(5, 5)]), (4, "rules", []), (4, "analyst", [(3, 3)]), (1, "analyst", [])],
)
def test_a_recurring_line_is_counted_without_the_article(
    con: Con, n_articles: int, decided_by: str, left: list[tuple[int, int]]
) -> None:
    add_lines(con, [f"art_{number}" for number in range(n_articles)], decided_by)

    erase_articles(con, ["art_0"], [], NOW)

    assert con.execute("SELECT n_articles, n_tail FROM recurring_lines").fetchall() == left


@pytest.mark.parametrize(("going", "shown"), [("art_0", FOLDED), ("art_1", FOOT)])
def test_a_recurring_line_is_not_shown_in_the_words_of_a_forgotten_article(con: Con, going: str, shown: str) -> None:
    add_lines(con, [f"art_{number}" for number in range(6)])

    erase_articles(con, [going], [], NOW)

    assert con.execute("SELECT line FROM recurring_lines").fetchall() == [(shown,)]


def test_the_history_of_the_tolls_that_rest_on_it_goes_and_that_of_others_stays(con: Con) -> None:
    con.execute(
        "INSERT INTO mentioned_events VALUES "
        "('art_1', 1, 0, 'evt_now', true, 'sto', 'evt_now'), ('art_2', 1, 0, 'evt_other', true, 'sto', 'evt_other'); "
        "INSERT INTO linked_event_aliases VALUES ('evt_before', 'evt_now', now()), ('evt_theirs', 'evt_other', now()); "
    )
    add_article(con, "art_1")
    for event, count in (
        ("evt_now", "cnt_a"),
        ("evt_before", "cnt_b"),
        ("evt_other", "cnt_c"),
        ("evt_theirs", "cnt_d"),
    ):
        con.execute(
            "INSERT INTO toll_history BY NAME SELECT 1 AS publication_no, now() AS \"at\", 'r' AS run_id, "
            "'v' AS rules_version, ? AS event_id, 'l' AS label, 'killed' AS kind, 'independent' AS policy, "
            "? AS best_count_id, 'new' AS change",
            [event, count],
        )

    erase_articles(con, ["art_1"], [], NOW)

    left = con.execute("SELECT event_id FROM toll_history ORDER BY 1").fetchall()
    assert left == [("evt_other",), ("evt_theirs",)]


def test_rows_of_no_article_go_by_its_address_and_those_of_others_stay(con: Con) -> None:
    url = "https://news.example/a"
    add_article(con, "art_1", url=url)
    add_article(con, "art_2", url=url)
    reject = "INSERT INTO rejects VALUES (?, 'collect', 'x', NULL, 'r', now(), ?, 'h', NULL, NULL)"
    for article_id in (None, "art_1", "art_2"):
        con.execute(reject, [url, article_id])
    con.execute(
        "INSERT INTO fetches BY NAME SELECT 'r' AS run_id, 's' AS source_name, ? AS input, 'x' AS outcome, "
        "0 AS n_documents, 0 AS n_refused, now() AS fetched_at",
        [url],
    )

    gone = erase_articles(con, ["art_1"], [url], NOW)

    assert gone == {"current_revisions": 1, "fetches": 1, "rejects": 2, "revisions": 1}
    assert con.execute("SELECT article_id FROM rejects").fetchall() == [("art_2",)]


def test_the_bytes_of_deleted_rows_do_not_outlive_the_file(data: Path) -> None:
    secret = "Nobody shall read this sentence again."
    with open_ledger(data) as con:
        add_article(con, "art_1", secret)
        add_article(con, "art_2", "Another text.")
    copy = data / "copy.duckdb"
    ledger_path(data).rename(copy)
    with open_ledger(data, copy) as con:
        erase_articles(con, ["art_1"], [], NOW)
        con.execute("CHECKPOINT")
    assert secret.encode() in copy.read_bytes()

    write_anew(data, copy)

    assert secret.encode() not in ledger_path(data).read_bytes()
    with open_ledger(data) as con:
        assert con.execute("SELECT article_id FROM articles").fetchall() == [("art_2",)]
        with pytest.raises(duckdb.ConstraintException):
            con.execute("INSERT INTO current_revisions VALUES ('art_2', 2)")
