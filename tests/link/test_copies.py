"""Copies: one text under several names, what a copy adds of its own, and what only looks like a copy."""

import random
from datetime import UTC, datetime
from typing import Any

import polars as pl
import pytest

from flows.link.compared import compare_texts, read_texts
from flows.link.copies import Copies, find_copies, find_likely
from flows.link.minhash import sign_texts

SCHEMA = {
    "article_id": pl.String,
    "title": pl.String,
    "text": pl.String,
    "origin": pl.String,
    "publisher": pl.String,
    "published_at": pl.Datetime("us", "UTC"),
}
NO_PAIRS = pl.DataFrame(schema={"left": pl.String, "right": pl.String, "likeness": pl.Float64})
BLAST = (
    "An explosion tore through the kiln hall of the Orsola cement works in Arvento on Monday morning, killing five "
    "people, the regional police said. The blast was heard in villages ten kilometres away. Firefighters needed four "
    "hours to put out the flames, and the road along the river stayed closed until the evening. The works belong to "
    "the Tarsi family, who bought them from the state in 1994. A spokesman of the family said that the hall had been "
    "inspected in May and that nothing had been found."
)
ADDED = (
    " Two more people died in the night, the head doctor of the Santa Rosa hospital told the Post. She said that one "
    "of them had been brought in with burns on both arms."
)
STRIKE = (
    "Bus drivers in the port of Lindholm walked out for a second day on Tuesday over a new roster that takes away "
    "their free Sundays. The company ran one bus in ten. Its director, Ada Lo, called the strike out of proportion, "
    "and said that talks could go on as soon as the drivers were back at the wheel of their buses."
)


def articles(*rows: dict[str, Any]) -> pl.DataFrame:
    return pl.DataFrame([dict.fromkeys(SCHEMA) | row for row in rows], schema=SCHEMA)


def story(name: str, text: str, day: int | None = None, **more: str) -> dict[str, Any]:
    return {"article_id": name, "text": text, "published_at": day and datetime(2020, 3, day, tzinfo=UTC)} | more


def measured(given: pl.DataFrame) -> pl.DataFrame:
    return given.select("article_id", length=pl.col("text").str.len_chars())


def copies_of(given: pl.DataFrame, *pairs: tuple[str, str]) -> Copies:
    near = pl.DataFrame([(*pair, 0.3) for pair in pairs], schema=NO_PAIRS.schema, orient="row")
    likely = find_likely(measured(given), near, sign_texts(given))
    told = read_texts(likely, given)
    return find_copies(given, compare_texts(likely, told), told)


def links(found: Copies) -> set[tuple[str, str, str]]:
    rows = found.copies.filter(pl.col("copy_of").is_not_null())
    return set(rows.select("article_id", "copy_of", "reason").rows())


def own_text(found: Copies, given: pl.DataFrame, name: str) -> str:
    text = given.filter(pl.col("article_id") == name)["text"].item()
    spans = found.own_passages.filter(pl.col("article_id") == name).select("char_start", "char_end").rows()
    return " | ".join(text[start:end] for start, end in spans)


def test_copies_point_at_the_earliest_and_what_is_undated_comes_last() -> None:
    given = articles(story("a", BLAST), story("b", BLAST, 3), story("c", BLAST, 2), story("d", STRIKE, 1))

    assert links(copies_of(given)) == {("a", "c", "exact"), ("b", "c", "exact")}


@pytest.mark.parametrize(
    ("credit", "first"),
    [({}, "b"), ({"origin": "Reuters"}, "a"), ({"origin": "The Harbour Post"}, "c")],
    ids=["the earliest", "the one that says whose text it is", "the outlet that is credited"],
)
def test_a_group_points_at_whose_text_it_is(credit: dict[str, str], first: str) -> None:
    given = articles(
        story("a", BLAST, 3, **credit), story("b", BLAST, 1), story("c", BLAST, 2, publisher="Harbour Post")
    )

    assert {copy_of for _, copy_of, _ in links(copies_of(given))} == {first}


def test_a_reworded_copy_is_near_and_another_report_is_none() -> None:
    reworded = BLAST.replace("tore through", "ripped through").replace("needed four hours", "took four hours")
    other = "Five workers died when a kiln blew up at the Orsola works in Arvento. " + STRIKE
    given = articles(story("a", BLAST, 1), story("b", reworded, 2), story("c", other, 3))

    found = copies_of(given)

    assert links(found) == {("b", "a", "near")}
    assert found.copies["n_own_words"].to_list() == [0]
    assert found.own_passages.is_empty()


def test_a_copy_owns_the_sentences_that_it_adds_and_no_other() -> None:
    given = articles(story("a", BLAST, 1, publisher="Wire"), story("b", BLAST + ADDED, 2, publisher="Post"))

    found = copies_of(given)

    assert own_text(found, given, "b") == ADDED.strip()
    assert found.copies.row(0, named=True)["n_own_words"] == len(ADDED.split())


def test_what_two_outlets_add_alike_is_an_update_and_what_one_outlet_says_twice_is_its_own() -> None:
    first = story("a", BLAST, 1, publisher="Wire")
    post, sun = (story(name, BLAST + ADDED, 2, publisher=name) for name in ("Post", "Sun"))
    again = story("later", BLAST + ADDED + " The road is open again since the morning.", 3, publisher="Post")

    updated, own = copies_of(articles(first, post, sun)), copies_of(articles(first, post, again))

    assert updated.own_passages.is_empty()
    assert own.own_passages["article_id"].unique().sort().to_list() == ["Post", "later"]


def test_a_sentence_in_the_middle_with_a_changed_figure_is_not_own() -> None:
    changed = BLAST.replace("killing five people", "killing at least seven people")
    given = articles(story("a", BLAST, 1), story("b", changed, 2))

    assert copies_of(given).own_passages.is_empty()


def test_a_short_text_inside_a_long_article_is_found_by_the_pair_of_its_story() -> None:
    report = " ".join(
        f"In village number {n} the mayor of ward {n * 7} spoke to us of the noise at {n}." for n in range(60)
    )
    given = articles(story("brief", BLAST, 1), story("long", report + " " + BLAST + " " + STRIKE, 2))

    alone, found = copies_of(given), copies_of(given, ("brief", "long"))

    assert links(alone) == set()
    assert links(found) == {("long", "brief", "near")}
    assert own_text(found, given, "long") == f"{report} | {STRIKE}"


def test_an_excerpt_is_a_copy_of_the_long_article_before_it() -> None:
    long = " ".join(f"In village number {n} the mayor of ward {n * 7} spoke to us of the noise." for n in range(60))
    given = articles(story("long", f"{long} {BLAST}", 1), story("excerpt", BLAST, 2), story("copy", BLAST, 3))

    found = copies_of(given, ("excerpt", "long"), ("copy", "long"))

    assert links(found) == {("excerpt", "long", "near"), ("copy", "excerpt", "exact")}
    assert found.own_passages.is_empty()


NOTICE = (
    "You have read all the free articles of this month. To go on reading, please choose one of our offers below or log "
    "in with your address. Readers of the printed paper read everything here without any further payment at all."
)


@pytest.mark.parametrize(
    ("text", "titles", "is_copy"),
    [
        ("Subscribe to read on. It takes a minute.", (None, None), False),
        ("Police closed the bridge at Arvento on Monday after a lorry lost its load.", (None, None), True),
        (NOTICE, ("Kiln hall explodes in Arvento", "Drivers strike in Lindholm"), False),
        (NOTICE, ("Kiln hall explodes in Arvento", "Kiln hall explodes in Arvento"), True),
        (NOTICE, (None, None), True),
        (BLAST, ("Kiln hall explodes in Arvento", "Inferno"), True),
    ],
    ids=["a few words", "a brief", "a notice under any title", "under one title", "without titles", "about its title"],
)
def test_a_notice_that_stands_under_every_title_makes_no_copies(
    text: str, titles: tuple[str | None, str | None], is_copy: bool
) -> None:
    given = articles(*(story(name, text, 1) | {"title": title} for name, title in zip("ab", titles, strict=True)))

    assert (links(copies_of(given)) == {("b", "a", "exact")}) == is_copy


def test_briefs_that_differ_in_a_word_are_no_copies() -> None:
    brief = "Police closed the {} bridge at Arvento on Monday after a lorry lost its load of gravel, the town said."
    given = articles(story("a", brief.format("old"), 1), story("b", brief.format("new"), 1))

    assert links(copies_of(given, ("a", "b"))) == set()


@pytest.mark.parametrize("seed", range(4))
def test_any_order_and_any_batches_give_the_same_copies_and_passages(seed: int) -> None:
    dice = random.Random(seed)
    versions = [BLAST, BLAST + ADDED, BLAST.replace("Monday", "Sunday"), BLAST + " " + STRIKE, STRIKE, STRIKE + ADDED]
    rows = [story(f"n{n:02d}", versions[n % 6], dice.choice([None, 1, 2, 3]), publisher=f"p{n % 5}") for n in range(18)]
    given = articles(*rows)
    pairs = [(a["article_id"], b["article_id"]) for a in rows for b in rows if a["article_id"] < b["article_id"]]
    whole = copies_of(given, *pairs)

    dice.shuffle(rows)
    dice.shuffle(pairs)
    shuffled = articles(*rows)
    near = pl.DataFrame([(*pair, 0.3) for pair in pairs], schema=NO_PAIRS.schema, orient="row")
    likely = find_likely(measured(shuffled), near, sign_texts(shuffled))
    told = read_texts(likely, shuffled)
    seen: set[str] = set()
    found = []
    for batch in (shuffled[:7]["article_id"], shuffled[7:]["article_id"]):
        seen |= set(batch)
        known = likely.select(pl.col("ids").list.set_intersection(pl.lit(sorted(seen)))).filter(
            pl.col("ids").list.len() > 1
        )
        found.append(compare_texts(known, told, fresh=set(batch)))
    parted = find_copies(shuffled, pl.concat(found), told)

    assert parted.copies.equals(whole.copies)
    assert parted.own_passages.equals(whole.own_passages)


def test_three_hundred_copies_are_connected_by_as_few_rows_as_there_are_copies() -> None:
    versions = [BLAST.replace("five people", f"{number} people").replace("1994", str(number)) for number in range(300)]
    given = articles(*(story(f"n{number:03d}", text, 1) for number, text in enumerate(versions)))

    likely = find_likely(measured(given), NO_PAIRS, sign_texts(given))
    told = read_texts(likely, given)
    compared = compare_texts(likely, told)

    assert compared.height == 299
    assert {copy_of for _, copy_of, _ in links(find_copies(given, compared, told))} == {"n000"}


def test_a_script_without_blanks_is_compared_by_its_characters() -> None:
    text = (
        "星期一早晨，河边的水泥厂发生爆炸，造成五人死亡，地区警方说。十公里外的村庄都听到了爆炸声。"
        "消防员用了四个小时才把火扑灭。"
    )
    other = (
        "公交车司机星期二第二天罢工，抗议新的排班表取消了他们休息的星期天。公司只开了十分之一的车。"
        "经理说罢工太过分，等司机回来再谈。"
    )
    given = articles(story("a", text, 1), story("b", text + "道路晚上才开放。", 2), story("c", other, 3))

    found = copies_of(given)

    assert links(found) == {("b", "a", "near")}
    assert own_text(found, given, "b") == "道路晚上才开放。"
