"""Linking: the same groups in any order; look-alikes apart; copies under their origin."""

import random
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from itertools import pairwise
from typing import NamedTuple

import polars as pl
import pytest

from flows import joined
from flows.clean import clean
from flows.collect.archive import frame_documents
from flows.collect.documents import Document
from flows.extract import Facts, extract
from flows.joined import NEAR, Edges, cut
from flows.link import Links, link
from flows.link.clusters import average_linkage, components, follow
from flows.link.events import describe_events, tell_happenings
from flows.link.likeness import PAIRS, weigh_pairs
from flows.link.links import FOLLOWERS, OPENING
from flows.link.marks import describe
from flows.link.minhash import sign_texts
from flows.schema import COUNTS, INSTANT, LOCAL_EVENTS, MENTIONS, empty
from tests.conftest import SEEDS

COLUMNS = {
    "article_id": pl.String,
    "title": pl.String,
    "text": pl.String,
    "language": pl.String,
    "origin": pl.String,
    "publisher": pl.String,
    "published_at": pl.Datetime("us", "UTC"),
}
QUAKE = (
    "A strong earthquake shook the town of Arvento before dawn on Monday, toppling the bell tower of Saint Orsola "
    "and cracking the walls of the hospital, the regional civil protection chief Livia Tarsi said. Rescue crews "
    "with dogs searched the ruins of a bakery on Via Mercanti, where two apprentices were on their night shift."
)
SHOOTING = (
    "A gunman opened fire outside the Blue Lantern nightclub in Port Hadley early Sunday, wounding four people, "
    "sheriff's deputies said. Detective Ron Ashby said the suspect fled in a silver pickup toward Route 9 after an "
    "argument in the parking lot. The club's owner, Dana Whitlow, closed it until further notice."
)


def articles(*rows: tuple[str, str, str | None, str | None]) -> pl.DataFrame:
    """(id, text, origin, day) -> what link takes."""
    filled = [
        (name, None, text, "en", origin, None, datetime.fromisoformat(day).replace(tzinfo=UTC) if day else None)
        for name, text, origin, day in rows
    ]
    return pl.DataFrame(filled, schema=COLUMNS, orient="row")


def linked(given: pl.DataFrame, facts: Facts | None = None) -> Links:
    """What linking makes of articles that are all compared with one another."""
    stated = (facts.mentions, facts.events, facts.counts) if facts else map(empty, (MENTIONS, LOCAL_EVENTS, COUNTS))
    mentions, events, counts = stated
    profiles, marks = describe(given, mentions, events, counts)
    numbers = given.select("article_id").sort("article_id").with_row_index("no")
    profiles, marks = (frame.join(numbers, on="article_id").drop("article_id") for frame in (profiles, marks))
    marks = marks.with_columns(pl.col("kind").to_physical())
    pairs = [(one, other) for other in numbers["no"] for one in numbers["no"] if one < other]
    edges = weigh_pairs(pl.DataFrame(pairs, schema=PAIRS, orient="row"), profiles.cast({"no": pl.Int32}), marks)
    standing = given.with_columns(opening=pl.col("text").str.slice(0, OPENING), length=pl.col("text").str.len_chars())
    return link(standing.drop("text"), edges, sign_texts(given), FOLLOWERS.to_frame(), Given(given, events, counts))


class Given(NamedTuple):
    """Articles and their facts as linking reads them."""

    articles: pl.DataFrame
    events: pl.DataFrame
    counts: pl.DataFrame

    def texts(self, ids: Sequence[str]) -> pl.DataFrame:
        return self.articles.filter(pl.col("article_id").is_in(ids))

    def facts(self, ids: Sequence[str]) -> tuple[pl.DataFrame, pl.DataFrame]:
        is_asked = pl.col("article_id").is_in(ids)
        return self.events.filter(is_asked), self.counts.filter(is_asked)


def groups(given: pl.DataFrame) -> set[frozenset[str]]:
    return {frozenset(group["article_id"]) for group in linked(given).story_articles.partition_by("story_id")}


def test_reports_of_one_happening_are_a_story_and_others_are_not() -> None:
    told_again = (
        QUAKE.replace("A strong earthquake shook", "Before sunrise an earthquake rocked") + " Schools stay closed."
    )
    given = articles(
        ("q1", QUAKE, None, "2020-03-02"), ("q2", told_again, None, "2020-03-02"), ("s1", SHOOTING, None, "2020-03-02")
    )

    assert groups(given) == {frozenset({"q1", "q2"}), frozenset({"s1"})}


def test_a_copy_points_at_the_first_and_a_credit_at_nobody() -> None:
    given = articles(
        ("late", QUAKE, None, "2020-03-03"),
        ("first", QUAKE, None, "2020-03-02"),
        ("more", QUAKE + " The mayor thanked the crews.", None, "2020-03-04"),
        ("credit", SHOOTING, "Reuters", None),
    )

    copies = {row["article_id"]: row for row in linked(given).copies.to_dicts()}

    assert (copies["late"]["copy_of"], copies["late"]["reason"]) == ("first", "exact")
    assert (copies["more"]["copy_of"], copies["more"]["reason"]) == ("first", "near")
    assert (copies["credit"]["copy_of"], copies["credit"]["origin"], copies["credit"]["reason"]) == (
        None,
        "Reuters",
        "credit",
    )
    assert "first" not in copies


def seeds() -> tuple[pl.DataFrame, Facts]:
    documents = [
        Document("seeds", file.stem, file.read_bytes(), "text", file.stem) for file in sorted(SEEDS.glob("*.txt"))
    ]
    cleaned = clean(frame_documents(documents))[0]
    return cleaned.select(list(COLUMNS)), extract(cleaned)


@pytest.mark.parametrize("seed", range(5))
def test_any_order_gives_the_same_stories_happenings_and_ids(seed: int) -> None:
    given, facts = seeds()
    straight = linked(given, facts)
    order = list(range(given.height))
    random.Random(seed).shuffle(order)
    mixed = Facts(*(frame.sample(fraction=1.0, shuffle=True, seed=seed) for frame in facts))

    shuffled = linked(given[order], mixed)

    for name, frame in straight._asdict().items():
        assert getattr(shuffled, name).equals(frame), name


def edges(names: Iterable[str], pairs: list[tuple[str, str, float]]) -> pl.DataFrame:
    place = {name: number for number, name in enumerate(sorted(names))}
    rows = [(place[left], place[right], likeness) for left, right, likeness in pairs]
    return pl.DataFrame(rows, schema={"left": pl.Int64, "right": pl.Int64, "likeness": pl.Float64}, orient="row")


def test_average_linkage_does_not_chain() -> None:
    pairs = [("a", "b", 0.9), ("b", "c", 0.4), ("c", "d", 0.9)]

    assert average_linkage("abcd", edges("abcd", pairs), 0.3, 0.3) == [["a", "b"], ["c", "d"]]
    assert average_linkage("", edges("", []), 0.3, 0.3) == []
    assert components("abcde", [(left, right) for left, right, _ in pairs]) == [["a", "b", "c", "d"], ["e"]]


def test_pairs_that_tie_nobody_weigh_in_a_group_and_do_not_make_one() -> None:
    pairs = [("a", "b", 0.9), ("b", "c", 0.9), ("a", "c", 0.4), ("d", "e", 0.4)]

    assert average_linkage("abcde", edges("abcde", pairs), 0.35, 0.5) == [["a", "b", "c"], ["d"], ["e"]]


def test_what_is_too_large_to_be_linked_at_once_is_cut_where_it_is_least_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(joined, "LARGEST", 4)
    pairs = [("a", "b", 0.9), ("b", "c", 0.9), ("c", "d", 0.55), ("d", "e", 0.97), ("e", "f", 0.65), ("a", "c", 0.3)]
    given = Edges(*(edges("abcdef", pairs)[column].to_numpy() for column in Edges._fields))

    assert cut(6, given.above, 0.5).tolist() == [0, 0, 0, 3, 3, 3]
    assert average_linkage("abcdef", edges("abcdef", pairs), 0.4, 0.5) == [["a", "b", "c"], ["d", "e"], ["f"]]


def test_more_than_can_be_linked_at_once_that_are_alike_throughout_are_cut_but_never_what_is_held_together(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(joined, "LARGEST", 4)
    chain = [(left, right, 0.9995) for left, right in pairwise("abcdefgh")]

    def parts(*held: tuple[str, str, float]) -> list[int]:
        given = edges("abcdefgh", [*chain, *held])
        return cut(8, Edges(*(given[column].to_numpy() for column in Edges._fields)).above, 0.5).tolist()

    assert parts() == [0, 0, 0, 0, 4, 4, 4, 4]
    assert parts(("d", "e", NEAR)) == [0, 0, 0, 3, 3, 3, 3, 3]
    assert parts(*((left, right, NEAR) for left, right in pairwise("bcdefg"))) == [0, 1, 1, 1, 1, 1, 1, 1]


def test_who_follows_an_article_is_of_its_group() -> None:
    followers = pl.DataFrame([("c", "b"), ("d", "c"), ("e", "a")], schema=FOLLOWERS, orient="row")

    assert follow([["a"], ["b", "f"], ["c"], ["d"], ["e"]], followers) == [["a", "e"], ["b", "c", "d", "f"]]


def test_average_linkage_gives_the_same_groups_for_shuffled_pairs() -> None:
    dice = random.Random(7)
    names = [f"n{number:02d}" for number in range(40)]
    pairs = [(a, b, round(dice.random(), 3)) for a in names for b in names if a < b and dice.random() < 0.3]
    once = average_linkage(names, edges(names, pairs), 0.25, 0.5)

    for _ in range(5):
        dice.shuffle(pairs)
        assert average_linkage(dice.sample(names, len(names)), edges(names, pairs), 0.25, 0.5) == once


def test_an_article_alone_and_one_that_shares_no_word_with_another_are_stories_of_their_own() -> None:
    given, facts = seeds()
    own = pl.col("article_id") == given["article_id"][0]
    alone = linked(given.head(1), Facts(*(frame.filter(own) for frame in facts)))
    strangers = articles(("a", "Bridge collapses over quiet river", None, None), ("b", "Zebra orchestra", None, None))

    assert alone.story_articles.height == 1
    assert groups(strangers) == {frozenset("a"), frozenset("b")}


def telling(name: str, place: str | None, *where: object) -> dict[str, object]:
    located = dict(zip(("country", "lat", "lon", "where_precision"), where or [None] * 4, strict=True))
    own = {
        "article_id": name,
        "event_no": 0,
        "is_main": True,
        "is_aggregate": False,
        "place": place,
        "words": ["quake"],
    }
    return dict.fromkeys(LOCAL_EVENTS.names()) | own | {"names": []} | located


PARIS, TEXAS, FRANCE = ("FR", 48.85, 2.35, "city"), ("US", 33.66, -95.56, "city"), ("FR", None, None, "country")


@pytest.mark.parametrize(
    ("tellings", "where"),
    [
        ([telling("a", "Paris", *PARIS), telling("b", "Paris", *PARIS), telling("c", "Paris", *TEXAS)], PARIS),
        ([telling("a", "Paris", *FRANCE), telling("b", "Paris", *PARIS)], PARIS),
        ([telling("a", "Paris"), telling("b", None, *FRANCE)], FRANCE),
        ([telling("a", None, *FRANCE), telling("b", None, "US", None, None, "country")], (None, None, None, None)),
    ],
    ids=["most say so", "one knows the point", "a country from another telling", "two countries and no place"],
)
def test_an_event_lies_where_its_tellings_put_its_place(
    tellings: list[dict[str, object]], where: tuple[object]
) -> None:
    local = pl.DataFrame(tellings, schema=LOCAL_EVENTS)
    names = local["article_id"]
    members = pl.DataFrame({"story_id": ["s"] * len(names), "article_id": names, "rank": range(len(names))})
    members = members.with_columns(published_at=pl.lit(None, INSTANT))

    told, _ = tell_happenings(local, empty(COUNTS), members)
    events, _ = describe_events(told.with_columns(event=0))

    assert events.height == 1
    assert events.select("country", "lat", "lon", "where_precision").row(0) == where


def test_articles_of_another_language_are_no_story_by_the_words_that_every_text_of_it_holds() -> None:
    ending = "und das ist nicht wie sie es sich mit der und dem aus vielen nach auch noch einmal war"
    given = articles(
        ("a", f"Am Montag hat der Brunnen von Arvento {ending} getropft, sagte Livia Tarsi, {ending} das.", None, None),
        (
            "b",
            f"Im Winter wird das Seilbahnfest in Orsola {ending} gefeiert, so Bruno Kell, {ending} kaum.",
            None,
            None,
        ),
    )

    assert groups(given.with_columns(language=pl.lit("de"))) == {frozenset("a"), frozenset("b")}
    assert groups(given) == {frozenset("ab")}
