"""Copies: one text under several names. Ten sites with one agency's text are ten articles and one origin."""

from collections.abc import Iterator
from typing import NamedTuple

import polars as pl

from flows.link.clusters import components
from flows.link.compared import Told, share_of
from flows.link.minhash import share_bands
from flows.link.passages import held_by_many, own_passages

UNLIKE = 0.6  # of the longer text's characters; texts of like length have bands in common
COPIES = pl.Schema(
    {
        "article_id": pl.String,
        "copy_of": pl.String,
        "origin": pl.String,
        "similarity": pl.Float64,
        "reason": pl.String,
        "n_own_words": pl.Int32,
    }
)
OWN_PASSAGES = pl.Schema({"article_id": pl.String, "char_start": pl.Int32, "char_end": pl.Int32})
Row = tuple[str, str, None, float, str, int]


class Article(NamedTuple):
    """What tells whose text an article has; `order` puts credited ones first, then the earlier published."""

    order: int
    text: str
    origin: str | None
    publisher: str | None
    told: Told


class Group(NamedTuple):
    """Articles of one text in order, and the one they are copies of; `order` is the least of theirs. `sources`: by
    member, the articles of earlier groups that it holds or stands in."""

    order: int
    first: str
    members: list[str]
    sources: dict[str, set[str]]


class Copies(NamedTuple):
    """Frames of COPIES and OWN_PASSAGES."""

    copies: pl.DataFrame
    own_passages: pl.DataFrame


def find_likely(articles: pl.DataFrame, pairs: pl.DataFrame, signatures: pl.DataFrame) -> pl.DataFrame:
    """`ids`, a list a row: `articles` (article_id, length: of the text in characters) that may be copies of each other,
    by their SIGNATURES, and of `pairs` (left, right; of stories) those of which one may stand in the other: a short
    agency text in a long article is like it in no band."""
    length = articles.select("article_id", "length")
    unlike = (
        pairs.join(length, left_on="left", right_on="article_id")
        .join(length, left_on="right", right_on="article_id")
        .filter(pl.min_horizontal("length", "length_right") < UNLIKE * pl.max_horizontal("length", "length_right"))
    )
    held = unlike.select(ids=pl.concat_list("left", "right")).sort("ids")
    return pl.concat([share_bands(signatures), held])


def part_likely(likely: pl.DataFrame, size: int) -> Iterator[pl.DataFrame]:
    """The rows of `find_likely` in parts of `size` articles or somewhat more; no article is in two."""
    rows = likely["ids"].to_list()
    part_of: dict[str, int] = {}
    for group in components({name for ids in rows for name in ids}, ((ids[0], name) for ids in rows for name in ids)):
        part_of |= dict.fromkeys(group, len(part_of) // size)
    yield from likely.with_columns(part=pl.Series([part_of[ids[0]] for ids in rows], dtype=pl.Int64)).partition_by(
        "part", maintain_order=True, include_key=False
    )


def find_copies(articles: pl.DataFrame, compared: pl.DataFrame, told: dict[str, Told]) -> Copies:
    """Copies of `articles` (article_id, text, origin, publisher, published_at) by COMPARED and what was compared of
    them: whatever the order of rows, and part by part as well as all at once where no row of `compared` leads out of a
    part. Each article that `compared` names must be among them.

    A copy points at the first of its group: the outlet that others of it credit, else the earliest that credits one,
    else the earliest. What holds a shorter group's text, or stands in a longer one's, is a copy of the earlier.
    `reason`: exact (of the first) | near | credit, a row of its own that names an outlet, with `copy_of` NULL.
    `similarity` is the share of the shorter text that the other holds, NULL for a credit; so is `n_own_words`: how many
    words stand in passages that neither the first nor another outlet's copy holds (0: it adds nothing).
    """
    known = _read_articles(articles, compared, told)
    group_of = _group(known, compared)
    rows: list[Row] = []
    passages: list[tuple[str, int, int]] = []
    for group in {group.first: group for group in group_of.values()}.values():
        many = held_by_many((known[name].publisher or name, told[name].shingles) for name in group.members)
        for name in group.members:
            originals = group.sources.get(name, set()) | ({group.first} - {name})
            if originals:
                held = [many, *(told[other].shingles for other in originals)]
                own, n_words = own_passages(known[name].text, held)
                rows.append(_describe(name, _original_of(name, group_of), known, n_words))
                passages += [(name, *passage) for passage in own]
    copies = pl.concat([pl.DataFrame(rows, schema=COPIES, orient="row"), credited(articles).copies])
    return Copies(
        copies.sort("article_id", "reason"),
        pl.DataFrame(passages, schema=OWN_PASSAGES, orient="row").sort("article_id", "char_start"),
    )


def credited(articles: pl.DataFrame) -> Copies:
    """What articles (article_id, origin) credit by themselves: rows of COPIES without `copy_of`."""
    credits = articles.filter(pl.col("origin").is_not_null()).select("article_id", "origin", reason=pl.lit("credit"))
    return Copies(pl.concat([COPIES.to_frame(), credits], how="diagonal"), OWN_PASSAGES.to_frame())


def _read_articles(articles: pl.DataFrame, compared: pl.DataFrame, told: dict[str, Told]) -> dict[str, Article]:
    """Those that `compared` names."""
    names = pl.concat([compared["left"], compared["right"]]).unique()
    rows = articles.filter(pl.col("article_id").is_in(names.implode())).sort(
        pl.col("origin").is_null(), "published_at", "article_id", nulls_last=True
    )
    columns = rows.select("article_id", "text", "origin", "publisher").iter_rows()
    return {
        name: Article(number, text, origin, publisher, told[name])
        for number, (name, text, origin, publisher) in enumerate(columns)
    }


def _group(known: dict[str, Article], compared: pl.DataFrame) -> dict[str, Group]:
    """The group of each article."""
    near = compared.filter(pl.col("how") != "held").select("left", "right").rows()
    group_of: dict[str, Group] = {}
    for members in components(known, near):
        members.sort(key=lambda name: known[name].order)
        group = Group(known[members[0]].order, _first_of(members, known), members, {})
        group_of |= dict.fromkeys(members, group)
    for pair in compared.filter(pl.col("how") == "held").select("left", "right").iter_rows():
        earlier, later = sorted(pair, key=lambda name: group_of[name].order)
        if group_of[earlier] is not group_of[later]:
            group_of[later].sources.setdefault(later, set()).add(earlier)
    return group_of


def _first_of(members: list[str], known: dict[str, Article]) -> str:
    """Of a group in order: the earliest of an outlet that others of it credit, else the first."""
    credited = {_fold(origin) for name in members if (origin := known[name].origin)}
    sources = [name for name in members if (publisher := known[name].publisher) and _fold(publisher) in credited]
    return (sources or members)[0]


def _fold(outlet: str) -> str:
    return outlet.casefold().removeprefix("the ")


def _original_of(name: str, group_of: dict[str, Group]) -> str:
    """What an article is a copy of: the first of its group; of which the first itself holds another text, that one's
    first, and so on. Groups' orders only fall on the way, so there is an end."""
    group = group_of[name]
    if name != group.first:
        return group.first
    while group.first in group.sources:
        group = min((group_of[source] for source in group.sources[group.first]), key=lambda other: other.order)
    return group.first


def _describe(name: str, copy_of: str, known: dict[str, Article], n_own_words: int) -> Row:
    told, first = known[name].told, known[copy_of].told
    reason = "exact" if told.whole == first.whole else "near"
    return name, copy_of, None, round(share_of(told, first), 4), reason, n_own_words
