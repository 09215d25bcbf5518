"""A ledger whose every free text is what somebody hostile wrote or, in the same places, something harmless."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import polars as pl

from flows.warehouse.origins import find_origins
from flows.warehouse.publish import publish
from flows.warehouse.times import set_printed_at
from tests.small_ledger import SmallLedger, hour, told

Word = Callable[[int], str]
Tables = defaultdict[str, list[dict[str, Any]]]
STANCES = ("claimed", "denied", "blamed", "suspected", "reported")
DAY = date(2026, 3, 1)


def fill(data: Path, word: Word, n_single: int, n_crowded: int, crowd: int) -> Path:
    """A data folder with `n_single` stories of one article and a source each, and `n_crowded` stories of `crowd`
    articles on one event. What stands in a field is `word` of a number that is another one for each article: in as
    many articles as there are words, every field has had every word."""
    ledger, tables = SmallLedger(data), Tables(list)
    for number in range(n_single):
        _story(tables, f"s{number}", [number], word)
        _source(tables, number, word)
        _operation(tables, number, word)
    for number in range(n_crowded):
        _story(tables, f"c{number}", range(number * crowd, (number + 1) * crowd), word)
    _load(ledger, tables)
    ledger.publish(hour(300))
    for number in range(5):
        _revise(ledger, f"s{number}", number, word)
    find_origins(ledger.con)
    ledger.publish(hour(400))
    publish(data, ledger.number, 1)
    return data


def _load(ledger: SmallLedger, tables: Tables) -> None:
    """All rows of a table at once: one by one they would take a minute."""
    con = ledger.con
    for table, rows in tables.items():
        con.register("rows_of_table", pl.DataFrame(rows, infer_schema_length=None))
        con.execute(f"INSERT INTO {table} BY NAME FROM rows_of_table")
        con.unregister("rows_of_table")
    con.execute("INSERT INTO current_revisions SELECT article_id, revision FROM revisions")
    con.execute("CREATE OR REPLACE TEMP TABLE fresh AS SELECT article_id FROM revisions")
    set_printed_at(con, "fresh")
    find_origins(con)


def _words(word: Word, number: int) -> Iterator[str]:
    return map(word, count(number, 7))


def _story(tables: Tables, name: str, numbers: Sequence[int], word: Word) -> None:
    """A story on one event, told by an article for each number; of a crowd each fifth is a copy of the first."""
    words = _words(word, numbers[0] + 3)
    story, event = f"sto_{name}", f"evt_{name}"
    tables["linked_stories"].append({"story_id": story, "headline": next(words), "updated_at": hour(1)})
    tables["linked_events"].append({
        "event_id": event, "kind": "attack", "label": next(words), "place": next(words), "country": next(words),
        "lat": 34.5 + numbers[0] / 100, "lon": 69.2, "where_precision": "place", "date_low": DAY, "date_high": DAY,
        "date_precision": "day", "is_aggregate": False,
    })  # fmt: skip
    for place, number in enumerate(numbers):
        article = f"{name}_{number}"
        _article(tables, article, number, word)
        tables["story_articles"].append({"story_id": story, "article_id": article})
        telling = {"article_id": article, "revision": 1, "event_no": 0, "event_id": event, "is_main": True}
        tables["mentioned_events"].append(telling | {"story_id": story, "happening_id": event})
        if place and place % 5 == 0:
            row = {"article_id": article, "copy_of": f"{name}_{numbers[0]}", "reason": "near", "similarity": 0.9}
            tables["copies"].append(row | {"n_own_words": 3})


def _article(tables: Tables, article: str, number: int, word: Word) -> None:
    words, at = _words(word, number), hour(number % 48)
    key = {"article_id": article, "revision": 1, "rules_version": "r1"}
    sentences = [next(words) for _ in range(3)]
    body = "\n".join(sentences)
    names = ("title", "publisher", "url", "dateline", "input", "origin")
    tables["revisions"].append(key | {name: next(words) for name in names} | {
        "source_name": word(number), "authors": [next(words), next(words)], "published_at": at - timedelta(hours=1),
        "published_precision": "minute", "published_from": "meta", "language": "en", "text": body, "extractor": "plain",
        "word_count": len(body.split()), "raw_sha256": f"{number:064}", "first_seen_at": at, "fetched_at": at,
        "facts_version": "r1",
    })  # fmt: skip
    spoken = ("attributed_to", "attributed_role", "attributed_org", "attributed_via", "unit", "victim")
    says = {name: next(words) for name in spoken} | {"is_attacker": False}
    spans = []
    for sentence in sentences:
        start = body.index(sentence)
        span = {"char_start": start, "char_end": start + len(sentence), "evidence_start": start, "evidence": sentence}
        spans.append(key | span | {"event_no": 0, "field": "text", "seen_at": at})
    toll, part = (
        told(number % 9, actor_type="witness"),
        told(number % 7, "wounded", actor_type="police", scope="part", scope_reason=next(words)),
    )
    tables["stated_counts"].append(spans[0] | says | toll | {"count_id": f"cnt_{article}_1"})
    tables["stated_counts"].append(spans[0] | says | part | {"count_id": f"cnt_{article}_2"})
    claim = {name: next(words) for name in ("actor", "asserted_by", "attributed_via")}
    tables["stated_claims"].append(spans[1] | claim | {"stance": STANCES[number % 5], "claim_id": f"clm_{article}"})
    speaker = {"speaker": next(words), "speaker_role": next(words)}
    tables["stated_quotes"].append(spans[2] | speaker | {"text": sentences[2], "quote_id": f"quo_{article}"})
    for sort in ("place", "actor", "person"):
        named = {"type": sort, "name": sentences[2], "canonical": next(words), "country": next(words)}
        span = {name: spans[2][name] for name in ("char_start", "char_end")}
        tables["stated_mentions"].append(key | span | named | {"lat": 34.5, "lon": 69.2})
    of_revision = {"article_id": article, "revision": 1}
    for rank in (1, 2):
        offered = {"field": "title", "value": next(words), "source": "meta", "rank": rank, "is_chosen": rank == 1}
        tables["candidate_history"].append(of_revision | offered)
        tables["removed_history"].append(of_revision | {"line_no": rank, "text": next(words), "rule": "editor_note"})


def _source(tables: Tables, number: int, word: Word) -> None:
    words = _words(word, number)
    name, at = next(words), hour(number % 48)
    row = {"source_name": name, "type": "feed", "location": next(words), "publisher": next(words)}
    tables["sources"].append(row | {"first_seen_at": at, "last_read_at": at})
    tables["fetches"].append({
        "run_id": "run-1", "source_name": name, "input": next(words), "outcome": "failed", "n_documents": 1,
        "n_refused": 1, "fetched_at": at, "verdict": next(words), "is_source": number % 2 == 0, "status": 500,
        "detail": next(words), "final_url": next(words), "n_bytes": 10, "seconds": 1.5,
    })  # fmt: skip
    tables["rejects"].append({
        "input": next(words), "stage": "clean", "reason": next(words), "detail": next(words), "run_id": "run-1",
        "seen_at": at, "raw_sha256": f"{number:064}", "source_name": name,
    })  # fmt: skip
    line = {"publisher": next(words), "part": "whole", "line": next(words), "folded": next(words), "form": next(words)}
    numbers = {"n_articles": 9, "n_head": 1, "n_body": 2, "n_tail": 6, "line_key": number}
    judged = {"decision": "drop", "reason": next(words), "decided_by": "rules", "decided_at": at}
    seen = {"line_id": f"lin_{number}", "first_seen_at": at, "last_seen_at": at}
    tables["recurring_lines"].append(seen | line | numbers | judged)


def _operation(tables: Tables, number: int, word: Word) -> None:
    """What stands on the pages of runs, and an analyst's words."""
    words, at = _words(word, number), hour(number % 48)
    run = f"old-{number}"
    tables["runs"].append({
        "run_id": run, "started_at": at, "ended_at": at, "state": "failed", "rules_version": "r1", "n_documents": 3,
        "n_new": 1, "n_articles": 1, "n_rejects": 2, "message": next(words), "run_no": -number, "command": "run",
        "engine": next(words), "seconds": 2.5,
    })  # fmt: skip
    tables["run_warnings"].append({"run_id": run, "promise": next(words), "broken_by": next(words)})
    tables["run_batches"].append({
        "run_id": run, "stage": "clean", "batch": next(words), "n_documents": 3, "n_bytes": 9, "n_rows": 1,
        "n_refused": 2, "seconds": 0.5, "worked_by": next(words),
    })  # fmt: skip
    tables["corrections"].append({
        "correction_id": f"cor_{number}", "correction_no": number + 1, "action": "fix", "type": "count",
        "target": f"cnt_s{number}_{number}_1", "article_id": f"s{number}_{number}", "kind": next(words),
        "value": next(words), "evidence": next(words), "nth": 1, "sets": _setting(next(words)),
        "corrected_by": next(words), "corrected_at": at, "why": next(words), "state": "holds",
    })  # fmt: skip
    alert = {"alert_id": f"alt_{number}", "raised_at": at, "run_id": run, "event_id": f"evt_s{number}"}
    tables["alerts"].append(
        alert | {"about": "toll", "subject": next(words), "title": next(words), "text": next(words)}
    )
    tables["alert_deliveries"].append({
        "alert_id": f"alt_{number}", "receiver": next(words), "outcome": "refused", "n_tries": 2, "tried_at": at,
        "detail": next(words),
    })  # fmt: skip
    tables["let_go"].append({"article_id": f"s{number}_{number}", "raw_sha256": f"{number:064}", "let_go_at": at,
        "why": next(words)})  # fmt: skip
    tables["corrected_counts"].append({
        "count_id": f"cnt_s{number}_{number}_1", "kind": "killed", "value": 4, "low": 4, "high": 4,
        "modifier": "exact", "is_attacker": False, "scope": "total", "attributed_to": next(words),
        "set_aside": next(words) if number % 2 else None, "correction_ids": [f"cor_{number}"],
    })  # fmt: skip


def _revise(ledger: SmallLedger, name: str, number: int, word: Word) -> None:
    """A second revision of a story's article, which says something else."""
    words = _words(word, number + 5)
    texts: dict[str, Any] = {key: next(words) for key in ("title", "publisher", "url", "dateline", "input")}
    ledger.write(
        f"{name}_{number}", hour(350), told(40 + number, evidence=next(words), attributed_to=next(words)),
        event=f"evt_{name}", removed=(next(words),), source_name=word(number), published_at=hour(1), **texts,
    )  # fmt: skip
    con, article = ledger.con, f"{name}_{number}"
    con.execute("UPDATE mentioned_events SET story_id = ? WHERE article_id = ?", [f"sto_{name}", article])


def _setting(words: str) -> str:
    return f"attributed_to={words.replace(';', ',')}"
