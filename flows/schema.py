"""What flows: the frames between the stages, their columns and types, and the ids.

Every stage takes and returns frames of these shapes. Instants are UTC; NULL means unknown, never an empty string.
"""

import hashlib

import polars as pl

INSTANT = pl.Datetime("us", "UTC")
KEY = ["article_id", "raw_sha256"]  # one document as it was at one time
Columns = dict[str, pl.DataType | type[pl.DataType]]


def shape(columns: Columns) -> pl.Schema:
    """Columns and their types."""
    return pl.Schema(columns)


# One document as it came in, before anything is parsed. `body` is a file's, an answer's or a bulk line's bytes, without
# the transfer's compression; `kind` says how to read it: html | text | line, or feed | sitemap, which are kept as
# evidence and are no articles (`article_id` is NULL). `raw_sha256` is the hash of `body`. The same bytes are stored
# once: where they stand in an earlier file, `body` is NULL and `body_in` that file's name, or once had (a merged file
# stands for those that it was made of). `run_id` is the run that archived it (NULL in files of older versions, whose
# names tell it); `let_go_at` when its bytes were let go (NULL: they are here). `url` is what was asked for,
# `final_url` what answered, with `status` and `headers`, asked at `asked_at` and complete at `fetched_at`; `listed_*`
# is what the feed or sitemap at `listed_by` says of it, as worded (`listed_published_at`: that instant). NULL where a
# door knows nothing of the kind.
RAW = shape(
    {
        "article_id": pl.String,
        "raw_sha256": pl.String,
        "source_name": pl.String,
        "input": pl.String,
        "url": pl.String,
        "kind": pl.String,
        "publisher": pl.String,
        "body": pl.Binary,
        "fetched_at": INSTANT,
        "final_url": pl.String,
        "status": pl.Int32,
        "headers": pl.List(pl.Struct({"name": pl.String, "value": pl.String})),
        "asked_at": INSTANT,
        "listed_by": pl.String,
        "listed_title": pl.String,
        "listed_published": pl.String,
        "listed_published_at": INSTANT,
        "listed_publisher": pl.String,
        "body_in": pl.String,
        "run_id": pl.String,
        "let_go_at": INSTANT,
    }
)

# What became of one address in one run. `outcome` in words, `verdict` how it weighs: good | gone (for good) | broken |
# bad day | refused (by us) | deferred. `is_source`: the source's own address; then `n_documents` is what it listed and
# `n_known` how many of those were known and not asked. A path read has its `n_documents` and `n_refused`. `n_bytes` as
# unpacked.
FETCHES = shape(
    {
        "run_id": pl.String,
        "source_name": pl.String,
        "input": pl.String,
        "outcome": pl.String,
        "n_documents": pl.Int64,
        "n_refused": pl.Int64,
        "fetched_at": INSTANT,
        "verdict": pl.String,
        "n_known": pl.Int64,
        "is_source": pl.Boolean,
        "status": pl.Int32,
        "detail": pl.String,
        "final_url": pl.String,
        "n_bytes": pl.Int64,
        "seconds": pl.Float64,
    }
)

# What could not become a row: where it came from, the stage that refused it, why, and what helps.
REJECTS = shape(
    {
        "input": pl.String,
        "stage": pl.String,
        "reason": pl.String,
        "detail": pl.String,
        "article_id": pl.String,
        "raw_sha256": pl.String,
        "source_name": pl.String,
    }
)

# One cleaned article. `text` is its paragraphs parted by one newline.
ARTICLES = shape(
    {
        "article_id": pl.String,
        "input": pl.String,
        "url": pl.String,
        "publisher": pl.String,
        "source_name": pl.String,
        "title": pl.String,
        "authors": pl.List(pl.String),
        "published_at": INSTANT,
        "published_precision": pl.String,
        "published_from": pl.String,
        "modified_at": INSTANT,
        "dateline": pl.String,
        "origin": pl.String,
        "language": pl.String,
        "text": pl.String,
        "word_count": pl.Int32,
        "extractor": pl.String,
        "raw_sha256": pl.String,
        "fetched_at": INSTANT,
    }
)

# A line (or the part of one) that our rules took out; `line_no` counts the lines that came in, from 0. It is NULL for a
# block that went from a page's markup before; its text is cut at 300 characters.
REMOVED = shape(
    {"article_id": pl.String, "raw_sha256": pl.String, "line_no": pl.Int32, "text": pl.String, "rule": pl.String}
)

# A short line of an outlet's article, to be counted: `folded` is what it is known by (all of it, or its `part`: whole |
# start | end), `whole` all of it, `line` its wording, `form` how it reads, `place` where it stands (head | body | tail
# of the text); `article_line` is the article's longest line that may be its own: copies of one text have the same.
# `is_taken`: cleaning took the line out because it recurs.
LINES = shape(
    {
        "article_id": pl.String,
        "raw_sha256": pl.String,
        "line_no": pl.Int32,
        "outlet": pl.String,
        "part": pl.String,
        "folded": pl.String,
        "whole": pl.String,
        "line": pl.String,
        "form": pl.String,
        "place": pl.String,
        "article_line": pl.String,
        "is_taken": pl.Boolean,
    }
)

# What a page offers for a field (title | authors | published_at | ...), as worded, and where from; rank 1 comes first.
CANDIDATES = shape(
    {
        "article_id": pl.String,
        "raw_sha256": pl.String,
        "field": pl.String,
        "value": pl.String,
        "source": pl.String,
        "rank": pl.Int32,
        "is_chosen": pl.Boolean,
    }
)

_FACT: Columns = {
    "article_id": pl.String,
    "raw_sha256": pl.String,
    "event_no": pl.Int32,  # the article's own event: 0 is what it is about
    "field": pl.String,
    "evidence": pl.String,
    "evidence_start": pl.Int32,
    "char_start": pl.Int32,
    "char_end": pl.Int32,
}

COUNTS = shape(
    _FACT
    | {
        "kind": pl.String,
        "value": pl.Int64,
        "low": pl.Int64,
        "high": pl.Int64,
        "modifier": pl.String,
        "unit": pl.String,
        "victim_class": pl.String,
        "is_attacker": pl.Boolean,
        "victim": pl.String,
        "age": pl.Int32,
        "is_more": pl.Boolean,
        "victim_no": pl.Int32,
        "list_no": pl.Int32,
        "scope": pl.String,
        "scope_reason": pl.String,
        "attributed_to": pl.String,
        "attributed_role": pl.String,
        "attributed_org": pl.String,
        "attributed_via": pl.String,
        "actor_type": pl.String,
    }
)

CLAIMS = shape(_FACT | {"stance": pl.String, "actor": pl.String, "asserted_by": pl.String, "attributed_via": pl.String})

QUOTES = shape(_FACT | {"text": pl.String, "speaker": pl.String, "speaker_role": pl.String})

MENTIONS = shape(
    {
        "article_id": pl.String,
        "raw_sha256": pl.String,
        "type": pl.String,
        "name": pl.String,
        "canonical": pl.String,
        "country": pl.String,
        "lat": pl.Float64,
        "lon": pl.Float64,
        "char_start": pl.Int32,
        "char_end": pl.Int32,
    }
)

# An event as one article tells it. `words` are the content words of the sentences that tell it: what linking compares.
# `time_key` is the wording of its time brought to a form that two articles share ("month:0", "03", "11-02").
LOCAL_EVENTS = shape(
    {
        "article_id": pl.String,
        "raw_sha256": pl.String,
        "event_no": pl.Int32,
        "is_main": pl.Boolean,
        "is_aggregate": pl.Boolean,
        "kind": pl.String,
        "place": pl.String,
        "country": pl.String,
        "lat": pl.Float64,
        "lon": pl.Float64,
        "where_precision": pl.String,
        "date_low": pl.Date,
        "date_high": pl.Date,
        "date_precision": pl.String,
        "time_key": pl.String,
        "words": pl.List(pl.String),
        "names": pl.List(pl.String),
    }
)


def stable_id(prefix: str, *parts: object) -> str:
    """An id that the same parts give on any machine, in any order and batch; NULL and '' differ."""
    text = "\x1f".join("\x00" if part is None else str(part) for part in parts)
    return f"{prefix}_{hashlib.sha256(text.encode('utf-8', 'replace')).hexdigest()[:16]}"


def empty(schema: pl.Schema) -> pl.DataFrame:
    """A frame of that shape with no rows."""
    return pl.DataFrame(schema=schema)
