"""Names in texts that are in capitals throughout: the words that are no common English words.

Case tells nothing of names there, so a list of common words does: seeds/lexicon/common_words.csv, 19,902 words of the
SCOWL word lists (sizes 10 to 40; notice beside it) without what ENDINGS derive from another of them. A word of any
lexicon is no name either.
"""

from functools import cache

import polars as pl

from flows.extract.neighbours import Flags, before, behind
from flows.lexicon import lexicon

# What an ending is replaced by to reach a word of the list: "cities" city, "raided" raid, "making" make.
ENDINGS = {
    "s": ("",),
    "es": ("", "e"),
    "ies": ("y",),
    "ed": ("", "e"),
    "ied": ("y",),
    "ing": ("", "e"),
    "er": ("", "e"),
    "ers": ("", "e"),
    "ly": ("", "le"),
    "ily": ("y",),
    "ness": ("",),
    "iness": ("y",),
    "ation": ("", "e"),
}
DOUBLED = r"([b-df-hj-np-tv-z])[b-df-hj-np-tv-z](?:ed|ing|er|ers)$"
LINKS = ["de", "del", "da", "dos", "du", "van", "von", "bin", "al"]  # inside a name, in lower case elsewhere


@cache
def common_words() -> pl.Series:
    return lexicon("common_words")["word"]


def add_loud_names(forms: pl.DataFrame) -> pl.DataFrame:
    """Add `is_loud_name` to distinct forms (`word`, `shouts`): a word of letters that is no common one. What joins
    names ("de") is none by itself."""
    if not forms["shouts"].any():
        return forms.with_columns(is_loud_name=False)
    loud = pl.col("shouts") & pl.col("word").str.contains(r"^\p{L}[\p{L}'-]+$") & ~pl.col("word").is_in(LINKS)
    words = forms.filter(loud).select("word").unique()
    last = pl.col("word").str.extract(r"([^-]+)$")
    words = words.with_columns(last=last.str.replace(r"'(?:s|d|ll|re|ve|m)$|n't$", ""))
    names = words.filter(pl.col("last").str.len_chars() > 1).join(_commons(words), on="word", how="anti")["word"]
    return forms.with_columns(is_loud_name=loud & pl.col("word").is_in(names.implode()))


def _commons(words: pl.DataFrame) -> pl.DataFrame:
    """Of `word`, `last` those whose last part is a common word or derives from one."""
    last = pl.col("last")
    roots = [last, last.str.replace(DOUBLED, "$1")]
    for ending, stems in ENDINGS.items():
        root = last.str.strip_suffix(ending)
        derives = last.str.ends_with(ending) & (root.str.len_chars() > 2)
        roots += [pl.when(derives).then(root + stem) for stem in stems]
    # One search for all roots: each alone would hash the list of common words anew.
    known = common_words().rename("root").to_frame()
    return words.select("word", root=pl.concat_list(roots)).explode("root").join(known, on="root", how="semi")


def joins_loud_names(name: Flags) -> Flags:
    """Where a token stands between two names, which a link belongs to: "ALVARO DE JESUS"."""
    return before(name) & behind(name)
