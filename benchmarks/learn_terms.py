"""Learn how common words are: seeds/lexicon/term_shares.csv from half a of the evaluation sets on stories.

    python -m benchmarks.learn_terms ../shared/eval

A word's share is the part of the documents that hold it. The table is frozen and shipped, so that the likeness of two
articles never depends on what else is in the ledger. Words in under 0.4 % of the documents are left out: rare.
"""

import gzip
import hashlib
import json
import re
import sys
from collections import Counter
from pathlib import Path

from flows.lexicon import lexicons
from flows.link.terms import WORD

SETS = ("stories", "stories_ecb")
LEAST = 0.004


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
                    text = f"{document.get('title') or ''}\n{document['text']}".lower()
                    holds.update(set(re.findall(WORD, text)))
    rows = sorted((word, n / n_documents) for word, n in holds.items() if n / n_documents >= LEAST)
    out = "".join(f"{word},{share:.4f}\n" for word, share in rows)
    (lexicons() / "term_shares.csv").write_text("word,share\n" + out, encoding="utf-8")
    print(f"{len(rows)} words from {n_documents} documents")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
