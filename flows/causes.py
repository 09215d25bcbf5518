"""Why a rebuild would change a fact: the rule without which it would not, found by taking changes back one by one."""

import shutil
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl

from flows.batches import Batch, Place, clean_batch, extract_batch
from flows.collect.archive import Archive, read_raw
from flows.schema import KEY
from flows.warehouse.file import open_ledger
from flows.warehouse.replay import RuleChange, changes_since, learnt_since, without

MOST = 40  # changes that are tried one by one; of more, those whose words stand in the articles come first
PLACED = ("field", "char_start", "char_end", "event_no")
SHOWN = {
    "counts": (*PLACED, "kind", "value", "low", "high", "modifier", "unit", "scope", "attributed_to"),
    "claims": (*PLACED, "stance", "actor", "asserted_by", "attributed_via"),
    "quotes": (*PLACED, "speaker", "speaker_role"),
}
TOLD = pl.Schema({"article_id": pl.String, "told": pl.String})


@dataclass(frozen=True)
class Cause:
    """A change of the rules and the articles whose facts it changes. `is_shown`: they come out otherwise without it;
    else it is only among the changes that bear on them."""

    change: RuleChange
    articles: frozenset[str]
    is_shown: bool


def find_causes(data: Path, facts: pl.DataFrame, place: Place, folder: Path) -> list[Cause]:
    """The causes of changed facts (`article_id`, `revision`), those of most articles first.

    Each changed row of a lexicon is taken back alone and the changed articles are read again: what comes out otherwise
    is that row's doing. Changed code cannot be taken back; it is shown where the lexicons as they were do not bring
    the old facts back.
    """
    changed = facts.select("article_id", "revision").unique()
    if changed.is_empty():
        return []
    with open_ledger(data) as con:
        con.register("changed", changed)
        articles = con.sql(
            "SELECT r.article_id, r.raw_sha256, r.facts_version, concat_ws(chr(10), r.title, r.text) AS told "
            "FROM changed JOIN revisions AS r USING (article_id, revision) ORDER BY ALL"
        ).pl()
        con.unregister("changed")
        changes = [
            change
            for version in articles["facts_version"].unique().sort()
            for change in changes_since(con, version)
            if change.stages & {"clean", "extract"}
        ]
        changes += learnt_since(con, changed)
    changes = list(dict.fromkeys(changes))
    rows = [change for change in changes if change.row is not None]
    rows.sort(key=lambda change: -articles.filter(change.touches(pl.col("told"))).height)
    raw = _raw_of(data, articles, folder)
    today = _facts_of(raw, place, folder / "today")
    causes = []
    for number, change in enumerate(rows[:MOST]):
        lexicon = _lexicon(place, folder / f"without-{number}", [change])
        other = _facts_of(raw, replace(place, lexicon=str(lexicon)), folder / f"facts-{number}")
        causes.append(Cause(change, _differing(today, other), is_shown=True))
    whole = [change for change in changes if change.row is None]
    if whole:
        lexicon = _lexicon(place, folder / "lexicon-before", rows)
        now = _facts_of(raw, replace(place, lexicon=str(lexicon)), folder / "facts-before")
        by_code = _differing(_published_facts(data, articles), now)
        causes += [Cause(change, by_code, is_shown=len(whole) == 1) for change in whole]
    explained = frozenset().union(*(cause.articles for cause in causes))
    left = articles.filter(~pl.col("article_id").is_in(list(explained)))
    for change in rows:
        touched = frozenset(left.filter(change.touches(pl.col("told")))["article_id"])
        causes.append(Cause(change, touched, is_shown=False))
    return sorted((cause for cause in causes if cause.articles), key=lambda cause: (-len(cause.articles), str(cause)))


def _raw_of(data: Path, articles: pl.DataFrame, folder: Path) -> pl.DataFrame:
    """The changed articles' raw documents, in a file of their own: `path`, and their number."""
    contents = Archive(data / "raw").contents.join(articles, on=KEY, how="semi", maintain_order="left")
    documents = read_raw(contents["path"].unique(maintain_order=True), articles.select(KEY))
    documents.write_parquet(folder / "changed.parquet")
    documents.select(KEY).write_parquet(folder / "changed-keys.parquet")
    return documents.select(KEY)


def _facts_of(raw: pl.DataFrame, place: Place, folder: Path) -> pl.DataFrame:
    """TOLD: the facts of the changed articles under a place's lexicons, one text a fact."""
    folder.mkdir()
    spot = replace(place, folder=folder)
    above = folder.parent
    batch = Batch("changed", (above / "changed.parquet",), raw.height, 0, above / "changed-keys.parquet")
    extracted = extract_batch((clean_batch(batch, spot),), spot)
    told = [pl.DataFrame(schema=TOLD)]
    for name, columns in SHOWN.items():
        facts = pl.read_parquet(extracted / f"{name}.parquet") if (extracted / f"{name}.parquet").exists() else None
        if facts is not None:
            words = [pl.lit(name), *(pl.col(column).cast(pl.String) for column in columns)]
            told.append(facts.select("article_id", told=pl.concat_str(words, separator=" ", ignore_nulls=True)))
    return pl.concat(told)


def _published_facts(data: Path, articles: pl.DataFrame) -> pl.DataFrame:
    """The same of what the ledger holds."""
    told = [pl.DataFrame(schema=TOLD)]
    with open_ledger(data) as con:
        con.register("wanted", articles.select(KEY))
        told += [
            con.sql(
                f"SELECT article_id, concat_ws(' ', '{name}', {', '.join(f'f.{one}' for one in columns)}) AS told "
                "FROM wanted JOIN revisions AS r USING (article_id, raw_sha256) "
                f"JOIN stated_{name} AS f USING (article_id, revision)"
            ).pl()
            for name, columns in SHOWN.items()
        ]
        con.unregister("wanted")
    return pl.concat(told)


def _differing(one: pl.DataFrame, other: pl.DataFrame) -> frozenset[str]:
    """The articles that tell something in only one of the two."""
    odd = [
        one.join(other, on=["article_id", "told"], how="anti"),
        other.join(one, on=["article_id", "told"], how="anti"),
    ]
    return frozenset(pl.concat(odd)["article_id"])


def _lexicon(place: Place, folder: Path, taken_back: list[RuleChange]) -> Path:
    """A copy of the run's lexicons with some changes taken back."""
    shutil.copytree(place.lexicon, folder)
    for change in taken_back:
        without(change, folder)
    return folder
