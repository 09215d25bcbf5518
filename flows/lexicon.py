"""What the rules know: the CSV files of seeds/lexicon, and the version of rules and lexicons together.

A lexicon is data: an analyst adds a row with its reason, no Python. Empty cells are NULL. NEWSLEDGER_LEXICON names
another folder of them; a run gives its workers a copy, so that all of it reads one state.
"""

import hashlib
import os
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

HERE = Path(__file__).resolve().parent
SHIPPED = HERE / "_shipped"  # where a wheel carries sql/ and seeds/; a checkout has them beside the package
ROOT = SHIPPED if SHIPPED.is_dir() else HERE.parent
SQL = ROOT / "sql"
SEEDS = ROOT / "seeds"
STAGES = ("clean", "extract", "link")
# What cleaning rests on: another version may read otherwise.
LIBRARIES = ("trafilatura", "htmldate", "lxml", "charset-normalizer", "py3langid")
READS = {
    "clean": {
        "boilerplate",
        "bylines",
        "credits",
        "line_marks",
        "markup",
        "months",
        "no_article",
        "outlet_endings",
        "outlets",
        "recurring_lines",
    },
    "link": {"actors", "likeness", "term_shares"},
}  # extract reads every other one, actors, outlets and their endings

# What collecting reads: it names what is collected, no fact is read by it, and no change of it makes a rebuild due.
COLLECTING = {"url_parameters"}
LOADING = {"speaker_words"}  # likewise: the load tells speakers apart with it, anew where it changed
# What a view reads: it is in the views' version, changes no fact and makes no rebuild due.
VIEWED = {"correction_notes"}
LEARNT = ("places", "term_shares")  # made by a script: the first rows tell the types of all, in a sixth of the time


def lexicons() -> Path:
    """The folder of the lexicons."""
    return Path(os.environ.get("NEWSLEDGER_LEXICON") or SEEDS / "lexicon")


@cache
def lexicon(name: str) -> "pl.DataFrame":
    """The lexicon `name` as a frame; every column a String but those that hold only integers."""
    import polars as pl  # 0.15 s; who asks a ledger needs the folders' names alone

    looked_at = 1_000 if name in LEARNT else None
    return pl.read_csv(lexicons() / f"{name}.csv", infer_schema_length=looked_at, null_values=[""])


def pattern_of(text: str) -> str:
    """A pattern of a lexicon as it is matched: upper and lower case alike but for a `(?-i)`; word boundaries are those
    of ASCII, for any other letter in a line drives a pattern with the boundaries of Unicode into its slow engine (six
    times as slow over the lines of news pages)."""
    return "(?i)" + text.replace(r"\b", r"(?-u:\b)")


def stages_that_read(part: str) -> set[str]:
    """The stages that a part of the rules ("lexicon/harm.csv", "clean/lines.py") bears on."""
    room, _, name = part.partition("/")
    if room in STAGES:
        return {room}
    word = name.removesuffix(".csv")
    if word in COLLECTING | LOADING | VIEWED:
        return set()
    own = {stage for stage, names in READS.items() if word in names}
    return own | {"extract"} if word in ("actors", "outlets", "outlet_endings") or not own else own


@cache
def rule_parts() -> dict[str, str]:
    """Today's rules, part by part: the SHA-256 of each lexicon, of each module that turns bytes into facts, and of the
    versions of the libraries that do."""
    from importlib.metadata import version

    code = {f"{room}/{file.name}": file for room in STAGES for file in sorted((HERE / room).glob("*.py"))}
    aside = COLLECTING | LOADING | VIEWED
    rules = [file for file in sorted(lexicons().glob("*.csv")) if file.stem not in aside]
    files = {f"lexicon/{file.name}": file for file in rules} | code
    libraries = {f"clean/{name}": version(name).encode() for name in LIBRARIES}
    parts = {part: file.read_bytes() for part, file in files.items()} | libraries
    return {part: hashlib.sha256(content).hexdigest() for part, content in parts.items()}


@cache
def rules_version() -> str:
    """Names today's rules: a hash over their parts."""
    told = "".join(f"{part}\0{digest}\0" for part, digest in rule_parts().items())
    return f"r{hashlib.sha256(told.encode()).hexdigest()[:10]}"
