"""Whose text it is: each form of credit, and what looks like one and is a citation, a picture's credit or help."""

from datetime import UTC, datetime
from functools import cache
from typing import Any

import pytest

from flows.clean import clean
from flows.collect.archive import frame_documents
from flows.collect.documents import Document

BODY = (
    "A fire in the old port destroyed three warehouses on Monday evening, the mayor said.\n"
    "Firefighters from four towns worked through the night to keep it from the houses nearby."
)
TITLE = "Fire destroys three warehouses in old port"
POST = "The Harbour Post"


def origin(body: bytes, kind: str = "text", **listed: Any) -> str | None:
    """The origin of the one article."""
    now = datetime(2026, 1, 1, tzinfo=UTC)
    document = Document("test", "a", body, kind, "a", fetched_at=now, **listed)
    articles, _, rejects, *_ = clean(frame_documents([document]))
    assert rejects.is_empty()
    found: str | None = articles["origin"].item()
    return found


BELOW = [
    (f"Originally published in {POST}.", POST),
    (f"This article first appeared in {POST}.", POST),
    ("This story originally appeared in the Harbour Post on Nov. 21, 2020.", "Harbour Post"),
    ("This article was originally published on The Conversation. Read the original article.", "The Conversation"),
    ("This story was first published in Harbour Post and is republished here with permission.", "Harbour Post"),
    (f"A version of this article first appeared in {POST}.", POST),
    ("Originally published on our sister site Harbour Post", "Harbour Post"),
    (f"Republished with permission from {POST}.", POST),
    ("Reposted from: Harbour Post", "Harbour Post"),
    (f"This story was produced by {POST} and distributed by its partners.", POST),
    ("Distributed by Xinhua.", "Xinhua"),
    ("Source: AFP", "AFP"),
    ("Source: Harbour Post", "Harbour Post"),
    ("Source: harbourpost.example", "harbourpost.example"),
    ("Via: WXYZ-TV", "WXYZ-TV"),
    ("Copyright 2020 The Associated Press. All rights reserved.", "Associated Press"),
    ("© 2020 AFP", "AFP"),
    ("(AFP)", "AFP"),
    ("– Reuters", "Reuters"),
    ("First published on November 21, 2020", None),
    ("Originally published at 10:05 am", None),
    ("A version of this article appeared in print on Nov. 22, 2020, on page A1.", None),
    ("Originally published in Harbour Post pages of 1902, the guide to the old port is out again.", None),
    ("The figures were originally reported in The Harbour Post.", None),
    ("Source: Ministry of Health", None),
    ("This report was produced by the Ministry of Health.", None),
    ("With files from The Associated Press", None),
    ("(With inputs from PTI)", None),
    ("With additional reporting by Reuters", None),
    ("Photo: AFP", None),
    ("Crews stood before the burnt warehouse on Monday, Nov. 23, 2020. (AP Photo/Ada Lo)", None),
    ("The mayor told Reuters that the port would be built again.", None),
    ("The number of fires was first counted by the agency (AFP).", None),
]
AROUND = [
    (f"(Reuters) - {BODY}", "Reuters"),
    (f"MALAGA, Spain (Reuters) - {BODY}", "Reuters"),
    (f"MALAGA, Spain, Nov 21 (Reuters) -- {BODY}", "Reuters"),
    (f"Malaga, Spain (AFP) – {BODY}", "AFP"),
    (f"AFP - {BODY}", "AFP"),
    (f"{BODY} (AFP)", "AFP"),
    (f"{BODY} – AFP", "AFP"),
    (f"MALAGA (Spain) - {BODY}", None),
    (f"Reuters photographers saw the smoke. {BODY}", None),
    (f"{BODY} The mayor spoke to a reporter of AFP.", None),
    (f"© AFP\n{BODY}", None),
]
BYLINES = [
    ("By AFP", "AFP"),
    ("By The Associated Press", "Associated Press"),
    ("By THE ASSOCIATED PRESS", "Associated Press"),
    ("By Ada Lo, Associated Press", "Associated Press"),
    ("Reuters Staff", "Reuters"),
    ("By Ada Lo and AFP", None),
    ("By Ada Lo with AFP", None),
    ("By Ada Lo", None),
]


@cache
def origins_of_texts() -> dict[str, str | None]:
    """The origins of the texts of all these, cleaned together, as runs do."""
    texts = [f"{BODY}\n{line}" for line, _ in BELOW] + [text for text, _ in AROUND]
    texts += [f"{TITLE}\n{byline}\n{BODY}" for byline, _ in BYLINES]
    now = datetime(2026, 1, 1, tzinfo=UTC)
    documents = [
        Document("test", str(number), text.encode(), "text", str(number), fetched_at=now)
        for number, text in enumerate(texts)
    ]
    articles, _, rejects, *_ = clean(frame_documents(documents))
    assert rejects.is_empty()
    found = dict(articles.select("article_id", "origin").iter_rows())
    return {text: found[one.article_id] for text, one in zip(texts, documents, strict=True)}


@pytest.mark.parametrize(("line", "outlet"), BELOW)
def test_a_line_below_the_text_credits_whose_text_it_is(line: str, outlet: str | None) -> None:
    assert origins_of_texts()[f"{BODY}\n{line}"] == outlet


@pytest.mark.parametrize(("text", "agency"), AROUND)
def test_an_agency_before_or_behind_the_text_is_its_origin(text: str, agency: str | None) -> None:
    assert origins_of_texts()[text] == agency


@pytest.mark.parametrize(("byline", "agency"), BYLINES)
def test_an_agency_in_the_byline_is_the_origin_and_one_that_helped_is_not(byline: str, agency: str | None) -> None:
    assert origins_of_texts()[f"{TITLE}\n{byline}\n{BODY}"] == agency


def page(site: str, byline: str = "") -> bytes:
    paragraphs = "".join(f"<p>{line}</p>" for line in [*BODY.split("\n"), byline] if line)
    return (
        f"<html lang=en><head><title>{TITLE}</title><meta property='og:site_name' content='{site}'></head>"
        f"<body><article><h1>{TITLE}</h1>{paragraphs}</article></body></html>"
    ).encode()


@pytest.mark.parametrize(
    ("site", "source", "byline", "outlet"),
    [
        ("Harbour Post", "Coastal News Agency", "", "Coastal News Agency"),
        ("Harbour Post", "Agence France-Presse", "", "AFP"),
        ("Harbour Post", "Coastal News Agency", "Originally published in The Bay Times.", "The Bay Times"),
        ("Harbour Post", None, "", None),
        ("Harbour Post", "The Harbour Post", "", None),
        ("Harbour Post Online", "Harbour Post", "", None),
        ("HP Media", "Harbour Post", "", None),
    ],
    ids=[
        "another outlet", "as the lexicon has it", "the page knows better", "none", "itself", "by a shorter name",
        "by its host",
    ],
)  # fmt: skip
def test_a_feeds_source_is_the_origin_unless_it_is_the_page_s_own_outlet(
    site: str, source: str | None, byline: str, outlet: str | None
) -> None:
    listed = {"listed_by": "https://feeds.example/all", "listed_publisher": source}

    found = origin(page(site, byline), "html", url="https://www.harbourpost.example/1", **listed)

    assert found == outlet
