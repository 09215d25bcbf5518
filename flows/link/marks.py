"""What tells one happening from another: the marks of an article that linking compares.

| kind | a mark is | weight |
|---|---|---|
| word | one of the TERMS heaviest words of title and text | of unit length together: (1 + log tf) * log(1 / share) |
| lede | a word of the title or the first LEDE words | the same, over the lede alone |
| proper | a word that stands with a capital inside a sentence | the same |
| place | a place of the gazetteer | of unit length together, 1 + log of how often |
| person | a full name, as rare as its words are together | 1 |
| age, aged | an age; a surname with its age | 1 |
| street, block | "Mill Road"; the number of "1400 block" | 1 |
| day, year | a month with its day; a year | 1 |
| number | a number of two digits or more that is no year | 1 |
| killed, wounded | a figure that the article states for the whole of its own event | log(1 + it) |

How common a word is comes from a frozen table (seeds/lexicon/term_shares.csv), never from the archive: the likeness of
two articles must not depend on what else is known. The families of marks are those that topic detection and tracking
found to part look-alikes: names, places and times beside words (Allan, "Topic Detection and Tracking", 2002).
"""

import hashlib
from collections.abc import Callable

import polars as pl

from flows.lexicon import lexicon
from flows.schema import INSTANT, shape

WORD = r"[a-z][a-z'’-]{2,}"
TERMS = 80  # an article's heaviest words stand for it
LEDE = 80  # words
TITLE = 2.0  # a word of the title counts as often in the text
RARE = 0.05  # words that fewer than this share of documents hold bring two articles together
KINDS = (
    *("word", "lede", "proper", "place", "person", "age", "aged", "street", "block", "day", "year", "number"),
    *("killed", "wounded"),
)  # fmt: skip
# One article a row: when it was printed and when its own event was, as far as known; how long it is.
PROFILES = shape(
    {
        "article_id": pl.String,
        "published_at": INSTANT,
        "date_low": pl.Date,
        "date_high": pl.Date,
        "date_precision": pl.String,
        "n_words": pl.Int32,
    }
)
# One mark of an article a row. `mark` is a hash of kind and mark; `rarity`: log(1 / share) of a name, and of a word
# that is RARE.
MARKS = shape(
    {
        "article_id": pl.String,
        "kind": pl.Enum(KINDS),
        "mark": pl.UInt64,
        "weight": pl.Float32,
        "rarity": pl.Float32,
    }
)
MONTH = (
    "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|"
    "nov(?:ember)?|dec(?:ember)?"
)
PROPER = r"[a-z0-9,;)] (?:[A-Z][\w'’.-]+ ?)+"
STREETS = "Street|St|Avenue|Ave|Road|Rd|Drive|Dr|Lane|Ln|Boulevard|Blvd|Highway|Hwy|Court|Place|Way|Parkway|Circle"
PATTERNS = {
    "day": rf"(?i)(?-u:\b)(?:(?:{MONTH})\.? \d{{1,2}}|\d{{1,2}} (?:{MONTH}))(?-u:\b)",
    "year": r"(?-u:\b)(?:19[5-9]|20[0-4])\d(?-u:\b)",
    "age": r"(?-u:\b)\d{1,2}[- ]year[- ]old|(?:,|aged?|\() ?\d{1,2}[,.)]",
    "aged": r"[A-Z][\w'’-]+,(?: an?)? \d{1,2}(?:[,.;)]|[- ]year)",
    "street": rf"(?:[A-Z][\w'’]+|\d+(?:st|nd|rd|th)) (?:[A-Z][\w'’]+ )?(?:{STREETS})(?-u:\b)",
    "block": r"(?-u:\b)\d{2,5} block(?-u:\b)",
    "number": r"(?-u:\b)(?:\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?)(?-u:\b)",
}


def _read_day(hit: pl.Expr) -> pl.Expr:
    day = hit.str.extract(r"(\d+)").cast(pl.Int32)
    month = hit.str.extract(r"(?i)([a-z]{3})").str.to_lowercase()
    return pl.when(day.is_between(1, 31)).then(pl.concat_str(month, day.cast(pl.String), separator=" "))


def _read_number(hit: pl.Expr) -> pl.Expr:
    plain = hit.str.replace_all(",", "", literal=True)
    return pl.when((plain.str.len_bytes() > 1) & ~plain.str.contains(r"^(?:19[5-9]|20[0-4])\d$")).then(plain)


# A hit of each pattern as it is compared; NULL: no mark.
READERS: dict[str, Callable[[pl.Expr], pl.Expr]] = {
    "day": _read_day,
    "year": lambda hit: hit,
    "age": lambda hit: hit.str.extract(r"(\d+)"),
    "aged": lambda hit: pl.format("{} {}", hit.str.extract(r"^([^,]+)").str.to_lowercase(), hit.str.extract(r"(\d+)")),
    "street": lambda hit: hit.str.extract(rf"^(.*?) (?:{STREETS})$").str.to_lowercase(),
    "block": lambda hit: hit.str.extract(r"(\d+)"),
    "number": _read_number,
}


def describe(
    articles: pl.DataFrame, mentions: pl.DataFrame, events: pl.DataFrame, counts: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """(PROFILES, MARKS) of `articles` (article_id, title, text, language, published_at) by what they state: `mentions`,
    local `events` and `counts` as extraction found them. Each article by itself: no other one changes its rows.

    Of an article in another language than English only words with a capital count: nobody knows how common its others
    are, and by those that every text holds each would meet each. `language` NULL is taken for English.
    """
    given = articles.select("article_id", pl.col("title", "text").fill_null(""), "published_at")
    words, proper = _read_words(given), _proper_words(given)
    own = events.filter("is_main").select("article_id", "date_low", "date_high", "date_precision")
    lengths = words.filter("in_text").group_by("article_id").agg(n_words=pl.len())
    profiles = given.join(own, on="article_id", how="left").join(lengths, on="article_id", how="left")
    profiles = profiles.with_columns(pl.col("n_words").fill_null(0)).select(PROFILES.names()).cast(PROFILES)
    foreign = articles.filter(pl.col("language") != "en")["article_id"]
    named = words.join(proper, on=["article_id", "word"], how="semi", maintain_order="left")
    is_foreign = pl.col("article_id").is_in(foreign.implode())
    words = pl.concat([words.filter(~is_foreign), named.filter(is_foreign)])
    times = pl.when("in_text").then(1.0).otherwise(TITLE).sum()
    found = [
        _weigh(words.group_by("article_id", "word").agg(n=times), "word", TERMS),
        _weigh(words.filter(pl.col("nth") < LEDE).group_by("article_id", "word").agg(n=pl.len()), "lede"),
        _weigh(proper, "proper"),
        _places(mentions),
        _people(mentions),
        _stated(given),
        _figures(counts),
    ]
    marks = pl.concat([frame.select("article_id", "kind", "word", "weight", "rarity") for frame in found])
    mark = pl.concat_str("kind", "word", separator=" ").map_batches(stable_hashes, pl.UInt64)
    marks = marks.with_columns(mark=mark).sort("article_id", "kind", "mark")
    return profiles.sort("article_id"), marks.select(MARKS.names()).cast(MARKS)


def stable_hashes(texts: pl.Series) -> pl.Series:
    """A number each, the same in every process and version: the first eight bytes of blake2b."""
    unique = texts.unique()
    numbers = [int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest()) for text in unique]
    return texts.replace_strict(unique, pl.Series(numbers, dtype=pl.UInt64), return_dtype=pl.UInt64)


def _read_words(given: pl.DataFrame) -> pl.DataFrame:
    """`article_id`, `word` without its possessive, `nth` in the text (0 in the title), `in_text`."""

    def read(column: str, in_text: bool) -> pl.DataFrame:
        text = pl.col(column).str.to_lowercase().str.replace_all("’", "'", literal=True)
        words = given.select("article_id", word=text.str.extract_all(WORD))
        words = words.explode("word", empty_as_null=False).with_columns(pl.col("word").str.strip_suffix("'s"))
        nth = pl.int_range(pl.len()).over("article_id") if in_text else pl.lit(0, pl.Int64)
        return words.with_columns(nth=nth, in_text=pl.lit(in_text))

    return pl.concat([read("text", True), read("title", False)])


def _weigh(words: pl.DataFrame, kind: str, most: int | None = None) -> pl.DataFrame:
    """Words (`article_id`, `word`, `n` times) with their weights, the heaviest `most` of each article."""
    shares, rarest = _shares()
    share = pl.col("share").fill_null(rarest)
    weighed = words.join(shares, on="word", how="left").select(
        "article_id",
        "word",
        kind=pl.lit(kind),
        weight=(1 + pl.col("n").cast(pl.Float64).log()) * -share.log(),
        rarity=pl.when(share < RARE).then(-share.log()),
    )
    if most:
        order = weighed.sort(["article_id", "weight", "word"], descending=[False, True, False])
        weighed = order.group_by("article_id", maintain_order=True).head(most)
    return _to_unit(weighed)


def _shares() -> tuple[pl.DataFrame, float]:
    """`word`, `share` of the documents that hold it; the share of a word that is not listed."""
    shares = lexicon("term_shares")
    return shares, shares.select(pl.col("share").min() / 2).item()


def _to_unit(weighed: pl.DataFrame) -> pl.DataFrame:
    return weighed.with_columns(pl.col("weight") / (pl.col("weight") ** 2).sum().sqrt().over("article_id"))


def _proper_words(given: pl.DataFrame) -> pl.DataFrame:
    runs = given.select("article_id", run=pl.col("text").str.extract_all(PROPER)).explode("run", empty_as_null=False)
    word = pl.col("run").str.slice(2).str.to_lowercase().str.replace_all("’", "'", literal=True).str.extract_all(WORD)
    words = runs.select("article_id", word=word).explode("word", empty_as_null=False)
    return words.with_columns(pl.col("word").str.strip_suffix("'s")).group_by("article_id", "word").agg(n=pl.len())


def _places(mentions: pl.DataFrame) -> pl.DataFrame:
    name = pl.coalesce("canonical", "name").str.to_lowercase()
    degrees = (pl.col("lat").round(0), pl.col("lon").round(0))
    spot = pl.concat_str(name, "country", *degrees, separator="|", ignore_nulls=True)
    places = mentions.filter(type="place").group_by("article_id", word=spot).agg(n=pl.len())
    weight = 1 + pl.col("n").cast(pl.Float64).log()
    return _to_unit(places.with_columns(kind=pl.lit("place"), weight=weight, rarity=pl.lit(None, pl.Float64)))


def _people(mentions: pl.DataFrame) -> pl.DataFrame:
    """Full names, as rare as their words are together."""
    shares, rarest = _shares()
    names = mentions.filter(type="person").select(word=pl.coalesce("canonical", "name").str.to_lowercase()).unique()
    words = (
        names.with_columns(part=pl.col("word").str.split(" "))
        .explode("part")
        .join(shares, left_on="part", right_on="word", how="left")
    )
    rarity = words.group_by("word").agg(rarity=-pl.col("share").fill_null(rarest).log().sum())
    people = mentions.filter(type="person").select(
        "article_id", word=pl.coalesce("canonical", "name").str.to_lowercase()
    )
    return _plain(people.unique(), "person").drop("rarity").join(rarity, on="word")


def _stated(given: pl.DataFrame) -> pl.DataFrame:
    """Days, years, ages, streets and other numbers, as the text writes them."""
    found = []
    for kind, pattern in PATTERNS.items():
        hits = given.select("article_id", word=pl.col("text").str.extract_all(pattern))
        hits = hits.explode("word", empty_as_null=False).with_columns(READERS[kind](pl.col("word")))
        found.append(_plain(hits.filter(pl.col("word").is_not_null()).unique(), kind))
    return pl.concat(found)


def _figures(counts: pl.DataFrame) -> pl.DataFrame:
    whole = (pl.col("event_no") == 0) & (pl.col("scope") == "total") & pl.col("kind").is_in(["killed", "wounded"])
    figures = counts.filter(whole & pl.col("value").is_not_null())
    figures = figures.select("article_id", "kind", word=pl.col("value").cast(pl.String)).unique()
    weight = pl.col("word").cast(pl.Float64).log1p()
    return figures.with_columns(weight=weight, rarity=pl.lit(None, pl.Float64))


def _plain(rows: pl.DataFrame, kind: str) -> pl.DataFrame:
    return rows.select("article_id", "word", kind=pl.lit(kind), weight=pl.lit(1.0), rarity=pl.lit(None, pl.Float64))
