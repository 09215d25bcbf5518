"""`make bench`: what is measured, as one table of ratios side by side. Opt-in; nothing asserts on it.

    python -m benchmarks [PART ...] [--rounds N] [--size N]

Without a PART all of them run, each in a process of its own, and the table is written to LATEST.md too. `--rounds` and
`--size` (pages or articles, the largest number of them) are a shorter form, for the parts that have them: it only
prints. What a part needs and does not find leaves it out, which the page says.
"""

import argparse
import sys
from pathlib import Path

from benchmarks.parts import PARTS, run_part
from benchmarks.table import Row, head, rows_table

LATEST = Path(__file__).resolve().parent / "LATEST.md"


def page_of(rows: list[Row], absent: list[str]) -> str:
    """The page: head, table, what was left out."""
    told = [f"Left out: {reason}." for reason in absent]
    intro = (
        "`make bench`: ratios measured side by side, medians of their rounds; [RESULTS.md](RESULTS.md) has the history."
    )
    return "\n\n".join(["# The latest measurements", intro, head(), rows_table(rows), *told]) + "\n"


def main() -> None:
    """Run the parts, print the page, write it where it is whole."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("parts", nargs="*", metavar="PART", help=", ".join(PARTS))
    parser.add_argument("--rounds", type=int)
    parser.add_argument("--size", type=int)
    given = parser.parse_args()
    if unknown := set(given.parts) - set(PARTS):
        parser.error(f"no part {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
    options = {name: value for name in ("rounds", "size") if (value := getattr(given, name))}
    rows, absent = [], []
    for name in given.parts or PARTS:
        print(f"-- {name}", file=sys.stderr, flush=True)
        found, reason = run_part(name, options)
        rows += found
        absent += [reason] if reason else []
    page = page_of(rows, absent)
    print(page)
    if not given.parts and not options:
        LATEST.write_text(page, "utf-8")


if __name__ == "__main__":
    main()
