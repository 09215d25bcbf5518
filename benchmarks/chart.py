"""`python -m benchmarks.chart`: draws history.csv as history.svg, a bar a change that mattered, by measure.

Bars of one measure share a scale that begins at 0 and holds its target. Colours are the reader's: light or dark.
"""

import csv
from collections import defaultdict
from html import escape
from pathlib import Path

HISTORY = Path(__file__).resolve().parent / "history.csv"
CHART = HISTORY.with_suffix(".svg")
COLUMNS = ["date", "change", "measure", "value", "target", "note"]
WIDTH, MARGIN, LABELS, BARS, LINE, GAP = 880, 20, 430, 350, 24, 48
STYLE = """
  svg { --paper: #ffffff; --ink: #1f2430; --quiet: #5b6472; --bar: #9cc3ea; --target: #a8400a; }
  @media (prefers-color-scheme: dark) {
    svg { --paper: #14181f; --ink: #e6e9ef; --quiet: #9aa4b2; --bar: #35608f; --target: #ffb27a; }
  }
  text { font: 13px system-ui, sans-serif; fill: var(--ink); } .title { font-weight: 600; font-size: 15px; }
  .date { fill: var(--quiet); } .aim { fill: var(--target); } .paper { fill: var(--paper); } .bar { fill: var(--bar); }
  .target { stroke: var(--target); stroke-width: 2; }
"""


def read_history() -> dict[str, list[dict[str, str]]]:
    """The rows of history.csv by measure, both in the order of the file. Raises ValueError where its columns differ."""
    with HISTORY.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file)
        if rows.fieldnames != COLUMNS:
            raise ValueError(f"{HISTORY.name}: columns {rows.fieldnames}, not {COLUMNS}")
        found: dict[str, list[dict[str, str]]] = defaultdict(list)
        for row in rows:
            found[row["measure"]].append(row)
    return found


def panel(measure: str, rows: list[dict[str, str]], top: int) -> list[str]:
    """The marks of one measure; `top` is where its title stands."""
    sign, _, aim = rows[-1]["target"].partition(" ")
    most = max(float(value) for value in [*(row["value"] for row in rows), aim])
    left = MARGIN + LABELS
    at = left + BARS * float(aim) / most
    marks = [
        f'<text class="title" x="{MARGIN}" y="{top}">{escape(measure)}</text>',
        f'<text class="aim" x="{at:.1f}" y="{top}" text-anchor="middle">{escape(sign)} {aim}</text>',
    ]
    for number, row in enumerate(rows):
        y = top + 10 + LINE * number
        long, middle = BARS * float(row["value"]) / most, y + LINE / 2 + 3
        marks += [
            f"<g><title>{escape(row['note'])}</title>",
            f'<text class="date" x="{MARGIN}" y="{middle:g}">{row["date"]}</text>',
            f'<text x="{MARGIN + 85}" y="{middle:g}">{escape(row["change"])}</text>',
            f'<rect class="bar" x="{left}" y="{y + 4}" width="{long:.1f}" height="{LINE - 8}" rx="2"/>',
            f'<text x="{WIDTH - MARGIN}" y="{middle:g}" text-anchor="end">{row["value"]}</text></g>',
        ]
    bottom = top + 10 + LINE * len(rows)
    return [*marks, f'<line class="target" x1="{at:.1f}" x2="{at:.1f}" y1="{top + 6}" y2="{bottom}"/>']


def draw() -> str:
    """The chart as SVG."""
    top, marks = MARGIN + 16, []
    for measure, rows in read_history().items():
        marks += panel(measure, rows, top)
        top += LINE * len(rows) + GAP
    size = f'width="{WIDTH}" height="{top}" viewBox="0 0 {WIDTH} {top}"'
    about = '<title>What was measured, by change</title><rect class="paper" width="100%" height="100%"/>'
    opened = f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img">'
    return "\n".join([opened, f"<style>{STYLE}</style>", about, *marks, "</svg>", ""])


if __name__ == "__main__":
    CHART.write_text(draw(), "utf-8")
