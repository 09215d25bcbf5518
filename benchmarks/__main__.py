"""`make bench`: what is measured, as one table of ratios side by side. Opt-in; nothing asserts on it.

    python -m benchmarks [PART ...] [--rounds N] [--size N] [--out FILE]

Without a PART all of them run, each in a process of its own. `--rounds` and `--size` (pages or articles, the largest
number of them) are a shorter form, for the parts that have them. A part that fails, or whose inputs are not there, is
left out, which the page says.
"""

import argparse
import shlex
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.parts import PARTS, run_part
from benchmarks.table import Row, head, rows_table


def page_of(rows: list[Row], absent: list[str], given: Sequence[str] = ()) -> str:
    """The page: how it was `given`, head, table, what was left out."""
    told = [f"Left out: {reason}." for reason in absent]
    command = shlex.join(["python", "-m", "benchmarks", *given])
    intro = f"`{command}`: ratios measured side by side, medians. [RESULTS.md](RESULTS.md) has the history."
    return "\n\n".join(["# The latest measurements", intro, head(), rows_table(rows), *told]) + "\n"


def main() -> None:
    """Run the parts, print the page and write it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("parts", nargs="*", metavar="PART", help=", ".join(PARTS))
    parser.add_argument("--rounds", type=int)
    parser.add_argument("--size", type=int)
    parser.add_argument("--out", type=Path, help="where the page is written too")
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
    page = page_of(rows, absent, sys.argv[1:])
    print(page)
    if given.out:
        given.out.write_text(page, "utf-8")


if __name__ == "__main__":
    main()
