"""What becomes of a page's answer: a document for the archive or none, the page as it is remembered, its outcome."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from urllib.parse import urlsplit

from flows.collect import schedule
from flows.collect.documents import Document
from flows.collect.fetch.answer import Answer, header
from flows.collect.remembered import Outcome, Page
from flows.collect.urls import canonical_url, stated_canonical
from flows.schema import stable_id
from flows.settings import Collecting
from flows.sources import Source

Lookup = Callable[[str], Page | None]  # what is known of a page, by its key


def settle_page(
    source: Source, page: Page, answer: Answer, run_id: str, now: float, collecting: Collecting, known: Lookup
) -> tuple[Document | None, tuple[Page, ...], Outcome]:
    """The document to archive (NULL where nothing of it is new), the rows to remember, and the outcome: new | changed |
    same (the bytes that are known) | not modified (the site says so) | moved (to a page that is known), else what
    failed, as the answer says it."""
    outcome = outcome_of(source, page.url, answer, run_id)
    there = canonical_url(answer.final_url)
    if answer.outcome == "not modified" and there != page.key:
        # The same bytes at another address: whatever is there is an article of its own, and the next to be asked for.
        page_there = known(there) or Page(there, answer.final_url, source.name, due_at=now)
        return None, (page_there, _left(page, page_there.article_id, now)), outcome._replace(outcome="moved")
    if answer.outcome == "not modified":
        return None, (schedule.page_stands(page, now, collecting),), outcome
    if answer.outcome != "fetched":
        return None, (schedule.page_failed(page, answer, now, collecting),), outcome
    if _leads_home(page.url, answer.final_url):
        told = f"{answer.final_url} is no article's address"
        answer = replace(answer, outcome="moved to the front page", verdict="broken", detail=told)
        outcome = outcome_of(source, page.url, answer, run_id)
        return None, (schedule.page_failed(page, answer, now, collecting),), outcome
    digest = sha256(answer.body).hexdigest()
    key = canonical_url(stated_canonical(answer.final_url, answer.body) or answer.final_url)
    article_id = stable_id("art", key)
    had = known(key)
    left: tuple[Page, ...] = ()
    if key != page.key:
        before = had or page._replace(key=key, url=answer.final_url, raw_sha256=None)
        left = (_left(page, article_id, now),)
    else:
        before = page._replace(raw_sha256=had.raw_sha256, changed_at=had.changed_at) if had else page
    rows = (schedule.page_was_had(before, answer, digest, article_id, now, collecting), *left)
    if before.raw_sha256 == digest:
        return None, rows, outcome._replace(outcome="moved" if left else "same", n_documents=1)
    word = "new" if before.raw_sha256 is None else "changed"
    return _document(source, page, answer, article_id), rows, outcome._replace(outcome=word, n_documents=1)


def _left(page: Page, article_id: str | None, now: float) -> Page:
    """A page whose address leads to another page's."""
    return page._replace(state="moved", article_id=article_id, checked_at=now, failures=0, due_at=None)


def outcome_of(source: Source, url: str, answer: Answer, run_id: str) -> Outcome:
    """An answer as a row of FETCHES."""
    return Outcome(
        run_id,
        source.name,
        url,
        answer.outcome,
        answer.verdict,
        answer.fetched_at.timestamp(),
        status=answer.status,
        detail=answer.detail,
        final_url=answer.final_url,
        n_bytes=len(answer.body),
        seconds=(answer.fetched_at - answer.asked_at).total_seconds(),
    )


def listing_document(source: Source, answer: Answer, kind: str) -> Document:
    """A feed or a sitemap for the archive: evidence of what it listed, no article."""
    return _fetched(source, answer, kind, answer.url, None)


def _document(source: Source, page: Page, answer: Answer, article_id: str) -> Document:
    is_text = (header(answer.headers, "content-type") or "").lower().startswith("text/plain")
    at = page.listed_published_at
    document = _fetched(source, answer, "text" if is_text else "html", page.url, article_id)
    return replace(
        document,
        listed_by=page.listed_by,
        listed_title=page.listed_title,
        listed_published=page.listed_published,
        listed_published_at=None if at is None else datetime.fromtimestamp(at, UTC),
        listed_publisher=page.listed_publisher,
    )


def _fetched(source: Source, answer: Answer, kind: str, url: str, article_id: str | None) -> Document:
    return Document(
        source.name,
        url,
        answer.body,
        kind,
        article_id,
        url,
        source.publisher,
        answer.fetched_at,
        answer.final_url,
        answer.status,
        answer.headers,
        answer.asked_at,
    )


def _leads_home(asked: str, answered: str) -> bool:
    """Whether an article's address led to a site's front page: what sites do with articles that they took down."""
    there, here = urlsplit(answered), urlsplit(asked)
    return there.path in ("", "/") and not there.query and here.path not in ("", "/")
