"""Line rules: each takes its kind of line, and leaves a look-alike that is journalism."""

from datetime import UTC, datetime
from functools import cache

import pytest

from flows.clean import clean
from flows.collect.archive import frame_documents
from flows.collect.documents import Document

BODY = (
    "A fire in the old port destroyed three warehouses on Monday evening, the mayor said.\n"
    "Firefighters from four towns worked through the night to keep it from the houses nearby.\n"
)


Cleaned = tuple[dict[str, object], list[tuple[str, str]]]
RESIDUE = [
    ("ad_marker", "[ad_1]"),
    ("ad_marker", "Advertisement"),
    ("accessibility", "Accessibility links"),
    ("accessibility", "Skip to main content"),
    ("navigation", "Breaking News"),
    ("navigation", "Most Read"),
    ("font_size", "XS"),
    ("font_size", "A+"),
    ("share_line", "Fight Censorship, Share This Post!"),
    ("share_line", "Please share this article with your friends"),
    ("share_line", "Do your part: please pass this article on!"),
    ("share_line", "Share on Facebook"),
    ("share_line", "Support us, tell your friends about this story!"),
    ("copy_protection", "You cannot copy content of this page"),
    ("share_line", "Facebook Twitter WhatsApp"),
    ("conditional_comment", "<!–[if IE 9]><![endif]–>"),
    ("comment_form", "Leave a Comment"),
    ("comment_form", "Your email address will not be published. Required fields are marked *"),
    ("site_notice", "This site uses Akismet to reduce spam. Learn how your comment data is processed."),
    ("site_notice", "This site is protected by reCAPTCHA and the Privacy Policy applies."),
    ("copy_protection", "error: Content is protected !!"),
    ("copy_protection", "Alert: Right click is disabled!"),
    ("photo_credit", "Credit…Jo Doe/Associated Press"),
    ("photo_credit", "Photo: AFP"),
    ("photo_credit", "Crews stood before the burnt warehouse on Monday – Photo: AFP"),
    ("credit_origin", "Originally published in The Harbour Post."),
    ("copyright", "Copyright 2020 Harbour Post. All rights reserved."),
    ("caption", "Crews put out a fire in the old port in Malaga, Spain, Nov. 21, 2020."),
    ("paywall", "Already a subscriber? Sign in"),
    ("newsletter", "Sign up for our morning briefing"),
    ("newsletter", "Click here to subscribe to the Harbour Letter"),
    ("newsletter", "Get the news of the day delivered to your inbox each morning."),
    ("newsletter", "If you like the sea, subscribe to our weekly newsletter here."),
    ("paywall", "Get access to all of the Harbour Post for as little as 2 euros a week"),
    ("related_line", "READ MORE: Why the crane fell in May"),
    ("related_line", "Lire aussi : Le port aura une nouvelle grue"),
    ("related_label", "You may also like:"),
    ("related_label", "DON'T MISS"),
    ("follow_line", "Follow the Harbour Post on Facebook, Twitter and Instagram."),
    ("follow_line", "More from the port: https://harbour.example/port"),
    ("contact_line", "Email Ada Lo at ada@harbour.example or call her."),
    ("contact_line", "ada@harbour.example"),
    ("feedback", "Tell us what you think about the port below"),
    ("feedback", "Comments with insults will not be published."),
    ("report_credit", "(Reporting by Ada Lo and Bo Ek; Editing by Cy Du)"),
    ("report_credit", "Reporting by Ada Lo; editing by Cy Du"),
    ("report_credit", "Ada Lo contributed to this report from Malaga."),
    ("photo_credit", "The port by night, © Ada Lo 2020"),
    ("copyright", "무단 전재 및 재배포 금지"),
    ("date_line", "Veröffentlicht am 21.11.2020, 14:05 Uhr"),
    ("tag_line", "Tags: fires, harbours, Malaga"),
    ("shortcode", "[button link=”https://harbour.example” type=”big”] Send your pictures"),
]
JOURNALISM = [
    "Advertisement revenue fell by a third, the paper said.",
    "The breaking news of the day was the fire.",
    "He asked readers to share this post with the families of the missing, and hundreds of them did so.",
    "Most read the verdict as a defeat for the port authority.",
    "The content is protected by law, the court held on Tuesday.",
    "Comments by the minister drew anger in the town.",
    "Originally built in 1902, the warehouse was published in many guides.",
    "Error rates rose in the second test.",
    "Photographs of the scene showed smoke over the harbour.",
    "Copyright law was at the heart of the case, judges said in court.",
    "The investigation continues.",
    "She was born in Malaga on Nov. 21, 2020.",
    "Sign language was used at the service.",
    "“Share the burden,” he said.",
    "You cannot copy a fire engine overnight, the chief said.",
    "He told readers to subscribe to the theory that the port was sold.",
    "Her letter was delivered to the mayor each morning.",
    "Access to the port costs as little as 2 euros a week.",
    "Read more slowly, the teacher told them: it was a long text.",
    "More: that is what the unions asked for on Monday.",
    "Don't miss the point, the mayor said.",
    "People follow the fire on Facebook, the mayor said in a speech about the harbour of the town",
    "Police asked witnesses to write to the town hall.",
    "Reporting by the Harbour Post showed that the port was sold.",
    "He contributed to this success for many years.",
    "Comments that insult people will be looked into, the minister said.",
    "The port was sold on 21.11.2020, and the price is not known.",
    "Published figures show that the last train left at 14:05.",
    "Tags were found on the walls of two warehouses.",
    "[He] said that the port would be rebuilt.",
]


def clean_texts(texts: list[str]) -> list[Cleaned]:
    """Of each text the article's row, and (rule, line) of what went."""
    now = datetime(2026, 1, 1, tzinfo=UTC)
    documents = [
        Document("test", f"{number}.txt", text.encode(), "text", str(number), fetched_at=now)
        for number, text in enumerate(texts)
    ]
    articles, removed, rejects, *_ = clean(frame_documents(documents))
    assert rejects.is_empty()
    rows = {str(row["article_id"]): row for row in articles.iter_rows(named=True)}
    went: dict[str, list[tuple[str, str]]] = {article_id: [] for article_id in rows}
    for article_id, rule, line in removed.select("article_id", "rule", "text").iter_rows():
        went[article_id].append((rule, line))
    return [(rows[one.article_id], went[one.article_id]) for one in documents]


def clean_text(text: str) -> Cleaned:
    """The article's row, and (rule, line) of what went."""
    return clean_texts([text])[0]


@cache
def cleaned_amid() -> dict[str, Cleaned]:
    """Every line of RESIDUE and JOURNALISM in the midst of an article; cleaned together, as runs do."""
    lines = [line for _, line in RESIDUE] + JOURNALISM
    rest = BODY.replace("fire", "blaze").replace("four", "five")
    return dict(zip(lines, clean_texts([f"{BODY}{line}\n{rest}" for line in lines]), strict=True))


def clean_amid(line: str) -> Cleaned:
    """An article with that line in its midst."""
    return cleaned_amid()[line]


@pytest.mark.parametrize(("rule", "line"), RESIDUE)
def test_residue_goes_with_its_rule(rule: str, line: str) -> None:
    article, removed = clean_amid(line)

    assert (rule, line) in removed
    assert line not in str(article["text"]).split("\n")


@pytest.mark.parametrize("line", JOURNALISM)
def test_journalism_that_looks_like_residue_stays(line: str) -> None:
    article, _ = clean_amid(line)

    assert line in str(article["text"]).split("\n")


@pytest.mark.parametrize("line", ["sábado, 21 de novembro de 2020 às 14:05", "Saturday, 21 November 2020, 14:05"])
def test_a_date_line_above_the_body_goes_in_any_language(line: str) -> None:
    article, removed = clean_text(f"{line}\n{BODY}")

    assert [text for _, text in removed] == [line]
    assert article["text"] == BODY.strip()


def test_a_row_of_tags_goes_from_below_the_body_and_a_list_of_names_stays() -> None:
    article, removed = clean_text(
        f"{BODY}Ada Lo, Bo Ek, Cy Du, Dee Fox, Eve Gil\nharbour fire, old port, fire engines, malaga\n"
    )

    assert removed == [("tag_line", "harbour fire, old port, fire engines, malaga")]
    assert str(article["text"]).endswith("Eve Gil")


def test_a_line_that_stands_twice_stays_once_and_a_refrain_stays() -> None:
    question = "What would you change in the port if you could choose?"
    answers = [f"{question}\nThe crane of the year {year} should go, and soon.\n" for year in range(2001, 2005)]
    twice, _ = clean_text("".join(answers[:2]))
    refrain, _ = clean_text("".join(answers))

    assert str(twice["text"]).count(question) == 1
    assert str(refrain["text"]).count(question) == 4


def test_what_goes_and_what_stays_make_up_what_came_in() -> None:
    text = f"[ad_1]\nPort Fire Guts Warehouses\nMaria Lopez\n{BODY}Share on Facebook\nHarbour Daily\nLeave a Comment\n"
    article, removed = clean_text(text)

    lines = [line for line in text.split("\n") if line]
    assert sorted(str(article["text"]).split("\n") + [line for _, line in removed]) == sorted(lines)


def test_the_head_tells_title_author_and_stamp() -> None:
    title = "Port Fire Guts Warehouses"
    article, removed = clean_text(f"{title}\nShare on Facebook\n{title}\nMaria Lopez\nSat, 11/21/2020 – 14:05\n{BODY}")

    assert article["title"] == "Port Fire Guts Warehouses"
    assert article["authors"] == ["Maria Lopez"]
    assert article["published_at"] == datetime(2020, 11, 21, 14, 5, tzinfo=UTC)
    assert (article["published_precision"], article["published_from"]) == ("minute", "text")
    assert article["text"] == BODY.strip()
    assert [rule for rule, _ in removed].count("repeated_headline") == 2


def test_a_dateline_is_told_and_stays_in_the_text() -> None:
    article, _ = clean_text("MALAGA, Spain (Reuters) - " + BODY)

    assert article["dateline"] == "MALAGA, Spain"
    assert article["origin"] == "Reuters"
    assert str(article["text"]).startswith("MALAGA, Spain")


def test_a_photo_credit_is_no_origin() -> None:
    article, _ = clean_text(f"{BODY}Credit: Jo Doe/Agence France-Presse\n{BODY.replace('fire', 'blaze')}")

    assert article["origin"] is None


def test_a_dated_prefix_goes_alone() -> None:
    article, removed = clean_text("date 2020-11-22 " + BODY)

    assert removed == [("dated_prefix", "date 2020-11-22")]
    assert article["text"] == BODY.strip()
    assert article["published_precision"] == "day"


def test_a_caption_that_stands_twice_goes_and_a_doubled_text_stays_once() -> None:
    caption = "Crews stand by the burnt warehouse in the old port."
    long = BODY + BODY.replace("fire", "blaze").replace("four", "five")

    article, removed = clean_text(f"{caption}\n{caption}\n{long}")
    doubled, _ = clean_text("".join(f"{line}\n{line}\n" for line in BODY.splitlines()))

    assert [rule for rule, _ in removed] == ["doubled_caption", "doubled_caption"]
    assert article["text"] == long.strip()
    assert doubled["text"] == BODY.strip()


@pytest.mark.parametrize("stamp", ["3/4/2020 14:05", "21.11.20", "2020/11/21", "Sat, 21 Nov 2020 14:05:00 +0000"])
def test_a_stamp_goes_whether_or_not_it_can_be_read(stamp: str) -> None:
    article, removed = clean_text(f"Port Fire Guts Warehouses\n{stamp}\n{BODY}")

    assert ("date_stamp", stamp) in removed
    assert (article["published_at"] is None) == stamp.startswith("3/4")


@pytest.mark.parametrize("name", ["Small Business Minder", "The Harbour Daily Post", "harbour-daily.example"])
def test_a_sites_name_goes_from_below_the_body_beside_other_residue(name: str) -> None:
    article, removed = clean_text(f"{BODY}Leave a Comment\n{name}\n")

    assert ("site_name", name) in removed
    assert article["text"] == BODY.strip()


@pytest.mark.parametrize(
    ("byline", "authors", "origin"),
    [
        ("By Ada Lo", ["Ada Lo"], None),
        ("By Dr. Ada Lo, Staff Writer", ["Ada Lo"], None),
        ("By Ada Lo and Bo Ek, Reuters", ["Ada Lo", "Bo Ek", "Reuters"], "Reuters"),
    ],
)
def test_a_byline_of_the_text_names_people_without_their_titles(
    byline: str, authors: list[str], origin: str | None
) -> None:
    article, removed = clean_text(f"Fire destroys three warehouses in old port\n{byline}\n{BODY}")

    assert (article["authors"], article["origin"]) == (authors, origin)
    assert ("byline", byline) in removed
