"""A made ledger with what an operator watches: a source that fails, rejects, learnt lines, a muted source, runs."""

from datetime import timedelta
from pathlib import Path

from flows.warehouse.origins import find_origins
from flows.warehouse.publish import publish
from tests.small_ledger import SmallLedger, hour, put, told

FAILING = "far/away"  # a name that is no single segment of an address
NOW = hour(100)
LABEL = "The Gleaner <b>1888</b>"
KEPT = "What is known"


def watched(data: Path) -> Path:
    """Publish it in the folder `data`: three runs, the second failed; `far/away` failed twice, `wire` has articles,
    `muted` is muted."""
    ledger = SmallLedger(data)
    con = ledger.con
    for name, kind in (("wire", "folder"), (FAILING, "feed"), ("muted", "feed")):
        source = {"source_name": name, "type": kind, "location": f"http://{name}.example/feed"}
        put(con, "sources", source | {"first_seen_at": hour(0), "last_read_at": NOW})
    for number, article in enumerate(("a", "b", "c", "d", "e")):
        ledger.write(
            article, NOW - timedelta(days=4 - number), told(3 + number), title=f"Fire {article}", word_count=30
        )
    _write_lines(ledger)
    _write_fetches(ledger)
    _write_runs(ledger)
    mute = {"correction_id": "cor_1", "correction_no": 1, "action": "mute", "type": "source", "target": "muted"}
    said = {"corrected_by": "ana", "corrected_at": NOW, "why": "a mirror of another", "state": "holds"}
    put(con, "corrections", mute | said)
    find_origins(con)
    ledger.publish(NOW - timedelta(hours=1))
    ledger.write("f", NOW, told(12))
    find_origins(con)
    ledger.publish(NOW)
    put(con, "alert_deliveries", {"alert_id": "alr_1", "receiver": "desk.example", "outcome": "refused", "n_tries": 2})
    con.execute("COMMIT")
    con.close()
    publish(data, ledger.number, 1)
    return data


def _write_lines(ledger: SmallLedger) -> None:
    """A line that the rules drop, taken out of the last two articles, and one that an analyst keeps."""
    for number, (line, decision, by) in enumerate(((LABEL, "drop", "rules"), (KEPT, "keep", "analyst"))):
        put(ledger.con, "recurring_lines", {
            "line_id": f"lin_{number}", "publisher": "Gleaner", "part": "whole", "line": line, "folded": line.lower(),
            "line_key": number, "form": "label", "n_articles": 5, "n_head": 0, "n_body": 1, "n_tail": 4,
            "first_seen_at": hour(0), "last_seen_at": NOW, "decision": decision, "reason": f"why {decision}",
            "decided_by": by, "decided_at": NOW,
        })  # fmt: skip
        for article in "abcde":
            put(ledger.con, "article_lines", {
                "article_id": article, "revision": 1, "line_no": number, "part": "whole", "outlet": "Gleaner",
                "line_key": number, "whole_key": number, "place": "tail", "article_key": ord(article),
                "is_taken": number == 0 and article in "de",
            })  # fmt: skip


def _write_fetches(ledger: SmallLedger) -> None:
    """`wire` was heard, `far/away` failed twice; two pages of `wire` became no articles."""
    asked = [("wire", "read", "good", NOW), ("muted", "read", "good", NOW)]
    asked += [(FAILING, "timed out", "bad day", NOW - timedelta(hours=back)) for back in (1, 0)]
    for number, (name, outcome, verdict, at) in enumerate(asked):
        put(ledger.con, "fetches", {
            "run_id": f"run-{2 - number % 2}", "source_name": name, "input": f"http://{name}.example/feed",
            "outcome": outcome, "verdict": verdict, "n_documents": 5, "n_refused": 0, "n_known": 5, "is_source": True,
            "fetched_at": at, "seconds": 1.5, "detail": "30 s" if outcome == "timed out" else None,
        })  # fmt: skip
    for number in range(5):
        address = f"http://wire.example/{number}"
        fetch = {"run_id": "run-2", "source_name": "wire", "input": address, "outcome": "new", "verdict": "good"}
        fetch |= {"n_documents": 1, "n_refused": 0, "is_source": False, "fetched_at": NOW, "seconds": number + 0.5}
        put(ledger.con, "fetches", fetch)
        refused = {"input": address, "stage": "clean", "reason": "no article", "detail": f"only {number} words"}
        refused |= {"run_id": "run-2", "seen_at": NOW, "raw_sha256": f"{number:064}", "source_name": "wire"}
        put(ledger.con, "rejects", refused)


def _write_runs(ledger: SmallLedger) -> None:
    """A run that failed before the two that publish; what the last one took, warned of and told."""
    put(ledger.con, "runs", {
        "run_id": "run-0", "started_at": hour(0), "ended_at": hour(1), "state": "failed", "rules_version": "r1",
        "run_no": 0, "command": "run", "message": "OSError: no space left",
    })  # fmt: skip
    for stage, seconds in (("collect", 2.0), ("clean", 6.0)):
        put(ledger.con, "run_stages", {
            "run_id": "run-2", "stage": stage, "n_batches": 2, "n_reused": 1, "seconds": seconds
        })  # fmt: skip
    for batch, by in (("b1", "run-2"), ("b2", "run-1")):
        put(ledger.con, "run_batches", {
            "run_id": "run-2", "stage": "clean", "batch": batch, "n_documents": 5, "n_bytes": 100, "n_rows": 4,
            "n_refused": 1, "seconds": 3.0, "worked_by": by,
        })  # fmt: skip
    put(ledger.con, "alerts", {
        "alert_id": "alr_1", "about": "source", "subject": FAILING, "title": "far/away: failing", "text": "It fails.",
        "raised_at": NOW, "run_id": "run-2", "state": "passed on",
    })  # fmt: skip
