"""Every fact of every evaluation set stands inside its evidence, and every figure can be read again from its span."""

import re
from datetime import UTC, datetime

import polars as pl
import pytest

from flows.clean import clean
from flows.collect.archive import frame_documents
from flows.collect.files import read_paths
from flows.extract import Facts, extract
from flows.extract.numbers import parse_quantity, quantity_pattern
from flows.extract.tagset import multiples
from flows.sources import Source
from tests.conftest import SHARED

SETS = ["counts", "muc", "quotes", "stories", "stories_ecb", "facts", "clean", "metadata"]
BATCH = 500
QUANTITY = re.compile(quantity_pattern(), re.IGNORECASE)

pytestmark = pytest.mark.proof  # forty seconds; CI runs it


@pytest.fixture(scope="module", params=SETS)
def told(request: pytest.FixtureRequest) -> tuple[pl.DataFrame, Facts]:
    """The articles of a set and what they state."""
    docs = SHARED / "eval" / request.param / "docs.jsonl.gz"
    if not docs.exists():
        pytest.skip(f"the evaluation sets are not beside the project: {request.param} is not read")
    now = datetime.now(UTC)
    documents = read_paths(Source(name=request.param, type="file", path=docs), now)
    articles = clean(frame_documents(documents)).articles
    batches = [extract(articles[first : first + BATCH]) for first in range(0, articles.height, BATCH)]
    return articles, Facts(*(pl.concat(frames) for frames in zip(*batches, strict=True)))


def with_phrase(facts: pl.DataFrame, articles: pl.DataFrame) -> pl.DataFrame:
    """The facts, each with the words of its span, read from the article's field."""
    both = facts.join(articles.select("article_id", whole="text", head="title"), on="article_id", how="left")
    field = pl.when(pl.col("field") == "title").then("head").otherwise("whole")
    length = pl.col("char_end") - pl.col("char_start")
    return both.with_columns(phrase=field.str.slice(pl.col("char_start"), length), field_text=field)


@pytest.mark.parametrize("table", ["counts", "claims", "quotes"])
def test_every_fact_stands_inside_its_evidence(told: tuple[pl.DataFrame, Facts], table: str) -> None:
    articles, facts = told
    rows = with_phrase(getattr(facts, table), articles)

    at = pl.col("field_text").str.slice(pl.col("evidence_start"), pl.col("evidence").str.len_chars())
    outside = rows.filter(
        (pl.col("phrase") == "")
        | (at != pl.col("evidence"))
        | (pl.col("char_start") < pl.col("evidence_start"))
        | (pl.col("char_end") > pl.col("evidence_start") + pl.col("evidence").str.len_chars())
    )

    assert outside.select("article_id", "phrase", "evidence").rows() == []


@pytest.mark.parametrize("table", ["counts", "claims"])
def test_every_count_and_claim_belongs_to_an_event_of_its_article(told: tuple[pl.DataFrame, Facts], table: str) -> None:
    _, facts = told

    lost = getattr(facts, table).join(facts.events, on=["article_id", "event_no"], how="anti")

    assert lost.select("article_id", "event_no", "evidence").rows() == []


def figure_of(phrase: str) -> tuple[int | None, int | None, int | None]:
    """(value, low, high) that the words of a span say by themselves: a quantity, one for who is told singly ("a man",
    "his wife", a name), one or two more than the number for "a mother and her", "a couple and their two children"."""
    if (times := multiples().get(phrase.lower().split()[0])) is not None:
        return times, times, times
    quantities = [parse_quantity(found.group()) for found in QUANTITY.finditer(phrase)]
    known = [quantity for quantity in quantities if quantity]
    if len(known) == 1 and (parents := re.search(r"(\w+) and (?:his|her|their|its|the) ", phrase, re.IGNORECASE)):
        more = 2 if parents.group(1).lower() == "couple" else 1
        value, low, high = known[0].value, known[0].low, known[0].high
        return value and value + more, low and low + more, high and high + more
    if len(known) == 1:
        return known[0].value, known[0].low, known[0].high
    return 1, 1, 1


def test_every_figure_can_be_read_again_from_its_span(told: tuple[pl.DataFrame, Facts]) -> None:
    articles, facts = told
    rows = with_phrase(facts.counts, articles).select("phrase", "value", "low", "high")

    other = [row for row in rows.rows() if row[1:] != (1, 1, 1) and figure_of(row[0]) != row[1:]]

    assert other == []
