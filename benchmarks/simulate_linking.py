"""What linking would read and weigh in an archive of ten million articles, a million a day.

    newsledger run ../shared/eval/{stories,stories_ecb,counts,quotes,muc,clean}/docs.jsonl.gz --data DIR
    python -m benchmarks.simulate_linking DIR [--articles N ...] [--subjects N] [--a-day N]

The index is simulated (benchmarks.drawn_keys), not the texts. Some articles of the last day are asked for, and all that
they share keys with is added up as flows.link.meeting does it. Forms are learnt from the archive DIR, whose subjects
are the folders that its articles came from. The first table is the check: real keys of DIR beside as many drawn ones
of as many subjects. Forms learnt from a part of DIR (`--learn-from N`, the first N articles) show how far they carry.
"""

import argparse
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

import duckdb
import numpy as np
import polars as pl

from benchmarks.drawn_keys import Drawn, Forms, Numbers, draw, learn_forms
from flows.link.links import TOGETHER
from flows.link.meeting import MORE, SOON
from flows.warehouse.file import quoted

SIZES = (100_000, 1_000_000, 10_000_000)
A_DAY, SUBJECTS, ASKED = 1_000_000, 6, 200
WINDOWS = (1, 3, 7)  # days
CAPS = (1.0, 0.01, 0.003, 0.001)  # keys that a larger share of articles have are passed over
LEARNT = """
SELECT k.no, k.mark, k.weight, s.story_id AS story, p.published_at::DATE - DATE '1970-01-01' AS day,
  split_part(r.input, '/', -2) AS subject
FROM links.keys AS k JOIN links.profiles AS p USING (no) JOIN story_articles AS s USING (article_id)
JOIN current_revisions AS c USING (article_id) JOIN revisions AS r USING (article_id, revision)
WHERE r.language = 'en' OR r.language IS NULL
ORDER BY k.no, k.mark
"""
# What asked articles have in common with others, a row a day between them: `products` of keys that are added up, pairs
# that `share` a key, that are `met`, that are `weighed` (met, and not too little for how far apart they were printed),
# and weighed `mates` of one story.
COUNTED = ("products", "share", "met", "weighed", "mates")


class Asked(NamedTuple):
    """Articles of one `day` that are asked for: their postings by mark (`no`, `weight`; which `marks` those are, the
    `first` of each and how many, `n`), of each the `story` and its place (`itself`) in the part that it is of."""

    day: int
    marks: Numbers
    first: Numbers
    n: Numbers
    no: Numbers
    weight: Numbers
    story: Numbers
    itself: Numbers


class Hits(NamedTuple):
    """Postings of a part that have an asked mark: its `place` among these, `no` of the article, `weight`."""

    place: Numbers
    no: Numbers
    weight: Numbers


def ask(part: Drawn, number: int) -> Asked:
    """`number` articles of the last day in a part, spread evenly."""
    last = np.flatnonzero(part.day == part.day.max())
    chosen = last[np.linspace(0, len(last) - 1, min(number, len(last))).astype(int)]
    place = np.full(len(part.day), -1)
    place[chosen] = np.arange(len(chosen))
    held = np.flatnonzero(place[part.no] >= 0)
    held = held[np.argsort(part.mark[held], kind="stable")]
    marks, first, n = np.unique(part.mark[held], return_index=True, return_counts=True)
    nos, weights = place[part.no[held]], part.weight[held].astype(float)
    return Asked(int(part.day.max()), marks, first, n, nos, weights, part.story[chosen], chosen)


def look_up(asked: Asked, part: Drawn) -> Hits:
    """The postings of a part that asked articles read."""
    place = np.minimum(np.searchsorted(asked.marks, part.mark), len(asked.marks) - 1)
    hit = asked.marks[place] == part.mark
    return Hits(place[hit], part.no[hit], part.weight[hit].astype(float))


def count(asked: Asked, part: Drawn, hits: Hits, n_days: int, holds_asked: bool) -> Numbers:
    """A row a day and a column each of COUNTED; `holds_asked`: the part is the one that asked articles are of."""
    n_asked, size = len(asked.story), len(part.day)
    ago = asked.day - part.day
    times = asked.n[hits.place]
    nth = np.arange(times.sum()) + np.repeat(asked.first[hits.place] - np.cumsum(times) + times, times)
    ones, others = asked.no[nth], np.repeat(hits.no, times)
    products = asked.weight[nth] * np.repeat(hits.weight, times)
    sums = np.bincount(ones * size + others, products, minlength=n_asked * size).reshape(n_asked, size)
    found = np.zeros((n_days, len(COUNTED)), dtype=np.int64)
    found[:, 0] = np.bincount(ago[others], minlength=n_days)
    if holds_asked:
        found[0, 0] -= int((others == asked.itself[ones]).sum())
        sums[np.arange(n_asked), asked.itself] = 0.0
    found[:, 1] = np.bincount(ago, (sums > 0).sum(axis=0), minlength=n_days)
    one, other = np.nonzero(sums >= TOGETHER)
    stays = (ago[other] <= SOON) | (sums[one, other] >= MORE * TOGETHER)
    mates = stays & (asked.story[one] == part.story[other])
    for column, rows in enumerate((other, other[stays], other[mates]), start=2):
        found[:, column] = np.bincount(ago[rows], minlength=n_days)
    return found


class Simulated(NamedTuple):
    """Of an archive of `n_articles` with `n_postings`: COUNTED per asked article, by cap and days; postings that
    one batch of asked articles reads; seconds of processor per million products."""

    n_articles: int
    n_postings: int
    counted: Numbers
    n_read: int
    seconds: float


def simulate(forms: Forms, n_articles: int, n_days: int, n_subjects: int | None, n_asked: int = ASKED) -> Simulated:
    """Draw an archive part by part and count what articles of its last day meet in it."""
    asked, passed = None, []
    counted = np.zeros((len(CAPS), n_days, len(COUNTED)), dtype=np.int64)
    size = n_postings = n_read = 0
    seconds = 0.0
    for part in draw(forms, n_articles, n_days, n_subjects):
        begun = time.process_time()
        is_first = asked is None
        asked = asked or ask(part, n_asked)
        hits = look_up(asked, part)
        if is_first:
            share = np.bincount(hits.place, minlength=len(asked.marks)) / len(part.day)
            passed = [share > cap for cap in CAPS]
        for nth, over in enumerate(passed):
            kept = Hits(*(column[~over[hits.place]] for column in hits))
            counted[nth] += count(asked, part, kept, n_days, is_first)
            if nth == 0:
                seconds += time.process_time() - begun
        size, n_postings, n_read = size + len(part.day), n_postings + len(part.mark), n_read + len(hits.no)
    assert asked
    per_article = counted / len(asked.story)
    return Simulated(size, n_postings, per_article, n_read, seconds / counted[0, :, 0].sum() * 1e6)


def as_drawn(keys: pl.DataFrame) -> Drawn:
    """Real keys (LEARNT) as if they had been drawn, all of one day."""
    dense = keys.select(
        "mark", "weight", no=pl.col("no").rank("dense") - 1, story=pl.col("story").rank("dense").cast(pl.Int64) - 1
    )
    story = dense.select("no", "story").unique().sort("no")["story"].to_numpy()
    nos, marks, weights = (dense[name].to_numpy() for name in ("no", "mark", "weight"))
    return Drawn(nos.astype(np.int64), marks, weights, np.zeros(len(story), dtype=np.int64), story)


def count_real(keys: pl.DataFrame, n_asked: int) -> tuple[int, Numbers]:
    """How many real articles, and what asked ones among them have in common with all."""
    part = as_drawn(keys)
    asked = ask(part, n_asked)
    return len(part.day), count(asked, part, look_up(asked, part), 1, True)[0] / len(asked.story)


def read_learnt(data: Path) -> pl.DataFrame:
    """The keys of an archive with what LEARNT says of them."""
    with duckdb.connect(str(data / "work" / "ledger.duckdb"), read_only=True) as con:
        con.execute(f"ATTACH '{quoted(data / 'work' / 'links.duckdb')}' AS links (READ_ONLY)")
        return con.sql(LEARNT).pl()


def check(keys: pl.DataFrame, learn_from: int, n_asked: int) -> None:
    """Print what asked articles have in common with the first thousand, three thousand ... of the real ones, and with
    as many drawn ones."""
    nos = keys["no"].unique().sort()
    forms = learn_forms(keys.filter(pl.col("no") <= nos[min(learn_from, len(nos)) - 1]).with_columns(day=None))
    print("\n| articles | products an article: real, drawn | pairs that share a key | pairs met |\n|--:|--:|--:|--:|")
    for size in [size for size in (1_000, 3_000, 10_000, 30_000) if size < len(nos)] + [len(nos)]:
        _, real = count_real(keys.filter(pl.col("no") <= nos[size - 1]), n_asked)
        made = simulate(forms, size, 1, None, n_asked)
        drawn = made.counted[0, 0] * size / made.n_articles
        cells = [f"{one:,.1f}, {other:,.1f}" for one, other in zip(real[:3], drawn[:3], strict=True)]
        print(f"| {size:,} | {' | '.join(cells)} |", flush=True)


def tell(made: Simulated, n_days: int) -> None:
    """Print what an article costs in an archive of one size: in windows of days, without the commonest keys."""
    for cap, counted in zip(CAPS, made.counted, strict=True):
        for days in [days for days in WINDOWS if days < n_days] + [n_days]:
            products, share, met, weighed, mates = counted[:days].sum(axis=0)
            keys = "all" if cap == CAPS[0] else f"up to {cap:.1%}"
            cells = (f"{products:,.0f}", f"{share:,.0f}", f"{met:,.0f}", f"{weighed:,.0f}", f"{mates:.2f}")
            print(f"| {made.n_articles:,} | {keys} | {days} | {' | '.join(cells)} |", flush=True)


def read_day(forms: Forms, n_articles: int, n_subjects: int) -> None:
    """Print what a day's postings take as a file and what DuckDB takes to find those of a thousand articles in it."""
    with tempfile.TemporaryDirectory() as folder, duckdb.connect() as con:
        size = n_postings = 0
        for nth, part in enumerate(draw(forms, n_articles, 1, n_subjects)):
            marks = pl.DataFrame({"mark": part.mark, "no": (part.no + size).astype(np.int32), "weight": part.weight})
            marks.write_parquet(f"{folder}/{nth}.parquet")
            if nth == 0:
                con.register("asked", marks.filter(pl.col("no") < 1_000).select("mark").unique())
            size, n_postings = size + len(part.day), n_postings + len(part.mark)
        file = f"{folder}/day.parquet"
        con.execute(f"SET memory_limit = '3GB'; SET temp_directory = '{folder}/spill'")
        begun = time.process_time()
        con.execute(f"COPY (FROM '{folder}/[0-9]*.parquet' ORDER BY mark, no) TO '{file}'")
        sorted_in = time.process_time() - begun
        begun = time.process_time()
        n_read = con.sql(f"SELECT count(no + weight) FROM '{file}' SEMI JOIN asked USING (mark)").fetchall()[0][0]
        read_in = time.process_time() - begun
        n_bytes = Path(file).stat().st_size
    print(
        f"\nA day of {size:,} articles by mark: {n_postings:,} postings, {n_bytes / 1e6:,.0f} MB, sorted and written "
        f"in {sorted_in:.0f} s of processor; {n_read:,} of a thousand articles' marks read in {read_in:.1f} s."
    )


def main() -> None:
    """Print the check, the simulation, and what a day's file costs; with `--articles` and no number the check alone."""
    asked = argparse.ArgumentParser()
    asked.add_argument("data", type=Path)
    asked.add_argument("--articles", type=int, nargs="*", default=SIZES)
    asked.add_argument("--subjects", type=int, default=SUBJECTS)
    asked.add_argument("--a-day", type=int, default=A_DAY)
    asked.add_argument("--learn-from", type=int, default=10_000_000)
    given = asked.parse_args()
    keys = read_learnt(given.data)
    check(keys, given.learn_from, ASKED)
    if not given.articles:
        return
    forms = learn_forms(keys)
    head = "| articles | keys that as many have | days | " + " | ".join(COUNTED) + " |"
    print(f"\n{given.subjects} subjects, {given.a_day:,} articles a day; an article asked for:\n\n{head}")
    print("|--:|--:|--:|" + "--:|" * len(COUNTED))
    for size in given.articles:
        n_days = max(1, round(size / given.a_day))
        begun = time.process_time()
        made = simulate(forms, size, n_days, given.subjects)
        tell(made, n_days)
        told = f"{made.n_postings:,} postings, {made.n_read:,} read for {ASKED} articles"
        print(f"<!-- {told}, {made.seconds:.2f} s a million products; {time.process_time() - begun:.0f} s in all -->")
    read_day(forms, min(given.a_day, max(given.articles)), given.subjects)


if __name__ == "__main__":
    main()
