"""When to ask again: a feed by how often it changes, a page by how long it has stood, a failure by its weight.

Instants and spans are seconds; instants since 1970 (UTC).
"""

from flows.collect.fetch.answer import Answer, header
from flows.collect.listing import Listing
from flows.collect.remembered import Feed, Page
from flows.settings import Collecting

FIRST_MINUTES = 15.0  # between the first two looks at a feed
SLACK = 0.9  # a pass that comes a little early finds what is nearly due


def is_full_due(full_at: float | None, now: float, collecting: Collecting) -> bool:
    """Whether to ask for the whole, whatever the site says of changes."""
    return full_at is None or now - full_at >= collecting.full_hours * 3600


def page_was_had(page: Page, answer: Answer, sha: str, article_id: str, now: float, collecting: Collecting) -> Page:
    """A page after an answer with a body: `sha` of its bytes."""
    is_same = page.raw_sha256 == sha
    changed_at = page.changed_at if is_same and page.changed_at else now
    return page._replace(
        state="held",
        article_id=article_id,
        etag=header(answer.headers, "etag"),
        last_modified=header(answer.headers, "last-modified"),
        raw_sha256=sha,
        checked_at=now,
        full_at=now,
        changed_at=changed_at,
        failed_since=None,
        failures=0,
        due_at=next_check(changed_at, now, collecting),
    )


def page_stands(page: Page, now: float, collecting: Collecting) -> Page:
    """A page of which the site says that it has not changed."""
    due_at = next_check(page.changed_at or now, now, collecting)
    return page._replace(checked_at=now, failed_since=None, failures=0, due_at=due_at)


def next_check(changed_at: float, now: float, collecting: Collecting) -> float | None:
    """When a page is asked again for a change: after half of the time that it has stood; not any more when that is
    longer than `recheck_days`."""
    stood = now - changed_at
    if stood >= collecting.recheck_days * 86400:
        return None
    least = collecting.recheck_least_minutes * 60
    return now + (max(least, stood / 2) if least else 0.0)


def page_failed(page: Page, answer: Answer, now: float, collecting: Collecting) -> Page:
    """A page after a failure, by the weight of it: gone for good, broken (asked again later and later, then given up),
    a bad day or a wait asked for (next pass, or when the site said)."""
    if answer.verdict == "gone":
        return page._replace(state="gone", checked_at=now, due_at=None)
    if answer.verdict == "deferred":
        return page._replace(due_at=max(now, answer.retry_at.timestamp() if answer.retry_at else now))
    since = page.failed_since or now
    failures = page.failures + 1
    page = page._replace(checked_at=now, failed_since=since, failures=failures)
    if now - since > collecting.recheck_days * 86400:
        return page._replace(state="given up", due_at=None)
    if answer.verdict == "bad day":
        return page._replace(due_at=now)
    least = collecting.recheck_least_minutes * 60
    return page._replace(due_at=now + least * 2.0 ** min(failures - 1, 20))


def feed_was_had(
    feed: Feed, answer: Answer, listing: Listing, sha: str, n_new: int, now: float, collecting: Collecting
) -> Feed:
    """A feed after an answer with a body, `n_new` items of which were not known before."""
    is_changed = n_new > 0 or feed.raw_sha256 is None
    minutes = _next_minutes(feed, is_changed, listing.minutes, collecting)
    return feed._replace(
        etag=header(answer.headers, "etag"),
        last_modified=header(answer.headers, "last-modified"),
        raw_sha256=sha,
        checked_at=now,
        full_at=now,
        changed_at=now if is_changed else feed.changed_at,
        minutes=minutes,
        failures=0,
        n_items=len(listing.items),
        due_at=now + minutes * 60 * SLACK,
    )


def feed_stands(feed: Feed, now: float, collecting: Collecting) -> Feed:
    """A feed of which the site says that it has not changed."""
    minutes = _next_minutes(feed, False, None, collecting)
    return feed._replace(checked_at=now, minutes=minutes, failures=0, due_at=now + minutes * 60 * SLACK)


def feed_failed(feed: Feed, answer: Answer, now: float, collecting: Collecting) -> Feed:
    """A feed after a failure. One that is gone for good is asked no more, unless it is named on the command line."""
    if answer.verdict == "gone":
        return feed._replace(checked_at=now, failures=feed.failures + 1, due_at=None)
    if answer.verdict == "deferred":
        return feed._replace(due_at=max(now, answer.retry_at.timestamp() if answer.retry_at else now))
    least, most = collecting.poll_least_minutes, collecting.poll_most_minutes
    is_bad_day = answer.verdict == "bad day"
    is_private = answer.outcome == "private address"  # nobody was asked, and the next config may allow it
    minutes = least if is_bad_day else min(most, max(least, feed.minutes or FIRST_MINUTES) * 2)
    return feed._replace(
        checked_at=now,
        minutes=feed.minutes if is_bad_day or is_private else minutes,
        failures=feed.failures + 1,
        due_at=now if is_private else now + minutes * 60 * SLACK,
    )


def _next_minutes(feed: Feed, is_changed: bool, stated: int | None, collecting: Collecting) -> float:
    """Half as long after a look that found something new, half as long again after one that did not; what the feed
    itself states as its pace is not undercut."""
    least, most = collecting.poll_least_minutes, collecting.poll_most_minutes
    minutes = FIRST_MINUTES if feed.minutes is None else feed.minutes * (0.5 if is_changed else 1.5)
    return min(most, max(least, stated or 0, minutes))
