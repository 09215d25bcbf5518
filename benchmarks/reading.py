"""`python -m benchmarks.reading DATA`: draw facts at random from a data folder and print each beside its sentence, to
be read one by one; `python -m benchmarks.reading --verdicts FILE` prints the shares of what a reader found.

The draw depends on the seed and the facts' ids alone, so that it can be read again. Verdicts stand in
benchmarks/facts_read.csv: a row a fact with `set`, `document`, `type`, `what`, `char_start`, a column an aspect (right
| wrong | empty where it does not apply) and the `cause` of what is wrong; no sentence of the articles.
"""

import argparse
from pathlib import Path

import duckdb
import polars as pl

SHARES = {"count": 0.7, "claim": 0.1, "quote": 0.2}  # of the draw
ASPECTS = ["kind", "value", "scope", "event", "attribution"]
DRAW = """
SELECT a.source_name AS "set", split_part(a.input, '#', 2) AS document, f.type, f.what, f.char_start, f.field,
  f.who, f.via, c.unit, c.scope_reason, c.is_attacker, e.label, m.is_main, f.evidence,
  substr(f.evidence, f.char_start - f.evidence_start + 1, f.char_end - f.char_start) AS span
FROM facts AS f
JOIN articles AS a USING (article_id)
LEFT JOIN counts AS c ON c.count_id = f.fact_id
LEFT JOIN events AS e ON e.event_id = f.event_id
LEFT JOIN event_mentions AS m ON m.article_id = f.article_id AND m.event_id = f.event_id
WHERE f.type = ?
ORDER BY sha256(? || f.fact_id)
LIMIT ?
"""


def draw(data: Path, seed: int, n: int) -> list[dict[str, object]]:
    """The facts to read, as rows of DRAW."""
    rows: list[dict[str, object]] = []
    with duckdb.connect(str(data / "news.duckdb"), read_only=True) as con:
        for type_, share in SHARES.items():
            found = con.execute(DRAW, [type_, f"{seed}:", round(share * n)])
            names = [column[0] for column in found.description or []]
            rows += [dict(zip(names, row, strict=True)) for row in found.fetchall()]
    return rows


def show(number: int, row: dict[str, object]) -> None:
    """Print one fact with its sentence, the phrase marked."""
    about = "" if row["is_main"] else f" [other event: {row['label']}]"
    more = " attacker" if row["is_attacker"] else ""
    reason = f" ({row['scope_reason']})" if row["scope_reason"] else ""
    via = f" via {row['via']}" if row["via"] else ""
    place = f"{row['set']}#{row['document']}@{row['char_start']} {row['field']}"
    print(f"{number} {place} {row['type']}: {row['what']}{reason}{more}{about}")
    print(f"    who: {row['who']}{via}   unit: {row['unit']}")
    print(f"    {str(row['evidence']).replace(str(row['span']), '>>' + str(row['span']) + '<<', 1)}".replace("\n", " "))


def print_shares(file: Path) -> None:
    """The share of facts on which each aspect is right, by type, and the causes of what is wrong."""
    verdicts = pl.read_csv(file)
    for type_ in [None, *SHARES]:
        own = verdicts if type_ is None else verdicts.filter(type=type_)
        shares = []
        for aspect in ASPECTS:
            told = own[aspect].drop_nulls()
            shares.append(f"{aspect} {(told == 'right').sum()}/{len(told)}")
        print(f"{type_ or 'all'}: {', '.join(shares)}")
    for cause, n in verdicts["cause"].drop_nulls().value_counts(sort=True).iter_rows():
        print(f"{n:4d}  {cause}")


def main() -> None:
    """Read the arguments; draw or sum up."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("data", nargs="?", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--n", type=int, default=200)
    parser.add_argument("--verdicts", type=Path)
    given = parser.parse_args()
    if given.verdicts:
        print_shares(given.verdicts)
    elif given.data:
        for number, row in enumerate(draw(given.data, given.seed, given.n), 1):
            show(number, row)
    else:
        parser.error("name a data folder, or --verdicts FILE")


if __name__ == "__main__":
    main()
