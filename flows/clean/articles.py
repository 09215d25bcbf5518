"""The clean stage: a batch of raw documents -> articles, the lines that went, and what could not become an article."""

from collections.abc import Callable
from typing import NamedTuple

import polars as pl

from flows.clean.candidates import add_told
from flows.clean.dates import instant_of
from flows.clean.decode import Unreadable, charset_of, tidy
from flows.clean.language import language_of
from flows.clean.lines import mark_lines, split_lines
from flows.clean.listed import add_listed, credited_outlet
from flows.clean.origins import byline_credit, read_credits, text_credit
from flows.clean.page import Page, read_page
from flows.clean.people import read_names
from flows.clean.recurring import outlet_of, tell_lines
from flows.schema import ARTICLES, CANDIDATES, INSTANT, KEY, LINES, RAW, REJECTS, REMOVED

BLOCKS = {"doc": pl.UInt32, "line_no": pl.Int32, "text": pl.String, "rule": pl.String}
DATELINE = (
    r"^(\p{Lu}[\p{Lu}.'’ -]{2,40}(?:, \p{Lu}[\p{L}. ]{1,30})?(?:, \d{1,2} [A-Z]{3} \d{2,4})?)"
    r"(?:,? ?\(([^)]{2,40})\))? *(?:–|—|--|-|•|·) +"
)


class Cleaned(NamedTuple):
    """What cleaning gives: frames of the shapes ARTICLES, REMOVED, REJECTS, LINES, CANDIDATES."""

    articles: pl.DataFrame
    removed: pl.DataFrame
    rejects: pl.DataFrame
    lines: pl.DataFrame
    candidates: pl.DataFrame


FRAMES = {"articles": ARTICLES, "removed": REMOVED, "rejects": REJECTS, "lines": LINES, "candidates": CANDIDATES}


def clean(raw: pl.DataFrame, come_to: Callable[[int], None] = lambda _: None) -> Cleaned:
    """RAW -> Cleaned. Each document ends in its articles or in its rejects; `come_to` is told the row of each as its
    page is read."""
    pages, pruned, rejects, candidates = _read_pages(raw, come_to)
    if pages.is_empty():
        empty = {name: pl.DataFrame(schema=frame) for name, frame in FRAMES.items()}
        return Cleaned(**empty | {"rejects": rejects})
    outlet = outlet_of("publisher", "url")
    lines = mark_lines(split_lines(pages.select("doc", "text", "title", outlet=outlet)))
    articles = pages.drop("text").join(_bodies(lines), on="doc", how="left")
    articles = _finish(_add_residue(articles, lines))
    bare = articles.filter(pl.col("text").is_null())
    told = bare.select(
        "input",
        "article_id",
        "raw_sha256",
        "source_name",
        stage=pl.lit("clean"),
        reason=pl.lit("no article"),
        detail=pl.lit("every line of it is boilerplate"),
    )
    articles = articles.filter(pl.col("text").is_not_null())
    keys = pages.select("doc", "article_id", "raw_sha256").join(articles, how="semi", on=KEY)
    removed = pl.concat([pruned, _removed(lines)]).join(keys, on="doc").select(REMOVED.names()).cast(REMOVED)
    return Cleaned(
        articles.select(ARTICLES.names()).cast(ARTICLES),
        removed,
        pl.concat([rejects, told.select(REJECTS.names()).cast(REJECTS)]),
        tell_lines(lines).join(keys, on="doc", maintain_order="left").select(LINES.names()).cast(LINES),
        add_told(candidates.join(keys, on=KEY, how="semi", maintain_order="left"), articles),
    )


def _read_pages(
    raw: pl.DataFrame, come_to: Callable[[int], None]
) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """ARTICLES with `doc`, as far as a page alone tells; BLOCKS that went from its markup; REJECTS; CANDIDATES."""
    offered: list[dict[str, object]] = []
    rows: list[dict[str, object]] = []
    blocks: list[tuple[int, None, str, str]] = []
    refused: list[dict[str, object]] = []
    for doc, row in enumerate(raw.select(RAW.names()).iter_rows(named=True)):
        come_to(doc)
        try:
            page = add_listed(read_page(row["kind"], row["body"], row["fetched_at"], charset_of(row["headers"])), row)
        except Unreadable as error:
            reason, detail = error.args
            refused.append({**row, "stage": "clean", "reason": reason, "detail": detail})
            continue
        rows.append(_page_row(doc, row, page))
        offered += [{name: row[name] for name in KEY} | vars(one) for one in page.candidates]
        blocks += [(doc, None, *block) for block in page.pruned]
    schema = {"doc": pl.UInt32, "listed_origin": pl.String} | dict(ARTICLES)
    pages = pl.DataFrame([{name: row.get(name) for name in schema} for row in rows], schema=schema)
    rejects = pl.DataFrame([{name: row[name] for name in REJECTS.names()} for row in refused], schema=REJECTS)
    pruned = pl.DataFrame(blocks, schema=BLOCKS, orient="row")
    return pages, pruned, rejects, pl.DataFrame(offered, schema=CANDIDATES)


def _page_row(doc: int, row: dict[str, object], page: Page) -> dict[str, object]:
    return {
        **row,
        "doc": doc,
        "text": page.text,
        "extractor": page.extractor,
        "title": " ".join(tidy(page.title).split()) or None if page.title else None,
        "authors": [tidy(name) for name in page.authors] if page.authors else None,
        "published_at": page.published.at if page.published else None,
        "published_precision": page.published.precision if page.published else None,
        "published_from": page.published_from,
        "modified_at": page.modified.at if page.modified else None,
        "publisher": tidy(page.publisher) if page.publisher else row["publisher"],
        "language": page.language,
        "url": page.url or row["url"],
        "fetched_at": page.fetched or row["fetched_at"],
        "listed_origin": credited_outlet(page, row),
    }


def _bodies(lines: pl.DataFrame) -> pl.DataFrame:
    """`doc`, `text`: the lines that stay, each without the part that a rule took."""
    return (
        lines.filter(pl.col("rule").is_null())
        .with_columns(pl.col("text").str.slice(pl.col("prefix").fill_null("").str.len_chars()).str.strip_chars())
        .group_by("doc", maintain_order=True)
        .agg(pl.col("text").str.join("\n"))
    )


def _removed(lines: pl.DataFrame) -> pl.DataFrame:
    whole = lines.filter(pl.col("rule").is_not_null()).select("doc", "line_no", "text", "rule")
    parts = lines.filter(pl.col("rule").is_null() & pl.col("prefix").is_not_null())
    return pl.concat([whole, parts.select("doc", "line_no", text="prefix", rule=pl.lit("dated_prefix"))]).sort(
        "doc", "line_no"
    )


def _add_residue(articles: pl.DataFrame, lines: pl.DataFrame) -> pl.DataFrame:
    """What the lines tell where the page does not state it: headline, author, stamp, and the credited origin."""
    stamps = [instant_of(prefix[-19:].lstrip(": ")) if prefix else None for prefix in _iso_of(lines)]
    lines = lines.with_columns(
        told_at=pl.coalesce("stamp", pl.Series([s.at if s else None for s in stamps], dtype=INSTANT)),
        told_precision=pl.coalesce(
            "stamp_precision", pl.Series([s.precision if s else None for s in stamps], dtype=pl.String)
        ),
    )
    told_here = (pl.col("role") == "stamp") | pl.col("prefix").is_not_null()
    told = lines.group_by("doc").agg(
        headline=pl.col("headline").filter(pl.col("role") == "headline").first(),
        byline=pl.col("text").filter(pl.col("role") == "author").first(),
        told_at=pl.col("told_at").filter(told_here).first(),
        told_precision=pl.col("told_precision").filter(told_here).first(),
    )
    from_text = pl.col("published_at").is_null() & pl.col("told_at").is_not_null()
    articles = articles.join(told, on="doc", how="left").join(read_credits(lines), on="doc", how="left")
    read = [read_names([byline]) or None if byline else None for byline in articles["byline"]]
    return articles.with_columns(
        title=pl.coalesce("title", "headline"),
        authors=pl.coalesce("authors", pl.Series(read, dtype=pl.List(pl.String))),
        published_at=pl.coalesce("published_at", "told_at"),
        published_precision=pl.coalesce("published_precision", "told_precision"),
        published_from=pl.when(from_text).then(pl.lit("text")).otherwise("published_from"),
    )


def _iso_of(lines: pl.DataFrame) -> list[str | None]:
    return lines["prefix"].str.extract(r"(\d{4}-\d{2}-\d{2}.*)$").to_list()


def _finish(articles: pl.DataFrame) -> pl.DataFrame:
    """Dateline, origin (canonical where the lexicon knows the outlet), language, word count."""
    articles = articles.with_columns(
        dateline=pl.col("text").str.extract(DATELINE).str.strip_chars(),
        origin=pl.coalesce("credit", text_credit(), byline_credit(), "listed_origin"),
        word_count=pl.col("text").str.count_matches(r"[\p{L}\p{N}]+").cast(pl.Int32),
    )
    languages = [
        stated or (language_of(text) if text else None)
        for stated, text in articles.select("language", "text").iter_rows()
    ]
    return articles.with_columns(language=pl.Series(languages, dtype=pl.String))
