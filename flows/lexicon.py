"""What the rules know: the CSV files of seeds/lexicon, and the version of rules and lexicons together.

A lexicon is data: an analyst adds a row with its reason, no Python. Empty cells are NULL.
"""

import hashlib
from functools import cache
from pathlib import Path

import polars as pl

HERE = Path(__file__).resolve().parent
SHIPPED = HERE / "_shipped"  # where a wheel carries sql/ and seeds/; a checkout has them beside the package
ROOT = SHIPPED if SHIPPED.is_dir() else HERE.parent
SQL = ROOT / "sql"
SEEDS = ROOT / "seeds"
LEXICONS = SEEDS / "lexicon"


@cache
def lexicon(name: str) -> pl.DataFrame:
    """The lexicon `name` as a frame; every column a String but those that hold only integers."""
    return pl.read_csv(LEXICONS / f"{name}.csv", infer_schema_length=None, null_values=[""])


@cache
def rules_version() -> str:
    """Names today's rules: a hash over the lexicons and the code of the stages that turn bytes into facts."""
    digest = hashlib.sha256()
    rooms = [HERE / room for room in ("clean", "extract", "link")]
    files = sorted(LEXICONS.glob("*.csv")) + sorted(file for room in rooms for file in room.glob("*.py"))
    for file in files:
        digest.update(file.name.encode() + b"\0" + file.read_bytes())
    return f"r{digest.hexdigest()[:10]}"
