"""Keys of articles that nobody wrote, drawn by what the keys of real ones are like: an index of linking of any size.

What is kept of the real ones is the form of their stories: how many articles, how many days apart, which of them share
a key and what it weighs. Each story drawn has the form of a real one, and words of its own in its places:

| a word of the real story that | becomes |
|---|---|
| no other story has | a rare word, by Zipf's law with the exponent at which new words came (Heaps) |
| stories of its subject have TYPICAL times as often as others | a word of the subject, as common there |
| other stories have | any word of those that are as common |

Words are drawn one by one: what words of one topic owe each other within a subject is lost.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
import polars as pl

from flows.link.meeting import NAME_WEIGHT

Numbers = np.ndarray[Any, np.dtype[Any]]
OWN, SUBJECT, GENERAL = 0, 1, 2
TYPICAL = 3.0
RARE = (1 << 40, 1 << 61)  # numbers of rare words and of rare names begin here; below are words that stories share
AT_ONCE = 40_000  # stories
ONCE = 1e15  # a word that is rarer than so many others stands in one story


class Forms(NamedTuple):
    """Real stories. Those of subject s are `of_subject[s]`. Words of story i are `words[ends[i - 1] : ends[i]]` and so
    on: `how`, `low`, `width` in `cumulated` (where a word is drawn), `is_name`; its postings: the place of `word` and
    `article` in the story, `weight`; its articles: `days` before its last one. `steepness` (words, names): how fast
    rare ones get rarer; `first_rank`: of the commonest of them, which as many stories as these hold once."""

    of_subject: list[Numbers]
    word_ends: Numbers
    how: Numbers
    low: Numbers
    width: Numbers
    is_name: Numbers
    posting_ends: Numbers
    word: Numbers
    article: Numbers
    weight: Numbers
    article_ends: Numbers
    days: Numbers
    cumulated: Numbers
    steepness: tuple[float, float]
    first_rank: tuple[float, float]


class Drawn(NamedTuple):
    """Postings of some articles (`no` from 0 on, `mark`, `weight`), and each article's `day` and `story`."""

    no: Numbers
    mark: Numbers
    weight: Numbers
    day: Numbers
    story: Numbers


def learn_forms(keys: pl.DataFrame) -> Forms:
    """Forms of `no`, `mark`, `weight` (link.meeting: KEYS), with the `story`, the `subject` and the `day` (a number;
    NULL: that of the story's last article) of each article."""
    keys = keys.with_columns(
        story=pl.col("story").rank("dense").cast(pl.Int32) - 1,
        subject=pl.col("subject").min().over("story").rank("dense").cast(pl.Int32) - 1,
    ).sort("story", "no", "mark")
    words, vocabulary = _place_words(keys)
    words = words.sort("story", "mark")
    in_story = words.select("story", "mark", word=pl.int_range(pl.len()).over("story"))
    articles = keys.select("story", "no", "day").unique().sort("story", "no")
    last = pl.col("day").max().over("story")
    articles = articles.with_columns(
        article=pl.int_range(pl.len()).over("story"), days=(last - pl.col("day")).fill_null(0)
    )
    postings = keys.join(in_story, on=["story", "mark"]).join(articles.select("no", "article"), on="no")
    postings = postings.sort("story", "no", "mark")
    subjects = words.select("story", "subject").unique().sort("story")

    def ends(frame: pl.DataFrame) -> Numbers:
        return frame.group_by("story").len().sort("story")["len"].cast(pl.Int64).cum_sum().to_numpy()

    rates = [_heaps(words.filter(is_name=name)) for name in (False, True)]
    n_own = [words.filter((pl.col("how") == OWN) & (pl.col("is_name") == name)).height for name in (False, True)]
    return Forms(
        of_subject=[own["story"].to_numpy() for _, own in subjects.group_by("subject", maintain_order=True)],
        word_ends=ends(words),
        how=words["how"].to_numpy(),
        low=words["low"].to_numpy(),
        width=words["width"].to_numpy(),
        is_name=words["is_name"].to_numpy(),
        posting_ends=ends(postings),
        word=postings["word"].to_numpy(),
        article=postings["article"].to_numpy(),
        weight=postings["weight"].to_numpy(),
        article_ends=ends(articles),
        days=articles["days"].to_numpy(),
        cumulated=vocabulary["upto"].cast(pl.Int64).to_numpy(),
        steepness=(1 / rates[0], 1 / rates[1]),
        first_rank=(n_own[0] * (1 / rates[0] - 1), n_own[1] * (1 / rates[1] - 1)),
    )


def _place_words(keys: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The words of each story with where they are drawn, and the vocabulary they are drawn from."""
    is_name = (pl.col("weight") - NAME_WEIGHT).abs() < 1e-6
    words = keys.group_by("story", "subject", "mark").agg(is_name=is_name.first())
    n_stories = words["story"].n_unique()
    size = pl.col("story").n_unique().over("subject")
    words = words.with_columns(n=pl.len().over("mark"), here=pl.len().over("mark", "subject"), size=size)
    elsewhere = (pl.col("n") - pl.col("here")) / (n_stories - pl.col("size")).clip(1)
    is_typical = (pl.col("here") > 1) & (pl.col("here") / pl.col("size") > TYPICAL * elsewhere)
    how = pl.when(pl.col("n") == 1).then(OWN).when(is_typical).then(SUBJECT).otherwise(GENERAL)
    words = words.with_columns(how=how)
    words = words.with_columns(scope=pl.when(pl.col("how") == SUBJECT).then("subject").otherwise(-1))
    vocabulary = words.filter(pl.col("how") != OWN).group_by("scope", "is_name", "mark").agg(n=pl.len())
    vocabulary = vocabulary.with_columns(common=pl.col("n").log(2.0).floor()).sort("scope", "is_name", "n", "mark")
    vocabulary = vocabulary.with_columns(upto=pl.col("n").cum_sum())
    low = pl.col("upto").min() - pl.col("n").first()
    bounds = vocabulary.group_by("scope", "is_name", "common", maintain_order=True).agg(
        low=low, width=pl.col("n").sum()
    )
    drawn_from = vocabulary.join(bounds, on=["scope", "is_name", "common"])
    words = words.join(drawn_from.select("scope", "mark", "low", "width"), on=["scope", "mark"], how="left")
    return words.with_columns(pl.col("low", "width").fill_null(0)), vocabulary


def _heaps(words: pl.DataFrame) -> float:
    """The exponent at which new words come: how many more all stories have than every second one."""
    half = words.filter(pl.col("story") % 2 == 0)
    if half.is_empty():
        return 0.5
    grown = words["mark"].n_unique() / half["mark"].n_unique()
    return float(np.clip(np.log(grown) / np.log(words.height / half.height), 0.1, 0.95))


def draw(
    forms: Forms, n_articles: int, n_days: int, n_subjects: int | None = None, seed: int = 2026
) -> Iterator[Drawn]:
    """At least `n_articles` in parts, the last day first. Stories end on all days alike; what they had before the first
    day is left out. All subjects are of one size, and have the forms of the real ones in turns; without a number there
    are the real ones, as large as they are."""
    dice = np.random.default_rng(seed)
    n_stories = n_drawn = 0
    for day in range(n_days - 1, -1, -1):
        while n_drawn * n_days < n_articles * (n_days - day):
            missing = n_articles * (n_days - day) / n_days - n_drawn
            each = len(forms.days) / len(forms.word_ends)
            number = int(np.clip(missing / each, 1, AT_ONCE))
            part = _draw_stories(forms, dice, number, n_subjects, day, n_stories)
            n_stories += number
            n_drawn += len(part.day)
            yield part


def _draw_stories(
    forms: Forms, dice: np.random.Generator, number: int, n_subjects: int | None, day: int, first: int
) -> Drawn:
    sizes = np.array([len(stories) for stories in forms.of_subject])
    shares = sizes / sizes.sum() if n_subjects is None else None
    subject = dice.choice(n_subjects or len(sizes), number, p=shares)
    form = np.empty(number, dtype=np.int64)
    for nth, stories in enumerate(forms.of_subject):
        here = subject % len(sizes) == nth
        form[here] = dice.choice(stories, int(here.sum()))
    words, of_word, word_starts = _rows(forms.word_ends, form)
    known = np.searchsorted(
        forms.cumulated, forms.low[words] + dice.random(len(words)) * forms.width[words], side="right"
    )
    how, is_name = forms.how[words], forms.is_name[words]
    marks = np.where(how == SUBJECT, known + (subject[of_word] + 1) * len(forms.cumulated), known)
    for name in (False, True):
        own = (how == OWN) & (is_name == name)
        rank = forms.first_rank[name] * (1 - dice.random(int(own.sum()))) ** (-1 / (forms.steepness[name] - 1))
        marks[own] = RARE[name] + np.where(rank < ONCE, rank, dice.integers(1 << 50, 1 << 58, len(rank))).astype(int)
    postings, of_posting, _ = _rows(forms.posting_ends, form)
    articles, of_article, article_starts = _rows(forms.article_ends, form)
    no = article_starts[of_posting] + forms.article[postings]
    mark = marks[word_starts[of_posting] + forms.word[postings]]
    days = day - forms.days[articles]
    stays = days >= 0
    held = stays[no]
    renumbered = np.cumsum(stays) - 1
    return Drawn(renumbered[no[held]], mark[held], forms.weight[postings][held], days[stays], first + of_article[stays])


def _rows(ends: Numbers, form: Numbers) -> tuple[Numbers, Numbers, Numbers]:
    """Rows of the stories `form`, one after the other; of each row which of them it is of; where each one's begin."""
    starts = np.where(form > 0, ends[form - 1], 0)
    lengths = ends[form] - starts
    begins = np.cumsum(lengths) - lengths
    of = np.repeat(np.arange(len(form)), lengths)
    return np.arange(lengths.sum()) - begins[of] + starts[of], of, begins
