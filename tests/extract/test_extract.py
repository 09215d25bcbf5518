"""What holds for whatever text: offsets, one sentence one text, and no article that changes another's facts."""

import re

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.extract.match import find, stands_near
from flows.extract.patterns import CUED, PATTERNS
from flows.extract.scan import FEW, scan
from flows.extract.speech import CUE, FORMS
from flows.extract.tags import read_sentences, tag_tokens
from flows.extract.tokens import ACCENTED, FOREIGN, read_tokens, token_pattern
from tests.conftest import SEEDS
from tests.extract.told import article, read

PIECES = st.sampled_from(
    [
        "police",
        "said",
        "that",
        "killed",
        "wounded",
        "at",
        "least",
        "eight",
        "23",
        "people",
        "a",
        "man",
        "was",
        "shot",
        "dead",
        "“",
        "”",
        '"',
        ",",
        ".",
        "!",
        "?",
        "\n",
        "Mr.",
        "Ana",
        "Ruiz",
        "Taliban",
        "claimed",
        "responsibility",
        "rockets",
        "in",
        "March",
        "Nov.",
        "2",
        "yesterday",
        "including",
        "three",
        "children",
        "he",
        "told",
        "U.S.",
        "officials",
        "é",
        "東京",
        "\xa0",
        "no",
        "one",
        "hurt",
        "–",
        "…",
        "'s",
        "’s",
        "(",
        ")",
        "1,200",
        "two",
        "dozen",
        "between",
        "5",
        "and",
        "7",
        "denied",
        "involvement",
        "embassy",
        "according",
        "to",
    ]
)
TEXTS = st.lists(PIECES, min_size=1, max_size=60).map(" ".join)


@settings(max_examples=60, deadline=None)
@given(st.lists(TEXTS, min_size=1, max_size=4))
def test_tokens_lie_where_they_say_and_sentences_keep_to_their_text(texts: list[str]) -> None:
    units = pl.DataFrame({"unit": range(len(texts)), "text": texts}, schema={"unit": pl.UInt32, "text": pl.String})

    tokens = tag_tokens(read_tokens(units))
    sentences = read_sentences(tokens)

    for unit, form, start, end in tokens.select("unit", "form", "start", "end").iter_rows():
        assert texts[unit][start:end].replace("\u00a0", " ").split() == form.split()
    assert sentences["n_tokens"].sum() == tokens.height
    for layer in ("count", "speech"):
        assert (sentences[layer].str.len_bytes() == sentences["n_tokens"]).all()


@settings(max_examples=200, deadline=None)
@given(st.lists(st.one_of(PIECES, st.text("Jan5o.’'-–$ éÉº½²—1\n", max_size=6)), max_size=40).map(" ".join))
def test_a_line_gives_a_pattern_of_fewer_letters_the_same_tokens(line: str) -> None:
    for letters, others in (("latin", FOREIGN), ("plain", ACCENTED)):
        lines = pl.Series([line]).str.replace_all(others, "x")

        fewer = lines.str.extract_all(token_pattern(letters))

        assert fewer.to_list() == lines.str.extract_all(token_pattern()).to_list()


@settings(max_examples=10, deadline=None)
@given(st.lists(TEXTS, min_size=1, max_size=30))
def test_every_fact_lies_in_its_evidence_and_has_an_event(texts: list[str]) -> None:
    facts = read(*(article(text, name=str(number)) for number, text in enumerate(texts)))

    for frame in (facts.counts, facts.claims, facts.quotes):
        for row in frame.iter_rows(named=True):
            text = texts[int(row["article_id"])]
            phrase = text[row["char_start"] : row["char_end"]]
            assert phrase
            assert phrase in row["evidence"]
            begin = row["evidence_start"]
            assert text[begin : begin + len(row["evidence"])] == row["evidence"]
    for frame in (facts.counts, facts.claims):
        assert frame.join(facts.events, on=["article_id", "event_no"], how="anti").is_empty()


def test_facts_of_an_article_are_the_same_alone_and_in_any_batch() -> None:
    articles = [article(file.read_text("utf-8"), name=file.stem) for file in sorted(SEEDS.glob("*.txt"))]

    together = read(*articles)
    backwards = read(*reversed(articles))
    alone = [read(one) for one in articles]

    for number, name in enumerate(together._fields):
        frame = together[number].sort(pl.all().exclude(pl.List))
        assert backwards[number].sort(pl.all().exclude(pl.List)).equals(frame), name
        assert pl.concat([facts[number] for facts in alone]).sort(pl.all().exclude(pl.List)).equals(frame), name


def test_groups_of_a_pattern_give_the_rows_of_their_tokens() -> None:
    sentences = pl.DataFrame(
        {"sentence": [0, 1, 2], "first": [0, 4, 6], "n_tokens": [4, 2, 5], "count": ["wNpw", "ww", "wwNvp"]}
    )

    found = find(sentences, "count", r"(?P<n>N)(?P<noun>p?)(?P<rest>.)")

    assert found.select("sentence", "n_first", "noun_first", "rest_first", "rest_last").rows() == [
        (0, 1, 2, 3, 3),
        (2, 8, None, 9, 9),
    ]


def test_both_engines_find_the_same() -> None:
    pattern = r"(?P<n>^N|N)(?P<gap>[^,N]{0,3}?)(?P<cue>[vj])(?P<after>.?)(?P<end>(?:[^q]|$))"
    text = "Nwvq\nNw\nvN,v\n\nNjw\nawNwwjN\nNv"

    few, many = (scan(letters, {"": pattern})[""] for letters in (text, text + "\nw" * FEW))

    assert few.tolist() == many.tolist()
    assert few[:, 0].tolist() == [0, 14, 20, 26]
    assert few[:, -1].tolist() == [4, 17, 25, 28]


def in_letters(patterns: dict[str, str]) -> st.SearchStrategy[str]:
    """Letters that one of the patterns matches."""
    alphabet = st.sampled_from("NOXYwatPFpsklmiycvgfjnzeEDhqxrbduL&',;:.RBQHGSVAT_KCM~")
    return st.sampled_from(list(patterns.values())).flatmap(
        lambda pattern: st.from_regex(re.compile(pattern), fullmatch=True, alphabet=alphabet)
    )


@settings(max_examples=300, deadline=None)
@given(in_letters({name: pattern for name, pattern in PATTERNS.items() if "care" not in name}))
def test_whatever_counts_somebody_has_a_cue(letters: str) -> None:
    assert re.search(CUED, letters)


@settings(max_examples=100, deadline=None)
@given(in_letters(FORMS))
def test_whatever_names_a_speaker_has_a_verb_of_saying(letters: str) -> None:
    assert re.search(CUE, letters)


def test_what_stands_near_is_told_within_the_steps_and_the_sentence() -> None:
    tokens = pl.DataFrame({"word": ["hit", "by", "bullet", "bullet"], "sentence": [0, 0, 0, 1]})
    rows, bullet = pl.Series([0, 1, 2, None], dtype=pl.Int64), pl.Series(["bullet"])

    assert stands_near(tokens, bullet, rows, range(1, 3)).to_list() == [True, True, True, False]
    assert stands_near(tokens, bullet, rows, range(1, 3), pl.Series([0, 0, 0, 0])).to_list() == [
        True,
        True,
        False,
        False,
    ]
    assert not stands_near(tokens, bullet, pl.Series([0]), range(-2, 0)).any()
