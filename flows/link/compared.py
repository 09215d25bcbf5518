"""Two texts beside each other: how much of the shorter one the longer holds."""

import hashlib
from collections.abc import Set
from typing import NamedTuple

import polars as pl

from flows.link.minhash import SHORT, SHORTEST
from flows.link.shingles import WORD, Hashes, hash_words, is_among, once, shingle

NEAR = 0.7  # share of the shorter text's shingles that a copy of like length holds
HELD = 0.8  # the same, where the other text is more than twice as long
LIKE = 0.5  # of the longer text's length: from there on two texts are of like length
TELLING, JUDGED = 4, 3  # letters of a title's word, for shorter ones stand in any text; how many such words judge it
NO_ARTICLE = 120  # words: a shorter text that shares no word with its title may be a notice of its site
COMPARED = pl.Schema(
    {"left": pl.String, "right": pl.String, "containment": pl.Float64, "jaccard": pl.Float64, "how": pl.String}
)


class Found(NamedTuple):
    """What two texts have in common: see `compare_texts`."""

    containment: float
    jaccard: float
    how: str


class Told(NamedTuple):
    """A text as it is compared: how many words it has; its shingles, each once, in order; a hash of all of it; its
    title; `is_article`: it tells of that."""

    n_words: int
    shingles: Hashes
    whole: bytes
    title: frozenset[str]
    is_article: bool


def compare_texts(likely: pl.DataFrame, told: dict[str, Told], fresh: Set[str] | None = None) -> pl.DataFrame:
    """COMPARED of those that may be copies of each other (`ids`, a list a row, of `share_bands` or of pairs) by what
    `read_texts` read of them: a row a pair of which one is the other's copy; with `fresh` only pairs that hold one
    of these. `containment`: of the shorter text's shingles, how much the other holds; `jaccard`: of both texts', how
    much both hold. `how`: exact (the same words) | near | held (the other text is more than twice as long).

    A text under 12 words is nobody's copy; one under 40 only an exact one; a short text without a word of its title is
    a notice of its site ("subscribe to read on"), and a copy only under the same title. Two that are connected by other
    copies already are passed over (2,000 copies of a text would be two million pairs): the rows connect what all
    pairs would connect, and which rows they are depends on the order of ids.
    """
    found: dict[tuple[str, str], Found | None] = {}
    parent = {name: name for name in likely["ids"].explode()}

    def root(name: str) -> str:
        while parent[name] != name:
            parent[name] = name = parent[parent[name]]
        return name

    def look_at(left: str, right: str) -> None:
        pair = min(left, right), max(left, right)
        if pair not in found and (fresh is None or not fresh.isdisjoint(pair)) and root(left) != root(right):
            found[pair] = result = compare(told[left], told[right])
            if result and result.how != "held":
                parent[root(left)] = root(right)

    for ids in likely["ids"].to_list():
        parts: dict[str, list[str]] = {}  # by one of each part's members
        for name in ids:
            for others in parts.values():
                for other in others:
                    look_at(other, name)
                    if root(other) == root(name):
                        break
            first, *rest = [member for member in parts if root(member) == root(name)] or [name]
            parts.setdefault(first, []).append(name)
            for member in rest:
                parts[first] += parts.pop(member)
    rows = [(*pair, *result) for pair, result in sorted(found.items()) if result]
    return pl.DataFrame(rows, schema=COMPARED, orient="row")


def read_texts(likely: pl.DataFrame, articles: pl.DataFrame) -> dict[str, Told]:
    """What is compared of the articles that `likely` names, by `article_id`, `title`, `text`."""
    names = likely.select(pl.col("ids").explode().unique())
    own = articles.join(names, left_on="article_id", right_on="ids", how="semi").select("article_id", "title", "text")
    return {article_id: _read_text(title, text) for article_id, title, text in own.iter_rows()}


def _read_text(title: str | None, text: str) -> Told:
    words = hash_words(text)
    spoken = frozenset(word for word in WORD.findall((title or "").lower()) if len(word) >= TELLING)
    is_judged = len(words) < NO_ARTICLE and len(spoken) >= JUDGED
    is_article = not is_judged or not spoken.isdisjoint(WORD.findall(text.lower()))
    whole = hashlib.blake2b(words.tobytes(), digest_size=16).digest()
    return Told(len(words), once(shingle(words)), whole, spoken, is_article)


def compare(one: Told, other: Told) -> Found | None:
    """What `compare_texts` says of two texts; None where neither is the other's copy."""
    shorter, longer = sorted((one, other), key=lambda told: len(told.shingles))
    n_words = min(one.n_words, other.n_words)
    if n_words < SHORTEST or (one.title != other.title and not (one.is_article and other.is_article)):
        return None
    if one.whole == other.whole:
        return Found(1.0, 1.0, "exact")
    containment = share_of(one, other)
    both = containment * len(shorter.shingles)
    is_like = len(shorter.shingles) >= LIKE * len(longer.shingles)
    if n_words < SHORT or containment < (NEAR if is_like else HELD):
        return None
    return Found(
        containment, both / (len(shorter.shingles) + len(longer.shingles) - both), "near" if is_like else "held"
    )


def share_of(one: Told, other: Told) -> float:
    """Of the shorter text's shingles, how much the other holds."""
    shorter, longer = sorted((one.shingles, other.shingles), key=len)
    return float(is_among(shorter, longer).mean())
