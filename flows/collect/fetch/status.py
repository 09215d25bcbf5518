"""Statuses: what an answer's first line means, and where a redirect points."""

from flows.collect.fetch.answer import Headers, header

REDIRECTS = (300, 301, 302, 303, 307, 308)
WITH_BODY = (200, 203)
OUTCOME_OF = {
    204: "empty",
    205: "empty",
    401: "forbidden",
    403: "forbidden",
    404: "not found",
    407: "forbidden",
    410: "gone",
    429: "asked to wait",
    451: "forbidden",
    503: "asked to wait",
}


def location_of(status: int, headers: Headers) -> str | None:
    """Where a redirect points, as worded: bytes beyond ASCII are UTF-8 where they can be, as browsers read them. None:
    no redirect, or one without a target."""
    told = header(headers, "location") if status in REDIRECTS else None
    if not told:
        return None
    try:
        return told.encode("latin-1").decode("utf-8")
    except UnicodeDecodeError:
        return told


def outcome_of(status: int, headers: Headers, is_conditional: bool) -> tuple[str | None, str | None]:
    """The outcome that headers alone tell, and its detail; None: the body or the redirect's target tells."""
    if status in WITH_BODY or location_of(status, headers):
        return None, None
    if status in OUTCOME_OF:
        return OUTCOME_OF[status], f"status {status}"
    if status in REDIRECTS:
        return "redirect without target", f"status {status} without a Location"
    if status == 304 and is_conditional:
        return "not modified", None
    if status == 304:
        return "HTTP error", "status 304, though nothing was known before that could be the same"
    if 500 <= status < 600:
        return "server error", f"status {status}"
    return "HTTP error", f"status {status}"
