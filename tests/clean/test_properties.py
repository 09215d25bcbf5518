"""Whatever the bytes, cleaning ends, holds nothing that nobody sees, and does not depend on its neighbours."""

import random
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flows.clean import clean
from flows.clean.decode import CONTROLS, tidy
from tests.clean import mutated
from tests.conftest import LONG

OWN = [page.encode() for page in mutated.OWN]
FEW = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
TAGS = st.sampled_from(["p", "div", "table", "tr", "td", "ul", "li", "article", "h1", "h2", "a", "b", "br", "section"])
CLASSES = st.sampled_from(["", "related", "article-body", "share-bar", "teaser", "x"])
HTML = st.recursive(
    st.text(max_size=80),
    lambda inner: st.builds(
        lambda tag, name, parts: f'<{tag} class="{name}">{"".join(parts)}</{tag}>',
        TAGS,
        CLASSES,
        st.lists(inner, max_size=6),
    ),
    max_leaves=40,
)


def texts(pages: list[bytes]) -> dict[str, tuple[str | None, str | None]]:
    """Text, or reason, of each page by its id."""
    articles, _, rejects, *_ = clean(mutated.as_raw(pages))
    kept = {row[0]: (row[1], None) for row in articles.select("article_id", "text").iter_rows()}
    return kept | {row[0]: (None, row[1]) for row in rejects.select("article_id", "reason").iter_rows()}


@FEW
@given(HTML)
def test_any_markup_ends_as_an_article_or_as_a_refusal(html: str) -> None:
    ((text, reason),) = texts([f"<html><body>{html}</body></html>".encode("utf-8", "surrogatepass")]).values()

    assert (text is None) != (reason is None)
    assert text is None or not CONTROLS.search(text)


@pytest.mark.proof
@FEW
@given(st.binary(max_size=400), st.integers(0, len(OWN) - 1), st.integers(0, 400))
def test_any_bytes_within_a_page_end_as_an_article_or_as_a_refusal(noise: bytes, number: int, at: int) -> None:
    ((text, reason),) = texts([OWN[number][:at] + noise + OWN[number][at:]]).values()

    assert (text is None) != (reason is None)


@given(st.text())
def test_tidying_twice_is_tidying_once(text: str) -> None:
    assert tidy(tidy(text)) == tidy(text)


@pytest.mark.proof
@LONG
def test_a_page_alone_and_in_any_batch_gives_the_same_text() -> None:
    pages = [mutated.mutate(OWN, number) for number in range(40)] + OWN
    together = texts(pages)
    order = list(range(len(pages)))
    random.Random(7).shuffle(order)
    shuffled = texts([pages[n] for n in order])

    assert [texts([page])["0"] for page in pages] == [together[str(n)] for n in range(len(pages))]
    assert [shuffled[str(place)] for place in range(len(pages))] == [together[str(n)] for n in order]


def test_a_page_does_not_depend_on_what_was_cleaned_before() -> None:
    before = texts(OWN)
    texts([mutated.mutate(OWN, number) for number in range(100)])

    assert texts(OWN) == before


@pytest.mark.proof
@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="resident memory is read from /proc")
@LONG
def test_mutated_pages_neither_crash_nor_hang_nor_leak() -> None:
    slowest, held = mutated.run(600)

    assert slowest < 30
    assert held[-1] < held[len(held) // 2 - 1] * 1.25 + 20


def test_the_lexicons_that_cleaning_reads_are_whole() -> None:
    from flows.lexicon import lexicon

    for name in ("boilerplate", "markup", "no_article"):
        assert lexicon(name).null_count().select(pl.sum_horizontal(pl.all())).item() == 0
