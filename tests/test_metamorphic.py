"""The rules are general: rewrite the seeds and every answer follows.

The same rewriting changes the articles and the labels by hand, so that an answer which rests on a seed's own words,
names, numbers or dates fails here.
"""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.against_gold import (
    agree,
    compare_articles,
    compare_claims,
    compare_counts,
    compare_quotes,
    compare_texts,
    compare_tolls,
    read_ledger,
)
from tests.conftest import LONG, SEEDS, Run

Change = tuple[str, str]

FACTS: list[Change] = [
    (r"\bEight\b", "Eleven"), (r"\beight\b", "eleven"), (r"\b8\b", "11"), (r"\b23\b", "41"),
    (r"KABUL", "HERAT"), (r"Kabul", "Herat"),
    (r"\b([Rr])ockets\b", "drones"), (r"\b([Rr])ocket\b", "drone"),
    (r"\bTaliban\b|\bTaleban\b", "Hezbollah"),
]  # fmt: skip
# Back by 364 days, a whole number of weeks: weekdays hold.
DATES: list[Change] = [
    (r"2020-11-22", "2019-11-24"), (r"2020-11-21", "2019-11-23"), (r"11/21/2020", "11/23/2019"),
    (r"Nov\. 21, 2020", "Nov. 23, 2019"), (r"November 21\b", "November 23"), (r"November 20\b", "November 22"),
    (r"On Nov\. 2\b", "On Nov. 4"),
]  # fmt: skip
RESIDUE: list[Change] = [
    (r"Tyler Durden", "Maria van Houten"),
    (r"Small Business Minder", "Harbor Daily Post"),
    (r"Fight Censorship, Share This Post!", "Do your part: please pass this article on!"),
    (r"Sat, 11/23/2019 – 14:05", "Saturday, November 23, 2019 - 2:05 p.m."),
    (r"Sat, 11/21/2020 – 14:05", "Saturday, November 21, 2020 - 2:05 p.m."),
    (r"This site uses Akismet to reduce spam\. Learn how your comment data is processed\.",
     "This site is protected by reCAPTCHA and the Privacy Policy applies."),
    (r"error: Content is protected !!", "Alert: Right click is disabled!"),
    (r"Leave a Comment", "Post a reply"),
    (r"\[ad_1\]", "[ad_7]"),
    (r"Accessibility links", "Skip to main content"),
    (r"Breaking News", "Top Stories"),
    (r"(?m)^XS$", "A-"), (r"(?m)^LG$", "A+"),
    (r"<!–\[if IE 9\]><!\[endif\]–>", "<!–[if lt IE 8]><![endif]–>"),
    (r"Credit…Rahmat Gul/Associated Press", "Credit: Jo Doe/Agence France-Presse"),
    (r"Orignially published in NYT\.", "This story was first published by The Guardian."),
    (r"The New York Times", "The Guardian"),
]  # fmt: skip


def rewriting(changes: list[Change]) -> Callable[[str], str]:
    def rewrite(text: str) -> str:
        for pattern, new in changes:
            text = re.sub(pattern, new, text)
        return text

    return rewrite


@pytest.fixture(
    scope="module",
    params=[
        pytest.param(FACTS, id="other facts", marks=pytest.mark.proof),
        pytest.param(DATES, id="364 days earlier", marks=[pytest.mark.proof, LONG]),
        pytest.param(RESIDUE, id="other residue", marks=[pytest.mark.proof, LONG]),
        pytest.param(FACTS + DATES + RESIDUE, id="all at once", marks=pytest.mark.proof),
    ],
)
def rewritten(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, run_pass: Run
) -> tuple[Path, Callable[[str], str]]:
    rewrite = rewriting(request.param)
    folder = tmp_path_factory.mktemp("rewritten")
    for file in SEEDS.glob("*.txt"):
        changed = folder / "articles" / file.name
        changed.parent.mkdir(exist_ok=True)
        changed.write_text(rewrite(file.read_text("utf-8")), "utf-8")
    return run_pass(folder / "data", folder / "articles"), rewrite


def test_the_rewriting_changes_every_article() -> None:
    rewrite = rewriting(FACTS + DATES + RESIDUE)

    for file in SEEDS.glob("*.txt"):
        text = file.read_text("utf-8")
        assert rewrite(text) != text
        assert "Kabul" not in rewrite(text)


def test_tolls_follow(rewritten: tuple[Path, Callable[[str], str]]) -> None:
    assert compare_tolls(*rewritten) == []


def test_counts_follow_with_their_speakers(rewritten: tuple[Path, Callable[[str], str]]) -> None:
    score = compare_counts(*rewritten)

    assert score.missed == []
    assert score.extra == []
    required = [(gold, mine) for gold, mine in score.met if gold["required"] == "yes"]
    assert [g["evidence"] for g, m in required if not agree(g["attributed_to"], m["attributed_to"])] == []


def test_claims_follow(rewritten: tuple[Path, Callable[[str], str]]) -> None:
    score = compare_claims(*rewritten)

    assert score.missed == []
    assert score.extra == []


def test_quotes_follow(rewritten: tuple[Path, Callable[[str], str]]) -> None:
    assert compare_quotes(*rewritten).missed == []


def test_removal_follows(rewritten: tuple[Path, Callable[[str], str]]) -> None:
    assert compare_texts(*rewritten) == []


def test_metadata_follows(rewritten: tuple[Path, Callable[[str], str]]) -> None:
    assert compare_articles(*rewritten) == []


def test_the_five_stay_one_story(rewritten: tuple[Path, Callable[[str], str]]) -> None:
    published, _ = rewritten

    assert [row["n_articles"] for row in read_ledger(published, "SELECT n_articles FROM stories")] == [5]
