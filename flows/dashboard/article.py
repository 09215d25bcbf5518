"""An article as it stands in the ledger, and a fact in it: its phrase in its sentence, what was taken out around it."""

from collections.abc import Iterator
from itertools import groupby, pairwise

import duckdb

from flows.dashboard.errors import NotHere
from flows.dashboard.named import Articles
from flows.dashboard.render import Data
from flows.report.article import in_order
from flows.report.corrections import said_of_fact, told
from flows.warehouse.read import Row, rows

# What `named.Articles` has not.
ARTICLE = """
  SELECT source_name, published_from, modified_at, dateline, language, text, word_count, extractor, raw_sha256,
    fetched_at, rules_version
  FROM articles WHERE article_id = ?"""
FACTS = """
  SELECT fact_id, type, what, who, via, event_id, field, char_start, char_end, correction_id, set_aside
  FROM evidence WHERE article_id = ? ORDER BY field = 'text', char_start, char_end, fact_id"""
# `facts` is sorted by fact, `evidence` has an index on the article: both at once would be a scan.
OF_FACT = "SELECT article_id FROM facts WHERE fact_id = ?"
EVIDENCE = "SELECT * FROM evidence WHERE article_id = ?"
REMOVED = "SELECT line_no, text, rule FROM removed_lines WHERE article_id = ? ORDER BY line_no NULLS FIRST"
CANDIDATES = """
  SELECT field, value, source, is_chosen FROM candidates WHERE article_id = ? ORDER BY field, is_chosen DESC, rank"""
REVISIONS = """
  SELECT revision, first_seen_at, title, word_count, raw_sha256 FROM revisions WHERE article_id = ? ORDER BY revision"""
STORIES = """
  SELECT s.story_id, s.headline FROM story_articles AS m JOIN stories AS s USING (story_id) WHERE m.article_id = ?"""
COPIED = "SELECT article_id FROM copies WHERE copy_of = ? ORDER BY article_id LIMIT 200"
LET_GO = "SELECT let_go_at, why FROM let_go WHERE article_id = ? AND raw_sha256 = ?"


def article(con: duckdb.DuckDBPyConnection, article_id: str, fact: Row | None = None) -> Data:
    """An article of the ledger (`articles`), its text as `lines` in the order of the page with what was taken out, its
    facts, the candidates of each field, its revisions, copies and stories. Raises NotHere."""
    found = rows(con, ARTICLE, [article_id])
    if not found:
        raise NotHere(_gone(con, article_id))
    articles = Articles(con)
    one = articles.of([article_id])[0] | found[0]
    facts = rows(con, FACTS, [article_id])
    removed = rows(con, REMOVED, [article_id])
    offered = groupby(rows(con, CANDIDATES, [article_id]), key=lambda row: row["field"])
    let_go = rows(con, LET_GO, [article_id, one["raw_sha256"]])
    return {
        "article": {name: value for name, value in one.items() if name != "text"},
        "lines": list(_lines(one["text"], removed, fact)),
        "title_parts": _parts(one["title"] or "", 0, fact if fact and fact["field"] == "title" else None),
        "facts": facts,
        "n_removed": len(removed),
        "candidates": [{"field": field, "offered": list(same)} for field, same in offered],
        "revisions": rows(con, REVISIONS, [article_id]),
        "stories": rows(con, STORIES, [article_id]),
        "copies": articles.of(row["article_id"] for row in rows(con, COPIED, [article_id])),
        "let_go": let_go[0] if let_go else None,
    }


def fact(con: duckdb.DuckDBPyConnection, fact_id: str) -> Data:
    """A count, claim or quote: what it says, its sentence with the phrase marked (`sentence`), corrections of it, and
    its article as `article` gives it. Raises NotHere."""
    found = rows(con, OF_FACT, [fact_id])
    if not found:
        raise NotHere(f"No count, claim or quote has the id {fact_id}.")
    one = next(row for row in rows(con, EVIDENCE, [found[0]["article_id"]]) if row["fact_id"] == fact_id)
    corrected = said_of_fact(con, fact_id) if one["correction_id"] else []
    return {
        "fact": one,
        "sentence": _parts(one["evidence"], one["evidence_start"], one),
        "corrections": [row | {"told": told(row)} for row in corrected],
        **article(con, one["article_id"], one),
    }


def _gone(con: duckdb.DuckDBPyConnection, article_id: str) -> str:
    gone = rows(con, "SELECT forgotten_at, why FROM forgotten WHERE article_id = ?", [article_id])
    if not gone:
        return f"No article has the id {article_id}."
    return f"{article_id} was forgotten on {gone[0]['forgotten_at']:%Y-%m-%d}: {gone[0]['why']}"


def _lines(text: str, removed: list[Row], fact: Row | None) -> Iterator[Data]:
    """Each line: kept ones as `parts` (text and how it is marked), removed ones with their `rule`."""
    start = 0
    for line, rule in in_order(text.split("\n"), removed):
        if rule:
            yield {"rule": rule, "parts": [{"text": line, "is_phrase": False, "is_sentence": False}]}
            continue
        yield {"rule": None, "parts": _parts(line, start, fact if fact and fact["field"] == "text" else None)}
        start += len(line) + 1


def _parts(text: str, start: int, fact: Row | None) -> list[Data]:
    """A text that begins at a place of its field, cut where a fact's sentence and its phrase begin and end."""
    if fact is None:
        return [{"text": text, "is_phrase": False, "is_sentence": False}]
    sentence = (fact["evidence_start"] - start, fact["evidence_start"] + len(fact["evidence"]) - start)
    phrase = (fact["char_start"] - start, fact["char_end"] - start)
    cuts = sorted({0, len(text), *(min(max(cut, 0), len(text)) for cut in (*sentence, *phrase))})
    return [
        {
            "text": text[low:high],
            "is_phrase": phrase[0] <= low < phrase[1],
            "is_sentence": sentence[0] <= low < sentence[1],
        }
        for low, high in pairwise(cuts)
    ]
