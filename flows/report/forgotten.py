"""What was forgotten, in numbers, and what could not be reached."""

from rich.console import Console
from rich.markup import escape

from flows.forget import Erased, Forgotten
from flows.report.words import plural

ELSEWHERE = (
    "not reached: exports, backups and copies of news.duckdb made elsewhere, readers that have it open, pages of other "
    "articles that name it, and Prefect's own records of the SOURCEs that a run was given (the folder prefect/ may be "
    "removed while nothing is at work)"
)


def print_forgotten(console: Console, done: Forgotten) -> None:
    """Which articles were forgotten, what of them was erased, and what is left for the user to do."""
    for one in done.tombstones:
        told = "forgotten" if done.is_new else f"forgotten already, {one.at:%Y-%m-%d %H:%M} UTC: {one.why}"
        console.print(f"[bold]{one.article_id}[/]: {escape(told)}", highlight=False, soft_wrap=True)
    lines = _told(done.erased) if done.erased else []
    if done.copies:
        lines.append(f"of the same text or nearly so, not erased: {', '.join(done.copies)}; forget them by their ids")
    if done.shared:
        lines.append(f"other articles have this address too, so it is still collected: {', '.join(done.shared)}")
    lines += [f"{file}: your own file is left as it is; it is not read in any more" for file in done.own_files]
    for line in lines + ([ELSEWHERE] if done.erased else []):
        console.print(f"  {escape(line)}", highlight=False, soft_wrap=True)


def _told(erased: Erased) -> list[str]:
    raw = erased.raw
    n_rows = sum(erased.n_rows.values())
    if not n_rows and not raw.n_documents and not raw.n_listings:
        lines = ["nothing of it was here; it is not collected from now on"]
    else:
        listings = f"{plural(raw.n_listings, 'listing')} (feeds and sitemaps that name it)"
        rows = f"{plural(n_rows, 'row')} of {plural(len(erased.n_rows), 'table')}"
        lines = [
            f"erased: {plural(raw.n_documents, 'document')} and {listings} of the archive, {rows}",
            "stories, events and tolls are made anew and published",
        ]
    if erased.n_editions:
        lines.append(f"{plural(erased.n_editions, 'edition')} kept of earlier publications removed")
    if raw.damaged:
        names = ", ".join(file.name for file in raw.damaged)
        lines.append(f"removed from raw/damaged, for they held it or cannot be read: {names}")
    return lines
