"""Whose words a figure is: one speaker under several wordings, and a copy's own sentences beside the copied ones."""

import random
from collections.abc import Iterator
from itertools import count

import duckdb
import pytest

from flows.warehouse.file import open_ledger
from flows.warehouse.origins import find_origins
from flows.warehouse.schema import prepare
from flows.warehouse.speakers import STEPS, settle_speakers, speaker_words

POLICE, STATE, WITNESS = "police", "government", "witness"
NUMBERS = count()
Con = duckdb.DuckDBPyConnection


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Con]:
    with open_ledger(tmp_path_factory.mktemp("speakers")) as connection:
        prepare(connection)
        connection.execute(
            "INSERT INTO linked_events BY NAME SELECT 'evt' AS event_id, 'blast' AS label, false AS is_aggregate"
        )
        yield connection


@pytest.fixture
def con(ledger: Con) -> Iterator[Con]:
    ledger.execute("BEGIN")
    yield ledger
    ledger.execute("ROLLBACK")


def publish(con: Con, article: str, text: str = "Text.", **more: str) -> None:
    """An article that tells of the event."""
    more = {"publisher": article} | more
    con.execute(
        "INSERT INTO revisions BY NAME SELECT $article AS article_id, $article AS input, 'wire' AS source_name, "
        "$text AS text, 'plain' AS extractor, 'sha' AS raw_sha256, 1 AS revision, now() AS first_seen_at, "
        "'r' AS rules_version, 'r' AS facts_version, $publisher AS publisher, $origin AS origin, $words AS word_count",
        {"article": article, "text": text, "words": len(text.split()), "origin": None} | more,
    )
    con.execute("INSERT INTO current_revisions VALUES (?, 1)", [article])
    con.execute("INSERT INTO mentioned_events VALUES (?, 1, 0, 'evt', true, 'sto', 'evt')", [article])


def say(con: Con, article: str, value: int, *who: str | None, at: int = 0, field: str = "text") -> str:
    """A count of the killed by who (attributed_to), their role and actor_type; its id."""
    name, role, actor_type = (*who, None, None, None)[:3]
    count_id = f"cnt_{next(NUMBERS):03d}"
    con.execute(
        "INSERT INTO stated_counts BY NAME SELECT $id AS count_id, $article AS article_id, 1 AS revision, "
        "0 AS event_no, $field AS field, 'E' AS evidence, 0 AS evidence_start, $at AS char_start, $at + 4 AS char_end, "
        "'killed' AS kind, $value AS value, $value AS low, $value AS high, 'exact' AS modifier, false AS is_attacker, "
        "'total' AS scope, $name AS attributed_to, $role AS attributed_role, $actor_type AS actor_type, "
        "now() AS seen_at, 'r' AS rules_version",
        {"id": count_id, "article": article, "value": value, "at": at, "field": field,
         "name": name, "role": role, "actor_type": actor_type},
    )  # fmt: skip
    return count_id


def settle(con: Con, *fresh: str) -> None:
    con.execute("CREATE OR REPLACE TEMP TABLE fresh AS SELECT unnest(?::VARCHAR[]) AS article_id", [list(fresh)])
    find_origins(con)
    settle_speakers(con)


def speakers(con: Con) -> list[str]:
    settle(con)
    return [row[0] for row in con.execute("SELECT DISTINCT speaker FROM toll_reports ORDER BY speaker").fetchall()]


TARSI, BRUNO = ("Livia Tarsi", "Mayor", STATE), ("Bruno Tarsi",)
INTERIOR, HEALTH, MINISTRY = [(name, None, STATE) for name in ("Interior Ministry", "Health Ministry", "ministry")]
BARE, ARVENTO, LINDHOLM = [(name, None, POLICE) for name in ("police", "Arvento police", "Lindholm police")]
CASES: dict[str, tuple[list[tuple[str | None, ...]], list[str]]] = {
    "a surname": ([TARSI, ("Tarsi",)], ["Livia Tarsi"]),
    "an initial": ([TARSI, ("L. Tarsi",)], ["Livia Tarsi"]),
    "two of one surname": ([TARSI, BRUNO], ["Bruno Tarsi", "Livia Tarsi"]),
    "a surname of two": ([TARSI, BRUNO, ("Tarsi",)], ["Bruno Tarsi", "Livia Tarsi", "Tarsi"]),
    "who speaks for a ministry": (
        [
            ("Livia Tarsi", "spokeswoman for the interior ministry", STATE),
            ("Tarsi",),
            INTERIOR,
            ("Ministry of Interior", None, STATE),
            MINISTRY,
        ],
        ["Livia Tarsi"],
    ),
    "a minister": ([("Livia Tarsi", "Interior Minister", STATE), INTERIOR], ["Interior Ministry", "Livia Tarsi"]),
    "a country and its people": (
        [("Italian Interior Ministry", None, STATE), ("Italy’s ministry of interior", None, STATE)],
        ["Italy’s ministry of interior"],
    ),
    "two ministries": ([INTERIOR, HEALTH, MINISTRY], ["Health Ministry", "Interior Ministry", "ministry"]),
    "police of one place": (
        [
            BARE,
            ARVENTO,
            ("Police officials", "Police officials", POLICE),
            ("Arvento Police Department", None, POLICE),
        ],
        ["Arvento Police Department"],
    ),
    "police of two places": ([BARE, ARVENTO, LINDHOLM], ["Arvento police", "Lindholm police", "police"]),
    "sources": ([BARE, ("police sources", "police sources", POLICE)], ["police", "police sources"]),
    "an actor's other name": (
        [("FBI", None, POLICE), ("Federal Bureau of Investigation", None, POLICE)],
        ["Federal Bureau of Investigation"],
    ),
    "an outlet that the lexicon knows": ([("AP",), ("The Associated Press",)], ["Associated Press"]),
    "an outlet that it does not": ([("The Arvento Times",), ("Arvento Times",)], ["Arvento Times"]),
    "witnesses": ([("witness", "witness", WITNESS)] * 2, ["witness, told by a0", "witness, told by a1"]),
    "nobody": ([(None,), (None,)], ["a0", "a1"]),
}


@pytest.mark.parametrize(("said", "known"), CASES.values(), ids=CASES)
def test_articles_that_name_one_speaker_have_one_speaker(
    con: Con, said: list[tuple[str | None, ...]], known: list[str]
) -> None:
    for number, who in enumerate(said):
        publish(con, f"a{number}")
        say(con, f"a{number}", 5, *who)

    assert speakers(con) == known


def test_a_surname_is_the_person_whom_its_own_article_names_in_full(con: Con) -> None:
    for article, name in (("a", "Livia Tarsi"), ("b", "Bruno Tarsi")):
        publish(con, article)
        say(con, article, 5, name)
    own = say(con, "b", 7, "Tarsi")
    settle(con)

    row = con.execute("SELECT speaker FROM toll_reports WHERE count_id = ?", [own]).fetchone()
    assert row == ("Bruno Tarsi",)


@pytest.mark.parametrize(("publisher", "named"), [("AP NEWS", "Associated Press"), ("The Arvento Times",) * 2])
def test_an_outlet_that_others_name_is_the_speaker_of_its_own_words_too(con: Con, publisher: str, named: str) -> None:
    publish(con, "own", publisher=publisher)
    say(con, "own", 5)
    publish(con, "other")
    say(con, "other", 5, named)

    assert len(speakers(con)) == 1


def test_who_passes_a_figure_on_is_not_its_speaker(con: Con) -> None:
    for article in ("a", "b"):
        publish(con, article)
        count_id = say(con, article, 5, "Livia Tarsi")
        con.execute("UPDATE stated_counts SET attributed_via = ? WHERE count_id = ?", [f"Radio {article}", count_id])

    assert speakers(con) == ["Livia Tarsi"]


@pytest.mark.parametrize(
    ("title", "text", "known"),
    [
        ((7, None), (7, "Livia Tarsi"), ["Livia Tarsi"]),
        ((7, "governor"), (7, "Livia Tarsi"), ["Livia Tarsi"]),
        ((7, "police"), (7, None), ["police"]),
        ((9, None), (7, "Livia Tarsi"), ["Livia Tarsi", "a"]),
        ((7, None), (7, None), ["a"]),
    ],
)
def test_a_title_has_the_speaker_whom_its_text_gives_the_figure(
    con: Con, title: tuple[int, str | None], text: tuple[int, str | None], known: list[str]
) -> None:
    publish(con, "a")
    say(con, "a", *title, field="title")
    say(con, "a", *text)

    assert speakers(con) == known


def test_a_figure_that_an_article_repeats_has_no_second_speaker(con: Con) -> None:
    for article in ("a", "b"):
        publish(con, article)
        say(con, article, 7, None)
        say(con, article, 7, "Livia Tarsi", at=40)

    assert speakers(con) == ["Livia Tarsi"]


def test_speakers_do_not_depend_on_the_order_of_rows(con: Con) -> None:
    dice = random.Random(3)
    said = [("Tarsi",), ("Livia Tarsi", "police spokeswoman", POLICE), ("police",), ("Arvento police",), ("L. Tarsi",)]
    found = set()
    for number in range(5):
        dice.shuffle(said)
        con.execute("DELETE FROM stated_counts")
        for at, who in enumerate(said):
            publish(con, f"{number}{at}")
            say(con, f"{number}{at}", 5, *who)
        found.add(tuple(speakers(con)))

    assert found == {("Livia Tarsi",)}


def test_a_later_article_changes_the_speakers_of_its_event_and_gives_what_all_at_once_give(con: Con) -> None:
    for article, who in (("a", "Tarsi"), ("b", "Livia Tarsi"), ("c", "Bruno Tarsi")):
        publish(con, article)
        say(con, article, 5, who)
        settle(con, article)
    one_by_one = con.execute("FROM speakers ORDER BY ALL").fetchall()
    con.execute("DELETE FROM speakers")
    settle(con)

    assert one_by_one == con.execute("FROM speakers ORDER BY ALL").fetchall()
    assert [row[3] for row in one_by_one] == ["Tarsi", "Livia Tarsi", "Bruno Tarsi"]


COPIED, OWN = "The blast killed 5, police said.", "The hospital told us of 7 dead."


def copy(con: Con, article: str, copy_of: str, *passages: tuple[int, int], n_own_words: int = 0) -> None:
    con.execute(
        "INSERT INTO copies BY NAME SELECT ? AS article_id, ? AS copy_of, 'near' AS reason, ? AS n_own_words",
        [article, copy_of, n_own_words],
    )
    for start, end in passages:
        con.execute("INSERT INTO own_passages VALUES (?, ?, ?)", [article, start, end])


def origins(con: Con, figure: int) -> list[str]:
    settle(con)
    query = "SELECT DISTINCT independent_origin FROM toll_reports WHERE figure = ? ORDER BY ALL"
    return [row[0] for row in con.execute(query, [figure]).fetchall()]


@pytest.fixture
def copied(con: Con) -> Con:
    """A wire's text, a site that copies it and one that adds a sentence to it."""
    publish(con, "wire", COPIED)
    publish(con, "site", COPIED)
    publish(con, "post", f"{COPIED} {OWN}")
    copy(con, "site", "wire")
    copy(con, "post", "wire", (33, 64), n_own_words=7)
    for article in ("wire", "site", "post"):
        say(con, article, 5, at=16)
    say(con, "post", 7, at=54)
    return con


def test_what_a_copy_adds_counts_for_its_publisher_and_the_rest_for_the_original(copied: Con) -> None:
    assert origins(copied, 5) == ["wire"]
    assert origins(copied, 7) == ["post"]


def test_a_title_says_what_the_text_says_and_counts_for_the_same(copied: Con) -> None:
    say(copied, "post", 7, field="title")
    say(copied, "post", 5, field="title", at=40)
    say(copied, "post", 9, field="title", at=50)

    assert origins(copied, 7) == ["post"]
    assert origins(copied, 5) == ["wire"]
    assert origins(copied, 9) == ["wire"]


def test_a_claim_that_a_copy_adds_has_an_origin_of_its_own(copied: Con) -> None:
    for article, at in (("wire", 16), ("site", 16), ("post", 40)):
        copied.execute(
            "INSERT INTO stated_claims BY NAME SELECT $1 AS claim_id, $1 AS article_id, 1 AS revision, 0 AS event_no, "
            "'text' AS field, 'E' AS evidence, 0 AS evidence_start, $2 AS char_start, $2 + 4 AS char_end, "
            "'blamed' AS stance, 'Red Hand' AS actor, now() AS seen_at, 'r' AS rules_version",
            [article, at],
        )

    settle(copied)

    row = copied.execute("SELECT n_articles, n_origins FROM responsibility").fetchone()
    assert row == (3, 2)


@pytest.mark.parametrize(("n_own_words", "origin"), [(0, "wire"), (6, "wire"), (8, "post")])
def test_an_article_counts_as_what_most_of_its_words_are(con: Con, n_own_words: int, origin: str) -> None:
    publish(con, "wire", "one two three")
    publish(con, "post", "one two three " + "own " * 9)
    copy(con, "post", "wire", n_own_words=n_own_words)

    settle(con)

    row = con.execute("SELECT independent_origin FROM article_origins WHERE article_id = 'post'").fetchone()
    assert row == (origin,)


def test_a_copy_of_a_copy_has_the_origin_of_what_that_one_holds(con: Con) -> None:
    publish(con, "agency", origin="Reuters")
    publish(con, "compilation")
    publish(con, "site")
    copy(con, "compilation", "agency")
    copy(con, "site", "compilation")

    settle(con)

    rows = con.execute("SELECT DISTINCT copied_origin FROM article_origins").fetchall()
    assert rows == [("Reuters",)]


@pytest.mark.parametrize(
    ("credit", "publisher"),
    [("Associated Press", "AP NEWS"), ("Harbour Post", "The Harbour Post"), ("The Harbour Post", "Harbour Post")],
)
def test_an_outlet_and_who_credits_it_are_one_origin_however_they_spell_it(
    con: Con, credit: str, publisher: str
) -> None:
    publish(con, "a", origin=credit)
    publish(con, "b", publisher=publisher)

    settle(con)

    row = con.execute("SELECT count(DISTINCT independent_origin) FROM article_origins").fetchone()
    assert row == (1,)


def test_one_spokesman_under_three_wordings_is_one_name_beside_the_words_of_each_article(con: Con) -> None:
    for article, value, who in (("a", 7, TARSI), ("b", 7, ("Tarsi",)), ("c", 7, ("L. Tarsi",)), ("d", 9, (None,))):
        publish(con, article)
        say(con, article, value, *who)

    settle(con)

    assert con.execute("SELECT value, speakers FROM disagreements ORDER BY value").fetchall() == [
        (7, ["Livia Tarsi"]),
        (9, None),
    ]
    told = con.execute("SELECT attributed_to, speaker FROM differing_reports ORDER BY article").fetchall()
    assert told == [("Livia Tarsi", "Livia Tarsi"), ("Tarsi", "Livia Tarsi"), ("L. Tarsi", "Livia Tarsi"), (None, None)]


def test_speakers_are_never_compared_each_with_each(con: Con) -> None:
    publish(con, "a")
    say(con, "a", 8, "Police in Oslo")
    settle_speakers(con)
    con.register("speaker_words", speaker_words())
    plans = [con.execute(f"EXPLAIN {step}").fetchall()[0][1] for step in STEPS]
    con.unregister("speaker_words")
    assert [plan for plan in plans if "NL_JOIN" in plan or "CROSS_PRODUCT" in plan] == []
