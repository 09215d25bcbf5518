"""From what an analyst says to a correction that finds its fact, event or source again, whatever its id becomes."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import duckdb

from flows.warehouse.correcting import ANCHORS, anchored, say
from flows.warehouse.corrections import (
    TYPES,
    Correction,
    Telling,
    name_correction,
    read_telling,
    undone_ids,
    without_articles,
)
from flows.warehouse.drafts import Draft, read_exported, read_nth, write_out
from flows.warehouse.fixes import Unfit, complete, read_sets, split_sets, word_sets
from flows.warehouse.read import resolve

Con = duckdb.DuckDBPyConnection


def understand(con: Con, draft: Draft, said: Sequence[Correction], now: datetime) -> Correction:
    """The correction that a draft says after all that was `said`; one of those where it says the same.

    Raises Unfit, UsageError for what is not there, does not fit or does not say why.
    """
    if draft.action not in TYPES:
        raise Unfit(f"action {draft.action!r}: none of {', '.join(TYPES)}")
    if not (draft.why or "").strip():
        raise Unfit("say why in some words; they stand beside what is corrected")
    if not (draft.corrected_by or "").strip():
        raise Unfit("say by whom; a name stands beside what is corrected")
    if draft.corrected_at:
        now = _instant(draft.corrected_at)
    known = {one.correction_id: one for one in said}
    if draft.correction_id:
        exported = read_exported(draft, known.keys(), now)
        _check_not_forgotten(con, exported)
        there = known.get(draft.correction_id)
        if there and (there.action, there.anchor) != (exported.action, exported.anchor):
            raise Unfit(f"{draft.correction_id}: another correction has this id here")
        return there or exported
    if draft.action in ("fix", "drop"):
        return _of_fact(con, draft, said, now)
    return _of_other(con, draft, known, now)


def _of_other(con: Con, draft: Draft, known: Mapping[str, Correction], now: datetime) -> Correction:
    """Merge or split events, mute a source, take a correction back. The id is made of what was worded: an event's may
    be another when the same is said again."""
    action, anchor = str(draft.action), [TYPES[str(draft.action)], draft.target, draft.other]
    correction_id = name_correction(action, anchor, None, str(draft.corrected_by), str(draft.why))
    said = list(known.values())
    if correction_id in known:
        return known[correction_id]
    if not draft.target:
        raise Unfit(f"{action}: say what; the target is empty")
    target, other = draft.target, None
    tellings: tuple[Telling, ...] = ()
    if action == "merge":
        target, other, tellings = _merge(con, target, draft.other)
    elif action == "split":
        target, other, tellings = _split(con, target, draft.other)
    elif action == "mute":
        _check_source(con, target, said)
    else:
        _check_undo(target, known, said)
    whole: dict[str, Any] = {"target": target, "other": other, "tellings": tellings}
    return write_out(draft, now, correction_id, whole)


def _instant(text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise Unfit(f"corrected_at {text!r}: no instant; write it as 2026-11-21T09:30:00Z") from error
    return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)


def _check_not_forgotten(con: Con, exported: Correction) -> None:
    gone = {row[0] for row in con.execute("SELECT article_id FROM forgotten").fetchall()}
    if [exported] != without_articles([exported], gone):
        raise Unfit(f"{exported.correction_id}: it tells of an article that was forgotten")


def _of_fact(con: Con, draft: Draft, said: Sequence[Correction], now: datetime) -> Correction:
    """Fix or drop a count, a claim or a quote that a current revision states."""
    type, fact = _by_id(con, draft.target) if draft.target else _by_anchor(con, draft)
    anchor = (type, fact["article_id"], fact["of_kind"], fact["of_value"], fact["evidence"], fact["nth"])
    sets = read_sets(type, split_sets(draft.sets)) if draft.action == "fix" else {}
    worded = word_sets(sets) or None
    correction_id = name_correction(str(draft.action), anchor, worded, str(draft.corrected_by), str(draft.why))
    undone = undone_ids([(one.correction_id, one.action, one.target) for one in said])
    for one in said:
        if one.correction_id == correction_id:
            return one
        if one.anchor == anchor and one.correction_id not in undone:
            say(type, fact, vars(one))
            if one.action == draft.action == "drop":
                raise Unfit(f"dropped already by {one.corrected_by}: {one.why} ({one.correction_id})")
    if sets:
        if "actor" in sets:
            sets["actor"] = _canonical(con, str(sets["actor"]))
        if sets.get("attributed_to") and "actor_type" not in sets:
            sets["actor_type"] = _actor_type(con, str(sets["attributed_to"]))
        sets = complete(type, sets, fact)
        if all(fact[name] == value for name, value in sets.items()):
            raise Unfit(f"{word_sets(sets)}: it says so already")
    names = ("type", "article_id", "kind", "value", "evidence", "nth")
    fact_id = str(fact["fact_id"])
    return write_out(
        draft,
        now,
        correction_id,
        dict(zip(names, anchor, strict=True)) | {"target": fact_id, "sets": word_sets(sets) or None},
    )


def _by_id(con: Con, fact_id: str | None) -> tuple[str, dict[str, Any]]:
    for type, (table, column, *_) in ANCHORS.items():
        con.execute(
            f"CREATE OR REPLACE TEMP TABLE asked AS SELECT article_id FROM {table} WHERE {column} = ?", [fact_id]
        )
        found = con.sql(f"FROM ({anchored(type)}) WHERE fact_id = $1 AND is_current", params=[fact_id]).pl().to_dicts()
        if found:
            return type, found[0]
    raise Unfit(f"{fact_id}: no count, claim or quote of an article as it is now has this id")


def _by_anchor(con: Con, draft: Draft) -> tuple[str, dict[str, Any]]:
    type = draft.type or ""
    if type not in ANCHORS:
        raise Unfit(f"type {draft.type!r}: none of {', '.join(ANCHORS)}; or name the fact's id as target")
    needed = ("article_id", "value", "evidence", *(["kind"] if type != "quote" else []))
    if missing := [name for name in needed if not getattr(draft, name)]:
        raise Unfit(f"{', '.join(missing)}: empty; a {type} is found by all of {', '.join(needed)}, or by its id")
    con.execute("CREATE OR REPLACE TEMP TABLE asked AS SELECT ? AS article_id", [draft.article_id])
    found = con.sql(
        f"FROM ({anchored(type)}) WHERE is_current AND evidence = $1 AND of_value = $2 "
        "AND of_kind IS NOT DISTINCT FROM $3 AND nth = $4",
        params=[draft.evidence, draft.value, draft.kind, read_nth(draft.nth)],
    ).pl()
    if found.is_empty():
        raise Unfit(f"{draft.article_id}: states no such {type} now: {draft.kind or 'quote'} {draft.value}")
    return type, found.to_dicts()[0]


def _canonical(con: Con, actor: str) -> str:
    """An actor by the name that all articles have for it, where it is one that we know."""
    row = con.execute(
        "SELECT min(actor) FROM (SELECT actor, unnest(list_prepend(actor, aliases)) AS name FROM actors) "
        "WHERE lower(name) = lower(?)",
        [actor],
    ).fetchone()
    return str(row[0]) if row and row[0] else actor


def _actor_type(con: Con, name: str) -> str | None:
    row = con.execute("SELECT min(actor_type) FROM actors WHERE actor = ?", [_canonical(con, name)]).fetchone()
    return row[0] if row else None


def _tellings(con: Con, event_id: str, part: int) -> tuple[Telling, ...]:
    found = con.sql(
        "SELECT $2::INTEGER AS part, l.article_id, l.is_main, l.is_aggregate, l.kind, l.time_key, l.place, "
        "CASE WHEN l.is_main THEN [] ELSE coalesce(l.words, []) END AS words "
        "FROM told_events AS t JOIN current_revisions USING (article_id, revision) "
        "JOIN local_events AS l USING (article_id, revision, event_no) WHERE t.event_id = $1 "
        "ORDER BY l.article_id, l.event_no",
        params=[event_id, part],
    ).pl()
    return tuple(read_telling(one) for one in found.to_dicts())


def _merge(con: Con, target: str, other: str | None) -> tuple[str, str, tuple[Telling, ...]]:
    if not other:
        raise Unfit("merge: name the event that becomes the target, as other")
    stays, goes = resolve(con, "event", target), resolve(con, "event", other)
    if stays == goes:
        raise Unfit(f"{target}, {other}: these are one event already ({stays})")
    tellings = _tellings(con, stays, 1) + _tellings(con, goes, 2)
    if len({telling.is_aggregate for telling in tellings}) > 1:
        raise Unfit(f"{stays}, {goes}: a sum over a period and one thing that happened are never one event")
    return stays, goes, tellings


def _split(con: Con, target: str, other: str | None) -> tuple[str, str, tuple[Telling, ...]]:
    event_id, articles = resolve(con, "event", target), sorted(set((other or "").split()))
    tellings = _tellings(con, event_id, 1)
    here = {telling.article_id for telling in tellings}
    if not articles:
        raise Unfit("split: name the articles that tell of another event, as other")
    if strange := [one for one in articles if one not in here]:
        raise Unfit(f"{', '.join(strange)}: no article that tells of {event_id}; these do: {', '.join(sorted(here))}")
    if here == set(articles):
        raise Unfit(f"{event_id}: no other article tells of it; one must stay")
    parts = {True: 2, False: 1}
    moved = tuple(Telling(**(vars(one) | {"part": parts[one.article_id in articles]})) for one in tellings)
    return event_id, " ".join(articles), moved


def _check_source(con: Con, name: str, said: Sequence[Correction]) -> None:
    undone = undone_ids([(one.correction_id, one.action, one.target) for one in said])
    for one in said:
        if one.action == "mute" and one.target == name and one.correction_id not in undone:
            raise Unfit(f"{name}: muted already by {one.corrected_by}: {one.why} ({one.correction_id})")
    if not con.execute("FROM articles WHERE source_name = $1 OR publisher = $1 LIMIT 1", [name]).fetchone():
        raise Unfit(f"{name}: no article is of a source or publisher of this name; `newsledger status` lists sources")


def _check_undo(target: str, known: Mapping[str, Correction], said: Sequence[Correction]) -> None:
    if target not in known:
        raise Unfit(f"{target}: no correction has this id; `newsledger correct list` shows them")
    if target in undone_ids([(one.correction_id, one.action, one.target) for one in said]):
        raise Unfit(f"{target}: undone already; undo the undo to bring it back")
