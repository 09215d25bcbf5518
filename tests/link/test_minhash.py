"""Signatures: what is alike shares a band, what is not does not, and the numbers never change."""

import os
import random
import subprocess
import sys

import polars as pl
import pytest

from flows.link.minhash import share_bands, sign_texts
from flows.link.shingles import WORD, find_words, hash_words, shingle
from tests.conftest import ROOT

DICE = random.Random(5)
WORDS = [f"{DICE.choice('bdfgklmnprst')}{DICE.choice('aeiou')}{number}" for number in range(40_000)]


def texts(*rows: tuple[str, str]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=["article_id", "text"], orient="row")


def pair_of_likeness(jaccard: float, n_words: int = 300) -> tuple[str, str]:
    """Two texts of like length that begin alike: of their shingles, both hold about `jaccard`."""
    shared = round(2 * n_words * jaccard / (1 + jaccard))
    same = DICE.choices(WORDS, k=shared)
    ends = [DICE.choices(WORDS, k=n_words - shared) for _ in range(2)]
    return " ".join(same + ends[0]), " ".join(same + ends[1])


def share_found(jaccard: float, n_pairs: int) -> float:
    rows = [(f"{number:03d}{side}", text) for number in range(n_pairs)
            for side, text in zip("ab", pair_of_likeness(jaccard), strict=True)]  # fmt: skip
    found = share_bands(sign_texts(texts(*rows)))["ids"].explode().n_unique()
    return found / (2 * n_pairs)


def test_like_texts_share_a_band_and_unlike_ones_hardly_ever() -> None:
    assert share_found(0.4, 200) >= 0.96
    assert share_found(0.1, 200) <= 0.12
    assert share_found(0.03, 200) <= 0.02


def test_a_word_and_a_run_of_words_have_the_same_number_for_ever() -> None:
    words = hash_words("The kiln hall — in Arvento — fell")

    assert words.tolist() == hash_words("the KILN hall in arvento: fell").tolist()
    assert [f"{number:016x}" for number in words[:2].tolist()] == ["47a460eacd9dd5c0", "894b69d03a6cfd37"]
    assert [f"{number:016x}" for number in shingle(words).tolist()] == ["9bdfcece43a3ba4e", "951752bb758d1e5e"]


@pytest.mark.parametrize("seed", range(20))
def test_words_begin_where_the_pattern_finds_them_and_only_equal_ones_have_one_number(seed: int) -> None:
    dice = random.Random(seed)
    text = "".join(dice.choices("abAÉéßİ\u0307_-' .1中กけ\U00020001\U0001f600", k=3000))
    starts, numbers = find_words(text)
    words = [word.group() for word in WORD.finditer(text)]

    assert starts.tolist() == [word.start() for word in WORD.finditer(text)]
    folded = ["".join(low if len(low := letter.lower()) == 1 else letter for letter in word) for word in words]
    told = set(zip(folded, numbers.tolist(), strict=True))
    assert len(told) == len({word for word, _ in told}) == len({number for _, number in told})


def test_a_signature_is_the_same_in_another_process() -> None:
    script = (
        "import polars as pl; from flows.link.minhash import sign_texts; "
        "print(sign_texts(pl.DataFrame({'article_id': ['a'], 'text': ['kiln hall fell in ' * 15]}))['hash'].to_list())"
    )

    said = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, env=os.environ | {"PYTHONHASHSEED": "5"},
        capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip

    assert said.startswith("[10783948116796400038, 14976211391861240972, ")


@pytest.mark.parametrize(("n_words", "n_rows"), [(0, 0), (11, 0), (12, 1), (39, 1), (40, 60), (400, 60)])
def test_a_short_text_is_found_by_all_of_it_alone(n_words: int, n_rows: int) -> None:
    signatures = sign_texts(texts(("a", " ".join(WORDS[:n_words]))))

    assert signatures.height == n_rows
