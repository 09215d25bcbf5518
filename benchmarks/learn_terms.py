"""Learn how common words are: seeds/lexicon/term_shares.csv.

    pip install wordfreq==3.1.1 && python -m benchmarks.learn_terms ../shared/eval

A word's share is the part of the documents that hold it: as half a of the evaluation sets on stories shows it, or as
English at large does (wordfreq's frequency of the word, for a document of 250 words), whichever is larger. The table is
frozen and shipped, so that the likeness of two articles never depends on what else is in the ledger. Words in under
0.1 % of the documents are left out: rare. wordfreq is needed here only; its frequencies are CC BY-SA 4.0.
"""

import gzip
import hashlib
import json
import math
import re
import sys
from collections import Counter
from pathlib import Path

import wordfreq

from flows.lexicon import lexicons
from flows.link.marks import WORD

SETS = ("stories", "stories_ecb")
SEEN = 0.004  # a share of half a that is counted, not chance
LEAST = 0.001
LENGTH = 250  # words of a document


def in_half_a(gold: dict[str, object]) -> bool:
    """As the scorer halves its sets: whole incidents and topics stay together."""
    key = str(gold.get("incident") or gold.get("topic") or gold.get("cluster") or gold["id"])
    return hashlib.sha1(key.encode()).digest()[0] % 2 == 0


def main(folder: Path) -> None:
    """Read half a, count, write the lexicon."""
    holds: Counter[str] = Counter()
    n_documents = 0
    for name in SETS:
        with gzip.open(folder / name / "gold.jsonl.gz", "rt", encoding="utf-8") as lines:
            ids = {gold["id"] for gold in map(json.loads, lines) if in_half_a(gold)}
        with gzip.open(folder / name / "docs.jsonl.gz", "rt", encoding="utf-8") as lines:
            for document in map(json.loads, lines):
                if document["id"] in ids:
                    n_documents += 1
                    text = f"{document.get('title') or ''}\n{document['text']}".lower().replace("’", "'")
                    holds.update({word.removesuffix("'s") for word in re.findall(WORD, text)})
    own = {word: n / n_documents for word, n in holds.items() if n / n_documents >= SEEN}
    english = {
        word: 1 - math.exp(-LENGTH * frequency)
        for word, frequency in wordfreq.get_frequency_dict("en", wordlist="large").items()
        if re.fullmatch(WORD, word)
    }
    shares = {word: max(own.get(word, 0.0), english.get(word, 0.0)) for word in own.keys() | english.keys()}
    rows = sorted((word, share) for word, share in shares.items() if share >= LEAST)
    out = "".join(f"{word},{share:.4f}\n" for word, share in rows)
    (lexicons() / "term_shares.csv").write_text("word,share\n" + out, encoding="utf-8")
    print(f"{len(rows)} words from {n_documents} documents and wordfreq")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
